/* SPDX-License-Identifier: BSD-3-Clause */
/* sets.c -- what is said of a point of a game with a feasible set: in the interior what is said without the set, on the
 * edge a refusal in words. */
#include "support/at_point.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/bifurcation.h>
#include <gamedyn/classify.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/rates.h>
#include <gamedyn/run.h>
#include <gamedyn/stability.h>
#include <math.h>

/* ---- games ---- */

/* Cournot: price 10 - sum of q, costs (1, 1, 7), q >= 0.  Firm 3 is priced out: q = (3, 3, 0), v = (0, 0, -3). */
static int cournot_gradient(void *data, const gd_draw *draw, const double *q, double *v) {
  const double costs[3] = {1, 1, 7}, price = 10 - q[0] - q[1] - q[2];
  (void)data, (void)draw;
  for (int i = 0; i < 3; i++) v[i] = price - q[i] - costs[i];
  return 0;
}

static int nonnegative(void *data, double *q) {
  (void)data;
  for (int i = 0; i < 3; i++) q[i] = fmax(q[i], 0);
  return 0;
}

static gd_game *cournot(void) {
  const test_game kind = {
      .ops = {.struct_size = sizeof kind.ops, .name = "cournot", .gradient = cournot_gradient, .project = nonnegative},
      .n_players = 3,
      .block_sizes = {1, 1, 1},
      .traits = GD_AFFINE | GD_BOX};
  return create_test_game(&kind, NULL);
}

/* min over p, max over q of p'Aq on simplices, A = diag(2, 1): p = q = (1/3, 2/3). */
static int matrix_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -2 * x[2], v[1] = -x[3], v[2] = 2 * x[0], v[3] = x[1];
  return 0;
}

static int onto_simplices(void *data, double *x) {
  (void)data;
  for (int k = 0; k < 4; k += 2) {
    x[k] = fmin(1, fmax(0, (x[k] - x[k + 1] + 1) / 2));
    x[k + 1] = 1 - x[k];
  }
  return 0;
}

static gd_game *matrix_game(void) {
  const test_game kind = {.ops = {.struct_size = sizeof kind.ops,
                                  .name = "matrix game",
                                  .gradient = matrix_gradient,
                                  .project = onto_simplices},
                          .n_players = 2,
                          .block_sizes = {2, 2},
                          .traits = GD_AFFINE | GD_ZERO_SUM};
  return create_test_game(&kind, NULL);
}

static gd_game *boxed(void) {
  const test_game kind = boxed_game();
  return create_test_game(&kind, NULL);
}

/* ---- runs ---- */

/* Simultaneous play contracts: from anywhere to (3, 3, 0), where |v| = 3 and the natural residual is 0.  The trace has
 * the same number. */
START_TEST(a_run_stops_at_a_solution_on_the_edge) {
  gd_game *game = cournot();
  gd_stepper *stepper = NULL;
  gd_trace *trace = NULL;
  gd_run_options options;
  gd_run_result result;
  double q[3] = {1, 2, 1};
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.1));
  assert_ok(gd_trace_create(&trace, game, GD_TRACE_GRADIENT_NORM, NULL));
  const gd_observer observer = gd_trace_observer(trace);
  gd_run_options_init(&options);
  options.observers = &observer, options.n_observers = 1;
  assert_ok(gd_run(stepper, q, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_double_le(result.gradient_norm, 1e-8);
  ck_assert(fabs(q[0] - 3) < 1e-7 && fabs(q[1] - 3) < 1e-7 && q[2] == 0);
  const double *norms = gd_trace_column(trace, GD_TRACE_GRADIENT_NORM);
  /* at (1, 2, 1) v = (4, 3, -2), and P(x + v) - x = (4, 3, -1) */
  assert_close(norms[0], sqrt(26), 1e-15, 0);
  assert_close(norms[gd_trace_rows(trace) - 1], result.gradient_norm, 1e-15, 0);
  gd_trace_destroy(trace);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* |v|^2 = (4/3)^2 + (2/3)^2 + (2/3)^2 + (2/3)^2 at the equilibrium in the simplices' relative interior. */
START_TEST(a_run_stops_at_mixed_strategies) {
  gd_game *game = matrix_game();
  gd_stepper *stepper = NULL;
  gd_run_result result;
  double x[4] = {0.9, 0.1, 0.2, 0.8};
  assert_ok(gd_stepper_create_named(&stepper, game, GD_EXTRAGRADIENT));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.3));
  assert_ok(gd_run(stepper, x, NULL, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  for (int k = 0; k < 4; k++) assert_close(x[k], (1 + k % 2) / 3.0, 0, 1e-7);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* ---- points ---- */

START_TEST(points_on_the_edge_are_refused_in_words) {
  gd_game *games[] = {cournot(), matrix_game(), boxed(), boxed()};
  const double points[][4] = {{3, 3, 0}, {1.0 / 3, 2.0 / 3, 1.0 / 3, 2.0 / 3}, {1, 0.5}, {2, 0}};
  for (int k = 0; k < 4; k++) { /* the last is outside */
    gd_stepper *stepper = NULL;
    gd_operator *op = NULL;
    gd_classification kind;
    gd_consensus_report consensus;
    gd_transformed_report transformed;
    double h = 7, rate = 7, M[16];
    const double eye[16] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, steps[3] = {1, 1, 1};
    const size_t n = gd_game_size(games[k]);
    const char *words = "on the edge of the feasible set";
    assert_ok(gd_stepper_create_named(&stepper, games[k], GD_SIMULTANEOUS));
    assert_fails(classify_at(games[k], points[k], NULL, &kind), GD_ERR_HYPOTHESIS, words);
    assert_fails(gd_stepper_map(&op, stepper, points[k]), GD_ERR_HYPOTHESIS, words);
    assert_fails(by_map_rate(stepper, points[k], 0.1, &rate), GD_ERR_HYPOTHESIS, words);
    assert_fails(by_map_largest_stable_step(stepper, points[k], &h), GD_ERR_HYPOTHESIS, words);
    assert_fails(by_map_fastest_step(stepper, points[k], &h, &rate), GD_ERR_HYPOTHESIS, words);
    assert_fails(consensus_report_at(games[k], points[k], 1, &consensus), GD_ERR_HYPOTHESIS, words);
    assert_fails(transformed_report_at(games[k], points[k], eye, n, 1, &transformed), GD_ERR_HYPOTHESIS, words);
    assert_fails(alternating_matrix_at(games[k], points[k], &(gd_alternation){.step_sizes = steps}, M, n),
                 GD_ERR_HYPOTHESIS, words);
    ck_assert(h == 7 && rate == 7 && !op);
    gd_stepper_destroy(stepper);
    gd_game_destroy(games[k]);
  }
}
END_TEST

/* The rotation in the box at its centre is the rotation: a centre; extragradient's fastest step is sqrt(1/2), its rate
 * sqrt(3/4), its largest stable step 1 (THEORY of bilinear games: rho^2 = 1 - s^2 + s^4). */
START_TEST(in_the_interior_the_set_is_not_felt) {
  gd_game *game = boxed();
  gd_stepper *stepper = NULL;
  gd_classification kind;
  double h, rate;
  const double origin[2] = {0, 0};
  assert_ok(classify_at(game, origin, NULL, &kind));
  ck_assert_int_eq(kind.kind, GD_POINT_CENTRE);
  assert_ok(gd_stepper_create_named(&stepper, game, GD_EXTRAGRADIENT));
  assert_ok(by_map_fastest_step(stepper, origin, &h, &rate));
  assert_close(h, M_SQRT1_2, 1e-8, 0);
  assert_close(rate, sqrt(0.75), 1e-9, 0);
  assert_ok(by_map_largest_stable_step(stepper, origin, &h));
  assert_close(h, 1, 1e-8, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* At (0.5, 0.5) v = (-0.5, 0.5): a step of 2 comes to (-0.5, 1) and not to (-0.5, 1.5). */
START_TEST(a_step_that_meets_the_edge_has_no_derivative) {
  gd_game *game = boxed();
  gd_stepper *stepper = NULL;
  gd_operator *op = NULL;
  const double x[2] = {0.5, 0.5};
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 2));
  assert_fails(gd_stepper_map(&op, stepper, x), GD_ERR_HYPOTHESIS, "a step from x meets the edge");
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.5));
  assert_ok(gd_stepper_map(&op, stepper, x));
  double M[4];
  assert_ok(gd_operator_assemble(op, M, 2));
  const double expected[4] = {1, 0.5, -0.5, 1};
  for (int k = 0; k < 4; k++) assert_close(M[k], expected[k], 0, 1e-15);
  gd_operator_destroy(op);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(spectra_and_theorems_know_no_set) {
  gd_game *game = boxed();
  gd_stepper *stepper = NULL;
  gd_spectrum *spectrum = NULL;
  gd_game_constants constants;
  gd_gan_report report;
  double h = 7, rate = 7;
  const double origin[2] = {0, 0}, corner[2] = {1, 1}, re[2] = {0, 0}, im[2] = {1, -1};
  assert_ok(gd_stepper_create_named(&stepper, game, GD_EXTRAGRADIENT));
  assert_ok(gd_spectrum_from_values(&spectrum, 2, re, im, NULL));
  assert_fails(spectrum_rate(stepper, spectrum, 0.1, &rate), GD_ERR_UNSUPPORTED, "has a feasible set");
  assert_fails(spectrum_largest_stable_step(stepper, spectrum, &h), GD_ERR_UNSUPPORTED, "has a feasible set");
  assert_fails(spectrum_fastest_step(stepper, spectrum, &h, &rate), GD_ERR_UNSUPPORTED, "has a feasible set");
  assert_fails(constants_at(game, origin, 0, 0, 0, &constants), GD_ERR_HYPOTHESIS,
               "need a game without a feasible set");
  assert_fails(gan_report_at(game, corner, 1, 1, 0, 1, &report), GD_ERR_HYPOTHESIS, "on the edge");
  ck_assert(h == 7 && rate == 7);
  gd_spectrum_destroy(spectrum);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* A ball and a half-space through x, turned in every direction and in many dimensions: on the edge at x, inside at half
 * the way. */
typedef struct ball {
  size_t n;
  double radius;
} ball;

static int onto_ball(void *data, double *x) {
  const ball *b = data;
  double sum = 0;
  for (size_t k = 0; k < b->n; k++) sum += x[k] * x[k];
  for (size_t k = 0; k < b->n && sum > b->radius * b->radius; k++) x[k] *= b->radius / sqrt(sum);
  return 0;
}

static int towards_zero(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  for (size_t k = 0; k < ((ball *)data)->n; k++) v[k] = -x[k];
  return 0;
}

START_TEST(the_edge_is_told_from_the_interior_in_any_direction) {
  for (size_t trial = 0; trial < test_instances(60, 2000); trial++) {
    ball b = {1 + trial % 40, 3};
    const gd_game_ops ops = {.struct_size = sizeof ops, .name = "ball", .gradient = towards_zero, .project = onto_ball};
    const gd_game_spec spec = {
        .struct_size = sizeof spec, .ops = &ops, .data = &b, .n_players = 1, .block_sizes = &b.n};
    gd_game *game = NULL;
    gd_classification kind;
    double x[40], length = 0;
    gd_rng rng = gd_rng_make(trial, 3);
    assert_ok(gd_game_create(&game, &spec));
    gd_rng_fill_normal(&rng, b.n, x);
    for (size_t k = 0; k < b.n; k++) length += x[k] * x[k];
    for (size_t k = 0; k < b.n; k++) x[k] *= 3 / sqrt(length);
    assert_fails(classify_at(game, x, NULL, &kind), GD_ERR_HYPOTHESIS, "on the edge");
    for (size_t k = 0; k < b.n; k++) x[k] /= 2;
    assert_ok(classify_at(game, x, NULL, &kind));
    ck_assert_int_eq(kind.kind, GD_POINT_NOT_STATIONARY);
    gd_game_destroy(game);
  }
}
END_TEST

TEST_SUITE("sets", a_run_stops_at_a_solution_on_the_edge, a_run_stops_at_mixed_strategies,
           points_on_the_edge_are_refused_in_words, in_the_interior_the_set_is_not_felt,
           a_step_that_meets_the_edge_has_no_derivative, spectra_and_theorems_know_no_set,
           the_edge_is_told_from_the_interior_in_any_direction)
