/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * GMM-GAN: the model of Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order Approximation in GAN
 * Dynamics".  The generator is a mixture of Gaussians on the line.  The discriminator is 1 on a few intervals.  The
 * model can be evaluated exactly; its training converges, oscillates, or suffers from mode collapse or vanishing
 * gradients. */
#ifndef GAMEDYN_GMM_GAN_H
#define GAMEDYN_GMM_GAN_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/mixture.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The rule for an interval whose ends meet.  The paper says only "it can never uncollapse". */
typedef enum gd_collapse {
  GD_COLLAPSE_FREEZE = 0, /**< r <= l is closed for ever: it adds nothing to L and has gradient 0 */
  GD_COLLAPSE_CLIP = 1,   /**< as signed, with the feasible set r >= l: steps end in r = l, and may open it again */
  GD_COLLAPSE_SIGNED = 2  /**< the smooth formula: with r < l the interval counts negatively */
} gd_collapse;

/** The specification of a GMM-GAN.  Its pointers are borrowed. */
typedef struct gd_gmm_gan {
  size_t struct_size;
  const gd_mixture *target; /**< the distribution of the data; NULL (default): the paper's, means -1/2 and 1/2 */
  size_t n_means;           /**< K, 1 to GD_MIXTURE_MOST, of equal weights; default 2 */
  size_t n_intervals;       /**< N, 1 to GD_MIXTURE_MOST; default 2 */
  gd_collapse collapse;     /**< default GD_COLLAPSE_FREEZE */
} gd_gmm_gan;

/** Fill in the defaults; use the macro gd_gmm_gan_init(&gan). */
GD_API void gd_gmm_gan_init_sized(gd_gmm_gan *gan, size_t size);
#define gd_gmm_gan_init(g) gd_gmm_gan_init_sized((g), sizeof *(g))

/** The GMM-GAN.  x = (mu [K], l [N], r [N]); player 0, the generator, minimises and player 1 maximises
 *
 *     L = 1 + sum_i (P*(r_i) - P*(l_i) - P(r_i) + P(l_i)),
 *
 * P* and P the cumulative probabilities of the target and of the mixture with means mu (Eq. 6).  Ends of intervals may
 * be infinite, except under projection.  Intervals may overlap.  If the target is K Gaussians of equal weights, the
 * stated solution has mu = the target's means and empty intervals.  Every callback is native and exact: v, its blocks,
 * utilities, their gradients, products, J.
 * @param gan copied.  @param env may be NULL.
 * @return GD_ERR_NONFINITE for a number that is not finite; the message names it. */
GD_API gd_status gd_model_gmm_gan(gd_game **game, const gd_gmm_gan *gan, const gd_env *env);

/** Total variation f(mu) between target and generator, and its gradient.  The gradient is dL/dmu at the best
 * discriminator (the envelope theorem).  It is given as 0 where f has none, at mu = the target's means.
 * @param mu [K].
 * @param distance,gradient gradient [K]; each may be NULL.
 * @return GD_ERR_NONFINITE (the message names the entry of mu); GD_ERR_DOMAIN if a mean exceeds 1e100 in modulus. */
GD_API gd_status gd_gmm_gan_distance(const gd_gmm_gan *gan, const double *mu, double *distance, double *gradient);

/** The best discriminator against x = (mu, ...): y [2 N] = (l, r).  Intervals that are not needed are empty, at 0.  If
 * more than N intervals are needed, the N best ones are used.  It is a gd_respond_fn for gd_derive_best_response();
 * together with simultaneous steps this is the paper's optimal dynamics (Eqs. 7, 8).
 * @param gan a gd_gmm_gan *.
 * @return 0; a positive number if a mean exceeds 1e100 in modulus (outside the domain); a negative one if *gan or mu is
 * not valid. */
GD_API int gd_gmm_gan_respond(void *gan, const double *x, double *y);

/** The condition of Lemma 4.1 for one step mu' = mu - step_size grad f(mu) of the optimal dynamics: the largest
 *     c = |grad f(mu) - grad f(w)| / |grad f(mu)|
 * over `samples` points w evenly spaced from mu to mu', both included.  If c < 1 held at all points w, then
 * f(mu') - f(mu) <= -step_size (1 - c) |grad f(mu)|^2.
 * @param step_size positive.  @param samples 2 or more.
 * @param c 0 if grad f(mu) = 0. */
GD_API gd_status gd_gmm_gan_gradient_change(const gd_gmm_gan *gan, const double *mu, double step_size, size_t samples,
                                            double *c);

/** The paper's sets of means (section 4); mu and target are [n].  A NULL pointer is in no set.
 * Rect(delta): |mu_i - target_j| <= delta for some i and j.  So Rect(0) is the set that Lemma 4.2 needs. */
GD_API bool gd_gmm_gan_in_rect(size_t n, const double *mu, const double *target, double delta);
/** Opt(delta): with both in increasing order, |mu_i - target_i| < delta for all i. */
GD_API bool gd_gmm_gan_in_opt(size_t n, const double *mu, const double *target, double delta);
/** B(C): |mu_i| <= C for all i, as in Theorem 3.1. */
GD_API bool gd_gmm_gan_in_box(size_t n, const double *mu, double C);
/** Sep(gamma): |mu_i - mu_j| > gamma for all i != j. */
GD_API bool gd_gmm_gan_in_sep(size_t n, const double *mu, double gamma);

#ifdef __cplusplus
}
#endif
#endif
