/* SPDX-License-Identifier: BSD-3-Clause */
/* gan_report.c -- Theorems 3.1 and 3.2 of Nagarajan & Kolter 2017 at a game's equilibrium, from its Jacobian.
 *
 *     J = [[2 f2 K_DD, -f1 K_DG], [f1 K_DG', 0]],   the discriminator first; signs as corrected
 *
 * With Q = -J_DD >= 0 and P = J_DG, J (d, g) = 0 means d'Q d = d'P g = (P'd)'g = 0, hence Q d = 0, then P g = 0: the
 * null space is {d: Q d = 0, P'd = 0} x {g: P g = 0}.  If every d with Q d = 0 has P'd = 0, this is the equilibrium
 * subspace Null(K_DD) x Null(K_DG).  J maps its complement to itself, and the theorems bound the eigenvalues there.
 * With a gradient penalty Q is replaced by Q + 2 eta P P', and Q = 0 is allowed. */
#include "base/error.h"
#include "base/memory.h"
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "theory/at_rest.h"

#include <float.h>
#include <gamedyn/stability.h>
#include <math.h>
#include <string.h>

typedef struct workspace {
  gd_linearisation *at;
  size_t n, p, q, D, G; /* block sizes and starts: discriminator p from D on, generator q from G on */
  double doubt;         /* singular values below doubt |J| are 0 */
  const double *J;      /* [n by n] */
  double *matrix;       /* [n by n] */
  double *values;       /* [n] */
} workspace;

static void release(workspace *w) { gdi_release(&w->at->env, w->values); }

/* Call release() afterwards, also on failure. */
static gd_status prepare(workspace *w, gd_linearisation *at, size_t discriminator) {
  const size_t n = at->n, other = 1 - discriminator;
  *w = (workspace){.at = at, .n = n};
  w->p = gd_game_block_size(at->game, discriminator), w->D = gd_game_block_start(at->game, discriminator);
  w->q = gd_game_block_size(at->game, other), w->G = gd_game_block_start(at->game, other);
  GD_TRY(gd_linearisation_matrix(at, &w->J));
  w->matrix = gdi_scratch_matrix(at, 0);
  w->values = gdi_allocate(&at->env, n, sizeof *w->values);
  if (!w->matrix || !w->values) return GD_ERR_MEMORY;
  w->doubt = fmax(gdi_linearisation_doubt(at), (double)n * DBL_EPSILON) * gdi_vector_norm(n * n, w->J);
  return GD_OK;
}

static double entry(const workspace *w, size_t i, size_t j) { return w->J[i + j * w->n]; }

/* J_GG = 0 and J_GD = -J_DG', as at the equilibrium of a GAN. */
static gd_status check_form(const workspace *w) {
  for (size_t j = 0; j < w->q; j++) {
    for (size_t i = 0; i < w->q; i++)
      if (fabs(entry(w, w->G + i, w->G + j)) > w->doubt)
        return gdi_fail(GD_ERR_HYPOTHESIS, "the generator's own block is not 0: its entry (%zu, %zu) is %g", i, j,
                        entry(w, w->G + i, w->G + j));
    for (size_t i = 0; i < w->p; i++)
      if (fabs(entry(w, w->G + j, w->D + i) + entry(w, w->D + i, w->G + j)) > w->doubt)
        return gdi_fail(GD_ERR_HYPOTHESIS, "J_GD is not -J_DG': entry (%zu, %zu) is %g and its mirror %g", j, i,
                        entry(w, w->G + j, w->D + i), entry(w, w->D + i, w->G + j));
  }
  return GD_OK;
}

/* Eigenvalues of Q = -J_DD into `values`, ascending. */
static gd_status look_at_discriminator(workspace *w, double *least, double *largest, size_t *rank) {
  for (size_t j = 0; j < w->p; j++)
    for (size_t i = 0; i < w->p; i++)
      w->matrix[i + j * w->p] = -0.5 * entry(w, w->D + i, w->D + j) - 0.5 * entry(w, w->D + j, w->D + i);
  GD_TRY(gdi_eigen_symmetric(&w->at->env, w->p, w->matrix, w->p, false, w->values));
  if (w->values[0] < -w->doubt)
    return gdi_fail(GD_ERR_HYPOTHESIS, "K_DD is not positive semidefinite: -J_DD has an eigenvalue %g", w->values[0]);
  size_t zeros = 0;
  while (zeros < w->p && w->values[zeros] <= w->doubt) zeros++;
  *rank = w->p - zeros;
  *least = *rank > 0 ? w->values[zeros] : 0;
  *largest = *rank > 0 ? w->values[w->p - 1] : 0;
  return GD_OK;
}

/* Singular values of P = J_DG, or of [Q P] with Q in front. */
static gd_status find_singular_values(workspace *w, bool with_Q, size_t *rank) {
  const size_t columns = with_Q ? w->p + w->q : w->q, least = w->p < columns ? w->p : columns;
  double *out = w->matrix;
  for (size_t j = 0; with_Q && j < w->p; j++, out += w->p)
    memcpy(out, &w->J[w->D + (w->D + j) * w->n], w->p * sizeof *out);
  for (size_t j = 0; j < w->q; j++, out += w->p) memcpy(out, &w->J[w->D + (w->G + j) * w->n], w->p * sizeof *out);
  GD_TRY(gdi_singular_values(&w->at->env, w->p, columns, w->matrix, w->p, w->values, NULL, NULL));
  *rank = 0;
  while (*rank < least && w->values[*rank] > w->doubt) ++*rank;
  return GD_OK;
}

static gd_status look(workspace *w, double f1, double f2, gd_gan_report *report) {
  double q_min = 0, q_max = 0;
  size_t rank_Q = 0, rank_P, rank_both;
  GD_TRY(check_form(w));
  GD_TRY(look_at_discriminator(w, &q_min, &q_max, &rank_Q));
  GD_TRY(find_singular_values(w, true, &rank_both));
  GD_TRY(find_singular_values(w, false, &rank_P));
  if (rank_P == 0) return gdi_fail(GD_ERR_HYPOTHESIS, "K_DG is 0: the generator has no effect");
  const double least = w->values[rank_P - 1] / f1, largest = w->values[0] / f1;
  report->kdd_min = f2 < 0 ? q_min / (-2 * f2) : NAN;
  report->kdd_max = f2 < 0 ? q_max / (-2 * f2) : NAN;
  report->kdg_min = least * least;
  report->kdg_max = largest * largest;
  report->null_discriminator = w->p - rank_both;
  report->null_generator = w->q - rank_P;
  if (f2 == 0 && rank_Q > 0)
    return gdi_fail(GD_ERR_HYPOTHESIS, "f2 is 0, but the discriminator's own block is not: -J_DD has an eigenvalue %g",
                    q_max);
  if (f2 < 0 && rank_Q < rank_both)
    return gdi_fail(GD_ERR_HYPOTHESIS, "Null(K_DD) has %zu dimensions and %zu of them move the generator",
                    w->p - rank_Q, rank_both - rank_Q);
  return GD_OK;
}

/* Theorem 3.2 with a penalty and K_DD = 0; Theorem 3.1 without a penalty; Lemma G.2 with both. */
static gd_status bound(double f1, double f2, double eta, gd_gan_report *report) {
  gd_rate_bounds bounds;
  const double s = f1 * f1 * report->kdg_min;
  if (f2 < 0 && eta > 0)
    GD_TRY(gd_saddle_rate_bounds(-2 * f2 * report->kdd_min,
                                 -2 * f2 * report->kdd_max + 2 * eta * f1 * f1 * report->kdg_max, s, &bounds));
  else if (f2 < 0)
    GD_TRY(gd_gan_rate_bounds(f1, f2, report->kdd_min, report->kdd_max, report->kdg_min, &bounds));
  else
    GD_TRY(gd_wgan_rate_bounds(f1, eta, report->kdg_min, report->kdg_max, &bounds));
  report->real_bound = bounds.real;
  report->non_real_bound = bounds.non_real;
  return GD_OK;
}

static gd_status check(const gd_linearisation *at, size_t discriminator, double f1, double f2, double eta,
                       const gd_gan_report *report) {
  GDI_REQUIRE(at && report, "gd_gan_report_compute: %s is NULL", at ? "report" : "linearisation");
  GDI_REQUIRE(discriminator < 2, "gd_gan_report_compute: discriminator is %zu, expected 0 or 1", discriminator);
  GDI_REQUIRE(isfinite(f1) && isfinite(f2) && isfinite(eta) && eta >= 0,
              "gd_gan_report_compute: f1 = %g, f2 = %g, eta = %g, expected numbers, eta >= 0", f1, f2, eta);
  GD_TRY(gdi_linearisation_check(at, "gd_gan_report_compute"));
  if (gd_game_players(at->game) != 2)
    return gdi_fail(GD_ERR_HYPOTHESIS, "a GAN has two players; \"%s\" has %zu", gd_game_name(at->game),
                    gd_game_players(at->game));
  if (f1 == 0 || f2 > 0 || (f2 == 0 && eta == 0))
    return gdi_fail(GD_ERR_HYPOTHESIS, "f1 = %g, f2 = %g, eta = %g, expected f1 != 0, and f2 < 0 or eta > 0", f1, f2,
                    eta);
  return gdi_linearisation_check_dense(at, "gd_gan_report_compute");
}

gd_status gd_gan_report_compute(gd_linearisation *linearisation, size_t discriminator, double f1, double f2, double eta,
                                gd_gan_report *report) {
  GD_TRY(check(linearisation, discriminator, f1, f2, eta, report));
  workspace w;
  gd_gan_report found = {0};
  GD_TRY(gdi_check_at_rest(linearisation, "gd_gan_report_compute"));
  gd_status status = prepare(&w, linearisation, discriminator);
  if (status >= 0) status = look(&w, f1, f2, &found);
  if (status >= 0) status = bound(f1, f2, eta, &found);
  release(&w);
  if (status >= 0) *report = found;
  return status;
}
