/* SPDX-License-Identifier: BSD-3-Clause */
/* quadrature.c -- Gauss's rules.
 *
 * Legendre: the nodes on [-1, 1] are the zeros of the Legendre polynomial P_n, found by Newton's iteration from
 * cos(pi (k + 3/4) / (n + 1/2)) (Abramowitz & Stegun 22.16.6), with
 *
 *     (j + 1) P_(j+1) = (2 j + 1) t P_j - j P_(j-1),    (1 - t^2) P_n' = n (P_(n-1) - t P_n),
 *
 * and the weights 2 / ((1 - t^2) P_n'^2) (ibid. 25.4.29).
 *
 * Hermite: the nodes are the eigenvalues of the symmetric tridiagonal matrix with 0 on the diagonal and sqrt(k) beside
 * it, the weights the squares of its eigenvectors' first entries (Golub & Welsch 1969). */
#include "models/quadrature.h"

#include "dense/algebra.h"

#include <math.h>

#define NEWTON_STEPS 6 /* the start is good to 1e-3 for n = 1, and each step doubles the digits */

/* P_n(t) and P_n'(t) */
static void legendre(size_t n, double t, double *value, double *slope) {
  double before = 1, now = t;
  for (size_t j = 1; j < n; j++) {
    const double next = ((double)(2 * j + 1) * t * now - (double)j * before) / (double)(j + 1);
    before = now;
    now = next;
  }
  *value = now;
  *slope = (double)n * (before - t * now) / (1 - t * t);
}

void gdi_gauss_legendre(size_t count, double *nodes, double *weights) {
  const double pi = acos(-1);
  for (size_t k = 0; k < count; k++) {
    double t = -cos(pi * ((double)k + 0.75) / ((double)count + 0.5)), value, slope;
    for (int step = 0; step < NEWTON_STEPS; step++) {
      legendre(count, t, &value, &slope);
      t -= value / slope;
    }
    legendre(count, t, &value, &slope);
    nodes[k] = (1 + t) / 2;
    weights[k] = 1 / ((1 - t * t) * slope * slope);
  }
}

gd_status gdi_gauss_hermite(const gdi_env *env, size_t count, double *nodes, double *weights) {
  double *J = gdi_allocate(env, count, count * sizeof *J);
  if (!J) return GD_ERR_MEMORY;
  for (size_t k = 1; k < count; k++) J[k + (k - 1) * count] = sqrt((double)k);
  const gd_status status = gdi_eigen_symmetric(env, count, J, count, true, nodes);
  for (size_t k = 0; status == GD_OK && k < count; k++) weights[k] = J[k * count] * J[k * count];
  gdi_release(env, J);
  return status;
}
