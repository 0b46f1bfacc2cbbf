/* SPDX-License-Identifier: BSD-3-Clause */
/* outline.c -- estimates whether an eigenvalue that comes before those found may be hidden.
 *
 * d products make a polynomial of degree d.  Of an eigenvalue at distance rho from the convex hull of all others it
 * makes the part of a start vector grow by about exp(d rho / R), R half the width of the hull (Trefethen & Bau 1997,
 * lecture 34).  A random start has about 1/sqrt n of each eigenvector, so every eigenvalue at a distance of more than
 *
 *     rho = R (1 + log(n)/2) / d
 *
 * has been found.  An eigenvalue within 4 rho of an eigenvalue found, or of a Ritz value with a residual below rho,
 * grows with it and counts as found.  An eigenvalue that would come first lies on or beyond the line Re z = Re lambda_1
 * (a circle if the modulus is wanted).  If all of that line is far from the hull or near an eigenvalue found, as at the
 * tip of a cone, none can be hidden there.  If the hull has an edge along the line, as for games with little damping,
 * one can be hidden.  This is an estimate, not a proof: the hull is only known from Ritz values, and a matrix far from
 * normal behaves differently. */
#include "linear/outline.h"

#include <math.h>

enum { DIRECTIONS = 64, MOST_POINTS = 2000, NEAR = 4 };

typedef struct point {
  double re, im;
} point;

/* The point of the level line at parameter t >= 0: starting at the real axis, or at the top for the imaginary part. */
static point on_line(gd_which which, const gdi_unit *first, double t, double radius) {
  const double key = first->first_key;
  if (which == GD_LARGEST_MODULUS) return (point){key * cos(t / radius), key * sin(t / radius)};
  if (which == GD_LARGEST_IMAGINARY) return (point){t, key};
  return (point){which == GD_SMALLEST_REAL ? -key : key, t};
}

static bool is_near_found(const gdi_outline *o, point z, double distance) {
  for (size_t i = 0; i < o->size; i++)
    if (NEAR * o->residual[i] <= distance && hypot(o->re[i] - z.re, fabs(o->im[i]) - fabs(z.im)) <= distance)
      return true;
  return false;
}

/* True if z is outside the hull, which is closed under conjugation, by `distance` in some direction. */
static bool is_outside(const double *support, point z, double distance) {
  for (int k = 0; k < DIRECTIONS; k++) {
    const double angle = 2 * M_PI * k / DIRECTIONS;
    if (cos(angle) * z.re + sin(angle) * z.im >= support[k] + distance) return true;
  }
  return false;
}

static void find_support(const gdi_outline *o, double *support) {
  for (int k = 0; k < DIRECTIONS; k++) {
    const double c = cos(2 * M_PI * k / DIRECTIONS), s = fabs(sin(2 * M_PI * k / DIRECTIONS));
    support[k] = -INFINITY;
    for (size_t i = 0; i < o->size; i++) support[k] = fmax(support[k], c * o->re[i] + s * fabs(o->im[i]));
  }
}

/* Half the larger width of the hull, which is closed under conjugation. */
static double half_width(const gdi_outline *o) {
  double least = INFINITY, largest = -INFINITY, top = 0;
  for (size_t i = 0; i < o->size; i++) {
    least = fmin(least, o->re[i]);
    largest = fmax(largest, o->re[i]);
    top = fmax(top, fabs(o->im[i]));
  }
  return fmax(0.5 * (largest - least), top);
}

bool gdi_outline_may_hide(const gdi_outline *o, const gd_spectrum_options *options, const gdi_unit *first) {
  const gd_which which = options->which;
  if (options->symmetric || which == GD_CLOSEST || !(o->radius > 0)) return false;
  double support[DIRECTIONS];
  find_support(o, support);
  const double rho = half_width(o) * (1 + 0.5 * log((double)o->n)) / (double)o->degree;
  const double step = fmax(rho, 2 * o->radius / MOST_POINTS);
  const double start = which == GD_LARGEST_IMAGINARY ? -o->radius : 0, end = which == GD_LARGEST_MODULUS ? M_PI : 1;
  for (double t = start; t <= end * o->radius; t += step) {
    const point z = on_line(which, first, t, o->radius);
    if (!is_near_found(o, z, NEAR * rho) && !is_outside(support, z, rho)) return true;
  }
  return false;
}
