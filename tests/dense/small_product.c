/* SPDX-License-Identifier: BSD-3-Clause */
/* small_product.c -- products of small matrices: every shape up to a few blocks against the definition, and the kernels
 * of all CPUs against each other, bit for bit.  Compiled for doubles and for floats. */
#include "dense/small_product.h"
#include "kernels/cpu.h"
#include "support/suite.h"

#include "support/real.h"

enum { LANES = 64 / sizeof(gdi_real), MOST = 72, LONG = GDI_LONG_SUM + 2 };

static void fill(uint64_t seed, size_t count, gdi_real *out) { fill_normal(seed, 3, count, out); }

static double entry(bool transposed, const gdi_real *A, size_t ld, size_t i, size_t j) {
  return (double)(transposed ? A[j + i * ld] : A[i + j * ld]);
}

static void check_shape(size_t rows, size_t columns, size_t inner) {
  static gdi_real A[MOST * MOST], B[MOST * MOST], out[MOST * MOST], scratch[MOST * MOST];
  fill(rows, rows * inner, A);
  fill(columns + 100, inner * columns, B);
  for (int kind = 0; kind < 4; kind++) {
    const bool ta = kind & 1, tb = kind & 2;
    const gdi_product p = {.transpose_a = ta,
                           .transpose_b = tb,
                           .rows = rows,
                           .columns = columns,
                           .inner = inner,
                           .lda = ta ? inner : rows,
                           .ldb = tb ? columns : inner};
    ck_assert_uint_le(GDI_REAL(gdi_product_scratch)(&p), sizeof scratch / sizeof *scratch);
    out[rows * columns] = 7; /* nothing is written beyond the result */
    GDI_REAL(gdi_product_small)(&(gdi_finished_product){.shape = p, .A = A, .B = B}, scratch, out, rows);
    ck_assert(out[rows * columns] == 7);
    for (size_t j = 0; j < columns; j++)
      for (size_t i = 0; i < rows; i++) {
        double sum = 0, size = 0; /* each term is rounded at most `inner` times */
        for (size_t k = 0; k < inner; k++) {
          const double term = entry(ta, A, p.lda, i, k) * entry(tb, B, p.ldb, k, j);
          sum += term;
          size += fabs(term);
        }
        assert_close((double)out[i + j * rows], sum, 0, EPSILON * (double)(inner + 1) * size);
      }
  }
}

START_TEST(agrees_with_the_definition_in_every_shape) {
  for (size_t rows = 1; rows <= 41; rows += rows < 18 ? 1 : 5)
    for (size_t columns = 1; columns <= 17; columns++)
      for (size_t inner = 1; inner <= LONG; inner += inner < 31 ? 6 : LONG - 31) check_shape(rows, columns, inner);
}
END_TEST

START_TEST(leaves_large_products_to_blas) {
  enum { MANY = (1 << 19) / sizeof(gdi_real) / 256 + 1 }; /* rows of 256 that do not fit into half a megabyte */
  const gdi_product large = {.rows = MANY, .columns = 99, .inner = 256, .lda = MANY, .ldb = 256};
  const gdi_product few_columns = {.rows = 7, .columns = 2, .inner = 1000, .lda = 7, .ldb = 1000};
  const gdi_product more_columns = {.rows = 7, .columns = 20, .inner = 1000, .lda = 7, .ldb = 1000};
  const gdi_product ready = {.rows = 64, .columns = 2, .inner = 1000, .lda = 64, .ldb = 1000};
  ck_assert_uint_eq(GDI_REAL(gdi_product_scratch)(&large), SIZE_MAX);
  ck_assert_uint_eq(GDI_REAL(gdi_product_scratch)(&few_columns), SIZE_MAX);
  ck_assert_uint_eq(GDI_REAL(gdi_product_scratch)(&more_columns), LANES * 1000);
  ck_assert_uint_eq(GDI_REAL(gdi_product_scratch)(&ready), 0);
}
END_TEST

static gdi_small_product_kernel *kernel_of(gdi_cpu cpu) {
#if defined(__x86_64__)
  if (cpu == GDI_CPU_AVX2) return GDI_SMALL_PRODUCT(avx2);
  if (cpu == GDI_CPU_AVX512) return GDI_SMALL_PRODUCT(avx512);
#endif
  (void)cpu;
  return GDI_SMALL_PRODUCT(plain);
}

START_TEST(is_the_same_bits_on_every_cpu) {
  enum { ROWS = 2 * LANES + 3, LDA = 3 * LANES };
  gdi_real A[LDA * LONG], B[LONG * 13], expected[ROWS * 13], out[ROWS * 13];
  fill(1, LDA * LONG, A);
  fill(2, LONG * 13, B);
  gdi_real expected_sums[ROWS], sums[ROWS];
  gdi_small_product p = {ROWS, 13, LONG, A, LDA, B, 1, LONG, NULL, 0, expected_sums};
  kernel_of(GDI_CPU_PLAIN)(&p, expected, ROWS);
  p.sums = sums;
  for (gdi_cpu cpu = GDI_CPU_AVX2; cpu <= gdi_cpu_find(); cpu++) {
    kernel_of(cpu)(&p, out, ROWS);
    ck_assert(memcmp(out, expected, sizeof out) == 0);
    ck_assert(memcmp(sums, expected_sums, sizeof sums) == 0);
  }
}
END_TEST

/* Of A's columns one after the other: the same bits as one addition after the other. */
static void check_sums(size_t rows, size_t columns, bool transposed) {
  gdi_real A[MOST * LONG], B[LONG * 17], out[MOST * 17], scratch[MOST * LONG], sums[MOST + 1];
  const size_t lda = transposed ? LONG : rows;
  fill(rows, rows * LONG, A);
  fill(2, LONG * columns, B);
  const gdi_product shape = {
      .transpose_a = transposed, .rows = rows, .columns = columns, .inner = LONG, .lda = lda, .ldb = LONG};
  sums[rows] = 7; /* nothing is written beyond them */
  GDI_REAL(gdi_product_small)
  (&(gdi_finished_product){.shape = shape, .A = A, .B = B, .sums = sums}, scratch, out, rows);
  ck_assert(sums[rows] == 7);
  for (size_t i = 0; i < rows; i++) {
    gdi_real sum = 0;
    for (size_t k = 0; k < LONG; k++) sum += A[transposed ? k + i * lda : i + k * lda];
    ck_assert_msg(sums[i] == sum, "row %zu of %zu, %zu columns", i, rows, columns);
  }
}

START_TEST(columns_of_the_first_factor_are_summed_up_as_they_come_by) {
  for (size_t rows = 1; rows <= 41; rows++)
    for (size_t columns = 1; columns <= 17; columns++) {
      check_sums(rows, columns, false);
      check_sums(rows, columns, true);
    }
}
END_TEST

static gdi_real finished(const gdi_finish *f, gdi_real e, gdi_real x) {
  switch (f->op) {
  case GDI_FINISH_SCALE:
    return f->p * e;
  case GDI_FINISH_RAMP:
    return e > 0 ? e : f->p * e;
  case GDI_FINISH_RECTIFY:
    return e < 0 ? 0 : e;
  case GDI_FINISH_ADD:
    return e + x;
  case GDI_FINISH_SUBTRACT:
    return e - x;
  case GDI_FINISH_SUBTRACT_FROM:
    return x - e;
  case GDI_FINISH_MULTIPLY:
    return e * x;
  case GDI_FINISH_GATE:
    return x > 0 ? e : f->p * e;
  case GDI_FINISH_MASK:
    return x > 0 ? e : 0;
  default:
    return e;
  }
}

/* Each step is one IEEE operation, so the same bits as one entry after the other. */
static void check_finishes(gdi_small_product p, gdi_cpu cpu) {
  gdi_real expected[MOST * 17], out[MOST * 17];
  const gdi_finish *finish = p.finish;
  const size_t finishes = p.finishes;
  p.finishes = 0;
  kernel_of(cpu)(&p, expected, p.rows);
  for (const gdi_finish *f = finish; f < finish + finishes; f++)
    for (size_t j = 0; j < p.columns; j++)
      for (size_t i = 0; i < p.rows; i++) {
        gdi_real *e = expected + i + j * p.rows;
        *e = finished(f, *e, f->with ? f->with[i + j * f->ldwith] : 0);
      }
  p.finishes = finishes;
  kernel_of(cpu)(&p, out, p.rows);
  ck_assert_msg(memcmp(out, expected, p.rows * p.columns * sizeof *out) == 0, "step %d on CPU %d, %zu by %zu",
                (int)finish->op, (int)cpu, p.rows, p.columns);
}

START_TEST(entries_are_finished_one_step_after_the_other) {
  gdi_real A[MOST * 9], B[9 * 17], x[MOST * 17], y[MOST];
  fill(1, MOST * 9, A);
  fill(2, 9 * 17, B);
  fill(3, MOST * 17, x);
  fill(4, MOST, y);
  const gdi_finish all[] = {
      {GDI_FINISH_SUBTRACT, 0, x, MOST},      {GDI_FINISH_ADD, 0, y, 0},          {GDI_FINISH_RAMP, 0.25, NULL, 0},
      {GDI_FINISH_MULTIPLY, 0, x, MOST},      {GDI_FINISH_GATE, 0.75, x + 1, 30}, {GDI_FINISH_SCALE, 1.125, NULL, 0},
      {GDI_FINISH_SUBTRACT_FROM, 0, y, 0},    {GDI_FINISH_RECTIFY, 0, NULL, 0},   {GDI_FINISH_NONE, 0, NULL, 0},
      {GDI_FINISH_SUBTRACT_FROM, 0, x, MOST}, {GDI_FINISH_MASK, 0, x, MOST}};
  const size_t count = sizeof all / sizeof *all;
  for (gdi_cpu cpu = GDI_CPU_PLAIN; cpu <= gdi_cpu_find(); cpu++)
    for (size_t rows = LANES; rows <= 3 * LANES; rows += LANES)
      for (size_t columns = 1; columns <= 17; columns++) {
        for (size_t k = 0; k < count; k++)
          check_finishes((gdi_small_product){rows, columns, 9, A, MOST, B, 1, 9, all + k, 1, NULL}, cpu);
        check_finishes((gdi_small_product){rows, columns, 9, A, MOST, B, 1, 9, all, count, NULL}, cpu);
      }
}
END_TEST

TEST_SUITE(SUITE_NAME("small_product"), agrees_with_the_definition_in_every_shape, leaves_large_products_to_blas,
           is_the_same_bits_on_every_cpu, columns_of_the_first_factor_are_summed_up_as_they_come_by,
           entries_are_finished_one_step_after_the_other)
