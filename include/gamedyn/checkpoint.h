/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Checkpoint: a stepper and its point in a file.  A run that is interrupted anywhere continues from it bit for bit.
 * The file has a version and a checksum.  It is written to a temporary file beside the target, synced and renamed, so
 * the target is always either the old checkpoint or the new one. */
#ifndef GAMEDYN_CHECKPOINT_H
#define GAMEDYN_CHECKPOINT_H

#include <gamedyn/export.h>
#include <gamedyn/stepper.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Write the stepper and x [n] to a file.
 * The new file keeps the mode of the file it replaces and, where the system allows it, the owner and group.  If `path`
 * is a symbolic link, the link stays and the file it points to is replaced.  Temporary files are named PATH.gdnew0,
 * PATH.gdnew1, ... and are locked while they are written.  If a killed program left some, the next write to the same
 * path removes them.
 * @return GD_ERR_IO if the file cannot be written, or if the path is a directory, a device or a pipe.  The message
 * names the file and the system's error, and the old file is intact.  GD_NOT_SYNCED if the new file is in place but the
 * system does not confirm that its name is on disk: after a power failure the old file may be there again. */
GD_API gd_status gd_checkpoint_write(const char *path, const gd_stepper *stepper, const double *x);

/** Read a checkpoint into x [n] and a stepper of the same method, on a game of the same shape.
 * @return GD_SCHEDULE_MISSING, as from gd_stepper_load(): all is read except the schedules, which must be set again.
 * GD_ERR_IO if the file cannot be read; for a pipe this is returned at once.  GD_ERR_FORMAT for a damaged, truncated or
 * foreign file; the message says which.  After an error the stepper and x are unchanged. */
GD_API gd_status gd_checkpoint_read(const char *path, gd_stepper *stepper, double *x);

#ifdef __cplusplus
}
#endif
#endif
