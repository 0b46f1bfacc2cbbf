/* SPDX-License-Identifier: BSD-3-Clause */
/* Text files written as a whole: a regular file is replaced when the new one is on disk, a device or a pipe is written
 * to.  The decimal point is a point whatever the program's locale. */
#ifndef GDI_FILES_TEXT_FILE_H
#define GDI_FILES_TEXT_FILE_H

#include "base/memory.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes `what`; false, with errno set, if the file cannot take it. */
typedef bool gdi_write_text_fn(FILE *file, const void *what);

/* GD_ERR_IO, the old file being kept; GD_NOT_SYNCED as gdi_atomic_file_commit(). */
gd_status gdi_text_file_write(const char *path, gdi_write_text_fn *write, const void *what, const gdi_env *env);

#endif
