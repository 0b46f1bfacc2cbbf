/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Models: ready-made games.  Every callback is native and exact.  Matrices are copied.  Each constructor creates a
 * particular game.  The registry creates a random game of each kind from a seed, for programs and tests that loop over
 * all models. */
#ifndef GAMEDYN_MODELS_H
#define GAMEDYN_MODELS_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** min over theta [p], max over omega [q] of U = theta' C omega.  x = (theta, omega),
 * v = (-C omega, C' theta).  Cost: one pass over C per gradient or product.
 * @param C [p by q], ldc >= p; finite.
 * @param env may be NULL.  Its executor runs large passes on several threads; the bits do not depend on their number.
 * @return GD_ERR_NONFINITE for an entry that is not finite; the message names it.  The other constructors do the same.
 * */
GD_API gd_status gd_model_bilinear(gd_game **game, size_t p, size_t q, const double *C, size_t ldc, const gd_env *env);

/** min over theta, max over omega of U = theta' A theta / 2 - omega' B omega / 2 + theta' C omega.
 * v = (-A theta - C omega, C' theta - B omega).
 * @param A [p by p] and B [q by q], symmetric (checked exactly); NULL is zero.
 * @param C [p by q]; NULL is zero. */
GD_API gd_status gd_model_quadratic(gd_game **game, size_t p, size_t q, const double *A, size_t lda, const double *B,
                                    size_t ldb, const double *C, size_t ldc, const gd_env *env);

/** v(x) = J x + b for any J: the general affine game.  Player i's utility is
 *     u_i = x_i' S_i x_i / 2 + x_i' (sum over j != i of J_ij x_j + b_i),   S_i the symmetric part of J_ii
 * It exists if every own block J_ii is symmetric; otherwise the game has no utilities.
 * The traits (zero-sum, potential) are found from J, exactly.  The stated solution solves J x = -b by dense factors; if
 * J is singular it is the solution of least norm.  gd_game_solution() returns GD_ERR_DOMAIN if there is no solution.
 * @param J [n by n], ldj >= n.  @param b [n]; NULL is zero. */
GD_API gd_status gd_model_affine(gd_game **game, size_t n_players, const size_t *block_sizes, const double *J,
                                 size_t ldj, const double *b, const gd_env *env);

/** The loss of a GAN.  The discriminator's output d is large for "real".  The discriminator maximises
 * E f(d(real)) + E f(-d(fake)).  The generator minimises E g(-d(fake)).  If g = f the game is zero-sum: the generator's
 * utility is then defined as minus the discriminator's. */
typedef enum gd_gan_loss {
  GD_GAN_LOGISTIC = 0,       /**< f(t) = g(t) = -log(1 + exp(-t)): Goodfellow et al. 2014, the saturating game */
  GD_GAN_WASSERSTEIN = 1,    /**< f(t) = g(t) = t, without a constraint: Arjovsky, Chintala & Bottou 2017 */
  GD_GAN_NON_SATURATING = 2, /**< f logistic, g(t) = log(1 + exp(t)): the usual choice in practice; general-sum */
  GD_GAN_KL = 3,             /**< f logistic, g(t) = t; general-sum */
  GD_GAN_TV = 4              /**< f(t) = g(t) = tanh t: total variation; Nowozin, Cseke & Tomioka 2016 */
} gd_gan_loss;

/** The Dirac-GAN (Mescheder, Geiger & Nowozin 2018).  The generator is a point theta [dimension].  All data are at 0.
 * The discriminator's output at y is -psi'y, psi [dimension].  x = (theta, psi) and, with s = psi'theta,
 *     v = (-g'(s) psi, f'(s) theta)
 * The equilibrium is 0; the eigenvalues of J there are +-i sqrt(f'(0) g'(0)).
 * @param dimension 1 or more; the paper has 1.  @param env may be NULL. */
GD_API gd_status gd_model_dirac_gan(gd_game **game, size_t dimension, gd_gan_loss loss, const gd_env *env);

/** The planar GAN of Nagarajan & Kolter 2017 (Figure 3): discriminator D(y) = w y^2, generator G(z) = a z, data and z
 * uniform on [-1, 1].  x = (w, a), the discriminator first.  The equilibria are (0, 1), the stated solution, and (0,
 * -1).  Expectations are exact for GD_GAN_WASSERSTEIN.  For other losses they are quadratures, with relative error
 * 1e-14 at any x.  For the figure's eta use gd_derive_gradient_penalty() with leader 1 and follower 0.
 * @param env may be NULL. */
GD_API gd_status gd_model_nk_planar(gd_game **game, gd_gan_loss loss, const gd_env *env);

/** A linear-quadratic GAN: discriminator D(y) = y'W y + w'y, generator G(z) = A z + b, z standard normal, data normal.
 */
typedef struct gd_lq_gan {
  size_t struct_size; /**< sizeof(gd_lq_gan) */
  size_t dimension;   /**< d, the dimension of y and of z: 1 to 256 */
  const double *mean; /**< mean of the data, [d]; NULL: 0 */
  const double
      *covariance;  /**< of the data, [d by d], symmetric (checked exactly), positive definite; NULL: identity */
  size_t ldc;       /**< leading dimension of covariance, >= d */
  gd_gan_loss loss; /**< GD_GAN_WASSERSTEIN in any dimension; other losses need nodes^d <= 10^6 */
  bool triangular;  /**< W and A are lower triangular, and only that triangle is stored */
  size_t nodes;     /**< quadrature nodes in each dimension: 3 to 100, at most 10^6 points in all; 0: 24 */
} gd_lq_gan;

/** The linear-quadratic GAN of Nagarajan & Kolter 2017 (appendices D and E).  x = (W, w, A, b), the discriminator
 * first, matrices column by column; n = 2 (d^2 + d), or d (d + 3) if triangular.  Equilibria are
 *
 *     W + W' = 0,   w = 0,   A A' = covariance,   b = mean
 *
 * The stated solution has W = 0, and A is the lower Cholesky factor.  In the triangular game it is isolated.
 *
 * Expectations are exact for GD_GAN_WASSERSTEIN.  For other losses they are sums over the nodes of Gauss-Hermite
 * quadrature.  Gradient, utilities and products are exact for these sums.  At an equilibrium v and J are those of the
 * normal distribution; elsewhere they approach them as `nodes` grows.
 * Cost of a gradient or product: d^2 for each point; there are nodes^d points, or 2 d for GD_GAN_WASSERSTEIN.
 * @param env may be NULL.
 * @return GD_ERR_STRUCT, GD_ERR_NONFINITE. */
GD_API gd_status gd_model_lq_gan(gd_game **game, const gd_lq_gan *spec, const gd_env *env);

/** A GAN that learns a covariance: data x ~ N(0, S), generator V z with z ~ N(0, I), discriminator
 * D(x) = sum_i v_i max(w_i'x, 0) without biases. */
typedef struct gd_covariance_gan {
  size_t struct_size;       /**< sizeof(gd_covariance_gan) */
  size_t dimension;         /**< d, the dimension of x: 1 to 64 */
  size_t latent;            /**< k, the dimension of z: 1 to 256 */
  size_t units;             /**< h, the units of the discriminator: 1 or more */
  const double *covariance; /**< S [d by d], symmetric (checked exactly), positive definite; NULL: identity */
  size_t ldc;               /**< leading dimension of covariance, >= d */
  double penalty;           /**< lambda >= 0, weight of the discriminator's gradient penalty; 0: none */
  size_t points;            /**< points of the penalty when there is no draw: 1 to 10^6; 0: 1024 */
} gd_covariance_gan;

/** The covariance-learning WGAN of Liang & Stokes 2019, Eq. 10.  Its expectations over data and z are in closed form:
 *
 *     U = 1/sqrt(2 pi) sum_i v_i (|S^(1/2) w_i| - |V'w_i|)
 *
 * x = (V, v, W).  The generator's V [d by k] minimises U.  The discriminator's v [h] and W [d by h] maximise
 * U - lambda P.  P is the two-sided penalty of Gulrajani et al. 2017: the mean of (|dD/dx| - 1)^2 over the points
 * u x + (1 - u) V z, u uniform on [0, 1).  The points are constants: derivatives do not go through them.  A draw gives
 * batch_size points; without a draw there are `points` fixed ones.
 *
 * Where a norm is 0 it has no derivative; the library uses 0.
 * V V' = S and v = 0 is an equilibrium if lambda = 0.  It is the stated solution if also k >= d; its w_i have length 1.
 * The game is zero-sum if lambda = 0, else stochastic.
 * Cost of a gradient: h (d^2 + 2 d k), and for each point of the penalty d h and d + k normal numbers.
 * @param env may be NULL.
 * @return GD_ERR_STRUCT, GD_ERR_NONFINITE. */
GD_API gd_status gd_model_covariance_gan(gd_game **game, const gd_covariance_gan *spec, const gd_env *env);

/* Names of the models, for gd_model_find(). */
#define GD_MODEL_BILINEAR "bilinear"
#define GD_MODEL_QUADRATIC "quadratic"
#define GD_MODEL_AFFINE "affine"
#define GD_MODEL_DIRAC_GAN "dirac_gan"
#define GD_MODEL_NK_PLANAR "nk_planar"
#define GD_MODEL_GMM_GAN "gmm_gan"
#define GD_MODEL_LQ_GAN "lq_gan"
#define GD_MODEL_COVARIANCE_GAN "covariance_gan"
#define GD_MODEL_SPARSE "sparse"

/** One row of the registry of models. */
typedef struct gd_model {
  size_t struct_size;
  const char *name;
  const char *summary;
  /** Creates a random game of this kind, with its numbers (if it has any) from the seed.  `size` is the number of
   * variables of each player.  Exceptions: nk_planar always has one, gmm_gan two and four; for lq_gan and
   * covariance_gan `size` is the dimension. */
  gd_status (*create_random)(gd_game **game, size_t size, uint64_t seed, const gd_env *env);
} gd_model;

GD_API const gd_model *gd_model_find(const char *name); /**< the row with this name; NULL: unknown */
GD_API const gd_model *gd_model_at(size_t index);       /**< row `index`; NULL past the last one */

#ifdef __cplusplus
}
#endif
#endif
