/* SPDX-License-Identifier: BSD-3-Clause */
/* classify_large.c -- what kind of point x is, from products with J and J' alone.
 *
 * The symmetric part S = (J + J')/2 is asked first, by Lanczos: real parts of eigenvalues lie between its extreme ones.
 * Where it is negative definite J is Hurwitz; where it vanishes J is antisymmetric and everything turns, as in bilinear
 * games.  Else the rightmost eigenvalue is looked for by Krylov-Schur, and the leftmost if that one is on the right.
 * Schur complements are applied by conjugate gradients within a product. */
#include "theory/point.h"

#include "base/memory.h"

#include <gamedyn/solve.h>
#include <math.h>

typedef struct view {
  gd_game *game;
  const double *x;
  gd_operator *J;
  gd_spectrum_options options;
  double zero;           /* tolerance |J| */
  double least, largest; /* eigenvalues of S */
  bool decided;          /* both are within the solver's tolerance */
  double own[2];         /* curvatures of the first two players */
} view;

/* GD_NOT_CONVERGED is news here: *converged becomes false. */
static gd_status note(gd_status status, bool *converged) {
  *converged = *converged && status == GD_OK;
  return status < 0 ? status : GD_OK;
}

/* ---- symmetric part and own blocks ---- */

static gd_status look_at_symmetric_part(view *w) {
  w->decided = true;
  GD_TRY(note(gdi_largest_symmetric(w->J, 1, &w->options, &w->largest), &w->decided));
  GD_TRY(note(gdi_largest_symmetric(w->J, -1, &w->options, &w->least), &w->decided));
  w->least = -w->least;
  return GD_OK;
}

static gd_status own_curvature(view *w, size_t player, double *curvature, bool *converged) {
  gd_operator *block = NULL;
  GD_TRY(gd_operator_block(&block, w->game, player, player, w->x));
  const gd_status status = note(gdi_largest_symmetric(block, 1, &w->options, curvature), converged);
  gd_operator_destroy(block);
  return status;
}

static gd_status look_at_players(view *w, gd_classification *c, bool *converged) {
  c->own_curvature = -INFINITY;
  for (size_t i = 0; i < gd_game_players(w->game); i++) {
    double curvature;
    GD_TRY(own_curvature(w, i, &curvature, converged));
    c->own_curvature = fmax(c->own_curvature, curvature);
    if (i < 2) w->own[i] = curvature;
  }
  return GD_OK;
}

/* ---- leaders ---- */

/* u -> J_ii u - J_ij J_jj^-1 J_ji u */
typedef struct complement {
  gd_operator *ii, *ij, *ji, *minus_jj;
  double *answer, *known; /* [block j] */
} complement;

static int apply_complement(void *context, const double *u, double *out) {
  const complement *c = context;
  const size_t p = gd_operator_rows(c->ii), q = gd_operator_rows(c->minus_jj);
  gd_status status = gd_operator_apply(c->ji, u, c->known);
  for (size_t k = 0; k < q; k++) c->answer[k] = 0;
  if (status == GD_OK) status = gd_conjugate_gradient_solve(c->minus_jj, c->known, c->answer, NULL, NULL);
  if (status == GD_OK) status = gd_operator_apply(c->ij, c->answer, out); /* -J_jj^-1 J_ji u = answer */
  double *sum = c->known;                                                 /* the longer of both blocks */
  if (status == GD_OK) status = gd_operator_apply(c->ii, u, sum);
  for (size_t k = 0; k < p && status == GD_OK; k++) out[k] += sum[k];
  return status == GD_OK ? 0 : -1;
}

static gd_status open_complement(const view *w, size_t i, gd_operator **jj, complement *c) {
  const size_t j = 1 - i;
  GD_TRY(gd_operator_block(&c->ii, w->game, i, i, w->x));
  GD_TRY(gd_operator_block(&c->ij, w->game, i, j, w->x));
  GD_TRY(gd_operator_block(&c->ji, w->game, j, i, w->x));
  GD_TRY(gd_operator_block(jj, w->game, j, j, w->x));
  return gd_operator_shift(&c->minus_jj, -1, *jj, 0, gd_game_env(w->game));
}

static gd_status curvature_of(const view *w, complement *c, double *curvature) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options = w->options;
  options.which = GD_LARGEST_REAL, options.count = 1, options.symmetric = true;
  GD_TRY(gd_operator_create(&op, gd_operator_rows(c->ii), apply_complement, apply_complement, c, gd_game_env(w->game)));
  const gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  *curvature = status == GD_OK ? gd_spectrum_real(spectrum)[0] : NAN;
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return status == GD_ERR_CALLBACK || status == GD_NOT_CONVERGED ? GD_OK
                                                                 : status; /* systems that could not be solved */
}

static gd_status look_at_leader(const view *w, size_t i, const gdi_env *env, double *curvature) {
  complement c = {0};
  gd_operator *jj = NULL;
  const size_t p = gd_game_block_size(w->game, i), q = gd_game_block_size(w->game, 1 - i), room = p > q ? p : q;
  c.answer = gdi_allocate(env, room, sizeof *c.answer);
  c.known = gdi_allocate(env, room, sizeof *c.known);
  gd_status status = c.answer && c.known ? open_complement(w, i, &jj, &c) : GD_ERR_MEMORY;
  if (status == GD_OK) status = curvature_of(w, &c, curvature);
  gd_operator_destroy(c.minus_jj);
  gd_operator_destroy(jj);
  gd_operator_destroy(c.ji);
  gd_operator_destroy(c.ij);
  gd_operator_destroy(c.ii);
  gdi_release(env, c.known);
  gdi_release(env, c.answer);
  return status;
}

static gd_status look_at_leaders(const view *w, gd_classification *c) {
  c->leader_curvature[0] = c->leader_curvature[1] = NAN;
  if (gd_game_players(w->game) != 2 || !(gd_game_traits(w->game) & GD_ZERO_SUM)) return GD_OK;
  gdi_env env;
  GD_TRY(gdi_env_copy(&env, gd_game_env(w->game)));
  for (size_t i = 0; i < 2; i++)
    if (w->own[1 - i] < -w->zero) GD_TRY(look_at_leader(w, i, &env, &c->leader_curvature[i]));
  return GD_OK;
}

/* ---- eigenvalues ---- */

static void all_left(const view *w, gd_classification *c) {
  c->n_left = gd_game_size(w->game);
  c->n_zero = c->n_imaginary = c->n_right = 0;
  c->hurwitz = true;
}

/* J is antisymmetric: every eigenvalue is on the axis. */
static void all_on_the_axis(gd_classification *c) {
  c->spectral_abscissa = 0;
  c->largest_imag_real_ratio = INFINITY;
  c->n_left = c->n_right = 0;
  c->kind = GD_POINT_CENTRE;
}

/* The rightmost eigenvalue is on the right: is there anything on the left? */
static gd_status look_left(const view *w, gd_classification *c) {
  double re = NAN, im;
  if (w->decided && w->least >= -w->zero) {
    c->kind = GD_POINT_REPELLER;
    return GD_OK;
  }
  const gd_status status = gdi_extreme_eigenvalue(w->J, GD_SMALLEST_REAL, &w->options, &re, &im);
  if (re < -w->zero) c->kind = GD_POINT_SADDLE;
  if (re >= -w->zero) c->kind = GD_POINT_REPELLER;
  return status < 0 ? status : GD_OK;
}

static gd_status look_right(const view *w, gd_classification *c) {
  double re = NAN, im = NAN;
  const gd_status status = gdi_extreme_eigenvalue(w->J, GD_LARGEST_REAL, &w->options, &re, &im);
  if (status < 0) return status;
  c->spectral_abscissa = re;
  if (w->decided && w->largest < -w->zero)
    all_left(w, c);
  else if (re < -w->zero)
    all_left(w, c);
  else if (re > w->zero)
    return look_left(w, c);
  else if (fabs(im) > w->zero)
    c->kind = GD_POINT_CENTRE;
  return GD_OK;
}

static gd_status look_at_eigenvalues(const view *w, gd_classification *c) {
  c->spectral_abscissa = c->largest_imag_real_ratio = c->manifold_residual = NAN;
  c->n_left = c->n_zero = c->n_imaginary = c->n_right = GD_UNKNOWN_COUNT;
  if (w->zero > 0 && w->decided && fmax(fabs(w->least), fabs(w->largest)) <= w->zero) {
    all_on_the_axis(c);
    return GD_OK;
  }
  return look_right(w, c);
}

/* ---- verdict ---- */

static void decide(const view *w, bool converged, gd_classification *c) {
  c->local_nash = converged && c->stationary && c->own_curvature <= w->zero;
  c->stable_nash = c->local_nash && c->hurwitz;
  if (!c->stationary) {
    c->kind = GD_POINT_NOT_STATIONARY;
  } else if (c->hurwitz && converged) {
    const bool minimax = c->leader_curvature[0] < -w->zero || c->leader_curvature[1] < -w->zero;
    c->kind = c->local_nash ? GD_POINT_STABLE_NASH : minimax ? GD_POINT_LOCAL_MINIMAX : GD_POINT_ATTRACTOR;
  }
}

static gd_status look(view *w, double tolerance, gd_classification *c) {
  double norm;
  bool converged = true;
  GD_TRY(note(gdi_largest_singular_value(w->J, &w->options, &norm), &converged));
  w->zero = tolerance * norm;
  GD_TRY(look_at_players(w, c, &converged));
  GD_TRY(look_at_symmetric_part(w));
  GD_TRY(look_at_eigenvalues(w, c));
  GD_TRY(look_at_leaders(w, c));
  decide(w, converged, c);
  return GD_OK;
}

gd_status gdi_classify_by_products(gd_game *game, const double *x, double tolerance, gd_classification *c) {
  view w = {.game = game, .x = x};
  gd_spectrum_options_init(&w.options);
  const size_t part = gd_game_size(game) - 1;
  w.options.dense_limit = part < 100 ? part : 100; /* small own blocks; never all of J */
  GD_TRY(gd_operator_jacobian(&w.J, game, x));
  const gd_status status = look(&w, tolerance, c);
  gd_operator_destroy(w.J);
  return status;
}
