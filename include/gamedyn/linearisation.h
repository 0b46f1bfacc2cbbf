/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Linearisation: a game at a point x, with everything that follows from the Jacobian J = dv/dx there.
 *
 *     game + point = linearisation          linearisation + method = rates
 *
 * Each quantity is computed at first use and kept: the matrix of J, its spectrum, its singular values, the eigenvalues
 * of its symmetric part, its null directions.  Classifications, constants, reports and rates all read from it, so J is
 * assembled once however many are asked for.
 *
 * Up to `dense_limit` variables J is a matrix and LAPACK solves.  Above, J is known by its products; norms and the ends
 * of spectra are then found by Krylov methods, and each answer says whether it is complete. */
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

/** Linearise a game at x [n], at the game's draw of now.
 *
 * The point and v(x) are copied; the game is borrowed.  A handle serves one thread at a time.  Costs one gradient;
 * everything else waits until it is asked for.
 * @param options limits of the solvers by products (count, subspace, max_products, tolerance, seed, block), and
 * dense_limit: J is a matrix if n is at most this and at most the game's own dense_limit.  `which`, `vectors`,
 * `symmetric` and targets are ignored.  NULL: defaults.
 * @return GD_ERR_NONFINITE if x or v(x) is not finite; GD_ERR_UNSUPPORTED for a game that is spread over processes;
 * what the gradient returns. */
GD_API gd_status gd_linearise(gd_linearisation **linearisation, gd_game *game, const double *x,
                              const gd_spectrum_options *options);

/** A point that is known by the eigenvalues of J alone.  Rates of methods that act mode by mode follow from it; all
 * else is GD_ERR_UNSUPPORTED.
 * @param spectrum borrowed.  @param env may be NULL. */
GD_API gd_status gd_linearise_spectrum(gd_linearisation **linearisation, const gd_spectrum *spectrum,
                                       const gd_env *env);
GD_API void gd_linearisation_destroy(gd_linearisation *linearisation); /**< NULL is a no-op */

GD_API gd_game *
gd_linearisation_game(const gd_linearisation *linearisation);               /**< borrowed; NULL: known by eigenvalues */
GD_API size_t gd_linearisation_size(const gd_linearisation *linearisation); /**< n */
GD_API const double *gd_linearisation_point(const gd_linearisation *linearisation);    /**< x [n] */
GD_API const double *gd_linearisation_gradient(const gd_linearisation *linearisation); /**< v(x) [n] */
GD_API double gd_linearisation_gradient_norm(const gd_linearisation *linearisation);   /**< |v(x)| */
/** Whether J is a matrix here; false: it is known by its products, or by its eigenvalues alone. */
GD_API bool gd_linearisation_is_dense(const gd_linearisation *linearisation);

/** J as an operator, borrowed; NULL where only eigenvalues are known.  Its products are the game's; its matrix is the
 * one that is kept. */
GD_API gd_operator *gd_linearisation_operator(const gd_linearisation *linearisation);
/** J as a matrix, kept: J[i + j*n].
 * @return GD_ERR_UNSUPPORTED unless gd_linearisation_is_dense(); GD_ERR_NONFINITE; what products return. */
GD_API gd_status gd_linearisation_matrix(gd_linearisation *linearisation, const double **J);

/** The eigenvalues of J, borrowed.  Dense: all, with null directions found, see gd_spectrum_null_directions().  By
 * products: the ends of the spectrum, the `count` of largest modulus, real part and imaginary part and of smallest real
 * part, each once and without zeros; gd_spectrum_complete() is false of them.
 * @return GD_NOT_CONVERGED if some of them were not found, with those that were; GD_ERR_HYPOTHESIS if products find
 * none but zeros; GD_ERR_NONFINITE; GD_ERR_LAPACK; what products return. */
GD_API gd_status gd_linearisation_spectrum(gd_linearisation *linearisation, const gd_spectrum **spectrum);

/** |J|_2, the largest singular value.
 * @return GD_NOT_CONVERGED if products ran out: a lower bound. */
GD_API gd_status gd_linearisation_norm(gd_linearisation *linearisation, double *norm);
/** All singular values of J, descending, kept.
 * @param values [n].
 * @return GD_ERR_UNSUPPORTED unless gd_linearisation_is_dense(). */
GD_API gd_status gd_linearisation_singular_values(gd_linearisation *linearisation, const double **values);
/** The least and the largest eigenvalue of the symmetric part (J + J')/2: real parts of eigenvalues of J lie between
 * them, and the largest is the rate at which distances may grow at first.
 * @return GD_NOT_CONVERGED if products ran out: the interval is then from inside. */
GD_API gd_status gd_linearisation_symmetric_part(gd_linearisation *linearisation, double *least, double *largest);
/** |(J - J')/2|_2: how fast the field rotates.
 * @return GD_NOT_CONVERGED if products ran out: a lower bound. */
GD_API gd_status gd_linearisation_rotation(gd_linearisation *linearisation, double *rotation);
/** How far J is from normal, see gd_nonnormality.
 * @return GD_NOT_CONVERGED if products ran out: the numerical abscissa is then a lower bound. */
GD_API gd_status gd_linearisation_nonnormality(gd_linearisation *linearisation, gd_nonnormality *nonnormality);
/** Null directions of J, along which nothing moves: singular values up to n eps |J|, or 1e-8 |J| where J is
 * differenced, are 0.
 * @return GD_ERR_UNSUPPORTED unless gd_linearisation_is_dense(): products do not count them. */
GD_API gd_status gd_linearisation_null_directions(gd_linearisation *linearisation, size_t *count);

#ifdef __cplusplus
}
#endif
#endif
