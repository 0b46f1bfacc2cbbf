/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- environments are copied and checked, memory is zeroed, aligned and counted, messages reach who asked. */
#include "base/memory.h"

#include "support/suite.h"

#include <gamedyn/gamedyn.h>
#include <stdint.h>
#include <stdio.h>

/* An allocator that counts what is out. */
typedef struct account {
  size_t blocks, bytes;
} account;

static void *count_allocate(void *context, size_t bytes) {
  account *a = context;
  a->blocks++;
  a->bytes += bytes;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void count_release(void *context, void *memory, size_t bytes) {
  account *a = context;
  a->blocks--;
  a->bytes -= bytes;
  free(memory);
}

START_TEST(memory_is_zeroed_aligned_and_given_back_in_full) {
  account a = {0, 0};
  const gd_allocator allocator = {sizeof allocator, &a, count_allocate, count_release};
  const gd_env env = {.struct_size = sizeof env, .allocator = &allocator};
  gdi_env own;
  assert_ok(gdi_env_copy(&own, &env));
  unsigned char *bytes = gdi_allocate(&own, 100, 3);
  ck_assert_ptr_nonnull(bytes);
  ck_assert_uint_eq((uintptr_t)bytes % 64, 0);
  for (size_t k = 0; k < 300; k++) ck_assert_uint_eq(bytes[k], 0);
  ck_assert_uint_eq(a.blocks, 1);
  ck_assert_uint_ge(a.bytes, 300);
  gdi_release(&own, bytes);
  gdi_release(&own, NULL);
  ck_assert_uint_eq(a.blocks, 0);
  ck_assert_uint_eq(a.bytes, 0);
}
END_TEST

START_TEST(a_product_that_overflows_is_out_of_memory) {
  gdi_env own;
  assert_ok(gdi_env_copy(&own, NULL));
  ck_assert_ptr_null(gdi_allocate(&own, SIZE_MAX / 4, 8));
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "out of memory"));
  ck_assert_ptr_null(gdi_allocate(&own, SIZE_MAX / 2 + 1, 1));
  void *nothing = gdi_allocate(&own, 0, 8);
  ck_assert_ptr_nonnull(nothing);
  gdi_release(&own, nothing);
}
END_TEST

static void ignore_message(void *context, gd_log_level level, const char *text) {
  (void)context, (void)level, (void)text;
}

static int no_reduction(void *context, gd_reduction op, double *values, size_t count) {
  (void)context, (void)op, (void)values, (void)count;
  return 0;
}

static int in_turn(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  (void)context;
  int first = 0;
  for (size_t k = 0; k < count; k++) {
    const int code = task(argument, k);
    if (!first) first = code;
  }
  return first;
}

START_TEST(an_environment_is_copied_whole) {
  gd_logger logger = {sizeof logger, NULL, GD_LOG_INFO, ignore_message};
  gd_comm comm = {sizeof comm, NULL, 1, 4, no_reduction};
  gd_executor executor = {sizeof executor, NULL, in_turn};
  const gd_env env = {.struct_size = sizeof env, .logger = &logger, .comm = &comm, .executor = &executor};
  gdi_env own;
  assert_ok(gdi_env_copy(&own, &env));
  memset(&logger, 0, sizeof logger); /* the caller's tables may go */
  memset(&comm, 0, sizeof comm);
  memset(&executor, 0, sizeof executor);
  ck_assert_int_eq(own.env.logger->level, GD_LOG_INFO);
  ck_assert_int_eq(own.env.comm->rank, 1);
  ck_assert_int_eq(own.env.comm->size, 4);
  ck_assert(own.env.executor->run_all == in_turn);
  ck_assert(own.env.allocator->allocate != NULL);
}
END_TEST

START_TEST(tables_with_holes_are_refused) {
  gdi_env own;
  gd_env env = {.struct_size = sizeof env};
  const gd_allocator half = {.struct_size = sizeof half, .allocate = count_allocate};
  env.allocator = &half;
  assert_fails(gdi_env_copy(&own, &env), GD_ERR_ARGUMENT, "gd_allocator");
  env.allocator = NULL;
  const gd_logger dumb = {sizeof dumb, NULL, GD_LOG_INFO, NULL};
  env.logger = &dumb;
  assert_fails(gdi_env_copy(&own, &env), GD_ERR_ARGUMENT, "gd_logger");
  env.logger = NULL;
  const gd_comm astray = {sizeof astray, NULL, 4, 4, no_reduction};
  env.comm = &astray;
  assert_fails(gdi_env_copy(&own, &env), GD_ERR_ARGUMENT, "rank");
  env.comm = NULL;
  const gd_executor idle = {sizeof idle, NULL, NULL};
  env.executor = &idle;
  assert_fails(gdi_env_copy(&own, &env), GD_ERR_ARGUMENT, "run_all");
  const gd_executor unsized = {0, NULL, in_turn};
  env.executor = &unsized;
  assert_fails(gdi_env_copy(&own, &env), GD_ERR_STRUCT, "struct_size is 0");
  env = (gd_env){0};
  assert_fails(gdi_env_copy(&own, &env), GD_ERR_STRUCT, "gd_env");
}
END_TEST

/* What a listener heard last. */
typedef struct heard {
  int warnings, infos;
  char last[256];
} heard;

static void hear(void *context, gd_log_level level, const char *text) {
  heard *h = context;
  if (level == GD_LOG_WARNING)
    h->warnings++;
  else
    h->infos++;
  snprintf(h->last, sizeof h->last, "%s", text);
}

/* A rotation, on which simultaneous steps leave; no jvp, so that consensus needs differences. */
static int rotate(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[1];
  v[1] = x[0];
  return 0;
}

static void run_method(gd_log_level level, const char *method, heard *h) {
  const gd_logger logger = {sizeof logger, h, level, hear};
  const gd_env env = {.struct_size = sizeof env, .logger = &logger};
  const gd_game_ops ops = {.struct_size = sizeof ops, .name = "rotation", .gradient = rotate};
  const gd_game_spec spec = {sizeof spec, &ops, NULL, 2, (const size_t[]){1, 1}, GD_ZERO_SUM, &env};
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  double x[] = {1, 0};
  assert_ok(gd_game_create(&game, &spec));
  assert_ok(gd_stepper_create_named(&stepper, game, method));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.5));
  assert_ok(gd_run(stepper, x, NULL, NULL));
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}

START_TEST(a_run_that_diverges_is_a_warning_and_one_that_arrives_is_news) {
  heard h = {0};
  run_method(GD_LOG_WARNING, GD_SIMULTANEOUS, &h);
  ck_assert_int_eq(h.warnings, 1);
  ck_assert_int_eq(h.infos, 0);
  ck_assert_ptr_nonnull(strstr(h.last, "simultaneous on \"rotation\" stopped after"));
  h = (heard){0};
  run_method(GD_LOG_WARNING, GD_CONSENSUS, &h);
  ck_assert_int_eq(h.warnings + h.infos, 0);
  run_method(GD_LOG_INFO, GD_CONSENSUS, &h);
  ck_assert_int_eq(h.warnings, 0);
  ck_assert_int_eq(h.infos, 2); /* the jvp behind the vjp is differenced; the run arrived */
  ck_assert_ptr_nonnull(strstr(h.last, gd_stop_text(GD_STOP_GRADIENT)));
}
END_TEST

TEST_SUITE("memory", memory_is_zeroed_aligned_and_given_back_in_full, a_product_that_overflows_is_out_of_memory,
           an_environment_is_copied_whole, tables_with_holes_are_refused,
           a_run_that_diverges_is_a_warning_and_one_that_arrives_is_news)
