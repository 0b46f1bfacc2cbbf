/* SPDX-License-Identifier: BSD-3-Clause */
/* stop.c -- texts for the stop rules. */
#include <gamedyn/run.h>

static const char *const texts[] = {
    [GD_STOP_STEPS] = "max_steps were taken",
    [GD_STOP_GRADIENT] = "a stationary point was reached",
    [GD_STOP_STALLED] = "the steps became shorter than step_tolerance",
    [GD_STOP_GRADIENTS_SPENT] = "max_gradients were spent",
    [GD_STOP_SECONDS] = "max_seconds passed",
    [GD_STOP_DIVERGED] = "the point diverged",
    [GD_STOP_OBSERVER] = "an observer asked to stop",
    [GD_STOP_REQUESTED] = "a stop was requested",
    [GD_STOP_SMALL_FIELD] = ("the field is small at x and ahead of it, so x need not be stationary: "
                             "scale the utilities or lower the tolerance"),
};

const char *gd_stop_text(gd_stop stop) {
  const size_t index = (size_t)stop;
  return index < sizeof texts / sizeof *texts ? texts[index] : "not a gd_stop of this library";
}
