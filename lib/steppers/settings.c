/* SPDX-License-Identifier: BSD-3-Clause */
/* settings.c -- a stepper made new without being made again. */
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
