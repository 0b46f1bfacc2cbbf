/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on entries, a tile at a time, and sums: the loops of graphs, compiled once for each kind of CPU.  Each
 * entry depends on its operands alone, and sums run in an order that depends on the shape alone, so results are the
 * same bits on every CPU. */
#ifndef GDI_GRAPH_TILE_KERNELS_H
#define GDI_GRAPH_TILE_KERNELS_H

#include "graph/graph.h"

/* out[n] of a[n] and b[n]; out may be either. */
typedef void gdi_tile_kernel(size_t n, double p, const double *a, const double *b, double *out);

typedef struct gdi_tile_kernels {
  gdi_tile_kernel *of[GDI_MULTIPLY + 1]; /* by operation */
  void (*sum_rows)(size_t rows, size_t columns, const double *a, double *out);
  void (*sum_columns)(size_t rows, size_t columns, const double *a, size_t lda, double *out);
} gdi_tile_kernels;

extern const gdi_tile_kernels gdi_tile_kernels_plain, gdi_tile_kernels_avx2, gdi_tile_kernels_avx512;

#endif
