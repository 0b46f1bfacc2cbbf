/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Linearisation: a game at a point x, with all quantities that follow from the Jacobian J = dv/dx there.
 *
 *     game + point = linearisation          linearisation + method = rates
 *
 * Each quantity is computed at first use and kept: the matrix of J, its spectrum, its singular values, the eigenvalues
 * of its symmetric part, its null directions.  Classifications, constants, reports and rates all read from it, so J is
 * assembled once for all of them.
 *
 * Up to `dense_limit` variables J is a matrix, and LAPACK is used.  Above that, J is known by its products.  Norms and
 * the ends of spectra are then computed by Krylov methods, and each answer says whether it is complete. */
#ifndef GAMEDYN_LINEARISATION_H
#define GAMEDYN_LINEARISATION_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/nonnormal.h>
#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_linearisation gd_linearisation;

/** Linearise a game at x [n], at the game's current draw.
 *
 * The point and v(x) are copied.  The game is borrowed.  A handle may be used by one thread at a time.
 * Cost: one gradient.  Everything else is computed on demand.
 * @param options the limits of the solvers by products (count, subspace, max_products, tolerance, seed, block), and
 * dense_limit: J is a matrix if n is at most this and at most the game's own dense_limit.  `which`, `vectors`,
 * `symmetric` and targets are ignored.  NULL: defaults.
 * @return GD_ERR_NONFINITE if x or v(x) is not finite; GD_ERR_UNSUPPORTED for a partitioned game; errors of the
 * gradient. */
GD_API gd_status gd_linearise(gd_linearisation **linearisation, gd_game *game, const double *x,
                              const gd_spectrum_options *options);

/** Create a linearisation from the eigenvalues of J alone.  It gives the rates of methods that act mode by mode.  All
 * other functions return GD_ERR_UNSUPPORTED for it.
 * @param spectrum borrowed.  @param env may be NULL. */
GD_API gd_status gd_linearise_spectrum(gd_linearisation **linearisation, const gd_spectrum *spectrum,
                                       const gd_env *env);
GD_API void gd_linearisation_destroy(gd_linearisation *linearisation); /**< NULL is a no-op */

GD_API gd_game *
gd_linearisation_game(const gd_linearisation *linearisation); /**< borrowed; NULL: from eigenvalues alone */
GD_API size_t gd_linearisation_size(const gd_linearisation *linearisation);            /**< n */
GD_API const double *gd_linearisation_point(const gd_linearisation *linearisation);    /**< x [n] */
GD_API const double *gd_linearisation_gradient(const gd_linearisation *linearisation); /**< v(x) [n] */
GD_API double gd_linearisation_gradient_norm(const gd_linearisation *linearisation);   /**< |v(x)| */
/** True if J is a matrix here; false if it is known by its products or by its eigenvalues alone. */
GD_API bool gd_linearisation_is_dense(const gd_linearisation *linearisation);

/** J as an operator, borrowed; NULL if only eigenvalues are known.  Its products are those of the game.  Its matrix is
 * the one the linearisation keeps. */
GD_API gd_operator *gd_linearisation_operator(const gd_linearisation *linearisation);
/** J as a matrix, kept: J[i + j*n].
 * @return GD_ERR_UNSUPPORTED unless gd_linearisation_is_dense(); GD_ERR_NONFINITE; errors of products. */
GD_API gd_status gd_linearisation_matrix(gd_linearisation *linearisation, const double **J);

/** The eigenvalues of J, borrowed.
 * Dense: all of them; null directions are found, too (gd_spectrum_null_directions()).
 * By products: the ends of the spectrum, that is, the `count` eigenvalues of largest modulus, of largest real part, of
 * largest imaginary part and of smallest real part.  Each is listed once, and zeros are left out.
 * gd_spectrum_complete() is then false.
 * @return GD_NOT_CONVERGED if some of them were not found; the others are returned.  GD_ERR_HYPOTHESIS if products find
 * no nonzero eigenvalue; GD_ERR_NONFINITE; GD_ERR_LAPACK; errors of products. */
GD_API gd_status gd_linearisation_spectrum(gd_linearisation *linearisation, const gd_spectrum **spectrum);

/** |J|_2, the largest singular value.
 * @return GD_NOT_CONVERGED if max_products was reached; the value is then a lower bound. */
GD_API gd_status gd_linearisation_norm(gd_linearisation *linearisation, double *norm);
/** All singular values of J, descending, kept.
 * @param values [n].
 * @return GD_ERR_UNSUPPORTED unless gd_linearisation_is_dense(). */
GD_API gd_status gd_linearisation_singular_values(gd_linearisation *linearisation, const double **values);
/** The least and the largest eigenvalue of the symmetric part (J + J')/2.  The real parts of the eigenvalues of J lie
 * between them.  The largest one bounds the growth rate of distances at time 0.
 * @return GD_NOT_CONVERGED if max_products was reached; the true interval may then be larger. */
GD_API gd_status gd_linearisation_symmetric_part(gd_linearisation *linearisation, double *least, double *largest);
/** |(J - J')/2|_2, the norm of the antisymmetric part, which rotates.
 * @return GD_NOT_CONVERGED if max_products was reached; the value is then a lower bound. */
GD_API gd_status gd_linearisation_rotation(gd_linearisation *linearisation, double *rotation);
/** The distance of J from a normal matrix; see gd_nonnormality.
 * @return GD_NOT_CONVERGED if max_products was reached; the numerical abscissa is then a lower bound. */
GD_API gd_status gd_linearisation_nonnormality(gd_linearisation *linearisation, gd_nonnormality *nonnormality);
/** The number of null directions of J, along which nothing moves.  Singular values up to n eps |J| count as 0, or up to
 * 1e-8 |J| if J is differenced.
 * @return GD_ERR_UNSUPPORTED unless gd_linearisation_is_dense(): products do not count null directions. */
GD_API gd_status gd_linearisation_null_directions(gd_linearisation *linearisation, size_t *count);

/** The linearised game off its idle directions: v(z) = Q'J Q z, an affine game of its own with solution 0.  A direction
 * d of a player is idle if J d = 0 and J'd = 0: it moves no gradient and is not moved.  A bilinear game has some if C is
 * not square or rank-deficient.  Players that are idle as a whole are left out.  Null directions that players share stay.
 * Cost: singular values and eigenvectors of a matrix [2 n by n_i] for each player.
 * @param game set on success; it has m <= n variables.
 * @param basis [n by n], of which the first m columns become Q, orthonormal, player by player; NULL: not wanted.
 * @return GD_ERR_UNSUPPORTED unless gd_linearisation_is_dense(); GD_ERR_HYPOTHESIS if J is 0; GD_ERR_LAPACK. */
GD_API gd_status gd_linearisation_reduce(gd_linearisation *linearisation, gd_game **game, double *basis);

#ifdef __cplusplus
}
#endif
#endif
