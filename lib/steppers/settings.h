/* SPDX-License-Identifier: BSD-3-Clause */
/* All of a stepper's settings at once: parameters, schedules, the scaling. */
#ifndef GDI_STEPPERS_SETTINGS_H
#define GDI_STEPPERS_SETTINGS_H

#include <gamedyn/stepper.h>

/* As it was when it was created and this scaling had been set, and at its first step.  Allocates only if the scaling
 * changes: GD_ERR_MEMORY, GD_ERR_NAME. */
gd_status gdi_stepper_renew(gd_stepper *stepper, const char *scaling);

/* Take over the settings of another stepper of this method and of as many players, and begin anew with them. */
gd_status gdi_stepper_adopt(gd_stepper *stepper, const gd_stepper *from);
/* Whether two such steppers have the same settings, bit by bit. */
bool gdi_stepper_agrees(const gd_stepper *stepper, const gd_stepper *other);

#endif
