/* SPDX-License-Identifier: BSD-3-Clause */
/* game.c -- games are copied in, shared between handles, destroyed once; bad specs are refused in words. */
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <pthread.h>
#include <stdint.h>

static void count_destroy(void *data) { ++*(size_t *)data; }

/* The rotation with data whose destruction is counted. */
static test_game counted_game(size_t *destroyed) {
  test_game kind = rotation_game();
  kind.ops.destroy = count_destroy;
  kind.data = destroyed;
  return kind;
}

START_TEST(copies_what_it_is_made_from) {
  char name[] = "my game";
  test_game kind = general_game();
  kind.ops.name = name;
  gd_game *game = create_test_game(&kind, NULL);
  memset(name, 'x', 3);
  memset(&kind, 0, sizeof kind);
  ck_assert_str_eq(gd_game_name(game), "my game");
  ck_assert_uint_eq(gd_game_size(game), 4);
  ck_assert_uint_eq(gd_game_players(game), 3);
  ck_assert_uint_eq(gd_game_block_start(game, 0), 0);
  ck_assert_uint_eq(gd_game_block_start(game, 1), 1);
  ck_assert_uint_eq(gd_game_block_start(game, 2), 3);
  ck_assert_uint_eq(gd_game_block_start(game, 3), 4);
  ck_assert_uint_eq(gd_game_block_size(game, 1), 2);
  ck_assert_uint_eq(gd_game_block_size(game, 3), 0);
  ck_assert_uint_eq(gd_game_traits(game), GD_THREAD_SAFE);
  ck_assert_ptr_nonnull(gd_game_env(game)->allocator);
  double v[4];
  assert_ok(gd_game_gradient(game, (const double[]){1, 2, 3, 4}, v));
  assert_close(v[0], -1 + 2 * 4, 0, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(is_called_game_unless_named) {
  test_game kind = rotation_game();
  kind.ops.name = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  ck_assert_str_eq(gd_game_name(game), "game");
  gd_game_destroy(game);
}
END_TEST

START_TEST(answers_null_with_nothing) {
  ck_assert_str_eq(gd_game_name(NULL), "");
  ck_assert_uint_eq(gd_game_size(NULL) + gd_game_players(NULL) + gd_game_block_start(NULL, 0), 0);
  ck_assert_uint_eq(gd_game_block_size(NULL, 0) + gd_game_traits(NULL), 0);
  ck_assert_ptr_null(gd_game_env(NULL));
  ck_assert(!gd_game_projects(NULL) && !gd_game_get_draw(NULL, NULL));
  ck_assert_int_eq(gd_game_source(NULL, GD_JVP), GD_SOURCE_NONE);
  gd_game_destroy(NULL);
  gd_game_next_draw(NULL);
  gd_game_set_draw(NULL, NULL);
  gd_game_reset_counts(NULL);
  gd_counts counts = {.jvps = 7};
  gd_game_counts(NULL, &counts);
  ck_assert_uint_eq(counts.jvps, 7);
}
END_TEST

START_TEST(destroys_data_with_the_last_handle_in_any_order) {
  size_t destroyed = 0;
  const test_game kind = counted_game(&destroyed);
  gd_game *first = create_test_game(&kind, NULL), *second, *third;
  assert_ok(gd_game_dup(&second, first));
  assert_ok(gd_game_dup(&third, second));
  gd_game_destroy(first);
  gd_game_destroy(third);
  ck_assert_uint_eq(destroyed, 0);
  double v[2];
  assert_ok(gd_game_gradient(second, (const double[]){1, 2}, v));
  gd_game_destroy(second);
  ck_assert_uint_eq(destroyed, 1);
}
END_TEST

START_TEST(leaves_borrowed_data_alone) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  gd_game_destroy(create_test_game(&kind, NULL));
  ck_assert_uint_eq(calls.calls, 0);
}
END_TEST

/* ---- refusals ---- */

static gd_game *const untouched = (gd_game *)1;

/* The spec is refused with these words, the game untouched, and the data destroyed. */
static void expect_refusal(const gd_game_spec *spec, const size_t *destroyed, gd_status status, const char *words) {
  gd_game *game = untouched;
  const size_t before = *destroyed;
  assert_fails(gd_game_create(&game, spec), status, words);
  ck_assert_ptr_eq(game, untouched);
  ck_assert_uint_eq(*destroyed, before + 1);
}

START_TEST(refuses_bad_specs_in_words_and_destroys_the_data) {
  size_t destroyed = 0;
  const test_game kind = counted_game(&destroyed);
  const gd_game_spec good = test_game_spec(&kind, NULL);
  gd_game_spec spec = good;
  spec.n_players = 0;
  expect_refusal(&spec, &destroyed, GD_ERR_ARGUMENT, "n_players is 0, expected 1 or more");
  spec = good;
  spec.block_sizes = NULL;
  expect_refusal(&spec, &destroyed, GD_ERR_ARGUMENT, "block_sizes is NULL, expected 2 sizes");
  spec.block_sizes = (const size_t[]){1, 0};
  expect_refusal(&spec, &destroyed, GD_ERR_ARGUMENT, "block_sizes[1] is 0, expected 1 or more");
  spec.block_sizes = (const size_t[]){1, SIZE_MAX};
  expect_refusal(&spec, &destroyed, GD_ERR_ARGUMENT, "block_sizes[1] is 18446744073709551615, so there are more than");
  spec = good;
  spec.traits = 1u << 20;
  expect_refusal(&spec, &destroyed, GD_ERR_UNSUPPORTED, "does not know the bits 0x100000");
  spec = good;
  spec.struct_size -= 8;
  expect_refusal(&spec, &destroyed, GD_ERR_STRUCT, "gd_game_spec: struct_size is");
  test_game lame = kind;
  lame.ops.gradient = NULL;
  spec = test_game_spec(&lame, NULL);
  expect_refusal(&spec, &destroyed, GD_ERR_ARGUMENT, "ops->gradient is NULL");
  lame = kind;
  lame.ops.struct_size = offsetof(gd_game_ops, gradient_vjp); /* shorter than in the first version */
  expect_refusal(&spec, &destroyed, GD_ERR_STRUCT, "gd_game_ops: struct_size is");
  const gd_allocator no_release = {.struct_size = sizeof no_release};
  const gd_env env = {.struct_size = sizeof env, .allocator = &no_release};
  spec = test_game_spec(&kind, &env);
  expect_refusal(&spec, &destroyed, GD_ERR_ARGUMENT, "allocate and release must both be set");
  ck_assert_uint_eq(destroyed, 9);
  assert_fails(gd_game_create(NULL, &good), GD_ERR_ARGUMENT, "game is NULL");
  ck_assert_uint_eq(destroyed, 10);
}
END_TEST

START_TEST(cannot_destroy_what_it_cannot_read) {
  size_t destroyed = 0;
  const test_game kind = counted_game(&destroyed);
  gd_game *game = untouched;
  gd_game_spec spec = test_game_spec(&kind, NULL);
  assert_fails(gd_game_create(&game, NULL), GD_ERR_ARGUMENT, "gd_game_spec is NULL");
  spec.struct_size = 0;
  assert_fails(gd_game_create(&game, &spec), GD_ERR_STRUCT, "struct_size is 0");
  spec = test_game_spec(&kind, NULL);
  spec.ops = NULL;
  assert_fails(gd_game_create(&game, &spec), GD_ERR_ARGUMENT, "gd_game_ops is NULL");
  test_game lame = kind;
  lame.ops.struct_size = 0;
  spec = test_game_spec(&lame, NULL);
  assert_fails(gd_game_create(&game, &spec), GD_ERR_STRUCT, "gd_game_ops: struct_size is 0");
  ck_assert_uint_eq(destroyed, 0);
}
END_TEST

/* A later version's spec: fine while what it adds is zero. */
START_TEST(takes_longer_specs_whose_tail_is_zero) {
  size_t destroyed = 0;
  const test_game kind = counted_game(&destroyed);
  struct {
    gd_game_spec spec;
    uint64_t news;
  } later = {.spec = test_game_spec(&kind, NULL)};
  later.spec.struct_size = sizeof later;
  gd_game *game;
  assert_ok(gd_game_create(&game, &later.spec));
  gd_game_destroy(game);
  later.news = 1;
  expect_refusal(&later.spec, &destroyed, GD_ERR_UNSUPPORTED, "gd_game_spec has members set");
}
END_TEST

START_TEST(lets_partitioned_games_have_empty_blocks) {
  test_game kind = rotation_game();
  kind.block_sizes[1] = 0;
  kind.block_sizes[0] = 0;
  kind.traits |= GD_PARTITIONED;
  gd_game *game = create_test_game(&kind, NULL);
  ck_assert_uint_eq(gd_game_size(game), 0);
  gd_game_destroy(game);
}
END_TEST

/* ---- handles ---- */

START_TEST(duplicates_configuration_and_draw_but_not_counts) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL), *copy;
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.seed = 5;
  options.batch_size = 2;
  options.forbid_differencing = true;
  assert_ok(gd_game_configure(game, &options));
  gd_game_next_draw(game);
  double v[2], same[2];
  const double x[2] = {1, 2};
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_dup(&copy, game));
  gd_game_next_draw(game); /* the copy has its own */
  assert_ok(gd_game_gradient(copy, x, same));
  ck_assert_mem_eq(v, same, sizeof v);
  gd_counts counts;
  gd_game_counts(copy, &counts);
  ck_assert_uint_eq(counts.gradients, 1);
  gd_game_destroy(game);
  gd_game_destroy(copy);
  assert_fails(gd_game_dup(&copy, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_game_dup(NULL, copy), GD_ERR_ARGUMENT, "copy is NULL");
}
END_TEST

typedef struct worker {
  gd_game *game;
  double sum; /* over all its evaluations */
  gd_status status;
} worker;

static void *work(void *argument) {
  worker *own = argument;
  for (int k = 0; k < 2000 && own->status == GD_OK; k++) {
    const double x[5] = {0.001 * k, 1, -1, 0.5, 2};
    double v[5], Jtv[5];
    own->status = gd_game_gradient(own->game, x, v);
    if (own->status == GD_OK) own->status = gd_game_vjp(own->game, x, v, Jtv);
    for (int i = 0; i < 5; i++) own->sum += Jtv[i];
  }
  gd_game_destroy(own->game); /* the last one out takes the data along, on whatever thread */
  return NULL;
}

START_TEST(serves_two_threads_through_two_handles) {
  test_game kind = curved_game();
  size_t destroyed = 0;
  kind.ops.vjp = NULL; /* so that each handle needs scratch of its own */
  kind.ops.destroy = count_destroy;
  kind.data = &destroyed;
  worker workers[2] = {{.game = create_test_game(&kind, NULL)}, {0}};
  assert_ok(gd_game_dup(&workers[1].game, workers[0].game));
  pthread_t threads[2];
  for (int k = 0; k < 2; k++) ck_assert_int_eq(pthread_create(&threads[k], NULL, work, &workers[k]), 0);
  for (int k = 0; k < 2; k++) pthread_join(threads[k], NULL);
  ck_assert_int_eq(workers[0].status + workers[1].status, GD_OK);
  ck_assert(workers[0].sum == workers[1].sum && workers[0].sum != 0);
  ck_assert_uint_eq(destroyed, 1);
}
END_TEST

/* ---- memory ---- */

static gd_status use_everything(const gd_env *env, void *argument) {
  const test_game *kind = argument;
  const gd_game_spec spec = test_game_spec(kind, env);
  gd_game *game = NULL, *copy = NULL;
  const double x[5] = {1, 2, 3, 4, 5};
  double v[50];
  GD_TRY(gd_game_create(&game, &spec));
  gd_status status = gd_game_dup(&copy, game);
  if (status == GD_OK) status = gd_game_prepare(copy, 0x7f);
  for (int k = 0; k < 2 && status == GD_OK; k++) { /* prepared in the copy, when first used in the game */
    gd_game *handle = k ? copy : game;
    status = gd_game_player_gradient(handle, 0, x, v);
    if (status == GD_OK) status = gd_game_vjp(handle, x, x, v);
    if (status == GD_OK) status = gd_game_utility_gradient(handle, 0, x, v);
    if (status == GD_OK) status = gd_game_block_jvp(handle, 0, 1, x, x, v);
    if (status == GD_OK) status = gd_game_gradient_many(handle, 1, x, v);
  }
  gd_game_destroy(game);
  gd_game_destroy(copy);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  test_game general = general_game(), curved = curved_game();
  ck_assert_uint_ge(refuse_each_allocation(use_everything, &general), 6);
  general.ops.player_gradient = NULL;
  general.ops.utility_gradient = NULL;
  general.ops.jvp = NULL;
  general.ops.vjp = NULL;
  general.ops.jacobian = NULL;
  ck_assert_uint_ge(refuse_each_allocation(use_everything, &general), 10);
  curved.ops.gradient_many = NULL;
  curved.ops.vjp = NULL;
  ck_assert_uint_ge(refuse_each_allocation(use_everything, &curved), 6);
}
END_TEST

START_TEST(destroys_data_when_memory_runs_out) {
  size_t destroyed = 0;
  const test_game kind = counted_game(&destroyed);
  for (size_t k = 1; k <= 4; k++) { /* shared part, name, blocks, handle */
    failing_memory memory;
    failing_memory_init(&memory, k);
    const gd_game_spec spec = test_game_spec(&kind, &memory.env);
    expect_refusal(&spec, &destroyed, GD_ERR_MEMORY, "memory");
  }
}
END_TEST

TEST_SUITE("game", copies_what_it_is_made_from, is_called_game_unless_named, answers_null_with_nothing,
           destroys_data_with_the_last_handle_in_any_order, leaves_borrowed_data_alone,
           refuses_bad_specs_in_words_and_destroys_the_data, cannot_destroy_what_it_cannot_read,
           takes_longer_specs_whose_tail_is_zero, lets_partitioned_games_have_empty_blocks,
           duplicates_configuration_and_draw_but_not_counts, serves_two_threads_through_two_handles,
           survives_every_refused_allocation, destroys_data_when_memory_runs_out)
