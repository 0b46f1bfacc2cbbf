/* SPDX-License-Identifier: BSD-3-Clause */
/* Singular values of small matrices A = U diag(values) Vt, all work space taken at creation. */
#ifndef GDI_DENSE_SMALL_SVD_H
#define GDI_DENSE_SMALL_SVD_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stddef.h>

typedef struct gdi_small_svd {
  size_t capacity;
  double *A;      /* [capacity by capacity + 1], the matrix to be given, which is used up; leading dimension capacity */
  double *U, *Vt; /* the same leading dimension, [rows by rows] and [rows by columns] */
  double *values; /* [rows], descending */
  double *work;
  int *integers;
  size_t work_size;
} gdi_small_svd;

gd_status gdi_small_svd_create(const gdi_env *env, gdi_small_svd *svd, size_t capacity);
void gdi_small_svd_destroy(const gdi_env *env, gdi_small_svd *svd); /* also of what create left half-built */

/* Decompose A [rows by columns]; columns is rows or one more. */
gd_status gdi_small_svd_factor(gdi_small_svd *svd, size_t rows, size_t columns);

#endif
