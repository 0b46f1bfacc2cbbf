/* SPDX-License-Identifier: BSD-3-Clause */
/* tiles.c -- the loops of graphs: the same bits from the kernels of all CPUs, and right, also where numbers are
 * extreme. Compiled for doubles and for floats. */
#include "graph/scalar.h"
#include "graph/tile_kernels.h"
#include "kernels/cpu.h"
#include "support/real.h"
#include "support/suite.h"

static const gdi_tile_kernels *const by_cpu[] = GDI_CPU_KERNELS(GDI_REAL(gdi_tile_kernels));

enum { COUNT = 203 }; /* no whole number of registers */

static void fill(uint64_t seed, double scale, gdi_real *out) {
  fill_normal(seed, 9, COUNT, out);
  for (size_t k = 0; k < COUNT; k++) out[k] *= (gdi_real)scale;
}

static void compare_cpus(int op, double p, const gdi_real *a, const gdi_real *b) {
  gdi_real expected[COUNT], out[COUNT];
  by_cpu[GDI_CPU_PLAIN]->of[op](COUNT, p, a, b, expected);
  for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
    memcpy(out, a, sizeof out); /* in place */
    by_cpu[cpu]->of[op](COUNT, p, out, b, out);
    ck_assert_msg(memcmp(out, expected, sizeof out) == 0, "operation %d on CPU %d", op, (int)cpu);
  }
}

START_TEST(every_cpu_gives_the_same_bits) {
  gdi_real a[COUNT], b[COUNT];
  for (int scale = -2; scale <= 2; scale++) {
    fill(1, pow(10, scale), a);
    fill(2, 1, b);
    a[7] = b[9] = 0;
    for (int op = GDI_FILL; op <= GDI_GATE; op++) {
      compare_cpus(op, 0.3, a, b);
      compare_cpus(op, 0, a, b);
    }
  }
}
END_TEST

static gdi_real gated(double p, gdi_real a, gdi_real b) { return b > 0 ? a : p == 0 ? 0 : (gdi_real)p * a; }

START_TEST(gates_let_pass_what_they_should) {
  gdi_real a[COUNT], b[COUNT], out[COUNT];
  const double slopes[] = {0, 0.25, -1};
  fill(5, 1, a);
  fill(6, 1, b);
  b[0] = 0, a[0] = 1, b[1] = -1, a[1] = (gdi_real)INFINITY; /* a mask's entry is 0, whatever there was */
  for (size_t s = 0; s < 3; s++)
    for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
      by_cpu[cpu]->of[GDI_GATE](COUNT, slopes[s], a, b, out);
      for (size_t k = 0; k < COUNT; k++) ck_assert(out[k] == gated(slopes[s], a[k], b[k]));
      by_cpu[cpu]->of[GDI_RAMP](COUNT, slopes[s], a, a, out);
      for (size_t k = 0; k < COUNT; k++) ck_assert(out[k] == gated(slopes[s], a[k], a[k]));
    }
}
END_TEST

START_TEST(rectifying_keeps_nan) {
  const gdi_real a[] = {(gdi_real)NAN, -1, -0.0, 2, (gdi_real)-INFINITY, (gdi_real)INFINITY};
  gdi_real all[6 * 16], out[6 * 16];
  for (size_t k = 0; k < 6 * 16; k++) all[k] = a[k % 6];
  for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++)
    for (size_t n = 6; n <= 6 * 16; n += 90) { /* a rest only, or whole lanes */
      by_cpu[cpu]->of[GDI_RAMP](n, 0, all, all, out);
      for (size_t k = 0; k < n; k++) {
        ck_assert(isnan(out[k]) ? isnan(all[k]) : out[k] == (all[k] < 0 ? 0 : all[k]));
        ck_assert(!isnan(all[k]) || isnan(out[k]));
      }
    }
}
END_TEST

/* One operand: what scalar.c gives in doubles, rounded to floats; exponentials of doubles may be off by 1.4 ulp. */
START_TEST(operations_are_those_of_numbers) {
  gdi_real a[COUNT], out[COUNT];
  const double p = (double)(gdi_real)0.3, tolerance = sizeof(gdi_real) < sizeof(double) ? EPSILON : 2 * EPSILON;
  fill(1, 2, a);
  for (int op = GDI_SCALE; op <= GDI_RECIPROCAL; op++) {
    by_cpu[gdi_cpu_find()]->of[op](COUNT, p, a, a, out);
    for (size_t k = 0; k < COUNT; k++) {
      const double expected = gdi_scalar_unary((gdi_op)op, p, (double)a[k]);
      if (isnan(expected))
        ck_assert(isnan(out[k]));
      else
        assert_close((double)out[k], expected, tolerance, (double)FLT_MIN);
    }
  }
}
END_TEST

/* Of 203 numbers or less, each sum off by rounding as often as there are terms. */
static void check_sums(size_t rows, size_t columns, const gdi_real *a, const gdi_tile_kernels *kernels, bool down) {
  gdi_real out[COUNT];
  if (down)
    kernels->sum_rows(rows, columns, a, out);
  else
    kernels->sum_columns(rows, columns, a, rows, out);
  for (size_t k = 0; k < (down ? columns : rows); k++) {
    double sum = 0, size = 0;
    for (size_t i = 0; i < (down ? rows : columns); i++) {
      const double term = (double)(down ? a[i + k * rows] : a[k + i * rows]);
      sum += term;
      size += fabs(term);
    }
    assert_close((double)out[k], sum, 0, EPSILON * (double)(down ? rows : columns) * size);
  }
}

START_TEST(sums_are_the_same_bits_and_right) {
  gdi_real a[COUNT], expected[COUNT], out[COUNT];
  fill(3, 1, a);
  for (size_t rows = 1; rows <= 40; rows++) {
    const size_t columns = COUNT / rows;
    for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
      by_cpu[GDI_CPU_PLAIN]->sum_rows(rows, columns, a, expected);
      by_cpu[cpu]->sum_rows(rows, columns, a, out);
      ck_assert(memcmp(out, expected, columns * sizeof *out) == 0);
      by_cpu[GDI_CPU_PLAIN]->sum_columns(rows, columns, a, rows, expected);
      by_cpu[cpu]->sum_columns(rows, columns, a, rows, out);
      ck_assert(memcmp(out, expected, rows * sizeof *out) == 0);
      check_sums(rows, columns, a, by_cpu[cpu], true);
      check_sums(rows, columns, a, by_cpu[cpu], false);
    }
  }
}
END_TEST

/* Of 203 numbers or less, times 2^exponent: as often off by rounding as there are terms. */
static void check_norms(size_t rows, size_t columns, int exponent, const gdi_tile_kernels *kernels, bool down) {
  gdi_real a[COUNT], out[COUNT];
  fill(3, 1, a);
  for (size_t k = 0; k < COUNT; k++) a[k] = (gdi_real)ldexp((double)a[k], exponent);
  if (down)
    kernels->norm_rows(rows, columns, a, out);
  else
    kernels->norm_columns(rows, columns, a, rows, out);
  for (size_t k = 0; k < (down ? columns : rows); k++) {
    double norm = 0;
    for (size_t i = 0; i < (down ? rows : columns); i++)
      norm = hypot(norm, (double)(down ? a[i + k * rows] : a[k + i * rows]));
    assert_close((double)out[k], norm, EPSILON * (double)(down ? rows : columns) + 2 * EPSILON, 0);
  }
}

/* Squares of numbers near 2^+-600, of floats near 2^+-100, leave the range. */
START_TEST(norms_are_right_at_every_size) {
  const int far = sizeof(gdi_real) == sizeof(double) ? 600 : 100, exponents[] = {0, far, -far};
  for (size_t rows = 1; rows <= 40; rows++)
    for (size_t e = 0; e < 3; e++)
      for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
        check_norms(rows, COUNT / rows, exponents[e], by_cpu[cpu], true);
        check_norms(rows, COUNT / rows, exponents[e], by_cpu[cpu], false);
      }
}
END_TEST

START_TEST(norms_are_the_same_bits_on_every_cpu) {
  gdi_real a[COUNT], expected[COUNT], out[COUNT];
  fill(3, 1, a);
  for (size_t rows = 1; rows <= 40; rows++)
    for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
      by_cpu[GDI_CPU_PLAIN]->norm_rows(rows, COUNT / rows, a, expected);
      by_cpu[cpu]->norm_rows(rows, COUNT / rows, a, out);
      ck_assert(memcmp(out, expected, COUNT / rows * sizeof *out) == 0);
      by_cpu[GDI_CPU_PLAIN]->norm_columns(rows, COUNT / rows, a, rows, expected);
      by_cpu[cpu]->norm_columns(rows, COUNT / rows, a, rows, out);
      ck_assert(memcmp(out, expected, rows * sizeof *out) == 0);
    }
}
END_TEST

START_TEST(norms_of_nothing_and_of_what_is_no_number) {
  const gdi_real big = (gdi_real)INFINITY, a[] = {0, -0.0f, 3, -big, 3, (gdi_real)NAN, big, (gdi_real)NAN};
  gdi_real out[4];
  for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++) {
    by_cpu[cpu]->norm_rows(2, 4, a, out);
    ck_assert(out[0] == 0 && out[1] == big && isnan(out[2]) && isnan(out[3]));
    by_cpu[cpu]->norm_columns(1, 2, a, 1, out);
    ck_assert(out[0] == 0);
  }
}
END_TEST

#if !defined(GDI_SINGLE)
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
  const double one[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  by_cpu[GDI_CPU_PLAIN]->of[GDI_RATIO](n, 0, one, a, out); /* 0 at 0; what infinity stands for is unknown */
  ck_assert(out[0] == 0 && out[1] == 0 && out[2] == 1 && isnan(out[8]));
  by_cpu[GDI_CPU_PLAIN]->of[GDI_RAMP](n, 0.25, a, a, out);
  ck_assert(out[2] == 1 && out[3] == -0.25 && out[9] == -INFINITY);
  by_cpu[GDI_CPU_PLAIN]->of[GDI_STEP](n, 0, a, a, out);
  ck_assert(out[0] == 0 && out[2] == 1 && out[3] == 0 && out[8] == 1);
  for (size_t k = 0; k < n; k++) /* what is folded when a graph is built is what would be computed */
    for (int op = GDI_WIDEN; op <= GDI_RECIPROCAL; op++) {
      by_cpu[GDI_CPU_PLAIN]->of[op](1, 0.7, a + k, a, out);
      const double folded = gdi_scalar_unary((gdi_op)op, 0.7, a[k]);
      ck_assert_int_eq(isnan(out[0]), isnan(folded));
      if (isfinite(folded)) assert_close(out[0], folded, 4e-16, 0);
    }
}
END_TEST
#endif

#if defined(GDI_SINGLE)
TEST_SUITE("tiles_single", every_cpu_gives_the_same_bits, gates_let_pass_what_they_should, rectifying_keeps_nan,
           operations_are_those_of_numbers, sums_are_the_same_bits_and_right, norms_are_right_at_every_size,
           norms_are_the_same_bits_on_every_cpu, norms_of_nothing_and_of_what_is_no_number)
#else
TEST_SUITE("tiles", every_cpu_gives_the_same_bits, gates_let_pass_what_they_should, rectifying_keeps_nan,
           operations_are_those_of_numbers, sums_are_the_same_bits_and_right, norms_are_right_at_every_size,
           norms_are_the_same_bits_on_every_cpu, norms_of_nothing_and_of_what_is_no_number,
           operations_are_right_at_extremes)
#endif
