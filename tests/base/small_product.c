/* SPDX-License-Identifier: BSD-3-Clause */
/* small_product.c -- products of small matrices: every shape up to a few blocks against the definition, and the kernels
 * of all CPUs against each other, bit for bit. */
#include "base/small_product.h"
#include "base/cpu.h"
#include "support/suite.h"

#include <gamedyn/rng.h>

enum { MOST = 40 };

static void fill(uint64_t seed, size_t count, double *out) {
  gd_rng rng = gd_rng_make(seed, 3);
  gd_rng_fill_normal(&rng, count, out);
}

static double entry(bool transposed, const double *A, size_t ld, size_t i, size_t j) {
  return transposed ? A[j + i * ld] : A[i + j * ld];
}

static void check_shape(size_t rows, size_t columns, size_t inner) {
  static double A[MOST * MOST], B[MOST * MOST], out[MOST * MOST], scratch[MOST * MOST];
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
    ck_assert_uint_le(gdi_product_scratch(&p), sizeof scratch / sizeof *scratch);
    out[rows * columns] = 7; /* nothing is written beyond the result */
    gdi_product_small(&p, A, B, scratch, out, rows);
    ck_assert(out[rows * columns] == 7);
    for (size_t j = 0; j < columns; j++)
      for (size_t i = 0; i < rows; i++) {
        double sum = 0, size = 0; /* each term is rounded at most `inner` times */
        for (size_t k = 0; k < inner; k++) {
          const double term = entry(ta, A, p.lda, i, k) * entry(tb, B, p.ldb, k, j);
          sum += term;
          size += fabs(term);
        }
        assert_close(out[i + j * rows], sum, 0, 2.3e-16 * (double)(inner + 1) * size);
      }
  }
}

START_TEST(agrees_with_the_definition_in_every_shape) {
  for (size_t rows = 1; rows <= 33; rows += rows < 18 ? 1 : 5)
    for (size_t columns = 1; columns <= 17; columns++)
      for (size_t inner = 1; inner <= 31; inner += 6) check_shape(rows, columns, inner);
}
END_TEST

START_TEST(leaves_large_products_to_blas) {
  const gdi_product large = {.rows = 257, .columns = 99, .inner = 256, .lda = 257, .ldb = 256};
  const gdi_product few_columns = {.rows = 7, .columns = 2, .inner = 1000, .lda = 7, .ldb = 1000};
  const gdi_product more_columns = {.rows = 7, .columns = 20, .inner = 1000, .lda = 7, .ldb = 1000};
  const gdi_product ready = {.rows = 64, .columns = 2, .inner = 1000, .lda = 64, .ldb = 1000};
  ck_assert_uint_eq(gdi_product_scratch(&large), SIZE_MAX);
  ck_assert_uint_eq(gdi_product_scratch(&few_columns), SIZE_MAX);
  ck_assert_uint_eq(gdi_product_scratch(&more_columns), 8000);
  ck_assert_uint_eq(gdi_product_scratch(&ready), 0);
}
END_TEST

START_TEST(is_the_same_bits_on_every_cpu) {
#if defined(__x86_64__)
  gdi_small_product_kernel *const kernels[] = {gdi_small_product_avx2, gdi_small_product_avx512};
  double A[24 * 9], B[9 * 13], expected[19 * 13], out[19 * 13];
  fill(1, 24 * 9, A);
  fill(2, 9 * 13, B);
  const gdi_small_product p = {19, 13, 9, A, 24, B, 1, 9};
  gdi_small_product_plain(&p, expected, 19);
  for (gdi_cpu cpu = GDI_CPU_AVX2; cpu <= gdi_cpu_find(); cpu++) {
    kernels[cpu - GDI_CPU_AVX2](&p, out, 19);
    ck_assert(memcmp(out, expected, sizeof out) == 0);
  }
#endif
}
END_TEST

TEST_SUITE("small_product", agrees_with_the_definition_in_every_shape, leaves_large_products_to_blas,
           is_the_same_bits_on_every_cpu)
