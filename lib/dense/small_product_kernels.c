/* SPDX-License-Identifier: BSD-3-Clause */
/* small_product_kernels.c -- products in blocks of LANES or 2 LANES rows by a few columns, as many as fit into the
 * registers. */
#include "dense/small_product.h"
#include "kernels/simd.h"

/* The sums fill the registers except for one column of A and one entry of B: 16 of 32, 12 of 16, 8 of 16. */
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

/* The first row and column of a block of the result. */
typedef struct spot {
  const gdi_small_product *product;
  size_t row, column;
} spot;

#define WITH load(with + c * ldwith)

LANES_INLINE lanes gate(lanes x, lanes e, lanes p) { return choose(less(splat(0), x), e, multiply(p, e)); }

/* One step, with the entries of LANES rows in `sums`. */
LANES_INLINE void finish(const spot *at, const gdi_finish *f, size_t columns, lanes *sums) {
  const size_t ldwith = f->ldwith;
  const gdi_real *with = f->with ? f->with + at->row + at->column * ldwith : NULL;
  const lanes p = splat(f->p);
  switch (f->op) {
  case GDI_FINISH_SCALE:
    EACH_COLUMN sums[c] = multiply(p, sums[c]);
    break;
  case GDI_FINISH_RAMP:
    EACH_COLUMN sums[c] = gate(sums[c], sums[c], p);
    break;
  case GDI_FINISH_RECTIFY:
    EACH_COLUMN sums[c] = rectify(sums[c]);
    break;
  case GDI_FINISH_ADD:
    EACH_COLUMN sums[c] = add(sums[c], WITH);
    break;
  case GDI_FINISH_SUBTRACT:
    EACH_COLUMN sums[c] = subtract(sums[c], WITH);
    break;
  case GDI_FINISH_SUBTRACT_FROM:
    EACH_COLUMN sums[c] = subtract(WITH, sums[c]);
    break;
  case GDI_FINISH_MULTIPLY:
    EACH_COLUMN sums[c] = multiply(sums[c], WITH);
    break;
  case GDI_FINISH_GATE:
    EACH_COLUMN sums[c] = gate(WITH, sums[c], p);
    break;
  case GDI_FINISH_MASK:
    EACH_COLUMN sums[c] = choose(less(splat(0), WITH), sums[c], splat(0));
    break;
  default:
    break;
  }
}

/* The addresses of a row of B: column c at at[c / 3][c % 3 * stride], so few registers hold all of them. */
#define EACH_THIRD _Pragma("GCC unroll 3") for (size_t t = 0; t < (columns + 2) / 3; t++)
typedef struct row_of_B {
  const gdi_real *at[(COLUMNS_AT_ONCE + 2) / 3];
  size_t stride;
} row_of_B;

LANES_INLINE row_of_B first_row(const spot *at, size_t columns) {
  const gdi_small_product *p = at->product;
  row_of_B row = {.stride = p->column_stride};
  EACH_THIRD row.at[t] = p->B + (at->column + 3 * t) * p->column_stride;
  return row;
}

/* The barrier keeps compilers from using a register for the address of each column. */
LANES_INLINE void go_down(row_of_B *row, size_t by, size_t columns) {
  EACH_THIRD {
    row->at[t] += by;
    __asm__("" : "+r"(row->at[t]));
  }
}

/* `groups` times LANES rows by `columns`, both compile-time constants.  A's columns are also added to `side`, unless it
 * is NULL. */
LANES_INLINE void sum_up(const spot *at, size_t groups, size_t columns, lanes sums[][COLUMNS_AT_ONCE], lanes *side) {
  const gdi_small_product *p = at->product;
  const size_t inner = p->inner, lda = p->lda, down = p->inner_stride;
  const gdi_real *a = p->A + at->row;
  row_of_B b = first_row(at, columns);
  EACH_GROUP EACH_COLUMN sums[g][c] = splat(0);
  for (size_t k = 0; k < inner; k++, a += lda, go_down(&b, down, columns)) {
    lanes left[MOST_GROUPS];
    EACH_GROUP left[g] = load(a + g * LANES);
    if (side) EACH_GROUP side[g] = add(side[g], left[g]);
    EACH_COLUMN {
      const lanes right = splat(b.at[c / 3][c % 3 * b.stride]);
      EACH_GROUP sums[g][c] = multiply_add(left[g], right, sums[g][c]);
    }
  }
}

/* A separate function, so whole blocks can keep their sums in registers. */
static __attribute__((noinline)) void store_rows(size_t columns, const lanes *sums, size_t rows, gdi_real *out,
                                                 size_t ldout) {
  const gdi_real *from = (const gdi_real *)sums;
  for (size_t c = 0; c < columns; c++)
    for (size_t i = 0; i < rows; i++) out[i + c * ldout] = from[i + c * LANES];
}

/* LANES rows, or fewer if no more are left. */
LANES_INLINE void store_group(size_t rows, size_t columns, const lanes *sums, gdi_real *out, size_t ldout) {
  if (rows >= LANES) {
    EACH_COLUMN store(out + c * ldout, sums[c]);
    return;
  }
  lanes few[COLUMNS_AT_ONCE];
  EACH_COLUMN few[c] = sums[c];
  store_rows(columns, few, rows, out, ldout);
}

LANES_INLINE void short_block(const spot *at, size_t columns, gdi_real *out, size_t ldout) {
  const gdi_small_product *p = at->product;
  lanes sums[1][COLUMNS_AT_ONCE];
  sum_up(at, 1, columns, sums, NULL);
  for (size_t k = 0; k < p->finishes; k++) finish(at, p->finish + k, columns, sums[0]);
  store_group(p->rows - at->row, columns, sums[0], out, ldout);
}

LANES_INLINE void long_block(const spot *at, size_t groups, size_t columns, gdi_real *out, size_t ldout) {
  const size_t rows = groups > 1 ? LANES : at->product->rows - at->row;
  lanes sums[MOST_GROUPS][COLUMNS_AT_ONCE], side[MOST_GROUPS];
  if (at->column == 0 && at->product->sums) {
    EACH_GROUP side[g] = splat(0);
    sum_up(at, groups, columns, sums, side);
    EACH_GROUP store_group(rows, 1, side + g, at->product->sums + at->row + g * LANES, 1);
  } else
    sum_up(at, groups, columns, sums, NULL);
  EACH_GROUP store_group(rows, columns, sums[g], out + g * LANES, ldout);
}

/* `columns` at a time from column j on, as often as they fit.  Several groups at once read less; one group after the
 * other overlaps more, and the beginning and end of short sums cost as much as a few of their terms. */
LANES_INLINE size_t columns_of(const gdi_small_product *product, gdi_real *out, size_t ldout, size_t j,
                               size_t columns) {
  for (; j + columns <= product->columns; j += columns) {
    spot at = {product, 0, j};
    gdi_real *to = out + j * ldout;
    if (product->inner < GDI_LONG_SUM) {
      for (; at.row < product->rows; at.row += LANES) short_block(&at, columns, to + at.row, ldout);
      continue;
    }
    for (; at.row + MOST_GROUPS * LANES <= product->rows; at.row += MOST_GROUPS * LANES)
      long_block(&at, MOST_GROUPS, columns, to + at.row, ldout);
    for (; at.row < product->rows; at.row += LANES) long_block(&at, 1, columns, to + at.row, ldout);
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
