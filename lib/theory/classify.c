/* SPDX-License-Identifier: BSD-3-Clause */
/* classify.c -- what kind of point x is, from the Jacobian J(x).
 *
 * A local Nash point has v = 0 and every player's own Hessian negative semidefinite (necessary; sufficient when
 * definite).  x attracts the flow x' = v(x) if J is Hurwitz: every eigenvalue has a negative real part.  In a zero-sum
 * game of two it is a strict local minimax point with player i leading if J_jj < 0 and J_ii - J_ij J_jj^-1 J_ji < 0,
 * the Hessian of u_i along j's best answer (Jin, Netrapalli & Jordan 2020, "What is Local Optimality in
 * Nonconvex-Nonconcave Minimax Optimization?", Proposition 20).
 *
 * A null vector z of J may point along equilibria or not.  From x + e z, y = y - J^+ v(y) is repeated, which moves
 * across the null space only: v goes to 0 if there is an equilibrium at distance e along z, and else stays of higher
 * order in e. */
#include "base/dense.h"
#include "base/error.h"
#include "base/vector.h"
#include "game/limits.h"
#include "linear/eigen.h"
#include "theory/point.h"

#include <math.h>
#include <string.h>

enum { CORRECTIONS = 8 };

typedef struct workspace {
  gdi_env env;
  gd_game *game;
  size_t n;
  double zero;             /* tolerance |J| */
  double *J;               /* [n by n] */
  double *matrix, *second; /* [n by n], what solvers are to use up */
  double *re, *im;         /* [n] */
  int *pivots;             /* [n] */
} workspace;

static void release(workspace *w) {
  gdi_release(&w->env, w->J);
  gdi_release(&w->env, w->matrix);
  gdi_release(&w->env, w->second);
  gdi_release(&w->env, w->re);
  gdi_release(&w->env, w->pivots);
}

/* To be followed by release(), also on failure. */
static gd_status prepare(workspace *w, gd_game *game, const double *x) {
  const size_t n = gd_game_size(game);
  *w = (workspace){.game = game, .n = n};
  GD_TRY(gdi_env_copy(&w->env, gd_game_env(game)));
  w->J = gdi_allocate(&w->env, n * n, sizeof *w->J);
  w->matrix = gdi_allocate(&w->env, n * n, sizeof *w->matrix);
  w->second = gdi_allocate(&w->env, n * n, sizeof *w->second);
  w->re = gdi_allocate(&w->env, 2 * n, sizeof *w->re);
  w->pivots = gdi_allocate(&w->env, n, sizeof *w->pivots);
  if (!w->J || !w->matrix || !w->second || !w->re || !w->pivots) return GD_ERR_MEMORY;
  w->im = w->re + n;
  return gd_game_jacobian(game, x, w->J, n);
}

/* Largest eigenvalue of the symmetric part of a block, `rows` apart from column to column; `matrix` is used up. */
static gd_status largest_symmetric(workspace *w, const double *block, size_t ld, size_t side, double *largest) {
  for (size_t j = 0; j < side; j++)
    for (size_t i = 0; i < side; i++) w->matrix[i + j * side] = 0.5 * block[i + j * ld] + 0.5 * block[j + i * ld];
  GD_TRY(gdi_eigen_symmetric(&w->env, side, w->matrix, side, false, w->re));
  *largest = w->re[side - 1];
  return GD_OK;
}

static const double *block_at(const workspace *w, size_t i, size_t j) {
  return w->J + gd_game_block_start(w->game, i) + gd_game_block_start(w->game, j) * w->n;
}

static gd_status own_curvature(workspace *w, size_t player, double *largest) {
  return largest_symmetric(w, block_at(w, player, player), w->n, gd_game_block_size(w->game, player), largest);
}

/* ---- eigenvalues ---- */

static void count(const workspace *w, gd_classification *c) {
  c->n_left = c->n_zero = c->n_imaginary = c->n_right = 0;
  for (size_t k = 0; k < w->n; k++) {
    if (w->re[k] < -w->zero)
      c->n_left++;
    else if (w->re[k] > w->zero)
      c->n_right++;
    else if (fabs(w->im[k]) > w->zero)
      c->n_imaginary++;
    else
      c->n_zero++;
  }
}

/* The largest |Im/Re|; eigenvalues of modulus <= zero are no rotation, and a real part that small is none. */
static double largest_ratio(const workspace *w) {
  double largest = 0;
  for (size_t k = 0; k < w->n; k++) {
    const double re = fabs(w->re[k]), im = fabs(w->im[k]);
    if (hypot(re, im) <= w->zero) continue;
    largest = fmax(largest, re <= w->zero ? INFINITY : im / re);
  }
  return largest;
}

static gd_status look_at_eigenvalues(workspace *w, gd_classification *c) {
  memcpy(w->matrix, w->J, w->n * w->n * sizeof *w->J);
  gdi_eigen eigen = {.n = w->n, .re = w->re, .im = w->im};
  GD_TRY(gdi_eigen_solve(&w->env, w->matrix, false, &eigen));
  c->spectral_abscissa = w->re[0];
  for (size_t k = 1; k < w->n; k++) c->spectral_abscissa = fmax(c->spectral_abscissa, w->re[k]);
  c->largest_imag_real_ratio = largest_ratio(w);
  count(w, c);
  return GD_OK;
}

/* ---- Nash and minimax ---- */

/* second = J_ii - J_ij J_jj^-1 J_ji, packed. */
static gd_status find_schur_complement(workspace *w, size_t i, size_t j) {
  const size_t p = gd_game_block_size(w->game, i), q = gd_game_block_size(w->game, j), n = w->n;
  double *factors = w->matrix, *answer = w->im;
  for (size_t k = 0; k < q; k++) memcpy(factors + k * q, block_at(w, j, j) + k * n, q * sizeof *factors);
  GD_TRY(gdi_lu_factor(q, factors, q, w->pivots));
  for (size_t k = 0; k < p; k++) {
    double *column = w->second + k * p;
    memcpy(answer, block_at(w, j, i) + k * n, q * sizeof *answer);
    gdi_lu_solve(false, q, factors, q, w->pivots, answer);
    memcpy(column, block_at(w, i, i) + k * n, p * sizeof *column);
    gdi_matrix_vector_add(p, q, -1, block_at(w, i, j), n, answer, column);
  }
  return GD_OK;
}

static gd_status look_at_leader(workspace *w, size_t i, double others_curvature, double *curvature) {
  *curvature = NAN;
  if (!(others_curvature < -w->zero)) return GD_OK;
  GD_TRY(find_schur_complement(w, i, 1 - i));
  const size_t p = gd_game_block_size(w->game, i);
  return largest_symmetric(w, w->second, p, p, curvature);
}

static gd_status look_at_players(workspace *w, gd_classification *c) {
  const size_t players = gd_game_players(w->game);
  double own[2] = {0, 0};
  c->own_curvature = -INFINITY;
  for (size_t i = 0; i < players; i++) {
    double curvature;
    GD_TRY(own_curvature(w, i, &curvature));
    c->own_curvature = fmax(c->own_curvature, curvature);
    if (i < 2) own[i] = curvature;
  }
  c->leader_curvature[0] = c->leader_curvature[1] = NAN;
  if (players != 2 || !(gd_game_traits(w->game) & GD_ZERO_SUM)) return GD_OK;
  for (size_t i = 0; i < 2; i++) GD_TRY(look_at_leader(w, i, own[1 - i], &c->leader_curvature[i]));
  return GD_OK;
}

/* ---- manifolds ---- */

/* y -= J^+ v by the singular vectors of J, those of values <= zero left out; v is used up, `room` [n]. */
static void correct(const workspace *w, const gdi_svd *svd, double *v, double *y, double *room) {
  gdi_matrix_vector(true, w->n, w->n, 1, svd->left, w->n, v, room);
  for (size_t k = 0; k < w->n; k++) room[k] = svd->values[k] > w->zero ? room[k] / svd->values[k] : 0;
  gdi_matrix_vector(true, w->n, w->n, 1, svd->right_transposed, w->n, room, v);
  gdi_vector_axpy(w->n, -1, v, y);
}

/* |v| left at distance e along null vector number k; infinite where v cannot be had. */
static gd_status follow(workspace *w, const gdi_svd *svd, const double *x, size_t k, double e, double *left) {
  double *y = w->re, *v = w->im, *room = w->matrix;
  for (size_t i = 0; i < w->n; i++) y[i] = x[i] + e * svd->right_transposed[k + i * w->n];
  for (int pass = 0;; pass++) {
    const gd_status status = gd_game_gradient(w->game, y, v);
    *left = INFINITY;
    if (status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE) return GD_OK;
    GD_TRY(status);
    GD_TRY(gd_game_norm(w->game, v, left));
    if (pass == CORRECTIONS) return GD_OK;
    correct(w, svd, v, y, room);
  }
}

/* The largest |v| / (|J| e) left along null vectors; *nullity counts these. */
static gd_status look_along(workspace *w, const gdi_svd *svd, const double *x, double tolerance, size_t *nullity,
                            double *residual) {
  const double norm = svd->values[0] > 0 ? svd->values[0] : 1;
  const double e = sqrt(sqrt(tolerance)) * fmax(1, gdi_vector_norm(w->n, x));
  *nullity = 0;
  *residual = 0;
  for (size_t k = 0; k < w->n; k++) {
    if (svd->values[k] > w->zero) continue;
    double left;
    GD_TRY(follow(w, svd, x, k, e, &left));
    *residual = fmax(*residual, left / (norm * e));
    ++*nullity;
  }
  return GD_OK;
}

/* Zero eigenvalues all have null vectors, and v vanishes along them. */
static gd_status look_for_manifold(workspace *w, const double *x, double tolerance, gd_classification *c,
                                   bool *is_one) {
  gdi_svd svd;
  size_t nullity = 0;
  memcpy(w->matrix, w->J, w->n * w->n * sizeof *w->J);
  GD_TRY(gdi_svd_create(&w->env, &svd, w->n, w->n, w->matrix, w->n, true));
  const gd_status status = look_along(w, &svd, x, tolerance, &nullity, &c->manifold_residual);
  gdi_svd_destroy(&w->env, &svd);
  *is_one = status == GD_OK && nullity == c->n_zero && c->manifold_residual <= tolerance;
  return status;
}

/* ---- verdict ---- */

static gd_point_kind attractor_kind(const workspace *w, const gd_classification *c) {
  if (c->local_nash) return GD_POINT_STABLE_NASH;
  const bool minimax = c->leader_curvature[0] < -w->zero || c->leader_curvature[1] < -w->zero;
  return minimax ? GD_POINT_LOCAL_MINIMAX : GD_POINT_ATTRACTOR;
}

static gd_status decide(workspace *w, const double *x, double tolerance, gd_classification *c) {
  bool is_manifold;
  c->manifold_residual = NAN;
  if (!c->stationary)
    c->kind = GD_POINT_NOT_STATIONARY;
  else if (c->n_right > 0)
    c->kind = c->n_left > 0 ? GD_POINT_SADDLE : GD_POINT_REPELLER;
  else if (c->n_imaginary > 0)
    c->kind = GD_POINT_CENTRE;
  else if (c->n_zero == 0)
    c->kind = attractor_kind(w, c);
  else {
    GD_TRY(look_for_manifold(w, x, tolerance, c, &is_manifold));
    c->kind = is_manifold ? GD_POINT_MANIFOLD : GD_POINT_UNDECIDED;
  }
  return GD_OK;
}

static gd_status look(workspace *w, const double *x, double tolerance, gd_classification *c) {
  memcpy(w->matrix, w->J, w->n * w->n * sizeof *w->J);
  GD_TRY(gdi_singular_values(&w->env, w->n, w->n, w->matrix, w->n, w->re, NULL, NULL));
  w->zero = tolerance * w->re[0];
  GD_TRY(look_at_players(w, c));
  GD_TRY(look_at_eigenvalues(w, c));
  c->local_nash = c->stationary && c->own_curvature <= w->zero;
  c->hurwitz = c->n_left == w->n;
  c->stable_nash = c->local_nash && c->hurwitz;
  return decide(w, x, tolerance, c);
}

gd_status gdi_classify_densely(gd_game *game, const double *x, double tolerance, gd_classification *c) {
  workspace w;
  gd_status status = prepare(&w, game, x);
  if (status >= 0) status = look(&w, x, tolerance, c);
  release(&w);
  return status;
}

/* ---- doors ---- */

const char *gd_point_kind_text(gd_point_kind kind) {
  static const char *const texts[] = {
      [GD_POINT_UNDECIDED] = "undecided",
      [GD_POINT_NOT_STATIONARY] = "not stationary",
      [GD_POINT_SADDLE] = "saddle",
      [GD_POINT_REPELLER] = "repeller",
      [GD_POINT_CENTRE] = "centre",
      [GD_POINT_MANIFOLD] = "manifold of equilibria",
      [GD_POINT_STABLE_NASH] = "stable Nash point",
      [GD_POINT_LOCAL_MINIMAX] = "attractor: local minimax, no Nash point",
      [GD_POINT_ATTRACTOR] = "attractor: no Nash point",
  };
  return (unsigned)kind < sizeof texts / sizeof *texts ? texts[kind] : "unknown";
}

static gd_status find_gradient_norm(gd_game *game, const double *x, double *norm) {
  gdi_env env;
  GD_TRY(gdi_env_copy(&env, gd_game_env(game)));
  double *v = gdi_allocate(&env, gd_game_size(game), sizeof *v);
  gd_status status = v ? gd_game_gradient(game, x, v) : GD_ERR_MEMORY;
  if (status >= 0) status = gd_game_norm(game, v, norm);
  gdi_release(&env, v);
  return status;
}

gd_status gd_classify(gd_game *game, const double *x, double tolerance, gd_classification *classification) {
  GDI_REQUIRE(game && x && classification, "gd_classify: %s is NULL", !game ? "game" : x ? "classification" : "x");
  GDI_REQUIRE(tolerance > 0 && isfinite(tolerance), "gd_classify: tolerance is %g, expected a positive number",
              tolerance);
  GD_TRY(gdi_game_check_whole(game, "gd_classify"));
  gd_classification found = {0};
  GD_TRY(find_gradient_norm(game, x, &found.gradient_norm));
  found.stationary = found.gradient_norm <= tolerance;
  const bool dense = gdi_game_may_be_dense(game);
  if (!dense) GD_TRY(gdi_point_check_products(game, "gd_classify"));
  GD_TRY((dense ? gdi_classify_densely : gdi_classify_by_products)(game, x, tolerance, &found));
  *classification = found;
  return GD_OK;
}
