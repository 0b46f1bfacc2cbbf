/* SPDX-License-Identifier: BSD-3-Clause */
/* statistics.c -- intervals and quantiles against published and derived values. */
#include <gamedyn/statistics.h>

#include <math.h>

#include "support/suite.h"

/* Newcombe 1998, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Table I, the
 * score method without continuity correction: four digits in print. */
START_TEST(intervals_are_those_in_print) {
  static const struct {
    uint64_t successes, trials;
    double lower, upper;
  } known[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    gd_proportion p;
    assert_ok(gd_proportion_interval(known[k].successes, known[k].trials, 0.95, &p));
    assert_close(p.lower, known[k].lower, 0, 0.5e-4);
    assert_close(p.upper, known[k].upper, 0, 0.5e-4);
    ck_assert(p.successes == known[k].successes && p.trials == known[k].trials);
    ck_assert_double_eq(p.rate, (double)p.successes / (double)p.trials);
  }
}
END_TEST

/* Both ends p solve n (p - rate)^2 = z^2 p (1 - p), which gives z; erf(z / sqrt 2) is the confidence. */
START_TEST(ends_of_intervals_solve_their_equation) {
  static const double confidences[] = {1e-3, 0.5, 0.95, 0.999, 1 - 1e-9};
  for (uint64_t trials = 1; trials < 2000; trials = 2 * trials + 1)
    for (uint64_t successes = 0; successes <= trials; successes += 1 + trials / 5)
      for (size_t k = 0; k < 5; k++) {
        gd_proportion p;
        assert_ok(gd_proportion_interval(successes, trials, confidences[k], &p));
        const double ends[] = {p.lower, p.upper};
        for (int e = 0; e < 2; e++) {
          ck_assert(ends[e] >= 0 && ends[e] <= 1);
          if (ends[e] == 0 || ends[e] == 1) continue;
          const double z = fabs(ends[e] - p.rate) * sqrt((double)trials / (ends[e] * (1 - ends[e])));
          /* ends are rounded to 2^-53, intervals here at least 1e-6 wide, and log erfc changes by z^2 < 40 times that
           */
          assert_close(erfc(z / sqrt(2)), 1 - confidences[k], 1e-8, 0);
        }
        ck_assert((p.lower == 0) == (successes == 0) && (p.upper == 1) == (successes == trials));
      }
}
END_TEST

/* With no success the upper end is z^2 / (n + z^2); with one trial more in the middle both ends lie evenly about 1/2.
 */
START_TEST(intervals_of_no_and_of_half_success_are_simple) {
  gd_proportion p;
  const double z = 1.959963984540054; /* the normal quantile at 0.975 */
  assert_ok(gd_proportion_interval(0, 12, 0.95, &p));
  assert_close(p.upper, z * z / (12 + z * z), 1e-13, 0);
  assert_ok(gd_proportion_interval(9, 18, 0.95, &p));
  assert_close(p.lower, 0.5 - z / (2 * sqrt(18 + z * z)), 1e-13, 0);
  assert_close(p.upper, 0.5 + z / (2 * sqrt(18 + z * z)), 1e-13, 0);
}
END_TEST

/* h = 9 level on 1, ..., 10: 3.25 and 7.75 are the quartiles that S and R print for these. */
START_TEST(quantiles_are_those_of_definition_seven) {
  double values[] = {7, 3, 10, 1, 5, 9, 2, 8, 6, 4};
  const double levels[] = {0, 0.25, 0.5, 0.75, 1, 1.0 / 9, 0.95};
  const double expected[] = {1, 3.25, 5.5, 7.75, 10, 2, 9.55};
  double quantiles[7];
  assert_ok(gd_quantiles(10, values, 7, levels, quantiles));
  for (size_t k = 0; k < 7; k++) assert_close(quantiles[k], expected[k], 1e-15, 0);
  for (size_t k = 0; k < 10; k++) ck_assert_double_eq(values[k], (double)k + 1);
}
END_TEST

START_TEST(quantiles_of_one_value_and_of_infinite_ones) {
  const double levels[] = {0, 0.3, 0.5, 1};
  double one[] = {-2.5}, some[] = {INFINITY, 1, INFINITY, 3}, quantiles[4];
  assert_ok(gd_quantiles(1, one, 4, levels, quantiles));
  for (size_t k = 0; k < 4; k++) ck_assert_double_eq(quantiles[k], -2.5);
  assert_ok(gd_quantiles(4, some, 4, levels, quantiles)); /* 1, 3, inf, inf */
  ck_assert_double_eq(quantiles[0], 1);
  assert_close(quantiles[1], 1 + 0.9 * 2, 1e-15, 0);
  ck_assert(isinf(quantiles[2]) && isinf(quantiles[3]));
  assert_ok(gd_quantiles(4, some, 0, levels, quantiles));
}
END_TEST

START_TEST(checks_its_arguments) {
  gd_proportion p = {.rate = 7};
  assert_fails(gd_proportion_interval(1, 2, 0.5, NULL), GD_ERR_ARGUMENT, "proportion is NULL");
  assert_fails(gd_proportion_interval(0, 0, 0.5, &p), GD_ERR_ARGUMENT, "trials is 0");
  assert_fails(gd_proportion_interval(3, 2, 0.5, &p), GD_ERR_ARGUMENT, "successes is 3, expected at most the 2");
  assert_fails(gd_proportion_interval(1, 2, 0, &p), GD_ERR_ARGUMENT, "confidence is 0");
  assert_fails(gd_proportion_interval(1, 2, 1, &p), GD_ERR_ARGUMENT, "confidence is 1");
  assert_fails(gd_proportion_interval(1, 2, NAN, &p), GD_ERR_ARGUMENT, "confidence is nan");
  ck_assert_double_eq(p.rate, 7);
  double values[] = {-INFINITY, INFINITY}, bad[] = {1, NAN}, quantiles[] = {7};
  const double half = 0.5, past = 1.5;
  assert_fails(gd_quantiles(2, NULL, 1, &half, quantiles), GD_ERR_ARGUMENT, "values is NULL");
  assert_fails(gd_quantiles(2, values, 1, NULL, quantiles), GD_ERR_ARGUMENT, "levels is NULL");
  assert_fails(gd_quantiles(2, values, 1, &half, NULL), GD_ERR_ARGUMENT, "quantiles is NULL");
  assert_fails(gd_quantiles(0, values, 1, &half, quantiles), GD_ERR_ARGUMENT, "n is 0");
  assert_fails(gd_quantiles(2, values, 1, &past, quantiles), GD_ERR_ARGUMENT, "levels[0] is 1.5");
  assert_fails(gd_quantiles(2, bad, 1, &half, quantiles), GD_ERR_NONFINITE, "values[1] is nan");
  assert_fails(gd_quantiles(2, values, 1, &half, quantiles), GD_ERR_NONFINITE, "0.5 is between -inf and inf");
  ck_assert_double_eq(quantiles[0], 7);
}
END_TEST

TEST_SUITE("statistics", intervals_are_those_in_print, ends_of_intervals_solve_their_equation,
           intervals_of_no_and_of_half_success_are_simple, quantiles_are_those_of_definition_seven,
           quantiles_of_one_value_and_of_infinite_ones, checks_its_arguments)
