/* SPDX-License-Identifier: BSD-3-Clause */
/* schur.c -- the real Schur form by LAPACK: dgees (dsyevd if symmetric), dtrsen, dtrevc, dtrsna.
 *
 * On a diagonal T the last two do what a symmetric problem needs: permute, and give unit vectors. */
#include "dense/schur.h"

#include "base/error.h"
#include "dense/algebra.h"
#include "kernels/vector.h"

#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <string.h>

/* Find the work space that is enough for all three routines at this size. */
static void ask_sizes(gdi_schur *s) {
  const int m = (int)s->capacity;
  double general = 1, symmetric = 1;
  int ignored = 0, integers = 1;
  LAPACKE_dgees_work(LAPACK_COL_MAJOR, 'V', 'N', NULL, m, s->T, m, &ignored, s->re, s->im, s->Q, m, &general, -1, NULL);
  LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', m, s->Q, m, s->re, &symmetric, -1, &integers, -1);
  s->work_size = (size_t)fmax(fmax(general, symmetric), 3.0 * m);
  s->integers_size = integers > m ? (size_t)integers : (size_t)m;
}

gd_status gdi_schur_create(const gdi_env *env, gdi_schur *s, size_t capacity) {
  *s = (gdi_schur){.capacity = capacity};
  if (capacity > INT_MAX) return gdi_fail(GD_ERR_UNSUPPORTED, "a subspace of %zu is too large for LAPACK", capacity);
  s->T = gdi_allocate(env, gdi_times(capacity, capacity), sizeof *s->T);
  s->Q = gdi_allocate(env, gdi_times(capacity, capacity), sizeof *s->Q);
  s->X = gdi_allocate(env, gdi_times(capacity, capacity), sizeof *s->X);
  s->re = gdi_allocate(env, capacity, sizeof *s->re);
  s->im = gdi_allocate(env, capacity, sizeof *s->im);
  s->selected = gdi_allocate(env, capacity, sizeof *s->selected);
  if (!s->T || !s->Q || !s->X || !s->re || !s->im || !s->selected) return GD_ERR_MEMORY;
  ask_sizes(s);
  s->work = gdi_allocate(env, s->work_size, sizeof *s->work);
  s->integers = gdi_allocate(env, s->integers_size, sizeof *s->integers);
  return s->work && s->integers ? GD_OK : GD_ERR_MEMORY;
}

void gdi_schur_destroy(const gdi_env *env, gdi_schur *s) {
  gdi_release(env, s->integers);
  gdi_release(env, s->work);
  gdi_release(env, s->selected);
  gdi_release(env, s->im);
  gdi_release(env, s->re);
  gdi_release(env, s->X);
  gdi_release(env, s->Q);
  gdi_release(env, s->T);
  *s = (gdi_schur){0};
}

static int factor_general(gdi_schur *s, int m) {
  int ignored = 0;
  return LAPACKE_dgees_work(LAPACK_COL_MAJOR, 'V', 'N', NULL, m, s->T, (int)s->capacity, &ignored, s->re, s->im, s->Q,
                            (int)s->capacity, s->work, (int)s->work_size, NULL);
}

static int factor_symmetric(gdi_schur *s, int m) {
  const size_t ld = s->capacity;
  for (size_t j = 0; j < (size_t)m; j++) {
    memcpy(s->Q + j * ld, s->T + j * ld, (size_t)m * sizeof *s->Q);
    memset(s->T + j * ld, 0, (size_t)m * sizeof *s->T);
    s->im[j] = 0;
  }
  const int info = LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', m, s->Q, (int)ld, s->re, s->work, (int)s->work_size,
                                       s->integers, (int)s->integers_size);
  for (size_t j = 0; j < (size_t)m; j++) s->T[j + j * ld] = s->re[j];
  return info;
}

gd_status gdi_schur_factor(gdi_schur *s, size_t m, bool symmetric) {
  const int info = symmetric ? factor_symmetric(s, (int)m) : factor_general(s, (int)m);
  if (info == 0) return GD_OK;
  return gdi_fail(GD_ERR_LAPACK, "%s failed on a %zu by %zu matrix: info %d", symmetric ? "dsyevd" : "dgees", m, m,
                  info);
}

void gdi_schur_reorder(gdi_schur *s, size_t m) {
  int moved = 0;
  double unused = 0;
  LAPACKE_dtrsen_work(LAPACK_COL_MAJOR, 'N', 'V', s->selected, (int)m, s->T, (int)s->capacity, s->Q, (int)s->capacity,
                      s->re, s->im, &moved, &unused, &unused, s->work, (int)s->work_size, s->integers,
                      (int)s->integers_size);
}

size_t gdi_schur_whole(const gdi_schur *s, size_t m, size_t kept) {
  const bool parted = kept > 0 && kept < m && s->T[kept + (kept - 1) * s->capacity] != 0;
  return kept + parted;
}

void gdi_schur_vectors(gdi_schur *s, size_t m) {
  const size_t ld = s->capacity;
  int columns = 0;
  LAPACKE_dtrevc_work(LAPACK_COL_MAJOR, 'R', 'A', NULL, (int)m, s->T, (int)ld, NULL, 1, s->X, (int)ld, (int)m, &columns,
                      s->work);
  for (size_t k = 0; k < m; k++) {
    const bool pair = s->im[k] != 0 && k + 1 < m;
    double *x = s->X + k * ld, *y = x + ld;
    const double norm = hypot(gdi_vector_norm(m, x), pair ? gdi_vector_norm(m, y) : 0);
    for (size_t i = 0; i < m; i++) x[i] /= norm;
    for (size_t i = 0; pair && i < m; i++) y[i] /= norm;
    k += pair;
  }
}

/* An eigenvalue's condition number is 1 over the cosine between its left and right vectors, which dtrsna gives. */
void gdi_schur_doubts(gdi_schur *s, size_t m, double norm, double error, double *doubts) {
  const int ld = (int)s->capacity;
  const double root = 1 / (double)m, most = pow(2 * norm + error, 1 - root) * pow(error, root);
  int columns = 0;
  LAPACKE_dtrevc_work(LAPACK_COL_MAJOR, 'B', 'A', NULL, (int)m, s->T, ld, s->Q, ld, s->X, ld, (int)m, &columns,
                      s->work);
  LAPACKE_dtrsna_work(LAPACK_COL_MAJOR, 'E', 'A', NULL, (int)m, s->T, ld, s->Q, ld, s->X, ld, doubts, NULL, (int)m,
                      &columns, NULL, 1, NULL);
  for (size_t k = 0; k < m; k++) doubts[k] = fmin(error / doubts[k], most);
}
