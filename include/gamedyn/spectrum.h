/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Spectrum: eigenvalues (and, on request, eigenvectors) of an operator, each with its
 * residual; and singular values.  Small operators are solved densely by LAPACK, with the
 * structure of the matrix used where it has any: symmetric matrices by the symmetric solver;
 * [[0, -C], [C', 0]], the Jacobian of every bilinear zero-sum game, through the singular values
 * of C.  Larger ones are asked for products only, and give some of their eigenvalues. */
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

/** Which eigenvalues, and in what order (first is most so). */
typedef enum gd_which {
  GD_SPECTRUM_ALL = 0, /**< all of them, by decreasing real part, then decreasing |imaginary part| */
  GD_LARGEST_MODULUS = 1,
  GD_LARGEST_REAL = 2,
  GD_SMALLEST_REAL = 3,
  GD_LARGEST_IMAGINARY = 4,
  GD_CLOSEST = 5 /**< to target_re + i target_im, either of a pair counting */
} gd_which;

typedef struct gd_spectrum_options {
  size_t struct_size;
  gd_which which; /**< default GD_SPECTRUM_ALL */
  size_t count;   /**< eigenvalues wanted, unless GD_SPECTRUM_ALL; default 6; one more where a pair would be split */
  bool symmetric; /**< caller vouches that the operator is symmetric; default false */
  bool vectors;   /**< keep eigenvectors; default false */
  bool residuals; /**< compute the true residual of each eigenvalue: takes vectors, or a product each; default true */
  size_t dense_limit; /**< largest n solved densely; default 2000; 0: always by products */
  /* by products alone: */
  size_t subspace; /**< vectors kept at most; 0 (default): max(2 count + 1, 24), 20 for singular values; else at least
                      count + 3; all n where that is less than twice this */
  uint64_t max_products; /**< spent before giving up; default 10000 */
  double tolerance;      /**< wanted |A z - lambda z| / |lambda| for |z| = 1; default 1e-10 */
  uint64_t seed;         /**< of the random start vector; default 0 */
  double target_re;      /**< for GD_CLOSEST; default 0 */
  double target_im;      /**< the same; default 0 */
  bool shift_invert;     /**< for GD_CLOSEST by products: solve systems with A - target instead of harmonic extraction;
                            always on for a complex target; default false */
  size_t restart;        /**< restart length of GMRES in shift-invert; default 50 */
  size_t block; /**< block size of the Krylov method: finds eigenvalues that occur up to this many times, and uses
                   jvp_many where a game has it; default 1; GD_CLOSEST requires 1.  Where all n vectors are kept it is 1,
                   and each eigenvalue is found as often as it occurs */
  bool confirm; /**< search again where eigenvalues may have been missed, see gd_spectrum_compute; default true */
} gd_spectrum_options;

/** Fill in the defaults; use the macro gd_spectrum_options_init(&options). */
GD_API void gd_spectrum_options_init_sized(gd_spectrum_options *options, size_t size);
#define gd_spectrum_options_init(o) gd_spectrum_options_init_sized((o), sizeof *(o))

/** Eigenvalues of a square operator.
 *
 * Up to dense_limit, all are computed.  Above, `count` of them by the Krylov-Schur method (Stewart 2001; thick-restart
 * Lanczos if `symmetric`; for GD_CLOSEST harmonic extraction or shift-invert by GMRES), in subspace + 1 vectors of
 * length n (with shift-invert restart + count + 4 more, and twice the count of a complex target), from a start that
 * depends on `seed` alone.  Where n is less than twice the subspace, all n vectors are taken and nothing is missed.  An
 * eigenvalue has converged when its residual is within `tolerance` times its modulus, or within rounding of a product.
 * An eigenvalue that occurs more than once in a diagonalisable operator is in general found once.
 *
 * What is found by products is first of those found.  Eigenvalues along an edge of the spectrum, such as those of games
 * with little damping, may stay unnoticed for long.  Where the outline of the spectrum lets them, and `confirm` is
 * set, searches from other starts, in 8 and 16 times the vectors (from 200000 rows on in twice as many first), are made
 * until two agree, or until all n vectors are kept, as they are up to n = 1000.
 * @param options NULL: defaults.
 * @return GD_NOT_CONVERGED when max_products were spent first, or searches did not agree: the spectrum exists; see
 * gd_spectrum_converged, each residual and gd_last_error.  GD_ERR_UNSUPPORTED for GD_SPECTRUM_ALL above dense_limit;
 * GD_ERR_NONFINITE; GD_ERR_LAPACK; what products return. */
GD_API gd_status gd_spectrum_compute(gd_spectrum **spectrum, gd_operator *op, const gd_spectrum_options *options);
/** Nonzero eigenvalues: those of A restricted to its range, from its singular value decomposition.  Where equilibria
 * form a manifold nothing moves along it, and its zeros would hide the rates of the rest.
 * @param op A, square; assembled.
 * @param tolerance singular values up to this times |A| are 0; at least n eps; 1e-8 where A is differenced.
 * @param nullity how many there were, and zeros taken away; an eigenvalue 0 that is left belongs to a null vector with
 * a chain.
 * @return GD_ERR_HYPOTHESIS if A is 0; GD_ERR_NONFINITE; GD_ERR_LAPACK; what products return. */
GD_API gd_status gd_spectrum_nonzero(gd_spectrum **spectrum, gd_operator *op, double tolerance, size_t *nullity);
/** A spectrum from known eigenvalues, copied in the order given; re, im [count], complex ones in adjacent conjugate
 * pairs.
 * @return GD_ERR_NONFINITE. */
GD_API gd_status gd_spectrum_from_values(gd_spectrum **spectrum, size_t count, const double *re, const double *im,
                                         const gd_env *env);
GD_API void gd_spectrum_destroy(gd_spectrum *spectrum); /**< NULL is a no-op */

/** Null directions, along which nothing moves: singular values up to n eps |A|, or 1e-8 |A| where A is differenced, are
 * 0.  Looked for in dense spectra with GD_SPECTRUM_ALL; 0 in others.  Their zeros are among the eigenvalues, and rates leave
 * them out. */
GD_API size_t gd_spectrum_null_directions(const gd_spectrum *spectrum);
/** The eigenvalues that are left without null directions: part of the spectrum, borrowed; the spectrum itself where
 * there are none or where nothing else is. */
GD_API const gd_spectrum *gd_spectrum_moving(const gd_spectrum *spectrum);
GD_API size_t gd_spectrum_count(const gd_spectrum *spectrum); /**< eigenvalues held */
GD_API const double *
gd_spectrum_real(const gd_spectrum *spectrum); /**< [count], in `which` order, pairs adjacent, + first */
GD_API const double *gd_spectrum_imaginary(const gd_spectrum *spectrum); /**< [count] */
/** |A z - lambda z| for |z| = 1, [count]; NaN where options.residuals was false. */
GD_API const double *gd_spectrum_residual(const gd_spectrum *spectrum);
/** Eigenvector k, |re + i im| = 1; re, im [n].
 * @return GD_ERR_UNSUPPORTED unless options.vectors was set. */
GD_API gd_status gd_spectrum_vector(const gd_spectrum *spectrum, size_t k, double *re, double *im);
/** How many of those held have converged; all of them in a dense spectrum. */
GD_API size_t gd_spectrum_converged(const gd_spectrum *spectrum);
/** Products of the operator spent, one for each residual included; 0 for a dense spectrum. */
GD_API uint64_t gd_spectrum_products(const gd_spectrum *spectrum);
/** Whether nothing can be missing from what was looked through: all eigenvalues were computed, or given.  False of what
 * was found by products in a part of the space, and of NULL. */
GD_API bool gd_spectrum_complete(const gd_spectrum *spectrum);
/** Largest real part: of all eigenvalues if gd_spectrum_complete(), else of those found, see gd_spectrum_compute.  NaN
 * if they were not all computed and which was not GD_LARGEST_REAL. */
GD_API double gd_spectrum_abscissa(const gd_spectrum *spectrum);
/** Largest modulus, in the same sense; NaN if they were not all computed and which was not GD_LARGEST_MODULUS. */
GD_API double gd_spectrum_radius(const gd_spectrum *spectrum);

/** Singular values of an operator, rectangular ones too.
 *
 * GD_SPECTRUM_ALL: all min(rows, columns) of them, descending.  GD_LARGEST_MODULUS or GD_LARGEST_REAL: the `count` largest,
 * descending.  GD_SMALLEST_REAL: the `count` smallest that are not 0 to rounding, ascending.  If either side exceeds
 * dense_limit they are found from products with the operator and its transpose (Golub & Kahan 1965, with the restarts
 * of Baglama & Reichel 2005), in subspace + 1 vectors on either side; subspace, max_products, tolerance (on the
 * residual relative to the value) and seed mean what they do for eigenvalues.
 * @param values [min(rows, columns)], or [min(count, rows, columns)] unless GD_SPECTRUM_ALL; 0 in the place of those there are
 * not.
 * @param residuals may be NULL; residuals[k] = |(A z - s y, A' y - s z)| / sqrt 2 for the unit singular pair.
 * @return GD_NOT_CONVERGED when max_products were spent first; GD_ERR_UNSUPPORTED for GD_SPECTRUM_ALL if a side exceeds
 * dense_limit, or without a transposed product; GD_ERR_NONFINITE; GD_ERR_LAPACK; what products return. */
GD_API gd_status gd_singular_values(gd_operator *op, const gd_spectrum_options *options, double *values,
                                    double *residuals);

#ifdef __cplusplus
}
#endif
#endif
