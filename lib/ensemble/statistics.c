/* SPDX-License-Identifier: BSD-3-Clause */
/* statistics.c -- Wilson's interval and quantiles, from plain numbers.
 *
 * The interval's ends are the roots of n (p - r)^2 = z^2 p (1 - p), r the rate of n trials.  Their product is
 * n r^2 / (n + z^2), so that the smaller one is
 *
 *     2 n r^2 / (2 n r + z^2 + z sqrt(z^2 + 4 n r (1 - r))),
 *
 * without cancellation, and the larger one 1 minus that of 1 - r. */
#include <gamedyn/statistics.h>

#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* z with erfc(z / sqrt 2) = alpha.  log erfc falls and is concave, and erfc(z / sqrt 2) <= exp(-z^2 / 2): so Newton's
 * iterates begin to the right of z and come down to it, until rounding ends that. */
static double two_sided_quantile(double alpha) {
  const double root_half = sqrt(0.5), root_two_over_pi = sqrt(2 / acos(-1));
  double z = sqrt(-2 * log(alpha)), next = z;
  do {
    z = next;
    const double tail = erfc(z * root_half);
    next = z + log(tail / alpha) * tail / (root_two_over_pi * exp(-z * z / 2));
  } while (next < z);
  return z;
}

static double lower_end(double n, double rate, double z) {
  const double spread = z * sqrt(z * z + 4 * n * rate * (1 - rate));
  return rate > 0 ? 2 * n * rate * rate / (2 * n * rate + z * z + spread) : 0;
}

gd_status gd_proportion_interval(uint64_t successes, uint64_t trials, double confidence, gd_proportion *proportion) {
  GDI_REQUIRE(proportion, "gd_proportion_interval: proportion is NULL");
  GDI_REQUIRE(trials > 0, "trials is 0, expected 1 or more");
  GDI_REQUIRE(successes <= trials, "successes is %llu, expected at most the %llu trials", (unsigned long long)successes,
              (unsigned long long)trials);
  GDI_REQUIRE(confidence > 0 && confidence < 1, "confidence is %g, expected a number between 0 and 1", confidence);
  const double n = (double)trials, z = two_sided_quantile(1 - confidence);
  *proportion = (gd_proportion){.successes = successes,
                                .trials = trials,
                                .rate = (double)successes / n,
                                .lower = lower_end(n, (double)successes / n, z),
                                .upper = 1 - lower_end(n, (double)(trials - successes) / n, z)};
  return GD_OK;
}

static int compare(const void *first, const void *second) {
  double a, b;
  memcpy(&a, first, sizeof a);
  memcpy(&b, second, sizeof b);
  return (a > b) - (a < b);
}

/* A quantile of sorted values.  Between equal values nothing is added, so infinite ones stay. */
static double quantile(size_t n, const double *sorted, double level) {
  const double h = (double)(n - 1) * level, floor_h = floor(h);
  const size_t i = (size_t)floor_h;
  const double part = h - floor_h;
  if (part == 0 || sorted[i] == sorted[i + 1]) return sorted[i];
  return (1 - part) * sorted[i] + part * sorted[i + 1];
}

gd_status gd_quantiles(size_t n, double *values, size_t count, const double *levels, double *quantiles) {
  GDI_REQUIRE(values && levels && quantiles, "gd_quantiles: %s is NULL",
              !values   ? "values"
              : !levels ? "levels"
                        : "quantiles");
  GDI_REQUIRE(n > 0, "n is 0, expected 1 or more");
  for (size_t k = 0; k < count; k++)
    GDI_REQUIRE(levels[k] >= 0 && levels[k] <= 1, "levels[%zu] is %g, expected 0 to 1", k, levels[k]);
  for (size_t k = 0; k < n; k++)
    if (isnan(values[k])) return gdi_fail(GD_ERR_NONFINITE, "values[%zu] is nan, expected a number", k);
  qsort(values, n, sizeof *values, compare);
  for (size_t k = 0; k < count; k++)
    if (isnan(quantile(n, values, levels[k])))
      return gdi_fail(GD_ERR_NONFINITE, "the quantile at %g is between -inf and inf", levels[k]);
  for (size_t k = 0; k < count; k++) quantiles[k] = quantile(n, values, levels[k]);
  return GD_OK;
}
