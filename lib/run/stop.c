/* SPDX-License-Identifier: BSD-3-Clause */
/* stop.c -- the reasons for which runs end, in words. */
#include <gamedyn/run.h>

static const char *const texts[] = {
    [GD_STOP_STEPS] = "all steps were taken",
    [GD_STOP_GRADIENT] = "a stationary point was reached",
    [GD_STOP_STALLED] = "the moves became too short",
    [GD_STOP_GRADIENTS_SPENT] = "all gradients were spent",
    [GD_STOP_SECONDS] = "the time was over",
    [GD_STOP_DIVERGED] = "the point diverged",
    [GD_STOP_OBSERVER] = "an observer asked to stop",
    [GD_STOP_REQUESTED] = "a stop was requested",
    [GD_STOP_SMALL_FIELD] = ("the field is small here and ahead, so that rest cannot be told: "
                             "scale the utilities or lower the tolerance"),
};

const char *gd_stop_text(gd_stop stop) {
  const size_t index = (size_t)stop;
  return index < sizeof texts / sizeof *texts ? texts[index] : "not a reason of this library";
}
