/* SPDX-License-Identifier: BSD-3-Clause */
/* options.c -- the options of a run: their defaults and limits. */
#include "run/options.h"

#include "base/error.h"
#include "base/first_sizes.h"

void gd_run_options_init_sized(gd_run_options *options, size_t size) {
  const gd_run_options defaults = {.struct_size = sizeof defaults,
                                   .max_steps = 10000,
                                   .gradient_tolerance = 1e-8,
                                   .divergence_norm = 1e12,
                                   .check_every = 10,
                                   .observe_every = 1};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

static gd_status check_limits(const gd_run_options *options) {
  GDI_REQUIRE(options->gradient_tolerance >= 0, "gradient_tolerance is %g, expected 0 (off) or more",
              options->gradient_tolerance);
  GDI_REQUIRE(options->step_tolerance >= 0, "step_tolerance is %g, expected 0 (off) or more", options->step_tolerance);
  GDI_REQUIRE(options->max_seconds >= 0, "max_seconds is %g, expected 0 (off) or more", options->max_seconds);
  GDI_REQUIRE(options->divergence_norm > 0, "divergence_norm is %g, expected more than 0", options->divergence_norm);
  GDI_REQUIRE(options->check_every > 0, "check_every is 0, expected 1 or more");
  GDI_REQUIRE(options->observe_every > 0, "observe_every is 0, expected 1 or more");
  return GD_OK;
}

gd_status gdi_run_options_read(gd_run_options *own, const gd_run_options *callers) {
  gd_run_options_init(own);
  if (callers) GD_TRY(GDI_SIZED_READ(gd_run_options, own, callers));
  GD_TRY(check_limits(own));
  GDI_REQUIRE(own->observers || own->n_observers == 0, "observers is NULL, expected %zu of them", own->n_observers);
  for (size_t k = 0; k < own->n_observers; k++)
    GDI_REQUIRE(own->observers[k].observe, "observers[%zu].observe is NULL", k);
  return GD_OK;
}
