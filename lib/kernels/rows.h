/* SPDX-License-Identifier: BSD-3-Clause */
/* The least entries of rows of costs, for assignment problems.  The bits are the same on every CPU; of equal entries
 * the first counts.  c, v [n]; entries are numbers; v = -infinity leaves an entry out. */
#ifndef GDI_KERNELS_ROWS_H
#define GDI_KERNELS_ROWS_H

#include "kernels/table.h"

#include <stddef.h>

typedef struct gdi_least {
  double first, second; /* the two least of c - v; the second is infinite if there is none */
  size_t at;            /* index of the first; n if there is none */
} gdi_least;

typedef struct gdi_row_kernels {
  gdi_least (*least)(size_t n, const double *c, const double *v);
  size_t (*relax)(size_t n, const double *c, const double *v, double shift, double row, double *distance, double *via);
} gdi_row_kernels;

extern const gdi_row_kernels gdi_row_kernels_plain, gdi_row_kernels_avx2, gdi_row_kernels_avx512;

static inline gdi_least gdi_row_least(size_t n, const double *c, const double *v) {
  return gdi_kernels.rows->least(n, c, v);
}

/* Where c - v + shift < distance, it replaces the distance, and `row` replaces the entry of via [n].  Returns the index
 * of the least distance afterwards. */
static inline size_t gdi_row_relax(size_t n, const double *c, const double *v, double shift, double row,
                                   double *distance, double *via) {
  return gdi_kernels.rows->relax(n, c, v, shift, row, distance, via);
}

#endif
