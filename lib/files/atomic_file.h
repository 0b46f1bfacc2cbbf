/* SPDX-License-Identifier: BSD-3-Clause */
/* Atomic replacement of a file: the new file is written beside its target, and renamed to it when it is complete and on
 * disk.  So the target is always either the old file or the new one.
 *
 * The new file is named TARGET.gdnew0, .gdnew1, ... and is locked while it is written.  Such files without a lock were
 * left by killed programs; the next replacement of the same target removes them. */
#ifndef GDI_FILES_ATOMIC_FILE_H
#define GDI_FILES_ATOMIC_FILE_H

#include "base/memory.h"

#include <stdio.h>

typedef struct gdi_atomic_file {
  const gdi_env *env; /* borrowed */
  const char *path;   /* borrowed: the target as the caller calls it */
  char *target;       /* the same after all symbolic links */
  char *temporary;    /* the path of what is being written, in the target's directory */
  FILE *file;
  int reason; /* why the first failing write failed; 0: none did */
} gdi_atomic_file;

/* Begin a new file, with the mode of the old one and, where that is allowed, its owner and group.  After a failure
 * there is nothing to discard.  GD_ERR_IO, also if the target is not a regular file. */
gd_status gdi_atomic_file_open(gdi_atomic_file *replacement, const char *path, const gdi_env *env);

/* Append bytes; a failure is reported by commit. */
void gdi_atomic_file_write(gdi_atomic_file *replacement, const void *bytes, size_t count);

/* Put the new file in its place, or discard it and return GD_ERR_IO.  GD_NOT_SYNCED if it is in its place but the
 * directory could not be synced. */
gd_status gdi_atomic_file_commit(gdi_atomic_file *replacement);

/* Forget the new file; the target stays as it was. */
void gdi_atomic_file_discard(gdi_atomic_file *replacement);

#endif
