/* SPDX-License-Identifier: BSD-3-Clause */
/* small_svd.c -- repeated singular value decompositions by LAPACK's dgesdd in the same memory. */
#include "dense/small_svd.h"

#include "base/error.h"

#include <lapacke.h>
#include <limits.h>

gd_status gdi_small_svd_create(const gdi_env *env, gdi_small_svd *s, size_t capacity) {
  *s = (gdi_small_svd){.capacity = capacity};
  if (capacity >= INT_MAX / 8)
    return gdi_fail(GD_ERR_UNSUPPORTED, "a subspace of %zu is too large for LAPACK", capacity);
  s->A = gdi_allocate(env, gdi_times(capacity, capacity + 1), sizeof *s->A);
  s->U = gdi_allocate(env, gdi_times(capacity, capacity), sizeof *s->U);
  s->Vt = gdi_allocate(env, gdi_times(capacity, capacity + 1), sizeof *s->Vt);
  s->values = gdi_allocate(env, capacity, sizeof *s->values);
  s->integers = gdi_allocate(env, 8 * capacity, sizeof *s->integers);
  if (!s->A || !s->U || !s->Vt || !s->values || !s->integers) return GD_ERR_MEMORY;
  const int m = (int)capacity;
  double size = 1;
  LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', m, m + 1, s->A, m, s->values, s->U, m, s->Vt, m, &size, -1, s->integers);
  s->work_size = (size_t)size;
  s->work = gdi_allocate(env, s->work_size, sizeof *s->work);
  return s->work ? GD_OK : GD_ERR_MEMORY;
}

void gdi_small_svd_destroy(const gdi_env *env, gdi_small_svd *s) {
  gdi_release(env, s->work);
  gdi_release(env, s->integers);
  gdi_release(env, s->values);
  gdi_release(env, s->Vt);
  gdi_release(env, s->U);
  gdi_release(env, s->A);
  *s = (gdi_small_svd){0};
}

gd_status gdi_small_svd_factor(gdi_small_svd *s, size_t rows, size_t columns) {
  const int ld = (int)s->capacity;
  const int info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', (int)rows, (int)columns, s->A, ld, s->values, s->U, ld,
                                       s->Vt, ld, s->work, (int)s->work_size, s->integers);
  if (info == 0) return GD_OK;
  return gdi_fail(GD_ERR_LAPACK, "dgesdd failed on a %zu by %zu matrix: info %d", rows, columns, info);
}
