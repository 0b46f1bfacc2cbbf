/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Data: what the players of a GAN learn from, and the noise they make samples of.  A sampler fills a matrix with
 * samples, the same for the same draw.  Samples are columns: sample j of dimension d is out[j d] ... out[j d + d - 1],
 * as in sample.h. */
#ifndef GAMEDYN_DATA_H
#define GAMEDYN_DATA_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/matrix.h>
#include <gamedyn/rng.h>
#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where samples come from.  The constructors below fill one in; so may anyone.  It owns its context, so that of
 * several copies one is destroyed.  Frozen. */
typedef struct gd_sampler {
  size_t struct_size; /**< sizeof(gd_sampler) */
  void *context;
  /** Write `columns` samples of `rows` numbers to out [rows by columns]: a pure function of the context and of the
   * draw's seed, stream and index, where NULL stands for those of draw {0, 0, 0}.  Called on several threads at once.
   * Returns 0, or a negative number to abort. */
  int (*fill)(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out);
  void (*destroy)(void *context); /**< frees the context; NULL: it is borrowed */
  size_t rows;                    /**< numbers in a sample; 0: as many as one asks for */
} gd_sampler;

/** Destroy the context and set all members to zero; NULL and an all-zero sampler are no-ops. */
GD_API void gd_sampler_destroy(gd_sampler *sampler);

/** Fill out [rows by columns] with samples; out may be scratch if that fails.
 * @param draw may be NULL.  @param rows,columns 1 or more.
 * @return GD_ERR_STRUCT, GD_ERR_CALLBACK if `fill` returns anything but 0 (or the status of gd_fail()),
 * GD_ERR_NONFINITE, naming the entry. */
GD_API gd_status gd_sampler_fill(const gd_sampler *sampler, const gd_draw *draw, size_t rows, size_t columns,
                                 double *out);

/* What the constructors have in common.  `sampler` is set on success; env may be NULL.  The sampler's random numbers
 * are those of gd_rng_split(gd_draw_rng(draw), stream): samplers of different streams are independent under the same
 * draw, so give data and noise different ones.  Except where samples are balanced, the first samples of many are those
 * of few: sample j does not depend on `columns`. */

/** Independent standard normal numbers, in samples of any dimension. */
GD_API gd_status gd_sampler_normal(gd_sampler *sampler, uint64_t stream, const gd_env *env);

/** Independent numbers uniform on [0, 1), in samples of any dimension. */
GD_API gd_status gd_sampler_uniform(gd_sampler *sampler, uint64_t stream, const gd_env *env);

/** One Gaussian of any covariance. */
typedef struct gd_gaussian {
  size_t struct_size;       /**< sizeof(gd_gaussian) */
  size_t dimension;         /**< d, 1 or more */
  const double *mean;       /**< [d]; NULL: 0 */
  const double *covariance; /**< [d by d], symmetric (checked exactly), positive definite; NULL: identity */
  size_t ldc;               /**< of covariance, >= d */
} gd_gaussian;

/** mean + L z, z standard normal, L the lower Cholesky factor of the covariance.  Copies what it is given.  A sample
 * costs d^2 operations.
 * @return GD_ERR_STRUCT, GD_ERR_NONFINITE. */
GD_API gd_status gd_sampler_gaussian(gd_sampler *sampler, uint64_t stream, const gd_gaussian *gaussian,
                                     const gd_env *env);

/** A mixture of Gaussians, each with one standard deviation in all directions. */
typedef struct gd_gaussian_mixture {
  size_t struct_size;       /**< sizeof(gd_gaussian_mixture) */
  size_t dimension;         /**< d, 1 or more */
  size_t count;             /**< of components, 1 or more */
  const double *means;      /**< [d by count] */
  const double *deviations; /**< [count], 0 or more; NULL: all 1 */
  const double *weights;    /**< [count], positive, adding up to 1 within 1e-12; NULL: all 1/count */
  /** false: each sample draws its component.  true: each component has its share of the samples, and only the noise is
   * random.  Sample j is then of component j mod count if `weights` is NULL.  Else components follow one another, where
   * sample j of n is of the one at (j + 1/2) / n of the weights' running sum: n weight_k samples where these are whole
   * numbers, and less than one more or fewer where they are not. */
  bool balanced;
} gd_gaussian_mixture;

/** Copies what it is given.
 * @return GD_ERR_STRUCT, GD_ERR_NONFINITE. */
GD_API gd_status gd_sampler_mixture(gd_sampler *sampler, uint64_t stream, const gd_gaussian_mixture *mixture,
                                    const gd_env *env);

/** Gaussians of equal weights around a circle in the plane, at gd_ring_modes(). */
typedef struct gd_gaussian_ring {
  size_t struct_size; /**< sizeof(gd_gaussian_ring) */
  size_t count;       /**< of Gaussians, 1 or more */
  double radius;      /**< of the circle, 0 or more */
  double deviation;   /**< standard deviation of each, 0 or more */
  bool balanced;      /**< as that of gd_gaussian_mixture */
} gd_gaussian_ring;

/** The same samples as gd_sampler_mixture() gives with these modes. */
GD_API gd_status gd_sampler_ring(gd_sampler *sampler, uint64_t stream, const gd_gaussian_ring *ring, const gd_env *env);

/** Gaussians of equal weights on a square grid in the plane, at gd_grid_modes(). */
typedef struct gd_gaussian_grid {
  size_t struct_size; /**< sizeof(gd_gaussian_grid) */
  size_t side;        /**< Gaussians along a side, 1 to 32767 */
  double spacing;     /**< between neighbours, 0 or more */
  double deviation;   /**< standard deviation of each, 0 or more */
  bool balanced;      /**< as that of gd_gaussian_mixture */
} gd_gaussian_grid;

/** The same samples as gd_sampler_mixture() gives with these modes. */
GD_API gd_status gd_sampler_grid(gd_sampler *sampler, uint64_t stream, const gd_gaussian_grid *grid, const gd_env *env);

/** Points around the origin, mode k at radius (cos(2 pi k / count), sin(2 pi k / count)); for gd_mode_count(), too.
 * @param modes [2 by count]. */
GD_API gd_status gd_ring_modes(size_t count, double radius, double *modes);

/** A square grid with its centre at the origin, mode i + j side at spacing (i - (side - 1) / 2, j - (side - 1) / 2).
 * @param modes [2 by side^2]. */
GD_API gd_status gd_grid_modes(size_t side, double spacing, double *modes);

/** Columns of a matrix, each as likely as the others every time (with replacement).  Borrows the matrix.  See
 * gd_matrix_read_samples(). */
GD_API gd_status gd_sampler_matrix(gd_sampler *sampler, uint64_t stream, const gd_matrix *matrix, const gd_env *env);

#ifdef __cplusplus
}
#endif
#endif
