/* SPDX-License-Identifier: BSD-3-Clause */
/* axis.c -- error bounds for the side of the imaginary axis on which eigenvalues lie.
 *
 * With |z| = 1 and y* the row of the inverse of all vectors, lambda moves by |y| |E| at most, to first order in E. This
 * bound fails where eigenvalues meet.  But J + E has as many eigenvalues with positive real part as J if none crosses
 * the axis on the way.  Some J + E with |E| <= d has one on the axis if and only if the Hamiltonian matrix
 *
 *     [[J, -d I], [d I, -J']]
 *
 * has (Byers 1988, "A bisection method for measuring the distance of a stable matrix to the unstable matrices"). */
#include "theory/axis.h"

#include "dense/algebra.h"

#include <math.h>
#include <string.h>

/* rows [n by n] = the inverse of all vectors. */
static void find(size_t n, const double *im, const double *factors, const int *pivots, double *rows,
                 double *conditions) {
  for (size_t j = 0; j < n; j++) rows[j + j * n] = 1;
  gdi_lu_solve_many(n, factors, n, pivots, n, rows);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) conditions[i] = hypot(conditions[i], rows[i + j * n]);
  for (size_t k = 0; k < n; k++) {
    if (im[k] == 0) continue; /* z = a + ib with |z| = 1; y = (p - iq) / 2 */
    conditions[k] = conditions[k + 1] = 0.5 * hypot(conditions[k], conditions[k + 1]);
    k++;
  }
}

gd_status gdi_axis_conditions(const gdi_env *env, size_t n, const double *im, double *vectors, double *conditions) {
  int *pivots = gdi_allocate(env, n, sizeof *pivots);
  double *rows = gdi_allocate(env, gdi_times(n, n), sizeof *rows);
  const gd_status status = pivots && rows ? gdi_lu_factor(n, vectors, n, pivots) : GD_ERR_MEMORY;
  const bool dependent = status == GD_ERR_LAPACK;
  for (size_t k = 0; k < n; k++) conditions[k] = dependent ? INFINITY : 0;
  if (status >= 0) find(n, im, vectors, pivots, rows, conditions);
  gdi_release(env, rows);
  gdi_release(env, pivots);
  return dependent ? GD_OK : status;
}

gd_status gdi_axis_is_clear(const gdi_env *env, size_t n, const double *J, double d, double level, bool *clear) {
  const size_t side = 2 * n;
  double *H = gdi_allocate(env, side * side + 2 * side, sizeof *H);
  if (!H) return GD_ERR_MEMORY;
  double *re = H + side * side, *im = re + side;
  memset(H, 0, side * side * sizeof *H);
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      H[i + j * side] = J[i + j * n];
      H[n + j + (n + i) * side] = -J[i + j * n];
    }
    H[j + (n + j) * side] = -d;
    H[n + j + j * side] = d;
  }
  const gd_status status = gdi_eigen_general(env, side, H, side, re, im, NULL);
  *clear = status >= 0;
  for (size_t k = 0; k < side && *clear; k++) *clear = fabs(re[k]) > level;
  gdi_release(env, H);
  return status;
}
