/* SPDX-License-Identifier: BSD-3-Clause */
/* npy_matrix.c -- NumPy's arrays as matrices: their rows are a data set's samples. */
#include "base/error.h"
#include "files/formats.h"
#include "files/matrix.h"

/* [samples by features], where a data set is [features by samples]: an array's first axis counts the rows. */
static gdi_array turned(const gdi_array *array) {
  gdi_array matrix = *array;
  matrix.features = array->samples;
  matrix.samples = array->features;
  matrix.samples_first = !array->samples_first;
  return matrix;
}

static gd_status read_matrix(gd_matrix **matrix, gdi_binary *binary, const gd_env *env) {
  gdi_array array = {0};
  gd_matrix *made = NULL;
  double *values = NULL;
  GD_TRY(gdi_npy_read_header(binary, &array));
  if (array.axes > 2)
    return gdi_binary_fail(binary, binary->at, GD_ERR_UNSUPPORTED, "an array of %zu axes, expected 1 or 2", array.axes);
  array = turned(&array);
  GD_TRY(gdi_matrix_create(&made, &values, array.features, array.samples, env));
  const gd_status status = gdi_array_read(binary, &array, values);
  if (status < 0)
    gd_matrix_destroy(made);
  else
    *matrix = made;
  return status;
}

gd_status gd_matrix_read_npy(gd_matrix **matrix, const char *path, const gd_env *env) {
  GDI_REQUIRE(matrix, "gd_matrix_read_npy: matrix is NULL");
  GDI_REQUIRE(path, "gd_matrix_read_npy: path is NULL");
  gdi_lines lines;
  gdi_binary binary;
  GD_TRY(gdi_lines_open(&lines, path));
  gd_status status = gdi_binary_begin(&binary, &lines);
  if (status == GD_OK) status = read_matrix(matrix, &binary, env);
  gdi_lines_close(&lines);
  return status;
}

gd_status gd_matrix_parse_npy(gd_matrix **matrix, const char *name, const void *bytes, size_t size, const gd_env *env) {
  GDI_REQUIRE(matrix, "gd_matrix_parse_npy: matrix is NULL");
  GDI_REQUIRE(name, "gd_matrix_parse_npy: name is NULL");
  GDI_REQUIRE(bytes || size == 0, "gd_matrix_parse_npy: bytes is NULL, expected %zu bytes", size);
  gdi_binary binary = {.path = name, .bytes = bytes, .length = size};
  return read_matrix(matrix, &binary, env);
}
