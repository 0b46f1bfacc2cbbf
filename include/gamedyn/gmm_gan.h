/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * GMM-GAN: the model of Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order
 * Approximation in GAN Dynamics": a generator of Gaussians on the line against a discriminator that
 * answers 1 on a few intervals.  Simple enough to be exact, rich enough to converge, oscillate,
 * collapse and vanish. */
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

/** What becomes of an interval whose ends meet, which the paper leaves open but for "it can never uncollapse". */
typedef enum gd_collapse {
  GD_COLLAPSE_FREEZE = 0, /**< r <= l is closed for ever: no part in L, and no gradient to leave it by */
  GD_COLLAPSE_CLIP = 1,   /**< as signed, with r >= l the feasible set: steps end in r = l, and may open it again */
  GD_COLLAPSE_SIGNED = 2  /**< the smooth formula: with r < l the interval counts negatively */
} gd_collapse;

/** Which GMM-GAN.  Borrows what it points to. */
typedef struct gd_gmm_gan {
  size_t struct_size;
  const gd_mixture *target; /**< what the generator should become; NULL (default): means -1/2 and 1/2, the paper's */
  size_t n_means;           /**< K, 1 to GD_MIXTURE_MOST, of equal weights; default 2 */
  size_t n_intervals;       /**< N, 1 to GD_MIXTURE_MOST; default 2 */
  gd_collapse collapse;     /**< default GD_COLLAPSE_FREEZE */
} gd_gmm_gan;

/** Fill in the defaults; use the macro gd_gmm_gan_init(&gan). */
GD_API void gd_gmm_gan_init_sized(gd_gmm_gan *gan, size_t size);
#define gd_gmm_gan_init(g) gd_gmm_gan_init_sized((g), sizeof *(g))

/** The game.  x = (mu [K], l [N], r [N]); player 0, the generator, minimises and player 1 maximises
 *
 *     L = 1 + sum_i (P*(r_i) - P*(l_i) - P(r_i) + P(l_i)),
 *
 * P* and P the cumulative probabilities of the target and of the mixture with means mu (Eq. 6).  Ends of
 * intervals may be infinite, except for projection.  Intervals are not kept from overlapping.  The stated solution, if
 * the target is K Gaussians of equal weights, has mu = the target's means and empty intervals. Every callback is native
 * and exact: v, parts, utilities, their gradients, products, J.
 * @param gan copied.  @param env may be NULL.
 * @return GD_ERR_NONFINITE, naming the entry. */
GD_API gd_status gd_model_gmm_gan(gd_game **game, const gd_gmm_gan *gan, const gd_env *env);

/** Total variation f(mu) between target and generator, and its gradient, which is dL/dmu at the best
 * discriminator (the envelope theorem).  Where f has no gradient, at mu = the target's means, it is 0.
 * @param mu [K].
 * @param distance,gradient the latter [K]; each may be NULL.
 * @return GD_ERR_NONFINITE, naming the entry of mu; GD_ERR_DOMAIN if a mean exceeds 1e100 in modulus. */
GD_API gd_status gd_gmm_gan_distance(const gd_gmm_gan *gan, const double *mu, double *distance, double *gradient);

/** The best discriminator against x = (mu, ...): y [2 N] = (l, r).  Intervals not needed are empty at 0; if more
 * than N would be best, those N that do best.  For gd_derive_best_response() as its gd_respond_fn, which with
 * simultaneous steps makes the paper's optimal dynamics (Eqs. 7, 8).
 * @param gan a gd_gmm_gan *.
 * @return 0; a positive number if a mean exceeds 1e100 in modulus, which is outside the domain; a negative one if *gan
 * or mu is not what it should be. */
GD_API int gd_gmm_gan_respond(void *gan, const double *x, double *y);

/** Lemma 4.1's condition for one step mu' = mu - step_size grad f(mu) of the optimal dynamics: the largest
 * |grad f(mu) - grad f(w)| / |grad f(mu)| =: c over `samples` points w evenly spaced between mu and mu', both
 * included.  If c < 1 held at all points, f(mu') - f(mu) <= -step_size (1 - c) |grad f(mu)|^2.
 * @param step_size positive.  @param samples 2 or more.
 * @param c 0 if grad f(mu) = 0. */
GD_API gd_status gd_gmm_gan_gradient_change(const gd_gmm_gan *gan, const double *mu, double step_size, size_t samples,
                                            double *c);

/** The paper's sets of means (section 4), n of them; NULL pointers are in no set.  Rect(delta): some mean is within
 * delta of some target mean.  Within includes delta itself, so that Rect(0) is where Lemma 4.2 needs it. */
GD_API bool gd_gmm_gan_in_rect(size_t n, const double *mu, const double *target, double delta);
/** Opt(delta): in increasing order, all means are closer than delta to their target means. */
GD_API bool gd_gmm_gan_in_opt(size_t n, const double *mu, const double *target, double delta);
/** B(C): no mean exceeds C in modulus, as in Theorem 3.1. */
GD_API bool gd_gmm_gan_in_box(size_t n, const double *mu, double C);
/** Sep(gamma): any two means are more than gamma apart. */
GD_API bool gd_gmm_gan_in_sep(size_t n, const double *mu, double gamma);

#ifdef __cplusplus
}
#endif
#endif
