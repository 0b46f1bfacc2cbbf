/* SPDX-License-Identifier: BSD-3-Clause */
/* check.c -- gd_game_check passes correct games and says in words what is wrong with others.
 *
 * Wrong games are right ones with one callback exchanged for a wrong one. */
#include "game/wrong_games.h"

#include "support/failing_memory.h"

#include <math.h>
#include <string.h>

START_TEST(passes_correct_games) {
  const double half_plane_x[2] = {0.7, 2}, plain_x[2] = {0.25, -3};
  const test_game kinds[] = {rotation_game(),   curved_game(), general_game(),
                             half_plane_game(), boxed_game(),  noisy_game()};
  const double *const points[] = {plain_x, curved_x, general_x, half_plane_x, plain_x, plain_x};
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    const char *said = words_of(&kinds[k], points[k], NULL);
    ck_assert_msg(!*said, "%s: %s", kinds[k].ops.name, said);
  }
}
END_TEST

START_TEST(passes_correct_games_at_every_seed_and_far_out) {
  const test_game kind = curved_game(), general = general_game();
  for (uint64_t seed = 0; seed < 200; seed++) {
    double x[5];
    gd_rng rng = gd_rng_make(seed, 1);
    gd_rng_fill_normal(&rng, 5, x);
    for (int k = 0; k < 5; k++) x[k] *= pow(10, (double)(seed % 5) - 2); /* sizes 0.01 to 100 */
    gd_game *game = create_test_game(&kind, NULL), *other = create_test_game(&general, NULL);
    assert_ok(gd_game_check(game, x, seed, NULL));
    assert_ok(gd_game_check(other, x, seed, NULL));
    gd_game_destroy(game);
    gd_game_destroy(other);
  }
}
END_TEST

/* ---- wrong gradients ---- */

static int descending_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return negate(general_game().ops.gradient(data, draw, x, v), 4, v);
}

/* player 1 doubles its gradient */
static int eager_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const int code = general_game().ops.gradient(data, draw, x, v);
  v[1] *= 2;
  v[2] *= 2;
  return code;
}

static test_game utilities_only(int (*gradient)(void *, const gd_draw *, const double *, double *)) {
  test_game kind = general_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof(gd_game_ops), .gradient = gradient, .utilities = kind.ops.utilities};
  return kind;
}

START_TEST(names_a_gradient_with_the_wrong_sign_or_size) {
  test_game kind = utilities_only(descending_gradient);
  expect_words(&kind, general_x, "the gradient of player 0 is minus the gradient of its utility: wrong sign");
  kind = utilities_only(eager_gradient);
  expect_words(&kind, general_x, "the gradient of player 1 is not the gradient of its utility");
}
END_TEST

static int minus_utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  return negate(general_game().ops.utility_gradient(data, draw, player, x, g), 4, g);
}

/* only the player's own block: what gradient gives already */
static int own_utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const int code = general_game().ops.utility_gradient(data, draw, player, x, g);
  for (size_t k = 0; k < 4; k++)
    if (player != (k == 0 ? 0 : k < 3 ? 1 : 2)) g[k] = 0;
  return code;
}

START_TEST(names_a_wrong_utility_gradient) {
  test_game kind = general_game();
  kind.ops.utility_gradient = minus_utility_gradient;
  expect_words(&kind, general_x, "utility_gradient of player 0 is minus the gradient of its utility");
  kind.ops.utility_gradient = own_utility_gradient;
  expect_words(&kind, general_x, "utility_gradient of player 0 is not the gradient of its utility");
}
END_TEST

/* writes the block where it stands in x */
static int displaced_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  double v[4];
  const int code = general_game().ops.gradient(data, draw, x, v);
  memcpy(v_i + (player == 0 ? 0 : 1), v + (player == 0 ? 0 : 1), 2 * sizeof *v);
  v_i[0] = v[0];
  return code;
}

static int other_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  double block[2] = {0, 0};
  const int code = general_game().ops.player_gradient(data, draw, (player + 1) % 3, x, block);
  memcpy(v_i, block, (player == 1 ? 2 : 1) * sizeof *block);
  return code;
}

START_TEST(names_a_player_gradient_out_of_place) {
  test_game kind = general_game();
  kind.ops.player_gradient = displaced_player_gradient;
  expect_words(&kind, general_x, "player_gradient of player 0 writes beyond its block of 1");
  kind.ops.player_gradient = other_player_gradient;
  expect_words(&kind, general_x, "player_gradient of player 0 is not its block of the gradient");
}
END_TEST

/* ---- wrong traits ---- */

/* two players who want the same: u_1 = u_2 = x0 x1 */
static int common_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = x[1];
  v[1] = x[0];
  return 0;
}

/* u_1 + u_2 = -1e-7 x0 x1: too much for rounding, too little for a gradient to show. */
static int nearly_opposed_utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  (void)data, (void)draw;
  u[0] = -x[0] * x[1];
  u[1] = -u[0] * (1 - 1e-7);
  return 0;
}

START_TEST(names_a_trait_that_does_not_hold) {
  const double x[2] = {0.7, 2};
  test_game kind = half_plane_game();
  kind.traits |= GD_ZERO_SUM;
  expect_words(&kind, x, "GD_ZERO_SUM does not hold: the utilities add up to");
  kind = rotation_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof(gd_game_ops), .gradient = common_gradient};
  expect_words(&kind, x, "GD_ZERO_SUM does not hold: J' is not D J D");
  kind = rotation_game();
  kind.ops.utilities = nearly_opposed_utilities;
  expect_words(&kind, x, "GD_ZERO_SUM does not hold: the utilities add up to");
  kind = rotation_game();
  kind.traits |= GD_POTENTIAL;
  expect_words(&kind, x, "GD_POTENTIAL does not hold: J is not symmetric");
  kind = curved_game();
  kind.traits |= GD_AFFINE;
  expect_words(&kind, curved_x, "GD_AFFINE does not hold: J changes with x");
}
END_TEST

/* noise from a counter instead of the draw */
static int forgetful_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  size_t *calls = data;
  const double noise = draw ? (double)++*calls : 0;
  v[0] = -x[0] + noise;
  v[1] = -x[1];
  return 0;
}

/* the draw scales J */
static int scaled_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data;
  const double scale = draw ? (double)(draw->index % 3 + 1) : 1;
  v[0] = -scale * x[0];
  v[1] = -scale * x[1];
  return 0;
}

START_TEST(names_draws_that_do_not_repeat_or_change_j) {
  const double x[2] = {0.7, 2};
  size_t calls = 0;
  test_game kind = noisy_game();
  kind.ops.gradient = forgetful_gradient;
  kind.data = &calls;
  expect_words(&kind, x, "the gradient does not repeat");
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "gd_draw_rng"));
  kind.ops.gradient = scaled_gradient;
  expect_words(&kind, x, "GD_AFFINE does not hold: J changes with x or the draw");
}
END_TEST

/* U = theta (omega - s) / 3 in two orders of summation: at the solution v, u and their differences
 * are rounding, of size eps s, which must not be taken for mistakes. */
static const double thirds_s[2] = {0.1, 1e6 + 0.1};

static int thirds_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[1] / 3 + thirds_s[1] / 3;
  v[1] = x[0] / 3 - thirds_s[0] / 3;
  return 0;
}

static int thirds_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  (void)data, (void)draw;
  *v_i = player == 0 ? (thirds_s[1] * 7 - x[1] * 7) / 21 : (x[0] * 7 - thirds_s[0] * 7) / 21;
  return 0;
}

static int thirds_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  (void)data, (void)draw;
  utilities[0] = -x[0] * x[1] / 3 + x[0] * thirds_s[1] / 3 + thirds_s[0] * x[1] / 3 - thirds_s[0] * thirds_s[1] / 3;
  utilities[1] = (x[0] - thirds_s[0]) * (x[1] - thirds_s[1]) / 3;
  return 0;
}

static int thirds_solution(void *data, double *x) {
  (void)data;
  x[0] = thirds_s[0] * (1 + 1e-15);
  x[1] = thirds_s[1] * (1 - 1e-15);
  return 0;
}

START_TEST(does_not_take_rounding_at_a_stationary_point_for_a_mistake) {
  test_game kind = rotation_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof(gd_game_ops),
                           .gradient = thirds_gradient,
                           .player_gradient = thirds_player_gradient,
                           .utilities = thirds_utilities,
                           .solution = thirds_solution};
  double x[2];
  thirds_solution(NULL, x);
  for (uint64_t seed = 0; seed < 50; seed++) {
    gd_game *game = create_test_game(&kind, NULL);
    assert_ok(gd_game_check(game, x, seed, NULL));
    assert_ok(gd_game_check(game, thirds_s, seed, NULL));
    gd_game_destroy(game);
  }
}
END_TEST

/* ---- the report ---- */

START_TEST(reports_what_it_measured_and_what_does_not_apply) {
  gd_game_check_report report;
  const test_game kind = curved_game();
  ck_assert_str_eq(words_of(&kind, curved_x, &report), "");
  const double exact[] = {report.zero_sum, report.draw_repeatability, report.player_gradient_vs_gradient,
                          report.gradient_many_vs_gradient, report.solution_gradient};
  for (size_t k = 0; k < sizeof exact / sizeof *exact; k++) ck_assert(exact[k] >= 0 && exact[k] < 1e-8);
  const double differenced[] = {
      report.gradient_vs_utilities,         report.jvp_vs_differences, report.vjp_vs_jvp, report.jacobian_vs_jvp,
      report.utility_gradient_vs_utilities, report.jvp_many_vs_jvp};
  for (size_t k = 0; k < sizeof differenced / sizeof *differenced; k++)
    ck_assert(differenced[k] >= 0 && differenced[k] < 1e-6);
  ck_assert(report.symmetry < 0 && report.affinity < 0 && report.projection_idempotence < 0);
}
END_TEST

START_TEST(fills_the_report_when_a_check_fails) {
  gd_game_check_report report;
  test_game kind = curved_game();
  kind.ops.jvp = minus_jvp;
  ck_assert_str_ne(words_of(&kind, curved_x, &report), "");
  assert_close(report.jvp_vs_differences, 2, 1e-5, 0); /* |-Ju - Ju| / |Ju| */
  ck_assert(report.vjp_vs_jvp >= 0 && report.vjp_vs_jvp < 1e-6);
}
END_TEST

START_TEST(leaves_the_handle_as_it_was) {
  const double x[2] = {1, 2};
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_draw draw = {3, 4, 5, 6};
  gd_game_set_draw(game, &draw);
  assert_ok(gd_game_check(game, x, 0, NULL));
  gd_counts counts;
  gd_game_counts(game, &counts);
  ck_assert_uint_eq(counts.gradients, 0);
  gd_draw after;
  ck_assert(gd_game_get_draw(game, &after));
  ck_assert_mem_eq(&after, &draw, sizeof draw);
  gd_game_destroy(game);
}
END_TEST

/* ---- failing callbacks, arguments, memory ---- */

START_TEST(passes_on_the_failure_of_any_call) {
  const double x[2] = {1, 2};
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  gd_game *game = create_test_game(&kind, NULL);
  assert_ok(gd_game_check(game, x, 0, NULL));
  const size_t all = calls.calls;
  ck_assert_uint_gt(all, 20);
  for (size_t k = 1; k <= all; k++) {
    calls = (failing_calls){0, k, -9};
    assert_fails(gd_game_check(game, x, 0, NULL), GD_ERR_CALLBACK, "returned -9");
    ck_assert_uint_eq(calls.calls, k);
  }
  gd_game_destroy(game);
}
END_TEST

/* Defined at one point only. */
static int lonely_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  if (x[0] != 1 || x[1] != 2) return 1;
  v[0] = v[1] = 1;
  return 0;
}

START_TEST(says_domain_where_nothing_can_be_differenced) {
  const double x[2] = {1, 2};
  test_game kind = half_plane_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof(gd_game_ops), .gradient = lonely_gradient};
  gd_game *game = create_test_game(&kind, NULL);
  assert_fails(gd_game_check(game, x, 0, NULL), GD_ERR_DOMAIN, "domain");
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_null) {
  const double x[2] = {1, 2};
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  assert_fails(gd_game_check(NULL, x, 0, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_game_check(game, NULL, 0, NULL), GD_ERR_ARGUMENT, "x is NULL");
  gd_game_destroy(game);
}
END_TEST

static gd_status check_in(const gd_env *env, void *argument) {
  const test_game kind = curved_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game = NULL;
  (void)argument;
  GD_TRY(gd_game_create(&game, &spec));
  const gd_status status = gd_game_check(game, curved_x, 1, NULL);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(check_in, NULL), 8); }
END_TEST

TEST_SUITE("check", passes_correct_games, passes_correct_games_at_every_seed_and_far_out,
           names_a_gradient_with_the_wrong_sign_or_size, names_a_wrong_utility_gradient,
           names_a_player_gradient_out_of_place, names_a_trait_that_does_not_hold,
           names_draws_that_do_not_repeat_or_change_j, does_not_take_rounding_at_a_stationary_point_for_a_mistake,
           reports_what_it_measured_and_what_does_not_apply, fills_the_report_when_a_check_fails,
           leaves_the_handle_as_it_was, passes_on_the_failure_of_any_call, says_domain_where_nothing_can_be_differenced,
           refuses_null, survives_every_refused_allocation)
