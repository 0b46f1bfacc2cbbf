/* SPDX-License-Identifier: BSD-3-Clause */
/* basis.c -- orthonormal vectors by classical Gram-Schmidt, repeated.
 *
 *     h = V'w,  w <- w - V h,   once more whenever |w| fell below |w before| / sqrt 2
 *
 * Daniel, Gragg, Kaufman & Stewart 1976, who show that twice is enough; taken for all vectors of V at once, it is two
 * matrix-vector products.  Rotations V <- V Q go through a strip of rows, so that no second basis is needed. */
#include "linear/basis.h"

#include "base/dense.h"
#include "base/error.h"
#include "base/vector.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { ROWS_AT_A_TIME = 256, PASSES_MAX = 4 };

gd_status gdi_basis_create(const gdi_env *env, gdi_basis *basis, size_t n, size_t capacity) {
  *basis = (gdi_basis){.n = n, .capacity = capacity};
  if (n > INT_MAX) return gdi_fail(GD_ERR_UNSUPPORTED, "vectors of length %zu are too long for BLAS", n);
  size_t entries;
  if (__builtin_mul_overflow(n, capacity, &entries)) entries = SIZE_MAX; /* which no allocator has */
  basis->vectors = gdi_allocate(env, entries, sizeof *basis->vectors);
  basis->room = gdi_allocate(env, ROWS_AT_A_TIME * capacity, sizeof *basis->room);
  return basis->vectors && basis->room ? GD_OK : GD_ERR_MEMORY;
}

void gdi_basis_destroy(const gdi_env *env, gdi_basis *basis) {
  gdi_release(env, basis->room);
  gdi_release(env, basis->vectors);
  *basis = (gdi_basis){0};
}

double gdi_basis_orthogonalise(const gdi_basis *basis, size_t k, double negligible, double *parts) {
  const size_t n = basis->n;
  double *w = gdi_basis_vector(basis, k), *along = basis->room;
  double before = gdi_vector_norm(n, w), norm = before;
  if (parts) memset(parts, 0, k * sizeof *parts);
  for (int pass = 0; pass < PASSES_MAX && norm > negligible && k > 0; pass++) {
    gdi_matrix_vector(true, n, k, 1, basis->vectors, n, w, along);
    gdi_matrix_vector_add(n, k, -1, basis->vectors, n, along, w);
    if (parts) gdi_vector_axpy(k, 1, along, parts);
    before = norm;
    norm = gdi_vector_norm(n, w);
    if (norm > before * sqrt(0.5)) break;
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
