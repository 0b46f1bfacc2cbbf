/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan.c -- the game of Li, Madry, Peebles & Schmidt: values to many digits, infinite and collapse intervals, and
 * every callback against every other. */
#include <gamedyn/gmm_gan.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/rng.h>

static gd_gmm_gan paper_gan(void) {
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  return gan;
}

static gd_game *make(const gd_gmm_gan *gan) {
  gd_game *game = NULL;
  assert_ok(gd_model_gmm_gan(&game, gan, NULL));
  return game;
}

static gd_game *make_collapse(int collapse) {
  gd_gmm_gan gan = paper_gan();
  gan.collapse = collapse;
  return make(&gan);
}

/* mu = (-.3, 1.1), l = (-2, .1), r = (-.4, 1), target (-.5, .5), evaluated with 30 digits. */
static const double known_point[] = {-0.3, 1.1, -2, 0.1, -0.4, 1};

START_TEST(knows_its_values_to_rounding) {
  const double L = 1.08723011738952995;
  const double v[] = {-0.0530009609223044458, -0.140616299783780111, -0.0248649998631867107,
                      -0.0456269391863281429, 0.0682838271164315471, -0.0433691085473139585};
  gd_game *game = make_collapse(GD_COLLAPSE_FREEZE);
  double u[2], found[6];
  assert_ok(gd_game_utilities(game, known_point, u));
  assert_close(u[1], L, 4e-16, 0);
  ck_assert(u[0] == -u[1]);
  assert_ok(gd_game_gradient(game, known_point, found));
  for (int i = 0; i < 6; i++) assert_close(found[i], v[i], 0, 1e-16);
  ck_assert_str_eq(gd_game_name(game), "gmm_gan");
  ck_assert_uint_eq(gd_game_block_size(game, 0), 2);
  ck_assert_uint_eq(gd_game_block_size(game, 1), 4);
  gd_game_destroy(game);
}
END_TEST

/* Targets and sizes of all kinds. */
static const double any_means[] = {-1.5, 0.25, 2, 0.75}, any_weights[] = {0.1, 0.2, 0.3, 0.4};
static const gd_mixture any_targets[] = {{sizeof(gd_mixture), 1, any_means, NULL},
                                         {sizeof(gd_mixture), 3, any_means, NULL},
                                         {sizeof(gd_mixture), 4, any_means, any_weights}};

static gd_gmm_gan any_gan(size_t k) {
  gd_gmm_gan gan = paper_gan();
  gan.target = k % 4 ? &any_targets[k % 4 - 1] : NULL;
  gan.n_means = 1 + k % 5;
  gan.n_intervals = 1 + k % 3;
  gan.collapse = (int)(k % 3);
  return gan;
}

START_TEST(every_callback_agrees_with_every_other) {
  for (size_t k = 0; k < 60; k++) {
    const gd_gmm_gan gan = any_gan(k);
    gd_game *game = make(&gan);
    double x[16];
    gd_rng rng = gd_rng_make(k, 0);
    gd_rng_fill_normal(&rng, gd_game_size(game), x);
    gd_game_check_report report = {0};
    const gd_status status = gd_game_check(game, x, k, &report);
    ck_assert_msg(status == GD_OK, "number %zu: %s", k, gd_last_error());
    ck_assert_double_ge(report.jvp_many_vs_jvp, 0);
    ck_assert_double_ge(report.gradient_many_vs_gradient, 0);
    ck_assert_double_ge(report.player_gradient_vs_gradient, 0);
    ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
    for (int q = GD_GRADIENT; q <= GD_JACOBIAN; q++)
      ck_assert_int_eq(gd_game_source(game, (gd_quantity)q), GD_SOURCE_NATIVE);
    gd_game_destroy(game);
  }
}
END_TEST

/* Products and the matrix of one are the same numbers: (Jw)'u = w'J'u with exact column sums of D H. */
START_TEST(products_are_columns_of_the_matrix) {
  gd_game *game = make_collapse(GD_COLLAPSE_SIGNED);
  double J[7 * 6], out[6];
  assert_ok(gd_game_jacobian(game, known_point, J, 7));
  for (int i = 0; i < 6; i++) {
    double unit[6] = {0};
    unit[i] = 1;
    assert_ok(gd_game_jvp(game, known_point, unit, out));
    for (int k = 0; k < 6; k++) ck_assert_double_eq(out[k], J[k + 7 * i]);
    assert_ok(gd_game_vjp(game, known_point, unit, out));
    for (int k = 0; k < 6; k++) assert_close(out[k], J[i + 7 * k], 0, 1e-17);
  }
  /* ends do not see each other, nor do means; L_l1,l1 = -F'(l1) */
  for (int i = 2; i < 6; i++)
    for (int k = 2; k < 6; k++) ck_assert(i == k || J[i + 7 * k] == 0);
  ck_assert(J[0 + 7 * 1] == 0 && J[1 + 7 * 0] == 0);
  double slope = 0;
  const double means[] = {-0.5, 0.5, -0.3, 1.1}; /* of the target and of the generator */
  for (int m = 0; m < 4; m++)
    slope += (m < 2 ? -0.5 : 0.5) * (-2 - means[m]) * exp(-(2 + means[m]) * (2 + means[m]) / 2) / sqrt(2 * acos(-1));
  assert_close(J[2 + 7 * 2], -slope, 0, 1e-16);
  gd_game_destroy(game);
}
END_TEST

/* Half-lines: L = 1 + P*(0) - P(0) + (1 - P*(1)) - (1 - P(1)); an infinite end has no gradient and no curvature, and
 * gets none of a mean's. */
START_TEST(ends_may_be_infinite) {
  const double x[] = {-0.3, 1.1, -INFINITY, 1, 0, INFINITY}, far[] = {-0.3, 1.1, -60, 1, 0, 60};
  const double u[] = {1, -2, 3, 4, 5, 6};
  gd_game *game = make_collapse(GD_COLLAPSE_FREEZE);
  double here[6], there[6], values[2][2];
  assert_ok(gd_game_utilities(game, x, values[0]));
  assert_ok(gd_game_utilities(game, far, values[1]));
  ck_assert(values[0][1] == values[1][1]); /* phi and Phi at 60 are 0 and 1 in doubles */
  assert_ok(gd_game_gradient(game, x, here));
  assert_ok(gd_game_gradient(game, far, there));
  for (int i = 0; i < 6; i++) ck_assert(here[i] == there[i]);
  ck_assert(here[2] == 0 && here[5] == 0);
  assert_ok(gd_game_jvp(game, x, u, here));
  assert_ok(gd_game_jvp(game, far, u, there));
  for (int i = 0; i < 6; i++) ck_assert(here[i] == there[i]);
  ck_assert(here[2] == 0 && here[5] == 0);
  assert_ok(gd_game_vjp(game, x, u, here));
  for (int i = 0; i < 6; i++) ck_assert(isfinite(here[i]));
  gd_game_destroy(game);
}
END_TEST

/* Interval 0 is turned round, interval 1 is open. */
static const double turned[] = {0.1, 0.2, 0.5, -1, -0.25, 1};

START_TEST(a_frozen_interval_takes_no_part) {
  gd_game *game = make_collapse(GD_COLLAPSE_FREEZE);
  const double moved[] = {0.1, 0.2, 3, -1, 3, 1};
  double v[6], w[6], u[2], y[2], Ju[6];
  assert_ok(gd_game_gradient(game, turned, v));
  assert_ok(gd_game_gradient(game, moved, w));
  ck_assert(v[2] == 0 && v[4] == 0 && v[3] != 0 && v[5] != 0);
  for (int i = 0; i < 6; i++) ck_assert(v[i] == w[i]);
  assert_ok(gd_game_utilities(game, turned, u));
  assert_ok(gd_game_utilities(game, moved, y));
  ck_assert(u[1] == y[1]);
  assert_ok(gd_game_jvp(game, turned, (const double[]){0, 0, 1, 0, 1, 0}, Ju));
  for (int i = 0; i < 6; i++) ck_assert(Ju[i] == 0);
  gd_game_destroy(game);
}
END_TEST

/* Both ends go to the middle; what is in order stays. */
START_TEST(clipping_closes_what_is_turned_round) {
  gd_game *game = make_collapse(GD_COLLAPSE_CLIP);
  double x[6];
  memcpy(x, turned, sizeof x);
  ck_assert(gd_game_projects(game));
  assert_ok(gd_game_project(game, x));
  ck_assert(x[0] == 0.1 && x[1] == 0.2 && x[2] == 0.125 && x[3] == -1 && x[4] == 0.125 && x[5] == 1);
  gd_game_destroy(game);
  for (int collapse = GD_COLLAPSE_FREEZE; collapse <= GD_COLLAPSE_SIGNED; collapse += 2) {
    game = make_collapse(collapse);
    ck_assert(!gd_game_projects(game));
    gd_game_destroy(game);
  }
}
END_TEST

/* Closed at -1/2, where F > 0 for mu = (1, 1): clipped, both ends have a gradient that opens the interval; and turned
 * round, the signed interval is minus the interval. */
START_TEST(clipped_intervals_open_again_and_signed_ones_count_negatively) {
  const double closed[] = {1, 1, -0.5, -0.5, -0.5, -0.5}, back[] = {0.1, 0.2, -0.25, -1, 0.5, 1};
  gd_game *clip = make_collapse(GD_COLLAPSE_CLIP), *smooth = make_collapse(GD_COLLAPSE_SIGNED);
  const double away[] = {0.1, 0.2, 0, -1, 0, 1};
  double v[6], u[2], w[2], none[2];
  assert_ok(gd_game_gradient(clip, closed, v));
  ck_assert(v[0] == 0 && v[1] == 0 && v[2] < 0 && v[4] == -v[2]);
  assert_ok(gd_game_utilities(smooth, turned, u));
  assert_ok(gd_game_utilities(smooth, back, w));
  assert_ok(gd_game_utilities(smooth, away, none));
  assert_close(u[1] - none[1], none[1] - w[1], 0, 1e-15);
  gd_game_destroy(clip);
  gd_game_destroy(smooth);
}
END_TEST

START_TEST(collapsed_means_stay_together) {
  gd_game *game = make_collapse(GD_COLLAPSE_FREEZE);
  const double x[] = {0.3, 0.3, -2, 0, -0.5, 1};
  double v[6];
  assert_ok(gd_game_gradient(game, x, v));
  ck_assert(v[0] == v[1] && v[0] != 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(stands_still_at_the_target) {
  for (int collapse = GD_COLLAPSE_FREEZE; collapse <= GD_COLLAPSE_SIGNED; collapse++) {
    gd_game *game = make_collapse(collapse);
    double x[6], v[6], u[2];
    assert_ok(gd_game_solution(game, x));
    ck_assert(x[0] == -0.5 && x[1] == 0.5);
    assert_ok(gd_game_gradient(game, x, v));
    for (int i = 0; i < 6; i++) ck_assert(v[i] == 0);
    assert_ok(gd_game_utilities(game, x, u));
    ck_assert(u[1] == 1);
    gd_game_destroy(game);
  }
  gd_gmm_gan gan = any_gan(3); /* weights the generator does not have */
  gan.n_means = 4;
  gd_game *game = make(&gan);
  double x[10];
  assert_fails(gd_game_solution(game, x), GD_ERR_UNSUPPORTED, "solution");
  gd_game_destroy(game);
}
END_TEST

/* The paper's Figure 2: target (-2, 2), mu = (-1, 2.5), step .3, intervals [-1, .2] and [second, 2.5].  The step,
 * counted from 0, at which each interval closes, or NEVER. */
enum { NEVER = 20000 };

static void run_figure_2(bool generator_moves, double second, double *x, int closed[2]) {
  const double target_means[] = {-2, 2}, start[] = {-1, 2.5, -1, second, 0.2, 2.5};
  const gd_mixture target = {sizeof target, 2, target_means, NULL};
  gd_gmm_gan gan = paper_gan();
  gan.target = &target;
  gd_game *game = make(&gan);
  memcpy(x, start, sizeof start);
  closed[0] = closed[1] = NEVER;
  for (int step = 0; step < NEVER; step++) {
    double v[6];
    if (gd_game_gradient(game, x, v) < 0) ck_abort_msg("%s", gd_last_error());
    for (int i = generator_moves ? 0 : 2; i < 6; i++) x[i] += 0.3 * v[i];
    for (int i = 0; i < 2; i++)
      if (x[2 + i] >= x[4 + i] && closed[i] == NEVER) closed[i] = step;
  }
  gd_game_destroy(game);
}

/* The left interval lies where F < 0 and closes around -.3325, though the best discriminator has (-inf, -1.49789]; the
 * right one ends at the other zeros of F.  When the generator moves as well, both close: from [1, 2.5] as from the
 * overlapping [-1, 2.5] that the paper prints.  Steps from a separate program in another language. */
START_TEST(discriminators_collapse_as_in_figure_2) {
  double x[6];
  int closed[2];
  run_figure_2(false, 1, x, closed);
  ck_assert(closed[0] == 23 && closed[1] == NEVER);
  assert_close((x[2] + x[4]) / 2, -0.3325, 0, 5e-5);
  assert_close(x[3], 0.659259989470465888, 0, 1e-12);
  assert_close(x[5], 2.23939514885478359, 0, 1e-12);
  run_figure_2(true, 1, x, closed);
  ck_assert(closed[0] == 18 && closed[1] == 99);
  run_figure_2(true, -1, x, closed);
  ck_assert(closed[0] == 17 && closed[1] == 64);
}
END_TEST

START_TEST(refuses_what_is_no_gmm_gan) {
  const double bad_means[] = {0, INFINITY};
  const gd_mixture bad = {sizeof bad, 2, bad_means, NULL};
  gd_gmm_gan gan = paper_gan();
  gd_game *game = NULL;
  assert_fails(gd_model_gmm_gan(NULL, &gan, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_model_gmm_gan(&game, NULL, NULL), GD_ERR_ARGUMENT, "gd_gmm_gan is NULL");
  assert_fails(gd_model_gmm_gan(&game, &gan, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  gan.n_means = 33;
  assert_fails(gd_model_gmm_gan(&game, &gan, NULL), GD_ERR_ARGUMENT, "n_means is 33, expected 1 to 32");
  gan = paper_gan(), gan.n_intervals = 0;
  assert_fails(gd_model_gmm_gan(&game, &gan, NULL), GD_ERR_ARGUMENT, "n_intervals is 0");
  gan = paper_gan(), gan.collapse = 3;
  assert_fails(gd_model_gmm_gan(&game, &gan, NULL), GD_ERR_ARGUMENT, "collapse is 3");
  gan = paper_gan(), gan.target = &bad;
  assert_fails(gd_model_gmm_gan(&game, &gan, NULL), GD_ERR_NONFINITE, "target: means[1] is inf");
  ck_assert_ptr_null(game);
}
END_TEST

static gd_status create_and_use(const gd_env *env, void *argument) {
  gd_game *game = NULL;
  double v[6];
  gd_status status = gd_model_gmm_gan(&game, argument, env);
  if (status == GD_OK) status = gd_game_vjp(game, known_point, known_point, v);
  gd_game_destroy(game);
  return status;
}

START_TEST(each_refused_allocation_is_survived) {
  gd_gmm_gan gan = paper_gan();
  ck_assert_uint_ge(refuse_each_allocation(create_and_use, &gan), 3);
}
END_TEST

TEST_SUITE("gmm_gan", knows_its_values_to_rounding, every_callback_agrees_with_every_other,
           products_are_columns_of_the_matrix, ends_may_be_infinite, a_frozen_interval_takes_no_part,
           clipping_closes_what_is_turned_round, clipped_intervals_open_again_and_signed_ones_count_negatively,
           collapsed_means_stay_together, stands_still_at_the_target, discriminators_collapse_as_in_figure_2,
           refuses_what_is_no_gmm_gan, each_refused_allocation_is_survived)
