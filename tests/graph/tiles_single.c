/* SPDX-License-Identifier: BSD-3-Clause */
/* tiles_single.c -- the loops of graphs and small products in floats: the same bits from the kernels of all CPUs, and
 * what doubles give, rounded. */
#define GDI_SINGLE
#include "base/cpu.h"
#include "base/small_product.h"
#include "graph/scalar.h"
#include "graph/tile_kernels.h"
#include "support/suite.h"

#include <float.h>
#include <gamedyn/rng.h>

static const gdi_tile_kernels *const by_cpu[] = GDI_CPU_KERNELS(GDI_REAL(gdi_tile_kernels));

enum { COUNT = 203 }; /* no whole number of registers */

static void fill(uint64_t seed, double scale, size_t count, float *out) {
  gd_rng rng = gd_rng_make(seed, 9);
  for (size_t k = 0; k < count; k++) {
    double number;
    gd_rng_fill_normal(&rng, 1, &number);
    out[k] = (float)(scale * number);
  }
}

START_TEST(every_cpu_gives_the_same_bits) {
  float a[COUNT], b[COUNT], expected[COUNT], out[COUNT];
  for (int scale = -2; scale <= 2; scale++) {
    fill(1, pow(10, scale), COUNT, a);
    fill(2, 1, COUNT, b);
    a[7] = 0;
    for (int op = GDI_FILL; op <= GDI_GATE; op++)
      for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
        by_cpu[GDI_CPU_PLAIN]->of[op](COUNT, 0.3, a, b, expected);
        memcpy(out, a, sizeof out); /* in place */
        by_cpu[cpu]->of[op](COUNT, 0.3, out, b, out);
        ck_assert_msg(memcmp(out, expected, sizeof out) == 0, "operation %d on CPU %d", op, (int)cpu);
      }
  }
}
END_TEST

/* One operand: the double's result, rounded once more; the number 0.3 is rounded too, which counts once for scalings
 * and shifts. */
START_TEST(operations_are_those_of_doubles_rounded) {
  float a[COUNT], out[COUNT];
  const double p = 0.3f;
  fill(1, 2, COUNT, a);
  for (int op = GDI_SCALE; op <= GDI_INVERSE; op++) {
    by_cpu[gdi_cpu_find()]->of[op](COUNT, p, a, a, out);
    for (size_t k = 0; k < COUNT; k++) {
      const double expected = gdi_scalar_unary((gdi_op)op, p, (double)a[k]);
      if (isnan(expected))
        ck_assert(isnan(out[k]));
      else
        assert_close(out[k], expected, FLT_EPSILON, FLT_MIN);
    }
  }
}
END_TEST

START_TEST(sums_are_the_same_bits_and_right) {
  float a[COUNT], expected[COUNT], out[COUNT];
  fill(3, 1, COUNT, a);
  for (size_t rows = 1; rows <= 40; rows++) {
    const size_t columns = COUNT / rows;
    for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
      by_cpu[GDI_CPU_PLAIN]->sum_rows(rows, columns, a, expected);
      by_cpu[cpu]->sum_rows(rows, columns, a, out);
      ck_assert(memcmp(out, expected, columns * sizeof *out) == 0);
      for (size_t j = 0; j < columns; j++) {
        double sum = 0, size = 0;
        for (size_t i = 0; i < rows; i++) sum += (double)a[i + j * rows], size += fabs((double)a[i + j * rows]);
        assert_close(out[j], sum, 0, FLT_EPSILON * (double)rows * size);
      }
      by_cpu[GDI_CPU_PLAIN]->sum_columns(rows, columns, a, rows, expected);
      by_cpu[cpu]->sum_columns(rows, columns, a, rows, out);
      ck_assert(memcmp(out, expected, rows * sizeof *out) == 0);
    }
  }
}
END_TEST

/* ---- products ---- */

enum { MOST = 48 };

static void check_shape(size_t rows, size_t columns, size_t inner) {
  static float A[MOST * MOST], B[MOST * MOST], out[MOST * MOST], scratch[MOST * MOST];
  fill(rows, 1, rows * inner, A);
  fill(columns + 100, 1, inner * columns, B);
  for (int kind = 0; kind < 4; kind++) {
    const bool ta = kind & 1, tb = kind & 2;
    const gdi_product p = {.transpose_a = ta,
                           .transpose_b = tb,
                           .rows = rows,
                           .columns = columns,
                           .inner = inner,
                           .lda = ta ? inner : rows,
                           .ldb = tb ? columns : inner};
    ck_assert_uint_le(gdi_product_scratch_single(&p), sizeof scratch / sizeof *scratch);
    out[rows * columns] = 7; /* nothing is written beyond the result */
    gdi_product_small_single(&p, A, B, scratch, out, rows);
    ck_assert(out[rows * columns] == 7);
    for (size_t j = 0; j < columns; j++)
      for (size_t i = 0; i < rows; i++) {
        double sum = 0, size = 0; /* each term is rounded at most `inner` times */
        for (size_t k = 0; k < inner; k++) {
          const double term =
              (double)A[ta ? k + i * inner : i + k * rows] * (double)B[tb ? j + k * columns : k + j * inner];
          sum += term;
          size += fabs(term);
        }
        assert_close(out[i + j * rows], sum, 0, FLT_EPSILON * (double)(inner + 1) * size);
      }
  }
}

START_TEST(products_agree_with_the_definition_in_every_shape) {
  for (size_t rows = 1; rows <= 41; rows += rows < 18 ? 1 : 5)
    for (size_t columns = 1; columns <= 17; columns++)
      for (size_t inner = 1; inner <= 31; inner += 10) check_shape(rows, columns, inner);
}
END_TEST

START_TEST(products_are_the_same_bits_on_every_cpu) {
#if defined(__x86_64__)
  gdi_small_product_kernel *const kernels[] = {gdi_small_product_single_avx2, gdi_small_product_single_avx512};
  float A[48 * 9], B[9 * 13], expected[35 * 13], out[35 * 13];
  fill(1, 1, 48 * 9, A);
  fill(2, 1, 9 * 13, B);
  const gdi_small_product p = {35, 13, 9, A, 48, B, 1, 9};
  gdi_small_product_single_plain(&p, expected, 35);
  for (gdi_cpu cpu = GDI_CPU_AVX2; cpu <= gdi_cpu_find(); cpu++) {
    kernels[cpu - GDI_CPU_AVX2](&p, out, 35);
    ck_assert(memcmp(out, expected, sizeof out) == 0);
  }
#endif
}
END_TEST

TEST_SUITE("tiles_single", every_cpu_gives_the_same_bits, operations_are_those_of_doubles_rounded,
           sums_are_the_same_bits_and_right, products_agree_with_the_definition_in_every_shape,
           products_are_the_same_bits_on_every_cpu)
