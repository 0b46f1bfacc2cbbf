/* SPDX-License-Identifier: BSD-3-Clause */
/* rng.c -- the generator gives the published words, its uses are what their names say, and
 * equal names give equal numbers.
 *
 * The statistical tests run on fixed seeds, so they always give the same answer; their bounds
 * are exceeded by one seed in a million if the numbers are random:
 *   a mean of m values of variance s^2 lies within 5 s / sqrt(m) (normal tail 5.7e-7);
 *   chi-square with k degrees of freedom lies in [k - 2 sqrt(k t), k + 2 sqrt(k t) + 2 t] with
 *   t = 14 (Laurent & Massart 2000, Ann. Stat. 28, lemma 1: each side exp(-t) = 8.3e-7);
 *   an empirical distribution lies within sqrt(log(2e6) / (2 m)) of the true one (Massart 1990). */
#include "random/rng.h"

#include "kernels/normal.h"
#include "support/suite.h"

#include <stdint.h>

enum { MANY = 40000, COUNT = 601 };

static void assert_mean(const double *values, size_t count, double mean, double deviation) {
  double sum = 0;
  for (size_t k = 0; k < count; k++) sum += values[k];
  assert_close(sum / (double)count, mean, 0, 5 * deviation / sqrt((double)count));
}

/* All outcomes equally likely? */
static void assert_even(const size_t *counts, size_t outcomes) {
  double total = 0, chi_square = 0;
  for (size_t k = 0; k < outcomes; k++) total += (double)counts[k];
  const double expected = total / (double)outcomes, freedom = (double)outcomes - 1, t = 14;
  for (size_t k = 0; k < outcomes; k++) {
    const double excess = (double)counts[k] - expected;
    chi_square += excess * excess / expected;
  }
  ck_assert_double_le(chi_square, freedom + 2 * sqrt(freedom * t) + 2 * t);
  ck_assert_double_ge(chi_square, freedom - 2 * sqrt(freedom * t));
}

/* The three vectors of philox4x64 with 10 rounds in tests/kat_vectors of Random123 1.14. */
START_TEST(gives_the_published_words) {
  static const struct {
    uint64_t counter[4], key[2], words[4];
  } known[] = {
      {{0}, {0}, {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
      {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
       {UINT64_MAX, UINT64_MAX},
       {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
      {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
       {0x452821e638d01377, 0xbe5466cf34e90c6c},
       {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}},
  };
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    uint64_t words[4];
    gdi_philox(known[k].counter, known[k].key, words);
    ck_assert_mem_eq(words, known[k].words, sizeof words);
  }
  gd_rng rng = gd_rng_make(0, 0);
  for (size_t k = 0; k < 4; k++) ck_assert_uint_eq(gd_rng_next(&rng), known[0].words[k]);
}
END_TEST

START_TEST(maps_seed_stream_and_position_as_documented) {
  gd_rng rng = {.seed = 11, .stream = 22, .position = 4 * 7 + 2};
  uint64_t words[4];
  gdi_philox((uint64_t[4]){7, 0, 0, 0}, (uint64_t[2]){11, 22}, words);
  ck_assert_uint_eq(gd_rng_next(&rng), words[2]);
  ck_assert_uint_eq(gd_rng_next(&rng), words[3]);
  gdi_philox((uint64_t[4]){8, 0, 0, 0}, (uint64_t[2]){11, 22}, words);
  ck_assert_uint_eq(gd_rng_next(&rng), words[0]);
  ck_assert_uint_eq(rng.position, 4 * 8 + 1);

  gdi_philox((uint64_t[4]){rng.position, 5, 0, 1}, (uint64_t[2]){11, 22}, words);
  const gd_rng child = gd_rng_split(&rng, 5);
  ck_assert(child.seed == words[0] && child.stream == words[1] && child.position == 0);

  gdi_philox((uint64_t[4]){9, 0, 0, 2}, (uint64_t[2]){11, 22}, words);
  const gd_rng drawn = gd_draw_rng(&(gd_draw){.seed = 11, .stream = 22, .index = 9, .batch_size = 64});
  ck_assert(drawn.seed == words[0] && drawn.stream == words[1] && drawn.position == 0);
}
END_TEST

START_TEST(goes_on_at_position_zero_after_the_last) {
  gd_rng rng = {.seed = 1, .stream = 2, .position = UINT64_MAX}, start = gd_rng_make(1, 2);
  gd_rng_next(&rng);
  ck_assert_uint_eq(rng.position, 0);
  ck_assert_uint_eq(gd_rng_next(&rng), gd_rng_next(&start));
}
END_TEST

START_TEST(fills_the_same_uniforms_whole_or_in_pieces) {
  double whole[10], pieces[10];
  gd_rng a = gd_rng_make(3, 4), b = a, c = a;
  gd_rng_fill_uniform(&a, 10, whole);
  gd_rng_fill_uniform(&b, 3, pieces);
  gd_rng_fill_uniform(&b, 0, NULL);
  gd_rng_fill_uniform(&b, 7, pieces + 3);
  ck_assert_mem_eq(whole, pieces, sizeof whole);
  for (size_t k = 0; k < 10; k++) ck_assert_double_eq(whole[k], ldexp((double)(gd_rng_next(&c) >> 11), -53));
  ck_assert_uint_eq(a.position, 10);
  ck_assert_uint_eq(b.position, 10);
}
END_TEST

/* Many words are computed at once, one is computed alone: both at every place in a block, and across the end of all
 * positions. */
static void assert_fills_what_comes_one_by_one(gd_rng rng, size_t count) {
  double uniforms[COUNT + 1], normals[COUNT + 1], expected[COUNT + 1];
  uint64_t words[COUNT + 1];
  gd_rng one = rng, of_uniforms = rng, of_normals = rng;
  for (size_t k = 0; k <= COUNT; k++) words[k] = gd_rng_next(&one);
  uniforms[count] = normals[count] = 17;
  gd_rng_fill_uniform(&of_uniforms, count, uniforms);
  gd_rng_fill_normal(&of_normals, count, normals);
  gdi_normals(count, words, expected);
  for (size_t k = 0; k < count; k++) ck_assert_double_eq(uniforms[k], ldexp((double)(words[k] >> 11), -53));
  ck_assert_int_eq(memcmp(normals, expected, count * sizeof *normals), 0);
  ck_assert(uniforms[count] == 17 && normals[count] == 17);
  ck_assert_uint_eq(of_uniforms.position, rng.position + count);
  ck_assert_uint_eq(of_normals.position, rng.position + count + count % 2);
}

START_TEST(fills_what_comes_one_by_one) {
  const size_t counts[] = {0, 1, 2, 3, 5, 15, 16, 17, 18, 21, 63, 255, 256, 257, 300, COUNT};
  for (uint64_t place = 0; place < 8; place++)
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
      assert_fills_what_comes_one_by_one((gd_rng){20, 21, 4000 + place}, counts[k]);
      assert_fills_what_comes_one_by_one((gd_rng){22, 23, UINT64_MAX - place - 5}, counts[k]);
    }
}
END_TEST

START_TEST(spreads_uniforms_evenly) {
  static double values[MANY];
  size_t counts[256] = {0};
  gd_rng rng = gd_rng_make(5, 0);
  gd_rng_fill_uniform(&rng, MANY, values);
  size_t outside = 0;
  for (size_t k = 0; k < MANY; k++) {
    outside += !(values[k] >= 0 && values[k] < 1);
    counts[(size_t)(256 * values[k]) % 256]++;
  }
  ck_assert_uint_eq(outside, 0);
  assert_even(counts, 256);
  assert_mean(values, MANY, 0.5, sqrt(1.0 / 12));
}
END_TEST

static int compare_doubles(const void *a, const void *b) {
  const double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

/* E x^k = 0, 1, 0, 3 for k = 1..4, variances 1, 2, 15, 96 (E x^6 = 15, E x^8 = 105). */
START_TEST(draws_normals_of_the_right_moments_and_distribution) {
  static double values[MANY], powers[MANY];
  static const double means[] = {0, 1, 0, 3}, variances[] = {1, 2, 15, 96};
  gd_rng rng = gd_rng_make(6, 1);
  gd_rng_fill_normal(&rng, MANY, values);
  for (int power = 1; power <= 4; power++) {
    for (size_t k = 0; k < MANY; k++) powers[k] = pow(values[k], power);
    assert_mean(powers, MANY, means[power - 1], sqrt(variances[power - 1]));
  }
  qsort(values, MANY, sizeof *values, compare_doubles);
  double worst = 0;
  for (size_t k = 0; k < MANY; k++) {
    const double normal = 0.5 * erfc(-values[k] / sqrt(2));
    worst = fmax(worst, fmax(normal - (double)k / MANY, (double)(k + 1) / MANY - normal));
  }
  ck_assert_double_le(worst, sqrt(log(2e6) / (2.0 * MANY)));
}
END_TEST

/* Products of independent standard normals have mean 0 and variance 1; products of their squares, mean 1
 * and variance 9 - 1. */
START_TEST(draws_independent_neighbours) {
  static double values[MANY], products[MANY / 2], squares[MANY / 2];
  gd_rng rng = gd_rng_make(7, 0);
  gd_rng_fill_normal(&rng, MANY, values);
  for (size_t k = 0; k < MANY / 2; k++) {
    products[k] = values[2 * k] * values[2 * k + 1];
    squares[k] = products[k] * products[k];
  }
  assert_mean(products, MANY / 2, 0, 1);
  assert_mean(squares, MANY / 2, 1, sqrt(8));
}
END_TEST

START_TEST(consumes_positions_by_count_alone) {
  for (size_t count = 0; count < 9; count++) {
    double values[9], longer[10];
    gd_rng rng = gd_rng_make(8, count), same = rng;
    gd_rng_fill_normal(&rng, count, values);
    ck_assert_uint_eq(rng.position, (count + 1) / 2 * 2);
    gd_rng_fill_normal(&same, 10, longer);
    ck_assert_mem_eq(values, longer, count * sizeof *values);
  }
}
END_TEST

static void assert_uncorrelated(gd_rng a, gd_rng b) {
  enum { PAIRS = 5000 };
  static double first[PAIRS], second[PAIRS];
  gd_rng_fill_normal(&a, PAIRS, first);
  gd_rng_fill_normal(&b, PAIRS, second);
  for (size_t k = 0; k < PAIRS; k++) first[k] *= second[k];
  assert_mean(first, PAIRS, 0, 1);
}

START_TEST(keeps_streams_children_and_draws_apart) {
  const gd_rng parent = gd_rng_make(9, 0);
  assert_uncorrelated(parent, gd_rng_make(9, 1));
  assert_uncorrelated(parent, gd_rng_make(10, 0));
  assert_uncorrelated(parent, gd_rng_make(0, 9));
  assert_uncorrelated(parent, gd_rng_split(&parent, 0));
  assert_uncorrelated(gd_rng_split(&parent, 0), gd_rng_split(&parent, 1));
  assert_uncorrelated(parent, gd_draw_rng(&(gd_draw){.seed = 9}));
  assert_uncorrelated(gd_draw_rng(&(gd_draw){.seed = 9}), gd_draw_rng(&(gd_draw){.seed = 9, .index = 1}));
}
END_TEST

START_TEST(splits_by_parent_position_and_child) {
  gd_rng parent = gd_rng_make(12, 13);
  const gd_rng one = gd_rng_split(&parent, 1), again = gd_rng_split(&parent, 1), two = gd_rng_split(&parent, 2);
  ck_assert_uint_eq(parent.position, 0);
  ck_assert_mem_eq(&one, &again, sizeof one);
  ck_assert_mem_ne(&one, &two, sizeof one);
  gd_rng_next(&parent);
  const gd_rng later = gd_rng_split(&parent, 1);
  ck_assert_mem_ne(&one, &later, sizeof one);
}
END_TEST

START_TEST(draws_the_same_whatever_the_batch_size) {
  const gd_rng small = gd_draw_rng(&(gd_draw){.seed = 1, .stream = 2, .index = 3, .batch_size = 4});
  const gd_rng large = gd_draw_rng(&(gd_draw){.seed = 1, .stream = 2, .index = 3, .batch_size = 4000});
  ck_assert_mem_eq(&small, &large, sizeof small);
}
END_TEST

START_TEST(rolls_a_fair_die) {
  size_t counts[7] = {0}; /* the last for what must not come */
  gd_rng rng = gd_rng_make(14, 0);
  for (size_t k = 0; k < 12000; k++) {
    const uint64_t face = gd_rng_below(&rng, 6);
    counts[face < 6 ? face : 6]++;
  }
  ck_assert_uint_eq(counts[6], 0);
  assert_even(counts, 6);
  ck_assert_uint_eq(gd_rng_below(&rng, 1), 0);
  const gd_rng before = rng;
  ck_assert_uint_eq(gd_rng_below(&rng, 0), 0);
  ck_assert_mem_eq(&before, &rng, sizeof rng);
}
END_TEST

/* With the bound 3 * 2^62 a plain remainder falls below 2^62 half of the time, and a plain product is a
 * multiple of 3 half of the time; both must be a third. */
START_TEST(is_unbiased_where_shortcuts_are_not) {
  const uint64_t third = UINT64_C(1) << 62;
  size_t by_size[4] = {0}, by_remainder[3] = {0}; /* by_size[3]: too large */
  gd_rng rng = gd_rng_make(15, 0);
  for (size_t k = 0; k < 12000; k++) {
    const uint64_t value = gd_rng_below(&rng, 3 * third);
    by_size[value / third]++;
    by_remainder[value % 3]++;
  }
  ck_assert_uint_eq(by_size[3], 0);
  assert_even(by_size, 3);
  assert_even(by_remainder, 3);
  ck_assert_uint_gt(rng.position, 12000); /* a quarter of all words are turned away */
}
END_TEST

/* Subsets are numbered by their bits; all those with `count` bits must come equally often. */
static void assert_fair_subsets(size_t population, size_t count, size_t subsets) {
  size_t seen[256] = {0}, counts[256], outcomes = 0;
  gd_rng rng = gd_rng_make(16, population * 100 + count);
  size_t disordered = 0;
  for (size_t trial = 0; trial < 100 * subsets; trial++) {
    size_t indices[8], bits = 0;
    if (gd_rng_subset(&rng, population, count, indices)) disordered++;
    for (size_t k = 0; k < count; k++) {
      disordered += indices[k] >= population || (k && indices[k - 1] >= indices[k]);
      bits |= (size_t)1 << indices[k] % population;
    }
    seen[bits]++;
  }
  ck_assert_uint_eq(disordered, 0);
  for (size_t bits = 0; bits < 256; bits++)
    if (seen[bits]) counts[outcomes++] = seen[bits];
  ck_assert_uint_eq(outcomes, subsets);
  assert_even(counts, outcomes);
}

START_TEST(takes_every_subset_equally_often) {
  assert_fair_subsets(5, 2, 10); /* few of many */
  assert_fair_subsets(8, 2, 28);
  assert_fair_subsets(6, 3, 20); /* many */
  assert_fair_subsets(8, 4, 70);
  assert_fair_subsets(5, 4, 5);
}
END_TEST

START_TEST(takes_subsets_of_any_size) {
  size_t indices[100];
  gd_rng rng = gd_rng_make(17, 0);
  assert_ok(gd_rng_subset(&rng, 100, 100, indices));
  for (size_t k = 0; k < 100; k++) ck_assert_uint_eq(indices[k], k);
  assert_ok(gd_rng_subset(&rng, 1, 1, indices));
  ck_assert_uint_eq(indices[0], 0);
  assert_ok(gd_rng_subset(&rng, SIZE_MAX, 100, indices));
  for (size_t k = 1; k < 100; k++) ck_assert_uint_lt(indices[k - 1], indices[k]);
  assert_ok(gd_rng_subset(&rng, 0, 0, NULL));
}
END_TEST

START_TEST(refuses_impossible_subsets) {
  size_t indices[4] = {7, 7, 7, 7};
  gd_rng rng = gd_rng_make(18, 0);
  assert_fails(gd_rng_subset(&rng, 3, 4, indices), GD_ERR_ARGUMENT, "count is 4, expected at most the population, 3");
  assert_fails(gd_rng_subset(NULL, 3, 2, indices), GD_ERR_ARGUMENT, "rng is NULL");
  assert_fails(gd_rng_subset(&rng, 3, 2, NULL), GD_ERR_ARGUMENT, "indices is NULL");
  for (size_t k = 0; k < 4; k++) ck_assert_uint_eq(indices[k], 7);
  ck_assert_uint_eq(rng.position, 0);
}
END_TEST

START_TEST(does_nothing_without_a_generator_or_an_array) {
  double value = 5;
  gd_rng rng = gd_rng_make(19, 0);
  ck_assert_uint_eq(gd_rng_next(NULL), 0);
  ck_assert_uint_eq(gd_rng_below(NULL, 3), 0);
  gd_rng_fill_uniform(NULL, 1, &value);
  gd_rng_fill_normal(NULL, 1, &value);
  gd_rng_fill_uniform(&rng, 1, NULL);
  gd_rng_fill_normal(&rng, 1, NULL);
  ck_assert_double_eq(value, 5);
  ck_assert_uint_eq(rng.position, 0);
  const gd_rng zero = gd_rng_make(0, 0), none = gd_draw_rng(NULL), of_zero = gd_rng_split(&zero, 3),
               of_none = gd_rng_split(NULL, 3);
  ck_assert_mem_eq(&none, &zero, sizeof zero);
  ck_assert_mem_eq(&of_none, &of_zero, sizeof of_zero);
}
END_TEST

TEST_SUITE("rng", gives_the_published_words, maps_seed_stream_and_position_as_documented,
           goes_on_at_position_zero_after_the_last, fills_the_same_uniforms_whole_or_in_pieces,
           fills_what_comes_one_by_one, spreads_uniforms_evenly, draws_normals_of_the_right_moments_and_distribution,
           draws_independent_neighbours, consumes_positions_by_count_alone, keeps_streams_children_and_draws_apart,
           splits_by_parent_position_and_child, draws_the_same_whatever_the_batch_size, rolls_a_fair_die,
           is_unbiased_where_shortcuts_are_not, takes_every_subset_equally_often, takes_subsets_of_any_size,
           refuses_impossible_subsets, does_nothing_without_a_generator_or_an_array)
