/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Mean spectrum: the eigenvalues of a stochastic game's mean Jacobian, with standard errors. */
#ifndef GAMEDYN_MEAN_SPECTRUM_H
#define GAMEDYN_MEAN_SPECTRUM_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/rng.h>
#include <gamedyn/status.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Eigenvalues re + i im of the mean of J(x) over K draws, in the order of GD_SPECTRUM_ALL, and the standard errors of
 * their parts over minibatches.
 *
 * A simple eigenvalue lambda with right vector z and left vector y moves by y*(J_k - mean J) z / (y*z) to first order
 * (Stewart & Sun 1990, "Matrix Perturbation Theory", Theorem IV.2.3).  The standard error is the standard deviation of
 * these moves over the draws, divided by sqrt(K).  It does not see the bias of second order, which falls like 1/K.
 *
 * Cost: K Jacobians and one dense eigenproblem; with errors 2 K Jacobians and 3 K dense products.
 * @param game is not changed; its dense_limit must be n or more.
 * @param x [n].
 * @param first the first draw; the others follow it by `index`.  A game that is not GD_STOCHASTIC has one Jacobian.
 * @param draws K, 1 or more; 2 or more with errors.
 * @param re,im [n].
 * @param re_error,im_error [n]; NULL for both: not computed.  INFINITY if the eigenvectors are not independent.
 * @return GD_ERR_UNSUPPORTED above dense_limit and for GD_PARTITIONED games; what the game and LAPACK return.  Outputs
 * are set on success only. */
GD_API gd_status gd_mean_eigenvalues(const gd_game *game, const double *x, const gd_draw *first, uint64_t draws,
                                     double *re, double *im, double *re_error, double *im_error);

#ifdef __cplusplus
}
#endif
#endif
