/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a file of data: read, every number of them finite, refused in words, or out of memory; never more. */
#ifndef TEST_FUZZ_DATASET_H
#define TEST_FUZZ_DATASET_H

#include "fuzz/fuzz.h"

#include <gamedyn/data.h>
#include <math.h>
#include <string.h>

static inline void fuzz_samples(const uint8_t *bytes, size_t count) {
  gd_matrix *matrix = NULL;
  const gd_status status = gd_matrix_read_samples(&matrix, fuzz_file(bytes, count), fuzz_env());
  FUZZ_CHECK((status >= 0) == (matrix != NULL));
  if (status < 0) FUZZ_CHECK(strlen(gd_last_error()) > 0);
  const size_t numbers = gd_matrix_rows(matrix) * gd_matrix_columns(matrix);
  FUZZ_CHECK(!matrix || (numbers > 0 && numbers <= count)); /* a number has a byte at least */
  for (size_t k = 0; k < numbers; k++) FUZZ_CHECK(isfinite(gd_matrix_values(matrix)[k]));
  gd_matrix_destroy(matrix);
  FUZZ_CHECK(fuzz_allocated() == 0);
}

/* The same with the bytes that files of a kind begin with in the place of the input's own. */
static inline void fuzz_samples_of(const uint8_t *bytes, size_t count, const char *begin, size_t length) {
  uint8_t own[1 << 16];
  if (count < length || count > sizeof own) return;
  memcpy(own, bytes, count);
  memcpy(own, begin, length);
  fuzz_samples(own, count);
}

#endif
