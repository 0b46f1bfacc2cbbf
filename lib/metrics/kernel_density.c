/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_density.c -- kernel density estimates of samples in the plane (Rosenblatt 1956; Parzen 1962).
 *
 *     p(x, y) = 1/m sum_k g(x - x_k) g(y - y_k),   g(t) = exp(-(t/h)^2 / 2) / (sqrt(2 pi) h)
 *
 * The kernel is a product of two factors, so the density on a grid is a matrix product: P = X Y', X [nx by m] and Y [ny
 * by m] the kernels along the two axes. */
#include "base/error.h"
#include "base/memory.h"
#include "dense/algebra.h"
#include "kernels/special.h"
#include "kernels/vector.h"

#include <gamedyn/sample.h>
#include <limits.h>
#include <math.h>

#define ROOT_TWO_PI 2.50662827463100050242

static gd_status check_grid(const gd_grid *grid) {
  GDI_REQUIRE(grid, "gd_kernel_density: grid is NULL, expected a grid");
  GDI_REQUIRE(grid->nx >= 2 && grid->nx <= INT_MAX && grid->ny >= 2 && grid->ny <= INT_MAX,
              "gd_kernel_density: the grid has %zu by %zu points, expected at least 2 by 2", grid->nx, grid->ny);
  GDI_REQUIRE(isfinite(grid->x0) && isfinite(grid->x1) && grid->x0 < grid->x1,
              "gd_kernel_density: the grid goes from x0 = %g to x1 = %g, expected x0 < x1", grid->x0, grid->x1);
  GDI_REQUIRE(isfinite(grid->y0) && isfinite(grid->y1) && grid->y0 < grid->y1,
              "gd_kernel_density: the grid goes from y0 = %g to y1 = %g, expected y0 < y1", grid->y0, grid->y1);
  return GD_OK;
}

static gd_status check(size_t count, const double *points, double bandwidth, const gd_grid *grid,
                       const double *density) {
  GDI_REQUIRE(count > 0 && count <= INT_MAX, "gd_kernel_density: count is %zu, expected 1 to %d", count, INT_MAX);
  GDI_REQUIRE(points && density, "gd_kernel_density: %s is NULL", points ? "density" : "points");
  GDI_REQUIRE(bandwidth > 0 && isfinite(bandwidth), "gd_kernel_density: bandwidth is %g, expected a positive number",
              bandwidth);
  const size_t k = gdi_vector_first_nonfinite(2 * count, points);
  if (k < 2 * count) return gdi_fail(GD_ERR_NONFINITE, "gd_kernel_density: points[%zu] is %g", k, points[k]);
  return check_grid(grid);
}

/* One side of the grid: from `first` to `last` in n points. */
typedef struct side {
  size_t n;
  double first, last;
} side;

/* kernels [n by count] = factor g(grid point - coordinate of point k); coordinates are two apart. */
static void fill(side s, size_t count, const double *coordinates, double bandwidth, double factor, double *kernels) {
  const double step = (s.last - s.first) / (double)(s.n - 1), peak = factor / (ROOT_TWO_PI * bandwidth);
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < s.n; i++)
      kernels[i + k * s.n] = (s.first + step * (double)i - coordinates[2 * k]) / bandwidth;
  gdi_special_gaussian(s.n * count, kernels, kernels);
  for (size_t k = 0; k < s.n * count; k++) kernels[k] *= peak;
}

gd_status gd_kernel_density(size_t count, const double *points, double bandwidth, const gd_grid *grid, double *density,
                            const gd_env *env) {
  GD_TRY(check(count, points, bandwidth, grid, density));
  gdi_env own;
  GD_TRY(gdi_env_copy(&own, env));
  const side x = {grid->nx, grid->x0, grid->x1}, y = {grid->ny, grid->y0, grid->y1};
  double *X = gdi_allocate(&own, gdi_times(x.n, count), sizeof *X),
         *Y = gdi_allocate(&own, gdi_times(y.n, count), sizeof *Y);
  const gd_status status = X && Y ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    fill(x, count, points, bandwidth, 1 / (double)count, X);
    fill(y, count, points + 1, bandwidth, 1, Y);
    const gdi_product product = {
        .transpose_b = true, .rows = x.n, .columns = y.n, .inner = count, .A = X, .lda = x.n, .B = Y, .ldb = y.n};
    gdi_matrix_product(&product, density, x.n);
  }
  gdi_release(&own, Y);
  gdi_release(&own, X);
  return status;
}
