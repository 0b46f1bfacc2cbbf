/* SPDX-License-Identifier: BSD-3-Clause */
/* theorems.c -- the theorems of Liang & Stokes 2019 on 1000 random games each: the library's constants give the step
 * size and the number of steps T, and the exact operator norm of the iteration's T-th power keeps the promise.
 *
 * On a bilinear game K = [[0, C], [-C', 0]] is normal with eigenvalues +-i sigma, so a one-step method's T-th power has
 * norm max over sigma of |R|^T, its logarithm T/2 log1p(|R|^2 - 1) is known to rounding for any T:
 *   predictive, consensus |R|^2 - 1 = -2 h g l + h^2 (g^2 l^2 + l),   implicit 1/(1 + h^2 l) - 1,   l = sigma^2.
 * Where T is small enough for rounding not to pile up, the matrix of the library's own step is raised to that power. */
#include "dense/algebra.h"
#include "support/at_point.h"
#include "support/linear_game.h"
#include "support/suite.h"

#include <complex.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <gamedyn/stepper.h>

enum { GAMES = 1000, SIDE = 50, N = 2 * SIDE };

static double U[SIDE * SIDE], V[SIDE * SIDE], A[SIDE * SIDE], B[SIDE * SIDE], C[SIDE * SIDE], J[N * N];
static double sigma[SIDE];
static const double origin[N];

/* Mostly small, up to 50. */
static size_t random_side(gd_rng *rng) {
  return gd_rng_below(rng, 100) == 0 ? 10 + gd_rng_below(rng, 41) : 1 + gd_rng_below(rng, 6);
}

/* sigma [p] with condition number up to 1e3, its extremes first and last. */
static void random_sigma(gd_rng *rng, size_t p) {
  const double condition = gd_rng_below(rng, 4) ? log_uniform(rng, 1, 1e3) : 1, largest = log_uniform(rng, 0.01, 100);
  sigma[0] = largest;
  for (size_t k = 1; k < p; k++) sigma[k] = log_uniform(rng, largest / condition, largest);
  if (p > 1) sigma[p - 1] = largest / condition;
}

static void random_matrix(gd_rng *rng, size_t p, double *out) {
  random_orthogonal(rng, p, U);
  random_orthogonal(rng, p, V);
  compose(p, p, U, sigma, V, out);
}

/* |M^T|_2 by repeated squaring; M [n by n] is used up. */
static double norm_of_power(double *M, size_t n, double T) {
  static double power[4 * N * N], product[4 * N * N];
  bool started = false;
  for (uint64_t left = (uint64_t)T; left > 0; left /= 2) {
    gdi_product p = {.rows = n, .columns = n, .inner = n, .A = M, .lda = n, .B = started ? power : M, .ldb = n};
    if (left % 2 && started) {
      gdi_matrix_product(&p, product, n);
      memcpy(power, product, n * n * sizeof *power);
    } else if (left % 2) {
      memcpy(power, M, n * n * sizeof *power);
      started = true;
    }
    p.B = M;
    gdi_matrix_product(&p, product, n);
    memcpy(M, product, n * n * sizeof *M);
  }
  gd_operator *op;
  double values[2 * N];
  assert_ok(gd_operator_dense(&op, n, n, power, n, NULL));
  assert_ok(gd_singular_values(op, NULL, values, NULL));
  gd_operator_destroy(op);
  return values[0];
}

/* The matrix of one step of a method without memory, from the library's own stepper. */
static void matrix_of_step(gd_game *game, const char *method, double h, double gamma, double *M) {
  gd_stepper *stepper;
  gd_operator *op;
  assert_ok(gd_stepper_create_named(&stepper, game, method));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, h));
  if (gamma > 0) assert_ok(gd_stepper_set(stepper, "gamma", gamma));
  assert_ok(gd_stepper_map(&op, stepper, origin));
  ck_assert_uint_eq(gd_operator_columns(op), gd_game_size(game));
  assert_ok(gd_operator_assemble(op, M, gd_game_size(game)));
  gd_operator_destroy(op);
  gd_stepper_destroy(stepper);
}

static gd_game_constants constants_of(gd_game *game) {
  gd_game_constants constants;
  assert_ok(constants_at(game, origin, 0, 0, 0, &constants));
  ck_assert(!constants.estimated);
  return constants;
}

/* A random bilinear game and its constants, which are known: sigma^2 to rounding of C. */
static gd_game *random_bilinear(gd_rng *rng, linear_game *data, gd_game_constants *constants) {
  const size_t p = random_side(rng);
  random_sigma(rng, p);
  random_matrix(rng, p, C);
  zero_sum_jacobian(p, p, NULL, NULL, C, J);
  *data = (linear_game){.sizes = {p, p}, .J = J};
  gd_game *game = create_linear_game(data, GD_ZERO_SUM, NULL);
  *constants = constants_of(game);
  const double condition = sigma[0] / sigma[p - 1];
  ck_assert(constants->bilinear);
  ck_assert_uint_eq(constants->rank, p);
  assert_close(constants->lambda_max, sigma[0] * sigma[0], 1e-13, 0);
  assert_close(constants->lambda_min, sigma[p - 1] * sigma[p - 1], 1e-13 * condition, 0);
  assert_close(constants->lambda_min_nonzero, constants->lambda_min, 0, 0);
  assert_close(constants->alpha, 0, 0, 0);
  return game;
}

/* log of r |iteration^T| / epsilon, given log |iteration^T|: at most 0 is a promise kept. */
static double excess(double log_norm, double radius, double epsilon) { return log_norm + log(radius / epsilon); }

START_TEST(theorem_1_simultaneous) {
  static double M[N * N];
  gd_rng rng = gd_rng_make(1, 0);
  for (int k = 0; k < GAMES; k++) {
    const size_t p = random_side(&rng), q = random_side(&rng);
    const double radius = log_uniform(&rng, 1e-2, 1e2), epsilon = radius * log_uniform(&rng, 1e-8, 0.9);
    random_sigma(&rng, p);
    random_orthogonal(&rng, p, U);
    compose(p, p, U, sigma, U, A);
    random_sigma(&rng, q);
    random_orthogonal(&rng, q, U);
    compose(q, q, U, sigma, U, B);
    for (size_t i = 0; i < p; i++) /* symmetric to the last bit */
      for (size_t j = 0; j < i; j++) A[i + j * p] = A[j + i * p];
    for (size_t i = 0; i < q; i++)
      for (size_t j = 0; j < i; j++) B[i + j * q] = B[j + i * q];
    gd_rng_fill_normal(&rng, p * q, C);
    zero_sum_jacobian(p, q, A, B, C, J);
    linear_game data = {.sizes = {p, q}, .J = J};
    gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
    const gd_game_constants constants = constants_of(game);
    gd_guarantee guarantee;
    double T;
    assert_ok(gd_guarantee_simultaneous(&guarantee, constants.alpha, constants.beta));
    assert_ok(gd_guarantee_steps(&guarantee, radius, epsilon, &T));
    matrix_of_step(game, GD_SIMULTANEOUS, guarantee.step_size, 0, M);
    ck_assert_double_le(excess(log(norm_of_power(M, p + q, T)), radius, epsilon), 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* w_T = a w_1 + b w_0 mode by mode, |w_0|, |w_1| <= r: the worst start has norm (|a| + |b|) r.
 * With z = h lambda = -i s: w_{t+1} = (1 + 2 z) w_t - z w_{t-1}.  T steps from w_1 by powers of the companion matrix
 * [[1 + 2 z, -z], [1, 0]], squared repeatedly; rounding then grows like T eps, which is far below the slack. */
static double optimistic_norm(double s, double T) {
  double complex power[4] = {1, 0, 0, 1}, base[4] = {1 - 2 * s * _Complex_I, s * _Complex_I, 1, 0}, product[4];
  for (uint64_t left = (uint64_t)T; left > 0; left /= 2)
    for (int square = left % 2 ? 0 : 1; square <= 1; square++) {
      double complex *target = square ? base : power;
      for (int i = 0; i < 4; i++)
        product[i] = base[i / 2 * 2] * target[i % 2] + base[i / 2 * 2 + 1] * target[2 + i % 2];
      memcpy(target, product, sizeof product);
    }
  return cabs(power[0]) + cabs(power[1]);
}

START_TEST(theorem_3_optimistic) {
  gd_rng rng = gd_rng_make(3, 0);
  for (int k = 0; k < GAMES; k++) {
    linear_game data;
    gd_game_constants constants;
    gd_game *game = random_bilinear(&rng, &data, &constants);
    const double radius = log_uniform(&rng, 1e-2, 1e2), epsilon = radius * log_uniform(&rng, 1e-8, 4);
    gd_guarantee guarantee;
    double T;
    assert_ok(gd_guarantee_optimistic(&guarantee, constants.lambda_min, constants.lambda_max));
    assert_ok(gd_guarantee_steps(&guarantee, radius, epsilon, &T));
    for (size_t i = 0; i < data.n / 2; i++)
      ck_assert_double_le(excess(log(optimistic_norm(guarantee.step_size * sigma[i], T)), radius, epsilon), 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* Two optimistic steps of the library's, from w_1 = w_0 = 1 in a mode, are the recursion above: (1 + z), then
 * (1 + 2 z)(1 + z) - z with z = h J and J^2 = -sigma^2. */
START_TEST(the_optimistic_step_is_the_theorems) {
  const double s = 0.25, rotation[] = {0, 1, -1, 0};
  linear_game data = {.sizes = {1, 1}, .J = rotation};
  gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
  gd_stepper *stepper;
  double x[2] = {1, 0};
  assert_ok(gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, s));
  assert_ok(gd_stepper_step(stepper, x)); /* (1 + z) 1 */
  assert_close(x[0], 1, 1e-15, 0);
  assert_close(x[1], s, 1e-15, 0);
  assert_ok(gd_stepper_step(stepper, x)); /* 1 + 2 z + 2 z^2 */
  assert_close(x[0], 1 - 2 * s * s, 1e-15, 0);
  assert_close(x[1], 2 * s, 1e-15, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* Theorems 4 and 6; the worst excess of 1000 games. */
static double predict(const char *method, uint64_t seed,
                      gd_status (*guarantee_of)(gd_guarantee *, double, double, double)) {
  static double M[N * N];
  double worst = -INFINITY;
  gd_rng rng = gd_rng_make(seed, 0);
  for (int k = 0; k < GAMES; k++) {
    linear_game data;
    gd_game_constants constants;
    gd_game *game = random_bilinear(&rng, &data, &constants);
    const double gamma = log_uniform(&rng, 1e-4, 10) / sigma[0];
    const double radius = log_uniform(&rng, 1e-2, 1e2), epsilon = radius * log_uniform(&rng, 1e-8, 0.9);
    gd_guarantee guarantee;
    double T;
    assert_ok(guarantee_of(&guarantee, constants.lambda_min, constants.lambda_max, gamma));
    assert_ok(gd_guarantee_steps(&guarantee, radius, epsilon, &T));
    const double h = guarantee.step_size;
    for (size_t i = 0; i < data.n / 2; i++) {
      const double l = sigma[i] * sigma[i], change = h * h * (gamma * gamma * l * l + l) - 2 * h * gamma * l;
      worst = fmax(worst, excess(T / 2 * log1p(change), radius, epsilon));
    }
    if (T < 1e5) {
      matrix_of_step(game, method, h, gamma, M);
      ck_assert_double_le(excess(log(norm_of_power(M, data.n, T)), radius, epsilon), 1e-10);
    }
    gd_game_destroy(game);
  }
  return worst;
}

/* The promise is kept, and could not be better: on games with one sigma and small gamma sigma it is an equality in the
 * limit, where log |iteration^T| = T/2 log(1 - x) and T = 2/x log(r/epsilon), x = (gamma sigma)^2/(1 + (gamma
 * sigma)^2). The constants come from C to 1e-13 times its condition number, and T magnifies that by log(r/epsilon). */
START_TEST(theorem_4_predictive) {
  const double worst = predict(GD_PREDICTIVE, 4, gd_guarantee_predictive);
  ck_assert_double_le(worst, 1e-9);
  ck_assert_double_ge(worst, log(.9999999));
}
END_TEST

START_TEST(theorem_6_consensus) {
  const double worst = predict(GD_CONSENSUS, 6, gd_guarantee_consensus);
  ck_assert_double_le(worst, 1e-9);
  ck_assert_double_ge(worst, log(.9999999));
}
END_TEST

START_TEST(theorem_5_implicit) {
  static double M[N * N];
  gd_rng rng = gd_rng_make(5, 0);
  for (int k = 0; k < GAMES; k++) {
    linear_game data;
    gd_game_constants constants;
    gd_game *game = random_bilinear(&rng, &data, &constants);
    const double radius = log_uniform(&rng, 1e-2, 1e2), epsilon = radius * log_uniform(&rng, 1e-8, 0.9);
    gd_guarantee guarantee;
    double T;
    assert_ok(gd_guarantee_implicit(&guarantee, constants.lambda_min, constants.lambda_max));
    assert_ok(gd_guarantee_steps(&guarantee, radius, epsilon, &T));
    for (size_t i = 0; i < data.n / 2; i++) {
      const double s = guarantee.step_size * sigma[i];
      ck_assert_double_le(excess(-T / 2 * log1p(s * s), radius, epsilon), 0);
    }
    matrix_of_step(game, GD_IMPLICIT, guarantee.step_size, 0, M);
    ck_assert_double_le(excess(log(norm_of_power(M, data.n, T)), radius, epsilon), 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* The least singular value of one step never is below the bound, and meets it at h = 1/(1 + s). */
START_TEST(corollary_1_lower_bound) {
  static double M[N * N], eye[SIDE * SIDE];
  double values[N];
  gd_rng rng = gd_rng_make(7, 0);
  for (int k = 0; k < GAMES; k++) {
    const size_t p = random_side(&rng);
    random_sigma(&rng, p);
    random_matrix(&rng, p, C);
    for (size_t i = 0; i < p * p; i++) eye[i] = i % (p + 1) == 0;
    zero_sum_jacobian(p, p, eye, eye, C, J);
    linear_game data = {.sizes = {p, p}, .J = J};
    gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
    const gd_game_constants constants = constants_of(game);
    const double s = constants.lambda_min, best = 1 / (1 + s);
    const double steps[] = {log_uniform(&rng, 1e-4, 10), best * log_uniform(&rng, 0.5, 2), best};
    double bound;
    assert_ok(gd_lower_bound_simultaneous(s, &bound));
    for (int i = 0; i < 3; i++) {
      matrix_of_step(game, GD_SIMULTANEOUS, steps[i], 0, M);
      gd_operator *op;
      assert_ok(gd_operator_dense(&op, data.n, data.n, M, data.n, NULL));
      assert_ok(gd_singular_values(op, NULL, values, NULL));
      gd_operator_destroy(op);
      const double rounding = 1e-13 * (1 + steps[i] * sigma[0]);
      ck_assert_double_ge(values[data.n - 1], bound - rounding);
      if (i == 2) assert_close(values[data.n - 1], bound, 0, rounding);
    }
    gd_game_destroy(game);
  }
}
END_TEST

TEST_SUITE("theorems", theorem_1_simultaneous, theorem_3_optimistic, the_optimistic_step_is_the_theorems,
           theorem_4_predictive, theorem_5_implicit, theorem_6_consensus, corollary_1_lower_bound)
