/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Mixture: a probability density on the line made of Gaussians of variance 1, and how far two of
 * them are apart.  Exact to rounding: zeros are bracketed, not sampled.  A mixture borrows its
 * arrays from the caller; nothing here allocates. */
#ifndef GAMEDYN_MIXTURE_H
#define GAMEDYN_MIXTURE_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most components a mixture may have. */
#define GD_MIXTURE_MOST 32

/** p(x) = sum_j weight_j phi(x - mean_j), phi the standard normal density. */
typedef struct gd_mixture {
  size_t struct_size;    /**< sizeof(gd_mixture) */
  size_t count;          /**< 1 to GD_MIXTURE_MOST */
  const double *means;   /**< [count], any order, at most 1e100 in modulus; equal ones are allowed */
  const double *weights; /**< [count], positive, adding up to 1 within 1e-12; NULL: all 1/count */
} gd_mixture;

/** left < x < right; an end may be infinite.  Frozen. */
typedef struct gd_interval {
  double left, right;
} gd_interval;

/** p(x), and the probability of (-inf, x]; x may be infinite.
 * @param density,cumulative each may be NULL.
 * @return GD_ERR_NONFINITE if x, a mean or a weight is NaN (or the latter infinite), as do the others here. */
GD_API gd_status gd_mixture_evaluate(const gd_mixture *mixture, double x, double *density, double *cumulative);

/** Where target - model changes sign.  In the order of the k different means, a mean counted with the
 * sign of its weight in the difference, there are at most as many as those signs change, so at most k - 1;
 * they are separated by the zeros of derivatives of target exp(..) - model exp(..) that lose one
 * component each, so that none is missed (the derivative chain of Descartes' rule for exponential sums,
 * Laguerre 1883).  Touching without a change of sign does not count.
 * @param zeros [target->count + model->count - 1], increasing on return.
 * @param count how many there are; 0 if the mixtures are equal.
 * Zeros beyond 1e200 in modulus are given as 1e200 and -1e200. */
GD_API gd_status gd_mixture_zeros(const gd_mixture *target, const gd_mixture *model, double *zeros, size_t *count);

/** Where target > model: what the best discriminator of Li, Madry, Peebles & Schmidt 2018 answers with 1.
 * @param intervals [(target->count + model->count + 1) / 2], from left to right on return.
 * @param count how many there are; 0 if the mixtures are equal. */
GD_API gd_status gd_mixture_excess(const gd_mixture *target, const gd_mixture *model, gd_interval *intervals,
                                   size_t *count);

/** Total variation: half the integral of |target - model|, between 0 and 1; the probability that target
 * has, and model has not, on gd_mixture_excess().  Absolute error a few units of 1e-16. */
GD_API gd_status gd_mixture_total_variation(const gd_mixture *target, const gd_mixture *model, double *distance);

#ifdef __cplusplus
}
#endif
#endif
