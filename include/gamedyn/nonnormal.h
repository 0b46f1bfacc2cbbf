/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Non-normality: what eigenvalues do not say.  Where eigenvectors are far from orthogonal, what decays in the end may
 * grow first, by factors that matter: a point left by that much is no longer where the linearisation holds.  After
 * Trefethen & Embree 2005, "Spectra and Pseudospectra". */
#ifndef GAMEDYN_NONNORMAL_H
#define GAMEDYN_NONNORMAL_H

#include <gamedyn/export.h>
#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How far a square operator A is from normal, A A' = A'A. */
typedef struct gd_nonnormality {
  double numerical_abscissa; /**< largest eigenvalue of (A + A')/2: the rate at which |exp(t A)| sets out */
  double departure;          /**< Henrici 1962: sqrt(|A|_F^2 - sum of |lambda|^2), 0 if normal; NaN above dense_limit */
  double norm;               /**< |A|_F; NaN above dense_limit */
  double reserved[5];
} gd_nonnormality;

/** The measures above: densely up to dense_limit (one Schur form), above it the numerical abscissa alone, by Lanczos.
 * @param options dense_limit, and what limits Lanczos: subspace, max_products, tolerance, seed; NULL: defaults.
 * @return GD_NOT_CONVERGED if Lanczos ran out of products: the numerical abscissa is then a lower bound;
 * GD_ERR_UNSUPPORTED without a transposed product; GD_ERR_NONFINITE; GD_ERR_LAPACK; what products return. */
GD_API gd_status gd_nonnormality_compute(gd_operator *op, const gd_spectrum_options *options,
                                         gd_nonnormality *nonnormality);

/** The most that a linear map makes of a vector on the way. */
typedef struct gd_growth {
  double largest; /**< 1 or more; INFINITY if there is no limit */
  double bound;   /**< no value is larger than this, but for rounding */
  double at;      /**< the time, or the number of steps, at which `largest` is met; INFINITY with it */
  double reserved[5];
} gd_growth;

typedef struct gd_growth_options {
  size_t struct_size;
  double accuracy;       /**< wanted of bound / largest - 1, > 0; default 0.01; steps are counted exactly */
  uint64_t max_products; /**< of matrices n by n, before `bound` is left where it is; default 20000 */
  size_t dense_limit;    /**< largest n; default 2000 */
} gd_growth_options;

/** Fill in the defaults; use the macro gd_growth_options_init(&options). */
GD_API void gd_growth_options_init_sized(gd_growth_options *options, size_t size);
#define gd_growth_options_init(o) gd_growth_options_init_sized((o), sizeof *(o))

/** Transient growth of the flow dx/dt = A x: the largest |exp(t A)|_2 over all t >= 0.
 *
 * Times are searched by halving: an interval of length s from time a on is left alone when |exp(a A)| times the largest
 * value within [0, s] cannot exceed what is known, and the search ends at the first doubled time with |exp(t A)| <= 1,
 * from where on everything repeats itself smaller.  So the answer is bracketed and not sampled.
 * @param op A square; assembled.  @param options NULL: defaults.
 * A may be sheared: what is large in it may be far larger than its eigenvalues.
 * @return GD_NOT_CONVERGED if max_products were spent, or A has eigenvalues on the imaginary axis to rounding and no
 * such time was found, or the rounding of A may change the answer by more than `accuracy`: `largest` and `bound` then
 * bracket as far as they go, 1 and INFINITY where nothing is known.  GD_ERR_UNSUPPORTED above dense_limit;
 * GD_ERR_NONFINITE; GD_ERR_LAPACK. */
GD_API gd_status gd_flow_growth(gd_operator *op, const gd_growth_options *options, gd_growth *growth);

/** Transient growth of the iteration x' = M x: the largest |M^k|_2 over k = 0, 1, ..., as gd_flow_growth().
 *
 * Of gd_stepper_map() and gd_stepper_map_at_rest() it is the most that steps make of a distance of x.  The stepper goes
 * on from x + d instead of x, its memory as it is; at rest it begins there.  After k steps the distance is P M^(k-1) L
 * d, L the derivative of the next step in x alone and P (x, memory) = x, and the answer is the largest norm of that. So
 * it depends on no unit of the memory, and scaling the game by c and the step size by 1 / c leaves it as it is.
 * @return as gd_flow_growth(), with eigenvalues on the unit circle. */
GD_API gd_status gd_step_growth(gd_operator *op, const gd_growth_options *options, gd_growth *growth);

#ifdef __cplusplus
}
#endif
#endif
