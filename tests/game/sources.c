/* SPDX-License-Identifier: BSD-3-Clause */
/* sources.c -- a game says truly where each quantity comes from, prepares what it needs and
 * nothing twice, and refuses in words what cannot be had. */
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

/* Sources in the order of gd_quantity: gradient, player_gradient, utilities, utility_gradient, jvp, vjp, jacobian */
enum { NO = GD_SOURCE_NONE, NA = GD_SOURCE_NATIVE, DE = GD_SOURCE_DERIVED, DI = GD_SOURCE_DIFFERENCED };

static void expect_sources(const test_game *kind, const gd_eval_options *options, const int expected[7]) {
  gd_game *game = create_test_game(kind, NULL);
  if (options) assert_ok(gd_game_configure(game, options));
  for (int k = 0; k < 7; k++) {
    ck_assert_msg((int)gd_game_source(game, (gd_quantity)k) == expected[k], "quantity %d comes from %d, expected %d", k,
                  (int)gd_game_source(game, (gd_quantity)k), expected[k]);
    /* what has a source can be prepared, and only that */
    ck_assert_int_eq(gd_game_prepare(game, 1u << k), expected[k] == NO ? GD_ERR_UNSUPPORTED : GD_OK);
  }
  ck_assert_int_eq(gd_game_source(game, (gd_quantity)7), GD_SOURCE_NONE);
  gd_game_destroy(game);
}

static gd_eval_options forbidding(void) {
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.forbid_differencing = true;
  return options;
}

START_TEST(reports_native_callbacks) {
  const test_game kind = curved_game();
  expect_sources(&kind, NULL, (const int[]){NA, NA, NA, NA, NA, NA, NA});
  const gd_eval_options options = forbidding();
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, NA, NA, NA, NA});
}
END_TEST

START_TEST(needs_only_a_jvp_of_a_zero_sum_game) {
  test_game kind = rotation_game();
  const gd_eval_options options = forbidding();
  expect_sources(&kind, &options, (const int[]){NA, DE, NA, DE, NA, DE, DE});
  kind.ops.jvp = NULL;
  kind.ops.utilities = NULL;
  expect_sources(&kind, NULL, (const int[]){NA, DE, NO, DE, DI, DI, DI});
  expect_sources(&kind, &options, (const int[]){NA, DE, NO, DE, NO, NO, NO});
}
END_TEST

/* ---- the callback `prepare` ---- */

static uint32_t noted;

static int note_needs(void *data, uint32_t needs) {
  (void)data;
  noted |= needs;
  return 0;
}

static int refuse_needs(void *data, uint32_t needs) {
  (void)data;
  return needs == 1u << GD_JVP ? -5 : 0;
}

/* A potential game without vjp: J'w is J w, so J u is what the game gets ready for. */
START_TEST(a_game_gets_ready_for_its_own_callbacks) {
  test_game kind = noisy_game();
  kind.ops.prepare = note_needs;
  gd_game *game = create_test_game(&kind, NULL);
  noted = 0;
  assert_ok(gd_game_prepare(game, 1u << GD_GRADIENT | 1u << GD_VJP));
  ck_assert_uint_eq(noted, 1u << GD_GRADIENT | 1u << GD_JVP);
  gd_game_destroy(game);
  kind.ops.prepare = refuse_needs;
  game = create_test_game(&kind, NULL);
  assert_ok(gd_game_prepare(game, 1u << GD_GRADIENT));
  assert_fails(gd_game_prepare(game, 1u << GD_VJP), GD_ERR_CALLBACK, "prepare for jvp returned -5");
  gd_game_destroy(game);
}
END_TEST

START_TEST(takes_the_jvp_for_the_vjp_of_a_potential_game) {
  const test_game kind = noisy_game();
  const gd_eval_options options = forbidding();
  expect_sources(&kind, &options, (const int[]){NA, DE, NO, NO, NA, DE, DE});
}
END_TEST

START_TEST(takes_everything_from_a_jacobian) {
  test_game kind = general_game();
  kind.ops.jvp = NULL;
  kind.ops.vjp = NULL;
  const gd_eval_options options = forbidding();
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, NA, DE, DE, NA});
}
END_TEST

START_TEST(takes_everything_from_jvp_many) {
  test_game kind = curved_game();
  kind.ops.jvp = NULL;
  kind.ops.vjp = NULL;
  kind.ops.jacobian = NULL;
  const gd_eval_options options = forbidding();
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, NA, DE, DE, DE});
}
END_TEST

START_TEST(assembles_for_a_general_sum_vjp_up_to_the_limit) {
  test_game kind = general_game();
  kind.ops.vjp = NULL;
  kind.ops.jacobian = NULL;
  kind.ops.utility_gradient = NULL;
  expect_sources(&kind, NULL, (const int[]){NA, NA, NA, DI, NA, DE, DE});
  gd_eval_options options = forbidding();
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, NO, NA, DE, DE});
  options.dense_limit = 3; /* n = 4 */
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, NO, NA, NO, NO});
  kind.ops.jvp = NULL;
  options.forbid_differencing = false;
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, DI, DI, NO, NO});
  options.dense_limit = 4;
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, DI, DI, DI, DI});
  kind.ops.jacobian = general_game().ops.jacobian;
  options.dense_limit = 3; /* the game's own matrix is its own affair, but none is held for products */
  expect_sources(&kind, &options, (const int[]){NA, NA, NA, DI, DI, NO, NA});
}
END_TEST

START_TEST(builds_no_matrix_of_a_partitioned_game) {
  test_game kind = general_game();
  kind.ops.vjp = NULL;
  kind.ops.utility_gradient = NULL;
  kind.traits |= GD_PARTITIONED;
  expect_sources(&kind, NULL, (const int[]){NA, NA, NA, NO, NA, NO, NO});
  gd_game *game = create_test_game(&kind, NULL);
  assert_fails(gd_game_prepare(game, 1u << GD_JACOBIAN), GD_ERR_UNSUPPORTED, "spread over processes");
  assert_fails(gd_game_prepare(game, 1u << GD_VJP), GD_ERR_UNSUPPORTED, "the game is partitioned");
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_why_a_quantity_cannot_be_had) {
  test_game kind = general_game();
  double out[16];
  const double x[4] = {0};
  kind.ops.utilities = NULL;
  kind.ops.utility_gradient = NULL;
  kind.ops.vjp = NULL;
  kind.ops.jvp = NULL;
  kind.ops.jacobian = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options options = forbidding();
  assert_fails(gd_game_utilities(game, x, out), GD_ERR_UNSUPPORTED, "utilities: the game \"general\"");
  assert_fails(gd_game_utility_gradient(game, 0, x, out), GD_ERR_UNSUPPORTED,
               "its other callbacks do not determine it");
  assert_ok(gd_game_configure(game, &options));
  assert_fails(gd_game_jvp(game, x, x, out), GD_ERR_UNSUPPORTED, "jvp: the game \"general\"");
  assert_fails(gd_game_vjp(game, x, x, out), GD_ERR_UNSUPPORTED, "finite differences are forbidden");
  assert_fails(gd_game_utility_gradient(game, 0, x, out), GD_ERR_UNSUPPORTED,
               "its other callbacks do not determine it");
  options.dense_limit = 3;
  assert_ok(gd_game_configure(game, &options));
  assert_fails(gd_game_jacobian(game, x, out, 4), GD_ERR_UNSUPPORTED,
               "jacobian: the game \"general\" (n = 4, dense_limit = 3) has no such callback and the game is larger");
  assert_fails(gd_game_block_vjp(game, 0, 0, x, x, out), GD_ERR_UNSUPPORTED, "vjp: the game");
  gd_game_destroy(game);
}
END_TEST

/* Evaluates everything once; nothing is allocated on the way. */
static void evaluate_all(gd_game *game, failing_memory *memory) {
  const double x[5] = {0.1, 0.2, 0.3, 0.4, 0.5};
  double out[25];
  const size_t before = memory->calls;
  assert_ok(gd_game_gradient(game, x, out));
  assert_ok(gd_game_player_gradient(game, 1, x, out));
  assert_ok(gd_game_utilities(game, x, out));
  assert_ok(gd_game_utility_gradient(game, 1, x, out));
  assert_ok(gd_game_jvp(game, x, x, out));
  assert_ok(gd_game_vjp(game, x, x, out));
  assert_ok(gd_game_jacobian(game, x, out, gd_game_size(game)));
  ck_assert_uint_eq(memory->calls, before);
}

START_TEST(allocates_when_prepared_and_never_again) {
  test_game kinds[4] = {general_game(), general_game(), curved_game(), curved_game()};
  kinds[1].ops = (gd_game_ops){
      .struct_size = sizeof(gd_game_ops), .gradient = kinds[0].ops.gradient, .utilities = kinds[0].ops.utilities};
  kinds[2].ops.vjp = NULL;
  kinds[2].ops.jvp = NULL;
  kinds[2].ops.jvp_many = NULL;
  kinds[3].ops.jvp = NULL;
  kinds[3].ops.vjp = NULL;
  kinds[3].ops.jacobian = NULL;
  for (int k = 0; k < 4; k++) {
    failing_memory memory;
    failing_memory_init(&memory, 0);
    gd_game *game = create_test_game(&kinds[k], &memory.env);
    assert_ok(gd_game_prepare(game, 0x7f));
    const size_t prepared = memory.calls;
    assert_ok(gd_game_prepare(game, 0x7f));
    ck_assert_uint_eq(memory.calls, prepared);
    evaluate_all(game, &memory);
    gd_game_destroy(game);
    ck_assert_uint_eq(memory.live, 0);
  }
}
END_TEST

START_TEST(refuses_needs_that_are_no_quantities) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  assert_fails(gd_game_prepare(game, 0x80), GD_ERR_ARGUMENT, "needs is 0x80");
  assert_fails(gd_game_prepare(NULL, 1), GD_ERR_ARGUMENT, "game is NULL");
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("sources", reports_native_callbacks, needs_only_a_jvp_of_a_zero_sum_game,
           takes_the_jvp_for_the_vjp_of_a_potential_game, a_game_gets_ready_for_its_own_callbacks,
           takes_everything_from_a_jacobian, takes_everything_from_jvp_many,
           assembles_for_a_general_sum_vjp_up_to_the_limit, builds_no_matrix_of_a_partitioned_game,
           says_why_a_quantity_cannot_be_had, allocates_when_prepared_and_never_again,
           refuses_needs_that_are_no_quantities)
