/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Sample: a set of points, such as a generator makes, and its distance from another set, from a density, and from the
 * modes it should have.  Points are columns: point j of dimension d is points[j d] ... points[j d + d - 1].  All
 * arguments are borrowed for the call alone. */
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

/** The cost of an assignment, with a proof that it is optimal: for dual variables with
 * row_dual[i] + column_dual[j] <= cost[i, j] for all i, j, no assignment costs less than their sum. */
typedef struct gd_assignment {
  double cost;  /**< sum of cost[row_of[j], j] */
  double bound; /**< sum of the dual variables, a lower bound for every assignment; equal to `cost` to rounding */
  double reserved[6];
} gd_assignment;

/** Assign a different row to each column such that the sum of the costs is minimal: shortest augmenting paths after
 * Jonker & Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear assignment problems".
 * Exact up to rounding, which the dual variables measure.
 * Cost: about n^3 operations at worst, far fewer for most inputs.  Memory: 6 n numbers.
 * @param n 1 or more.
 * @param cost [n by n], ldc >= n, finite; entries may be negative.
 * @param row_of [n], the row of each column.
 * @param row_dual,column_dual [n]; each may be NULL.
 * @param assignment may be NULL.
 * @param env may be NULL.
 * @return GD_ERR_NONFINITE for an entry that is not finite (the message names it), or if sums of the costs overflow. */
GD_API gd_status gd_assignment_solve(size_t n, const double *cost, size_t ldc, size_t *row_of, double *row_dual,
                                     double *column_dual, gd_assignment *assignment, const gd_env *env);

/** Wasserstein-1 distance between two samples with the same number of points: the minimum, over all pairings of the
 * points, of the mean Euclidean distance.  Exact up to rounding, as gd_assignment_solve().
 * Cost: that of gd_assignment_solve() and of count^2 distances.  Memory: count^2 numbers.
 * @param dimension,count 1 or more.
 * @param a,b [dimension by count], finite.
 * @param distance the mean distance of the pairs.
 * @param partner [count], the point of a that is paired with each point of b; may be NULL.
 * @param env may be NULL.
 * @return GD_ERR_NONFINITE for an entry that is not finite (the message names it), or if a distance overflows. */
GD_API gd_status gd_wasserstein_1(size_t dimension, size_t count, const double *a, const double *b, double *distance,
                                  size_t *partner, const gd_env *env);

/** A grid in the plane: the points (x0 + i dx, y0 + j dy) with dx = (x1 - x0) / (nx - 1), dy = (y1 - y0) / (ny - 1). */
typedef struct gd_grid {
  size_t nx, ny;         /**< 2 or more each */
  double x0, x1, y0, y1; /**< finite, x0 < x1, y0 < y1 */
} gd_grid;

/** Kernel density estimate of a sample in the plane, on a grid: the mean over points p of
 *     exp(-|z - p|^2 / (2 h^2)) / (2 pi h^2)
 * (Rosenblatt 1956; Parzen 1962).  Cost: one matrix product, nx by count by ny.
 * @param count 1 or more.  @param points [2 by count], finite.
 * @param bandwidth h > 0.
 * @param density [nx by ny], density[i + j nx] at grid point (i, j).
 * @param env may be NULL.
 * @return GD_ERR_NONFINITE. */
GD_API gd_status gd_kernel_density(size_t count, const double *points, double bandwidth, const gd_grid *grid,
                                   double *density, const gd_env *env);

/** The coverage of modes by a sample. */
typedef struct gd_mode_report {
  size_t covered; /**< number of modes with at least `least` good points */
  size_t good;    /**< number of points within `radius` of their nearest mode */
  uint64_t reserved[6];
} gd_mode_report;

/** Count the modes that a sample covers, and the good points, as papers on GANs do.  A point belongs to its nearest
 * mode (the first one of equals), and is good if it is within `radius` of it.  Three standard deviations are a usual
 * radius.
 * @param dimension,count,n_modes 1 or more.
 * @param points [dimension by count] and @param modes [dimension by n_modes], finite.
 * @param radius > 0.  @param least 1 or more.
 * @param per_mode [n_modes], the number of good points of each mode.
 * @return GD_ERR_NONFINITE. */
GD_API gd_status gd_mode_count(size_t dimension, size_t count, const double *points, size_t n_modes,
                               const double *modes, double radius, size_t least, size_t *per_mode,
                               gd_mode_report *report);

#ifdef __cplusplus
}
#endif
#endif
