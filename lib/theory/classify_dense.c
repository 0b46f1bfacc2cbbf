/* SPDX-License-Identifier: BSD-3-Clause */
/* classify_dense.c -- the kind of a point x, from the matrix J(x) and, along its null space, from the field.
 *
 * A player cannot gain by a small move of its own if v = 0 and its own Hessian is negative definite, and can if that
 * has a positive eigenvalue.  x attracts the flow x' = v(x) if J is Hurwitz: every eigenvalue has a negative real part.
 * In a zero-sum game of two it is a strict local minimax point with player i leading if J_jj < 0 and J_ii - J_ij
 * J_jj^-1 J_ji < 0, the Hessian of u_i along j's best answer (Jin, Netrapalli & Jordan 2020, "What is Local Optimality
 * in Nonconvex-Nonconcave Minimax Optimization?", Proposition 20); a positive eigenvalue of either excludes it
 * (Proposition 19).
 *
 * With J known to within E an eigenvalue is known to within its condition number |y| |z| / |y*z| times |E|, one of a
 * symmetric part to within |E|, and one of the Schur complement to within (1 + |J_jj^-1 J_ji|)(1 + |J_ij J_jj^-1|) |E|.
 * Values within these errors of 0, or within the caller's tolerance, count as 0 here, and the field is evaluated along
 * their directions. */
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "linear/eigen.h"
#include "theory/axis.h"
#include "theory/classify.h"
#include "theory/null_look.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

/* Eigenvalues on the axis that are conditioned worse than this may have chains. */
#define GOOD_CONDITION 1e4

typedef struct workspace {
  gd_linearisation *at;
  size_t n;
  double norm, error, zero;       /* |J|_2, |E|_2, and what counts as 0 in a symmetric part */
  const double *J;                /* [n by n] */
  double *matrix, *second;        /* [n by n], what solvers are to use up */
  const double *re, *im;          /* [n], eigenvalues of J */
  double *values, *within, *room; /* [n]; within: how well each eigenvalue is known */
  int *pivots;                    /* [n] */
  double axis_condition;          /* the worst condition number of an eigenvalue on the axis */
  double own[2];                  /* curvatures of the first two players */
  bool looks;                     /* along null directions: only where something rests */
} workspace;

static void release(workspace *w) {
  gdi_release(&w->at->env, w->values);
  gdi_release(&w->at->env, w->pivots);
}

/* Call release() afterwards, also on failure. */
static gd_status prepare(workspace *w, gd_linearisation *at) {
  const size_t n = at->n;
  *w = (workspace){.at = at, .n = n};
  GD_TRY(gd_linearisation_matrix(at, &w->J));
  w->matrix = gdi_scratch_matrix(at, 1);
  w->second = gdi_scratch_matrix(at, 2);
  w->values = gdi_allocate(&at->env, 3 * n, sizeof *w->values);
  w->pivots = gdi_allocate(&at->env, n, sizeof *w->pivots);
  if (!w->matrix || !w->second || !w->values || !w->pivots) return GD_ERR_MEMORY;
  w->within = w->values + n;
  w->room = w->within + n;
  return GD_OK;
}

/* The value up to which a number counts as 0: its error, or the caller's tolerance. */
static double zero_of(double error, double tolerance) { return fmax(GDI_RESOLUTION_FACTOR * error, tolerance); }

/* ---- symmetric parts ---- */

static const double *block_at(const workspace *w, size_t i, size_t j) {
  return w->J + gd_game_block_start(w->at->game, i) + gd_game_block_start(w->at->game, j) * w->n;
}

/* Eigenvalues of the symmetric part of a block into `values`, ascending; of `matrix`, which becomes the vectors if
 * asked. */
static gd_status solve_symmetric(workspace *w, const double *block, size_t ld, size_t side, bool vectors) {
  for (size_t j = 0; j < side; j++)
    for (size_t i = 0; i < side; i++) w->matrix[i + j * side] = 0.5 * block[i + j * ld] + 0.5 * block[j + i * ld];
  return gdi_eigen_symmetric(&w->at->env, side, w->matrix, side, vectors, w->values);
}

/* ---- players ---- */

/* The utility of a player whose own curvature is 0, within its error, along m directions. */
static gd_status look_along_own(workspace *w, size_t player, size_t m, int *holds) {
  const size_t start = gd_game_block_start(w->at->game, player), side = gd_game_block_size(w->at->game, player);
  gdi_null_look look;
  gdi_trend trend = GDI_TREND_UNKNOWN;
  double order = INFINITY;
  gd_status status = gdi_null_look_create(&look, &w->at->env, w->at->game, w->at->x, start, side, m, w->matrix,
                                          w->values, w->matrix, w->norm);
  if (status >= 0) status = gdi_null_look_utility(&look, &trend, &order);
  gdi_null_look_destroy(&look);
  *holds = GD_HOLDS_UNDECIDED;
  if (trend == GDI_TREND_OUT) *holds = GD_HOLDS_NOT;
  if (trend == GDI_TREND_FLAT) *holds = GD_HOLDS_WEAKLY;
  if (trend == GDI_TREND_IN) *holds = order < GDI_FIRST_ORDER ? GD_HOLDS_STRICTLY : GD_HOLDS_WEAKLY;
  return status;
}

static gd_status look_at_player(workspace *w, size_t player, double *curvature, int *holds) {
  const size_t side = gd_game_block_size(w->at->game, player);
  GD_TRY(solve_symmetric(w, block_at(w, player, player), w->n, side, true));
  *curvature = w->values[side - 1];
  *holds = *curvature > w->zero ? GD_HOLDS_NOT : GD_HOLDS_STRICTLY;
  if (fabs(*curvature) > w->zero || !w->looks) return GD_OK;
  size_t m = 0;
  while (m < side && w->values[side - 1 - m] >= -w->zero) m++;
  return look_along_own(w, player, m, holds);
}

/* Combine the results of two players: the weaker one holds for both. */
static int both(int one, int other) {
  if (one == GD_HOLDS_NOT || other == GD_HOLDS_NOT) return GD_HOLDS_NOT;
  return one < other ? one : other;
}

static gd_status look_at_players(workspace *w, gd_classification *c) {
  c->own_curvature = -INFINITY;
  c->nash = GD_HOLDS_STRICTLY;
  for (size_t i = 0; i < gd_game_players(w->at->game); i++) {
    double curvature;
    int holds;
    GD_TRY(look_at_player(w, i, &curvature, &holds));
    c->own_curvature = fmax(c->own_curvature, curvature);
    c->nash = both(c->nash, holds);
    if (i < 2) w->own[i] = curvature;
  }
  return GD_OK;
}

/* ---- leaders ---- */

/* second = J_ii - J_ij J_jj^-1 J_ji, packed; *moves = |J_jj^-1 J_ji|_F, the size of j's response. */
static gd_status find_schur_complement(workspace *w, size_t i, size_t j, double *moves) {
  const size_t p = gd_game_block_size(w->at->game, i), q = gd_game_block_size(w->at->game, j), n = w->n;
  double *factors = w->matrix, *answer = w->room, squares = 0;
  for (size_t k = 0; k < q; k++) memcpy(factors + k * q, block_at(w, j, j) + k * n, q * sizeof *factors);
  GD_TRY(gdi_lu_factor(q, factors, q, w->pivots));
  for (size_t k = 0; k < p; k++) {
    double *column = w->second + k * p;
    memcpy(answer, block_at(w, j, i) + k * n, q * sizeof *answer);
    gdi_lu_solve(false, q, factors, q, w->pivots, answer);
    squares += gdi_vector_dot(q, answer, answer);
    memcpy(column, block_at(w, i, i) + k * n, p * sizeof *column);
    gdi_matrix_vector_add(p, q, -1, block_at(w, i, j), n, answer, column);
  }
  *moves = sqrt(squares);
  return GD_OK;
}

/* In a zero-sum game J_ij = -J_ji', so that one answer bounds both factors. */
static gd_status look_at_leader(workspace *w, size_t i, double *curvature, int *holds) {
  const double others = w->own[1 - i];
  *curvature = NAN;
  *holds = others > w->zero ? GD_HOLDS_NOT : GD_HOLDS_UNDECIDED;
  if (!(others < -w->zero)) return GD_OK;
  double moves;
  GD_TRY(find_schur_complement(w, i, 1 - i, &moves));
  const size_t p = gd_game_block_size(w->at->game, i);
  GD_TRY(solve_symmetric(w, w->second, p, p, false));
  *curvature = w->values[p - 1];
  const double zero = (1 + moves) * (1 + moves) * w->zero;
  if (*curvature < -zero) *holds = GD_HOLDS_STRICTLY;
  if (*curvature > zero) *holds = GD_HOLDS_NOT;
  return GD_OK;
}

static gd_status look_at_leaders(workspace *w, gd_classification *c) {
  int holds[2];
  if (!gdi_classify_has_leaders(w->at->game)) return GD_OK;
  for (size_t i = 0; i < 2; i++) GD_TRY(look_at_leader(w, i, &c->leader_curvature[i], &holds[i]));
  c->minimax = gdi_classify_either(holds);
  return GD_OK;
}

/* ---- eigenvalues ---- */

/* The largest |Im/Re|; eigenvalues that are 0 are no rotation, and a real part that is 0 is none. */
static double largest_ratio(const workspace *w) {
  double largest = 0;
  for (size_t k = 0; k < w->n; k++) {
    const double re = fabs(w->re[k]), im = fabs(w->im[k]);
    if (hypot(re, im) <= w->within[k]) continue;
    largest = fmax(largest, re <= w->within[k] ? INFINITY : im / re);
  }
  return largest;
}

static void count(workspace *w, double tolerance, gd_classification *c) {
  c->n_left = c->n_zero = c->n_imaginary = c->n_right = 0;
  c->spectral_abscissa = -INFINITY;
  for (size_t k = 0; k < w->n; k++) {
    const double condition = w->within[k], within = w->within[k] = zero_of(condition * w->error, tolerance);
    c->spectral_abscissa = fmax(c->spectral_abscissa, w->re[k]);
    if (w->re[k] < -within) {
      c->n_left++;
      continue;
    }
    if (w->re[k] > within) {
      c->n_right++;
      continue;
    }
    w->axis_condition = fmax(w->axis_condition, condition);
    ++*(fabs(w->im[k]) > within ? &c->n_imaginary : &c->n_zero);
  }
}

/* Eigenvalues may be ill-conditioned because they meet, and still be far from the axis.  Their side is then as certain
 * as for a normal matrix. */
static gd_status look_at_axis(workspace *w, double tolerance) {
  const double level = sqrt((double)w->n * DBL_EPSILON) * w->norm, zero = zero_of(w->error, tolerance);
  bool doubtful = false, clear = true;
  for (size_t k = 0; k < w->n; k++) {
    clear = clear && fabs(w->re[k]) > fmax(zero, level);
    doubtful = doubtful || fabs(w->re[k]) <= zero_of(w->within[k] * w->error, 0);
  }
  if (!doubtful || !clear) return GD_OK;
  GD_TRY(gdi_axis_is_clear(&w->at->env, w->n, w->J, zero, level, &clear));
  for (size_t k = 0; k < w->n && clear; k++) w->within[k] = 1;
  return GD_OK;
}

static gd_status look_at_eigenvalues(workspace *w, double tolerance, gd_classification *c) {
  const gd_spectrum *spectrum;
  const double *conditions;
  GD_TRY(gdi_linearisation_modes(w->at, &spectrum, &conditions));
  w->re = gd_spectrum_real(spectrum), w->im = gd_spectrum_imaginary(spectrum);
  memcpy(w->within, conditions, w->n * sizeof *conditions);
  GD_TRY(look_at_axis(w, tolerance));
  count(w, tolerance, c);
  c->largest_imag_real_ratio = largest_ratio(w);
  return GD_OK;
}

/* ---- along the null space ---- */

/* True if |re| of the eigenvalue that counts as 0 is larger than its error: it counts as 0 because of the caller's
 * tolerance. */
static bool is_told(const workspace *w, double *re) {
  for (size_t k = 0; k < w->n; k++)
    if (fabs(w->re[k]) <= w->within[k]) *re = w->re[k];
  return fabs(*re) > GDI_RESOLUTION_FACTOR * w->axis_condition * w->error;
}

static gd_status look_along_null_space(workspace *w, gdi_null_look *look, gd_classification *c, gdi_trend *trend) {
  const bool gradient = (gd_game_traits(w->at->game) & GD_POTENTIAL) || gd_game_players(w->at->game) == 1;
  double re = 0, order;
  if (!isfinite(look->gain) || look->gain > GOOD_CONDITION) {
    c->undecided |= GD_UNDECIDED_CHAIN;
    return GD_OK;
  }
  GD_TRY(gdi_null_look_flow(look, gradient, trend, &order));
  /* the sign of the eigenvalue must not be contradicted by values farther away */
  const bool in = *trend == GDI_TREND_IN, out = *trend == GDI_TREND_OUT_ALL;
  if (c->n_zero == 1 && is_told(w, &re) && !(re < 0 ? in : out)) *trend = GDI_TREND_UNKNOWN;
  if (*trend == GDI_TREND_IN && order < GDI_FIRST_ORDER) c->n_left++, c->n_zero--;
  if (*trend == GDI_TREND_OUT_ALL && order < GDI_FIRST_ORDER) c->n_right++, c->n_zero--;
  if (!look->rests)
    c->undecided |= GD_UNDECIDED_EQUILIBRIUM;
  else if (*trend == GDI_TREND_UNKNOWN)
    c->undecided |= GD_UNDECIDED_NULL;
  if (*trend == GDI_TREND_FLAT) c->n_still = c->n_zero, c->manifold_residual = look->residual;
  return GD_OK;
}

/* Examine the flow along null vectors, if there are as many of them as zero eigenvalues. */
static gd_status look_at_null_space(workspace *w, double tolerance, gd_classification *c, gdi_trend *trend) {
  const gdi_svd *svd;
  gdi_null_look look = {0};
  size_t m = 0;
  GD_TRY(gdi_linearisation_svd(w->at, &svd));
  while (m < w->n && svd->values[w->n - 1 - m] <= zero_of(w->error, tolerance)) m++;
  *trend = GDI_TREND_UNKNOWN;
  if (m != c->n_zero) {
    c->undecided |= GD_UNDECIDED_CHAIN;
    return GD_OK;
  }
  for (size_t j = 0; j < w->n; j++)
    for (size_t i = 0; i < w->n; i++) w->second[i + j * w->n] = svd->right_transposed[j + i * w->n];
  gd_status status = gdi_null_look_create(&look, &w->at->env, w->at->game, w->at->x, 0, w->n, m, svd->left, svd->values,
                                          w->second, w->norm);
  if (status >= 0) status = look_along_null_space(w, &look, c, trend);
  gdi_null_look_destroy(&look);
  return status;
}

/* ---- verdict ---- */

static gd_status decide_on_the_axis(workspace *w, double tolerance, gd_classification *c) {
  gdi_trend trend;
  if (c->n_imaginary > 0) {
    const bool turns = w->axis_condition <= GOOD_CONDITION;
    c->kind = turns ? GD_POINT_CENTRE : GD_POINT_UNDECIDED;
    if (!turns) c->undecided |= GD_UNDECIDED_CHAIN;
    if (turns && !(gd_game_traits(w->at->game) & GD_AFFINE)) c->undecided |= GD_UNDECIDED_TURNING;
    return GD_OK;
  }
  GD_TRY(look_at_null_space(w, tolerance, c, &trend));
  c->attracts = trend == GDI_TREND_IN;
  c->hurwitz = c->n_left == w->n;
  if (trend == GDI_TREND_FLAT) c->kind = GD_POINT_MANIFOLD;
  if (trend == GDI_TREND_OUT) c->kind = GD_POINT_UNSTABLE;
  if (trend == GDI_TREND_OUT_ALL) c->kind = c->n_left > 0 ? GD_POINT_SADDLE : GD_POINT_REPELLER;
  return GD_OK;
}

static gd_status decide(workspace *w, double tolerance, gd_classification *c) {
  c->hurwitz = c->attracts = c->n_left == w->n;
  if (!c->stationary)
    c->kind = GD_POINT_NOT_STATIONARY;
  else if (c->n_right > 0 && c->n_left > 0)
    c->kind = GD_POINT_SADDLE;
  else if (c->n_right > 0)
    c->kind = c->n_right == w->n ? GD_POINT_REPELLER : GD_POINT_UNSTABLE;
  else if (c->n_left < w->n)
    GD_TRY(decide_on_the_axis(w, tolerance, c));
  return GD_OK;
}

/* step = J^+ step, without singular values up to `zero`; the field is evaluated along these. */
static gd_status solve_least_squares(workspace *w, double zero, double *step) {
  const size_t n = w->n;
  const gdi_svd *svd;
  double *parts = w->matrix;
  GD_TRY(gdi_linearisation_svd(w->at, &svd));
  gdi_matrix_vector(true, n, n, 1, svd->left, n, step, parts);
  for (size_t k = 0; k < n; k++) parts[k] = svd->values[k] > zero ? parts[k] / svd->values[k] : 0;
  gdi_matrix_vector(true, n, n, 1, svd->right_transposed, n, parts, step);
  return GD_OK;
}

/* The point x + 2 s, s Newton's step for the largest v that the noise allows. */
static gd_status find_point_ahead(workspace *w, double noise, double *point) {
  const size_t n = w->n;
  double *step = w->room;
  gd_rng rng = gd_rng_make(0, 0x6168656164);
  memcpy(step, w->at->v, n * sizeof *step);
  gd_rng_fill_normal(&rng, n, point);
  gdi_vector_axpy(n, noise / gdi_vector_norm(n, point), point, step);
  GD_TRY(solve_least_squares(w, GDI_RESOLUTION_FACTOR * w->error, step));
  gdi_vector_move(n, -2, w->at->x, step, point);
  return GD_OK;
}

/* Compute |J|, |E| and whether x is stationary.  |E| includes the change of J from x to the zero of v. */
static gd_status measure(workspace *w, const gd_classify_options *options, gd_classification *c) {
  double change = 0;
  GD_TRY(gd_linearisation_norm(w->at, &w->norm));
  GD_TRY(gdi_classify_measure(w->at, w->norm, options, c));
  w->looks = c->stationary;
  w->error = c->jacobian_resolution;
  if (c->stationary && !(gd_game_traits(w->at->game) & GD_AFFINE)) {
    GD_TRY(find_point_ahead(w, c->gradient_resolution, w->within));
    GD_TRY(gdi_classify_change(w->at, w->within, w->norm, &change));
  }
  w->error = c->jacobian_resolution += change;
  w->zero = zero_of(w->error, options->eigenvalue_tolerance * w->norm);
  return GD_OK;
}

gd_status gdi_classify_densely(gd_linearisation *at, const gd_classify_options *options, gd_classification *c) {
  workspace w;
  gd_status status = prepare(&w, at);
  if (status >= 0) status = measure(&w, options, c);
  if (status >= 0) status = look_at_players(&w, c);
  if (status >= 0) status = look_at_leaders(&w, c);
  const double tolerance = options->eigenvalue_tolerance * w.norm;
  if (status >= 0) status = look_at_eigenvalues(&w, tolerance, c);
  if (status >= 0) status = decide(&w, tolerance, c);
  release(&w);
  return status;
}
