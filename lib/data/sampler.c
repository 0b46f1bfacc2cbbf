/* SPDX-License-Identifier: BSD-3-Clause */
/* sampler.c -- calling any sampler, and the two samplers without parameters: standard normal and uniform. */
#include "data/sampler.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "base/memory.h"
#include "dense/algebra.h"

#include <limits.h>

gd_rng gdi_sampler_rng(const gd_draw *draw, uint64_t stream) {
  const gd_draw fixed = {0, 0, 0, 0};
  const gd_rng of_draw = gd_draw_rng(draw ? draw : &fixed);
  return gd_rng_split(&of_draw, stream);
}

gd_status gdi_sampler_check_rows(size_t rows, size_t dimension) {
  GDI_REQUIRE(rows == dimension, "sampler: rows is %zu, expected %zu, the dimension of its samples", rows, dimension);
  return GD_OK;
}

/* Samplers have no domain: any number but 0 aborts. */
gd_status gdi_sampler_failed(uint64_t before, int code) {
  return gdi_callback_code(before, code < 0 ? code : INT_MIN, "the sampler's fill returned %d", code);
}

void gd_sampler_destroy(gd_sampler *sampler) {
  if (!sampler) return;
  if (sampler->destroy) sampler->destroy(sampler->context);
  *sampler = (gd_sampler){0};
}

gd_status gd_sampler_fill(const gd_sampler *sampler, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  gd_sampler own;
  size_t row, column;
  GDI_REQUIRE(sampler && out, "gd_sampler_fill: %s is NULL", sampler ? "out" : "sampler");
  GD_TRY(GDI_SIZED_READ(gd_sampler, &own, sampler));
  GDI_REQUIRE(own.fill, "gd_sampler: fill must be set");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_sampler_fill: %zu rows by %zu columns, expected at least 1 by 1", rows,
              columns);
  if (own.rows) GD_TRY(gdi_sampler_check_rows(rows, own.rows));
  const uint64_t before = gdi_failures();
  const int code = own.fill(own.context, draw, rows, columns, out);
  if (code) return gdi_sampler_failed(before, code);
  if (!gdi_matrix_is_finite(rows, columns, out, rows, &row, &column))
    return gdi_fail(GD_ERR_NONFINITE, "the sampler's number [%zu, %zu] is %g, expected a finite number", row, column,
                    out[row + column * rows]);
  return GD_OK;
}

typedef struct plain {
  gdi_env env;
  uint64_t stream;
} plain;

static void destroy(void *context) { gdi_destroy(context, offsetof(plain, env)); }

static int fill_normal(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  gd_rng rng = gdi_sampler_rng(draw, ((const plain *)context)->stream);
  gd_rng_fill_normal(&rng, rows * columns, out);
  return 0;
}

static int fill_uniform(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  gd_rng rng = gdi_sampler_rng(draw, ((const plain *)context)->stream);
  gd_rng_fill_uniform(&rng, rows * columns, out);
  return 0;
}

static gd_status create(gd_sampler *sampler, gd_sampler table, uint64_t stream, const gd_env *env) {
  gd_status status;
  GDI_REQUIRE(sampler, "sampler is NULL");
  plain *own = gdi_create(env, sizeof *own, offsetof(plain, env), &status);
  if (!own) return status;
  own->stream = stream;
  *sampler = table;
  sampler->context = own;
  return GD_OK;
}

gd_status gd_sampler_normal(gd_sampler *sampler, uint64_t stream, const gd_env *env) {
  const gd_sampler table = {.struct_size = sizeof table, .fill = fill_normal, .destroy = destroy};
  return create(sampler, table, stream, env);
}

gd_status gd_sampler_uniform(gd_sampler *sampler, uint64_t stream, const gd_env *env) {
  const gd_sampler table = {.struct_size = sizeof table, .fill = fill_uniform, .destroy = destroy};
  return create(sampler, table, stream, env);
}
