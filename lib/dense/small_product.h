/* SPDX-License-Identifier: BSD-3-Clause */
/* Products of which the first factor fits into the second-level cache, as networks have them by the thousand: BLAS
 * rearranges both factors before it begins, and clears the result, which pays for larger products only.
 *
 * Every entry is one chain of fused multiply-adds in the order of the inner index, so that results are the same bits on
 * every CPU.  What else happens to it, a bias, a ramp, a slope, happens while it is in a register. */
#ifndef GDI_DENSE_SMALL_PRODUCT_H
#define GDI_DENSE_SMALL_PRODUCT_H

#include "dense/algebra.h"
#include "kernels/real.h"

#include <stdbool.h>

/* What becomes of an entry e of a product before it is stored. */
typedef enum gdi_finish_op {
  GDI_FINISH_NONE,
  GDI_FINISH_SCALE,   /* p e */
  GDI_FINISH_RAMP,    /* e where e > 0, else p e */
  GDI_FINISH_RECTIFY, /* 0 where e < 0 */
  /* with x, the entry of a matrix there */
  GDI_FINISH_ADD,
  GDI_FINISH_SUBTRACT,      /* e - x */
  GDI_FINISH_SUBTRACT_FROM, /* x - e */
  GDI_FINISH_MULTIPLY,
  GDI_FINISH_GATE, /* e where x > 0, else p e */
  GDI_FINISH_MASK  /* e where x > 0, else 0 */
} gdi_finish_op;

typedef struct gdi_finish {
  gdi_finish_op op;
  gdi_real p;
  const gdi_real *with; /* by columns of ldwith entries; 0: all columns are the first */
  size_t ldwith;
} gdi_finish;

enum {
  GDI_MOST_FINISHES = 6,
  GDI_LONG_SUM = 64 /* terms; what follows one is little, and is better left to loops that read in order */
};

/* out [rows by columns] = A B, for A [rows by inner] stored by columns of lda entries, of which the first rows, rounded
 * up to whole LANES, can be read; entry (k, j) of B is B[k * inner_stride + j * column_stride].  With finishes, rows is
 * a multiple of LANES, and inner less than GDI_LONG_SUM. */
typedef struct gdi_small_product {
  size_t rows, columns, inner;
  const gdi_real *A;
  size_t lda;
  const gdi_real *B;
  size_t inner_stride, column_stride;
  const gdi_finish *finish; /* [finishes], one after the other */
  size_t finishes;
  gdi_real *sums; /* [rows] NULL, or where the sums over A's columns go, with inner GDI_LONG_SUM or more */
} gdi_small_product;

typedef void gdi_small_product_kernel(const gdi_small_product *product, gdi_real *out, size_t ldout);
#define GDI_SMALL_PRODUCT(cpu) GDI_JOIN(GDI_REAL(gdi_small_product), cpu)
extern gdi_small_product_kernel *const GDI_SMALL_PRODUCT(plain), *const GDI_SMALL_PRODUCT(avx2),
                                                                     *const GDI_SMALL_PRODUCT(avx512);

/* Numbers of scratch that gdi_product_small() needs for this product; SIZE_MAX if BLAS is the better choice. */
size_t GDI_REAL(gdi_product_scratch)(const gdi_product *shape);

/* Whether it can be finished on the way; whether it can sum up its first factor's columns. */
bool GDI_REAL(gdi_product_finishes)(const gdi_product *shape);
bool GDI_REAL(gdi_product_sums)(const gdi_product *shape);

/* What gdi_matrix_product() computes, of these factors, finished; those of the shape are not read. */
typedef struct gdi_finished_product {
  gdi_product shape;
  const gdi_real *A, *B;
  const gdi_finish *finish; /* [finishes] */
  size_t finishes;
  gdi_real *sums; /* [rows], of op(A)'s columns, or NULL */
} gdi_finished_product;
void GDI_REAL(gdi_product_small)(const gdi_finished_product *product, gdi_real *scratch, gdi_real *out, size_t ldout);

#endif
