/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Stability: what the eigenvalues of the Jacobian J = dv/dx at an equilibrium say about step sizes, about the consensus
 * field and about GANs.  Statements of Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs", and Nagarajan &
 * Kolter 2017, "Gradient descent GAN optimization is locally stable", in their corrected form where print is wrong. */
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

/** Largest step h for which 1 + h (re + i im) lies in the open unit disc for all smaller ones: 2 |re| / (re^2 + im^2)
 * if re < 0, else 0 (Mescheder et al. 2017, Lemma 4).
 * @param re, im finite. */
GD_API gd_status gd_largest_euler_step(double re, double im, double *step_size);

/** The same for a whole spectrum: the smallest over its eigenvalues (Corollary 5), which is what
 * gd_largest_stable_step() finds for the simultaneous method. */
GD_API gd_status gd_spectrum_largest_euler_step(const gd_spectrum *spectrum, double *step_size);

/** Who moves when, in a round of moves in turn; borrowed. */
typedef struct gd_alternation {
  const double *step_sizes;    /**< [n_players], finite */
  const uint64_t *inner_steps; /**< [n_players], moves of each player in a row; NULL: one each */
  const size_t *order;         /**< [n_players], players in the order in which they move; NULL: by number */
} gd_alternation;

/** The derivative of one round of alternating moves at an equilibrium, the product of I + h_i P_i J over the
 * moves: for two players (I - h L)^-1 (I + h (J - L)), L the part of J below the diagonal blocks (Mescheder et al.
 * 2017, supplement).  What gd_stepper_map() differences for the alternating method, exactly.
 * @param M [n by n], ldm >= n.
 * @return GD_ERR_UNSUPPORTED above the game's dense_limit; GD_ERR_HYPOTHESIS on the edge of its feasible set, and where
 * a game that is not GD_AFFINE is not at rest: |v| > 1e-8 |J| max(1, |x|). */
GD_API gd_status gd_alternating_matrix(gd_linearisation *linearisation, const gd_alternation *turns, double *M,
                                       size_t ldm);

/** The larger modulus of its two eigenvalues on a bilinear game, for one singular value sigma of C: with
 * a = sqrt(n_1 n_2 h_1 h_2) sigma they have the sum 2 - a^2 and the product 1, so that it is 1 for a <= 2, where
 * nothing is gained, and a^2/2 - 1 + sqrt((a^2/2 - 1)^2 - 1) beyond.
 * @param a >= 0. */
GD_API gd_status gd_alternating_bilinear_modulus(double a, double *modulus);

/** The iteration x + h A v(x) at a point, A a matrix (Mescheder et al. 2017, Lemma 6): with A invertible it rests
 * exactly where v vanishes, and is stable there if the spectral radius of I + h A J is below 1. */
typedef struct gd_transformed_report {
  double gradient_norm;        /**< |v|; 0 at an equilibrium */
  double move_norm;            /**< |h A v|; 0 at a fixed point */
  double least_singular_value; /**< of A */
  double rate;                 /**< spectral radius of I + h A J */
  bool invertible;             /**< least_singular_value > n eps |A|: the lemma applies */
  uint64_t reserved[8];
} gd_transformed_report;

/** Look at the point of a linearisation, densely.
 * @param A [n by n], lda >= n, finite.  @param step_size h > 0.
 * @return GD_ERR_UNSUPPORTED above the game's dense_limit; GD_ERR_HYPOTHESIS on the edge of its feasible set;
 * GD_ERR_NONFINITE; GD_ERR_LAPACK. */
GD_API gd_status gd_transformed_report_compute(gd_linearisation *linearisation, const double *A, size_t lda,
                                               double step_size, gd_transformed_report *report);

/** What the consensus field v - gamma J'v does to the eigenvalues at a point, with the numbers it rests on.  Its
 * Jacobian where v = 0 is A = J - gamma J'J. */
typedef struct gd_consensus_report {
  double monotonicity;    /**< largest eigenvalue of (J + J')/2; <= 0: J is negative semidefinite */
  double rho;             /**< least singular value of J; > 0: J is invertible */
  double rotation_norm;   /**< |J - J'|_2 */
  double c;               /**< 1 / spectral radius of (J + J')^{-1} (J - J'); 0 if J + J' is not negative definite */
  double ratio;           /**< max |Im/Re| over eigenvalues of J; INFINITY with one on the axis other than 0, where a
                             part up to n eps |J| is 0, or up to 1e-8 |J| where J is differenced */
  double consensus_ratio; /**< the same of A */
  double ratio_bound;     /**< Lemma 9 corrected: what consensus_ratio cannot exceed; INFINITY without the hypothesis */
  double consensus_monotonicity; /**< largest eigenvalue of (A + A')/2; < 0 under the hypothesis (Lemma 7) */
  bool hypothesis; /**< J negative semidefinite and invertible, to rounding: Lemmas 7 and 9 and Corollary 8 apply */
  uint64_t reserved[8];
} gd_consensus_report;

/** Lemmas 7 and 9 and Corollary 8 of Mescheder et al. 2017 at a point, densely.  Corollary 8 (a local Nash point of a
 * two-player zero-sum game attracts simultaneous ascent on the consensus field, for small steps) needs J invertible,
 * which print omits; Lemma 9 holds as 1 / (c + 2 gamma rho^2 / |J - J'|_2), not as printed.
 * @param gamma 0 or more.
 * @return GD_ERR_UNSUPPORTED above the game's dense_limit; GD_ERR_HYPOTHESIS on the edge of its feasible set, and where
 * a game that is not GD_AFFINE is not at rest: |v| > 1e-8 |J| max(1, |x|). */
GD_API gd_status gd_consensus_report_compute(gd_linearisation *linearisation, double gamma,
                                             gd_consensus_report *report);

/** Lemma 9 corrected, from its constants: 1 / (c + 2 gamma rho^2 / rotation_norm).
 * @param c >= 0.  @param rho >= 0.  @param gamma >= 0.  @param rotation_norm >= 0; 0: the bound is 0.
 * @param ratio_bound INFINITY if c and gamma rho are 0. */
GD_API gd_status gd_consensus_ratio_bound(double c, double rho, double gamma, double rotation_norm,
                                          double *ratio_bound);

/** The smallest gamma whose bound is `ratio`: (1/ratio - c) rotation_norm / (2 rho^2), or 0 if c is enough.
 * @param ratio > 0.  @param rho > 0, else GD_ERR_HYPOTHESIS. */
GD_API gd_status gd_consensus_gamma_for_ratio(double c, double rho, double rotation_norm, double ratio, double *gamma);

/** Upper bounds on Re(lambda) for the eigenvalues of J, by kind. */
typedef struct gd_rate_bounds {
  double real;     /**< for real eigenvalues */
  double non_real; /**< for the others */
  double reserved[4];
} gd_rate_bounds;

/** J = [[-Q, P], [-P', 0]] with Q symmetric positive definite and P of full column rank is Hurwitz (Nagarajan & Kolter
 * 2017, Lemma G.2): real eigenvalues are at most -q s / (q Q_max + s), others have Re at most -q/2.
 * @param q_min, q_max extreme eigenvalues of Q, 0 < q_min <= q_max.  @param s_min least eigenvalue of P'P, > 0.
 * @return GD_ERR_HYPOTHESIS outside these ranges. */
GD_API gd_status gd_saddle_rate_bounds(double q_min, double q_max, double s_min, gd_rate_bounds *bounds);

/** A GAN at its equilibrium, J = [[2 f2 K_DD, -f1 K_DG], [f1 K_DG', 0]] (Theorem 3.1; print has the off-diagonal signs
 * the other way round, with the same eigenvalues).
 * @param f1, f2 f'(0) and f''(0) < 0.
 * @param kdd_min, kdd_max extreme nonzero eigenvalues of K_DD.  @param kdg_min least nonzero eigenvalue of K_DG'K_DG.
 * @return GD_ERR_HYPOTHESIS unless f1 != 0, f2 < 0 and the eigenvalues are positive and in order. */
GD_API gd_status gd_gan_rate_bounds(double f1, double f2, double kdd_min, double kdd_max, double kdg_min,
                                    gd_rate_bounds *bounds);

/** A WGAN whose generator also descends eta |grad_D V|^2 (Theorem 3.2): real eigenvalues are at most
 * -2 eta s / (4 eta^2 S + 1), others have Re at most -eta s, with s, S = f1^2 times the extreme nonzero eigenvalues of
 * K_DG'K_DG.  Every eta > 0 is stable for the flow.
 * @return GD_ERR_HYPOTHESIS unless f1 != 0, eta > 0 and 0 < kdg_min <= kdg_max. */
GD_API gd_status gd_wgan_rate_bounds(double f1, double eta, double kdg_min, double kdg_max, gd_rate_bounds *bounds);

/** Theorems 3.1 and 3.2 at a game's equilibrium, with the numbers they rest on. */
typedef struct gd_gan_report {
  double kdd_min, kdd_max;   /**< extreme nonzero eigenvalues of K_DD = J_DD / (2 f2); 0 if K_DD is; NaN if f2 is */
  double kdg_min, kdg_max;   /**< extreme nonzero eigenvalues of K_DG'K_DG, K_DG = -J_DG / f1 */
  double real_bound;         /**< what Re of real eigenvalues of J off the equilibrium subspace cannot exceed */
  double non_real_bound;     /**< the same for the others */
  size_t null_discriminator; /**< dimension of the equilibrium subspace on the discriminator's side, */
  size_t null_generator;     /**< and on the generator's: J has as many eigenvalues 0 as both together */
  double reserved[8];
} gd_gan_report;

/** The matrices K_DD and K_DG of Nagarajan & Kolter 2017 from a game's Jacobian at an equilibrium, their null
 * spaces, and what the theorems promise for the eigenvalues of J off these (gd_spectrum_nonzero() has them):
 * Theorem 3.1 if eta = 0; Theorem 3.2 if f2 = 0; Lemma G.2 if the discriminator is curved and the generator penalised.
 * @param linearisation of a GAN of two players, without the penalty.
 * @param discriminator its player's number.
 * @param f1,f2 f'(0) != 0 and f''(0) <= 0 of the loss: 1/2 and -1/4 for the logistic, 1 and 0 for the Wasserstein one.
 * @param eta weight of the generator's gradient penalty, >= 0, as in gd_derive_gradient_penalty(); more than 0 if f2 =
 * 0.
 * @return GD_ERR_HYPOTHESIS, saying which: J_GG = 0, J_GD = -J_DG', K_DD positive semidefinite, K_DG not 0,
 * Null(K_DD) within Null(K_DG'), x at rest or the game GD_AFFINE (|v| <= 1e-8 |J| max(1, |x|)), x not on the edge of a
 * feasible set; GD_ERR_UNSUPPORTED above the game's dense_limit.
 */
GD_API gd_status gd_gan_report_compute(gd_linearisation *linearisation, size_t discriminator, double f1, double f2,
                                       double eta, gd_gan_report *report);

/** The two eigenvalues that theorem bounds, exactly, for one s in the spectrum of f1^2 K_DG'K_DG:
 * -eta s +- sqrt(eta^2 s^2 - s).
 * @param s >= 0.  @param eta >= 0.  @param re, im [2]; a pair comes with + first, real ones with the larger first. */
GD_API gd_status gd_wgan_eigenvalues(double eta, double s, double *re, double *im);

#ifdef __cplusplus
}
#endif
#endif
