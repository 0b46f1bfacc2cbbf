/* SPDX-License-Identifier: BSD-3-Clause */
/* Products of which the first factor fits into the second-level cache, as networks have them by the thousand: BLAS
 * rearranges both factors before it begins, and clears the result, which pays for larger products only.
 *
 * Every entry is one chain of fused multiply-adds in the order of the inner index, so that results are the same bits on
 * every CPU. */
#ifndef GDI_BASE_SMALL_PRODUCT_H
#define GDI_BASE_SMALL_PRODUCT_H

#include "base/dense.h"
#include "base/real.h"

/* out [rows by columns] = A B, for A [rows by inner] stored by columns of lda entries, of which the first rows, rounded
 * up to whole LANES, can be read; entry (k, j) of B is B[k * inner_stride + j * column_stride]. */
typedef struct gdi_small_product {
  size_t rows, columns, inner;
  const gdi_real *A;
  size_t lda;
  const gdi_real *B;
  size_t inner_stride, column_stride;
} gdi_small_product;

typedef void gdi_small_product_kernel(const gdi_small_product *product, gdi_real *out, size_t ldout);
#define GDI_SMALL_PRODUCT(cpu) GDI_JOIN(GDI_REAL(gdi_small_product), cpu)
extern gdi_small_product_kernel *const GDI_SMALL_PRODUCT(plain), *const GDI_SMALL_PRODUCT(avx2),
                                                                     *const GDI_SMALL_PRODUCT(avx512);

/* Numbers of scratch that gdi_product_small() needs for this product; SIZE_MAX if BLAS is the better choice. */
size_t GDI_REAL(gdi_product_scratch)(const gdi_product *shape);

/* What gdi_matrix_product() computes, of these factors; those of the shape are not read. */
void GDI_REAL(gdi_product_small)(const gdi_product *shape, const gdi_real *A, const gdi_real *B, gdi_real *scratch,
                                 gdi_real *out, size_t ldout);

#endif
