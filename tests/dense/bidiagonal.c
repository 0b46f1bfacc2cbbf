/* SPDX-License-Identifier: BSD-3-Clause */
/* bidiagonal.c -- singular values without vectors: matrices made from known ones, at every size around a panel. */
#include "dense/bidiagonal.h"

#include "dense/algebra.h"
#include "kernels/cpu.h"
#include "kernels/vector.h"
#include "support/failing_memory.h"
#include "support/linear_game.h"
#include "support/suite.h"

#include <float.h>

static gdi_env *environment(void) {
  static gdi_env env;
  assert_ok(gdi_env_copy(&env, NULL));
  return &env;
}

enum { SIDE = 80 };
static double U[SIDE * SIDE], V[SIDE * SIDE], A[SIDE * SIDE], padded[(SIDE + 3) * SIDE];

/* A = U diag(sigma) V', stored with three more rows than it has; LAPACK promises an error of some eps sigma_1. */
static void check_known(size_t rows, size_t columns, const double *sigma, double tolerance) {
  double values[SIDE];
  gd_rng rng = gd_rng_make(rows, columns);
  random_orthogonal(&rng, rows, U);
  random_orthogonal(&rng, columns, V);
  compose(rows, columns, U, sigma, V, A);
  for (size_t j = 0; j < columns; j++) {
    memcpy(padded + j * (rows + 3), A + j * rows, rows * sizeof *A);
    padded[rows + j * (rows + 3)] = NAN;
  }
  assert_ok(gdi_bidiagonal_singular_values(environment(), rows, columns, padded, rows + 3, values));
  for (size_t k = 0; k < columns; k++) assert_close(values[k], sigma[k], 0, tolerance * sigma[0]);
}

START_TEST(finds_known_singular_values_of_every_shape) {
  const size_t shapes[][2] = {{1, 1},   {2, 1},   {2, 2},   {5, 3},   {15, 15}, {16, 16}, {17, 17},
                              {18, 16}, {18, 18}, {33, 32}, {34, 33}, {60, 41}, {80, 80}, {80, 5}};
  for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
    double sigma[SIDE];
    for (size_t i = 0; i < shapes[k][1]; i++) sigma[i] = 3.0 / (double)(i + 1);
    check_known(shapes[k][0], shapes[k][1], sigma, 1e-14);
  }
}
END_TEST

START_TEST(finds_small_and_vanishing_singular_values) {
  double sigma[40] = {0};
  for (size_t i = 0; i < 30; i++) sigma[i] = exp2(-(double)i); /* ten zeros follow */
  check_known(40, 40, sigma, 1e-14);
  for (size_t i = 0; i < 40; i++) sigma[i] = 2;
  check_known(50, 40, sigma, 1e-14);
}
END_TEST

/* Where there is nothing to reflect. */
START_TEST(leaves_what_is_bidiagonal_alone) {
  double zero[12] = {0}, diagonal[9] = {2, 0, 0, 0, -3, 0, 0, 0, 1}, values[3];
  assert_ok(gdi_bidiagonal_singular_values(environment(), 4, 3, zero, 4, values));
  for (int k = 0; k < 3; k++) assert_close(values[k], 0, 0, 0);
  assert_ok(gdi_bidiagonal_singular_values(environment(), 3, 3, diagonal, 3, values));
  for (int k = 0; k < 3; k++) assert_close(values[k], 3 - k, 1e-15, 0);
}
END_TEST

/* Large ones take this way and those at the ends of the range LAPACK's, which scales: the same to its promise, an error
 * of p(n) epsilon times the largest, p growing modestly (LAPACK Users' Guide, section 4.9), here n.
 * A = 2 I + e e' has n + 2 once, and 2. */
START_TEST(serves_large_matrices_of_any_magnitude) {
  enum { N = 256 };
  double *matrix = malloc(sizeof(double[N * N]));
  const double scales[] = {1, 1e-150, 1e150};
  for (int k = 0; k < 3; k++) {
    double values[N];
    for (size_t i = 0; i < N * N; i++) matrix[i] = scales[k] * (i % (N + 1) == 0 ? 3 : 1);
    assert_ok(gdi_singular_values(environment(), N, N, matrix, N, values, NULL, NULL));
    assert_close(values[0], scales[k] * (N + 2), N * DBL_EPSILON, 0);
    for (size_t i = 1; i < N; i++) assert_close(values[i], scales[k] * 2, 0, N * DBL_EPSILON * values[0]);
  }
  free(matrix);
}
END_TEST

/* Those up to gdi_cpu_find() run here. */
static const gdi_vector_kernels *const sets[] = GDI_CPU_KERNELS(gdi_vector_kernels);

/* Integers, so that sums are exact in any order. */
START_TEST(takes_four_columns_at_once_on_every_cpu) {
  double columns[4 * 50], v[50];
  for (size_t k = 0; k < 200; k++) columns[k] = (double)(k * 7 % 13) - 6;
  for (size_t k = 0; k < 50; k++) v[k] = (double)(k * 5 % 11) - 5;
  const double weights[] = {1, -2, 3, 5};
  for (size_t set = 0; set <= gdi_cpu_find(); set++)
    for (size_t n = 0; n <= 41; n++) {
      double dots[4], z[50];
      for (size_t k = 0; k < 50; k++) z[k] = (double)k;
      sets[set]->four_dots(n, columns, 50, v, dots);
      sets[set]->add_four(n, columns, 50, weights, z);
      for (size_t j = 0; j < 4; j++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) sum += columns[k + 50 * j] * v[k];
        ck_assert_double_eq(dots[j], sum);
      }
      for (size_t k = 0; k < 50; k++) {
        double sum = (double)k;
        for (size_t j = 0; j < 4 && k < n; j++) sum += weights[j] * columns[k + 50 * j];
        ck_assert_double_eq(z[k], sum);
      }
    }
}
END_TEST

START_TEST(says_that_memory_ran_out) {
  failing_memory memory;
  gdi_env env;
  double one = 1, value;
  failing_memory_init(&memory, 1);
  assert_ok(gdi_env_copy(&env, &memory.env));
  assert_fails(gdi_bidiagonal_singular_values(&env, 1, 1, &one, 1, &value), GD_ERR_MEMORY, "out of memory");
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

TEST_SUITE("bidiagonal", finds_known_singular_values_of_every_shape, finds_small_and_vanishing_singular_values,
           leaves_what_is_bidiagonal_alone, serves_large_matrices_of_any_magnitude,
           takes_four_columns_at_once_on_every_cpu, says_that_memory_ran_out)
