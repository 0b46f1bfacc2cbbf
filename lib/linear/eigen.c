/* SPDX-License-Identifier: BSD-3-Clause */
/* eigen.c -- dense eigenvalues, by the cheapest way the matrix allows.
 *
 * A symmetric matrix goes to the symmetric solver.  A bilinear one, A = [[0, -C], [C', 0]], is solved through the
 * singular values of M = C' = sum s v u':  A (u, -iv) = (i C v, C' u) = i s (u, -iv), so each s gives the pair +-is
 * with the vectors (u, -+iv)/sqrt 2, and each left-over singular vector of the longer side, (u, 0) or (0, v), an
 * eigenvalue 0.  Anything else goes to dgeev.  Structure is looked for entry by entry, exactly: a matrix that has it
 * only to rounding is solved as a general one. */
#include "linear/eigen.h"

#include "dense/algebra.h"
#include "kernels/vector.h"

#include <math.h>
#include <string.h>

enum { TILE = 32 };

/* B [rows by columns] = sign C', C [columns by rows], both with columns n apart?  Tile by tile: a column and a row of
 * a large matrix do not share a cache. */
static bool is_mirrored(size_t n, size_t rows, size_t columns, const double *B, double sign, const double *C) {
  for (size_t j_tile = 0; j_tile < columns; j_tile += TILE)
    for (size_t i_tile = 0; i_tile < rows; i_tile += TILE)
      for (size_t j = j_tile; j < columns && j < j_tile + TILE; j++)
        for (size_t i = i_tile; i < rows && i < i_tile + TILE; i++)
          if (B[i + j * n] != sign * C[j + i * n]) return false;
  return true;
}

static bool is_symmetric(size_t n, const double *A) { return is_mirrored(n, n, n, A, 1, A); }

static bool is_zero(size_t n, size_t rows, size_t columns, const double *block) {
  for (size_t j = 0; j < columns; j++)
    for (size_t i = 0; i < rows; i++)
      if (block[i + j * n] != 0) return false;
  return true;
}

/* The p for which A = [[0, -C], [C', 0]] with C [p by n - p]; 0 if there is none. */
static size_t bilinear_split(size_t n, const double *A) {
  size_t p = 0;
  while (p < n && is_zero(n, p + 1, 1, A + p * n)) p++;
  const size_t q = n - p;
  const bool fits =
      q > 0 && is_zero(n, p, p, A) && is_zero(n, q, q, A + p * (n + 1)) && is_mirrored(n, p, q, A + p * n, -1, A + p);
  return fits ? p : 0;
}

/* Residuals of the vectors in `eigen`: A z - lambda z, column by column; `product` [n by n] is room for A Z. */
static void residuals(const gdi_eigen *eigen, const double *A, const double *vectors, double *product) {
  const size_t n = eigen->n;
  gdi_matrix_product(&(gdi_product){.rows = n, .columns = n, .inner = n, .A = A, .lda = n, .B = vectors, .ldb = n},
                     product, n);
  for (size_t k = 0; k < n; k++) {
    const double re = eigen->re[k], im = eigen->im[k];
    const double *u = vectors + k * n, *v = u + n;
    double *Au = product + k * n, *Av = Au + n;
    gdi_vector_axpy(n, -re, u, Au);
    if (im == 0) {
      eigen->residual[k] = gdi_vector_norm(n, Au);
      continue;
    }
    /* A (u + iv) - (re + i im)(u + iv) = (Au - re u + im v) + i (Av - re v - im u) */
    gdi_vector_axpy(n, im, v, Au);
    gdi_vector_axpy(n, -re, v, Av);
    gdi_vector_axpy(n, -im, u, Av);
    eigen->residual[k] = eigen->residual[k + 1] = gdi_vector_norm(2 * n, Au);
    k++;
  }
}

/* Solve into `vectors`, which may be NULL. */
static gd_status solve(const gdi_env *env, double *A, bool symmetric, const gdi_eigen *eigen, double *vectors) {
  const size_t n = eigen->n;
  if (!symmetric) return gdi_eigen_general(env, n, A, n, eigen->re, eigen->im, vectors);
  memset(eigen->im, 0, n * sizeof *eigen->im);
  GD_TRY(gdi_eigen_symmetric(env, n, A, n, vectors != NULL, eigen->re));
  if (vectors) memcpy(vectors, A, n * n * sizeof *A);
  return GD_OK;
}

static gd_status solve_with_residuals(const gdi_env *env, double *A, bool symmetric, const gdi_eigen *eigen) {
  const size_t n = eigen->n;
  double *copy = gdi_allocate(env, gdi_times(n, n), sizeof *copy);
  double *vectors = eigen->vectors ? eigen->vectors : gdi_allocate(env, gdi_times(n, n), sizeof *vectors);
  gd_status status = copy && vectors ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    memcpy(copy, A, n * n * sizeof *A);
    status = solve(env, A, symmetric, eigen, vectors);
  }
  if (status == GD_OK) residuals(eigen, copy, vectors, A);
  if (vectors != eigen->vectors) gdi_release(env, vectors);
  gdi_release(env, copy);
  return status;
}

/* The vectors of pair k: (u, 0) and -(0, v), real and imaginary part, each of norm 1/sqrt 2; real and of norm 1 each if
 * the eigenvalue is 0. */
static void bilinear_vectors(const gdi_eigen *eigen, const gdi_svd *svd) {
  const size_t n = eigen->n, p = svd->columns, q = svd->rows;
  memset(eigen->vectors, 0, n * n * sizeof *eigen->vectors);
  for (size_t k = 0; k < n; k++) {
    const size_t index = k < 2 * svd->least ? k / 2 : k - svd->least;
    const double scale = eigen->im[k] != 0 ? sqrt(0.5) : 1.0;
    const bool is_u = k < 2 * svd->least ? k % 2 == 0 : p > q;
    double *column = eigen->vectors + k * n;
    if (is_u)
      for (size_t i = 0; i < p; i++) column[i] = scale * svd->right_transposed[index + i * p];
    else
      for (size_t i = 0; i < q; i++) column[p + i] = -scale * svd->left[i + index * q];
  }
}

static gd_status bilinear_residuals(const gdi_env *env, const gdi_eigen *eigen, const gdi_svd *svd) {
  const size_t p = svd->columns, q = svd->rows;
  double *left = gdi_allocate(env, p + q, sizeof *left);
  if (!left) return GD_ERR_MEMORY;
  double *right = left + q;
  const gd_status status = gdi_svd_residuals(env, svd, left, right);
  for (size_t k = 0; k < eigen->n && status == GD_OK; k++) {
    const size_t index = k < 2 * svd->least ? k / 2 : k - svd->least;
    const double *side = p > q ? right : left;
    if (k >= 2 * svd->least)
      eigen->residual[k] = side[index];
    else if (eigen->im[k] == 0)
      eigen->residual[k] = k % 2 == 0 ? right[index] : left[index];
    else
      eigen->residual[k] = hypot(left[index], right[index]) * sqrt(0.5);
  }
  gdi_release(env, left);
  return status;
}

static gd_status solve_bilinear(const gdi_env *env, double *A, size_t p, const gdi_eigen *eigen) {
  const size_t n = eigen->n, q = n - p;
  /* packed, M fits a smaller cache */
  for (size_t j = 0; j < p; j++) memmove(A + j * q, A + p + j * n, q * sizeof *A);
  gdi_svd svd;
  GD_TRY(gdi_svd_create(env, &svd, q, p, A, q, eigen->vectors || eigen->residual));
  memset(eigen->re, 0, n * sizeof *eigen->re);
  memset(eigen->im, 0, n * sizeof *eigen->im);
  for (size_t k = 0; k < svd.least; k++) {
    eigen->im[2 * k] = svd.values[k];
    eigen->im[2 * k + 1] = 0.0 - svd.values[k]; /* never -0 */
  }
  if (eigen->vectors) bilinear_vectors(eigen, &svd);
  const gd_status status = eigen->residual ? bilinear_residuals(env, eigen, &svd) : GD_OK;
  gdi_svd_destroy(env, &svd);
  return status;
}

gd_status gdi_eigen_solve(const gdi_env *env, double *A, bool symmetric, gdi_eigen *eigen) {
  const size_t p = symmetric ? 0 : bilinear_split(eigen->n, A);
  if (p > 0) return solve_bilinear(env, A, p, eigen);
  symmetric = symmetric || is_symmetric(eigen->n, A);
  if (eigen->residual) return solve_with_residuals(env, A, symmetric, eigen);
  return solve(env, A, symmetric, eigen, eigen->vectors);
}
