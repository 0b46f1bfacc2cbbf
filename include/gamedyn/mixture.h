/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Mixture: a probability density on the line, made of Gaussians of variance 1, and the distance between two such
 * densities.  Results are exact to rounding: zeros are bracketed, not sampled.  A mixture borrows its arrays from the
 * caller.  No function here allocates memory. */
#ifndef GAMEDYN_MIXTURE_H
#define GAMEDYN_MIXTURE_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The largest number of components. */
#define GD_MIXTURE_MOST 32

/** p(x) = sum_j weight_j phi(x - mean_j), phi the standard normal density. */
typedef struct gd_mixture {
  size_t struct_size;    /**< sizeof(gd_mixture) */
  size_t count;          /**< 1 to GD_MIXTURE_MOST */
  const double *means;   /**< [count], any order, at most 1e100 in modulus; equal ones are allowed */
  const double *weights; /**< [count], positive, adding up to 1 within 1e-12; NULL: all 1/count */
} gd_mixture;

/** The interval left < x < right; an end may be infinite.  Frozen: its members never change. */
typedef struct gd_interval {
  double left, right;
} gd_interval;

/** The density p(x) and the probability of (-inf, x]; x may be infinite.
 * @param density,cumulative each may be NULL.
 * @return GD_ERR_NONFINITE if x is NaN, or if a mean or a weight is NaN or infinite.  The other functions of this
 * header return it for such means and weights, too. */
GD_API gd_status gd_mixture_evaluate(const gd_mixture *mixture, double x, double *density, double *cumulative);

/** The points at which target - model changes sign.  Points at which it is 0 without a change of sign are not listed.
 * Bound: sort the k distinct means, and give each the sign of its weight in target - model.  There are at most as many
 * zeros as this sequence changes sign, so at most k - 1.
 * Method: derivatives of target exp(..) - model exp(..) lose one component each, and the zeros of each one separate
 * those of the one before.  So none is missed (the derivative chain of Descartes' rule for exponential sums, Laguerre
 * 1883).
 * @param zeros [target->count + model->count - 1], set in increasing order.
 * @param count the number of zeros; 0 if the mixtures are equal.
 * Zeros beyond 1e200 in modulus are given as 1e200 and -1e200. */
GD_API gd_status gd_mixture_zeros(const gd_mixture *target, const gd_mixture *model, double *zeros, size_t *count);

/** The set on which target > model, as intervals.  The best discriminator of Li, Madry, Peebles & Schmidt 2018 is 1 on
 * this set.
 * @param intervals [(target->count + model->count + 1) / 2], set from left to right.
 * @param count the number of intervals; 0 if the mixtures are equal. */
GD_API gd_status gd_mixture_excess(const gd_mixture *target, const gd_mixture *model, gd_interval *intervals,
                                   size_t *count);

/** Total variation: half the integral of |target - model|, between 0 and 1.  It equals the probability of
 * gd_mixture_excess() under target minus that under model.  The absolute error is a few units of 1e-16. */
GD_API gd_status gd_mixture_total_variation(const gd_mixture *target, const gd_mixture *model, double *distance);

#ifdef __cplusplus
}
#endif
#endif
