/* SPDX-License-Identifier: BSD-3-Clause */
/* rows.c -- the least entries of rows, against a plain look and on every CPU's loops. */
#include "kernels/rows.h"

#include "kernels/cpu.h"
#include "support/suite.h"

#include <gamedyn/rng.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 70 };

/* Those up to gdi_cpu_find() run here. */
static const gdi_row_kernels *const sets[] = GDI_CPU_KERNELS(gdi_row_kernels);

/* Small whole numbers, so that many are equal; prices in quarters, some of them left out. */
static void fill(size_t n, uint64_t seed, double *c, double *v) {
  gd_rng rng = gd_rng_make(seed, n);
  for (size_t k = 0; k < n; k++) {
    c[k] = (double)gd_rng_below(&rng, 9);
    v[k] = gd_rng_below(&rng, 8) == 0 ? -INFINITY : (double)gd_rng_below(&rng, 5) / 4;
  }
}

static gdi_least plain_least(size_t n, const double *c, const double *v) {
  gdi_least found = {INFINITY, INFINITY, n};
  for (size_t k = 0; k < n; k++)
    if (c[k] - v[k] < found.first) found = (gdi_least){c[k] - v[k], INFINITY, k};
  for (size_t k = 0; k < n; k++)
    if (k != found.at && c[k] - v[k] < found.second) found.second = c[k] - v[k];
  return found;
}

START_TEST(finds_the_two_least_and_the_first_of_equals) {
  double c[LONGEST], v[LONGEST];
  for (uint64_t seed = 0; seed < 50; seed++)
    for (size_t n = 1; n <= LONGEST; n++) {
      fill(n, seed, c, v);
      const gdi_least expected = plain_least(n, c, v);
      for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++) {
        const gdi_least found = sets[cpu]->least(n, c, v);
        ck_assert_uint_eq(found.at, expected.at);
        ck_assert(found.first == expected.first && found.second == expected.second);
      }
    }
}
END_TEST

/* One entry in the plain way; returns whether it changed. */
static void plain_relax(double offered, double row, double *distance, double *via) {
  if (!(offered < *distance)) return;
  *distance = offered;
  *via = row;
}

START_TEST(relaxes_where_the_offer_is_better_and_finds_the_nearest) {
  double c[LONGEST], v[LONGEST];
  for (uint64_t seed = 0; seed < 50; seed++)
    for (size_t n = 1; n <= LONGEST; n++)
      for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++) {
        double distance[LONGEST], via[LONGEST], expected[LONGEST], through[LONGEST];
        fill(n, seed + 99, distance, via);
        memcpy(expected, distance, sizeof expected);
        memcpy(through, via, sizeof through);
        fill(n, seed, c, v);
        size_t nearest = 0;
        for (size_t j = 0; j < n; j++) {
          plain_relax(c[j] - v[j] + 2, 7, &expected[j], &through[j]);
          if (expected[j] < expected[nearest]) nearest = j;
        }
        ck_assert_uint_eq(sets[cpu]->relax(n, c, v, 2, 7, distance, via), nearest);
        ck_assert_mem_eq(distance, expected, n * sizeof *distance);
        ck_assert_mem_eq(via, through, n * sizeof *via);
      }
}
END_TEST

/* c - v + shift for v = -infinity is infinite, and nothing is less than an infinite distance either. */
START_TEST(leaves_out_what_has_no_price) {
  const double c[] = {1, 2, 3}, v[] = {-INFINITY, 0, -INFINITY};
  double distance[] = {INFINITY, INFINITY, INFINITY}, via[] = {5, 5, 5};
  ck_assert_uint_eq(gdi_row_relax(3, c, v, 10, 6, distance, via), 1);
  ck_assert(distance[0] == INFINITY && distance[1] == 12 && distance[2] == INFINITY);
  ck_assert(via[0] == 5 && via[1] == 6 && via[2] == 5);
  const gdi_least found = gdi_row_least(3, c, v);
  ck_assert(found.first == 2 && found.second == INFINITY && found.at == 1);
}
END_TEST

TEST_SUITE("rows", finds_the_two_least_and_the_first_of_equals, relaxes_where_the_offer_is_better_and_finds_the_nearest,
           leaves_out_what_has_no_price)
