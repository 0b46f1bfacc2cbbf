/* SPDX-License-Identifier: BSD-3-Clause */
/* All of a stepper's settings at once: parameters, schedules, the scaling. */
#ifndef GDI_STEPPERS_SETTINGS_H
#define GDI_STEPPERS_SETTINGS_H

#include <gamedyn/stepper.h>

/* Reset a stepper to its state after creation and gd_stepper_set_scaling(): initial parameters, no schedules, no
 * memory, step 0.  Allocates only if the scaling changes: GD_ERR_MEMORY, GD_ERR_NAME. */
gd_status gdi_stepper_renew(gd_stepper *stepper, const char *scaling);

/* Copy the settings of another stepper with the same method and number of players, and reset memory and steps. */
gd_status gdi_stepper_adopt(gd_stepper *stepper, const gd_stepper *from);
/* Whether two such steppers have the same settings, bit by bit. */
bool gdi_stepper_agrees(const gd_stepper *stepper, const gd_stepper *other);

#endif
