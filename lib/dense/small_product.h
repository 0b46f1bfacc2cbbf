/* SPDX-License-Identifier: BSD-3-Clause */
/* Products whose first factor fits into the second-level cache.  Networks have thousands of them.  BLAS rearranges both
 * factors before it begins, and clears the result; that pays only for larger products.
 *
 * Every entry is one chain of fused multiply-adds in the order of the inner index, so results are the same bits on
 * every CPU.  Operations that follow (a bias, a ramp, a slope) are applied while the entry is in a register. */
#ifndef GDI_DENSE_SMALL_PRODUCT_H
#define GDI_DENSE_SMALL_PRODUCT_H

#include "dense/algebra.h"
#include "kernels/real.h"

#include <stdbool.h>

/* An operation on an entry e of a product before it is stored. */
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

/* The length of the scratch array that gdi_product_small() needs for this product; SIZE_MAX if BLAS is faster. */
size_t GDI_REAL(gdi_product_scratch)(const gdi_product *shape);

/* Whether finishing operations can be part of this product; whether it can also sum the columns of its first factor. */
bool GDI_REAL(gdi_product_finishes)(const gdi_product *shape);
bool GDI_REAL(gdi_product_sums)(const gdi_product *shape);

/* The product of gdi_matrix_product() with these factors, followed by the finishing operations; A and B of the shape
 * are ignored. */
typedef struct gdi_finished_product {
  gdi_product shape;
  const gdi_real *A, *B;
  const gdi_finish *finish; /* [finishes] */
  size_t finishes;
  gdi_real *sums; /* [rows], of op(A)'s columns, or NULL */
} gdi_finished_product;
void GDI_REAL(gdi_product_small)(const gdi_finished_product *product, gdi_real *scratch, gdi_real *out, size_t ldout);

#endif
