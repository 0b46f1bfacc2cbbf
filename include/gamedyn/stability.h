/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Stability: formulas that lead from the eigenvalues of the Jacobian J = dv/dx at an equilibrium to step sizes, and
 * reports about the consensus field and about GANs.  The statements are those of Mescheder, Nowozin & Geiger 2017, "The
 * Numerics of GANs", and of Nagarajan & Kolter 2017, "Gradient descent GAN optimization is locally stable".  Where the
 * printed statement is wrong, the corrected one is used. */
#ifndef GAMEDYN_STABILITY_H
#define GAMEDYN_STABILITY_H

#include <gamedyn/export.h>
#include <gamedyn/linearisation.h>
#include <gamedyn/spectrum.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The largest h such that 1 + s (re + i im) lies in the open unit disc for all s in (0, h): 2 |re| / (re^2 + im^2) if
 * re < 0, else 0 (Mescheder et al. 2017, Lemma 4).
 * @param re, im finite. */
GD_API gd_status gd_largest_euler_step(double re, double im, double *step_size);

/** The same for a whole spectrum: the smallest over its eigenvalues (Corollary 5).  gd_largest_stable_step() gives this
 * for the simultaneous method. */
GD_API gd_status gd_spectrum_largest_euler_step(const gd_spectrum *spectrum, double *step_size);

/** The order of moves in one round of alternating play.  The arrays are borrowed. */
typedef struct gd_alternation {
  const double *step_sizes;    /**< [n_players], finite */
  const uint64_t *inner_steps; /**< [n_players], moves of each player in a row; NULL: one each */
  const size_t *order;         /**< [n_players], players in the order in which they move; NULL: by number */
} gd_alternation;

/** The derivative of one round of alternating moves at an equilibrium: the product of I + h_i P_i J over the moves, P_i
 * the projection onto block i.  For two players it is
 *     (I - h L)^-1 (I + h (J - L)),   L the part of J below the diagonal blocks
 * (Mescheder et al. 2017, supplement).  It equals the derivative that gd_stepper_map() gives for the alternating
 * method, without finite differences.
 * @param M [n by n], ldm >= n.
 * @return GD_ERR_UNSUPPORTED above the game's dense_limit.  GD_ERR_HYPOTHESIS on the edge of its feasible set, and for
 * a game that is not GD_AFFINE at a point that is not stationary: |v| > 1e-8 |J| max(1, |x|). */
GD_API gd_status gd_alternating_matrix(gd_linearisation *linearisation, const gd_alternation *turns, double *M,
                                       size_t ldm);

/** The larger modulus of the two eigenvalues of that derivative on a bilinear game, for one singular value sigma of C.
 * With a = sqrt(n_1 n_2 h_1 h_2) sigma (n_i: inner steps of player i) the eigenvalues have the sum 2 - a^2 and the
 * product 1.  So the modulus is 1 for a <= 2, and a^2/2 - 1 + sqrt((a^2/2 - 1)^2 - 1) for a > 2.
 * @param a >= 0. */
GD_API gd_status gd_alternating_bilinear_modulus(double a, double *modulus);

/** The iteration x + h A v(x) at a point, A a matrix (Mescheder et al. 2017, Lemma 6).  If A is invertible, its fixed
 * points are exactly the zeros of v.  A fixed point is stable if the spectral radius of I + h A J is below 1. */
typedef struct gd_transformed_report {
  double gradient_norm;        /**< |v|; 0 at an equilibrium */
  double move_norm;            /**< |h A v|; 0 at a fixed point */
  double least_singular_value; /**< least singular value of A */
  double rate;                 /**< spectral radius of I + h A J */
  bool invertible;             /**< least_singular_value > n eps |A|: the lemma applies */
  uint64_t reserved[8];
} gd_transformed_report;

/** Compute the report at the point of a linearisation, by dense matrices.
 * @param A [n by n], lda >= n, finite.  @param step_size h > 0.
 * @return GD_ERR_UNSUPPORTED above the game's dense_limit; GD_ERR_HYPOTHESIS on the edge of its feasible set;
 * GD_ERR_NONFINITE; GD_ERR_LAPACK. */
GD_API gd_status gd_transformed_report_compute(gd_linearisation *linearisation, const double *A, size_t lda,
                                               double step_size, gd_transformed_report *report);

/** The eigenvalues of J and of the consensus field v - gamma J'v at a point, with the constants of the lemmas.  The
 * Jacobian of the consensus field where v = 0 is A = J - gamma J'J. */
typedef struct gd_consensus_report {
  double monotonicity;    /**< largest eigenvalue of (J + J')/2; <= 0: J is negative semidefinite */
  double rho;             /**< least singular value of J; > 0: J is invertible */
  double rotation_norm;   /**< |J - J'|_2 */
  double c;               /**< 1 / spectral radius of (J + J')^{-1} (J - J'); 0 if J + J' is not negative definite */
  double ratio;           /**< max |Im/Re| over eigenvalues of J; INFINITY if one is imaginary but not 0.  A part up to
                             n eps |J| counts as 0, or up to 1e-8 |J| if J is differenced */
  double consensus_ratio; /**< the same for A */
  double ratio_bound;     /**< Lemma 9, corrected: an upper bound of consensus_ratio; INFINITY without the hypothesis */
  double consensus_monotonicity; /**< largest eigenvalue of (A + A')/2; < 0 under the hypothesis (Lemma 7) */
  bool hypothesis; /**< J is negative semidefinite and invertible, to rounding: Lemmas 7, 9 and Corollary 8 apply */
  uint64_t reserved[8];
} gd_consensus_report;

/** Lemmas 7 and 9 and Corollary 8 of Mescheder et al. 2017 at a point, by dense matrices.
 * Corollary 8: a local Nash point of a two-player zero-sum game attracts simultaneous ascent on the consensus field,
 * for small steps.  It needs an invertible J, which the paper does not say.
 * Lemma 9 holds with the bound 1 / (c + 2 gamma rho^2 / |J - J'|_2), not with the printed one.
 * @param gamma 0 or more.
 * @return GD_ERR_UNSUPPORTED above the game's dense_limit.  GD_ERR_HYPOTHESIS on the edge of its feasible set, and for
 * a game that is not GD_AFFINE at a point that is not stationary: |v| > 1e-8 |J| max(1, |x|). */
GD_API gd_status gd_consensus_report_compute(gd_linearisation *linearisation, double gamma,
                                             gd_consensus_report *report);

/** The bound of Lemma 9, corrected, from its constants: 1 / (c + 2 gamma rho^2 / rotation_norm).
 * @param c >= 0.  @param rho >= 0.  @param gamma >= 0.  @param rotation_norm >= 0; 0: the bound is 0.
 * @param ratio_bound INFINITY if c and gamma rho are 0. */
GD_API gd_status gd_consensus_ratio_bound(double c, double rho, double gamma, double rotation_norm,
                                          double *ratio_bound);

/** The smallest gamma for which that bound is at most `ratio`: (1/ratio - c) rotation_norm / (2 rho^2), or 0 if the
 * bound holds without consensus.
 * @param ratio > 0.  @param rho > 0, else GD_ERR_HYPOTHESIS. */
GD_API gd_status gd_consensus_gamma_for_ratio(double c, double rho, double rotation_norm, double ratio, double *gamma);

/** Upper bounds for Re(lambda), lambda an eigenvalue of J. */
typedef struct gd_rate_bounds {
  double real;     /**< for real eigenvalues */
  double non_real; /**< for the other eigenvalues */
  double reserved[4];
} gd_rate_bounds;

/** J = [[-Q, P], [-P', 0]] with Q symmetric positive definite and P of full column rank is Hurwitz (Nagarajan & Kolter
 * 2017, Lemma G.2).  Real eigenvalues are at most -q_min s_min / (q_min q_max + s_min); others have Re at most
 * -q_min/2.
 * @param q_min, q_max extreme eigenvalues of Q, 0 < q_min <= q_max.  @param s_min least eigenvalue of P'P, > 0.
 * @return GD_ERR_HYPOTHESIS outside these ranges. */
GD_API gd_status gd_saddle_rate_bounds(double q_min, double q_max, double s_min, gd_rate_bounds *bounds);

/** Bounds for a GAN at its equilibrium, J = [[2 f2 K_DD, -f1 K_DG], [f1 K_DG', 0]] (Theorem 3.1).  The paper prints the
 * off-diagonal signs the other way round; the eigenvalues are the same.
 * @param f1, f2 f'(0) and f''(0) < 0.
 * @param kdd_min, kdd_max extreme nonzero eigenvalues of K_DD.  @param kdg_min least nonzero eigenvalue of K_DG'K_DG.
 * @return GD_ERR_HYPOTHESIS unless f1 != 0, f2 < 0 and the eigenvalues are positive and in order. */
GD_API gd_status gd_gan_rate_bounds(double f1, double f2, double kdd_min, double kdd_max, double kdg_min,
                                    gd_rate_bounds *bounds);

/** Bounds for a WGAN whose generator also descends eta |grad_D V|^2 (Theorem 3.2).  With s and S = f1^2 times the least
 * and the largest nonzero eigenvalue of K_DG'K_DG, real eigenvalues are at most -2 eta s / (4 eta^2 S + 1), and others
 * have Re at most -eta s.  Every eta > 0 is stable for the flow.
 * @return GD_ERR_HYPOTHESIS unless f1 != 0, eta > 0 and 0 < kdg_min <= kdg_max. */
GD_API gd_status gd_wgan_rate_bounds(double f1, double eta, double kdg_min, double kdg_max, gd_rate_bounds *bounds);

/** Theorems 3.1 and 3.2 at a game's equilibrium, with the numbers they depend on. */
typedef struct gd_gan_report {
  double kdd_min, kdd_max;   /**< extreme nonzero eigenvalues of K_DD = J_DD / (2 f2); 0 if K_DD = 0; NaN if f2 = 0 */
  double kdg_min, kdg_max;   /**< extreme nonzero eigenvalues of K_DG'K_DG, K_DG = -J_DG / f1 */
  double real_bound;         /**< upper bound for real eigenvalues of J off the equilibrium subspace */
  double non_real_bound;     /**< upper bound for Re of the other eigenvalues off it */
  size_t null_discriminator; /**< dimension of the equilibrium subspace in the discriminator's variables */
  size_t null_generator;     /**< the same for the generator's; J has the eigenvalue 0 as often as both together */
  double reserved[8];
} gd_gan_report;

/** Compute the matrices K_DD and K_DG of Nagarajan & Kolter 2017 from a game's Jacobian at an equilibrium, their null
 * spaces, and the bounds of the theorems for the eigenvalues of J off these null spaces (gd_spectrum_nonzero() computes
 * these eigenvalues).  Theorem 3.1 is used if eta = 0, Theorem 3.2 if f2 = 0, Lemma G.2 if f2 < 0 and eta > 0.
 * @param linearisation of a GAN of two players, without the penalty.
 * @param discriminator its player's number.
 * @param f1,f2 f'(0) != 0 and f''(0) <= 0 of the loss: 1/2 and -1/4 for the logistic, 1 and 0 for the Wasserstein loss.
 * @param eta weight of the generator's gradient penalty, >= 0, as in gd_derive_gradient_penalty(); > 0 if f2 = 0.
 * @return GD_ERR_HYPOTHESIS if one of these fails (the message says which): J_GG = 0, J_GD = -J_DG', K_DD positive
 * semidefinite, K_DG not 0, Null(K_DD) within Null(K_DG'), x stationary or the game GD_AFFINE
 * (|v| <= 1e-8 |J| max(1, |x|)), x not on the edge of a feasible set.  GD_ERR_UNSUPPORTED above the game's dense_limit.
 */
GD_API gd_status gd_gan_report_compute(gd_linearisation *linearisation, size_t discriminator, double f1, double f2,
                                       double eta, gd_gan_report *report);

/** The two eigenvalues that Theorem 3.2 bounds, exactly, for one s in the spectrum of f1^2 K_DG'K_DG:
 *     -eta s +- sqrt(eta^2 s^2 - s)
 * @param s >= 0.  @param eta >= 0.
 * @param re, im [2]; in a conjugate pair + comes first, of real ones the larger. */
GD_API gd_status gd_wgan_eigenvalues(double eta, double s, double *re, double *im);

#ifdef __cplusplus
}
#endif
#endif
