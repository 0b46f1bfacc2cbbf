/* SPDX-License-Identifier: BSD-3-Clause */
/* step_search.c -- largest stable and fastest step sizes of a rate R(h) = max_k m_k(h).
 *
 * stable_set.c finds where R is below 1.  Within each of its windows R is sampled; the lowest local minima among the
 * samples are sampled again more closely, and those that may be lowest are refined inside their brackets.  Samples
 * cannot exclude a lower minimum between them: at a double eigenvalue R has a cusp.  So stable_set.c is called again
 * for the windows in which R divided by the smallest rate found is below 1.  These are searched in the same way, until
 * there are none.  (The idea is that of Boyd and Balakrishnan 1990, "A regularity result for the singular values of a
 * transfer matrix and a quadratically convergent algorithm for computing its L-infinity norm".)
 *
 * A bracket is refined in two ways; the better value wins.
 *   - The slope of the active curve changes sign.  That finds minima of one smooth curve, where values alone give h
 *     only to the square root of machine precision, and crossings of a steep curve with a flat one.  The slope is that
 *     of m_k^2, a polynomial of h for most methods, by central differences of order 8, which are exact to degree 8.
 *   - Golden section on values.  That finds corners: crossings, and double roots, where m_k itself has a cusp. */
#include "theory/step_search.h"

#include "theory/stable_set.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { CANDIDATES_MAX = 8, CLOSER = 8, SAMPLES_LEAST = 24, LEVELS_MAX = 8 };

double gdi_step_neutral_band(const gdi_step_curves *curves) { return 32 * curves->noise; }

static gd_status modulus_of(const gdi_step_curves *curves, size_t index, double h, double *modulus) {
  GD_TRY(curves->modulus(curves->context, index, h, modulus));
  *modulus = isnan(*modulus) ? INFINITY : *modulus / curves->level;
  return GD_OK;
}

/* m^2 - 1, which is a polynomial of h if m is the modulus of a polynomial. */
static gdi_step_test test_of(const gdi_step_curves *curves, double modulus) {
  const double value = (modulus - 1) * (modulus + 1), size = fabs(value);
  const double doubt = size > 0 ? curves->noise * (modulus * modulus + 1) / size : 0;
  return (gdi_step_test){.sign = value > 0 ? 1 : -1, .log_size = log(size), .doubt = fmin(doubt, 1e300)};
}

gd_status gdi_step_look_at(const gdi_step_curves *curves, size_t index, double h, gdi_step_look *look) {
  if (curves->look) return curves->look(curves->context, index, h, curves->level, look);
  GD_TRY(modulus_of(curves, index, h, &look->modulus));
  look->tests[0] = test_of(curves, look->modulus);
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
  double height, sign;
} level;

/* The difference between a curve and a height; bounded, since curves may be infinite. */
static gd_status height_above(const void *context, double h, double *value) {
  const level *l = context;
  double modulus;
  GD_TRY(modulus_of(l->curves, l->index, h, &modulus));
  *value = l->sign * fmin(modulus - l->height, 1);
  return GD_OK;
}

gd_status gdi_step_find_crossing(const gdi_step_curves *curves, size_t index, double height, double low, double high,
                                 double *crossing) {
  level l = {curves, index, height, 1};
  double at_high;
  GD_TRY(height_above(&l, high, &at_high));
  if (at_high < 0) l.sign = -1;
  return find_root(height_above, &l, low, high, crossing);
}

gd_status gdi_step_largest_stable(const gdi_step_curves *curves, double *h) {
  gdi_stable_set set = GDI_ALL_STEPS;
  const gd_status status = gdi_stable_set_find(curves, true, &set);
  if (status >= 0) *h = set.count > 0 ? set.windows[0].high : 0;
  return status;
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

/* Slope of the active curve at h.  A wide stencil has the least rounding error; it is used if it agrees with a narrow
 * one to within the rounding of the narrow one, which fails, for example, near a double root. */
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

/* The rate falls up to the largest step size h: estimate its limit from R(h) = limit + c/h.  Terms of order 1/h^2,
 * which are as small as R^2 if the limit is 0, are neglected. */
static gd_status limit_of_rate(const gdi_step_curves *curves, double h, double *rate) {
  double at_half;
  GD_TRY(gdi_step_rate(curves, h / 2, &at_half, NULL));
  const double limit = 2 * *rate - at_half;
  *rate = fabs(limit) <= 2 * *rate * *rate + curves->noise ? 0 : fmax(limit, 0);
  return GD_OK;
}

/* Samples around a local minimum. */
typedef struct candidate {
  double low, h, high, rate;
  double slack; /* how much lower the rate may be between samples, judged by its change between them */
} candidate;

typedef struct minima {
  candidate lowest[CANDIDATES_MAX]; /* in increasing order of rate - slack */
  size_t count;
  double best_rate, best_h;
} minima;

static void keep_candidate(minima *found, candidate it) {
  size_t k = found->count < CANDIDATES_MAX ? found->count++ : CANDIDATES_MAX;
  for (; k > 0 && found->lowest[k - 1].rate - found->lowest[k - 1].slack > it.rate - it.slack; k--)
    if (k < CANDIDATES_MAX) found->lowest[k] = found->lowest[k - 1];
  if (k < CANDIDATES_MAX) found->lowest[k] = it;
}

/* low = h_0 < ... < h_count = high, evenly in logarithm; the ends exactly. */
static double sample(double low, double high, int k, int count) {
  return k == 0 ? low : k == count ? high : low * pow(high / low, (double)k / count);
}

/* Sample the rate, and keep its local minima; an end counts as one. */
static gd_status sample_rate(const gdi_step_curves *curves, double low, double high, int count, minima *found) {
  double h[3] = {low, low, low}, rate[3] = {INFINITY, INFINITY, INFINITY};
  for (int k = 0; k <= count + 1; k++) {
    h[0] = h[1], h[1] = h[2], rate[0] = rate[1], rate[1] = rate[2];
    rate[2] = INFINITY;
    if (k <= count) {
      h[2] = sample(low, high, k, count);
      GD_TRY(gdi_step_rate(curves, h[2], &rate[2], NULL));
    }
    if (rate[2] < found->best_rate) {
      found->best_rate = rate[2];
      found->best_h = h[2];
    }
    if (k == 0 || rate[1] > rate[0] || rate[1] > rate[2]) continue;
    const double above = fmax(isfinite(rate[0]) ? rate[0] : 0, isfinite(rate[2]) ? rate[2] : 0);
    keep_candidate(found, (candidate){h[0], h[1], h[2], rate[1], fmax(above - rate[1], 0)});
  }
  return GD_OK;
}

static gd_status sample_windows(const gdi_step_curves *curves, const gdi_stable_set *set, double first, double last,
                                minima *found) {
  *found = (minima){.best_rate = INFINITY};
  for (size_t k = 0; k < set->count; k++) {
    const double low = fmax(set->windows[k].low, first), high = fmin(set->windows[k].high, last);
    if (!(low < high)) continue;
    const int count = (int)ceil(log2(high / low) * curves->samples_per_octave);
    GD_TRY(sample_rate(curves, low, high, count < SAMPLES_LEAST ? SAMPLES_LEAST : count, found));
  }
  return GD_OK;
}

/* Look more closely at each candidate, then refine those that may hide the lowest rate. */
static gd_status refine_candidates(const gdi_step_curves *curves, const minima *coarse, double *h, double *rate) {
  minima fine = {.best_rate = coarse->best_rate, .best_h = coarse->best_h};
  for (size_t k = 0; k < coarse->count; k++) {
    const candidate *it = &coarse->lowest[k];
    GD_TRY(sample_rate(curves, it->low, it->high, 2 * CLOSER, &fine));
  }
  *h = fine.best_h;
  *rate = fine.best_rate;
  for (size_t k = 0; k < fine.count; k++) {
    const candidate *it = &fine.lowest[k];
    double own_h, own_rate;
    if (it->rate - it->slack > *rate || !(it->low < it->high)) continue;
    GD_TRY(refine(curves, it->low, it->high, &own_h, &own_rate));
    if (own_rate > *rate) continue;
    *h = own_h;
    *rate = own_rate;
  }
  return GD_OK;
}

static void extreme_scales(const gdi_step_curves *curves, double *least, double *greatest) {
  *least = *greatest = curves->scale[0];
  for (size_t k = 1; k < curves->count; k++) {
    *least = fmin(*least, curves->scale[k]);
    *greatest = fmax(*greatest, curves->scale[k]);
  }
}

/* The smallest rate in the windows; not below *rate: nothing changes. */
static gd_status search_windows(const gdi_step_curves *curves, const gdi_stable_set *set, double *h, double *rate) {
  double least, greatest, own_h, own_rate;
  minima coarse;
  extreme_scales(curves, &least, &greatest);
  const double first = least * exp2(-curves->octaves), last = greatest * exp2(curves->octaves);
  GD_TRY(sample_windows(curves, set, first, last, &coarse));
  own_h = INFINITY;
  own_rate = coarse.best_rate;
  if (coarse.best_h == last) GD_TRY(limit_of_rate(curves, last, &own_rate));
  if (coarse.best_h < last) GD_TRY(refine_candidates(curves, &coarse, &own_h, &own_rate));
  if (!(own_rate < *rate)) return GD_OK;
  *h = own_h;
  *rate = own_rate;
  return GD_OK;
}

/* Search for step sizes in `stable` with a rate below *rate, until there are none.  A rate as small as the effect of
 * the error of M(h) on a double eigenvalue 0 cannot be lowered. */
static gd_status search_below(const gdi_step_curves *curves, const gdi_stable_set *stable, double *h, double *rate) {
  const double floor = sqrt(gdi_step_neutral_band(curves));
  gd_status status = GD_OK;
  double gain = 0;
  for (int k = 0; k<LEVELS_MAX && * rate> floor; k++) {
    gdi_stable_set set = *stable;
    gdi_step_curves lower = *curves;
    const double before = *rate;
    lower.level = *rate - 4 * gdi_step_neutral_band(curves);
    lower.noise = curves->noise / lower.level;
    const gd_status found = gdi_stable_set_find(&lower, false, &set);
    if (found != GD_OK) status = found;
    if (found < 0 || set.count == 0) return status;
    GD_TRY(search_windows(curves, &set, h, rate));
    gain = before - *rate;
  }
  return gain > floor && *rate > floor ? GD_NOT_CONVERGED : status;
}

gd_status gdi_step_fastest(const gdi_step_curves *curves, double *h, double *rate) {
  gdi_stable_set set = GDI_ALL_STEPS;
  gd_status status = GD_OK;
  double own_h = 0, own_rate = 1 - gdi_step_neutral_band(curves);
  if (curves->n_tests > 0) /* else it would be the same samples again */
    status = gdi_stable_set_find(curves, false, &set);
  if (status < 0) return status;
  GD_TRY(search_windows(curves, &set, &own_h, &own_rate));
  if (own_h > 0 && curves->n_tests > 0) {
    const gd_status below = search_below(curves, &set, &own_h, &own_rate);
    if (below != GD_OK) status = below;
  }
  if (status < 0) return status;
  *h = own_h;
  *rate = own_h > 0 ? own_rate : 1;
  return status;
}
