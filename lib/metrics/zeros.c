/* SPDX-License-Identifier: BSD-3-Clause */
/* zeros.c -- where a difference of Gaussian mixtures changes sign.
 *
 * With the means m_0 < m_1 < ... and weights c_j of both signs
 *
 *     S_0(x) = sum_j c_j exp(m_j x - m_j^2 / 2)  =  F(x) sqrt(2 pi) exp(x^2 / 2),
 *     S_{i+1}(x) = exp(m_i x) d/dx [exp(-m_i x) S_i(x)],
 *
 * and S_{i+1} has lost term i, while the others were multiplied by m_j - m_i > 0.  Between two zeros of S_{i+1} in a
 * row exp(-m_i x) S_i is monotone, so that S_i has at most one zero there: the last S has one term and no zero, and
 * zeros are found upwards, each alone in its bracket.  This is the proof of Descartes' rule of signs for exponential
 * sums (Laguerre 1883; Polya & Szego, Part V, problem 77).  Signs at -inf and +inf are those of the outermost terms.
 *
 * All S_i are evaluated times exp(-m_near x + m_near^2 / 2), m_near the mean next to x, which is continuous and keeps
 * one term at c_near; and by Abel's summation,
 *
 *     sum_j c_j E_j = sum_j (c_0 + ... + c_j) (E_j - E_{j+1}),    E_{j+1} / E_j - 1 = expm1(...),
 *
 * without cancellation between means that almost coincide.  A bracket is closed by Chandrupatla's method (Advances in
 * Engineering Software 28, 1997): inverse quadratic interpolation where it is safe, bisection elsewhere. */
#include "metrics/mixture.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define FARTHEST 1e200        /* a zero beyond is put here, so that signs still alternate */
#define NEXT_TO_NOTHING 1e-20 /* how well a zero at 0 is found, however far the means are apart */

/* S_i: `count` terms, those of the difference from number i on. */
typedef struct level {
  size_t count;
  const double *means;
  double sums[GDI_MIXTURE_TERMS]; /* c_i + ... + c_j, the largest |c| being 1 */
  double first, last;             /* c of the outermost terms: their signs count */
} level;

typedef struct bracket {
  double a, at_a, b, at_b; /* points, and values of opposite signs */
} bracket;

static void scale_to_one(size_t count, double *c) {
  double most = 0;
  for (size_t j = 0; j < count; j++) most = fmax(most, fabs(c[j]));
  for (size_t j = 0; j < count; j++) c[j] /= most;
}

/* The weights of S_0 add up to exactly 0, in spite of rounding. */
static void make_level(level *to, const gdi_mixture_difference *from, size_t i) {
  double c[GDI_MIXTURE_TERMS], sum = 0;
  to->count = from->count - i;
  to->means = from->means + i;
  memcpy(c, from->weights + i, to->count * sizeof *c);
  scale_to_one(to->count, c);
  for (size_t gone = 0; gone < i; gone++) {
    for (size_t j = 0; j < to->count; j++) c[j] *= to->means[j] - from->means[gone];
    scale_to_one(to->count, c);
  }
  for (size_t j = 0; j < to->count; j++) to->sums[j] = sum += c[j];
  if (i == 0) to->sums[to->count - 1] = 0;
  to->first = from->weights[i];
  to->last = from->weights[from->count - 1];
}

static double middle(const level *s, size_t j) { return s->means[j] / 2 + s->means[j + 1] / 2; }

static size_t nearest(const level *s, double x) {
  size_t j = 0;
  while (j + 1 < s->count && x > middle(s, j)) j++;
  return j;
}

/* S_i at x, scaled: from the nearest mean, where E = 1, outwards. */
static double value(const level *s, double x) {
  const size_t near = nearest(s, x), last = s->count - 1;
  double sum = 0, E = 1;
  for (size_t j = near; j < last; j++) {
    const double change = expm1((s->means[j + 1] - s->means[j]) * (x - middle(s, j)));
    sum -= s->sums[j] * E * change;
    E *= 1 + change;
  }
  sum += s->sums[last] * E;
  E = 1;
  for (size_t j = near; j > 0; j--) {
    const double change = expm1((s->means[j - 1] - s->means[j]) * (x - middle(s, j - 1)));
    sum += s->sums[j - 1] * E * change;
    E *= 1 + change;
  }
  return sum;
}

/* The next point as a fraction of the way from a to b; c is the point before them. */
static double fraction(const bracket *at, double c, double at_c) {
  const double place = (at->a - at->b) / (c - at->b), height = (at->at_a - at->at_b) / (at_c - at->at_b);
  if (!(1 - sqrt(1 - place) < height && height < sqrt(place))) return 0.5;
  return at->at_a / (at->at_b - at->at_a) * at_c / (at->at_b - at_c) +
         (c - at->a) / (at->b - at->a) * at->at_a / (at_c - at->at_a) * at->at_b / (at_c - at->at_b);
}

static double close_bracket(const level *s, bracket at) {
  double t = 0.5, c, at_c;
  for (;;) {
    const double x = at.a + t * (at.b - at.a), at_x = value(s, x);
    if ((at_x > 0) == (at.at_a > 0))
      c = at.a, at_c = at.at_a;
    else
      c = at.b, at_c = at.at_b, at.b = at.a, at.at_b = at.at_a;
    at.a = x, at.at_a = at_x;
    const double best = fabs(at.at_a) < fabs(at.at_b) ? at.a : at.b;
    const double least = (DBL_EPSILON / 2 * fabs(best) + NEXT_TO_NOTHING) / fabs(at.b - at.a);
    if (least > 0.5 || at_x == 0) return best;
    t = fmax(least, fmin(1 - least, fraction(&at, c, at_c)));
  }
}

/* Find a point, from `from` in the direction -1 or 1, at which the sign is that at infinity. */
static bool go_far(const level *s, double from, double direction, double sign, bracket *at) {
  double step = 1 + s->means[s->count - 1] - s->means[0];
  for (; step < FARTHEST; step *= 2) {
    at->b = from + direction * step;
    at->at_b = value(s, at->b);
    if (at->at_b * sign > 0) return true;
  }
  return false;
}

/* Two terms: equal where the exponents differ by the logarithm of the weights. */
static size_t zero_of_two(const level *s, double *zeros) {
  if ((s->first > 0) == (s->last > 0)) return 0;
  const double ratio = s->sums[1] == 0 ? 1 : -s->sums[0] / (s->sums[1] - s->sums[0]);
  const double zero = middle(s, 0) + log(ratio) / (s->means[1] - s->means[0]);
  zeros[0] = fmax(-FARTHEST, fmin(FARTHEST, zero));
  return 1;
}

/* The local extrema of exp(-m_i x) S_i that are not zero, with their values; returns their number. */
static size_t turning_points(const level *s, size_t count, const double *separators, double *x, double *values) {
  size_t kept = 0;
  for (size_t k = 0; k < count; k++) {
    const double v = value(s, separators[k]);
    if (v != 0) {
      x[kept] = separators[k];
      values[kept++] = v;
    }
  }
  return kept;
}

/* The zero beyond the outermost extremum, if the sign at infinity differs. */
static size_t outer_zero(const level *s, const bracket *from, double direction, double sign, double *zero) {
  bracket at = *from;
  if (at.at_a * sign > 0) return 0;
  *zero = go_far(s, at.a, direction, sign, &at) ? close_bracket(s, at) : direction * FARTHEST;
  return 1;
}

/* Zeros of S_i, of three terms or more, from those of S_{i+1}. */
static size_t zeros_between(const level *s, size_t count, const double *separators, double *zeros) {
  double x[GDI_MIXTURE_TERMS], values[GDI_MIXTURE_TERMS];
  size_t found = 0, n = turning_points(s, count, separators, x, values);
  if (n == 0) { /* monotone: any point will do */
    x[0] = middle(s, 0);
    values[0] = value(s, x[0]);
    n = 1;
    zeros[0] = x[0];
    if (values[0] == 0) return (s->first > 0) != (s->last > 0);
  }
  found += outer_zero(s, &(bracket){.a = x[0], .at_a = values[0]}, -1, s->first, zeros);
  for (size_t k = 0; k + 1 < n; k++)
    if ((values[k] > 0) != (values[k + 1] > 0))
      zeros[found++] = close_bracket(s, (bracket){x[k], values[k], x[k + 1], values[k + 1]});
  return found + outer_zero(s, &(bracket){.a = x[n - 1], .at_a = values[n - 1]}, 1, s->last, zeros + found);
}

size_t gdi_mixture_zeros(const gdi_mixture_difference *difference, double *zeros) {
  if (difference->count < 2) return 0;
  double separators[GDI_MIXTURE_TERMS];
  level s;
  make_level(&s, difference, difference->count - 2);
  size_t count = zero_of_two(&s, zeros);
  for (size_t i = difference->count - 2; i-- > 0;) {
    memcpy(separators, zeros, count * sizeof *zeros);
    make_level(&s, difference, i);
    count = zeros_between(&s, count, separators, zeros);
  }
  return count;
}
