/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_sampler.c -- given samples: columns of a matrix, drawn with replacement. */
#include "data/sampler.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

typedef struct reader {
  gdi_env env;
  uint64_t stream;
  const gd_matrix *matrix;
} reader;

static void destroy(void *context) { gdi_destroy(context, offsetof(reader, env)); }

static int fill(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  const reader *own = context;
  const double *values = gd_matrix_values(own->matrix);
  GD_TRY(gdi_sampler_check_rows(rows, gd_matrix_rows(own->matrix)));
  gd_rng rng = gdi_sampler_rng(draw, own->stream);
  for (size_t j = 0; j < columns; j++) {
    const size_t chosen = (size_t)gd_rng_below(&rng, gd_matrix_columns(own->matrix));
    memcpy(out + j * rows, values + chosen * rows, rows * sizeof *out);
  }
  return 0;
}

gd_status gd_sampler_matrix(gd_sampler *sampler, uint64_t stream, const gd_matrix *matrix, const gd_env *env) {
  gd_status status;
  GDI_REQUIRE(sampler && matrix, "%s is NULL", sampler ? "matrix" : "sampler");
  reader *own = gdi_create(env, sizeof *own, offsetof(reader, env), &status);
  if (!own) return status;
  own->stream = stream;
  own->matrix = matrix;
  *sampler = (gd_sampler){sizeof *sampler, own, fill, destroy, gd_matrix_rows(matrix)};
  return GD_OK;
}
