/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Statistics: confidence intervals and quantiles of many results.  Functions of plain numbers; they own nothing. */
#ifndef GAMEDYN_STATISTICS_H
#define GAMEDYN_STATISTICS_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A success rate, with a confidence interval for the probability of success. */
typedef struct gd_proportion {
  uint64_t successes, trials;
  double rate;         /**< successes / trials */
  double lower, upper; /**< the interval for the probability, at the confidence asked for */
  double reserved[4];
} gd_proportion;

/** Wilson's score interval (Wilson 1927, "Probable inference, the law of succession, and statistical inference"): all
 * probabilities p with
 *     |rate - p| <= z sqrt(p (1 - p) / trials),   z the normal quantile at (1 + confidence) / 2
 * It stays within [0, 1], and it is valid for rates of 0 and 1 and for few trials.
 * @param trials 1 or more.  @param successes at most `trials`.
 * @param confidence between 0 and 1, such as 0.95. */
GD_API gd_status gd_proportion_interval(uint64_t successes, uint64_t trials, double confidence,
                                        gd_proportion *proportion);

/** Sample quantiles by definition 7 of Hyndman & Fan 1996 ("Sample quantiles in statistical packages").  With the
 * values sorted, x_0 <= ... <= x_{n-1}, and h = (n - 1) level, i = floor(h), the quantile is
 *     x_i + (h - i) (x_{i+1} - x_i)
 * Level 0 is the smallest value, 1 the greatest, 1/2 the median.
 * Cost: O(n log n).
 * @param n 1 or more.
 * @param values [n], not NaN; infinite values are allowed.  The array is sorted in place.
 * @param levels [count], each from 0 to 1.
 * @param quantiles [count], must not overlap the other arrays.
 * @return GD_ERR_NONFINITE if a value is NaN (the message names it), or if a quantile lies between -inf and inf. */
GD_API gd_status gd_quantiles(size_t n, double *values, size_t count, const double *levels, double *quantiles);

#ifdef __cplusplus
}
#endif
#endif
