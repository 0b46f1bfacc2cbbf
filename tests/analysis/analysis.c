/* SPDX-License-Identifier: BSD-3-Clause */
/* analysis.c -- the main question as one call: rows against closed forms, runs, theorems, large games, bad input. */
#include <gamedyn/analysis.h>
#include <gamedyn/models.h>
#include <math.h>

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

enum { MOST = 8 };
static const double origin[MOST] = {0};

static gd_linearisation *linearise(gd_game *game, const double *x) {
  gd_linearisation *at = NULL;
  assert_ok(gd_linearise(&at, game, x, NULL));
  return at;
}

static gd_analysis *analyse(gd_linearisation *at, const gd_analysis_options *options) {
  gd_analysis *analysis = NULL;
  assert_ok(gd_analysis_create(&analysis, at, options));
  return analysis;
}

static gd_analysis_row row_of(const gd_analysis *analysis, const char *method) {
  gd_analysis_row row = {0};
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    assert_ok(gd_analysis_row_at(analysis, k, &row));
    if (strcmp(row.method, method) == 0) return row;
  }
  ck_abort_msg("%s has no row", method);
  return row;
}

/* C = diag(1, 2): eigenvalues +-i and +-2i.
 * Simultaneous: |1 + i h s| > 1 at every h.  Extragradient: |R|^2 = 1 - z^2 + z^4 with z = h s is below 1 for z < 1, so
 * for h < 1/2; equal at both s where -h^2 + h^4 = -4 h^2 + 16 h^4, h^2 = 1/5, with |R|^2 = 1 - 1/5 + 1/25 = 21/25.
 * Theorem 3 of Liang & Stokes: h = 1/(2 sqrt 2 s_max). */
START_TEST(rows_are_the_closed_forms_of_a_bilinear_game) {
  const double C[] = {1, 0, 0, 2};
  gd_game *game = NULL;
  assert_ok(gd_model_bilinear(&game, 2, 2, C, 2, NULL));
  gd_linearisation *at = linearise(game, origin);
  gd_analysis *analysis = analyse(at, NULL);
  const gd_analysis_row plain = row_of(analysis, GD_SIMULTANEOUS), extra = row_of(analysis, GD_EXTRAGRADIENT);
  const gd_analysis_row optimistic = row_of(analysis, GD_OPTIMISTIC), implicit = row_of(analysis, GD_IMPLICIT);
  ck_assert_int_eq(plain.verdict, GD_VERDICT_DOES_NOT);
  assert_close(plain.largest_stable_step, 0, 0, 0);
  ck_assert(isnan(plain.fastest_step) && isnan(plain.steps_measured) && isnan(plain.theorem_step));
  ck_assert_int_eq(extra.verdict, GD_VERDICT_CONVERGES);
  assert_close(extra.largest_stable_step, 0.5, 1e-12, 0);
  assert_close(extra.fastest_step, sqrt(0.2), 1e-7, 0);
  assert_close(extra.rate, sqrt(0.84), 1e-12, 0);
  assert_close(extra.steps_predicted, ceil(log(1e-6 / 0.5) / log(sqrt(0.84))), 0, 1);
  ck_assert_str_eq(optimistic.theorem, "Liang & Stokes 2019, Theorem 3");
  assert_close(optimistic.theorem_step, 1 / (2 * sqrt(2) * 2), 1e-12, 0);
  ck_assert(isinf(implicit.fastest_step) && isinf(implicit.largest_stable_step));
  assert_close(implicit.step_size, 1, 1e-12, 0); /* |h lambda| = 1 at the least eigenvalue */
  const gd_analysis_facts *facts = gd_analysis_facts_of(analysis);
  ck_assert_int_eq(facts->kind.kind, GD_POINT_CENTRE);
  assert_close(facts->singular_max, 2, 1e-12, 0);
  assert_close(facts->singular_min, 1, 1e-12, 0);
  ck_assert(facts->complete && facts->has_constants);
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* Each run costs what its steps cost: 1 gradient a step, 2 of extragradient, 4 of Runge-Kutta's order 4, a product more
 * of consensus, a solve of the implicit method.  A measured run needs the predicted steps or fewer: all of this game's
 * Jacobian is normal, so that no distance grows more slowly than the rate says. */
START_TEST(runs_cost_what_their_steps_cost) {
  const double A[] = {2, 0, 0, 1}, C[] = {1, 0, 0, 1};
  gd_game *game = NULL;
  assert_ok(gd_model_quadratic(&game, 2, 2, A, 2, A, 2, C, 2, NULL));
  gd_linearisation *at = linearise(game, origin);
  gd_analysis *analysis = analyse(at, NULL);
  static const struct {
    const char *method;
    double gradients, products, solves;
  } costs[] = {{GD_SIMULTANEOUS, 1, 0, 0}, {GD_EXTRAGRADIENT, 2, 0, 0}, {GD_RUNGE_KUTTA, 4, 0, 0},
               {GD_CONSENSUS, 1, 1, 0},    {GD_ALTERNATING, 1, 0, 0},   {GD_IMPLICIT, 0, 0, 1}};
  for (size_t k = 0; k < sizeof costs / sizeof *costs; k++) {
    const gd_analysis_row row = row_of(analysis, costs[k].method);
    ck_assert_msg(row.steps_measured >= 1, "%s did not arrive", row.method);
    if (row.route == GD_RATE_BY_MODES) ck_assert_msg(row.steps_measured <= row.steps_predicted, "%s", row.method);
    assert_close(row.gradients, costs[k].gradients * row.steps_measured, 0, 1.01);
    assert_close(row.products, costs[k].products * row.steps_measured, 0, 0);
    assert_close(row.solves, costs[k].solves * row.steps_measured, 0, 0);
    ck_assert(row.end_distance <= 1e-6);
  }
  size_t best = 99;
  assert_ok(gd_analysis_best(analysis, &best));
  gd_analysis_row winner;
  assert_ok(gd_analysis_row_at(analysis, best, &winner));
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    gd_analysis_row row;
    assert_ok(gd_analysis_row_at(analysis, k, &row));
    if (!(row.solves > 0) && !isnan(row.steps_measured))
      ck_assert(winner.gradients + winner.products <= row.gradients + row.products);
  }
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* u_1 = -(a - b)^2 / 2 = u_2: J = [[-1, 1], [1, -1]] keeps (1, 1), which no player has alone.  Distances are those to
 * the line a = b; off it the eigenvalue is -2, so that simultaneous steps are stable below 1 and fastest at 1/2. */
START_TEST(null_directions_are_left_out_of_distances) {
  const double J[] = {-1, 1, 1, -1}, start[] = {5, 3};
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  gd_linearisation *at = linearise(game, origin);
  gd_analysis_options options;
  gd_analysis_options_init(&options);
  options.start = start;
  gd_analysis *analysis = analyse(at, &options);
  const gd_analysis_row row = row_of(analysis, GD_SIMULTANEOUS);
  ck_assert_uint_eq(gd_analysis_facts_of(analysis)->null_directions, 1);
  assert_close(gd_analysis_facts_of(analysis)->radius, sqrt(2), 1e-12, 0); /* (5, 3) from (4, 4) */
  assert_close(row.largest_stable_step, 1, 1e-9, 0);
  assert_close(row.fastest_step, 0.5, 1e-6, 0);
  ck_assert(row.steps_measured <= 2);
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* A method of one's own, here a copy of a built-in table under another name and without its stability function: rated
 * by the derivative of its step, run, and beaten by no other rule than its numbers. */
START_TEST(methods_of_ones_own_have_rows) {
  const double A[] = {1}, C[] = {1};
  gd_method own = *gd_method_find(GD_EXTRAGRADIENT);
  own.name = "mine";
  own.mode_modulus = NULL;
  const gd_method *const methods[] = {&own, gd_method_find(GD_EXTRAGRADIENT)};
  gd_game *game = NULL;
  assert_ok(gd_model_quadratic(&game, 1, 1, A, 1, A, 1, C, 1, NULL));
  gd_linearisation *at = linearise(game, origin);
  gd_analysis_options options;
  gd_analysis_options_init(&options);
  options.methods = methods;
  options.n_methods = 2;
  gd_analysis *analysis = analyse(at, &options);
  ck_assert_uint_eq(gd_analysis_count(analysis), 2);
  const gd_analysis_row mine = row_of(analysis, "mine"), known = row_of(analysis, GD_EXTRAGRADIENT);
  ck_assert_int_eq(mine.route, GD_RATE_BY_MAP);
  ck_assert_int_eq(known.route, GD_RATE_BY_MODES);
  assert_close(mine.largest_stable_step, known.largest_stable_step, 1e-6, 0);
  assert_close(mine.rate, known.rate, 1e-6, 0);
  assert_close(mine.steps_measured, known.steps_measured, 0, 1);
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* Histories begin at the start and end where the run did; they are thinned out and never longer than 4097 rows. */
START_TEST(histories_have_both_ends) {
  const double A[] = {1, 0, 0, 1e-3}, C[] = {0, 0, 0, 0};
  gd_game *game = NULL;
  assert_ok(gd_model_quadratic(&game, 2, 2, A, 2, A, 2, C, 2, NULL));
  gd_linearisation *at = linearise(game, origin);
  gd_analysis *analysis = analyse(at, NULL);
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    gd_analysis_row row;
    const uint64_t *steps = NULL;
    const double *distances = NULL;
    const size_t rows = gd_analysis_history(analysis, k, &steps, &distances);
    assert_ok(gd_analysis_row_at(analysis, k, &row));
    ck_assert_uint_ge(rows, 2);
    ck_assert_uint_le(rows, 4097);
    ck_assert_uint_eq(steps[0], 0);
    assert_close(distances[0], 0.5, 1e-12, 0);
    assert_close(distances[rows - 1], row.end_distance, 0, 0);
    if (!isnan(row.steps_measured)) assert_close((double)steps[rows - 1], row.steps_measured, 0, 0);
    for (size_t j = 1; j < rows; j++) ck_assert(steps[j] > steps[j - 1]);
  }
  ck_assert_uint_eq(gd_analysis_history(analysis, 99, NULL, NULL), 0);
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* v = (-y, x) - (x, y) at (1, 0): |v| = sqrt 2 is no rounding. */
START_TEST(points_that_are_not_stationary_have_no_rows) {
  const double J[] = {-1, 1, -1, -1}, x[] = {1, 0};
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  gd_linearisation *at = linearise(game, x);
  gd_analysis *analysis = analyse(at, NULL);
  size_t best;
  ck_assert_uint_eq(gd_analysis_count(analysis), 0);
  ck_assert_int_eq(gd_analysis_facts_of(analysis)->kind.kind, GD_POINT_NOT_STATIONARY);
  ck_assert_uint_eq(gd_spectrum_count(gd_analysis_spectrum(analysis)), 2);
  assert_fails(gd_analysis_best(analysis, &best), GD_ERR_HYPOTHESIS, "no run arrived");
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

START_TEST(leaks_nothing_when_memory_runs_out) {
  test_game kind = curved_game();
  bool done = false;
  for (size_t fail_at = 1; !done; fail_at += 1 + fail_at / 30) {
    failing_memory memory;
    failing_memory_init(&memory, 0);
    gd_game *game = create_test_game(&kind, &memory.env);
    gd_linearisation *at = NULL;
    gd_analysis *analysis = NULL;
    gd_analysis_options options;
    double x[5];
    gd_analysis_options_init(&options);
    options.max_steps = 50, options.evidence = true, options.samples = 2;
    assert_ok(gd_game_solution(game, x));
    assert_ok(gd_linearise(&at, game, x, NULL));
    memory.calls = 0;
    memory.fail_at = fail_at;
    const gd_status status = gd_analysis_create(&analysis, at, &options);
    done = memory.calls < fail_at;
    ck_assert_int_eq(status, done ? GD_OK : GD_ERR_MEMORY);
    ck_assert(done == (analysis != NULL));
    gd_analysis_destroy(analysis);
    gd_linearisation_destroy(at);
    gd_game_destroy(game);
    ck_assert_uint_eq(memory.live, 0);
  }
}
END_TEST

START_TEST(says_which_argument_is_wrong) {
  const double C[] = {1}, nowhere[] = {NAN, 0};
  const gd_method *const holes[] = {NULL};
  gd_game *game = NULL;
  gd_analysis *analysis = NULL;
  gd_analysis_options options;
  gd_analysis_row row;
  assert_ok(gd_model_bilinear(&game, 1, 1, C, 1, NULL));
  gd_linearisation *at = linearise(game, origin);
  assert_fails(gd_analysis_create(NULL, at, NULL), GD_ERR_ARGUMENT, "analysis is NULL");
  assert_fails(gd_analysis_create(&analysis, NULL, NULL), GD_ERR_ARGUMENT, "linearisation is NULL");
#define REFUSED(member, value, status, words)                                                                          \
  gd_analysis_options_init(&options);                                                                                  \
  options.member = value;                                                                                              \
  assert_fails(gd_analysis_create(&analysis, at, &options), status, words)
  REFUSED(radius, 0, GD_ERR_ARGUMENT, "radius is 0");
  REFUSED(epsilon, NAN, GD_ERR_ARGUMENT, "epsilon is nan");
  REFUSED(gamma, -1, GD_ERR_ARGUMENT, "gamma is -1");
  REFUSED(step_size, INFINITY, GD_ERR_ARGUMENT, "step_size is inf");
  REFUSED(scaling, "nosuch", GD_ERR_NAME, "nosuch");
  REFUSED(start, nowhere, GD_ERR_ARGUMENT, "start[0] is nan");
  REFUSED(start, origin, GD_ERR_HYPOTHESIS, "is an equilibrium");
  gd_analysis_options_init(&options);
  options.methods = holes, options.n_methods = 1;
  assert_fails(gd_analysis_create(&analysis, at, &options), GD_ERR_ARGUMENT, "methods[0] is NULL");
  ck_assert_ptr_null(analysis);
  analysis = analyse(at, NULL);
  assert_fails(gd_analysis_row_at(analysis, 99, &row), GD_ERR_ARGUMENT, "k is 99");
  ck_assert_str_eq(gd_verdict_text(GD_VERDICT_CONVERGES), "converges");
  ck_assert_str_eq(gd_verdict_text((gd_verdict)99), "unknown");
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("analysis", rows_are_the_closed_forms_of_a_bilinear_game, runs_cost_what_their_steps_cost,
           null_directions_are_left_out_of_distances, methods_of_ones_own_have_rows, histories_have_both_ends,
           points_that_are_not_stationary_have_no_rows, leaks_nothing_when_memory_runs_out,
           says_which_argument_is_wrong)
