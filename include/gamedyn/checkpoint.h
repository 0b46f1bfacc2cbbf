/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Checkpoint: a stepper and its point in a file, so that a run interrupted anywhere continues
 * bit for bit.  Versioned and checksummed; written to a temporary file beside the target,
 * synced and renamed, so that the target is always either the old checkpoint or the new one. */
#ifndef GAMEDYN_CHECKPOINT_H
#define GAMEDYN_CHECKPOINT_H

#include <gamedyn/export.h>
#include <gamedyn/stepper.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Write stepper and x [n] to the file.  It keeps the mode of the file it replaces and, where the system allows that,
 * owner and group.  A symbolic link stays, and the file it leads to is replaced.  Temporary files are called
 * PATH.gdnew0, PATH.gdnew1, ... and are locked while they are written; those that a killed program left are removed by
 * the next write to the same path.
 * @return GD_ERR_IO, naming file and system error; the old file is then intact.  It is returned also if the path is a
 * directory, a device or a pipe.  GD_NOT_SYNCED if the new file is in its place but the system does not confirm that
 * its name is on disk: after a loss of power the old one may be there again. */
GD_API gd_status gd_checkpoint_write(const char *path, const gd_stepper *stepper, const double *x);

/** Read back into a stepper of the same method on a game of the same shape, and x [n].
 * @return GD_SCHEDULE_MISSING as gd_stepper_load(): an answer, without the schedules that the run had.
 * GD_ERR_IO, at once where a pipe has that name; GD_ERR_FORMAT for a damaged, truncated or foreign file, saying which;
 * stepper and x are then as they were. */
GD_API gd_status gd_checkpoint_read(const char *path, gd_stepper *stepper, double *x);

#ifdef __cplusplus
}
#endif
#endif
