/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Spectrum: eigenvalues of an operator, each with its residual, and eigenvectors on request; also singular values.
 * Small operators are solved densely by LAPACK.  The structure of the matrix is used: symmetric matrices go to the
 * symmetric solver.  [[0, -C], [C', 0]], the Jacobian of every bilinear zero-sum game, goes through the singular values
 * of C.  Large operators are used by products only, and some of their eigenvalues are computed. */
#ifndef GAMEDYN_SPECTRUM_H
#define GAMEDYN_SPECTRUM_H

#include <gamedyn/export.h>
#include <gamedyn/operator.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_spectrum gd_spectrum;

/** Which eigenvalues, and in what order (the most extreme first). */
typedef enum gd_which {
  GD_SPECTRUM_ALL = 0, /**< all of them, by decreasing real part, then decreasing |imaginary part| */
  GD_LARGEST_MODULUS = 1,
  GD_LARGEST_REAL = 2,
  GD_SMALLEST_REAL = 3,
  GD_LARGEST_IMAGINARY = 4,
  GD_CLOSEST = 5 /**< closest to target_re + i target_im; for a conjugate pair the closer of the two counts */
} gd_which;

typedef struct gd_spectrum_options {
  size_t struct_size;
  gd_which which; /**< default GD_SPECTRUM_ALL */
  size_t count;   /**< number wanted, unless GD_SPECTRUM_ALL; default 6; one more if a pair would be split */
  bool symmetric; /**< the caller states that the operator is symmetric; default false */
  bool vectors;   /**< keep eigenvectors; default false */
  bool residuals; /**< compute the true residual of each eigenvalue, from vectors or one product each; default true */
  size_t dense_limit; /**< largest n solved densely; default 2000; 0: always by products */
  /* by products alone: */
  /** largest dimension of the Krylov subspace; 0 (default): max(2 count + 1, 24), 20 for singular values; else at least
   * count + 3; all n if n is less than twice this */
  size_t subspace;
  uint64_t max_products; /**< most products; default 10000 */
  double tolerance;      /**< wanted |A z - lambda z| / |lambda| for |z| = 1; default 1e-10 */
  uint64_t seed;         /**< seed of the random start vector; default 0 */
  double target_re;      /**< for GD_CLOSEST; default 0 */
  double target_im;      /**< for GD_CLOSEST; default 0 */
  bool shift_invert;     /**< for GD_CLOSEST by products: solve systems with A - target instead of harmonic extraction;
                            always on for a complex target; default false */
  size_t restart;        /**< restart length of GMRES in shift-invert; default 50 */
  /** block size of the Krylov method; default 1; GD_CLOSEST requires 1.  An eigenvalue is found up to this many times
   * if it occurs so often.  Products are jvp_many if the game has it.  If all n vectors are kept the block size is 1,
   * and each eigenvalue is found as often as it occurs */
  size_t block;
  bool confirm; /**< search again where eigenvalues may have been missed, see gd_spectrum_compute(); default true */
} gd_spectrum_options;

/** Fill in the defaults; use the macro gd_spectrum_options_init(&options). */
GD_API void gd_spectrum_options_init_sized(gd_spectrum_options *options, size_t size);
#define gd_spectrum_options_init(o) gd_spectrum_options_init_sized((o), sizeof *(o))

/** Compute eigenvalues of a square operator.
 *
 * Up to dense_limit all eigenvalues are computed.  Above it, `count` of them are computed by the Krylov-Schur method
 * (Stewart 2001); by thick-restart Lanczos if `symmetric`; for GD_CLOSEST by harmonic extraction or by shift-invert
 * with GMRES.  The start vector depends on `seed` alone.  If n is less than twice the subspace, all n vectors are kept
 * and nothing is missed.
 * Memory: subspace + 1 vectors of length n; with shift-invert restart + count + 4 more, and twice the count for a
 * complex target.
 *
 * An eigenvalue has converged when its residual is within `tolerance` times its modulus, or within the rounding of a
 * product.  A multiple eigenvalue of a diagonalisable operator is in general found once.
 *
 * By products, "largest" means the largest among those found.  Eigenvalues along an edge of the spectrum, as in games
 * with little damping, may stay hidden for long.  If the outline of the spectrum allows this and `confirm` is set,
 * searches from other starts are made, with 8 and 16 times the vectors (from 200000 rows on with twice as many first),
 * until two agree or all n vectors are kept.  Up to n = 1000 all n vectors are kept in the end.
 * @param options NULL: defaults.
 * @return GD_NOT_CONVERGED if max_products was reached first, or if searches did not agree: the spectrum then exists;
 * see gd_spectrum_converged(), the residuals and gd_last_error().  GD_ERR_UNSUPPORTED for GD_SPECTRUM_ALL above
 * dense_limit; GD_ERR_NONFINITE; GD_ERR_LAPACK; errors of products. */
GD_API gd_status gd_spectrum_compute(gd_spectrum **spectrum, gd_operator *op, const gd_spectrum_options *options);
/** The nonzero eigenvalues: those of A restricted to its range, from the singular value decomposition.  If equilibria
 * form a manifold, nothing moves along it, and its zeros would hide the rates of the other modes.
 * @param op A, square; assembled.
 * @param tolerance singular values up to this times |A| count as 0; at least n eps; use 1e-8 if A is differenced.
 * @param nullity the number of these, which is the number of zeros removed.  A zero eigenvalue that remains belongs to
 * a Jordan chain of a null vector.
 * @return GD_ERR_HYPOTHESIS if A is 0; GD_ERR_NONFINITE; GD_ERR_LAPACK; errors of products. */
GD_API gd_status gd_spectrum_nonzero(gd_spectrum **spectrum, gd_operator *op, double tolerance, size_t *nullity);
/** A spectrum from known eigenvalues, copied in the given order; re, im [count], conjugate pairs adjacent.
 * @return GD_ERR_NONFINITE. */
GD_API gd_status gd_spectrum_from_values(gd_spectrum **spectrum, size_t count, const double *re, const double *im,
                                         const gd_env *env);
GD_API void gd_spectrum_destroy(gd_spectrum *spectrum); /**< NULL is a no-op */

/** The number of null directions, along which nothing moves.  Singular values up to n eps |A| count as 0, or up to
 * 1e-8 |A| if A is differenced.  Null directions are computed for dense spectra with GD_SPECTRUM_ALL; the number is 0
 * for others.  Their zeros are among the eigenvalues; rates leave them out. */
GD_API size_t gd_spectrum_null_directions(const gd_spectrum *spectrum);
/** The eigenvalues without those of null directions, as a spectrum; borrowed.  It is the spectrum itself if there are
 * no null directions or no other eigenvalues. */
GD_API const gd_spectrum *gd_spectrum_moving(const gd_spectrum *spectrum);
GD_API size_t gd_spectrum_count(const gd_spectrum *spectrum); /**< number of eigenvalues held */
GD_API const double *
gd_spectrum_real(const gd_spectrum *spectrum); /**< [count], in `which` order, pairs adjacent, + first */
GD_API const double *gd_spectrum_imaginary(const gd_spectrum *spectrum); /**< [count] */
/** The residuals |A z - lambda z| for |z| = 1, [count]; NaN if options.residuals was false. */
GD_API const double *gd_spectrum_residual(const gd_spectrum *spectrum);
/** Eigenvector k, |re + i im| = 1; re, im [n].
 * @return GD_ERR_UNSUPPORTED unless options.vectors was set. */
GD_API gd_status gd_spectrum_vector(const gd_spectrum *spectrum, size_t k, double *re, double *im);
/** The number of eigenvalues held that have converged; all of them in a dense spectrum. */
GD_API size_t gd_spectrum_converged(const gd_spectrum *spectrum);
/** The number of products spent, those for residuals included; 0 for a dense spectrum. */
GD_API uint64_t gd_spectrum_products(const gd_spectrum *spectrum);
/** True if no eigenvalue can be missing: all were computed, or given by the caller.  False if they were found by
 * products in a part of the space, and for NULL. */
GD_API bool gd_spectrum_complete(const gd_spectrum *spectrum);
/** The largest real part: of all eigenvalues if gd_spectrum_complete(), else of those found, see gd_spectrum_compute().
 * NaN if not all were computed and `which` was not GD_LARGEST_REAL. */
GD_API double gd_spectrum_abscissa(const gd_spectrum *spectrum);
/** The largest modulus, in the same sense; NaN if not all were computed and `which` was not GD_LARGEST_MODULUS. */
GD_API double gd_spectrum_radius(const gd_spectrum *spectrum);

/** Compute singular values of an operator, which may be rectangular.
 *
 * GD_SPECTRUM_ALL: all min(rows, columns) of them, descending.  GD_LARGEST_MODULUS or GD_LARGEST_REAL: the `count`
 * largest, descending.  GD_SMALLEST_REAL: the `count` smallest that are not 0 to rounding, ascending.  If rows or
 * columns exceed dense_limit, they are computed from products with the operator and its transpose (Golub & Kahan 1965,
 * with the restarts of Baglama & Reichel 2005), in subspace + 1 vectors on either side.  subspace, max_products,
 * tolerance (for the residual relative to the value) and seed mean the same as for eigenvalues.
 * @param values [min(rows, columns)] for GD_SPECTRUM_ALL, else [min(count, rows, columns)]; padded with 0 if there are
 * fewer.
 * @param residuals may be NULL; residuals[k] = |(A z - s y, A' y - s z)| / sqrt 2 for the unit singular pair.
 * @return GD_NOT_CONVERGED if max_products was reached first.  GD_ERR_UNSUPPORTED for GD_SPECTRUM_ALL if rows or
 * columns exceed dense_limit, or without a transposed product.  GD_ERR_NONFINITE; GD_ERR_LAPACK; errors of products. */
GD_API gd_status gd_singular_values(gd_operator *op, const gd_spectrum_options *options, double *values,
                                    double *residuals);

#ifdef __cplusplus
}
#endif
#endif
