/* SPDX-License-Identifier: BSD-3-Clause */
/* dense.c -- the LAPACK door: factors, eigenvalues and singular values against matrices solved by hand. */
#include "dense/algebra.h"
#include "kernels/vector.h"

#include "support/suite.h"

#include <limits.h>
#include <math.h>

static gdi_env *environment(void) {
  static gdi_env env;
  assert_ok(gdi_env_copy(&env, NULL));
  return &env;
}

/* An allocator that refuses request number `refuse_at` (1, 2, ...) and counts what is out. */
typedef struct meter {
  int requests, refuse_at, outstanding;
} meter;

static void *meter_allocate(void *context, size_t bytes) {
  meter *m = context;
  if (++m->requests == m->refuse_at) return NULL;
  m->outstanding++;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void meter_release(void *context, void *memory, size_t bytes) {
  (void)bytes;
  ((meter *)context)->outstanding--;
  free(memory);
}

START_TEST(finds_the_first_entry_that_is_no_number) {
  double A[] = {1, 2, 9, 3, 4, 9, 5, 6, 9}; /* 2 by 3, lda 3 */
  size_t i = 7, j = 7;
  A[8] = NAN; /* padding */
  ck_assert(gdi_matrix_is_finite(2, 3, A, 3, &i, &j));
  A[4] = INFINITY;
  A[6] = NAN;
  ck_assert(!gdi_matrix_is_finite(2, 3, A, 3, &i, &j));
  ck_assert_uint_eq(i, 1);
  ck_assert_uint_eq(j, 1);
}
END_TEST

START_TEST(multiplies_matrices_either_way_round) {
  const double A[] = {1, 2, 3, 4, 5, 6}; /* [[1, 3, 5], [2, 4, 6]] */
  const double x[] = {1, -1, 2}, y[] = {1, 10};
  double Ax[2], Aty[3], G[4];
  gdi_matrix_vector(false, 2, 3, 2.0, A, 2, x, Ax); /* 2 (1 - 3 + 10, 2 - 4 + 12) */
  assert_close(Ax[0], 16, 0, 0);
  assert_close(Ax[1], 20, 0, 0);
  gdi_matrix_vector(true, 2, 3, 1.0, A, 2, y, Aty);
  assert_close(Aty[0], 21, 0, 0);
  assert_close(Aty[1], 43, 0, 0);
  assert_close(Aty[2], 65, 0, 0);
  const gdi_product gram = {
      .transpose_b = true, .rows = 2, .columns = 2, .inner = 3, .A = A, .B = A, .lda = 2, .ldb = 2};
  gdi_matrix_product(&gram, G, 2); /* A A' */
  assert_close(G[0], 35, 0, 0);
  assert_close(G[1], 44, 0, 0);
  assert_close(G[2], 44, 0, 0);
  assert_close(G[3], 56, 0, 0);
}
END_TEST

START_TEST(solves_by_lu_with_pivoting) {
  double A[] = {0, 2, 9, 3, 4, 9}; /* [[0, 3], [2, 4]], lda 3: needs a row exchange */
  int pivots[2];
  double b[] = {3, 8}, c[] = {4, 11};
  assert_ok(gdi_lu_factor(2, A, 3, pivots));
  gdi_lu_solve(false, 2, A, 3, pivots, b); /* x = (2, 1) */
  assert_close(b[0], 2, 1e-15, 0);
  assert_close(b[1], 1, 1e-15, 0);
  gdi_lu_solve(true, 2, A, 3, pivots, c); /* 2 x2 = 4, 3 x1 + 4 x2 = 11 */
  assert_close(c[0], 1, 1e-15, 0);
  assert_close(c[1], 2, 1e-15, 0);
}
END_TEST

START_TEST(refuses_a_singular_matrix) {
  double A[] = {1, 2, 2, 4};
  int pivots[2];
  assert_fails(gdi_lu_factor(2, A, 2, pivots), GD_ERR_LAPACK, "singular");
}
END_TEST

/* [[1, -2], [2, 1]]: 1 +- 2i with vectors (1, -+i)/sqrt 2 up to phase. */
START_TEST(finds_a_complex_pair) {
  double A[] = {1, 2, -2, 1}, re[2], im[2], z[4];
  assert_ok(gdi_eigen_general(environment(), 2, A, 2, re, im, z));
  assert_close(re[0], 1, 1e-14, 0);
  assert_close(im[0], 2, 1e-14, 0);
  assert_close(im[1], -2, 1e-14, 0);
  const double norm = gdi_vector_norm(4, z);
  assert_close(norm, 1, 1e-14, 0);
  /* J z = lambda z, real part of the first row: u1 - 2 u2 = u1 - 2 v1, so v1 = u2 */
  assert_close(z[2], z[1], 0, 1e-14);
}
END_TEST

/* [[2, 1], [1, 2]]: 1 and 3, with (1, -1) and (1, 1) over sqrt 2. */
START_TEST(solves_a_symmetric_problem_from_the_lower_triangle) {
  double A[] = {2, 1, NAN, 2}, w[2];
  assert_ok(gdi_eigen_symmetric(environment(), 2, A, 2, true, w));
  assert_close(w[0], 1, 1e-14, 0);
  assert_close(w[1], 3, 1e-14, 0);
  assert_close(fabs(A[0]), sqrt(0.5), 1e-14, 0);
  assert_close(A[0], -A[1], 1e-14, 0);
  assert_close(A[2], A[3], 1e-14, 0);
}
END_TEST

/* 2 by 3: rows (3, 0, 4) and (0, 2, 0) are orthogonal with norms 5 and 2. */
START_TEST(decomposes_a_rectangle_with_all_of_both_factors) {
  double A[] = {3, 0, 0, 2, 4, 0}, s[2], U[4], Vt[9];
  assert_ok(gdi_singular_values(environment(), 2, 3, A, 2, s, U, Vt));
  assert_close(s[0], 5, 1e-14, 0);
  assert_close(s[1], 2, 1e-14, 0);
  assert_close(fabs(U[0]), 1, 1e-14, 0);
  assert_close(fabs(Vt[0]), 0.6, 1e-14, 0); /* first right vector (3, 0, 4)/5 */
  assert_close(fabs(Vt[6]), 0.8, 1e-14, 0);
  assert_close(fabs(Vt[2]), 0.8, 1e-14, 0); /* null vector (4, 0, -3)/5 */
  assert_close(fabs(Vt[8]), 0.6, 1e-14, 0);
  double B[] = {3, 0, 0, 2, 4, 0}, t[2];
  assert_ok(gdi_singular_values(environment(), 2, 3, B, 2, t, NULL, NULL));
  assert_close(t[0], 5, 1e-14, 0);
  assert_close(t[1], 2, 1e-14, 0);
}
END_TEST

START_TEST(says_when_lapack_cannot_count_so_far) {
  double A[1] = {0};
  int pivot;
  const size_t side = (size_t)INT_MAX + 1;
  assert_fails(gdi_lu_factor(side, A, side, &pivot), GD_ERR_UNSUPPORTED,
               "is too large: BLAS and LAPACK count to 2147483647");
  assert_fails(gdi_eigen_symmetric(environment(), side, A, side, false, A), GD_ERR_UNSUPPORTED, "too large");
}
END_TEST

/* Callers keep NaN out; should one come through, dgesdd says so and does not go on for ever. */
START_TEST(says_that_lapack_failed) {
  double A[] = {1, NAN, 2, 3}, s[2];
  assert_fails(gdi_singular_values(environment(), 2, 2, A, 2, s, NULL, NULL), GD_ERR_LAPACK,
               "dgesdd failed on a 2 by 2");
}
END_TEST

START_TEST(gives_its_work_space_back_when_memory_runs_out) {
  meter m = {0};
  const gd_allocator allocator = {sizeof allocator, &m, meter_allocate, meter_release};
  const gd_env env = {.struct_size = sizeof env, .allocator = &allocator};
  gdi_env own;
  assert_ok(gdi_env_copy(&own, &env));
  for (m.refuse_at = 1; m.refuse_at <= 2; m.refuse_at++) {
    double A[] = {2, 1, 1, 2}, w[2], im[2];
    m.requests = 0;
    assert_fails(gdi_eigen_symmetric(&own, 2, A, 2, false, w), GD_ERR_MEMORY, "out of memory");
    m.requests = 0;
    assert_fails(gdi_eigen_general(&own, 2, A, 2, w, im, NULL), GD_ERR_MEMORY, "out of memory");
    m.requests = 0;
    assert_fails(gdi_singular_values(&own, 2, 2, A, 2, w, NULL, NULL), GD_ERR_MEMORY, "out of memory");
    ck_assert_int_eq(m.outstanding, 0);
  }
}
END_TEST

TEST_SUITE("dense", finds_the_first_entry_that_is_no_number, multiplies_matrices_either_way_round,
           solves_by_lu_with_pivoting, refuses_a_singular_matrix, finds_a_complex_pair,
           solves_a_symmetric_problem_from_the_lower_triangle, decomposes_a_rectangle_with_all_of_both_factors,
           says_when_lapack_cannot_count_so_far, says_that_lapack_failed,
           gives_its_work_space_back_when_memory_runs_out)
