/* SPDX-License-Identifier: BSD-3-Clause */
/* Samplers: shared by the library's samplers. */
#ifndef GDI_DATA_SAMPLER_H
#define GDI_DATA_SAMPLER_H

#include <gamedyn/data.h>

#include <math.h>

/* The generator of a sampler's stream under a draw; NULL is draw {0, 0, 0}. */
gd_rng gdi_sampler_rng(const gd_draw *draw, uint64_t stream);

/* A sampler's fill returned a code that is not 0: the status and its words.  `before` is as in base/error.h. */
gd_status gdi_sampler_failed(uint64_t before, int code);

/* GD_OK if the requested dimension is that of the sampler. */
gd_status gdi_sampler_check_rows(size_t rows, size_t dimension);

/* Whether a radius, a distance or a standard deviation may be this. */
static inline bool gdi_is_length(double value) { return isfinite(value) && value >= 0; }

#endif
