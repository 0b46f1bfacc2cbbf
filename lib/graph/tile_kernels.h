/* SPDX-License-Identifier: BSD-3-Clause */
/* The loops of graphs, compiled once for each kind of CPU: operations on entries, a tile at a time, and sums.  Each
 * entry depends on its operands alone, and the order of sums depends on the shape alone, so results are the same bits
 * on every CPU. */
#ifndef GDI_GRAPH_TILE_KERNELS_H
#define GDI_GRAPH_TILE_KERNELS_H

#include "graph/graph.h"
#include "kernels/real.h"

/* out[n] of a[n] and b[n]; out may be either. */
typedef void gdi_tile_kernel(size_t n, double p, const gdi_real *a, const gdi_real *b, gdi_real *out);

/* Norms over the rows, or over the columns, of a [rows by columns]; as in norm_kernels.c for each CPU. */
typedef void gdi_norm_rows(size_t rows, size_t columns, const gdi_real *a, gdi_real *out);
typedef void gdi_norm_columns(size_t rows, size_t columns, const gdi_real *a, size_t lda, gdi_real *out);

typedef struct gdi_tile_kernels {
  gdi_tile_kernel *of[GDI_GATE + 1]; /* by operation */
  void (*sum_rows)(size_t rows, size_t columns, const gdi_real *a, gdi_real *out);
  void (*sum_columns)(size_t rows, size_t columns, const gdi_real *a, size_t lda, gdi_real *out);
  /* Euclidean norms, likewise */
  gdi_norm_rows *norm_rows;
  gdi_norm_columns *norm_columns;
  /* 1 + the index of the first of n entries that violates a gdi_requirement; 0: there is none */
  size_t (*first_unfit)(size_t n, int requirement, const gdi_real *a);
} gdi_tile_kernels;

#define GDI_TILE_KERNELS(cpu) GDI_JOIN(GDI_REAL(gdi_tile_kernels), cpu)
extern const gdi_tile_kernels GDI_TILE_KERNELS(plain), GDI_TILE_KERNELS(avx2), GDI_TILE_KERNELS(avx512);

#endif
