/* SPDX-License-Identifier: BSD-3-Clause */
/* growth_flow.c -- the largest |exp(t A)|, in the real Schur form A = Q T Q', where |exp(t A)| = |exp(t T)|.
 *
 * A sheared A has entries far larger than its eigenvalues.  In T the eigenvalues are separated from the large entries,
 * and the exponential of the diagonal blocks is exact.  If the rounding of A may change the answer by more than the
 * wanted accuracy, there is no answer. */
#include "dense/algebra.h"
#include "dense/exponential.h"
#include "kernels/vector.h"
#include "linear/growth_search.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { SWEEPS_MAX = 100 };

/* What is known of A. */
typedef struct flow {
  gdi_growth_schur form; /* T [n by n] */
  double numerical;      /* numerical abscissa */
  double *D, *matrix;    /* [n], [n by n] */
} flow;

/* The largest eigenvalue of (A + A')/2; A may be overwritten. */
static gd_status find_numerical_abscissa(gdi_growth_search *s, double *A, double *abscissa) {
  const size_t n = s->n;
  for (size_t j = 0; j < n; j++)
    for (size_t i = j; i < n; i++) A[i + j * n] = 0.5 * A[i + j * n] + 0.5 * A[j + i * n];
  GD_TRY(gdi_eigen_symmetric(s->env, n, A, n, false, s->values));
  *abscissa = s->values[n - 1];
  return GD_OK;
}

static gd_status look_at(gdi_growth_search *s, flow *f, const double *A) {
  GD_TRY(gdi_growth_factor(s, A, &f->form));
  memcpy(f->matrix, A, s->n * s->n * sizeof *A);
  return find_numerical_abscissa(s, f->matrix, &f->numerical);
}

/* D, powers of two with largest 1, such that rows and columns of D^-1 T D off the diagonal have sums of one size, but
 * for what is below the eigenvalues (after Osborne 1960). */
static void balance(size_t n, const flow *f) {
  const double *T = f->form.schur.T, floor = fmax(f->form.radius, DBL_MIN);
  bool changed = true;
  for (size_t k = 0; k < n; k++) f->D[k] = 1;
  for (int sweep = 0; sweep < SWEEPS_MAX && changed; sweep++) {
    changed = false;
    for (size_t i = 0; i < n; i++) {
      double row = floor, column = floor;
      for (size_t j = 0; j < n; j++) {
        if (j != i) row += fabs(T[i + j * n]) * (f->D[j] / f->D[i]);
        if (j != i) column += fabs(T[j + i * n]) * (f->D[i] / f->D[j]);
      }
      const double factor = exp2(rint(0.5 * log2(row / column)));
      f->D[i] *= factor;
      changed = changed || factor != 1;
    }
  }
  double largest = 0;
  for (size_t k = 0; k < n; k++) largest = fmax(largest, f->D[k]);
  for (size_t k = 0; k < n; k++) f->D[k] /= largest;
}

/* The numerical abscissa of D^-1 T D, if that is positive, else 0. */
static gd_status find_scaled_abscissa(gdi_growth_search *s, const flow *f) {
  const size_t n = s->n;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) f->matrix[i + j * n] = f->form.schur.T[i + j * n] * (f->D[j] / f->D[i]);
  GD_TRY(find_numerical_abscissa(s, f->matrix, &s->numerical));
  s->numerical = fmax(s->numerical, 0);
  return GD_OK;
}

/* Check the norm at the time found, by a separate exponential. */
static gd_status check(gdi_growth_search *s, const flow *f, double accuracy, gd_growth *growth) {
  double norm;
  if (growth->at == 0) return GD_OK;
  GD_TRY(gdi_matrix_exponential(s->env, s->n, growth->at, f->form.schur.T, s->change));
  GD_TRY(gdi_growth_norm(s, s->change, &norm));
  const bool agrees = fabs(norm - growth->largest) <= accuracy * norm;
  *growth = agrees ? (gd_growth){norm, fmax(growth->bound, norm), growth->at, {0}} : gdi_growth_unknown;
  return agrees ? gdi_growth_check_rounding(&f->form, accuracy, growth->at, growth) : GD_NOT_CONVERGED;
}

static gd_status grow(gdi_growth_search *s, flow *f, double accuracy, gd_growth *growth) {
  s->T = f->form.schur.T;
  s->D = f->D;
  s->slack = 1 + accuracy;
  s->unit = log1p(accuracy) / f->numerical;
  balance(s->n, f);
  GD_TRY(find_scaled_abscissa(s, f));
  GD_TRY(gdi_growth_level(s, 0));
  GD_TRY(gdi_matrix_exponential(s->env, s->n, s->unit, s->T, s->power[0]));
  const gd_status status = gdi_growth_run(s, growth);
  if (status < 0) return status;
  const gd_status checked = check(s, f, accuracy, growth);
  return status == GD_OK || checked < 0 ? checked : status;
}

/* Decide whether some modes grow without bound: yes, no, or unknown. */
static gd_status decide(gdi_growth_search *s, flow *f, double accuracy, gd_growth *growth) {
  const double rounding = (double)s->n * DBL_EPSILON;
  bool certain = false, possible = false;
  for (size_t k = 0; k < s->n; k++) {
    certain = certain || f->form.schur.re[k] > f->form.doubts[k];
    possible = possible || f->form.schur.re[k] > rounding * fmax(f->form.radius, fabs(f->numerical));
  }
  const bool grows = f->numerical > rounding * fmax(f->form.radius, fabs(f->numerical));
  if (grows && !certain && !possible) return grow(s, f, accuracy, growth);
  *growth = !grows ? gdi_growth_none : certain ? gdi_growth_endless : gdi_growth_unknown;
  return grows && !certain ? GD_NOT_CONVERGED : GD_OK;
}

gd_status gdi_growth_of_flow(gdi_growth_search *s, const double *A, double accuracy, gd_growth *growth) {
  const size_t n = s->n;
  flow f = {.D = gdi_allocate(s->env, n, sizeof *f.D), .matrix = gdi_allocate(s->env, n * n, sizeof *f.matrix)};
  s->change = gdi_allocate(s->env, n * n, sizeof *s->change);
  gd_status status = f.D && f.matrix && s->change ? look_at(s, &f, A) : GD_ERR_MEMORY;
  if (status == GD_OK) status = decide(s, &f, accuracy, growth);
  gdi_growth_schur_destroy(s->env, &f.form);
  gdi_release(s->env, s->change);
  gdi_release(s->env, f.matrix);
  gdi_release(s->env, f.D);
  return status;
}
