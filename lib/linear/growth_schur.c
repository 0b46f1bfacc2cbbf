/* SPDX-License-Identifier: BSD-3-Clause */
/* growth_schur.c -- the eigenvalues, with error bounds.
 *
 * A Schur form by LAPACK is that of A + E, |E| of the size of rounding.  Where A is triangular up to a permutation,
 * LAPACK permutes and does no more: E = 0, and eigenvalues are entries of A. */
#include "kernels/vector.h"
#include "linear/growth_search.h"

#include <float.h>
#include <math.h>
#include <string.h>

const gd_growth gdi_growth_none = {1, 1, 0, {0}}, gdi_growth_endless = {INFINITY, INFINITY, INFINITY, {0}},
                gdi_growth_unknown = {1, INFINITY, 0, {0}};

/* Every column of Q has a single entry, which is then +-1. */
static bool is_permutation(size_t n, const double *Q) {
  for (size_t j = 0; j < n; j++) {
    size_t entries = 0;
    for (size_t i = 0; i < n; i++) entries += Q[i + j * n] != 0;
    if (entries != 1) return false;
  }
  return true;
}

gd_status gdi_growth_factor(gdi_growth_search *s, const double *A, gdi_growth_schur *form) {
  const size_t n = s->n;
  *form = (gdi_growth_schur){.doubts = gdi_allocate(s->env, n, sizeof *form->doubts)};
  GD_TRY(gdi_schur_create(s->env, &form->schur, n));
  if (!form->doubts) return GD_ERR_MEMORY;
  memcpy(form->schur.T, A, n * n * sizeof *A);
  GD_TRY(gdi_schur_factor(&form->schur, n, false));
  const double unit = (double)n * DBL_EPSILON, norm = gdi_vector_norm(n * n, A);
  form->rounding = is_permutation(n, form->schur.Q) ? 0 : GDI_SCHUR_SAFETY * unit * norm;
  gdi_schur_doubts(&form->schur, n, norm, form->rounding, form->doubts);
  for (size_t k = 0; k < n; k++) {
    const double modulus = hypot(form->schur.re[k], form->schur.im[k]);
    form->radius = fmax(form->radius, modulus);
    if (form->rounding == 0) form->doubts[k] = unit * modulus;
  }
  return GD_OK;
}

void gdi_growth_schur_destroy(const gdi_env *env, gdi_growth_schur *form) {
  gdi_schur_destroy(env, &form->schur);
  gdi_release(env, form->doubts);
}

/* To first order |exp(t (A + E))| - |exp(t A)| <= t |E| max |exp(s A)|^2, and the same of powers. */
gd_status gdi_growth_check_rounding(const gdi_growth_schur *form, double accuracy, double time, gd_growth *growth) {
  if (isinf(growth->largest) || form->rounding * time * growth->largest <= accuracy) return GD_OK;
  *growth = gdi_growth_unknown;
  return GD_NOT_CONVERGED;
}
