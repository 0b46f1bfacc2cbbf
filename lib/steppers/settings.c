/* SPDX-License-Identifier: BSD-3-Clause */
/* settings.c -- resets a stepper to its initial state, or copies the settings of another stepper. */
#include "steppers/settings.h"

#include "steppers/stepper.h"

#include <string.h>

gd_status gdi_stepper_renew(gd_stepper *stepper, const char *scaling) {
  if (strcmp(gd_stepper_scaling(stepper), scaling) != 0) GD_TRY(gd_stepper_set_scaling(stepper, scaling));
  gdi_params_renew(&stepper->params);
  gdi_params_renew(&stepper->scaling.params);
  gd_stepper_reset(stepper);
  return GD_OK;
}

gd_status gdi_stepper_adopt(gd_stepper *stepper, const gd_stepper *from) {
  GD_TRY(gdi_stepper_renew(stepper, gd_stepper_scaling(from)));
  gdi_params_adopt(&stepper->params, &from->params);
  gdi_params_adopt(&stepper->scaling.params, &from->scaling.params);
  return GD_OK;
}

bool gdi_stepper_agrees(const gd_stepper *stepper, const gd_stepper *other) {
  return stepper->scaling.method == other->scaling.method && gdi_params_agree(&stepper->params, &other->params) &&
         gdi_params_agree(&stepper->scaling.params, &other->scaling.params);
}
