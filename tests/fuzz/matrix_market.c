/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_market.c -- any bytes as a Matrix Market file: read, refused in words, or out of memory; never more. */
#include "fuzz/fuzz.h"

#include <gamedyn/matrix.h>
#include <math.h>
#include <string.h>

static void read_back(gd_matrix *matrix) {
  const size_t entries = gd_matrix_rows(matrix) * gd_matrix_columns(matrix);
  FUZZ_CHECK(entries > 0);
  for (size_t k = 0; k < entries; k++) FUZZ_CHECK(isfinite(gd_matrix_values(matrix)[k]));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  gd_matrix *matrix = NULL;
  const gd_status status = gd_matrix_read(&matrix, fuzz_file(bytes, count), fuzz_env());
  FUZZ_CHECK((status >= 0) == (matrix != NULL));
  if (status >= 0)
    read_back(matrix);
  else
    FUZZ_CHECK(strlen(gd_last_error()) > 0);
  gd_matrix_destroy(matrix);
  FUZZ_CHECK(fuzz_allocated() == 0);
  return 0;
}
