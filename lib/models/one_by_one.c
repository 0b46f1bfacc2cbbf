/* SPDX-License-Identifier: BSD-3-Clause */
/* one_by_one.c -- for each point: gather it from the lanes, evaluate the gradient, scatter the result. */
#include "models/one_by_one.h"

#include "game/forward_status.h"

int gdi_gradient_one_by_one(const gdi_env *env, size_t n, gdi_gradient_fn *gradient, void *data, const gd_draw *draw,
                            size_t k, const double *X, double *V) {
  double *x = gdi_allocate(env, 2 * n, sizeof *x);
  if (!x) return gdi_forward_status(GD_ERR_MEMORY);
  int code = 0;
  for (size_t lane = 0; lane < k && code == 0; lane++) {
    for (size_t i = 0; i < n; i++) x[i] = X[lane + k * i];
    code = gradient(data, draw, x, x + n);
    for (size_t i = 0; i < n; i++) V[lane + k * i] = x[n + i];
  }
  gdi_release(env, x);
  return code;
}
