/* SPDX-License-Identifier: BSD-3-Clause */
/* newton_krylov.c -- stationary points found by Newton's method, and every reason it has to stop. */
#include <gamedyn/solve.h>

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <float.h>
#include <gamedyn/models.h>
#include <math.h>

static gd_newton_options defaults(void) {
  gd_newton_options options;
  gd_newton_options_init(&options);
  return options;
}

static double gradient_norm(gd_game *game, const double *x) {
  double v[8], norm;
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_norm(game, v, &norm));
  return norm;
}

/* From `offset` away in every direction to the stated solution; then once more, from there. */
static void check_game(const test_game *kind, double offset) {
  gd_game *game = create_test_game(kind, NULL);
  double x[8], solution[8];
  assert_ok(gd_game_solution(game, solution));
  for (size_t k = 0; k < gd_game_size(game); k++) x[k] = solution[k] + (k % 2 ? -offset : offset);
  gd_newton_result result;
  assert_ok(gd_newton_solve(game, x, NULL, &result));
  ck_assert_int_eq(result.stop, GD_NEWTON_CONVERGED);
  ck_assert_double_le(result.gradient_norm, 1e-12);
  assert_close(result.gradient_norm, gradient_norm(game, x), 0, 0);
  /* the Jacobians' inverses at the solutions have norms below 10 */
  for (size_t k = 0; k < gd_game_size(game); k++) assert_close(x[k], solution[k], 0, 1e-11);
  assert_ok(gd_newton_solve(game, x, NULL, &result));
  ck_assert_uint_eq(result.iterations, 0);
  ck_assert_uint_eq(result.gradients, result.gradient_norm > 0 ? 2 : 1); /* a look ahead tells it from a small field */
  ck_assert_uint_eq(result.products, 0);
  gd_game_destroy(game);
}

START_TEST(finds_the_solutions_of_curved_games) {
  const test_game curved = curved_game(), general = general_game(), half_plane = half_plane_game();
  check_game(&curved, 0.3);
  check_game(&general, 0.2);
  check_game(&half_plane, 0.25);
}
END_TEST

START_TEST(takes_products_from_differences_where_there_are_no_others) {
  test_game kind = curved_game();
  kind.ops.jvp = NULL;
  kind.ops.vjp = NULL;
  kind.ops.jvp_many = NULL;
  kind.ops.jacobian = NULL;
  check_game(&kind, 0.3);
}
END_TEST

/* U = theta omega, v = (-omega, theta): the flow goes round for ever, Newton's method is there at once. */
START_TEST(solves_an_affine_game_in_a_few_steps) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  double x[] = {3, -4};
  gd_newton_result result;
  assert_ok(gd_newton_solve(game, x, NULL, &result));
  assert_close(hypot(x[0], x[1]), 0, 0, 1e-12);
  ck_assert_uint_le(result.iterations, 3);
  gd_game_destroy(game);
}
END_TEST

/* ---- one variable, any function ---- */

/* v(x), v'(x) of one variable; the code returned. */
typedef int field(double x, double *v, double *slope);

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  double slope;
  return (*(field **)data)(x[0], v, &slope);
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)draw;
  double v, slope;
  const int code = (*(field **)data)(x[0], &v, &slope);
  *Ju = slope * u[0];
  return code;
}

static gd_status solve_field(field *f, double *x, const gd_newton_options *options, gd_newton_result *result) {
  const test_game kind = {.ops = {.struct_size = sizeof(gd_game_ops), .gradient = gradient, .jvp = jvp},
                          .data = &f,
                          .n_players = 1,
                          .block_sizes = {1}};
  gd_game *game = create_test_game(&kind, NULL);
  const gd_status status = gd_newton_solve(game, x, options, result);
  gd_game_destroy(game);
  return status;
}

static int bowl(double x, double *v, double *slope) {
  *v = 1 + x * x;
  *slope = 2 * x;
  return 0;
}

/* |v| is smallest at 0, where it is 1: no zero to find. */
START_TEST(says_that_there_is_no_zero_nearby) {
  double x = 0.7;
  gd_newton_result result;
  gd_newton_options options = defaults();
  options.max_iterations = 10000;
  ck_assert_int_eq(solve_field(bowl, &x, &options, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_NEWTON_LINE_SEARCH);
  ck_assert_double_ge(result.gradient_norm, 1);
  ck_assert_double_lt(result.gradient_norm, 1 + 0.7 * 0.7);
  x = 0; /* the slope is 0: there is not even a step */
  ck_assert_int_eq(solve_field(bowl, &x, NULL, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_NEWTON_LINE_SEARCH);
  assert_close(result.gradient_norm, 1, 0, 0);
}
END_TEST

/* v = (1, y / 1000 + 1/1000) at a point of 1e20: |v| is 1 at least.  The step that GMRES finds changes the second entry
 * alone.  It is lost in the rounding of x, but that is not why |v| stays. */
static int flat_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = 1;
  v[1] = (x[1] + 1) / 1000;
  return 0;
}

static int flat_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw, (void)x;
  Ju[0] = 0;
  Ju[1] = u[1] / 1000;
  return 0;
}

START_TEST(does_not_take_a_singular_system_for_rounding) {
  const test_game kind = {.ops = {.struct_size = sizeof kind.ops, .gradient = flat_gradient, .jvp = flat_jvp},
                          .n_players = 1,
                          .block_sizes = {2}};
  gd_game *game = create_test_game(&kind, NULL);
  double x[] = {1e20, 0};
  gd_newton_result result;
  ck_assert_int_eq(gd_newton_solve(game, x, NULL, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_NEWTON_LINE_SEARCH);
  ck_assert_double_ge(result.gradient_norm, 1);
  gd_game_destroy(game);
}
END_TEST

static int arc(double x, double *v, double *slope) {
  *v = atan(x);
  *slope = 1 / (1 + x * x);
  return 0;
}

/* Undamped, Newton's method on atan diverges from |x| > 1.39. */
START_TEST(shortens_steps_that_go_too_far) {
  double x = 20;
  assert_ok(solve_field(arc, &x, NULL, NULL));
  assert_close(x, 0, 0, 1e-12);
}
END_TEST

static int logarithm(double x, double *v, double *slope) {
  if (!(x > 0)) return 1;
  *v = log(x) - 1;
  *slope = 1 / x;
  return 0;
}

/* From 10 the first step would go to 10 - 10 (log 10 - 1) < 0, where there is no logarithm. */
START_TEST(stays_inside_the_domain) {
  double x = 10;
  assert_ok(solve_field(logarithm, &x, NULL, NULL));
  assert_close(x, exp(1), 1e-12, 0);
  x = -1;
  assert_fails(solve_field(logarithm, &x, NULL, NULL), GD_ERR_DOMAIN, "");
  assert_close(x, -1, 0, 0);
}
END_TEST

static int large(double x, double *v, double *slope) {
  *v = x * x - 2e20;
  *slope = 2 * x;
  return 0;
}

/* The root 1.4e10 has neighbours 2e-6 away, between which v changes by 5e4: no |v| of 1e-12 can be expected. */
START_TEST(says_that_rounding_is_reached) {
  double x = 1e10;
  gd_newton_result result;
  ck_assert_int_eq(solve_field(large, &x, NULL, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_NEWTON_ROUNDING);
  assert_close(x, sqrt(2e20), 4 * DBL_EPSILON, 0);
}
END_TEST

static int weak(double x, double *v, double *slope) {
  *v = 1e-14 * (x - 3);
  *slope = 1e-14;
  return 0;
}

/* |v| = 3e-14 at 0 and 2.4e-14 ahead, at 0.6: below 1e-12 both.  |v| <= 1e-24 is |x - 3| <= 1e-10. */
START_TEST(does_not_take_a_small_field_for_a_zero) {
  double x = 0;
  gd_newton_result result;
  gd_newton_options options = defaults();
  assert_fails(solve_field(weak, &x, NULL, &result), GD_NOT_CONVERGED, "scale the utilities");
  ck_assert_int_eq(result.stop, GD_NEWTON_SMALL_FIELD);
  ck_assert(result.gradients == 2 && result.iterations == 0 && result.products == 0 && x == 0);
  assert_close(result.gradient_norm, 3e-14, 1e-15, 0);
  options.tolerance = 1e-24;
  assert_ok(solve_field(weak, &x, &options, &result));
  assert_close(x, 3, 1e-9, 0);
}
END_TEST

START_TEST(spends_no_more_than_it_may) {
  gd_newton_options options = defaults();
  gd_newton_result result;
  double x = 20;
  options.max_iterations = 2;
  ck_assert_int_eq(solve_field(arc, &x, &options, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_NEWTON_ITERATIONS);
  ck_assert_uint_eq(result.iterations, 2);
  assert_close(result.gradient_norm, atan(x), 0, 0);
  options = defaults();
  options.max_products = 3;
  x = 20;
  ck_assert_int_eq(solve_field(arc, &x, &options, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_NEWTON_PRODUCTS_SPENT);
  ck_assert_uint_le(result.products, 3);
}
END_TEST

/* ---- failures ---- */

START_TEST(passes_on_whichever_call_fails) {
  for (int code = -1; code <= 0; code++) {
    failing_calls calls = {0, 1, code};
    const test_game kind = failing_game(&calls);
    for (;; calls.fail_at++) {
      gd_game *game = create_test_game(&kind, NULL);
      double x[] = {3, -4};
      calls.calls = 0;
      const gd_status status = gd_newton_solve(game, x, NULL, NULL);
      gd_game_destroy(game);
      if (calls.calls < calls.fail_at) break;
      if (code < 0) {
        ck_assert_int_eq(status, GD_ERR_CALLBACK);
        assert_close(x[0], 3, 0, 0);
      }
    }
    ck_assert_uint_gt(calls.fail_at, 4);
  }
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const gd_newton_options *options = argument;
  const test_game kind = curved_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game;
  double x[] = {0.4, 0, 0.9, -1, 0};
  GD_TRY(gd_game_create(&game, &spec));
  const gd_status status = gd_newton_solve(game, x, options, NULL);
  gd_game_destroy(game);
  return status;
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  gd_newton_options options = defaults();
  double I[25] = {0};
  for (size_t k = 0; k < 5; k++) I[6 * k] = 1;
  ck_assert_uint_gt(refuse_each_allocation(attempt, &options), 5);
  assert_ok(gd_operator_dense(&options.preconditioner, 5, 5, I, 5, NULL));
  ck_assert_uint_gt(refuse_each_allocation(attempt, &options), 7);
  gd_operator_destroy(options.preconditioner);
}
END_TEST

START_TEST(refuses_senseless_wishes) {
  test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  kind.traits |= GD_PARTITIONED;
  gd_game *spread = create_test_game(&kind, NULL);
  double x[] = {1, 1};
  gd_newton_options options = defaults();
  assert_fails(gd_newton_solve(NULL, x, NULL, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_newton_solve(game, NULL, NULL, NULL), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_newton_solve(spread, x, NULL, NULL), GD_ERR_UNSUPPORTED, "spread over processes");
  options.tolerance = -1;
  assert_fails(gd_newton_solve(game, x, &options, NULL), GD_ERR_ARGUMENT, "tolerance is -1");
  options = defaults();
  options.max_products = 0;
  assert_fails(gd_newton_solve(game, x, &options, NULL), GD_ERR_ARGUMENT, "max_products is 0");
  options = defaults();
  options.restart = 0;
  assert_fails(gd_newton_solve(game, x, &options, NULL), GD_ERR_ARGUMENT, "restart is 0");
  options = defaults();
  const double one[] = {1};
  assert_ok(gd_operator_dense(&options.preconditioner, 1, 1, one, 1, NULL));
  assert_fails(gd_newton_solve(game, x, &options, NULL), GD_ERR_ARGUMENT, "1 by 1, expected 2 by 2");
  gd_operator_destroy(options.preconditioner);
  options.struct_size = 0;
  assert_fails(gd_newton_solve(game, x, &options, NULL), GD_ERR_STRUCT, "gd_newton_options");
  assert_close(x[0] + x[1], 2, 0, 0);
  gd_game_destroy(game);
  gd_game_destroy(spread);
}
END_TEST

/* Cournot's game, price 10 - sum of q, costs (1, 1, 7), q >= 0: v = 0 at (3.75, 3.75, -2.25), outside.  With a cost of
 * 3 in place of 7 it is at q_i = p - c_i, p = (10 + 1 + 1 + 3) / 4 = 3.75: (2.75, 2.75, 0.75). */
static int cournot_gradient(void *data, const gd_draw *draw, const double *q, double *v) {
  const double costs[3] = {1, 1, *(double *)data}, price = 10 - q[0] - q[1] - q[2];
  (void)draw;
  for (int i = 0; i < 3; i++) v[i] = price - q[i] - costs[i];
  return 0;
}

static int cournot_project(void *data, double *q) {
  (void)data;
  for (int i = 0; i < 3; i++) q[i] = fmax(q[i], 0);
  return 0;
}

START_TEST(never_answers_with_a_point_outside_the_feasible_set) {
  double cost = 7, q[3] = {1, 1, 1};
  test_game kind = {.ops = {.struct_size = sizeof kind.ops,
                            .name = "cournot",
                            .gradient = cournot_gradient,
                            .project = cournot_project},
                    .data = &cost,
                    .n_players = 3,
                    .block_sizes = {1, 1, 1},
                    .traits = GD_AFFINE | GD_BOX};
  gd_game *game = create_test_game(&kind, NULL);
  assert_fails(gd_newton_solve(game, q, NULL, NULL), GD_ERR_DOMAIN, "outside the feasible set of \"cournot\", 2.");
  ck_assert(q[0] == 1 && q[1] == 1 && q[2] == 1);
  gd_game_destroy(game);
  cost = 3;
  game = create_test_game(&kind, NULL);
  assert_ok(gd_newton_solve(game, q, NULL, NULL));
  assert_close(q[0], 2.75, 1e-12, 0);
  assert_close(q[1], 2.75, 1e-12, 0);
  assert_close(q[2], 0.75, 1e-12, 0);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("newton_krylov", finds_the_solutions_of_curved_games,
           takes_products_from_differences_where_there_are_no_others, solves_an_affine_game_in_a_few_steps,
           says_that_there_is_no_zero_nearby, does_not_take_a_singular_system_for_rounding,
           shortens_steps_that_go_too_far, stays_inside_the_domain, says_that_rounding_is_reached,
           does_not_take_a_small_field_for_a_zero, spends_no_more_than_it_may, passes_on_whichever_call_fails,
           leaks_nothing_when_memory_runs_out, never_answers_with_a_point_outside_the_feasible_set,
           refuses_senseless_wishes)
