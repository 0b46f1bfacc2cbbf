/* SPDX-License-Identifier: BSD-3-Clause */
/* mixture.c -- mixtures of Gaussians: mean_k + deviation_k z, z standard normal, k the sample's component.
 *
 * Components and noise have separate generators, children 1 and 0 of the stream's generator, so balanced samples have
 * the same noise as others.  For u uniform on [0, 1), the component is the first one whose running sum of weights
 * exceeds u. */
#include "data/sampler.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "base/memory.h"
#include "dense/checks.h"

#include <string.h>

#define TOGETHER 64        /* samples whose components are chosen at once */
#define WEIGHT_ERROR 1e-12 /* how far a sum of weights may be from 1 */

typedef struct mixture {
  gdi_env env;
  uint64_t stream;
  size_t dimension, count;
  double *means, *deviations; /* [d by count], [count] */
  double *sums;               /* [count], of the weights so far; the last is 1 */
  bool is_even, balanced;
} mixture;

static void destroy(void *context) {
  mixture *own = context;
  gdi_release(&own->env, own->means);
  gdi_release(&own->env, own->deviations);
  gdi_release(&own->env, own->sums);
  gdi_destroy(own, offsetof(mixture, env));
}

static size_t component_at(const mixture *own, double u) {
  size_t first = 0, last = own->count - 1;
  while (first < last) {
    const size_t middle = first + (last - first) / 2;
    if (own->sums[middle] > u)
      last = middle;
    else
      first = middle + 1;
  }
  return first;
}

static size_t balanced_component(const mixture *own, size_t sample, size_t samples) {
  if (own->is_even) return sample % own->count;
  return component_at(own, ((double)sample + 0.5) / (double)samples);
}

/* The next samples', as they come. */
static void choose_components(const mixture *own, gd_rng *choice, size_t count, size_t components[TOGETHER]) {
  double u[TOGETHER];
  gd_rng_fill_uniform(choice, count, u);
  for (size_t j = 0; j < count; j++) components[j] = component_at(own, u[j]);
}

/* Noise z becomes a sample of component k. */
static void place(const mixture *own, size_t k, double *z) {
  const size_t d = own->dimension;
  for (size_t i = 0; i < d; i++) z[i] = own->means[i + k * d] + own->deviations[k] * z[i];
}

static int fill(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  const mixture *own = context;
  GD_TRY(gdi_sampler_check_rows(rows, own->dimension));
  const gd_rng rng = gdi_sampler_rng(draw, own->stream);
  gd_rng noise = gd_rng_split(&rng, 0), choice = gd_rng_split(&rng, 1);
  gd_rng_fill_normal(&noise, rows * columns, out);
  for (size_t first = 0, here; first < columns; first += here) {
    size_t components[TOGETHER];
    here = columns - first < TOGETHER ? columns - first : TOGETHER;
    if (own->balanced)
      for (size_t j = 0; j < here; j++) components[j] = balanced_component(own, first + j, columns);
    else
      choose_components(own, &choice, here, components);
    for (size_t j = 0; j < here; j++, out += rows) place(own, components[j], out);
  }
  return 0;
}

/* ---- checks ---- */

static gd_status check_deviations(const gd_gaussian_mixture *own) {
  for (size_t k = 0; own->deviations && k < own->count; k++)
    GDI_REQUIRE(gdi_is_length(own->deviations[k]), "deviations[%zu] is %g, expected a finite number >= 0", k,
                own->deviations[k]);
  return GD_OK;
}

static gd_status check_weights(const gd_gaussian_mixture *own) {
  double sum = 0;
  for (size_t k = 0; own->weights && k < own->count; k++) {
    GDI_REQUIRE(own->weights[k] > 0 && isfinite(own->weights[k]), "weights[%zu] is %g, expected a positive number", k,
                own->weights[k]);
    sum += own->weights[k];
  }
  GDI_REQUIRE(!own->weights || fabs(sum - 1) <= WEIGHT_ERROR, "weights add up to %.17g, expected 1", sum);
  return GD_OK;
}

static gd_status check(gd_gaussian_mixture *own, const gd_gaussian_mixture *callers) {
  GDI_REQUIRE(callers, "mixture is NULL");
  GD_TRY(GDI_SIZED_READ(gd_gaussian_mixture, own, callers));
  GD_TRY(gdi_check_side("dimension", own->dimension));
  GD_TRY(gdi_check_side("count", own->count));
  GD_TRY(gdi_check_matrix("means", own->dimension, own->count, own->means, own->dimension));
  GD_TRY(check_deviations(own));
  return check_weights(own);
}

/* ---- construction ---- */

static void sum_weights(mixture *own, const double *weights) {
  double sum = 0;
  for (size_t k = 0; k < own->count; k++) {
    sum += weights ? weights[k] : 1;
    own->sums[k] = sum;
  }
  for (size_t k = 0; k < own->count; k++) own->sums[k] /= sum;
}

static gd_status copy(mixture *own, const gd_gaussian_mixture *spec) {
  const size_t numbers = spec->dimension * spec->count;
  own->dimension = spec->dimension;
  own->count = spec->count;
  own->is_even = !spec->weights;
  own->balanced = spec->balanced;
  own->means = gdi_allocate(&own->env, numbers, sizeof *own->means);
  own->deviations = gdi_allocate(&own->env, spec->count, sizeof *own->deviations);
  own->sums = gdi_allocate(&own->env, spec->count, sizeof *own->sums);
  if (!own->means || !own->deviations || !own->sums) return GD_ERR_MEMORY;
  memcpy(own->means, spec->means, numbers * sizeof *own->means);
  for (size_t k = 0; k < spec->count; k++) own->deviations[k] = spec->deviations ? spec->deviations[k] : 1;
  sum_weights(own, spec->weights);
  return GD_OK;
}

gd_status gd_sampler_mixture(gd_sampler *sampler, uint64_t stream, const gd_gaussian_mixture *spec, const gd_env *env) {
  gd_gaussian_mixture checked = {0};
  gd_status status;
  GDI_REQUIRE(sampler, "sampler is NULL");
  GD_TRY(check(&checked, spec));
  mixture *own = gdi_create(env, sizeof *own, offsetof(mixture, env), &status);
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
