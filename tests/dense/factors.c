/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.c -- systems solved with kept factors, at every size around a group of eight unknowns, within the error that
 * Higham 2002, "Accuracy and Stability of Numerical Algorithms", Theorem 9.4 allows:
 *
 *     |b - A x| <= g P' |L| |U| |x|, entry by entry,   g = 3 n u / (1 - 3 n u), u = eps / 2 */
#include "dense/factors.h"

#include "support/failing_memory.h"
#include "support/suite.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <string.h>

enum { SIDE = 131 };
static double A[SIDE * SIDE], b[SIDE], x[SIDE], allowed[SIDE];

static gdi_env *environment(void) {
  static gdi_env env;
  assert_ok(gdi_env_copy(&env, NULL));
  return &env;
}

static void fill(gdi_factors *f) {
  for (size_t j = 0; j < f->n; j++) memcpy(f->entries + j * f->stride, A + j * f->n, f->n * sizeof *A);
}

/* allowed = P' |L| |U| |x| */
static void find_allowed(const gdi_factors *f) {
  double Ux[SIDE] = {0};
  for (size_t j = 0; j < f->n; j++)
    for (size_t i = 0; i <= j; i++) Ux[i] += fabs(f->entries[i + j * f->stride] * x[j]);
  memcpy(allowed, Ux, sizeof Ux);
  for (size_t j = 0; j < f->n; j++)
    for (size_t i = j + 1; i < f->n; i++) allowed[i] += fabs(f->entries[i + j * f->stride]) * Ux[j];
  for (size_t k = f->n; k-- > 0;) {
    const size_t other = (size_t)f->pivots[k] - 1;
    const double kept = allowed[k];
    allowed[k] = allowed[other];
    allowed[other] = kept;
  }
}

static void check_random_system(size_t n) {
  gdi_factors f;
  gd_rng rng = gd_rng_make(n, 7);
  gd_rng_fill_normal(&rng, n * n, A);
  gd_rng_fill_normal(&rng, n, b);
  for (size_t k = 0; k + 1 < n; k++) A[k + k * n] = 0; /* nothing works without exchanges */
  assert_ok(gdi_factors_create(&f, environment(), n));
  fill(&f);
  assert_ok(gdi_factors_compute(&f));
  memcpy(x, b, n * sizeof *x);
  gdi_factors_solve(&f, x);
  find_allowed(&f);
  const double u = DBL_EPSILON / 2, g = 3 * (double)n * u / (1 - 3 * (double)n * u);
  for (size_t i = 0; i < n; i++) {
    double product = 0, rounding = fabs(b[i]);
    for (size_t j = 0; j < n; j++) {
      product += A[i + j * n] * x[j];
      rounding += fabs(A[i + j * n] * x[j]);
    }
    /* the residual itself is computed to (n + 1) u of its terms */
    assert_close(product, b[i], 0, g * allowed[i] + (double)(n + 1) * u * rounding);
  }
  gdi_factors_destroy(&f);
}

START_TEST(solves_random_systems_of_every_size) {
  for (size_t n = 1; n <= 50; n++) check_random_system(n);
  check_random_system(SIDE);
}
END_TEST

/* [[0, 3], [2, 4]] */
START_TEST(solves_again_with_the_same_factors) {
  gdi_factors f;
  double first[] = {3, 8}, second[] = {3, 0};
  assert_ok(gdi_factors_create(&f, environment(), 2));
  f.entries[0] = 0, f.entries[1] = 2, f.entries[f.stride] = 3, f.entries[f.stride + 1] = 4;
  assert_ok(gdi_factors_compute(&f));
  gdi_factors_solve(&f, first);
  gdi_factors_solve(&f, second); /* x2 = 1, 2 x1 + 4 = 0 */
  assert_close(first[0], 2, 1e-15, 0);
  assert_close(first[1], 1, 1e-15, 0);
  assert_close(second[0], -2, 1e-15, 0);
  assert_close(second[1], 1, 1e-15, 0);
  gdi_factors_destroy(&f);
}
END_TEST

START_TEST(refuses_a_singular_matrix) {
  gdi_factors f;
  assert_ok(gdi_factors_create(&f, environment(), 3));
  assert_fails(gdi_factors_compute(&f), GD_ERR_LAPACK, "singular");
  gdi_factors_destroy(&f);
}
END_TEST

static gd_status create_and_destroy(const gd_env *env, void *argument) {
  gdi_factors f;
  gdi_env own;
  (void)argument;
  assert_ok(gdi_env_copy(&own, env));
  const gd_status status = gdi_factors_create(&f, &own, 9);
  gdi_factors_destroy(&f);
  return status;
}

START_TEST(gives_everything_back_when_memory_runs_out) {
  ck_assert_uint_eq(refuse_each_allocation(create_and_destroy, NULL), 2);
}
END_TEST

TEST_SUITE("factors", solves_random_systems_of_every_size, solves_again_with_the_same_factors,
           refuses_a_singular_matrix, gives_everything_back_when_memory_runs_out)
