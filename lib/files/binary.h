/* SPDX-License-Identifier: BSD-3-Clause */
/* Binary files: read from beginning to end.  Sizes in the file are checked against its length before they are used. */
#ifndef GDI_FILES_BINARY_H
#define GDI_FILES_BINARY_H

#include "files/lines.h"

#include <stdbool.h>
#include <stddef.h>

/* A file at its beginning, whose length is known; or bytes in memory, if `file` is NULL. */
typedef struct gdi_binary {
  FILE *file;                 /* borrowed */
  const char *path;           /* borrowed; of bytes in memory what messages call them */
  const unsigned char *bytes; /* [length], borrowed */
  size_t length, at;
} gdi_binary;

/* GD_ERR_UNSUPPORTED if it is no regular file. */
gd_status gdi_binary_begin(gdi_binary *binary, const gdi_lines *lines);

/* The next `count` bytes; GD_ERR_FORMAT if the file ends before, GD_ERR_IO. */
gd_status gdi_binary_read(gdi_binary *binary, size_t count, unsigned char *bytes);

/* Record a message that names file and byte, counted from 0, and return `status`. */
gd_status gdi_binary_fail(const gdi_binary *binary, size_t at, gd_status status, const char *format, ...)
    __attribute__((format(printf, 4, 5), cold));

/* How numbers are stored. */
typedef struct gdi_number {
  char kind;    /* 'u' unsigned, 'i' signed (two's complement), 'f' IEEE 754 */
  size_t bytes; /* 1, 2, 4, 8; of 'f' 4 or 8 */
  bool is_big;  /* the most significant byte comes first */
} gdi_number;

/* An array in a file: `samples` along its first axis, `features` in each sample, along the other axes. */
typedef struct gdi_array {
  gdi_number number;
  size_t features, samples;
  bool samples_first; /* the first axis runs fastest (Fortran order) */
  size_t axes;        /* of NumPy's arrays */
} gdi_array;

/* GD_OK if there are numbers, and if their size is exactly the length of the rest of the file. */
gd_status gdi_array_check(const gdi_binary *binary, const gdi_array *array);

/* The numbers of a checked array, to out [features by samples]; GD_ERR_FORMAT if one is not finite. */
gd_status gdi_array_read(gdi_binary *binary, const gdi_array *array, double *out);

#endif
