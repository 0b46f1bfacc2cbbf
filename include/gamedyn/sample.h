/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Sample: a cloud of points, such as a generator makes, and how far it is from another one, from a density, from the
 * modes it should have.  Points are columns: point j of dimension d is points[j d] ... points[j d + d - 1].  Everything
 * is borrowed for the call alone. */
#ifndef GAMEDYN_SAMPLE_H
#define GAMEDYN_SAMPLE_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an assignment costs, with what proves that none costs less: for duals with row_dual[i] + column_dual[j] <=
 * cost[i, j] everywhere, no assignment costs less than their sum. */
typedef struct gd_assignment {
  double cost;  /**< sum of cost[row_of[j], j] */
  double bound; /**< sum of the duals: what no assignment goes below; equal to `cost` to rounding */
  double reserved[6];
} gd_assignment;

/** Give each column a row of its own such that the costs add up to as little as possible: shortest augmenting paths
 * after Jonker & Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear assignment
 * problems". Exact but for rounding, which the duals measure.  Some n^3 operations at worst, far fewer on most costs;
 * memory for 6 n numbers.
 * @param n 1 or more.
 * @param cost [n by n], ldc >= n, finite; entries may be negative.
 * @param row_of [n], the row of each column.
 * @param row_dual,column_dual [n]; each may be NULL.
 * @param assignment may be NULL.
 * @param env may be NULL.
 * @return GD_ERR_NONFINITE, naming the entry, or if costs this large overflow when added. */
GD_API gd_status gd_assignment_solve(size_t n, const double *cost, size_t ldc, size_t *row_of, double *row_dual,
                                     double *column_dual, gd_assignment *assignment, const gd_env *env);

/** Wasserstein-1 distance between two samples of as many points each: the least mean distance, Euclidean, at which the
 * points of the one can be paired with those of the other.  Exact but for rounding, as gd_assignment_solve(), whose
 * cost it has beside that of count^2 distances; memory for these.
 * @param dimension,count 1 or more.
 * @param a,b [dimension by count], finite.
 * @param distance the mean over pairs.
 * @param partner [count], the point of a that goes with each point of b; may be NULL.
 * @param env may be NULL.
 * @return GD_ERR_NONFINITE, naming the entry, or if a distance overflows. */
GD_API gd_status gd_wasserstein_1(size_t dimension, size_t count, const double *a, const double *b, double *distance,
                                  size_t *partner, const gd_env *env);

/** A grid in the plane: the points (x0 + i dx, y0 + j dy) with dx = (x1 - x0) / (nx - 1) and dy likewise.  Frozen. */
typedef struct gd_grid {
  size_t nx, ny;         /**< 2 or more each */
  double x0, x1, y0, y1; /**< finite, x0 < x1, y0 < y1 */
} gd_grid;

/** Density of a sample in the plane on a grid, estimated with Gaussian kernels: the mean over points p of
 * exp(-|z - p|^2 / (2 h^2)) / (2 pi h^2) (Rosenblatt 1956; Parzen 1962).  One matrix product of nx by count by ny.
 * @param count 1 or more.  @param points [2 by count], finite.
 * @param bandwidth h > 0.
 * @param density [nx by ny], density[i + j nx] at grid point (i, j).
 * @param env may be NULL.
 * @return GD_ERR_NONFINITE. */
GD_API gd_status gd_kernel_density(size_t count, const double *points, double bandwidth, const gd_grid *grid,
                                   double *density, const gd_env *env);

/** How a sample covers modes. */
typedef struct gd_mode_report {
  size_t covered; /**< modes that at least `least` good points are nearest to */
  size_t good;    /**< points within `radius` of their nearest mode */
  uint64_t reserved[6];
} gd_mode_report;

/** Count the modes a sample covers and the points that are good, as papers on GANs do (three standard deviations are a
 * usual radius).  A point belongs to the mode nearest to it, the first of equals.
 * @param dimension,count,n_modes 1 or more.
 * @param points [dimension by count] and @param modes [dimension by n_modes], finite.
 * @param radius > 0.  @param least 1 or more.
 * @param per_mode [n_modes], good points of each mode.
 * @return GD_ERR_NONFINITE. */
GD_API gd_status gd_mode_count(size_t dimension, size_t count, const double *points, size_t n_modes,
                               const double *modes, double radius, size_t least, size_t *per_mode,
                               gd_mode_report *report);

#ifdef __cplusplus
}
#endif
#endif
