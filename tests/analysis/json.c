/* SPDX-License-Identifier: BSD-3-Clause */
/* json.c -- the JSON of an analysis: balanced, complete, with null for what is not a number. */
#include <gamedyn/analysis.h>
#include <gamedyn/models.h>

#include "support/suite.h"

typedef struct text {
  char bytes[1 << 16];
  size_t length, room;
} text;

static int write_text(void *context, const void *bytes, size_t count) {
  text *t = context;
  if (t->length + count >= t->room) return 1;
  memcpy(t->bytes + t->length, bytes, count);
  t->length += count;
  return 0;
}

static gd_analysis *analyse(gd_game **game, gd_linearisation **at) {
  const double C[] = {1}, origin[] = {0, 0};
  gd_analysis *analysis = NULL;
  gd_analysis_options options;
  gd_analysis_options_init(&options);
  options.origin = "a \"point\"\n";
  assert_ok(gd_model_bilinear(game, 1, 1, C, 1, NULL));
  assert_ok(gd_linearise(at, *game, origin, NULL));
  assert_ok(gd_analysis_create(&analysis, *at, &options));
  return analysis;
}

static void close_all(gd_analysis *analysis, gd_linearisation *at, gd_game *game) {
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}

/* Outside strings brackets open and close in turn, and nothing is left open. */
static void is_balanced(const char *json) {
  char stack[32];
  int depth = 0;
  bool quoted = false;
  for (; *json; json++) {
    if (*json == '"' && json[-1] != '\\') quoted = !quoted;
    if (quoted) continue;
    if (*json == '{' || *json == '[') stack[depth++] = *json;
    if (*json == '}' || *json == ']') ck_assert(depth > 0 && stack[--depth] == (*json == '}' ? '{' : '['));
    ck_assert_int_lt(depth, 32);
  }
  ck_assert(depth == 0 && !quoted);
}

START_TEST(is_one_balanced_object_with_null_for_no_number) {
  static text t;
  gd_game *game = NULL;
  gd_linearisation *at = NULL;
  gd_analysis *analysis = analyse(&game, &at);
  t = (text){.room = sizeof t.bytes};
  assert_ok(gd_analysis_write_json(analysis, write_text, &t));
  t.bytes[t.length] = 0;
  is_balanced(t.bytes);
  ck_assert_ptr_nonnull(strstr(t.bytes, "\"point\": \"a \\\"point\\\"\\u000a\""));
  ck_assert_ptr_nonnull(strstr(t.bytes, "\"name\": \"simultaneous\""));
  ck_assert_ptr_nonnull(strstr(t.bytes, "\"converges\": false"));
  ck_assert_ptr_nonnull(strstr(t.bytes, "\"steps_measured\": null"));
  ck_assert_ptr_null(strstr(t.bytes, "nan"));
  ck_assert_ptr_null(strstr(t.bytes, "inf"));
  close_all(analysis, at, game);
}
END_TEST

/* Whatever piece of it cannot be written. */
START_TEST(says_when_it_could_not_be_written) {
  static text t;
  gd_game *game = NULL;
  gd_linearisation *at = NULL;
  gd_analysis *analysis = analyse(&game, &at);
  t = (text){.room = sizeof t.bytes};
  assert_ok(gd_analysis_write_json(analysis, write_text, &t));
  const size_t whole = t.length;
  for (size_t room = 0; room <= whole; room += 1 + room / 7) {
    t = (text){.room = room};
    assert_fails(gd_analysis_write_json(analysis, write_text, &t), GD_ERR_IO, "write failed");
  }
  assert_fails(gd_analysis_write_json(analysis, NULL, NULL), GD_ERR_ARGUMENT, "write is NULL");
  assert_fails(gd_analysis_write_json(NULL, write_text, &t), GD_ERR_ARGUMENT, "analysis is NULL");
  close_all(analysis, at, game);
}
END_TEST

TEST_SUITE("json", is_one_balanced_object_with_null_for_no_number, says_when_it_could_not_be_written)
