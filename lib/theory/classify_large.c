/* SPDX-License-Identifier: BSD-3-Clause */
/* classify_large.c -- the kind of a point x, from products with J and J' alone.
 *
 * The extreme eigenvalues of the symmetric part S = (J + J')/2 come first, by Lanczos: real parts of eigenvalues of J
 * lie between them.  If S is negative definite, J is Hurwitz.  If S = 0, J is antisymmetric and the flow rotates, as in
 * bilinear games.  Otherwise the rightmost eigenvalue is computed by Krylov-Schur, and the leftmost one if that has a
 * positive real part.  Schur complements are applied by conjugate gradients within a product. */
#include "theory/classify.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/vector.h"
#include "linear/operator.h"
#include "theory/point.h"
#include "theory/resolution.h"

#include <gamedyn/rng.h>
#include <gamedyn/solve.h>
#include <math.h>
#include <string.h>

enum { AHEAD_PRODUCTS = 200 };

typedef struct view {
  gd_linearisation *at;
  double zero;           /* value up to which numbers count as 0 */
  double norm, error;    /* |J|, and how well J is known */
  double least, largest; /* eigenvalues of S */
  bool decided;          /* both are within the solver's tolerance */
  double own[2];         /* curvatures of the first two players */
} view;

/* GD_NOT_CONVERGED is no failure here: *converged becomes false. */
static gd_status note(gd_status status, bool *converged) {
  *converged = *converged && status == GD_OK;
  return status < 0 ? status : GD_OK;
}

/* ---- symmetric part and own blocks ---- */

static gd_status look_at_symmetric_part(view *w) {
  w->decided = true;
  return note(gd_linearisation_symmetric_part(w->at, &w->least, &w->largest), &w->decided);
}

static gd_status own_curvature(view *w, size_t player, double *curvature, bool *converged) {
  gd_operator *block = NULL;
  GD_TRY(gd_operator_block(&block, w->at->game, player, player, w->at->x));
  const gd_status status = note(gdi_largest_symmetric(block, 1, &w->at->solver, curvature), converged);
  gd_operator_destroy(block);
  return status;
}

/* A positive lower bound of the curvature is enough to exclude a Nash point.  The field is not evaluated along null
 * directions. */
static int nash_of(const view *w, double curvature, bool converged) {
  if (curvature > w->zero) return GD_HOLDS_NOT;
  if (!converged) return GD_HOLDS_UNDECIDED;
  if (curvature < -w->zero) return GD_HOLDS_STRICTLY;
  const bool flat = (gd_game_traits(w->at->game) & GD_AFFINE) && fabs(curvature) <= GDI_RESOLUTION_FACTOR * w->error;
  return flat ? GD_HOLDS_WEAKLY : GD_HOLDS_UNDECIDED;
}

static gd_status look_at_players(view *w, gd_classification *c, bool *converged) {
  c->own_curvature = -INFINITY;
  for (size_t i = 0; i < gd_game_players(w->at->game); i++) {
    double curvature;
    GD_TRY(own_curvature(w, i, &curvature, converged));
    c->own_curvature = fmax(c->own_curvature, curvature);
    if (i < 2) w->own[i] = curvature;
  }
  c->nash = nash_of(w, c->own_curvature, *converged);
  return GD_OK;
}

/* ---- leaders ---- */

/* u -> J_ii u - J_ij J_jj^-1 J_ji u */
typedef struct complement {
  gd_operator *ii, *ij, *ji, *minus_jj;
  double *answer, *known; /* [block j] */
  bool unsolved;          /* a system came to no end */
} complement;

static gd_status answer_best(complement *c, const double *u) {
  GD_TRY(gd_operator_apply(c->ji, u, c->known));
  for (size_t k = 0; k < gd_operator_rows(c->minus_jj); k++) c->answer[k] = 0;
  const gd_status status = gd_conjugate_gradient_solve(c->minus_jj, c->known, c->answer, NULL, NULL);
  if (status <= 0) return status;
  c->unsolved = true;
  return gdi_fail(GD_ERR_LAPACK, "gd_classify: the solver for the other player's best response did not converge");
}

static gd_status apply_complement(void *context, const double *u, double *out) {
  complement *c = context;
  double *sum = c->known; /* the longer of both blocks */
  GD_TRY(answer_best(c, u));
  GD_TRY(gd_operator_apply(c->ij, c->answer, out)); /* -J_jj^-1 J_ji u = answer */
  GD_TRY(gd_operator_apply(c->ii, u, sum));
  for (size_t k = 0; k < gd_operator_rows(c->ii); k++) out[k] += sum[k];
  return GD_OK;
}

static void leave_alone(void *context) { (void)context; }

static gd_status open_complement(const view *w, size_t i, gd_operator **jj, complement *c) {
  const size_t j = 1 - i;
  GD_TRY(gd_operator_block(&c->ii, w->at->game, i, i, w->at->x));
  GD_TRY(gd_operator_block(&c->ij, w->at->game, i, j, w->at->x));
  GD_TRY(gd_operator_block(&c->ji, w->at->game, j, i, w->at->x));
  GD_TRY(gd_operator_block(jj, w->at->game, j, j, w->at->x));
  return gd_operator_shift(&c->minus_jj, -1, *jj, 0, gd_game_env(w->at->game));
}

/* NaN if systems could not be solved, or if the solver reached max_products. */
static gd_status curvature_of(const view *w, complement *c, double *curvature) {
  static const gdi_operator_table table = {apply_complement, apply_complement, leave_alone};
  const size_t p = gd_operator_rows(c->ii);
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options = w->at->solver;
  options.which = GD_LARGEST_REAL, options.count = 1, options.symmetric = true;
  GD_TRY(gdi_operator_create(&op, p, p, &table, c, gd_game_env(w->at->game)));
  const gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  *curvature = status == GD_OK ? gd_spectrum_real(spectrum)[0] : NAN;
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return status > 0 || (status == GD_ERR_LAPACK && c->unsolved) ? GD_OK : status;
}

static gd_status look_at_leader(const view *w, size_t i, double *curvature) {
  const gdi_env *env = &w->at->env;
  complement c = {0};
  gd_operator *jj = NULL;
  const size_t p = gd_game_block_size(w->at->game, i), q = gd_game_block_size(w->at->game, 1 - i), room = p > q ? p : q;
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

/* The norm of the response J_jj^-1 J_ji is at most |J| / |curvature of j|. */
static int minimax_of(const view *w, double others, double curvature) {
  if (others > w->zero) return GD_HOLDS_NOT;
  const double moves = 1 + w->norm / fabs(others), zero = moves * moves * w->zero;
  if (curvature < -zero) return GD_HOLDS_STRICTLY;
  return curvature > zero ? GD_HOLDS_NOT : GD_HOLDS_UNDECIDED;
}

/* Where both own blocks are negative definite nothing has to be solved: with J_ji = -J_ij' the complement is J_ii and
 * something negative semidefinite. */
static gd_status look_at_leaders(const view *w, gd_classification *c) {
  int holds[2];
  if (!gdi_classify_has_leaders(w->at->game)) return GD_OK;
  if (c->nash == GD_HOLDS_STRICTLY) {
    c->minimax = GD_HOLDS_STRICTLY;
    return GD_OK;
  }
  for (size_t i = 0; i < 2; i++) {
    const double others = w->own[1 - i];
    if (others < -w->zero) GD_TRY(look_at_leader(w, i, &c->leader_curvature[i]));
    holds[i] = minimax_of(w, others, c->leader_curvature[i]);
  }
  c->minimax = gdi_classify_either(holds);
  return GD_OK;
}

/* ---- eigenvalues ---- */

static void all_left(const view *w, gd_classification *c) {
  c->n_left = gd_game_size(w->at->game);
  c->n_zero = c->n_imaginary = c->n_right = c->n_still = 0;
  c->hurwitz = c->attracts = true;
}

/* For an antisymmetric J: every eigenvalue is on the axis, and well conditioned. */
static void all_on_the_axis(const view *w, gd_classification *c) {
  c->spectral_abscissa = 0;
  c->largest_imag_real_ratio = INFINITY;
  c->n_left = c->n_right = 0;
  c->kind = GD_POINT_CENTRE;
  if (!(gd_game_traits(w->at->game) & GD_AFFINE)) c->undecided |= GD_UNDECIDED_TURNING;
}

/* The outermost eigenvalue re in its direction, NaN if it was not found, and how well it is known.  Rounding makes
 * eigenvalues of size eps^(1/k) |J| of k zeros in a chain, which may be far from the axis; their condition tells.  It
 * need not be asked where the symmetric part decides. */
static gd_status look_at_end(const view *w, gd_which which, double *re, double *within, bool *converged,
                             bool *complete) {
  const bool dissipative = w->decided && w->largest < -w->zero;
  double condition = 1;
  const gd_status status = gdi_linearisation_end(w->at, which == GD_LARGEST_REAL, re, complete);
  if (status < 0) return status;
  *converged = status == GD_OK;
  if (!dissipative && fabs(*re) > w->zero) GD_TRY(gdi_extreme_condition(w->at->J, which, &w->at->solver, &condition));
  *within = fmax(w->zero, GDI_RESOLUTION_FACTOR * condition * w->error);
  return GD_OK;
}

/* The rightmost eigenvalue has a positive real part: find out whether another one has a negative one.  Unless the
 * symmetric part is positive definite, some eigenvalue may be on the axis. */
static gd_status look_left(const view *w, gd_classification *c) {
  double re = NAN, within;
  bool converged, complete = false;
  c->kind = GD_POINT_UNSTABLE;
  if (w->decided && w->least > w->zero) {
    c->kind = GD_POINT_REPELLER;
    return GD_OK;
  }
  GD_TRY(look_at_end(w, GD_SMALLEST_REAL, &re, &within, &converged, &complete));
  if (re < -within) c->kind = GD_POINT_SADDLE;
  if (!converged || !(re > within)) return GD_OK;
  c->kind = GD_POINT_REPELLER;
  if (!complete) c->undecided |= GD_UNDECIDED_PRODUCTS;
  return GD_OK;
}

/* If no eigenvalue with a positive real part was found, all have negative ones only if the search converged. */
static gd_status look_right(const view *w, gd_classification *c) {
  double re = NAN, within;
  bool converged, complete = false;
  GD_TRY(look_at_end(w, GD_LARGEST_REAL, &re, &within, &converged, &complete));
  c->spectral_abscissa = re;
  const bool dissipative = w->decided && w->largest < -w->zero;
  if (dissipative || (converged && re < -within)) {
    all_left(w, c);
    if (!dissipative && !complete) c->undecided |= GD_UNDECIDED_PRODUCTS;
  } else if (re > within) {
    return look_left(w, c);
  } else {
    c->undecided |= GD_UNDECIDED_PRODUCTS;
  }
  return GD_OK;
}

static gd_status look_at_eigenvalues(const view *w, gd_classification *c) {
  c->n_left = c->n_zero = c->n_imaginary = c->n_right = GD_UNKNOWN_COUNT;
  const bool all_is_noise = w->norm <= 2 * w->zero;
  if (!all_is_noise && w->decided && fmax(fabs(w->least), fabs(w->largest)) <= w->zero) {
    all_on_the_axis(w, c);
    return GD_OK;
  }
  return look_right(w, c);
}

/* ---- the way to the equilibrium ---- */

/* Newton's step for the largest v that the noise allows, approximated with a few products; without null directions. */
static gd_status find_step(const view *w, double noise, double *v, double *step) {
  const size_t n = w->at->n;
  gd_solve_options options;
  gd_solve_options_init(&options);
  options.tolerance = 1e-2;
  options.max_products = AHEAD_PRODUCTS;
  gd_rng rng = gd_rng_make(0, 0x6168656164);
  memcpy(v, w->at->v, n * sizeof *v);
  gd_rng_fill_normal(&rng, n, step);
  gdi_vector_axpy(n, noise / gdi_vector_norm(n, step), step, v);
  for (size_t k = 0; k < n; k++) step[k] = 0;
  const gd_status status = gd_gmres_solve(w->at->J, v, step, &options, NULL);
  return status < 0 ? status : GD_OK;
}

/* The change of J from x to the zero of v, and as far again. */
static gd_status look_ahead(view *w, gd_classification *c) {
  const size_t n = w->at->n;
  double change = 0;
  if (!c->stationary || (gd_game_traits(w->at->game) & GD_AFFINE)) return GD_OK;
  double *step = gdi_allocate(&w->at->env, 2 * n, sizeof *step), *point = step + n;
  gd_status status = step ? find_step(w, c->gradient_resolution, point, step) : GD_ERR_MEMORY;
  if (status >= 0) {
    gdi_vector_move(n, -2, w->at->x, step, point);
    status = gdi_classify_change(w->at, point, w->norm, &change);
  }
  gdi_release(&w->at->env, step);
  c->jacobian_resolution += change;
  return status;
}

/* ---- verdict ---- */

static gd_status look(view *w, const gd_classify_options *options, gd_classification *c) {
  bool converged = true;
  GD_TRY(note(gd_linearisation_norm(w->at, &w->norm), &converged));
  GD_TRY(gdi_classify_measure(w->at, w->norm, options, c));
  GD_TRY(look_ahead(w, c));
  w->error = c->jacobian_resolution;
  w->zero = fmax(options->eigenvalue_tolerance * w->norm, GDI_RESOLUTION_FACTOR * w->error);
  GD_TRY(look_at_players(w, c, &converged));
  GD_TRY(look_at_symmetric_part(w));
  GD_TRY(look_at_eigenvalues(w, c));
  GD_TRY(look_at_leaders(w, c));
  if (!converged) c->undecided |= GD_UNDECIDED_PRODUCTS;
  if (c->attracts && !converged) c->attracts = false, c->kind = GD_POINT_UNDECIDED;
  return GD_OK;
}

gd_status gdi_classify_by_products(gd_linearisation *at, const gd_classify_options *options, gd_classification *c) {
  view w = {.at = at};
  return look(&w, options, c);
}
