/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan_optimal.c -- the best discriminator of the GMM-GAN (Li, Madry, Peebles & Schmidt 2018, sections 2 and 4).
 *
 *     max over (l, r) of L(mu, l, r) = 1 + f(mu),   f the total variation,   grad f = dL/dmu at the best (l, r),
 *
 * by the envelope theorem: dL/dl = dL/dr = 0 there, and infinite ends do not move. */
#include "base/error.h"
#include "models/gmm_gan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct optimum {
  gdi_mixture_difference difference; /* target - generator */
  size_t count;
  gd_interval intervals[GDI_MIXTURE_TERMS];
} optimum;

/* Means too large for a difference of mixtures are outside the domain: runs that diverge go there. */
static gd_status find_optimum(const gdi_gmm_gan *gan, const double *mu, optimum *best) {
  GDI_REQUIRE(mu, "mu is NULL");
  const gd_mixture callers = {.struct_size = sizeof callers, .count = gan->n_means, .means = mu};
  gd_mixture generator;
  const gd_status status = gdi_mixture_read(&generator, &callers, "mu");
  if (status == GD_ERR_ARGUMENT) return gd_fail(GD_ERR_DOMAIN, "%s", gd_last_error());
  GD_TRY(status);
  gdi_mixture_subtract(&best->difference, &gan->target, &generator);
  best->count = gdi_mixture_excess(&best->difference, best->intervals);
  return GD_OK;
}

static double distance_at(const optimum *best) {
  double sum = 0;
  for (size_t i = 0; i < best->count; i++) sum += gdi_mixture_mass(&best->difference, best->intervals[i]);
  return fmax(0, sum);
}

static void gradient_at(const optimum *best, size_t n, const double *mu, double *gradient) {
  double left[GD_MIXTURE_MOST], right[GD_MIXTURE_MOST];
  memset(gradient, 0, n * sizeof *gradient);
  for (size_t i = 0; i < best->count; i++) {
    gdi_normal_densities(best->intervals[i].left, n, mu, left);
    gdi_normal_densities(best->intervals[i].right, n, mu, right);
    for (size_t j = 0; j < n; j++) gradient[j] += (right[j] - left[j]) / (double)n;
  }
}

gd_status gd_gmm_gan_distance(const gd_gmm_gan *gan, const double *mu, double *distance, double *gradient) {
  gdi_gmm_gan own;
  optimum best;
  GD_TRY(gdi_gmm_gan_read(&own, gan));
  GD_TRY(find_optimum(&own, mu, &best));
  if (distance) *distance = distance_at(&best);
  if (gradient) gradient_at(&best, own.n_means, mu, gradient);
  return GD_OK;
}

/* Remove one interval at the least loss: omit one, or merge two across a gap, where F < 0. */
static void spare_one(optimum *best) {
  double least = INFINITY;
  size_t at = 0;
  bool bridge = false;
  for (size_t i = 0; i < best->count; i++) {
    const double own = gdi_mixture_mass(&best->difference, best->intervals[i]);
    if (own < least) least = own, at = i, bridge = false;
    if (i + 1 == best->count) break;
    const gd_interval gap = {best->intervals[i].right, best->intervals[i + 1].left};
    const double gaps = -gdi_mixture_mass(&best->difference, gap);
    if (gaps < least) least = gaps, at = i, bridge = true;
  }
  if (bridge) best->intervals[at + 1].left = best->intervals[at].left;
  memmove(best->intervals + at, best->intervals + at + 1, (best->count - at - 1) * sizeof *best->intervals);
  best->count--;
}

int gd_gmm_gan_respond(void *gan, const double *x, double *y) {
  gdi_gmm_gan own;
  optimum best;
  if (!y || gdi_gmm_gan_read(&own, gan) < 0) return -1;
  const gd_status status = find_optimum(&own, x, &best);
  if (status < 0) return status == GD_ERR_DOMAIN ? 1 : -1;
  while (best.count > own.n_intervals) spare_one(&best);
  for (size_t i = 0; i < own.n_intervals; i++) {
    const gd_interval it = i < best.count ? best.intervals[i] : (gd_interval){0, 0};
    y[i] = it.left;
    y[own.n_intervals + i] = it.right;
  }
  return 0;
}

/* ---- Lemma 4.1 ---- */

static double norm_of(size_t n, const double *a, const double *b) {
  double square = 0;
  for (size_t j = 0; j < n; j++) square += (a[j] - b[j]) * (a[j] - b[j]);
  return sqrt(square);
}

gd_status gd_gmm_gan_gradient_change(const gd_gmm_gan *gan, const double *mu, double step_size, size_t samples,
                                     double *c) {
  GDI_REQUIRE(c, "c is NULL");
  GDI_REQUIRE(isfinite(step_size) && step_size > 0, "step_size is %g, expected a positive number", step_size);
  GDI_REQUIRE(samples >= 2, "samples is %zu, expected 2 or more", samples);
  const double zero[GD_MIXTURE_MOST] = {0};
  double here[GD_MIXTURE_MOST], there[GD_MIXTURE_MOST], point[GD_MIXTURE_MOST], most = 0;
  GD_TRY(gd_gmm_gan_distance(gan, mu, NULL, here));
  const size_t n = gan->n_means;
  const double size = norm_of(n, here, zero);
  for (size_t k = 1; k < samples && size > 0; k++) {
    const double way = step_size * (double)k / (double)(samples - 1);
    for (size_t j = 0; j < n; j++) point[j] = mu[j] - way * here[j];
    GD_TRY(gd_gmm_gan_distance(gan, point, NULL, there));
    most = fmax(most, norm_of(n, here, there) / size);
  }
  *c = most;
  return GD_OK;
}

/* ---- sets of means ---- */

bool gd_gmm_gan_in_rect(size_t n, const double *mu, const double *target, double delta) {
  for (size_t i = 0; mu && target && i < n; i++)
    for (size_t j = 0; j < n; j++)
      if (fabs(mu[i] - target[j]) <= delta) return true;
  return false;
}

/* The rank of mean i in increasing order: the number of means that are smaller, or equal and before it. */
static size_t place_of(size_t n, const double *mu, size_t i) {
  size_t place = 0;
  for (size_t j = 0; j < n; j++) place += mu[j] < mu[i] || (mu[j] == mu[i] && j < i);
  return place;
}

bool gd_gmm_gan_in_opt(size_t n, const double *mu, const double *target, double delta) {
  if (!mu || !target) return false;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      if (place_of(n, mu, i) == place_of(n, target, j) && !(fabs(mu[i] - target[j]) < delta)) return false;
  return true;
}

bool gd_gmm_gan_in_box(size_t n, const double *mu, double C) {
  if (!mu) return false;
  for (size_t i = 0; i < n; i++)
    if (!(fabs(mu[i]) <= C)) return false;
  return true;
}

bool gd_gmm_gan_in_sep(size_t n, const double *mu, double gamma) {
  if (!mu) return false;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      if (!(fabs(mu[i] - mu[j]) > gamma)) return false;
  return true;
}
