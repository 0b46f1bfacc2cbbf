/* SPDX-License-Identifier: BSD-3-Clause */
/* wasserstein.c -- the Wasserstein-1 distance between two samples.
 *
 *     W_1 = min over pairings of (1/m) sum over pairs of |a - b|
 *
 * This is an assignment problem, because some optimal transport between equal weights is a permutation (Birkhoff). */
#include "base/error.h"
#include "base/memory.h"
#include "kernels/vector.h"

#include <gamedyn/sample.h>
#include <math.h>
#include <string.h>

static gd_status check_points(const char *name, size_t entries, const double *points) {
  GDI_REQUIRE(points, "gd_wasserstein_1: %s is NULL, expected points", name);
  const size_t k = gdi_vector_first_nonfinite(entries, points);
  if (k < entries) return gdi_fail(GD_ERR_NONFINITE, "gd_wasserstein_1: %s[%zu] is %g", name, k, points[k]);
  return GD_OK;
}

static gd_status check(size_t dimension, size_t count, const double *a, const double *b, const double *distance) {
  size_t entries, pairs;
  GDI_REQUIRE(dimension > 0, "gd_wasserstein_1: dimension is 0, expected 1 or more");
  GDI_REQUIRE(count > 0, "gd_wasserstein_1: count is 0, expected 1 or more");
  GDI_REQUIRE(!__builtin_mul_overflow(dimension, count, &entries) && !__builtin_mul_overflow(count, count, &pairs),
              "gd_wasserstein_1: %zu points of dimension %zu are too many", count, dimension);
  GDI_REQUIRE(distance, "gd_wasserstein_1: distance is NULL, expected where to put it");
  GD_TRY(check_points("a", entries, a));
  return check_points("b", entries, b);
}

/* One coordinate of all points of a after the other, so that distances to a point of b run along memory. */
static void turn(size_t dimension, size_t count, const double *a, double *by_coordinate) {
  for (size_t j = 0; j < count; j++)
    for (size_t k = 0; k < dimension; k++) by_coordinate[j + k * count] = a[k + j * dimension];
}

/* column [count] = distances of all points of a to one point */
static void find_distances(size_t dimension, size_t count, const double *by_coordinate, const double *point,
                           double *column) {
  memset(column, 0, count * sizeof *column);
  for (size_t k = 0; k < dimension; k++) {
    const double *coordinate = by_coordinate + k * count;
    for (size_t i = 0; i < count; i++) column[i] += (coordinate[i] - point[k]) * (coordinate[i] - point[k]);
  }
  for (size_t i = 0; i < count; i++) column[i] = sqrt(column[i]);
}

static gd_status pair_up(size_t dimension, size_t count, const double *by_coordinate, const double *b, double *cost,
                         size_t *partner, double *distance, const gd_env *env) {
  gd_assignment assignment;
  for (size_t j = 0; j < count; j++) {
    find_distances(dimension, count, by_coordinate, b + j * dimension, cost + j * count);
    if (!gdi_vector_is_finite(count, cost + j * count))
      return gdi_fail(GD_ERR_NONFINITE, "gd_wasserstein_1: a distance to point %zu of b overflows", j);
  }
  GD_TRY(gd_assignment_solve(count, cost, count, partner, NULL, NULL, &assignment, env));
  *distance = assignment.cost / (double)count;
  return GD_OK;
}

gd_status gd_wasserstein_1(size_t dimension, size_t count, const double *a, const double *b, double *distance,
                           size_t *partner, const gd_env *env) {
  GD_TRY(check(dimension, count, a, b, distance));
  gdi_env own;
  GD_TRY(gdi_env_copy(&own, env));
  double *by_coordinate = gdi_allocate(&own, gdi_times(dimension, count), sizeof *by_coordinate);
  double *cost = gdi_allocate(&own, gdi_times(count, count), sizeof *cost);
  size_t *pairs = gdi_allocate(&own, count, sizeof *pairs);
  gd_status status = by_coordinate && cost && pairs ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    turn(dimension, count, a, by_coordinate);
    status = pair_up(dimension, count, by_coordinate, b, cost, pairs, distance, env);
  }
  if (status == GD_OK && partner) memcpy(partner, pairs, count * sizeof *partner);
  gdi_release(&own, pairs);
  gdi_release(&own, cost);
  gdi_release(&own, by_coordinate);
  return status;
}
