/* SPDX-License-Identifier: BSD-3-Clause */
/* gaussian.c -- one Gaussian: mean + L z, z standard normal, L L' the covariance. */
#include "data/sampler.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "base/memory.h"
#include "dense/checks.h"
#include "dense/covariance.h"

#include <string.h>

typedef struct gaussian {
  gdi_env env;
  uint64_t stream;
  size_t dimension;
  double *mean, *factor; /* [d], L [d by d] */
} gaussian;

static void destroy(void *context) {
  gaussian *own = context;
  gdi_release(&own->env, own->mean);
  gdi_release(&own->env, own->factor);
  gdi_destroy(own, offsetof(gaussian, env));
}

/* z becomes mean + L z.  Columns are added from the last to the first: column k changes only entries below z_k, which
 * the columns before it do not need. */
static void transform(const gaussian *own, double *z) {
  const size_t d = own->dimension;
  for (size_t k = d; k-- > 0;) {
    const double *column = own->factor + k * d, along = z[k];
    for (size_t i = k + 1; i < d; i++) z[i] += column[i] * along;
    z[k] *= column[k];
  }
  for (size_t i = 0; i < d; i++) z[i] += own->mean[i];
}

static int fill(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  const gaussian *own = context;
  GD_TRY(gdi_sampler_check_rows(rows, own->dimension));
  gd_rng rng = gdi_sampler_rng(draw, own->stream);
  gd_rng_fill_normal(&rng, rows * columns, out);
  for (size_t j = 0; j < columns; j++) transform(own, out + j * rows);
  return 0;
}

static gd_status check(gd_gaussian *own, const gd_gaussian *callers) {
  GDI_REQUIRE(callers, "gaussian is NULL");
  GD_TRY(GDI_SIZED_READ(gd_gaussian, own, callers));
  GD_TRY(gdi_check_side("dimension", own->dimension));
  if (own->mean) GD_TRY(gdi_check_matrix("mean", own->dimension, 1, own->mean, own->dimension));
  return gdi_covariance_check(own->dimension, own->covariance, own->ldc);
}

static gd_status copy(gaussian *own, const gd_gaussian *spec) {
  const size_t d = spec->dimension;
  own->dimension = d;
  own->mean = gdi_allocate(&own->env, d, sizeof *own->mean);
  own->factor = gdi_allocate(&own->env, gdi_times(d, d), sizeof *own->factor);
  if (!own->mean || !own->factor) return GD_ERR_MEMORY;
  if (spec->mean) memcpy(own->mean, spec->mean, d * sizeof *own->mean);
  return gdi_covariance_factor(d, spec->covariance, spec->ldc, own->factor);
}

gd_status gd_sampler_gaussian(gd_sampler *sampler, uint64_t stream, const gd_gaussian *spec, const gd_env *env) {
  gd_gaussian checked = {0};
  gd_status status;
  GDI_REQUIRE(sampler, "sampler is NULL");
  GD_TRY(check(&checked, spec));
  gaussian *own = gdi_create(env, sizeof *own, offsetof(gaussian, env), &status);
  if (!own) return status;
  own->stream = stream;
  status = copy(own, &checked);
  if (status < 0) {
    destroy(own);
    return status;
  }
  *sampler = (gd_sampler){sizeof *sampler, own, fill, destroy, own->dimension};
  return GD_OK;
}
