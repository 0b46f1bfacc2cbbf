/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Data: the data of a GAN, and the noise of its generator.  A sampler fills a matrix with samples; the same draw gives
 * the same samples.  Samples are columns: sample j of dimension d is out[j d] ... out[j d + d - 1], as in sample.h. */
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

/** A source of samples.  The constructors below fill one in; you may also fill one in yourself.  It owns its context:
 * of several copies exactly one is destroyed.  Frozen: its members never change. */
typedef struct gd_sampler {
  size_t struct_size; /**< sizeof(gd_sampler) */
  void *context;
  /** Writes `columns` samples of `rows` numbers to out [rows by columns].  It must be a pure function of the context
   * and of the draw's seed, stream and index; NULL means the draw {0, 0, 0}.  It is called on several threads at once.
   * Returns 0, or a negative number to abort. */
  int (*fill)(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out);
  void (*destroy)(void *context); /**< frees the context; NULL: it is borrowed */
  size_t rows;                    /**< dimension of a sample; 0: any dimension */
} gd_sampler;

/** Destroy the context and set all members to zero; NULL and an all-zero sampler are no-ops. */
GD_API void gd_sampler_destroy(gd_sampler *sampler);

/** Fill out [rows by columns] with samples.  On failure `out` may have been overwritten.
 * @param draw may be NULL.  @param rows,columns 1 or more.
 * @return GD_ERR_STRUCT; GD_ERR_CALLBACK if `fill` returns a number other than 0 (or the status of gd_fail());
 * GD_ERR_NONFINITE for an entry that is not finite (the message names it). */
GD_API gd_status gd_sampler_fill(const gd_sampler *sampler, const gd_draw *draw, size_t rows, size_t columns,
                                 double *out);

/* Common to all constructors.  `sampler` is set on success; env may be NULL.  The random numbers of a sampler are those
 * of gd_rng_split(gd_draw_rng(draw), stream): under the same draw, samplers of different streams are independent.  So
 * give data and noise different streams.  Sample j does not depend on `columns`, except where samples are balanced: so
 * a small batch is the beginning of a large one. */

/** Independent standard normal numbers, in samples of any dimension. */
GD_API gd_status gd_sampler_normal(gd_sampler *sampler, uint64_t stream, const gd_env *env);

/** Independent numbers uniform on [0, 1), in samples of any dimension. */
GD_API gd_status gd_sampler_uniform(gd_sampler *sampler, uint64_t stream, const gd_env *env);

/** One Gaussian with any covariance. */
typedef struct gd_gaussian {
  size_t struct_size;       /**< sizeof(gd_gaussian) */
  size_t dimension;         /**< d, 1 or more */
  const double *mean;       /**< [d]; NULL: 0 */
  const double *covariance; /**< [d by d], symmetric (checked exactly), positive definite; NULL: identity */
  size_t ldc;               /**< leading dimension of covariance, >= d */
} gd_gaussian;

/** Samples mean + L z, z standard normal, L the lower Cholesky factor of the covariance.  The arrays are copied.
 * Cost: d^2 operations per sample.
 * @return GD_ERR_STRUCT, GD_ERR_NONFINITE. */
GD_API gd_status gd_sampler_gaussian(gd_sampler *sampler, uint64_t stream, const gd_gaussian *gaussian,
                                     const gd_env *env);

/** A mixture of isotropic Gaussians: each has one standard deviation in all directions. */
typedef struct gd_gaussian_mixture {
  size_t struct_size;       /**< sizeof(gd_gaussian_mixture) */
  size_t dimension;         /**< d, 1 or more */
  size_t count;             /**< number of components, 1 or more */
  const double *means;      /**< [d by count] */
  const double *deviations; /**< [count], 0 or more; NULL: all 1 */
  const double *weights;    /**< [count], positive, adding up to 1 within 1e-12; NULL: all 1/count */
  /** false: the component of each sample is random.
   * true: stratified: each component gets its share of the samples, and only the noise is random.  If `weights` is
   * NULL, sample j belongs to component j mod count.  Otherwise the components follow one another: sample j of n
   * belongs to the component at which the running sum of the weights passes (j + 1/2) / n.  Component k gets n weight_k
   * samples if all these are whole numbers, else a number that differs from n weight_k by less than 1. */
  bool balanced;
} gd_gaussian_mixture;

/** Samples of a mixture.  The arrays are copied.
 * @return GD_ERR_STRUCT, GD_ERR_NONFINITE. */
GD_API gd_status gd_sampler_mixture(gd_sampler *sampler, uint64_t stream, const gd_gaussian_mixture *mixture,
                                    const gd_env *env);

/** Gaussians of equal weights around a circle in the plane, at gd_ring_modes(). */
typedef struct gd_gaussian_ring {
  size_t struct_size; /**< sizeof(gd_gaussian_ring) */
  size_t count;       /**< number of Gaussians, 1 or more */
  double radius;      /**< radius of the circle, 0 or more */
  double deviation;   /**< standard deviation of each, 0 or more */
  bool balanced;      /**< as in gd_gaussian_mixture */
} gd_gaussian_ring;

/** Samples of a ring: the same samples as gd_sampler_mixture() with the means of gd_ring_modes(). */
GD_API gd_status gd_sampler_ring(gd_sampler *sampler, uint64_t stream, const gd_gaussian_ring *ring, const gd_env *env);

/** Gaussians of equal weights on a square grid in the plane, at gd_grid_modes(). */
typedef struct gd_gaussian_grid {
  size_t struct_size; /**< sizeof(gd_gaussian_grid) */
  size_t side;        /**< number of Gaussians along a side, 1 to 32767 */
  double spacing;     /**< distance between neighbours, 0 or more */
  double deviation;   /**< standard deviation of each, 0 or more */
  bool balanced;      /**< as in gd_gaussian_mixture */
} gd_gaussian_grid;

/** Samples of a grid: the same samples as gd_sampler_mixture() with the means of gd_grid_modes(). */
GD_API gd_status gd_sampler_grid(gd_sampler *sampler, uint64_t stream, const gd_gaussian_grid *grid, const gd_env *env);

/** Points on a circle around the origin: mode k is radius (cos(2 pi k / count), sin(2 pi k / count)).
 * gd_mode_count() takes them, too.
 * @param modes [2 by count]. */
GD_API gd_status gd_ring_modes(size_t count, double radius, double *modes);

/** Points on a square grid centred at the origin: mode i + j side is
 * spacing (i - (side - 1) / 2, j - (side - 1) / 2).
 * @param modes [2 by side^2]. */
GD_API gd_status gd_grid_modes(size_t side, double spacing, double *modes);

/** Random columns of a matrix: each column is equally likely for every sample (with replacement).  The matrix is
 * borrowed.  See gd_matrix_read_samples(). */
GD_API gd_status gd_sampler_matrix(gd_sampler *sampler, uint64_t stream, const gd_matrix *matrix, const gd_env *env);

#ifdef __cplusplus
}
#endif
#endif
