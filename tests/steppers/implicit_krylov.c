/* SPDX-License-Identifier: BSD-3-Clause */
/* implicit_krylov.c -- implicit steps on games that are too large for a matrix. */
#include "steppers/at_work.h"

#include "support/failing_memory.h"

#include <math.h>

/* A stepper of step size 1/2 on the game, which may build no matrix. */
static at_work put_to_work_without_matrix(const test_game *kind, const gd_env *env) {
  at_work work = {.game = create_test_game(kind, env)};
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 0;
  assert_ok(gd_game_configure(work.game, &options));
  assert_ok(gd_stepper_create_named(&work.stepper, work.game, GD_IMPLICIT));
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, 0.5));
  return work;
}

/* Ten steps with and without a matrix end at the same points, and J is asked for in one case only. */
START_TEST(goes_where_the_dense_method_goes) {
  const test_game kinds[] = {curved_game(), general_game(), rotation_game()};
  for (size_t which = 0; which < 3; which++) {
    at_work dense = put_to_work_with_step(&kinds[which], GD_IMPLICIT, 0.5);
    at_work krylov = put_to_work_without_matrix(&kinds[which], NULL);
    double x[5] = {0.5, 0.25, -0.25, 0.5, 2}, y[5] = {0.5, 0.25, -0.25, 0.5, 2};
    for (int t = 0; t < 10; t++) {
      assert_ok(gd_stepper_step(dense.stepper, x));
      assert_ok(gd_stepper_step(krylov.stepper, y));
      /* both solve their equation to 1e-12 |H v|, and I - H J has an inverse of norm at most 2 on these games */
      assert_vector(gd_game_size(dense.game), y, x, 1e-10);
    }
    gd_counts counts;
    gd_game_counts(krylov.game, &counts);
    ck_assert_uint_eq(counts.jacobians, 0);
    ck_assert_uint_gt(counts.jvps, 0);
    retire(&dense);
    retire(&krylov);
  }
}
END_TEST

START_TEST(keeps_players_step_sizes_apart) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_without_matrix(&kind, NULL);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25}));
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  const double y0 = (1 - 0.5 * 2) / (1 + 0.5 * 0.25); /* y_0 = x_0 - h_0 y_1, y_1 = x_1 + h_1 y_0 */
  assert_vector(2, x, ((double[]){y0, 2 + 0.25 * y0}), 1e-12);
  retire(&work);
}
END_TEST

START_TEST(stays_at_an_equilibrium) {
  const test_game kind = general_game();
  at_work work = put_to_work_without_matrix(&kind, NULL);
  double x[4] = {0};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(4, x, ((double[]){0, 0, 0, 0}));
  retire(&work);
}
END_TEST

/* ---- a large game ---- */

enum { PAIRS = 4000 };

static double coupling(size_t k) { return 0.1 + 1.9 * (double)k / PAIRS; }

/* U = sum_k c_k theta_k omega_k: v = (-c omega, c theta); products alike, since v is linear. */
static int large_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw, (void)x;
  for (size_t k = 0; k < PAIRS; k++) {
    Ju[k] = -coupling(k) * u[PAIRS + k];
    Ju[PAIRS + k] = coupling(k) * u[k];
  }
  return 0;
}

static int large_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return large_jvp(data, draw, x, x, v);
}

/* (I - h J)^-1 of a pair with s = h c: (theta - s omega, omega + s theta) / (1 + s^2).  With s at most 1 the residual
 * falls by 1 + sqrt 2 per product, so 1e-12 of |h v| and a factor 2 take at most 33; one more for its residual. */
START_TEST(solves_a_large_bilinear_game_in_few_products) {
  const test_game kind = {.ops = {.struct_size = sizeof(gd_game_ops), .gradient = large_gradient, .jvp = large_jvp},
                          .n_players = 2,
                          .block_sizes = {PAIRS, PAIRS},
                          .traits = GD_ZERO_SUM | GD_AFFINE};
  at_work work = {.game = create_test_game(&kind, NULL)};
  assert_ok(gd_stepper_create_named(&work.stepper, work.game, GD_IMPLICIT));
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, 0.5));
  double *x = calloc(2 * PAIRS, sizeof *x);
  for (size_t k = 0; k < 2 * PAIRS; k++) x[k] = sin((double)k);
  assert_ok(gd_stepper_step(work.stepper, x));
  for (size_t k = 0; k < PAIRS; k++) {
    const double s = 0.5 * coupling(k), theta = sin((double)k), omega = sin((double)(PAIRS + k));
    assert_close(x[k], (theta - s * omega) / (1 + s * s), 0, 1e-10); /* 1e-12 of |h v|, which is 52 */
    assert_close(x[PAIRS + k], (omega + s * theta) / (1 + s * s), 0, 1e-10);
  }
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_le(counts.jvps, 34);
  free(x);
  retire(&work);
}
END_TEST

/* v = J x + (1, 0), J = [[2, -2], [0, 2]], so that I - J/2 shifts: it takes (a, b) to (b, 0).  From x = 0 the equation
 * for the move d is d_1 = 1/2.  Products with (1, 0) are 0, so that GMRES finds no d. */
static int shifting_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw, (void)x;
  Ju[0] = 2 * u[0] - 2 * u[1];
  Ju[1] = 2 * u[1];
  return 0;
}

static int shifting_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  shifting_jvp(data, draw, x, x, v);
  v[0] += 1;
  return 0;
}

START_TEST(says_that_a_singular_equation_was_not_solved) {
  const test_game kind = {.ops = {.struct_size = sizeof kind.ops, .gradient = shifting_gradient, .jvp = shifting_jvp},
                          .n_players = 2,
                          .block_sizes = {1, 1},
                          .traits = GD_AFFINE};
  at_work work = put_to_work_without_matrix(&kind, NULL);
  double x[2] = {0, 0};
  ck_assert_int_eq(gd_stepper_step(work.stepper, x), GD_NOT_CONVERGED);
  retire(&work);
}
END_TEST

/* ---- failures ---- */

START_TEST(takes_no_memory_while_it_steps) {
  failing_memory memory;
  failing_memory_init(&memory, 0);
  const test_game kind = curved_game();
  at_work work = put_to_work_without_matrix(&kind, &memory.env);
  double x[5] = {0.5, 0.25, -0.25, 0.5, 2};
  const size_t calls = memory.calls;
  for (int t = 0; t < 3; t++) assert_ok(gd_stepper_step(work.stepper, x));
  ck_assert_uint_eq(memory.calls, calls);
  retire(&work);
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(passes_on_whichever_call_fails) {
  failing_calls calls = {0, 0, -1};
  const test_game kind = failing_game(&calls);
  at_work work = put_to_work_without_matrix(&kind, NULL);
  for (calls.fail_at = 1;; calls.fail_at++) {
    double x[2] = {3, -4};
    calls.calls = 0;
    const gd_status status = gd_stepper_step(work.stepper, x);
    if (calls.calls < calls.fail_at) break;
    ck_assert_int_eq(status, GD_ERR_CALLBACK);
    assert_same(2, x, ((double[]){3, -4}));
  }
  ck_assert_uint_gt(calls.fail_at, 4);
  retire(&work);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  (void)argument;
  const test_game kind = curved_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game;
  gd_stepper *stepper;
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 0;
  GD_TRY(gd_game_create(&game, &spec));
  gd_status status = gd_game_configure(game, &options);
  if (status == GD_OK) status = gd_stepper_create_named(&stepper, game, GD_IMPLICIT);
  if (status == GD_OK) gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return status;
}

START_TEST(leaks_nothing_when_memory_runs_out) { ck_assert_uint_gt(refuse_each_allocation(attempt, NULL), 10); }
END_TEST

START_TEST(refuses_a_point_spread_over_processes) {
  test_game kind = rotation_game();
  kind.traits |= GD_PARTITIONED;
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create_named(&stepper, game, GD_IMPLICIT), GD_ERR_UNSUPPORTED, "spread over processes");
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("implicit_krylov", goes_where_the_dense_method_goes, keeps_players_step_sizes_apart, stays_at_an_equilibrium,
           solves_a_large_bilinear_game_in_few_products, says_that_a_singular_equation_was_not_solved,
           takes_no_memory_while_it_steps, passes_on_whichever_call_fails, leaks_nothing_when_memory_runs_out,
           refuses_a_point_spread_over_processes)
