/* SPDX-License-Identifier: BSD-3-Clause */
/* implicit.c -- move along the gradient found where one arrives: backward Euler, the proximal point method.
 *
 *     x' = P(x + h u),   u = v(x + h u)
 *
 * Rockafellar 1976; Liang & Stokes 2019, Eq. 7 and Theorem 5.  With H = diag(h), the equation in u reads
 * F(u) = u - v(x + H u) = 0 and its derivative is I - J H, which stays meaningful when a step size is zero.
 *
 * Affine games: one linear solve is exact, (I - J H) u = v(x); the factors are kept until h changes.
 * Other games: Newton's method from u = v(x), halving its step until |F| falls, stopped on the residual |F|.  A step
 * whose residual stays above `tolerance` still moves, along the best u, and says GD_NOT_CONVERGED.
 * The direction u is scaled as a whole and the result projected.  Nothing is remembered but the factors. */
#include "base/dense.h"
#include "base/error.h"
#include "base/vector.h"
#include "steppers/mode.h"

#include <gamedyn/stepper.h>
#include <math.h>
#include <string.h>

enum { HALVINGS_MAX = 30 };

typedef struct implicit_params {
  const double *step_size; /* h [n_players] */
  double tolerance;
  uint64_t max_iterations;
} implicit_params;

typedef struct implicit_state {
  double *direction, *trial, *newton; /* u; u on trial; Newton's step; [n] */
  double *residual, *point;           /* F(u) = u - v(point); point = x + H u; [n] */
  struct implicit_factors *factors;
} implicit_state;

/* I - J H, factored. */
typedef struct implicit_factors {
  gdi_env env;
  double *matrix;    /* [n by n] */
  int *pivots;       /* [n] */
  double *step_size; /* [n_players], the h they are for */
  bool ready;        /* and still right: affine games only */
} implicit_factors;

static void destroy_factors(implicit_factors *factors) {
  if (!factors) return;
  gdi_release(&factors->env, factors->step_size);
  gdi_release(&factors->env, factors->pivots);
  gdi_release(&factors->env, factors->matrix);
  gdi_destroy(factors, offsetof(implicit_factors, env));
}

static gd_status create_factors(implicit_factors **factors, const gd_game *game) {
  const size_t n = gd_game_size(game);
  gd_status status;
  implicit_factors *made = gdi_create(gd_game_env(game), sizeof *made, offsetof(implicit_factors, env), &status);
  if (!made) return status;
  made->matrix = gdi_allocate(&made->env, n * n, sizeof *made->matrix);
  made->pivots = gdi_allocate(&made->env, n, sizeof *made->pivots);
  made->step_size = gdi_allocate(&made->env, gd_game_players(game), sizeof *made->step_size);
  if (!made->matrix || !made->pivots || !made->step_size) {
    destroy_factors(made);
    return GD_ERR_MEMORY;
  }
  *factors = made;
  return GD_OK;
}

static gd_status init(gd_stepper *stepper) {
  implicit_state *state = gd_stepper_state(stepper);
  state->direction = gd_stepper_scratch(stepper);
  state->trial = gd_stepper_scratch(stepper);
  state->newton = gd_stepper_scratch(stepper);
  state->residual = gd_stepper_scratch(stepper);
  state->point = gd_stepper_scratch(stepper);
  return create_factors(&state->factors, gd_stepper_game(stepper));
}

static void destroy(gd_stepper *stepper) { destroy_factors(((implicit_state *)gd_stepper_state(stepper))->factors); }

/* The matrix becomes I - J(point) H, then its factors. */
static gd_status factor(gd_game *game, const double *step_size, const double *point, implicit_factors *factors) {
  const size_t n = gd_game_size(game);
  factors->ready = false;
  GD_TRY(gd_game_jacobian(game, point, factors->matrix, n));
  for (size_t i = 0; i < gd_game_players(game); i++) {
    const size_t start = gd_game_block_start(game, i), end = start + gd_game_block_size(game, i);
    for (size_t j = start; j < end; j++) {
      double *column = factors->matrix + j * n;
      for (size_t k = 0; k < n; k++) column[k] *= -step_size[i];
      column[j] += 1;
    }
  }
  GD_TRY(gdi_lu_factor(n, factors->matrix, n, factors->pivots));
  memcpy(factors->step_size, step_size, gd_game_players(game) * sizeof *step_size);
  factors->ready = true;
  return GD_OK;
}

static void solve(const gd_game *game, const implicit_factors *factors, double *b) {
  gdi_lu_solve(false, gd_game_size(game), factors->matrix, gd_game_size(game), factors->pivots, b);
}

static gd_status solve_affine(gd_stepper *stepper, gd_game *game, const double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  const double *step_size = ((const implicit_params *)gd_stepper_params(stepper))->step_size;
  implicit_factors *factors = state->factors;
  const size_t bytes = gd_game_players(game) * sizeof *step_size;
  if (!factors->ready || memcmp(factors->step_size, step_size, bytes) != 0) GD_TRY(factor(game, step_size, x, factors));
  GD_TRY(gd_game_gradient(game, x, state->direction));
  solve(game, factors, state->direction);
  return GD_OK;
}

/* point = x + H u, residual = u - v(point), and its norm. */
static gd_status evaluate(gd_stepper *stepper, const double *x, const double *u, double *norm) {
  const implicit_state *state = gd_stepper_state(stepper);
  const double *step_size = ((const implicit_params *)gd_stepper_params(stepper))->step_size;
  gd_game *game = gd_stepper_game(stepper);
  for (size_t i = 0; i < gd_game_players(game); i++) {
    const size_t start = gd_game_block_start(game, i);
    gdi_vector_move(gd_game_block_size(game, i), step_size[i], x + start, u + start, state->point + start);
  }
  GD_TRY(gd_game_gradient(game, state->point, state->residual));
  for (size_t k = 0; k < gd_game_size(game); k++) state->residual[k] = u[k] - state->residual[k];
  return gd_game_norm(game, state->residual, norm);
}

static bool is_recoverable(gd_status status) { return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE; }

/* u <- u - s newton for the first s = 1, 1/2, 1/4, ... with a smaller residual, whose norm *norm becomes. */
static gd_status damped_update(gd_stepper *stepper, const double *x, double *norm) {
  const implicit_state *state = gd_stepper_state(stepper);
  const size_t n = gd_game_size(gd_stepper_game(stepper));
  double length = 1;
  for (int halving = 0; halving <= HALVINGS_MAX; halving++, length /= 2) {
    double trial_norm;
    for (size_t k = 0; k < n; k++) state->trial[k] = state->direction[k] - length * state->newton[k];
    const gd_status status = evaluate(stepper, x, state->trial, &trial_norm);
    if (status < 0 && !is_recoverable(status)) return status;
    if (status < 0 || !(trial_norm < *norm)) continue;
    memcpy(state->direction, state->trial, n * sizeof *state->trial);
    *norm = trial_norm;
    return GD_OK;
  }
  return GD_NOT_CONVERGED;
}

/* Newton's step is lost in the rounding of x + H u: the residual is as small as it can be. */
static gd_status is_rounding(gd_stepper *stepper, const double *x, bool *answer) {
  const implicit_state *state = gd_stepper_state(stepper);
  const double *step_size = ((const implicit_params *)gd_stepper_params(stepper))->step_size;
  gd_game *game = gd_stepper_game(stepper);
  double newton, point, longest = 0;
  GD_TRY(gd_game_norm(game, state->newton, &newton));
  GD_TRY(gd_game_norm(game, x, &point));
  for (size_t i = 0; i < gd_game_players(game); i++) longest = fmax(longest, step_size[i]);
  *answer = longest * newton <= 4 * DBL_EPSILON * point;
  return GD_OK;
}

/* On entry direction holds v(x), a first guess. */
static gd_status solve_newton(gd_stepper *stepper, gd_game *game, const double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  const implicit_params *params = gd_stepper_params(stepper);
  double norm, goal;
  GD_TRY(gd_game_norm(game, state->direction, &goal));
  goal *= params->tolerance;
  GD_TRY(evaluate(stepper, x, state->direction, &norm));
  for (uint64_t k = 0; k < params->max_iterations && norm > goal; k++) {
    GD_TRY(factor(game, params->step_size, state->point, state->factors));
    solve(game, state->factors, state->residual);
    memcpy(state->newton, state->residual, gd_game_size(game) * sizeof *state->newton);
    bool rounding;
    GD_TRY(is_rounding(stepper, x, &rounding));
    if (rounding) return GD_OK;
    const gd_status status = damped_update(stepper, x, &norm);
    if (status != GD_OK) return status;
  }
  return norm <= goal ? GD_OK : GD_NOT_CONVERGED;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  gd_status status;
  if (gd_game_traits(game) & GD_AFFINE) {
    status = solve_affine(stepper, game, x);
  } else {
    GD_TRY(gd_game_gradient(game, x, state->direction));
    status = solve_newton(stepper, game, x);
  }
  if (status < 0) return status;
  GD_TRY(gd_stepper_scale(stepper, GD_ALL_PLAYERS, state->direction));
  GD_TRY(gd_stepper_move(stepper, x, x, 1, state->direction));
  return status;
}

/* 1 / |1 - z| */
static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const double h = ((const implicit_params *)params)->step_size[0];
  *modulus = 1 / cabs(gdi_mode_of(1 - h * re, -h * im));
  return GD_OK;
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(implicit_params),
    GD_PARAM(implicit_params, tolerance, GD_REAL, 1e-12, 0.0, 1.0, "residual |u - v(x + h u)| relative to |v(x)|"),
    GD_PARAM(implicit_params, max_iterations, GD_COUNT, 50, 1, 1e9, "of Newton's method; affine games need none"),
};

const gd_method gdi_method_implicit = {
    GD_METHOD_HEAD(implicit, params_table),
    .summary = "move along the gradient found on arrival",
    .source = "Rockafellar 1976; Liang & Stokes 2019, Interaction Matters, Eq. 7",
    .needs = 1u << GD_JACOBIAN,
    .traits = GD_METHOD_LINEAR,
    .init = init,
    .step = step,
    .destroy = destroy,
    .mode_modulus = mode_modulus,
};
