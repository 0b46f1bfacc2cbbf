/* SPDX-License-Identifier: BSD-3-Clause */
/* normal.c -- normal numbers of given words: their errors over all of the domain and more closely at its ends, exact
 * quarters of turns, and the same bits from every set of loops, however many come together. */
#include "kernels/normal.h"

#include "kernels/cpu.h"
#include "support/suite.h"

#include <float.h>
#include <stdbool.h>

/* Those up to gdi_cpu_find() run here. */
static const gdi_normal_kernels *const sets[] = GDI_CPU_KERNELS(gdi_normal_kernels);

enum { TOGETHER = 4096 };
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROUNDS 8 /* of TOGETHER words of each kind: instrumented code is slow, and the bits are the same */
#else
#define ROUNDS 100
#endif
#define QUARTER (UINT64_C(1) << 62) /* of a turn, as an angle's word */
#define LEAST (UINT64_C(1) << 11)   /* 2^-53 of u or of a turn */

static void pair_of(const gdi_normal_kernels *set, uint64_t radius, uint64_t angle, double pair[2]) {
  set->of_words(2, (const uint64_t[]){radius, angle}, pair);
}

/* ---- errors ---- */

/* Valgrind computes long doubles as doubles. */
static bool has_wide_reals(void) {
  volatile long double small = 0x1p-60L;
  return 1 + small != 1;
}

/* The formula's value, with an angle of at most half a quarter: its nearest quarter q is exact.  logl of u < 1, and
 * sinl and cosl within an eighth of a turn, are good to a few units of 2^-64, that is, 0.01 ulp of a double.  From
 * doubles: log, the constant and the angle it gives, sin or cos, to an ulp each, square root and product to a half:
 * 1 + 1.4 + 2 + 1 + 0.5 units of 2^-53 or ulp, less than 6. */
static void reference(uint64_t radius, uint64_t angle, long double pair[2]) {
  const uint64_t q = (angle / (QUARTER / 2) + 1) / 2, units = angle / LEAST;
  const long double b = ((long double)units - (long double)(q * (QUARTER / LEAST))) * 0x1p-53L;
  const long double turns = 6.283185307179586476925286766559L * b, u = (long double)(radius / LEAST + 1) * 0x1p-53L;
  const bool wide = has_wide_reals();
  const long double r = wide ? sqrtl(-2 * logl(u)) : sqrt(-2 * log((double)u));
  const long double c = wide ? cosl(turns) : cos((double)turns), s = wide ? sinl(turns) : sin((double)turns);
  pair[0] = r * (q % 2 ? (q % 4 == 1 ? -s : s) : (q % 4 ? -c : c));
  pair[1] = r * (q % 2 ? (q % 4 == 1 ? c : -c) : (q % 4 ? -s : s));
}

/* In units in the last place of a double of that size. */
static double error_in_ulps(double actual, long double expected) {
  int exponent;
  if (expected == 0) return actual == 0 ? 0 : INFINITY;
  frexpl(expected, &exponent);
  return fabs((double)ldexpl(actual - expected, DBL_MANT_DIG - exponent));
}

static void assert_within_bounds(const gdi_normal_kernels *set, const uint64_t *words) {
  static double out[TOGETHER];
  const double bound = 4.3 + (has_wide_reals() ? 0.01 : 6); /* what rng.h states, and the reference's own */
  set->of_words(TOGETHER, words, out);
  for (size_t k = 0; k < TOGETHER; k += 2) {
    long double expected[2];
    reference(words[k], words[k + 1], expected);
    for (size_t i = 0; i < 2; i++) {
      const double error = error_in_ulps(out[k + i], expected[i]);
      if (!(error <= bound))
        ck_abort_msg("number %zu of %016jx, %016jx: %.17g, %.3g ulp", i, (uintmax_t)words[k], (uintmax_t)words[k + 1],
                     out[k + i], error);
    }
  }
}

static uint64_t next_word(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *state ^ *state >> 32;
}

static void fill(uint64_t seed, size_t count, uint64_t *words) {
  uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
  for (size_t k = 0; k < count; k++) words[k] = next_word(&state);
}

/* Kinds of words: of any size; u next to 0, at every scale; u next to 1, at every scale; u next to sqrt(1/2), where k
 * changes; angles next to a multiple of an eighth of a turn, at every scale. */
enum { ANY, SMALL, NEAR_ONE, NEAR_ROOT, NEAR_EIGHTHS, KINDS };

static void bend(int kind, uint64_t *radius, uint64_t *angle) {
  const int scale = (int)(*radius % 64);
  if (kind == SMALL) *radius >>= scale;
  if (kind == NEAR_ONE) *radius = ~(*radius >> scale);
  if (kind == NEAR_ROOT) *radius = (uint64_t)(0x1p64 * sqrt(0.5)) + (*radius >> 30) - (UINT64_C(1) << 33);
  if (kind == NEAR_EIGHTHS)
    *angle = (*angle % 8) * (QUARTER / 2) + (*angle % 16 < 8 ? *angle >> scale : -(*angle >> scale));
}

START_TEST(errors_are_within_their_bounds) {
  static uint64_t words[TOGETHER];
  for (uint64_t seed = 0; seed < ROUNDS; seed++) {
    fill(seed, TOGETHER, words);
    for (size_t k = 0; k < TOGETHER; k += 2) bend(_i, words + k, words + k + 1);
    assert_within_bounds(gdi_kernels.normal, words);
  }
}
END_TEST

/* ---- the ends ---- */

/* u = 2^-53 is the smallest: radius sqrt(106 log 2) = 8.57167...; u = 1 the largest: radius 0. */
START_TEST(extreme_words_give_the_extreme_numbers) {
  const double most = 8.571674348652905; /* to half an ulp */
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++) {
    double pair[2];
    for (uint64_t q = 0; q < 4; q++) {
      pair_of(sets[cpu], LEAST - 1, q * QUARTER, pair);
      ck_assert_double_eq(pair[q % 2 ? 0 : 1], 0);
      assert_close(pair[q % 2], q < 2 ? most : -most, 5 * DBL_EPSILON, 0);
      pair_of(sets[cpu], UINT64_MAX, q * QUARTER + QUARTER / 3, pair);
      ck_assert(pair[0] == 0 && pair[1] == 0);
    }
    /* 2^-53 short of a turn: cos is 1 to 2e-31, sin -2 pi 2^-53 */
    pair_of(sets[cpu], 0, UINT64_MAX, pair);
    assert_close(pair[0], most, 5 * DBL_EPSILON, 0);
    assert_close(pair[1], -most * 6.283185307179586 * 0x1p-53, 6 * DBL_EPSILON, 0);
  }
}
END_TEST

/* u = 1/2, an eighth of a turn: both sqrt(2 log 2 / 2) = 0.83255461115769775635 */
START_TEST(an_eighth_of_a_turn_gives_equal_numbers) {
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++)
    for (uint64_t eighth = 1; eighth < 8; eighth += 2) {
      double pair[2];
      pair_of(sets[cpu], UINT64_MAX / 2, eighth * (QUARTER / 2), pair);
      assert_close(pair[0], eighth == 1 || eighth == 7 ? 0.83255461115769776 : -0.83255461115769776, 5 * DBL_EPSILON,
                   0);
      assert_close(pair[1], eighth < 4 ? 0.83255461115769776 : -0.83255461115769776, 5 * DBL_EPSILON, 0);
    }
}
END_TEST

START_TEST(the_low_bits_of_words_do_not_count) {
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++)
    for (uint64_t seed = 0; seed < 100; seed++) {
      uint64_t words[2];
      double all[2], cut[2];
      fill(seed, 2, words);
      pair_of(sets[cpu], words[0], words[1], all);
      pair_of(sets[cpu], words[0] / LEAST * LEAST, words[1] / LEAST * LEAST, cut);
      ck_assert_mem_eq(all, cut, sizeof all);
    }
}
END_TEST

/* A quarter of a turn takes (x, y) to (-y, x). */
START_TEST(quarters_of_turns_are_exact) {
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++)
    for (uint64_t seed = 0; seed < 1000; seed++) {
      uint64_t words[2];
      double pair[2], turned[2];
      fill(seed, 2, words);
      pair_of(sets[cpu], words[0], words[1], pair);
      pair_of(sets[cpu], words[0], words[1] + QUARTER, turned);
      ck_assert_double_eq(turned[0], -pair[1]);
      ck_assert_double_eq(turned[1], pair[0]);
    }
}
END_TEST

/* ---- bits ---- */

START_TEST(all_sets_give_the_same_bits) {
  static uint64_t words[TOGETHER];
  static double plain[TOGETHER], out[TOGETHER];
  for (uint64_t seed = 0; seed < ROUNDS; seed++) {
    fill(seed, TOGETHER, words);
    for (size_t k = 0; k < TOGETHER; k += 2) bend((int)(seed % KINDS), words + k, words + k + 1);
    sets[0]->of_words(TOGETHER, words, plain);
    for (size_t cpu = 1; cpu <= gdi_cpu_find(); cpu++) {
      sets[cpu]->of_words(TOGETHER, words, out);
      ck_assert_int_eq(memcmp(out, plain, sizeof out), 0);
    }
  }
}
END_TEST

/* Any number of them; an odd one's partner is left out, and nothing beyond is touched. */
START_TEST(pairs_do_not_depend_on_their_neighbours) {
  uint64_t words[64];
  double alone[64], out[65];
  fill(7, 64, words);
  for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++) {
    for (size_t k = 0; k < 64; k += 2) sets[cpu]->of_words(2, words + k, alone + k);
    for (size_t n = 0; n <= 64; n++) {
      out[n] = 17;
      sets[cpu]->of_words(n, words, out);
      ck_assert_int_eq(memcmp(out, alone, n * sizeof *out), 0);
      ck_assert_double_eq(out[n], 17);
    }
  }
}
END_TEST

START_TEST(the_chosen_set_is_this_machines) {
  double out[2], expected[2];
  ck_assert_ptr_eq(gdi_kernels.normal, sets[gdi_cpu_find()]);
  gdi_normals(2, (const uint64_t[]){1, 2}, out);
  pair_of(sets[0], 1, 2, expected);
  ck_assert_mem_eq(out, expected, sizeof out);
}
END_TEST

Suite *make_suite(void) {
  Suite *suite = suite_create("normal");
  TCase *tcase = tcase_create("normal");
  tcase_set_timeout(tcase, 300);
  tcase_add_loop_test(tcase, errors_are_within_their_bounds, 0, KINDS);
  tcase_add_test(tcase, extreme_words_give_the_extreme_numbers);
  tcase_add_test(tcase, an_eighth_of_a_turn_gives_equal_numbers);
  tcase_add_test(tcase, the_low_bits_of_words_do_not_count);
  tcase_add_test(tcase, quarters_of_turns_are_exact);
  tcase_add_test(tcase, all_sets_give_the_same_bits);
  tcase_add_test(tcase, pairs_do_not_depend_on_their_neighbours);
  tcase_add_test(tcase, the_chosen_set_is_this_machines);
  suite_add_tcase(suite, tcase);
  return suite;
}
