/* SPDX-License-Identifier: BSD-3-Clause */
/* growth_search.c -- the largest norm among the powers of a matrix, or among its exponentials, bracketed by bisection.
 *
 * Let f(a) = |P^a|, P = exp(unit T) or M, a >= 0, and G_k an upper bound of f on [0, 2^k).  Because
 * f(a + r) <= f(a) f(r),
 *
 *     on [a, a + 2^k)   f <= f(a) G_k,
 *
 * and if f(2^k) <= 1, no value beyond 2^k exceeds those on [0, 2^k).  So powers are doubled until f(2^k) <= 1.  Then
 * [0, 1), [1, 2), [2, 4), [4, 8), ... are searched: an interval that cannot exceed the largest value known is finished,
 * others are bisected.  For an iteration G_0 = 1.  For a flow f <= exp(omega unit) within a unit, omega the numerical
 * abscissa; the unit is chosen such that this is the wanted accuracy.
 *
 * A strongly sheared flow has a huge G_k, but changes slowly where it is large.  With E = exp(a unit T) and D a
 * diagonal scaling that removes the shear,
 *
 *     |exp(s T) E| <= |E| + s max |T exp(r T) E|,
 *     |T exp(r T) E| = |D exp(r D^-1 T D) D^-1 T E| <= e^(r mu) |D^-1 T E|
 *
 * for 0 <= r <= s, |D| = 1 and mu the numerical abscissa of D^-1 T D if that is positive, else 0. */
#include "linear/growth_search.h"

#include "dense/algebra.h"
#include "dense/exponential.h"
#include "kernels/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

void gdi_growth_multiply(size_t n, const double *A, const double *B, double *out) {
  const gdi_product product = {.rows = n, .columns = n, .inner = n, .A = A, .lda = n, .B = B, .ldb = n};
  gdi_matrix_product(&product, out, n);
}

gd_status gdi_growth_norm(gdi_growth_search *s, const double *E, double *norm) {
  size_t row, column;
  memcpy(s->copy, E, s->n * s->n * sizeof *E);
  *norm = INFINITY;
  if (!gdi_matrix_is_finite(s->n, s->n, s->copy, s->n, &row, &column)) return GD_OK;
  GD_TRY(gdi_singular_values(s->env, s->n, s->n, s->copy, s->n, s->values, NULL, NULL));
  *norm = s->values[0];
  return GD_OK;
}

/* *norm = |E| = f(at); updates the largest value. */
static gd_status look(gdi_growth_search *s, const double *E, double at, double *norm) {
  GD_TRY(gdi_growth_norm(s, E, norm));
  if (*norm > s->largest) {
    s->largest = *norm;
    s->at = at;
  }
  return GD_OK;
}

/* An interval from `at` on, which begins with E. */
typedef struct interval {
  const double *E;
  double norm, at;
  double change; /* |D^-1 T E|, NaN until somebody asks */
} interval;

static void find_change(gdi_growth_search *s, interval *i) {
  s->products--;
  gdi_growth_multiply(s->n, s->T, i->E, s->change);
  for (size_t k = 0; k < s->n * s->n; k++) s->change[k] /= s->D[k % s->n];
  i->change = gdi_vector_norm(s->n * s->n, s->change);
}

/* An upper bound of f on the interval of length 2^level. */
static double bound_of(gdi_growth_search *s, interval *i, size_t level) {
  const double most = i->norm * s->within[level], length = ldexp(s->unit, (int)level);
  if (!s->T || most <= s->largest * s->slack) return most;
  if (isnan(i->change) && s->products > 0) find_change(s, i);
  const double slow = i->norm + length * exp(length * s->numerical) * i->change;
  return slow < most ? slow : most; /* NaN: most */
}

/* *most becomes an upper bound of f on the interval. */
static gd_status explore(gdi_growth_search *s, size_t level, interval i, double *most) {
  double left, right;
  *most = bound_of(s, &i, level);
  if (*most <= s->largest * s->slack || level == 0 || s->products == 0) return GD_OK;
  GD_TRY(explore(s, level - 1, i, &left));
  if (s->products == 0) return GD_OK; /* spent just now: the second half stays unexplored */
  interval half = {.E = s->room[level], .at = i.at + ldexp(1, (int)level - 1), .change = NAN};
  s->products--;
  gdi_growth_multiply(s->n, s->power[level - 1], i.E, s->room[level]);
  GD_TRY(look(s, half.E, half.at, &half.norm));
  GD_TRY(explore(s, level - 1, half, &right));
  *most = fmin(*most, fmax(left, right));
  return GD_OK;
}

gd_status gdi_growth_level(gdi_growth_search *s, size_t level) {
  const size_t entries = s->n * s->n;
  s->power[level] = gdi_allocate(s->env, entries, sizeof *s->power[level]);
  s->room[level] = gdi_allocate(s->env, entries, sizeof *s->room[level]);
  return s->power[level] && s->room[level] ? GD_OK : GD_ERR_MEMORY;
}

/* Double powers until f <= 1, and return that level; GD_NOT_CONVERGED if there is none. */
static gd_status double_up(gdi_growth_search *s, double norms[GDI_GROWTH_LEVELS], size_t *level) {
  for (size_t k = 0;; k++) {
    GD_TRY(look(s, s->power[k], ldexp(1, (int)k), norms + k));
    *level = k;
    if (norms[k] <= 1 + (double)s->n * DBL_EPSILON) return GD_OK;
    if (k + 1 == GDI_GROWTH_LEVELS || isinf(norms[k])) return GD_NOT_CONVERGED;
    GD_TRY(gdi_growth_level(s, k + 1));
    gdi_growth_multiply(s->n, s->power[k], s->power[k], s->power[k + 1]);
    if (s->T) gdi_exponential_blocks(s->n, ldexp(s->unit, (int)k + 1), s->T, s->power[k + 1]);
  }
}

gd_status gdi_growth_run(gdi_growth_search *s, gd_growth *growth) {
  double norms[GDI_GROWTH_LEVELS];
  size_t last = 0;
  s->largest = 1;
  s->within[0] = s->slack;
  const gd_status ends = double_up(s, norms, &last);
  if (ends < 0) return ends;
  for (size_t k = 0; k < last && !isinf(s->largest); k++) {
    double most;
    GD_TRY(explore(s, k, (interval){s->power[k], norms[k], ldexp(1, (int)k), NAN}, &most));
    s->within[k + 1] = fmax(s->within[k], most);
  }
  if (isinf(s->largest)) { /* by rounding alone: it was known not to grow for ever */
    *growth = gdi_growth_unknown;
    return GD_NOT_CONVERGED;
  }
  const double bound = ends == GD_OK ? fmax(s->within[last], s->largest) : INFINITY;
  *growth = (gd_growth){s->largest, bound, s->at * s->unit, {0}};
  return ends == GD_OK && s->products == 0 ? GD_NOT_CONVERGED : ends;
}

void gdi_growth_release(gdi_growth_search *s) {
  for (size_t k = 0; k < GDI_GROWTH_LEVELS; k++) {
    gdi_release(s->env, s->room[k]);
    gdi_release(s->env, s->power[k]);
  }
}
