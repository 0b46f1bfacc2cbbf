/* SPDX-License-Identifier: BSD-3-Clause */
/* vector.c -- every set of vector loops gives the bits of a plain C twin; norms survive any scale. */
#include "kernels/vector.h"

#include "kernels/cpu.h"
#include "support/suite.h"

#include <float.h>
#include <stdint.h>

#define MOST 300

static const size_t lengths[] = {0, 1, 5, 7, 8, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 71, 128, 143, 200, MOST};
#define N_LENGTHS (sizeof lengths / sizeof *lengths)

/* Those up to gdi_cpu_find() run here. */
static const gdi_vector_kernels *const sets[] = GDI_CPU_KERNELS(gdi_vector_kernels);

/* Numbers of both signs and magnitudes from 1e-4 to 1e4, from a small generator of the test's own. */
static void fill(size_t n, uint64_t seed, double *out) {
  uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
  for (size_t k = 0; k < n; k++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    const double unit = (double)(state >> 11) * 0x1p-53;
    out[k] = (state >> 60 & 1 ? 1 : -1) * pow(10, 8 * unit - 4);
  }
}

/* The stated order of summation, with arrays for lanes. */
static double twin_sum(size_t n, size_t accumulators, const double *terms) {
  const size_t width = accumulators == 4 ? 8 : 16;
  double lane[4][8] = {{0}}, sum = 0;
  size_t k = 0;
  if (n >= 16) {
    for (; k < n / width * width; k++) lane[k / 8 % accumulators][k % 8] += terms[k];
    double s[8];
    for (size_t l = 0; l < 8; l++)
      s[l] = accumulators == 4 ? (lane[0][l] + lane[1][l]) + (lane[2][l] + lane[3][l]) : lane[0][l] + lane[1][l];
    sum = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
  }
  for (; k < n; k++) sum += terms[k];
  return sum;
}

static void check_sums(const gdi_vector_kernels *set, size_t n, const double *a, const double *b) {
  double products[MOST], squares[MOST], differences[MOST];
  for (size_t k = 0; k < n; k++) {
    products[k] = a[k] * b[k];
    squares[k] = a[k] * a[k];
    differences[k] = (a[k] - b[k]) * (a[k] - b[k]);
  }
  ck_assert_double_eq(set->dot(n, a, b), twin_sum(n, 4, products));
  ck_assert_double_eq(set->norm_squared(n, a), twin_sum(n, 4, squares));
  ck_assert_double_eq(set->distance_squared(n, a, b), twin_sum(n, 4, differences));

  double kept[MOST + 1];
  memcpy(kept, b, sizeof kept);
  const gdi_vector_change change = set->change(n, a, kept, kept);
  ck_assert_double_eq(change.norm_squared, twin_sum(n, 2, squares));
  ck_assert_double_eq(change.distance_squared, twin_sum(n, 2, differences));
  ck_assert(change.finite);
  ck_assert_int_eq(memcmp(kept, a, n * sizeof *a), 0);
  ck_assert_double_eq(kept[n], b[n]);
}

static void check_updates(const gdi_vector_kernels *set, size_t n, const double *a, const double *b) {
  double moved[MOST + 1], x[MOST + 1], c[MOST + 1];
  memcpy(moved, b, sizeof moved);
  memcpy(x, a, sizeof x);
  fill(n, 99, c);
  set->move(n, 0.37, a, b, moved);
  set->optimistic(n, 0.37, (const double[]){2.1, 0.9}, b, c, x);
  for (size_t k = 0; k < n; k++) {
    ck_assert_double_eq(moved[k], a[k] + 0.37 * b[k]);
    ck_assert_double_eq(x[k], fma(-0.37 * 0.9, c[k], fma(0.37 * 2.1, b[k], a[k])));
  }
  ck_assert_double_eq(moved[n], b[n]);
  ck_assert_double_eq(x[n], a[n]);
}

START_TEST(equal_their_plain_twin_bit_for_bit_on_every_cpu) {
  double a[MOST + 2], b[MOST + 2];
  fill(MOST + 2, 1, a);
  fill(MOST + 2, 2, b);
  for (size_t count = gdi_cpu_find() + 1; count-- > 0;)
    for (size_t k = 0; k < N_LENGTHS; k++) {
      check_sums(sets[count], lengths[k], a, b);
      check_sums(sets[count], lengths[k], a + 1, b);
      check_updates(sets[count], lengths[k], a, b);
    }
}
END_TEST

START_TEST(choose_a_set_that_gives_the_same_bits) {
  double a[MOST], b[MOST], y[MOST], z[MOST];
  fill(MOST, 3, a);
  fill(MOST, 4, b);
  ck_assert_double_eq(gdi_vector_dot(MOST, a, b), gdi_vector_kernels_plain.dot(MOST, a, b));
  memcpy(y, b, sizeof y);
  gdi_vector_axpy(MOST, -0.5, a, y);
  gdi_vector_move(MOST, -0.5, b, a, z);
  ck_assert_int_eq(memcmp(y, z, sizeof y), 0);
  memcpy(y, a, sizeof y);
  gdi_vector_extrapolate(MOST, 0.1, 2, b, 1, z, y);
  for (size_t k = 0; k < MOST; k++) ck_assert_double_eq(y[k], fma(-0.1 * 1, z[k], fma(0.1 * 2, b[k], a[k])));
  ck_assert(gdi_vector_track(MOST, a, b, z).finite);
  ck_assert_int_eq(memcmp(a, z, sizeof z), 0);
}
END_TEST

START_TEST(find_the_first_entry_that_is_no_number) {
  const double intruders[] = {(double)INFINITY, -(double)INFINITY, (double)NAN, -(double)NAN};
  double x[MOST], kept[MOST];
  fill(MOST, 5, x);
  x[3] = DBL_MAX, x[4] = -DBL_MAX, x[5] = DBL_TRUE_MIN, x[6] = -0.0;
  for (size_t count = gdi_cpu_find() + 1; count-- > 0;)
    for (size_t k = 0; k < N_LENGTHS; k++)
      for (size_t where = 0; where < lengths[k]; where += 1 + where / 9) {
        const double entry = x[where];
        ck_assert_uint_eq(sets[count]->first_nonfinite(lengths[k], x), lengths[k]);
        x[where] = intruders[(where + k) % 4];
        ck_assert_uint_eq(sets[count]->first_nonfinite(lengths[k], x), where);
        ck_assert(!sets[count]->change(lengths[k], x, x, kept).finite);
        ck_assert(!gdi_vector_is_finite(lengths[k], x));
        x[where] = entry;
      }
  ck_assert(gdi_vector_is_finite(MOST, x));
}
END_TEST

/* |(3, 4)| = 5 at any power of two, the ends of the range included; 0 and n = 0 give 0. */
START_TEST(norms_neither_overflow_nor_underflow) {
  const int exponents[] = {0, 511, 600, 1020, -400, -460, -538, -1022, -1074};
  for (size_t k = 0; k < sizeof exponents / sizeof *exponents; k++) {
    const double unit = ldexp(1, exponents[k]);
    const double x[] = {3 * unit, 0, -4 * unit}, y[] = {0, 0, 0}, z[] = {6 * unit, 0, -8 * unit};
    ck_assert_double_eq(gdi_vector_norm(3, x), 5 * unit);
    ck_assert_double_eq(gdi_vector_distance(3, x, y), 5 * unit);
    ck_assert_double_eq(gdi_vector_distance(3, z, x), 5 * unit);
  }
  ck_assert_double_eq(gdi_vector_norm(0, NULL), 0);
  ck_assert_double_eq(gdi_vector_norm(2, (const double[]){0, -0.0}), 0);
  /* many: sqrt(2^10 (2^600)^2) = 2^605 */
  double many[1024];
  for (size_t k = 0; k < 1024; k++) many[k] = k % 2 ? 0x1p600 : -0x1p600;
  ck_assert_double_eq(gdi_vector_norm(1024, many), 0x1p605);
}
END_TEST

/* 2^1023 + 2^1022 = 1.5 2^1023 is a double, 2^1023 + 2^1023 is not. */
START_TEST(norms_are_infinite_or_nan_only_when_they_must) {
  const double high[] = {0x1p1023, 0}, low[] = {-0x1p1022, 0}, opposite[] = {-0x1p1023, 0};
  ck_assert_double_eq(gdi_vector_distance(2, high, low), 0x1.8p1023);
  ck_assert(isinf(gdi_vector_distance(2, high, opposite)));
  ck_assert_double_eq(gdi_vector_norm(2, (const double[]){DBL_MAX, 0}), DBL_MAX);
  ck_assert(isinf(gdi_vector_norm(2, (const double[]){DBL_MAX, DBL_MAX})));
  ck_assert(isinf(gdi_vector_norm(2, (const double[]){1, -(double)INFINITY})));
  ck_assert(isnan(gdi_vector_norm(2, (const double[]){(double)NAN, 1})));
  ck_assert(isnan(gdi_vector_distance(2, (const double[]){1, (double)NAN}, high)));
}
END_TEST

TEST_SUITE("vector", equal_their_plain_twin_bit_for_bit_on_every_cpu, choose_a_set_that_gives_the_same_bits,
           find_the_first_entry_that_is_no_number, norms_neither_overflow_nor_underflow,
           norms_are_infinite_or_nan_only_when_they_must)
