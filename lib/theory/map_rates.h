/* SPDX-License-Identifier: BSD-3-Clause */
/* The derivative of one step as the searches see it. */
#ifndef GDI_THEORY_MAP_RATES_H
#define GDI_THEORY_MAP_RATES_H

#include <gamedyn/stepper.h>
#include <stdbool.h>

/* M is exact to rounding, as of linear methods on affine games; else it is differenced. */
bool gdi_map_is_exact(const gd_stepper *stepper);

/* Failures that say no more than that no step can be taken so. */
bool gdi_map_is_too_far(gd_status status);

#endif
