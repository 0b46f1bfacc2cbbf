/* SPDX-License-Identifier: BSD-3-Clause */
/* basis.c -- orthonormal vectors by classical Gram-Schmidt, always twice.
 *
 *     h = V'w,  w <- w - V h,   twice, and again while |w| falls below |w before| / sqrt 2
 *
 * Giraud, Langou, Rozloznik & van den Eshof 2005: twice is enough, whatever the vectors.  Omitting the second pass when
 * the first one subtracts little (Daniel, Gragg, Kaufman & Stewart 1976) is valid only while the basis is orthonormal
 * to rounding; the loss of orthogonality then grows from vector to vector and from restart to restart.  The two passes
 * read V three times: the second product V'w is computed together with the first subtraction.
 *
 * Rotations V <- V Q are done for a strip of rows at a time, so no second basis is needed.  They lose a few eps each,
 * and thousands of restarts add up: V <- V (3 I - V'V)/2 squares the loss (Bjorck & Bowie 1971). */
#include "linear/basis.h"

#include "base/error.h"
#include "dense/algebra.h"
#include "kernels/vector.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { ROWS_AT_A_TIME = 256, PASSES_MAX = 4, STRIP_ENTRIES = 32768 };

gd_status gdi_basis_create(const gdi_env *env, gdi_basis *basis, size_t n, size_t capacity) {
  *basis = (gdi_basis){.n = n, .capacity = capacity};
  if (n > INT_MAX) return gdi_fail(GD_ERR_UNSUPPORTED, "vectors of length %zu are too long for BLAS", n);
  size_t entries;
  if (__builtin_mul_overflow(n, capacity, &entries)) entries = SIZE_MAX; /* which no allocator has */
  basis->vectors = gdi_allocate(env, entries, sizeof *basis->vectors);
  basis->room = gdi_allocate(env, ROWS_AT_A_TIME * capacity, sizeof *basis->room);
  basis->square = gdi_allocate(env, capacity * capacity, sizeof *basis->square);
  return basis->vectors && basis->room && basis->square ? GD_OK : GD_ERR_MEMORY;
}

void gdi_basis_destroy(const gdi_env *env, gdi_basis *basis) {
  gdi_release(env, basis->square);
  gdi_release(env, basis->room);
  gdi_release(env, basis->vectors);
  *basis = (gdi_basis){0};
}

/* w <- w - V h, and then `next` <- V'w of the new w, in one read of V: strip by strip, while it is in the cache. */
static void subtract_and_project(const gdi_basis *basis, size_t k, const double *h, double *w, double *next) {
  const size_t n = basis->n, fit = STRIP_ENTRIES / k, most = fit > ROWS_AT_A_TIME ? fit : ROWS_AT_A_TIME;
  double *part = next + k;
  memset(next, 0, k * sizeof *next);
  for (size_t start = 0; start < n; start += most) {
    const size_t left = n - start, rows = left < most ? left : most;
    const double *strip = basis->vectors + start;
    gdi_matrix_vector_add(rows, k, -1, strip, n, h, w + start);
    gdi_matrix_vector(true, rows, k, 1, strip, n, w + start, part);
    gdi_vector_axpy(k, 1, part, next);
  }
}

/* One pass: h = V'w unless it is known, w <- w - V h; the norm of w. */
static double pass(const gdi_basis *basis, size_t k, bool known, double *h, double *w, double *parts) {
  const size_t n = basis->n;
  if (!known) gdi_matrix_vector(true, n, k, 1, basis->vectors, n, w, h);
  gdi_matrix_vector_add(n, k, -1, basis->vectors, n, h, w);
  if (parts) gdi_vector_axpy(k, 1, h, parts);
  return gdi_vector_norm(n, w);
}

double gdi_basis_orthogonalise(const gdi_basis *basis, size_t k, double negligible, double *parts) {
  const size_t n = basis->n;
  double *w = gdi_basis_vector(basis, k), *first = basis->room, *h = first + k;
  double before = 0, norm = gdi_vector_norm(n, w);
  if (parts) memset(parts, 0, k * sizeof *parts);
  if (k > 0 && norm > negligible) {
    gdi_matrix_vector(true, n, k, 1, basis->vectors, n, w, first);
    subtract_and_project(basis, k, first, w, h);
    if (parts) memcpy(parts, first, k * sizeof *parts);
    before = gdi_vector_norm(n, w);
    norm = pass(basis, k, true, h, w, parts);
  }
  for (int passes = 2; passes < PASSES_MAX && norm > negligible && norm <= before * sqrt(0.5); passes++) {
    before = norm;
    norm = pass(basis, k, false, h, w, parts);
  }
  if (!(norm > negligible)) {
    memset(w, 0, n * sizeof *w);
    return 0;
  }
  for (size_t i = 0; i < n; i++) w[i] /= norm;
  return norm;
}

void gdi_basis_draw(const gdi_basis *basis, size_t k, gd_rng *rng) {
  double *w = gdi_basis_vector(basis, k);
  double norm = 0;
  memset(w, 0, basis->n * sizeof *w);
  for (int attempt = 0; attempt < PASSES_MAX && norm == 0 && k < basis->n; attempt++) {
    gd_rng_fill_normal(rng, basis->n, w);
    norm = gdi_basis_orthogonalise(basis, k, 0, NULL);
  }
}

void gdi_basis_rotate(const gdi_basis *basis, size_t count, const double *Q, size_t ldq, size_t kept) {
  for (size_t start = 0; start < basis->n; start += ROWS_AT_A_TIME) {
    const size_t left = basis->n - start, rows = left < ROWS_AT_A_TIME ? left : ROWS_AT_A_TIME;
    const gdi_product strip = {.rows = rows,
                               .columns = kept,
                               .inner = count,
                               .A = basis->vectors + start,
                               .lda = basis->n,
                               .B = Q,
                               .ldb = ldq};
    gdi_matrix_product(&strip, basis->room, rows);
    for (size_t j = 0; j < kept; j++)
      memcpy(gdi_basis_vector(basis, j) + start, basis->room + j * rows, rows * sizeof *basis->room);
  }
}

/* V'V of the first k vectors, into `square`. */
static void multiply_by_itself(const gdi_basis *basis, size_t k) {
  const gdi_product gram = {.transpose_a = true,
                            .rows = k,
                            .columns = k,
                            .inner = basis->n,
                            .A = basis->vectors,
                            .lda = basis->n,
                            .B = basis->vectors,
                            .ldb = basis->n};
  gdi_matrix_product(&gram, basis->square, k);
}

double gdi_basis_defect(const gdi_basis *basis, size_t k) {
  double largest = 0;
  multiply_by_itself(basis, k);
  for (size_t i = 0; i < k * k; i++) {
    const double entry = fabs(basis->square[i] - (i % (k + 1) == 0 ? 1 : 0));
    if (!(entry <= largest)) largest = entry;
  }
  return largest;
}

void gdi_basis_renew(const gdi_basis *basis, size_t k) {
  multiply_by_itself(basis, k);
  for (size_t i = 0; i < k * k; i++) basis->square[i] = (i % (k + 1) == 0 ? 1.5 : 0) - 0.5 * basis->square[i];
  gdi_basis_rotate(basis, k, basis->square, k, k);
}

gd_status gdi_check_product(size_t length, const double *product, double *norm) {
  *norm = gdi_vector_norm(length, product);
  if (isfinite(*norm)) return GD_OK;
  const size_t entry = gdi_vector_first_nonfinite(length, product);
  return gdi_fail(GD_ERR_NONFINITE, "entry %zu of a product of the operator is %g", entry < length ? entry : 0,
                  entry < length ? product[entry] : *norm);
}

gd_status gdi_finite_product(gd_operator *op, bool transposed, const double *u, double *out, double *norm) {
  GD_TRY(transposed ? gd_operator_apply_transpose(op, u, out) : gd_operator_apply(op, u, out));
  return gdi_check_product(transposed ? gd_operator_columns(op) : gd_operator_rows(op), out, norm);
}
