/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Statistics: what is said of many results at once.  Functions of plain numbers; they own nothing. */
#ifndef GAMEDYN_STATISTICS_H
#define GAMEDYN_STATISTICS_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A share of successes, and between what bounds their probability lies. */
typedef struct gd_proportion {
  uint64_t successes, trials;
  double rate;         /**< successes / trials */
  double lower, upper; /**< of the probability, at the confidence asked for */
  double reserved[4];
} gd_proportion;

/** Wilson's score interval (Wilson 1927, "Probable inference, the law of succession, and statistical inference"): all
 * probabilities p with |rate - p| <= z sqrt(p (1 - p) / trials), z the normal quantile at (1 + confidence) / 2.  It
 * stays within [0, 1] and is fit for rates of 0 and 1 and for few trials.
 * @param trials 1 or more.  @param successes at most as many.
 * @param confidence between 0 and 1, such as 0.95. */
GD_API gd_status gd_proportion_interval(uint64_t successes, uint64_t trials, double confidence,
                                        gd_proportion *proportion);

/** Sample quantiles of definition 7 of Hyndman & Fan 1996 ("Sample quantiles in statistical packages"): with the values
 * in order x_0 <= ... <= x_{n-1} and h = (n - 1) level, x_i + (h - i) (x_{i+1} - x_i) for i = floor(h).  Level 0 is
 * the least, 1 the greatest value, 1/2 the median.
 * Cost: O(n log n).
 * @param n 1 or more.
 * @param values [n], not NaN but perhaps infinite; sorted in place.
 * @param levels [count], each from 0 to 1.
 * @param quantiles [count], distinct from the other arrays.
 * @return GD_ERR_NONFINITE for a value that is NaN, naming it, and for a quantile half way between -inf and inf. */
GD_API gd_status gd_quantiles(size_t n, double *values, size_t count, const double *levels, double *quantiles);

#ifdef __cplusplus
}
#endif
#endif
