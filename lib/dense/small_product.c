/* SPDX-License-Identifier: BSD-3-Clause */
/* small_product.c -- decides which products are small, and stores the first factor in the order in which the kernel
 * reads it. */
#include "dense/small_product.h"

#include "kernels/table.h"

#include <stdint.h>

/* The first factor is read once for every few columns of the result, and should stay in the cache; for larger factors
 * BLAS's blocks are faster.  The factor is rearranged once; with few columns this does not pay unless it is tiny. */
enum {
  LANES_OF_ROWS = 64 / sizeof(gdi_real),
  MOST_ENTRIES = (1 << 19) / sizeof(gdi_real),
  TINY = 1 << 12,
  FEW_COLUMNS = 16
};

static gdi_small_product_kernel *const *const kernels[] = GDI_CPU_KERNELS(GDI_REAL(gdi_small_product));

static size_t padded(size_t rows) { return (rows + LANES_OF_ROWS - 1) / LANES_OF_ROWS * LANES_OF_ROWS; }

static bool is_ready(const gdi_product *product) { return !product->transpose_a && product->rows % LANES_OF_ROWS == 0; }

size_t GDI_REAL(gdi_product_scratch)(const gdi_product *product) {
  const size_t entries = padded(product->rows) * product->inner;
  if (entries > MOST_ENTRIES) return SIZE_MAX;
  if (is_ready(product)) return 0;
  return entries <= TINY || product->columns > FEW_COLUMNS ? entries : SIZE_MAX;
}

bool GDI_REAL(gdi_product_finishes)(const gdi_product *product) {
  return product->rows % LANES_OF_ROWS == 0 && product->inner < GDI_LONG_SUM &&
         GDI_REAL(gdi_product_scratch)(product) != SIZE_MAX;
}

bool GDI_REAL(gdi_product_sums)(const gdi_product *product) {
  return product->inner >= GDI_LONG_SUM && GDI_REAL(gdi_product_scratch)(product) != SIZE_MAX;
}

/* Copy some rows of A, or of its transpose, in columns padded with zeros. */
static inline void rearrange_rows(const gdi_product *product, size_t rows, const gdi_real *A, gdi_real *to, size_t ld) {
  const size_t across = product->transpose_a ? product->lda : 1, down = product->transpose_a ? 1 : product->lda;
  for (size_t k = 0; k < product->inner; k++) {
    for (size_t i = 0; i < LANES_OF_ROWS; i++) {
      const gdi_real entry = A[(i < rows ? i : 0) * across + k * down];
      to[i + k * ld] = i < rows ? entry : 0;
    }
  }
}

/* A few rows at a time, so for a transpose not more columns are read side by side than fit into the cache. */
static void rearrange(const gdi_product *product, const gdi_real *A, gdi_real *to) {
  const size_t ld = padded(product->rows), across = product->transpose_a ? product->lda : 1;
  for (size_t i = 0; i < product->rows; i += LANES_OF_ROWS) {
    if (product->rows - i < LANES_OF_ROWS)
      rearrange_rows(product, product->rows - i, A + i * across, to + i, ld);
    else
      rearrange_rows(product, LANES_OF_ROWS, A + i * across, to + i, ld);
  }
}

void GDI_REAL(gdi_product_small)(const gdi_finished_product *product, gdi_real *scratch, gdi_real *out, size_t ldout) {
  const gdi_product *shape = &product->shape;
  gdi_small_product small = {.rows = shape->rows,
                             .columns = shape->columns,
                             .inner = shape->inner,
                             .A = product->A,
                             .lda = shape->lda,
                             .B = product->B,
                             .inner_stride = shape->transpose_b ? shape->ldb : 1,
                             .column_stride = shape->transpose_b ? 1 : shape->ldb,
                             .finish = product->finish,
                             .finishes = product->finishes,
                             .sums = product->sums};
  if (!is_ready(shape)) {
    rearrange(shape, product->A, scratch);
    small.A = scratch, small.lda = padded(shape->rows);
  }
  (*kernels[gdi_kernels.cpu])(&small, out, ldout);
}
