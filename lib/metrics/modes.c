/* SPDX-License-Identifier: BSD-3-Clause */
/* modes.c -- counts the modes that a sample covers, and its points near a mode. */
#include "base/error.h"
#include "kernels/vector.h"

#include <gamedyn/sample.h>
#include <math.h>
#include <string.h>

/* The mode nearest to a point, the first of equals, and how far it is. */
static size_t find_nearest(size_t dimension, const double *point, size_t n_modes, const double *modes,
                           double *distance) {
  size_t nearest = 0;
  *distance = INFINITY;
  for (size_t m = 0; m < n_modes; m++) {
    const double now = gdi_vector_distance(dimension, point, modes + m * dimension);
    if (!(now < *distance)) continue;
    *distance = now;
    nearest = m;
  }
  return nearest;
}

static gd_status check_points(const char *name, size_t dimension, size_t count, const double *points) {
  size_t entries;
  GDI_REQUIRE(count > 0 && !__builtin_mul_overflow(dimension, count, &entries),
              "gd_mode_count: there are %zu %s of dimension %zu, expected 1 or more", count, name, dimension);
  GDI_REQUIRE(points, "gd_mode_count: %s is NULL", name);
  const size_t k = gdi_vector_first_nonfinite(entries, points);
  if (k < entries) return gdi_fail(GD_ERR_NONFINITE, "gd_mode_count: %s[%zu] is %g", name, k, points[k]);
  return GD_OK;
}

gd_status gd_mode_count(size_t dimension, size_t count, const double *points, size_t n_modes, const double *modes,
                        double radius, size_t least, size_t *per_mode, gd_mode_report *report) {
  GDI_REQUIRE(dimension > 0, "gd_mode_count: dimension is 0, expected 1 or more");
  GDI_REQUIRE(per_mode && report, "gd_mode_count: %s is NULL, expected where to put the answer",
              per_mode ? "report" : "per_mode");
  GDI_REQUIRE(radius > 0, "gd_mode_count: radius is %g, expected a positive number", radius);
  GDI_REQUIRE(least > 0, "gd_mode_count: least is 0, expected 1 or more");
  GD_TRY(check_points("points", dimension, count, points));
  GD_TRY(check_points("modes", dimension, n_modes, modes));
  *report = (gd_mode_report){0};
  memset(per_mode, 0, n_modes * sizeof *per_mode);
  for (size_t j = 0; j < count; j++) {
    double distance;
    const size_t nearest = find_nearest(dimension, points + j * dimension, n_modes, modes, &distance);
    if (distance > radius) continue;
    report->good++;
    if (++per_mode[nearest] == least) report->covered++;
  }
  return GD_OK;
}
