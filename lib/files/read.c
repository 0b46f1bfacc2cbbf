/* SPDX-License-Identifier: BSD-3-Clause */
/* read.c -- samples from files.  The first byte determines the format: 0 for IDX, 93 for NumPy, anything else for
 * text. */
#include "base/error.h"
#include "files/formats.h"
#include "files/matrix.h"

#include <errno.h>
#include <string.h>

enum { IDX_BYTE = 0x00, NPY_BYTE = 0x93, GZIP_BYTE = 0x1f };

typedef gd_status read_header(gdi_binary *binary, gdi_array *array);

static gd_status read_binary(gd_matrix **matrix, const gdi_lines *lines, read_header *header, const gd_env *env) {
  gdi_binary binary;
  gdi_array array = {0};
  gd_matrix *made = NULL;
  double *values = NULL;
  GD_TRY(gdi_binary_begin(&binary, lines));
  GD_TRY(header(&binary, &array));
  GD_TRY(gdi_matrix_create(&made, &values, array.features, array.samples, env));
  const gd_status status = gdi_array_read(&binary, &array, values);
  if (status < 0)
    gd_matrix_destroy(made);
  else
    *matrix = made;
  return status;
}

static gd_status read_opened(gd_matrix **matrix, gdi_lines *lines, const gd_env *env) {
  const int first = getc(lines->file);
  if (first == EOF && ferror(lines->file))
    return gdi_fail(GD_ERR_IO, "%s: cannot be read: %s", gdi_short_path(lines->path), strerror(errno));
  if (first == GZIP_BYTE)
    return gdi_fail(GD_ERR_UNSUPPORTED, "%s: a compressed file; decompress it with gunzip first",
                    gdi_short_path(lines->path));
  if (first != EOF) ungetc(first, lines->file);
  if (first == IDX_BYTE) return read_binary(matrix, lines, gdi_idx_read_header, env);
  if (first == NPY_BYTE) return read_binary(matrix, lines, gdi_npy_read_header, env);
  return gdi_csv_read(matrix, lines, env);
}

gd_status gd_matrix_read_samples(gd_matrix **matrix, const char *path, const gd_env *env) {
  gdi_lines lines;
  GDI_REQUIRE(matrix && path, "gd_matrix_read_samples: %s is NULL", matrix ? "path" : "matrix");
  GD_TRY(gdi_lines_open(&lines, path));
  const gd_status status = read_opened(matrix, &lines, env);
  gdi_lines_close(&lines);
  return status;
}
