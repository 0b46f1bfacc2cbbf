/* SPDX-License-Identifier: BSD-3-Clause */
/* algebra.c -- dense algebra by CBLAS and LAPACKE.
 *
 * The `_work` forms of LAPACKE are used throughout.  The other forms read every matrix once more to search for NaN, and
 * take work space from malloc. */
#include "dense/algebra.h"

#include "base/error.h"
#include "dense/bidiagonal.h"
#include "kernels/vector.h"

#include <cblas.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>

/* From this size on the library's own reduction is faster than dgesdd, whose matrix no longer fits the nearest
 * cache. */
enum { BIDIAGONAL_LEAST = 256 };

_Static_assert(sizeof(lapack_int) == sizeof(int), "pivots are handed over as int");

bool gdi_matrix_is_finite(size_t rows, size_t columns, const double *A, size_t lda, size_t *row, size_t *column) {
  for (size_t j = 0; j < columns; j++) {
    const size_t first = gdi_vector_first_nonfinite(rows, A + j * lda);
    if (first == rows) continue;
    *row = first;
    *column = j;
    return false;
  }
  return true;
}

void gdi_matrix_vector(bool transposed, size_t rows, size_t columns, double scale, const double *A, size_t lda,
                       const double *x, double *out) {
  cblas_dgemv(CblasColMajor, transposed ? CblasTrans : CblasNoTrans, (int)rows, (int)columns, scale, A, (int)lda, x, 1,
              0.0, out, 1);
}

void gdi_matrix_vector_add(size_t rows, size_t columns, double scale, const double *A, size_t lda, const double *x,
                           double *out) {
  cblas_dgemv(CblasColMajor, CblasNoTrans, (int)rows, (int)columns, scale, A, (int)lda, x, 1, 1.0, out, 1);
}

void gdi_matrix_product(const gdi_product *p, double *out, size_t ldout) {
  cblas_dgemm(CblasColMajor, p->transpose_a ? CblasTrans : CblasNoTrans, p->transpose_b ? CblasTrans : CblasNoTrans,
              (int)p->rows, (int)p->columns, (int)p->inner, 1.0, p->A, (int)p->lda, p->B, (int)p->ldb, 0.0, out,
              (int)ldout);
}

void gdi_matrix_product_single(const gdi_product *p, const float *A, const float *B, float *out, size_t ldout) {
  cblas_sgemm(CblasColMajor, p->transpose_a ? CblasTrans : CblasNoTrans, p->transpose_b ? CblasTrans : CblasNoTrans,
              (int)p->rows, (int)p->columns, (int)p->inner, 1.0f, A, (int)p->lda, B, (int)p->ldb, 0.0f, out,
              (int)ldout);
}

void gdi_matrix_vector_single(bool transposed, size_t rows, size_t columns, const float *A, size_t lda, const float *x,
                              float *out) {
  cblas_sgemv(CblasColMajor, transposed ? CblasTrans : CblasNoTrans, (int)rows, (int)columns, 1.0f, A, (int)lda, x, 1,
              0.0f, out, 1);
}

gd_status gdi_matrix_check_side(size_t side) {
  if (side <= INT_MAX) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED, "a matrix of side %zu is too large: BLAS and LAPACK count to %d", side, INT_MAX);
}

gd_status gdi_lu_factor(size_t n, double *A, size_t lda, int *pivots) {
  GD_TRY(gdi_matrix_check_side(lda));
  const int info = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, (int)n, (int)n, A, (int)lda, pivots);
  if (info != 0) return gdi_fail(GD_ERR_LAPACK, "the %zu by %zu matrix is singular: pivot %d is zero", n, n, info);
  return GD_OK;
}

void gdi_lu_solve(bool transposed, size_t n, const double *factors, size_t lda, const int *pivots, double *b) {
  LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, transposed ? 'T' : 'N', (int)n, 1, factors, (int)lda, pivots, b, (int)n);
}

void gdi_lu_solve_many(size_t n, const double *factors, size_t lda, const int *pivots, size_t k, double *B) {
  LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, 'N', (int)n, (int)k, factors, (int)lda, pivots, B, (int)n);
}

gd_status gdi_definite_divide(size_t n, double *S, double *K) {
  GD_TRY(gdi_matrix_check_side(n));
  const int side = (int)n, info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', side, S, side);
  if (info != 0) return gdi_fail(GD_ERR_LAPACK, "the %zu by %zu matrix is not positive definite", n, n);
  cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, side, side, 1, S, side, K, side);
  cblas_dtrsm(CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, side, side, 1, S, side, K, side);
  return GD_OK;
}

/* A LAPACK driver: ask for the size of the work space, allocate it, run.  `run` is called twice. */
typedef struct driver {
  int (*run)(const struct driver *driver, double *work, int work_size, int *integers, int integers_size);
  const char *name;
  size_t integers_size; /* for drivers that do not tell */
  size_t rows, columns;
  double *A, *values, *imaginary, *left, *right;
  size_t lda;
  bool vectors;
} driver;

static gd_status run_driver(const gdi_env *env, const driver *d) {
  GD_TRY(gdi_matrix_check_side(d->lda));
  GD_TRY(gdi_matrix_check_side(d->columns));
  double work_size = 1;
  int integers_size = (int)d->integers_size;
  int info = d->run(d, &work_size, -1, &integers_size, -1);
  if (d->integers_size) integers_size = (int)d->integers_size;
  double *work = gdi_allocate(env, (size_t)work_size, sizeof *work);
  int *integers = gdi_allocate(env, (size_t)integers_size, sizeof *integers);
  gd_status status = work && integers ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK && info == 0) info = d->run(d, work, (int)work_size, integers, integers_size);
  if (status == GD_OK && info != 0)
    status = gdi_fail(GD_ERR_LAPACK, "%s failed on a %zu by %zu matrix: info %d", d->name, d->rows, d->columns, info);
  gdi_release(env, integers);
  gdi_release(env, work);
  return status;
}

static int run_dgeev(const driver *d, double *work, int work_size, int *integers, int integers_size) {
  (void)integers, (void)integers_size;
  const int n = (int)d->rows;
  return LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', d->vectors ? 'V' : 'N', n, d->A, (int)d->lda, d->values,
                            d->imaginary, NULL, 1, d->right, n, work, work_size);
}

gd_status gdi_eigen_general(const gdi_env *env, size_t n, double *A, size_t lda, double *re, double *im,
                            double *vectors) {
  const driver d = {.run = run_dgeev,
                    .name = "dgeev",
                    .integers_size = 1,
                    .rows = n,
                    .columns = n,
                    .A = A,
                    .lda = lda,
                    .values = re,
                    .imaginary = im,
                    .right = vectors,
                    .vectors = vectors != NULL};
  return run_driver(env, &d);
}

static int run_dsyevd(const driver *d, double *work, int work_size, int *integers, int integers_size) {
  return LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, d->vectors ? 'V' : 'N', 'L', (int)d->rows, d->A, (int)d->lda, d->values,
                             work, work_size, integers, integers_size);
}

gd_status gdi_eigen_symmetric(const gdi_env *env, size_t n, double *A, size_t lda, bool vectors, double *values) {
  const driver d = {.run = run_dsyevd,
                    .name = "dsyevd",
                    .rows = n,
                    .columns = n,
                    .A = A,
                    .lda = lda,
                    .values = values,
                    .vectors = vectors};
  return run_driver(env, &d);
}

static int run_dgesdd(const driver *d, double *work, int work_size, int *integers, int integers_size) {
  (void)integers_size;
  return LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, d->vectors ? 'A' : 'N', (int)d->rows, (int)d->columns, d->A, (int)d->lda,
                             d->values, d->left, (int)d->rows, d->right, (int)d->columns, work, work_size, integers);
}

/* True if squares of entries and their sums neither overflow nor underflow. */
static bool is_moderate(size_t rows, size_t columns, const double *A, size_t lda) {
  double largest = 0;
  for (size_t j = 0; j < columns; j++) largest = fmax(largest, gdi_vector_norm(rows, A + j * lda));
  return largest > 1e-100 && largest < 1e100;
}

gd_status gdi_singular_values(const gdi_env *env, size_t rows, size_t columns, double *A, size_t lda, double *values,
                              double *U, double *Vt) {
  GD_TRY(gdi_matrix_check_side(lda));
  if (!U && rows >= columns && columns >= BIDIAGONAL_LEAST && is_moderate(rows, columns, A, lda))
    return gdi_bidiagonal_singular_values(env, rows, columns, A, lda, values);
  const driver d = {.run = run_dgesdd,
                    .name = "dgesdd",
                    .integers_size = 8 * (rows < columns ? rows : columns),
                    .rows = rows,
                    .columns = columns,
                    .A = A,
                    .lda = lda,
                    .values = values,
                    .left = U,
                    .right = Vt,
                    .vectors = U != NULL};
  return run_driver(env, &d);
}
