/* SPDX-License-Identifier: BSD-3-Clause */
/* special.c -- exp, exp(-x^2 / 2) and erfc: errors over millions of arguments, values at the ends of the range, and the
 * same bits from every set of loops, however many numbers come together. */
#include "kernels/special.h"

#include "kernels/cpu.h"
#include "support/suite.h"

#include <float.h>
#include <stdbool.h>
#include <stdint.h>

/* Those up to gdi_cpu_find() run here. */
static const gdi_special_kernels *const sets[] = GDI_CPU_KERNELS(gdi_special_kernels);

enum { EXP, GAUSSIAN, ERFC, FUNCTIONS, TOGETHER = 4096 };
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROUNDS 8 /* of TOGETHER arguments from each range: instrumented code is slow, and the bits are the same */
#else
#define ROUNDS 100
#endif

static gdi_special_function *function_of(const gdi_special_kernels *set, int which) {
  return which == EXP ? set->exp : which == GAUSSIAN ? set->gaussian : set->erfc;
}

/* Valgrind computes long doubles as doubles. */
static bool has_wide_reals(void) {
  volatile long double small = 0x1p-60L;
  return 1 + small != 1;
}

/* libm's value, wide if it can be; then its error, with that of x^2 / 2, is below 0.4 ulp of a double. */
static long double reference(int which, double x) {
  if (has_wide_reals()) return which == EXP ? expl(x) : which == GAUSSIAN ? expl(-(long double)x * x / 2) : erfcl(x);
  const double square = x * x;
  return which == EXP ? exp(x) : which == GAUSSIAN ? exp(-square / 2) * (1 - fma(x, x, -square) / 2) : erfc(x);
}

/* In units in the last place of a double of that size. */
static double error_in_ulps(double actual, long double expected) {
  int exponent;
  if (isinf(actual) || isinf((double)expected)) return actual == (double)expected ? 0 : INFINITY;
  frexpl(expected, &exponent);
  if (exponent < DBL_MIN_EXP) exponent = DBL_MIN_EXP;
  return fabs((double)ldexpl(actual - expected, DBL_MANT_DIG - exponent));
}

typedef struct range {
  int which;
  double from, to;
} range;

/* All of the domain, and parts of it more closely: around 0, results that are subnormal, results next to overflow, and
 * both sides of |x| = 1/2, where erfc's formula changes. */
static const range ranges[] = {
    {EXP, -750, 715},    {EXP, -1, 1},      {EXP, -746, -708},    {EXP, 709, 709.8},       {EXP, -1e-9, 1e-9},
    {GAUSSIAN, -40, 40}, {GAUSSIAN, -6, 6}, {GAUSSIAN, 37.6, 39}, {GAUSSIAN, -1e-7, 1e-7}, {ERFC, -7, 28},
    {ERFC, -1, 6},       {ERFC, 0.4, 0.7},  {ERFC, -0.6, -0.4},   {ERFC, 26.5, 27.3},      {ERFC, -1e-9, 1e-9},
};

/* What the header states; and what the reference is off by. */
static double bound_of(int which, double x) {
  const double stated = which == EXP ? 1.4 : which == GAUSSIAN ? 1.4 + 0.7 * x * x : 3.9;
  return stated + (has_wide_reals() ? 0.4 : 2);
}

START_TEST(errors_are_within_their_bounds) {
  static double x[TOGETHER], out[TOGETHER];
  const range *of = &ranges[_i];
  uint64_t state = 1;
  for (int round = 0; round < ROUNDS; round++) {
    for (size_t k = 0; k < TOGETHER; k++) {
      state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      x[k] = of->from + (of->to - of->from) * ((double)(state >> 11) * 0x1p-53);
    }
    function_of(gdi_kernels.special, of->which)(TOGETHER, x, out);
    for (size_t k = 0; k < TOGETHER; k++) {
      const double error = error_in_ulps(out[k], reference(of->which, x[k]));
      if (!(error <= bound_of(of->which, x[k]))) ck_abort_msg("function %d at %.17g: %.3g ulp", of->which, x[k], error);
    }
  }
}
END_TEST

typedef struct known {
  int which;
  double x, value;
} known;

/* As C has them.  exp overflows beyond 1024 log 2 = 709.782712893383973, and is nearer to 0 than to the least double
 * below -1075 log 2 = -745.133219101941208. */
static const known knowns[] = {
    {EXP, 0, 1},
    {EXP, -0.0, 1},
    {EXP, DBL_TRUE_MIN, 1},
    {EXP, -DBL_TRUE_MIN, 1},
    {EXP, 0x1p-54, 1},
    {EXP, INFINITY, INFINITY},
    {EXP, -INFINITY, 0},
    {EXP, 709.7827128933841, INFINITY},
    {EXP, DBL_MAX, INFINITY},
    {EXP, -745.1332191019411, DBL_TRUE_MIN},
    {EXP, -745.1332191019413, 0},
    {EXP, -DBL_MAX, 0},
    {GAUSSIAN, 0, 1},
    {GAUSSIAN, -0.0, 1},
    {GAUSSIAN, 0x1p-600, 1},
    {GAUSSIAN, 39, 0},
    {GAUSSIAN, -1e160, 0},
    {GAUSSIAN, DBL_MAX, 0},
    {GAUSSIAN, INFINITY, 0},
    {GAUSSIAN, -INFINITY, 0},
    {ERFC, 0, 1},
    {ERFC, -0.0, 1},
    {ERFC, DBL_TRUE_MIN, 1},
    {ERFC, 27.3, 0},
    {ERFC, DBL_MAX, 0},
    {ERFC, INFINITY, 0},
    {ERFC, -6, 2},
    {ERFC, -DBL_MAX, 2},
    {ERFC, -INFINITY, 2},
};

START_TEST(ends_of_the_range_are_exact) {
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++)
    for (size_t k = 0; k < sizeof knowns / sizeof *knowns; k++) {
      double out;
      function_of(sets[cpu], knowns[k].which)(1, &knowns[k].x, &out);
      ck_assert_msg(out == knowns[k].value && !signbit(out), "function %d at %.17g: %.17g, expected %.17g",
                    knowns[k].which, knowns[k].x, out, knowns[k].value);
    }
}
END_TEST

START_TEST(nothing_hides_nan) {
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++)
    for (int which = 0; which < FUNCTIONS; which++) {
      double x[] = {0.5, NAN, 0.5, -NAN, INFINITY}, out[5];
      function_of(sets[cpu], which)(5, x, out);
      ck_assert(isnan(out[1]) && isnan(out[3]));
      ck_assert(out[0] == out[2] && !isnan(out[0]) && !isnan(out[4]));
    }
}
END_TEST

/* Doubles of all kinds: half of them any bits at all, NaN made one and the same; half of modulus 2^-10 to 2^10. */
static void fill(size_t n, uint64_t seed, double *x) {
  uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
  for (size_t k = 0; k < n; k++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t bits = state ^ state >> 32;
    if (k % 2) bits = (bits & ~(UINT64_C(0x7ff) << 52)) | (1013 + (bits >> 52) % 20) << 52;
    memcpy(x + k, &bits, sizeof bits);
    if (isnan(x[k])) x[k] = 1;
  }
}

START_TEST(all_sets_give_the_same_bits) {
  static double x[TOGETHER], plain[TOGETHER], out[TOGETHER];
  for (int which = 0; which < FUNCTIONS; which++)
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
      fill(TOGETHER, seed, x);
      function_of(sets[0], which)(TOGETHER, x, plain);
      for (size_t cpu = 1; cpu <= gdi_cpu_find(); cpu++) {
        function_of(sets[cpu], which)(TOGETHER, x, out);
        ck_assert_int_eq(memcmp(out, plain, sizeof out), 0);
      }
    }
}
END_TEST

/* Any number of them, also in place; and nothing beyond is touched. */
START_TEST(numbers_do_not_depend_on_their_neighbours) {
  double x[64], alone[64], out[65];
  fill(64, 7, x);
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++)
    for (int which = 0; which < FUNCTIONS; which++) {
      gdi_special_function *const function = function_of(sets[cpu], which);
      for (size_t k = 0; k < 64; k++) function(1, x + k, alone + k);
      for (size_t n = 0; n <= 64; n++) {
        memcpy(out, x, sizeof x);
        out[n] = 17;
        function(n, out, out);
        ck_assert_int_eq(memcmp(out, alone, n * sizeof *out), 0);
        ck_assert_double_eq(out[n], 17);
      }
    }
}
END_TEST

START_TEST(the_chosen_set_is_this_machines) {
  double x[] = {1.5}, out[3], expected[3];
  ck_assert_ptr_eq(gdi_kernels.special, sets[gdi_cpu_find()]);
  gdi_special_exp(1, x, out);
  gdi_special_gaussian(1, x, out + 1);
  gdi_special_erfc(1, x, out + 2);
  for (int which = 0; which < FUNCTIONS; which++) function_of(sets[0], which)(1, x, expected + which);
  ck_assert_int_eq(memcmp(out, expected, sizeof out), 0);
}
END_TEST

Suite *make_suite(void) {
  Suite *suite = suite_create("special");
  TCase *tcase = tcase_create("special");
  tcase_set_timeout(tcase, 300);
  tcase_add_loop_test(tcase, errors_are_within_their_bounds, 0, sizeof ranges / sizeof *ranges);
  tcase_add_test(tcase, ends_of_the_range_are_exact);
  tcase_add_test(tcase, nothing_hides_nan);
  tcase_add_test(tcase, all_sets_give_the_same_bits);
  tcase_add_test(tcase, numbers_do_not_depend_on_their_neighbours);
  tcase_add_test(tcase, the_chosen_set_is_this_machines);
  suite_add_tcase(suite, tcase);
  return suite;
}
