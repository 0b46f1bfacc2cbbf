/* SPDX-License-Identifier: BSD-3-Clause */
/* tiles.c -- the loops of graphs: the same bits from the kernels of all CPUs, and right where numbers are extreme. */
#include "base/cpu.h"
#include "graph/scalar.h"
#include "graph/tile_kernels.h"
#include "support/suite.h"

#include <gamedyn/rng.h>

static const gdi_tile_kernels *const by_cpu[] = GDI_CPU_KERNELS(gdi_tile_kernels);

enum { COUNT = 203 }; /* no whole number of registers */

static void fill(uint64_t seed, double scale, double *out) {
  gd_rng rng = gd_rng_make(seed, 9);
  gd_rng_fill_normal(&rng, COUNT, out);
  for (size_t k = 0; k < COUNT; k++) out[k] *= scale;
}

START_TEST(every_cpu_gives_the_same_bits) {
  double a[COUNT], b[COUNT], expected[COUNT], out[COUNT];
  for (int scale = -2; scale <= 2; scale++) {
    fill(1, pow(10, scale), a);
    fill(2, 1, b);
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

START_TEST(sums_are_the_same_bits_and_right) {
  double a[COUNT], expected[COUNT], out[COUNT];
  fill(3, 1, a);
  for (size_t rows = 1; rows <= 20; rows++) {
    const size_t columns = COUNT / rows;
    for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
      by_cpu[GDI_CPU_PLAIN]->sum_rows(rows, columns, a, expected);
      by_cpu[cpu]->sum_rows(rows, columns, a, out);
      ck_assert(memcmp(out, expected, columns * sizeof *out) == 0);
      for (size_t j = 0; j < columns; j++) {
        double sum = 0;
        for (size_t i = 0; i < rows; i++) sum += a[i + j * rows];
        assert_close(out[j], sum, 1e-14, 1e-14);
      }
      by_cpu[GDI_CPU_PLAIN]->sum_columns(rows, columns, a, rows, expected);
      by_cpu[cpu]->sum_columns(rows, columns, a, rows, out);
      ck_assert(memcmp(out, expected, rows * sizeof *out) == 0);
      for (size_t i = 0; i < rows; i++) {
        double sum = 0;
        for (size_t j = 0; j < columns; j++) sum += a[i + j * rows];
        assert_close(out[i], sum, 1e-13, 1e-13);
      }
    }
  }
}
END_TEST

/* softplus(a) is a beyond 40 and e^a below -40, to rounding; sigmoid likewise 1 and e^a.  1 / (1 + e^a) is off by few
 * ulp, e^a by 1.4. */
START_TEST(operations_are_right_at_extremes) {
  const double a[] = {0, -0.0, 1, -1, 40, -40, 800, -800, INFINITY, -INFINITY};
  const size_t n = sizeof a / sizeof *a;
  double out[sizeof a / sizeof *a];
  by_cpu[GDI_CPU_PLAIN]->of[GDI_SIGMOID](n, 0, a, a, out);
  for (size_t k = 0; k < n; k++) assert_close(out[k], gdi_scalar_sigmoid(a[k]), 1e-15, 0);
  ck_assert(out[0] == 0.5 && out[6] == 1 && out[7] == 0 && out[8] == 1 && out[9] == 0);
  by_cpu[GDI_CPU_PLAIN]->of[GDI_SOFTPLUS](n, 0, a, a, out);
  assert_close(out[0], log(2), 1e-15, 0);
  assert_close(out[5], exp(-40), 1e-15, 0);
  ck_assert(out[6] == 800 && out[7] == 0 && out[8] == INFINITY && out[9] == 0);
  by_cpu[GDI_CPU_PLAIN]->of[GDI_INVERSE](n, 0, a, a, out);
  ck_assert(out[0] == 0 && out[1] == 0 && out[2] == 1 && out[8] == 0);
  by_cpu[GDI_CPU_PLAIN]->of[GDI_RAMP](n, 0.25, a, a, out);
  ck_assert(out[2] == 1 && out[3] == -0.25 && out[9] == -INFINITY);
  by_cpu[GDI_CPU_PLAIN]->of[GDI_STEP](n, 0, a, a, out);
  ck_assert(out[0] == 0 && out[2] == 1 && out[3] == 0 && out[8] == 1);
  for (size_t k = 0; k < n; k++) /* what is folded when a graph is built is what would be computed */
    for (int op = GDI_WIDEN; op <= GDI_INVERSE; op++) {
      by_cpu[GDI_CPU_PLAIN]->of[op](1, 0.7, a + k, a, out);
      const double folded = gdi_scalar_unary((gdi_op)op, 0.7, a[k]);
      ck_assert_int_eq(isnan(out[0]), isnan(folded));
      if (isfinite(folded)) assert_close(out[0], folded, 4e-16, 0);
    }
}
END_TEST

TEST_SUITE("tiles", every_cpu_gives_the_same_bits, sums_are_the_same_bits_and_right, operations_are_right_at_extremes)
