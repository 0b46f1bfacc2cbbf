/* SPDX-License-Identifier: BSD-3-Clause */
/* dataset.c -- samples that are at hand, and drawing from them. */
#include "data/dataset.h"

#include "base/dense.h"
#include "base/error.h"
#include "base/memory.h"
#include "data/sampler.h"

#include <string.h>

struct gd_dataset {
  gdi_env env;
  size_t rows, columns;
  double *values; /* [rows by columns], column-major */
};

gd_status gdi_dataset_create(gd_dataset **dataset, double **values, size_t rows, size_t columns, const gd_env *env) {
  gd_status status;
  const size_t count = gdi_times(rows, columns);
  if (count == SIZE_MAX) return gdi_fail(GD_ERR_MEMORY, "out of memory: a data set of %zu by %zu", rows, columns);
  gd_dataset *made = gdi_create(env, sizeof *made, offsetof(gd_dataset, env), &status);
  if (!made) return status;
  made->rows = rows;
  made->columns = columns;
  made->values = gdi_allocate(&made->env, count, sizeof *made->values);
  if (!made->values) {
    gd_dataset_destroy(made);
    return GD_ERR_MEMORY;
  }
  *values = made->values;
  *dataset = made;
  return GD_OK;
}

gd_status gd_dataset_create(gd_dataset **dataset, size_t rows, size_t columns, const double *values,
                            const gd_env *env) {
  double *own = NULL;
  size_t row, column;
  GDI_REQUIRE(dataset && values, "gd_dataset_create: %s is NULL", dataset ? "values" : "dataset");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_dataset_create: %zu rows by %zu columns, expected at least 1 by 1", rows,
              columns);
  if (!gdi_matrix_is_finite(rows, columns, values, rows, &row, &column))
    return gdi_fail(GD_ERR_NONFINITE, "values[%zu, %zu] is %g, expected a finite number", row, column,
                    values[row + column * rows]);
  GD_TRY(gdi_dataset_create(dataset, &own, rows, columns, env));
  memcpy(own, values, rows * columns * sizeof *own);
  return GD_OK;
}

void gd_dataset_destroy(gd_dataset *dataset) {
  if (!dataset) return;
  gdi_release(&dataset->env, dataset->values);
  gdi_destroy(dataset, offsetof(gd_dataset, env));
}

size_t gd_dataset_rows(const gd_dataset *dataset) { return dataset ? dataset->rows : 0; }

size_t gd_dataset_columns(const gd_dataset *dataset) { return dataset ? dataset->columns : 0; }

const double *gd_dataset_values(const gd_dataset *dataset) { return dataset ? dataset->values : NULL; }

gd_status gd_dataset_scale(gd_dataset *dataset, double factor, double offset) {
  GDI_REQUIRE(dataset, "gd_dataset_scale: dataset is NULL");
  const size_t count = dataset->rows * dataset->columns;
  for (size_t k = 0; k < count; k++)
    if (!isfinite(factor * dataset->values[k] + offset))
      return gdi_fail(GD_ERR_NONFINITE, "gd_dataset_scale: %g %g + %g is %g, expected a finite number", factor,
                      dataset->values[k], offset, factor * dataset->values[k] + offset);
  for (size_t k = 0; k < count; k++) dataset->values[k] = factor * dataset->values[k] + offset;
  return GD_OK;
}

/* ---- its sampler ---- */

typedef struct reader {
  gdi_env env;
  uint64_t stream;
  const gd_dataset *dataset;
} reader;

static void destroy(void *context) { gdi_destroy(context, offsetof(reader, env)); }

static int fill(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  const reader *own = context;
  const gd_dataset *dataset = own->dataset;
  GD_TRY(gdi_sampler_check_rows(rows, dataset->rows));
  gd_rng rng = gdi_sampler_rng(draw, own->stream);
  for (size_t j = 0; j < columns; j++) {
    const size_t chosen = (size_t)gd_rng_below(&rng, dataset->columns);
    memcpy(out + j * rows, dataset->values + chosen * rows, rows * sizeof *out);
  }
  return 0;
}

gd_status gd_sampler_dataset(gd_sampler *sampler, uint64_t stream, const gd_dataset *dataset, const gd_env *env) {
  gd_status status;
  GDI_REQUIRE(sampler && dataset, "%s is NULL", sampler ? "dataset" : "sampler");
  reader *own = gdi_create(env, sizeof *own, offsetof(reader, env), &status);
  if (!own) return status;
  own->stream = stream;
  own->dataset = dataset;
  *sampler = (gd_sampler){sizeof *sampler, own, fill, destroy, dataset->rows};
  return GD_OK;
}
