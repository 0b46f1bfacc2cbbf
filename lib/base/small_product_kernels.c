/* SPDX-License-Identifier: BSD-3-Clause */
/* small_product_kernels.c -- blocks of one or two times LANES rows by a few columns, as many as there are registers
 * for. */
#include "base/lanes.h"
#include "base/small_product.h"

/* Sums fill the registers but for one column of A and one entry of B: 16 of 32, 12 of 16, 8 of 16. */
#if REGISTER_BYTES == 64
#define MOST_GROUPS 2 /* of LANES rows */
#define COLUMNS_AT_ONCE 8
#elif REGISTER_BYTES == 32
#define MOST_GROUPS 1
#define COLUMNS_AT_ONCE 6
#else
#define MOST_GROUPS 1
#define COLUMNS_AT_ONCE 2
#endif
#define EACH_GROUP _Pragma("GCC unroll 2") for (size_t g = 0; g < groups; g++)
#define EACH_COLUMN _Pragma("GCC unroll 8") for (size_t c = 0; c < columns; c++)

LANES_INLINE void store_rows(gdi_real *to, lanes a, size_t rows) {
  if (rows >= LANES)
    store(to, a);
  else
    memcpy(to, &a, rows * sizeof *to);
}

/* `groups` of LANES rows from `row` on, by `columns` from `column` on; both are known when this is compiled. */
LANES_INLINE void block(const gdi_small_product *p, gdi_real *out, size_t row, size_t rows, size_t groups,
                        size_t columns) {
  lanes sums[MOST_GROUPS][COLUMNS_AT_ONCE];
  EACH_GROUP EACH_COLUMN sums[g][c] = splat(0);
  for (size_t k = 0; k < p->inner; k++) {
    const gdi_real *a = p->A + row + k * p->lda, *b = p->B + k * p->inner_stride;
    lanes left[MOST_GROUPS];
    EACH_GROUP left[g] = load(a + g * LANES);
    EACH_COLUMN {
      const lanes right = splat(b[c * p->column_stride]);
      EACH_GROUP sums[g][c] = multiply_add(left[g], right, sums[g][c]);
    }
  }
  EACH_GROUP EACH_COLUMN store_rows(out + row + g * LANES + c * rows, sums[g][c], p->rows - row - g * LANES);
}

LANES_INLINE void rows_of(const gdi_small_product *p, gdi_real *out, size_t ldout, size_t columns) {
  size_t row = 0;
  for (; row + (MOST_GROUPS - 1) * LANES < p->rows; row += MOST_GROUPS * LANES)
    block(p, out, row, ldout, MOST_GROUPS, columns);
  if (row < p->rows) block(p, out, row, ldout, 1, columns);
}

/* `columns` at a time from column j on, as often as they fit. */
LANES_INLINE size_t columns_of(const gdi_small_product *product, gdi_real *out, size_t ldout, size_t j,
                               size_t columns) {
  gdi_small_product p = *product;
  for (; j + columns <= product->columns; j += columns) {
    p.B = product->B + j * product->column_stride;
    rows_of(&p, out + j * ldout, ldout, columns);
  }
  return j;
}

static void multiply_small(const gdi_small_product *product, gdi_real *out, size_t ldout) {
  size_t j = columns_of(product, out, ldout, 0, COLUMNS_AT_ONCE);
  if (COLUMNS_AT_ONCE > 4) j = columns_of(product, out, ldout, j, 4);
  if (COLUMNS_AT_ONCE > 2) j = columns_of(product, out, ldout, j, 2);
  columns_of(product, out, ldout, j, 1);
}

gdi_small_product_kernel *const GDI_FOR_CPU(GDI_REAL(gdi_small_product)) = multiply_small;
