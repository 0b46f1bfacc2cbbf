/* SPDX-License-Identifier: BSD-3-Clause */
/* step_search.c -- largest stable and fastest step sizes of a rate R(h) = max_k m_k(h).
 *
 * Stability is decided curve by curve, each at its own scale: the modulus of a slow mode, 1 - (h lambda)^2/2 say, is 1
 * to rounding as long as h suits only the fast modes, but it is seen to be stable where h |lambda_k| is of order one.
 * Towards h = 0 every modulus tends to 1; the first sample that is not 1 to rounding tells from which side.  The
 * boundary is then a root of m_k(h) - 1, and the supremum asked for the least of all boundaries.
 *
 * The minimum of R is first sampled, then refined inside the bracket of the best sample in two ways, of which the
 * better value wins:
 *   - the slope of the active curve changes sign.  That finds minima of one smooth curve, where values alone tell h
 *     only to the square root of machine precision, and crossings of a steep with a flat one.  The slope is that of
 *     m_k^2, a polynomial of h for most methods, by central differences of order 8, which are exact to degree 8.
 *   - golden section on values.  That finds corners: crossings, and double roots, where m_k itself has a cusp. */
#include "theory/step_search.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* A modulus this close to 1 is 1. */
static double neutral_band(const gdi_step_curves *curves) { return 32 * curves->noise; }

static gd_status modulus_of(const gdi_step_curves *curves, size_t index, double h, double *modulus) {
  GD_TRY(curves->modulus(curves->context, index, h, modulus));
  if (isnan(*modulus)) *modulus = INFINITY;
  return GD_OK;
}

gd_status gdi_step_rate(const gdi_step_curves *curves, double h, double *rate, size_t *active) {
  double largest = -1;
  for (size_t k = 0; k < curves->count; k++) {
    double modulus;
    GD_TRY(modulus_of(curves, k, h, &modulus));
    if (modulus <= largest) continue;
    largest = modulus;
    if (active) *active = k;
  }
  *rate = largest;
  return GD_OK;
}

/* ---- roots ---- */

typedef gd_status function(const void *context, double h, double *value);

/* A point within rounding of a change of sign of f on [low, high], where f(low) < 0 <= f(high): false position with
 * the Illinois halving, and a bisection each third time for functions that jump. */
static gd_status find_root(function *f, const void *context, double low, double high, double *root) {
  double f_low, f_high;
  GD_TRY(f(context, low, &f_low));
  GD_TRY(f(context, high, &f_high));
  for (int k = 0; high - low > 2 * DBL_EPSILON * high && k < 200; k++) {
    double h = k % 3 == 2 ? low : (low * f_high - high * f_low) / (f_high - f_low), value;
    if (!(h > low && h < high)) h = low + (high - low) / 2;
    GD_TRY(f(context, h, &value));
    if (value < 0) {
      low = h;
      f_low = value;
      f_high /= 2;
    } else {
      high = h;
      f_high = value;
      f_low /= 2;
    }
  }
  *root = low + (high - low) / 2;
  return GD_OK;
}

/* ---- stability ---- */

typedef struct level {
  const gdi_step_curves *curves;
  size_t index;
  double height;
} level;

/* How far a curve is above a height; bounded, since curves may be infinite. */
static gd_status height_above(const void *context, double h, double *value) {
  const level *l = context;
  double modulus;
  GD_TRY(modulus_of(l->curves, l->index, h, &modulus));
  *value = fmin(modulus - l->height, 1);
  return GD_OK;
}

static double sample(const gdi_step_curves *curves, double scale, int k) {
  return scale * exp2((double)k / curves->samples_per_octave);
}

/* The boundary of one curve, or anything >= limit if it is not below that. */
static gd_status find_boundary(const gdi_step_curves *curves, size_t index, double limit, double *boundary) {
  const double band = neutral_band(curves);
  const int last = curves->octaves * curves->samples_per_octave;
  double stable = 0; /* the last step size seen to be stable */
  for (int k = -last; k <= last && (stable == 0 || stable < limit); k++) {
    const double h = sample(curves, curves->scale[index], k);
    double modulus;
    GD_TRY(modulus_of(curves, index, h, &modulus));
    if (modulus < 1 - band) {
      stable = h;
    } else if (stable > 0) {
      const level l = {curves, index, modulus >= 1 ? 1 : 1 - band};
      return find_root(height_above, &l, stable, h, boundary);
    } else if (modulus > 1 + band) {
      break;
    }
  }
  *boundary = stable > 0 ? INFINITY : 0;
  return GD_OK;
}

gd_status gdi_step_largest_stable(const gdi_step_curves *curves, double *h) {
  double least = INFINITY;
  for (size_t k = 0; k < curves->count && least > 0; k++) {
    double boundary;
    GD_TRY(find_boundary(curves, k, least, &boundary));
    least = fmin(least, boundary);
  }
  *h = least;
  return GD_OK;
}

/* ---- the smallest rate ---- */

/* h d(m^2)/dh by central differences at h (1 +- j width), j = 1 ... 4, of order 8. */
static gd_status difference(const gdi_step_curves *curves, size_t index, double h, double width, double *slope) {
  static const double weight[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
  double sum = 0;
  for (int j = 1; j <= 4; j++) {
    double above, below;
    GD_TRY(modulus_of(curves, index, h * (1 + j * width), &above));
    GD_TRY(modulus_of(curves, index, h * (1 - j * width), &below));
    sum += weight[j - 1] * (above - below) * (above + below);
  }
  *slope = sum / width;
  return GD_OK;
}

/* Slope of the active curve at h.  A wide stencil is least troubled by rounding, and is taken where it agrees with a
 * narrow one to within the rounding of that; not, for example, near a double root. */
static gd_status slope_of_rate(const void *context, double h, double *value) {
  static const double narrow_width = 1.0 / 256, wide_width = 1.0 / 32;
  const gdi_step_curves *curves = context;
  size_t active = 0;
  double rate, narrow, wide;
  GD_TRY(gdi_step_rate(curves, h, &rate, &active));
  GD_TRY(difference(curves, active, h, narrow_width, &narrow));
  GD_TRY(difference(curves, active, h, wide_width, &wide));
  const double slope = fabs(wide - narrow) <= 2 * curves->noise * rate * rate / narrow_width ? wide : narrow;
  *value = isnan(slope) ? 1 : fmax(-1, fmin(slope, 1));
  return GD_OK;
}

/* Golden section: the bracket shrinks to rounding, or to where values are equal to rounding. */
static gd_status smallest_value(const gdi_step_curves *curves, double low, double high, double *h, double *rate) {
  const double golden = 0.5 * (sqrt(5) - 1);
  double left = high - golden * (high - low), right = low + golden * (high - low), at_left, at_right;
  GD_TRY(gdi_step_rate(curves, left, &at_left, NULL));
  GD_TRY(gdi_step_rate(curves, right, &at_right, NULL));
  while (high - low > 2 * DBL_EPSILON * high && left < right) {
    if (at_left < at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - golden * (high - low);
      GD_TRY(gdi_step_rate(curves, left, &at_left, NULL));
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + golden * (high - low);
      GD_TRY(gdi_step_rate(curves, right, &at_right, NULL));
    }
  }
  *h = at_left < at_right ? left : right;
  *rate = fmin(at_left, at_right);
  return GD_OK;
}

static gd_status refine(const gdi_step_curves *curves, double low, double high, double *h, double *rate) {
  double by_slope, at_slope, slope_low, slope_high;
  GD_TRY(smallest_value(curves, low, high, h, rate));
  GD_TRY(slope_of_rate(curves, low, &slope_low));
  GD_TRY(slope_of_rate(curves, high, &slope_high));
  if (!(slope_low < 0 && slope_high >= 0)) return GD_OK;
  GD_TRY(find_root(slope_of_rate, curves, low, high, &by_slope));
  GD_TRY(gdi_step_rate(curves, by_slope, &at_slope, NULL));
  if (at_slope > *rate + 8 * curves->noise) return GD_OK;
  *h = by_slope;
  *rate = at_slope;
  return GD_OK;
}

/* The rate falls as far as one looks, to h: what it falls to, if as R(h) = limit + c/h.  Terms of 1/h^2, which are as
 * small as R^2 where the limit is 0, are let go. */
static gd_status limit_of_rate(const gdi_step_curves *curves, double h, double *rate) {
  double at_half;
  GD_TRY(gdi_step_rate(curves, h / 2, &at_half, NULL));
  const double limit = 2 * *rate - at_half;
  *rate = fabs(limit) <= 2 * *rate * *rate + curves->noise ? 0 : fmax(limit, 0);
  return GD_OK;
}

static void extreme_scales(const gdi_step_curves *curves, double *least, double *greatest) {
  *least = *greatest = curves->scale[0];
  for (size_t k = 1; k < curves->count; k++) {
    *least = fmin(*least, curves->scale[k]);
    *greatest = fmax(*greatest, curves->scale[k]);
  }
}

gd_status gdi_step_fastest(const gdi_step_curves *curves, double *h, double *rate) {
  double least, greatest, best = INFINITY;
  extreme_scales(curves, &least, &greatest);
  const int first = -curves->octaves * curves->samples_per_octave;
  const int last = (int)ceil((curves->octaves + log2(greatest) - log2(least)) * curves->samples_per_octave);
  int at = first;
  for (int k = first; k <= last; k++) {
    double value;
    GD_TRY(gdi_step_rate(curves, sample(curves, least, k), &value, NULL));
    if (value >= best) continue;
    best = value;
    at = k;
  }
  *h = at == last ? INFINITY : 0;
  *rate = best;
  if (best >= 1 - neutral_band(curves)) {
    *h = 0;
    *rate = 1;
    return GD_OK;
  }
  if (at == last) return limit_of_rate(curves, sample(curves, least, last), rate);
  return refine(curves, sample(curves, least, at - 1), sample(curves, least, at + 1), h, rate);
}
