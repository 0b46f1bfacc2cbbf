/* SPDX-License-Identifier: BSD-3-Clause */
/* mixture.c -- Gaussian mixtures on the line, and total variation between them.
 *
 *     TV(p, q) = max over sets of p(set) - q(set) = sum over the intervals where p > q of p(interval) - q(interval)
 *
 * The normal's probability of an interval is taken in the nearer tail, where erfc keeps its digits. */
#include "metrics/mixture.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "kernels/special.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define LARGEST_MEAN 1e100 /* products of three differences do not overflow */
#define WEIGHT_ERROR 1e-12 /* how far a sum of weights may be from 1 */
#define ROOT_HALF 0.70710678118654752440

void gdi_normal_densities(double x, size_t n, const double *means, double *densities) {
  for (size_t j = 0; j < n; j++) densities[j] = x - means[j];
  gdi_special_gaussian(n, densities, densities);
  for (size_t j = 0; j < n; j++) densities[j] *= GDI_NORMAL_PEAK;
}

void gdi_normal_masses(gd_interval over, size_t n, const double *means, double *masses) {
  double tails[2 * GDI_MIXTURE_TERMS];
  if (n == 0) return;
  for (size_t j = 0; j < n; j++) {
    const double left = over.left - means[j], right = over.right - means[j];
    tails[j] = ROOT_HALF * (left > 0 ? left : -right);
    tails[n + j] = ROOT_HALF * (left > 0 ? right : -left);
  }
  gdi_special_erfc(2 * n, tails, tails);
  for (size_t j = 0; j < n; j++) masses[j] = (tails[j] - tails[n + j]) / 2;
}

/* ---- checks ---- */

static gd_status check_means(const gd_mixture *mixture, const char *name) {
  for (size_t j = 0; j < mixture->count; j++) {
    if (!isfinite(mixture->means[j]))
      return gdi_fail(GD_ERR_NONFINITE, "%s: means[%zu] is %g", name, j, mixture->means[j]);
    GDI_REQUIRE(fabs(mixture->means[j]) <= LARGEST_MEAN, "%s: means[%zu] is %g, expected at most %g in modulus", name,
                j, mixture->means[j], LARGEST_MEAN);
  }
  return GD_OK;
}

static gd_status check_weights(const gd_mixture *mixture, const char *name) {
  double sum = 0;
  for (size_t j = 0; mixture->weights && j < mixture->count; j++) {
    const double weight = mixture->weights[j];
    if (!isfinite(weight)) return gdi_fail(GD_ERR_NONFINITE, "%s: weights[%zu] is %g", name, j, weight);
    GDI_REQUIRE(weight > 0, "%s: weights[%zu] is %g, expected a positive number", name, j, weight);
    sum += weight;
  }
  GDI_REQUIRE(!mixture->weights || fabs(sum - 1) <= WEIGHT_ERROR, "%s: weights add up to %.17g, expected 1", name, sum);
  return GD_OK;
}

gd_status gdi_mixture_read(gd_mixture *own, const gd_mixture *callers, const char *name) {
  GDI_REQUIRE(callers, "%s is NULL, expected a mixture", name);
  GD_TRY(GDI_SIZED_READ(gd_mixture, own, callers));
  GDI_REQUIRE(own->count >= 1 && own->count <= GD_MIXTURE_MOST, "%s: count is %zu, expected 1 to %d", name, own->count,
              GD_MIXTURE_MOST);
  GDI_REQUIRE(own->means, "%s: means is NULL", name);
  GD_TRY(check_means(own, name));
  return check_weights(own, name);
}

/* ---- the difference ---- */

typedef struct term {
  double mean, weight;
} term;

static int by_mean(const void *a, const void *b) {
  const double left = ((const term *)a)->mean, right = ((const term *)b)->mean;
  return (left > right) - (left < right);
}

/* Component j of the target, then of the model.  Equal weights count in units of the product of both numbers of
 * components, which a later division restores: so that sums of them are exact, and equal mixtures cancel. */
static term term_at(const gd_mixture *target, const gd_mixture *model, size_t j) {
  const bool of_model = j >= target->count;
  const gd_mixture *own = of_model ? model : target;
  if (of_model) j -= target->count;
  const double unit = (double)(target->count * model->count);
  const double weight = own->weights ? own->weights[j] * unit : unit / (double)own->count;
  return (term){own->means[j], of_model ? -weight : weight};
}

void gdi_mixture_subtract(gdi_mixture_difference *difference, const gd_mixture *target, const gd_mixture *model) {
  const size_t count = target->count + model->count;
  const double unit = (double)(target->count * model->count);
  term terms[GDI_MIXTURE_TERMS];
  for (size_t j = 0; j < count; j++) terms[j] = term_at(target, model, j);
  qsort(terms, count, sizeof *terms, by_mean);
  difference->count = 0;
  for (size_t j = 0; j < count;) {
    const double mean = terms[j].mean;
    double weight = 0, gross = 0;
    for (; j < count && terms[j].mean == mean; j++) {
      weight += terms[j].weight;
      gross += fabs(terms[j].weight);
    }
    if (fabs(weight) <= (double)count * DBL_EPSILON * gross) continue; /* 0 up to rounding */
    difference->means[difference->count] = mean;
    difference->weights[difference->count++] = weight / unit;
  }
}

size_t gdi_mixture_excess(const gdi_mixture_difference *difference, gd_interval *intervals) {
  double zeros[GDI_MIXTURE_TERMS], left = -INFINITY;
  const size_t n_zeros = gdi_mixture_zeros(difference, zeros);
  bool inside = difference->count > 1 && difference->weights[0] > 0;
  size_t count = 0;
  for (size_t k = 0; k < n_zeros; k++, inside = !inside) {
    if (inside) intervals[count++] = (gd_interval){left, zeros[k]};
    left = zeros[k];
  }
  if (inside) intervals[count++] = (gd_interval){left, INFINITY};
  return count;
}

double gdi_mixture_mass(const gdi_mixture_difference *difference, gd_interval over) {
  double masses[GDI_MIXTURE_TERMS], mass = 0;
  gdi_normal_masses(over, difference->count, difference->means, masses);
  for (size_t j = 0; j < difference->count; j++) mass += difference->weights[j] * masses[j];
  return mass;
}

/* ---- public functions ---- */

static gd_status read_difference(gdi_mixture_difference *difference, const gd_mixture *target,
                                 const gd_mixture *model) {
  gd_mixture own_target, own_model;
  GD_TRY(gdi_mixture_read(&own_target, target, "target"));
  GD_TRY(gdi_mixture_read(&own_model, model, "model"));
  gdi_mixture_subtract(difference, &own_target, &own_model);
  return GD_OK;
}

gd_status gd_mixture_evaluate(const gd_mixture *mixture, double x, double *density, double *cumulative) {
  gd_mixture own;
  GD_TRY(gdi_mixture_read(&own, mixture, "mixture"));
  if (isnan(x)) return gdi_fail(GD_ERR_NONFINITE, "x is %g", x);
  double densities[GD_MIXTURE_MOST], masses[GD_MIXTURE_MOST], p = 0, P = 0;
  gdi_normal_densities(x, own.count, own.means, densities);
  gdi_normal_masses((gd_interval){-INFINITY, x}, own.count, own.means, masses);
  for (size_t j = 0; j < own.count; j++) {
    p += gdi_mixture_weight(&own, j) * densities[j];
    P += gdi_mixture_weight(&own, j) * masses[j];
  }
  if (density) *density = p;
  if (cumulative) *cumulative = P;
  return GD_OK;
}

gd_status gd_mixture_zeros(const gd_mixture *target, const gd_mixture *model, double *zeros, size_t *count) {
  GDI_REQUIRE(zeros && count, "%s is NULL", zeros ? "count" : "zeros");
  gdi_mixture_difference difference;
  GD_TRY(read_difference(&difference, target, model));
  *count = gdi_mixture_zeros(&difference, zeros);
  return GD_OK;
}

gd_status gd_mixture_excess(const gd_mixture *target, const gd_mixture *model, gd_interval *intervals, size_t *count) {
  GDI_REQUIRE(intervals && count, "%s is NULL", intervals ? "count" : "intervals");
  gdi_mixture_difference difference;
  GD_TRY(read_difference(&difference, target, model));
  *count = gdi_mixture_excess(&difference, intervals);
  return GD_OK;
}

gd_status gd_mixture_total_variation(const gd_mixture *target, const gd_mixture *model, double *distance) {
  GDI_REQUIRE(distance, "distance is NULL");
  gdi_mixture_difference difference;
  GD_TRY(read_difference(&difference, target, model));
  gd_interval intervals[GDI_MIXTURE_TERMS];
  const size_t count = gdi_mixture_excess(&difference, intervals);
  double sum = 0;
  for (size_t k = 0; k < count; k++) sum += gdi_mixture_mass(&difference, intervals[k]);
  *distance = fmax(0, sum);
  return GD_OK;
}
