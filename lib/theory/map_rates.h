/* SPDX-License-Identifier: BSD-3-Clause */
/* The derivative of one step, for the searches for step sizes. */
#ifndef GDI_THEORY_MAP_RATES_H
#define GDI_THEORY_MAP_RATES_H

#include <gamedyn/stepper.h>
#include <stdbool.h>

/* True if M is exact to rounding (linear methods on affine games); otherwise it is differenced. */
bool gdi_map_is_exact(const gd_stepper *stepper);

/* True for failures that mean only that no such step can be taken. */
bool gdi_map_is_too_far(gd_status status);

#endif
