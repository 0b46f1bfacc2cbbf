/* SPDX-License-Identifier: BSD-3-Clause */
/* modes.c -- Gaussians on a ring and on a grid: the data sets of many papers on GANs. */
#include "data/sampler.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "base/memory.h"
#include "dense/checks.h"

enum { LONGEST_SIDE = 32767 }; /* so that the number of modes is an int */

static const double two_pi = 6.283185307179586476925286766559;

static gd_status check_ring(size_t count, double radius) {
  GD_TRY(gdi_check_side("count", count));
  GDI_REQUIRE(gdi_is_length(radius), "radius is %g, expected a finite number >= 0", radius);
  return GD_OK;
}

/* Half of the width of the grid must be finite, too. */
static gd_status check_grid(size_t side, double spacing) {
  GDI_REQUIRE(side >= 1 && side <= LONGEST_SIDE, "side is %zu, expected 1 to %d", side, LONGEST_SIDE);
  GDI_REQUIRE(gdi_is_length(spacing * (double)side), "spacing is %g, expected a finite number >= 0", spacing);
  return GD_OK;
}

static void place_ring(size_t count, double radius, double *modes) {
  for (size_t k = 0; k < count; k++) {
    const double angle = two_pi * (double)k / (double)count;
    modes[2 * k] = radius * cos(angle);
    modes[2 * k + 1] = radius * sin(angle);
  }
}

static void place_grid(size_t side, double spacing, double *modes) {
  const double middle = ((double)side - 1) / 2;
  for (size_t j = 0; j < side; j++)
    for (size_t i = 0; i < side; i++, modes += 2) {
      modes[0] = spacing * ((double)i - middle);
      modes[1] = spacing * ((double)j - middle);
    }
}

gd_status gd_ring_modes(size_t count, double radius, double *modes) {
  GDI_REQUIRE(modes, "gd_ring_modes: modes is NULL");
  GD_TRY(check_ring(count, radius));
  place_ring(count, radius, modes);
  return GD_OK;
}

gd_status gd_grid_modes(size_t side, double spacing, double *modes) {
  GDI_REQUIRE(modes, "gd_grid_modes: modes is NULL");
  GD_TRY(check_grid(side, spacing));
  place_grid(side, spacing, modes);
  return GD_OK;
}

/* ---- their samplers ---- */

/* Common to a ring and a grid: place(size, extent, means) sets the means of all `count` Gaussians. */
typedef struct arrangement {
  size_t size, count;
  double extent;
  void (*place)(size_t size, double extent, double *modes);
  double deviation;
  bool balanced;
} arrangement;

static gd_status create(gd_sampler *sampler, uint64_t stream, const arrangement *spec, const gd_env *env) {
  gdi_env own;
  GDI_REQUIRE(gdi_is_length(spec->deviation), "deviation is %g, expected a finite number >= 0", spec->deviation);
  GD_TRY(gdi_env_copy(&own, env));
  double *means = gdi_allocate(&own, spec->count, 3 * sizeof *means); /* and the deviations, behind them */
  if (!means) return GD_ERR_MEMORY;
  double *deviations = means + 2 * spec->count;
  spec->place(spec->size, spec->extent, means);
  for (size_t k = 0; k < spec->count; k++) deviations[k] = spec->deviation;
  const gd_gaussian_mixture mixture = {sizeof mixture, 2, spec->count, means, deviations, NULL, spec->balanced};
  const gd_status status = gd_sampler_mixture(sampler, stream, &mixture, env);
  gdi_release(&own, means);
  return status;
}

gd_status gd_sampler_ring(gd_sampler *sampler, uint64_t stream, const gd_gaussian_ring *ring, const gd_env *env) {
  gd_gaussian_ring own = {0};
  GDI_REQUIRE(sampler && ring, "%s is NULL", sampler ? "ring" : "sampler");
  GD_TRY(GDI_SIZED_READ(gd_gaussian_ring, &own, ring));
  GD_TRY(check_ring(own.count, own.radius));
  const arrangement spec = {own.count, own.count, own.radius, place_ring, own.deviation, own.balanced};
  return create(sampler, stream, &spec, env);
}

gd_status gd_sampler_grid(gd_sampler *sampler, uint64_t stream, const gd_gaussian_grid *grid, const gd_env *env) {
  gd_gaussian_grid own = {0};
  GDI_REQUIRE(sampler && grid, "%s is NULL", sampler ? "grid" : "sampler");
  GD_TRY(GDI_SIZED_READ(gd_gaussian_grid, &own, grid));
  GD_TRY(check_grid(own.side, own.spacing));
  const arrangement spec = {own.side, own.side * own.side, own.spacing, place_grid, own.deviation, own.balanced};
  return create(sampler, stream, &spec, env);
}
