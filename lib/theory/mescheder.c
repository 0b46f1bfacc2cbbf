/* SPDX-License-Identifier: BSD-3-Clause */
/* mescheder.c -- Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs": step sizes from eigenvalues, and the effect
 * of the consensus field on them.
 *
 * Lemma 4.  |1 + h lambda| < 1 iff h (h |lambda|^2 + 2 Re lambda) < 0 iff h < -2 Re lambda / |lambda|^2.
 *
 * Lemma 7.  If z'Jz <= 0 for all z and J is invertible, A = J - gamma J'J has z'Az = z'Jz - gamma |Jz|^2 < 0.
 *
 * Lemma 9, corrected.  Let A z = lambda z with |z| = 1, S = (J + J')/2, R = (J - J')/2.  Then
 *     Re lambda = z*Sz - gamma |Jz|^2,   i Im lambda = z*Rz,   so
 *     |Re lambda| / |Im lambda| = |z*Sz| / |z*Rz| + gamma |Jz|^2 / |z*Rz| >= c + gamma rho^2 / (|J - J'|_2 / 2),
 * with c the least |z*Sz| / |z*Rz|, which is 1 / spectral radius of S^{-1} R, and |Jz| >= rho.  Print has c + 2 rho^2
 * gamma, right only where |J - J'|_2 <= 1: both sides scale differently with J. */
#include "base/error.h"
#include "base/memory.h"
#include "dense/algebra.h"
#include "linear/null_space.h"
#include "theory/at_rest.h"

#include <float.h>
#include <gamedyn/stability.h>
#include <math.h>
#include <string.h>

gd_status gd_largest_euler_step(double re, double im, double *step_size) {
  GDI_REQUIRE(step_size, "gd_largest_euler_step: step_size is NULL");
  GDI_REQUIRE(isfinite(re) && isfinite(im), "gd_largest_euler_step: the eigenvalue is %g + %g i, expected finite", re,
              im);
  /* 2 |re| / |lambda|^2 without squaring: |lambda| may overflow or underflow when squared */
  const double modulus = hypot(re, im);
  *step_size = re < 0 ? 2 * (-re / modulus) / modulus : 0;
  return GD_OK;
}

gd_status gd_spectrum_largest_euler_step(const gd_spectrum *spectrum, double *step_size) {
  GDI_REQUIRE(spectrum && step_size, "gd_spectrum_largest_euler_step: %s is NULL", spectrum ? "step_size" : "spectrum");
  const gd_spectrum *moving = gd_spectrum_moving(spectrum);
  const double *re = gd_spectrum_real(moving), *im = gd_spectrum_imaginary(moving), zero = gdi_spectrum_zero(spectrum);
  double smallest = INFINITY;
  for (size_t k = 0; k < gd_spectrum_count(moving); k++) {
    double step = 0;
    if (hypot(re[k], im[k]) > zero) GD_TRY(gd_largest_euler_step(re[k], im[k], &step));
    smallest = fmin(smallest, step);
  }
  *step_size = smallest;
  return GD_OK;
}

gd_status gd_consensus_ratio_bound(double c, double rho, double gamma, double rotation_norm, double *ratio_bound) {
  GDI_REQUIRE(ratio_bound, "gd_consensus_ratio_bound: ratio_bound is NULL");
  GDI_REQUIRE(c >= 0 && rho >= 0 && gamma >= 0 && rotation_norm >= 0,
              "gd_consensus_ratio_bound: c = %g, rho = %g, gamma = %g, rotation_norm = %g, expected 0 or more", c, rho,
              gamma, rotation_norm);
  *ratio_bound = rotation_norm > 0 ? 1 / (c + 2 * gamma * rho * (rho / rotation_norm)) : 0;
  return GD_OK;
}

gd_status gd_consensus_gamma_for_ratio(double c, double rho, double rotation_norm, double ratio, double *gamma) {
  GDI_REQUIRE(gamma, "gd_consensus_gamma_for_ratio: gamma is NULL");
  GDI_REQUIRE(c >= 0 && rotation_norm >= 0 && ratio > 0,
              "gd_consensus_gamma_for_ratio: c = %g, rotation_norm = %g, ratio = %g, expected c and rotation_norm 0 or "
              "more and ratio above 0",
              c, rotation_norm, ratio);
  if (!(rho > 0))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Lemma 9 needs an invertible Jacobian: rho is %g, expected above 0", rho);
  *gamma = fmax(0, (1 / ratio - c) * (rotation_norm / rho) / (2 * rho));
  return GD_OK;
}

/* ---- at a point ---- */

/* Room for one report. */
typedef struct workspace {
  gd_linearisation *at;
  size_t n;
  const double *J;                    /* [n by n] */
  double *consensus, *matrix, *other; /* [n by n] */
  double *re, *im;                    /* [n] */
} workspace;

static void release(workspace *room) { gdi_release(&room->at->env, room->re); }

/* Call release() afterwards, also on failure. */
static gd_status prepare(workspace *room, gd_linearisation *at) {
  *room = (workspace){.at = at, .n = at->n};
  GD_TRY(gd_linearisation_matrix(at, &room->J));
  room->consensus = gdi_scratch_matrix(at, 0);
  room->matrix = gdi_scratch_matrix(at, 1);
  room->other = gdi_scratch_matrix(at, 2);
  room->re = gdi_allocate(&at->env, 2 * at->n, sizeof *room->re);
  if (!room->consensus || !room->matrix || !room->other || !room->re) return GD_ERR_MEMORY;
  room->im = room->re + at->n;
  return GD_OK;
}

/* out = a A + b A' */
static void combine(size_t n, const double *A, double a, double b, double *out) {
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) out[i + j * n] = a * A[i + j * n] + b * A[j + i * n];
}

/* consensus = J - gamma J'J */
static void form_consensus(workspace *room, double gamma) {
  const size_t n = room->n;
  const double *J = room->J;
  gdi_matrix_product(
      &(gdi_product){.transpose_a = true, .rows = n, .columns = n, .inner = n, .A = J, .lda = n, .B = J, .ldb = n},
      room->consensus, n);
  for (size_t k = 0; k < n * n; k++) room->consensus[k] = J[k] - gamma * room->consensus[k];
}

/* Largest eigenvalue of the symmetric part of the consensus matrix. */
static gd_status consensus_top(workspace *room, double *top) {
  combine(room->n, room->consensus, 0.5, 0.5, room->matrix);
  GD_TRY(gdi_eigen_symmetric(&room->at->env, room->n, room->matrix, room->n, false, room->re));
  *top = room->re[room->n - 1];
  return GD_OK;
}

/* max |Im/Re| over eigenvalues.  An eigenvalue of modulus up to `zero` is left out; a real part up to `zero` counts as
 * 0. */
static double largest_ratio(size_t n, const double *re, const double *im, double zero) {
  double ratio = 0;
  for (size_t k = 0; k < n; k++)
    if (fabs(im[k]) > zero) ratio = fmax(ratio, fabs(re[k]) > zero ? fabs(im[k]) / fabs(re[k]) : INFINITY);
  return ratio;
}

static gd_status find_ratio(workspace *room, double zero, double *ratio) {
  const gd_spectrum *spectrum;
  GD_TRY(gd_linearisation_spectrum(room->at, &spectrum));
  *ratio = largest_ratio(room->n, gd_spectrum_real(spectrum), gd_spectrum_imaginary(spectrum), zero);
  return GD_OK;
}

static gd_status find_consensus_ratio(workspace *room, double zero, double *ratio) {
  memcpy(room->matrix, room->consensus, room->n * room->n * sizeof *room->matrix);
  GD_TRY(gdi_eigen_general(&room->at->env, room->n, room->matrix, room->n, room->re, room->im, NULL));
  *ratio = largest_ratio(room->n, room->re, room->im, zero);
  return GD_OK;
}

/* 1 / spectral radius of (J + J')^{-1} (J - J'), for J + J' = -L L' negative definite: the norm of the antisymmetric
 * L^-1 (J - J') L^-T.  Without rotation it is INFINITY. */
static gd_status find_c(workspace *room, double *c) {
  const size_t n = room->n;
  double radius;
  combine(n, room->J, -1, -1, room->other);
  combine(n, room->J, 1, -1, room->matrix);
  GD_TRY(gdi_definite_divide(n, room->other, room->matrix));
  GD_TRY(gdi_antisymmetric_norm(room->at, room->matrix, room->other, &radius));
  *c = 1 / radius;
  return GD_OK;
}

/* The results for J itself; the scratch matrices are overwritten. */
static gd_status look_at_jacobian(gd_linearisation *at, double *norm, double *rounding, gd_consensus_report *report) {
  const double *singular;
  double least, rotation;
  GD_TRY(gd_linearisation_singular_values(at, &singular));
  GD_TRY(gd_linearisation_symmetric_part(at, &least, &report->monotonicity));
  GD_TRY(gd_linearisation_rotation(at, &rotation));
  report->rho = singular[at->n - 1];
  report->rotation_norm = 2 * rotation;
  *norm = singular[0];
  *rounding = fmax(gdi_linearisation_doubt(at), (double)at->n * DBL_EPSILON) * *norm;
  report->hypothesis = report->monotonicity <= *rounding && report->rho > *rounding;
  return GD_OK;
}

static gd_status look_at_consensus(workspace *room, double gamma, double norm, double rounding,
                                   gd_consensus_report *report) {
  if (report->monotonicity < -rounding) GD_TRY(find_c(room, &report->c));
  form_consensus(room, gamma);
  GD_TRY(find_consensus_ratio(room, rounding * (1 + 2 * gamma * norm), &report->consensus_ratio));
  GD_TRY(consensus_top(room, &report->consensus_monotonicity));
  report->ratio_bound = INFINITY;
  if (!report->hypothesis) return GD_OK;
  return gd_consensus_ratio_bound(report->c, report->rho, gamma, report->rotation_norm, &report->ratio_bound);
}

static gd_status fill(workspace *room, gd_linearisation *at, double gamma, gd_consensus_report *report) {
  double norm, rounding;
  GD_TRY(look_at_jacobian(at, &norm, &rounding, report));
  GD_TRY(prepare(room, at));
  GD_TRY(find_ratio(room, rounding, &report->ratio));
  return look_at_consensus(room, gamma, norm, rounding, report);
}

gd_status gd_consensus_report_compute(gd_linearisation *linearisation, double gamma, gd_consensus_report *report) {
  GDI_REQUIRE(linearisation && report, "gd_consensus_report_compute: %s is NULL",
              linearisation ? "report" : "linearisation");
  GDI_REQUIRE(gamma >= 0 && isfinite(gamma), "gd_consensus_report_compute: gamma is %g, expected 0 or more", gamma);
  GD_TRY(gdi_linearisation_check_dense(linearisation, "gd_consensus_report_compute"));
  GD_TRY(gdi_check_at_rest(linearisation, "gd_consensus_report_compute"));
  workspace room = {.at = linearisation};
  gd_consensus_report found = {0};
  const gd_status status = fill(&room, linearisation, gamma, &found);
  release(&room);
  if (status == GD_OK) *report = found;
  return status;
}
