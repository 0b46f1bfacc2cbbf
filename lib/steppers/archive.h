/* SPDX-License-Identifier: BSD-3-Clause */
/* Archive: named fields as bytes in memory.  The same description writes them and reads them back.
 *
 * An object is described by a function that calls gdi_archive_field() for each of its fields.  In mode COUNT this
 * function measures, in WRITE it saves, in VERIFY it compares names and sizes, in READ it loads. */
#ifndef GDI_STEPPERS_ARCHIVE_H
#define GDI_STEPPERS_ARCHIVE_H

#include <gamedyn/status.h>
#include <stddef.h>

typedef enum gdi_archive_mode {
  GDI_ARCHIVE_COUNT,
  GDI_ARCHIVE_WRITE,
  GDI_ARCHIVE_VERIFY,
  GDI_ARCHIVE_READ
} gdi_archive_mode;

typedef struct gdi_archive {
  gdi_archive_mode mode;
  unsigned char *bytes; /* [size]; NULL when counting */
  size_t size, used;
} gdi_archive;

/* A field of `count` bytes at `data`. GD_ERR_FORMAT if the archive holds another. */
gd_status gdi_archive_field(gdi_archive *archive, const char *name, void *data, size_t count);
/* A text that must be the same on reading; `what` names it in the message. */
gd_status gdi_archive_same_text(gdi_archive *archive, const char *what, const char *text);
/* A number that must be the same on reading. */
gd_status gdi_archive_same_number(gdi_archive *archive, const char *what, size_t number);

#endif
