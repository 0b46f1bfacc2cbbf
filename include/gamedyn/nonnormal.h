/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Non-normality: the transient growth that eigenvalues do not show.  If eigenvectors are far from orthogonal, a
 * perturbation that decays in the end may first grow by a large factor, and leave the region in which the linearisation
 * holds.  After Trefethen & Embree 2005, "Spectra and Pseudospectra". */
#ifndef GAMEDYN_NONNORMAL_H
#define GAMEDYN_NONNORMAL_H

#include <gamedyn/export.h>
#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Measures of the distance of a square operator A from a normal one (A A' = A'A). */
typedef struct gd_nonnormality {
  double numerical_abscissa; /**< largest eigenvalue of (A + A')/2: the growth rate of |exp(t A)| at t = 0 */
  double departure;          /**< Henrici 1962: sqrt(|A|_F^2 - sum of |lambda|^2), 0 if normal; NaN above dense_limit */
  double norm;               /**< |A|_F; NaN above dense_limit */
  double reserved[5];
} gd_nonnormality;

/** Compute these measures: densely up to dense_limit (one Schur form); above it only the numerical abscissa, by
 * Lanczos.
 * @param options dense_limit, and the limits of Lanczos: subspace, max_products, tolerance, seed.  NULL: defaults.
 * @return GD_NOT_CONVERGED if Lanczos reached max_products: the numerical abscissa is then a lower bound.
 * GD_ERR_UNSUPPORTED without a transposed product; GD_ERR_NONFINITE; GD_ERR_LAPACK; errors of products. */
GD_API gd_status gd_nonnormality_compute(gd_operator *op, const gd_spectrum_options *options,
                                         gd_nonnormality *nonnormality);

/** The largest factor by which powers or exponentials of a matrix multiply a vector. */
typedef struct gd_growth {
  double largest; /**< the factor, 1 or more; INFINITY if it is unbounded */
  double bound;   /**< an upper bound of the factor, up to rounding */
  double at;      /**< the time, or the number of steps, at which `largest` occurs; INFINITY if `largest` is */
  double reserved[5];
} gd_growth;

typedef struct gd_growth_options {
  size_t struct_size;
  double accuracy;       /**< wanted bound / largest - 1, > 0; default 0.01; counts of steps are exact */
  uint64_t max_products; /**< most products of n by n matrices; `bound` stays as it is then; default 20000 */
  size_t dense_limit;    /**< largest n; default 2000 */
} gd_growth_options;

/** Fill in the defaults; use the macro gd_growth_options_init(&options). */
GD_API void gd_growth_options_init_sized(gd_growth_options *options, size_t size);
#define gd_growth_options_init(o) gd_growth_options_init_sized((o), sizeof *(o))

/** Transient growth of the flow dx/dt = A x: the largest |exp(t A)|_2 over all t >= 0.
 *
 * The interval of times is bisected.  An interval [a, a + s] is finished when |exp(a A)| times the largest value within
 * [0, s] cannot exceed the largest value known.  The search ends at the first time t = 2^k t_0 with |exp(t A)| <= 1,
 * since later values repeat earlier ones, reduced.  So the answer is bracketed and not sampled.
 * A may be badly scaled: entries may be far larger than its eigenvalues.
 * @param op A, square; assembled.  @param options NULL: defaults.
 * @return GD_NOT_CONVERGED if max_products was reached; or if A has eigenvalues on the imaginary axis to rounding and
 * no such time was found; or if the rounding of A may change the answer by more than `accuracy`.  `largest` and `bound`
 * are then as good as known; 1 and INFINITY if nothing is.  GD_ERR_UNSUPPORTED above dense_limit; GD_ERR_NONFINITE;
 * GD_ERR_LAPACK. */
GD_API gd_status gd_flow_growth(gd_operator *op, const gd_growth_options *options, gd_growth *growth);

/** Transient growth of the iteration x' = M x: the largest |M^k|_2 over k = 0, 1, ..., computed as in gd_flow_growth().
 *
 * If M is gd_stepper_map() or gd_stepper_map_at_rest(), the result is the largest factor by which steps multiply a
 * displacement d of x: the largest norm of
 *     P M^(k-1) L,   L the derivative of the next step in x alone, P (x, memory) = x
 * over the numbers of steps k.  So the stepper goes on from x + d instead of x with its memory unchanged; at rest it
 * starts there.  The result does not depend on the units of the memory.  It does not change when the game is scaled by
 * c and the step size by 1 / c.
 * @return as gd_flow_growth(), with eigenvalues on the unit circle instead of the imaginary axis. */
GD_API gd_status gd_step_growth(gd_operator *op, const gd_growth_options *options, gd_growth *growth);

#ifdef __cplusplus
}
#endif
#endif
