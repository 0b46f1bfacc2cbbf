/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of costs: what is least in them, for assignment problems.  The same bits on every CPU; of equal entries the
 * first is taken.  c, v [n]; entries are numbers, v may be -infinity, which leaves an entry out. */
#ifndef GDI_BASE_ROWS_H
#define GDI_BASE_ROWS_H

#include <stddef.h>

typedef struct gdi_least {
  double first, second; /* the two least of c - v; the second is infinite if there is none */
  size_t at;            /* where the first is; n if there is none */
} gdi_least;

typedef struct gdi_row_kernels {
  gdi_least (*least)(size_t n, const double *c, const double *v);
  size_t (*relax)(size_t n, const double *c, const double *v, double shift, double row, double *distance, double *via);
} gdi_row_kernels;

extern const gdi_row_kernels gdi_row_kernels_plain, gdi_row_kernels_avx2, gdi_row_kernels_avx512;

gdi_least gdi_row_least(size_t n, const double *c, const double *v);

/* Where c - v + shift < distance it becomes the distance, and `row` the entry of via [n].
 * Returns where the distance is least then. */
size_t gdi_row_relax(size_t n, const double *c, const double *v, double shift, double row, double *distance,
                     double *via);

#endif
