/* SPDX-License-Identifier: BSD-3-Clause */
/* mescheder.c -- Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs": step sizes from eigenvalues, and what the
 * consensus field does to them.
 *
 * Lemma 4.  |1 + h lambda| < 1 iff h (h |lambda|^2 + 2 Re lambda) < 0 iff h < -2 Re lambda / |lambda|^2.
 *
 * Lemma 7.  If z'Jz <= 0 for all z and J is invertible, A = J - gamma J'J has z'Az = z'Jz - gamma |Jz|^2 < 0.
 *
 * Lemma 9, corrected.  Let A z = lambda z with |z| = 1, S = (J + J')/2, R = (J - J')/2.  Then
 *     Re lambda = z*Sz - gamma |Jz|^2,   i Im lambda = z*Rz,   so
 *     |Re lambda| / |Im lambda| = |z*Sz| / |z*Rz| + gamma |Jz|^2 / |z*Rz| >= c + gamma rho^2 / (|J - J'|_2 / 2),
 * with c the least |z*Sz| / |z*Rz|, which is 1 / spectral radius of S^{-1} R, and |Jz| >= rho.  Print has
 * c + 2 rho^2 gamma, right only where |J - J'|_2 <= 1: both sides scale differently with J. */
#include "base/dense.h"
#include "base/error.h"
#include "base/memory.h"
#include "game/interior.h"
#include "game/limits.h"
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

/* Matrices [n by n] and vectors [n] for one report. */
typedef struct workspace {
  gdi_env env;
  size_t n;
  double doubt; /* of entries of J, relative to |J| */
  double *jacobian, *consensus, *matrix, *other;
  double *re, *im;
  int *pivots;
} workspace;

static void release(workspace *room) {
  gdi_release(&room->env, room->pivots);
  gdi_release(&room->env, room->im);
  gdi_release(&room->env, room->re);
  gdi_release(&room->env, room->other);
  gdi_release(&room->env, room->matrix);
  gdi_release(&room->env, room->consensus);
  gdi_release(&room->env, room->jacobian);
}

static gd_status reserve(workspace *room, const gd_game *game) {
  GD_TRY(gdi_env_copy(&room->env, gd_game_env(game)));
  const size_t n = room->n = gd_game_size(game);
  room->doubt = fmax(gdi_game_doubt(game), (double)n * DBL_EPSILON);
  room->jacobian = gdi_allocate(&room->env, gdi_times(n, n), sizeof(double));
  room->consensus = gdi_allocate(&room->env, gdi_times(n, n), sizeof(double));
  room->matrix = gdi_allocate(&room->env, gdi_times(n, n), sizeof(double));
  room->other = gdi_allocate(&room->env, gdi_times(n, n), sizeof(double));
  room->re = gdi_allocate(&room->env, n, sizeof(double));
  room->im = gdi_allocate(&room->env, n, sizeof(double));
  room->pivots = gdi_allocate(&room->env, n, sizeof *room->pivots);
  const bool all = room->jacobian && room->consensus && room->matrix && room->other && room->re && room->im;
  return all && room->pivots ? GD_OK : GD_ERR_MEMORY;
}

/* out = a A + b A' */
static void combine(size_t n, const double *A, double a, double b, double *out) {
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) out[i + j * n] = a * A[i + j * n] + b * A[j + i * n];
}

/* consensus = J - gamma J'J */
static void form_consensus(workspace *room, double gamma) {
  const size_t n = room->n;
  const double *J = room->jacobian;
  gdi_matrix_product(
      &(gdi_product){.transpose_a = true, .rows = n, .columns = n, .inner = n, .A = J, .lda = n, .B = J, .ldb = n},
      room->consensus, n);
  for (size_t k = 0; k < n * n; k++) room->consensus[k] = J[k] - gamma * room->consensus[k];
}

/* Largest eigenvalue of (A + A')/2. */
static gd_status symmetric_top(workspace *room, const double *A, double *top) {
  combine(room->n, A, 0.5, 0.5, room->matrix);
  GD_TRY(gdi_eigen_symmetric(&room->env, room->n, room->matrix, room->n, false, room->re));
  *top = room->re[room->n - 1];
  return GD_OK;
}

/* max |Im/Re| over the eigenvalues of A; one that is 0, up to `zero`, has no direction and is passed over, and a real
 * part up to `zero` is 0. */
static gd_status eigenvalue_ratio(workspace *room, const double *A, double zero, double *ratio) {
  memcpy(room->matrix, A, room->n * room->n * sizeof *A);
  GD_TRY(gdi_eigen_general(&room->env, room->n, room->matrix, room->n, room->re, room->im, NULL));
  *ratio = 0;
  for (size_t k = 0; k < room->n; k++) {
    const double re = fabs(room->re[k]), im = fabs(room->im[k]);
    if (im > zero) *ratio = fmax(*ratio, re > zero ? im / re : INFINITY);
  }
  return GD_OK;
}

static gd_status singular_extremes(workspace *room, double *least, double *greatest) {
  const size_t n = room->n;
  GD_TRY(gdi_singular_values(&room->env, n, n, room->matrix, n, room->re, NULL, NULL));
  if (least) *least = room->re[n - 1];
  if (greatest) *greatest = room->re[0];
  return GD_OK;
}

/* 1 / spectral radius of (J + J')^{-1} (J - J'), for J + J' negative definite; without rotation it is INFINITY. */
static gd_status find_c(workspace *room, double *c) {
  const size_t n = room->n;
  double radius = 0;
  combine(n, room->jacobian, 1, 1, room->other);
  combine(n, room->jacobian, 1, -1, room->matrix);
  GD_TRY(gdi_lu_factor(n, room->other, n, room->pivots));
  for (size_t j = 0; j < n; j++) gdi_lu_solve(false, n, room->other, n, room->pivots, room->matrix + j * n);
  GD_TRY(gdi_eigen_general(&room->env, n, room->matrix, n, room->re, room->im, NULL));
  for (size_t k = 0; k < n; k++) radius = fmax(radius, hypot(room->re[k], room->im[k]));
  *c = 1 / radius;
  return GD_OK;
}

static gd_status fill(workspace *room, double gamma, gd_consensus_report *report) {
  const size_t n = room->n;
  double size;
  memcpy(room->matrix, room->jacobian, n * n * sizeof *room->matrix);
  GD_TRY(singular_extremes(room, &report->rho, &size));
  combine(n, room->jacobian, 1, -1, room->matrix);
  GD_TRY(singular_extremes(room, NULL, &report->rotation_norm));
  GD_TRY(symmetric_top(room, room->jacobian, &report->monotonicity));
  const double rounding = room->doubt * size;
  report->hypothesis = report->monotonicity <= rounding && report->rho > rounding;
  if (report->monotonicity < -rounding) GD_TRY(find_c(room, &report->c));
  GD_TRY(eigenvalue_ratio(room, room->jacobian, rounding, &report->ratio));
  form_consensus(room, gamma);
  GD_TRY(eigenvalue_ratio(room, room->consensus, rounding * (1 + 2 * gamma * size), &report->consensus_ratio));
  GD_TRY(symmetric_top(room, room->consensus, &report->consensus_monotonicity));
  report->ratio_bound = INFINITY;
  if (!report->hypothesis) return GD_OK;
  return gd_consensus_ratio_bound(report->c, report->rho, gamma, report->rotation_norm, &report->ratio_bound);
}

gd_status gd_consensus_report_at(gd_game *game, const double *x, double gamma, gd_consensus_report *report) {
  GDI_REQUIRE(game && x && report, "gd_consensus_report_at: %s is NULL", !game ? "game" : !x ? "x" : "report");
  GDI_REQUIRE(gamma >= 0 && isfinite(gamma), "gd_consensus_report_at: gamma is %g, expected 0 or more", gamma);
  GD_TRY(gdi_game_check_whole(game, "gd_consensus_report_at"));
  GD_TRY(gdi_game_check_point(game, x, "gd_consensus_report_at"));
  GD_TRY(gdi_game_check_interior(game, x, "gd_consensus_report_at"));
  GD_TRY(gd_game_prepare(game, 1u << GD_JACOBIAN));
  workspace room = {0};
  gd_consensus_report found = {0};
  gd_status status = reserve(&room, game);
  if (status == GD_OK) status = gd_game_jacobian(game, x, room.jacobian, room.n);
  if (status == GD_OK) status = gdi_check_at_rest(game, x, room.jacobian, room.re, "gd_consensus_report_at");
  if (status == GD_OK) status = fill(&room, gamma, &found);
  release(&room);
  if (status == GD_OK) *report = found;
  return status;
}
