/* SPDX-License-Identifier: BSD-3-Clause */
/* implicit.c -- a step along the gradient at the new point: backward Euler, the proximal point method.
 *
 *     x' = x + H v(x'),   H = diag(h)
 *
 * Rockafellar 1976; Liang & Stokes 2019, Eq. 7 and Theorem 5.  With a feasible set the equation would be
 * x' = P(x + H v(x')), which is not solved here; projecting the x' above has fixed points that are no solutions.
 *
 * Affine games, v(x) = J x + b: one linear solve is exact, (I - H J) x' = x + H b.  The factors and b = v(0) are kept
 * until h changes, so a step is one pass over the factors and evaluates nothing.  If v(0) cannot be evaluated, and
 * under a scaling, the unknown is d = x' - x instead: (I - H J) d = H v(x), with one gradient.
 *
 * Other games: Newton's method on G(d) = d - H v(x + d), from d = H v(x), or from 0 if that leaves the domain.  Its
 * step is halved until |G| falls; it stops on the residual |G|.  If the residual stays above `tolerance`, the step
 * still moves x, by the best d, and returns GD_NOT_CONVERGED.
 *
 * Games larger than dense_limit, affine ones too: Newton's systems are solved by GMRES, with a tolerance that follows
 * the decrease of |G| (Eisenstat & Walker 1996), so no matrix is built.
 *
 * A scaling changes the direction d / h as a whole.  The only memory is the factors. */
#include "base/error.h"
#include "dense/factors.h"
#include "game/limits.h"
#include "kernels/vector.h"
#include "steppers/implicit_krylov.h"
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

/* I - H J, factored. */
typedef struct implicit_factors {
  gdi_env env;
  gdi_factors lu;
  double *step_size; /* [n_players], the h they are for */
  double *drift;     /* H v(0) [n] */
  bool ready;        /* and still right: affine games only */
  bool has_drift;
} implicit_factors;

typedef struct implicit_state {
  double *move, *trial, *newton; /* d; d on trial; Newton's step; [n] */
  double *residual, *point;      /* G(d); x + d, or x'; [n] */
  implicit_factors *factors;     /* or, for a game larger than dense_limit: */
  gdi_implicit_krylov *krylov;
} implicit_state;

/* ---- create and destroy ---- */

static void destroy_factors(implicit_factors *factors) {
  if (!factors) return;
  gdi_release(&factors->env, factors->drift);
  gdi_release(&factors->env, factors->step_size);
  gdi_factors_destroy(&factors->lu);
  gdi_destroy(factors, offsetof(implicit_factors, env));
}

static gd_status create_factors(implicit_factors **factors, const gd_game *game) {
  const size_t n = gd_game_size(game);
  gd_status status;
  implicit_factors *made = gdi_create(gd_game_env(game), sizeof *made, offsetof(implicit_factors, env), &status);
  if (!made) return status;
  status = gdi_factors_create(&made->lu, &made->env, n);
  made->step_size = gdi_allocate(&made->env, gd_game_players(game), sizeof *made->step_size);
  made->drift = gdi_allocate(&made->env, n, sizeof *made->drift);
  if (status < 0 || !made->step_size || !made->drift) {
    destroy_factors(made);
    return GD_ERR_MEMORY;
  }
  *factors = made;
  return GD_OK;
}

static gd_status init(gd_stepper *stepper) {
  implicit_state *state = gd_stepper_state(stepper);
  state->move = gd_stepper_scratch(stepper);
  state->trial = gd_stepper_scratch(stepper);
  state->newton = gd_stepper_scratch(stepper);
  state->residual = gd_stepper_scratch(stepper);
  state->point = gd_stepper_scratch(stepper);
  gd_game *game = gd_stepper_game(stepper);
  if (!gdi_game_may_be_dense(game)) return gdi_implicit_krylov_create(&state->krylov, game);
  GD_TRY(gd_game_prepare(game, 1u << GD_JACOBIAN));
  return create_factors(&state->factors, game);
}

static void destroy(gd_stepper *stepper) {
  const implicit_state *state = gd_stepper_state(stepper);
  destroy_factors(state->factors);
  gdi_implicit_krylov_destroy(state->krylov);
}

/* ---- the matrix I - H J ---- */

static const double *step_sizes(const gd_stepper *stepper) {
  return ((const implicit_params *)gd_stepper_params(stepper))->step_size;
}

static gd_status factor(gd_game *game, const double *step_size, const double *point, implicit_factors *factors) {
  const size_t n = gd_game_size(game);
  gdi_factors *lu = &factors->lu;
  factors->ready = false;
  GD_TRY(gd_game_jacobian(game, point, lu->entries, lu->stride));
  for (size_t j = 0; j < n; j++) {
    double *column = lu->entries + j * lu->stride;
    gdi_implicit_times_step(game, step_size, column, column);
    for (size_t k = 0; k < n; k++) column[k] = -column[k];
    column[j] += 1;
  }
  GD_TRY(gdi_factors_compute(lu));
  memcpy(factors->step_size, step_size, gd_game_players(game) * sizeof *step_size);
  factors->ready = true;
  return GD_OK;
}

static bool is_recoverable(gd_status status) { return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE; }

/* ---- affine games ---- */

/* Compute the factors for the current step sizes, and b unless it depends on the draw. */
static gd_status refactor(gd_stepper *stepper, gd_game *game, const double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  implicit_factors *factors = state->factors;
  const double *step_size = step_sizes(stepper);
  if (factors->ready && memcmp(factors->step_size, step_size, gd_game_players(game) * sizeof *step_size) == 0)
    return GD_OK;
  GD_TRY(factor(game, step_size, x, factors));
  factors->has_drift = false;
  if (gd_game_traits(game) & GD_STOCHASTIC) return GD_OK;
  memset(state->point, 0, gd_game_size(game) * sizeof *state->point);
  const gd_status status = gd_game_gradient(game, state->point, factors->drift);
  factors->has_drift = status == GD_OK;
  factors->ready = status == GD_OK || is_recoverable(status); /* else a later try would find factors without drift */
  if (factors->has_drift) gdi_implicit_times_step(game, step_size, factors->drift, factors->drift);
  return factors->ready ? GD_OK : status;
}

/* Solve for x' directly: one pass over the factors. */
static gd_status arrive(gd_stepper *stepper, gd_game *game, double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  gdi_vector_move(gd_game_size(game), 1, x, state->factors->drift, state->point);
  gdi_factors_solve(&state->factors->lu, state->point);
  gdi_game_count_solve(game);
  const size_t k = gdi_vector_first_nonfinite(gd_game_size(game), state->point);
  if (k < gd_game_size(game)) /* no gradient is evaluated that would notice */
    return gdi_fail(GD_ERR_NONFINITE, "implicit: x[%zu] would be %g", k, state->point[k]);
  memcpy(x, state->point, gd_game_size(game) * sizeof *x);
  return GD_OK;
}

static gd_status solve_affine(gd_stepper *stepper, gd_game *game, const double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  GD_TRY(gd_game_gradient(game, x, state->move));
  gdi_implicit_times_step(game, step_sizes(stepper), state->move, state->move);
  gdi_factors_solve(&state->factors->lu, state->move);
  gdi_game_count_solve(game);
  return GD_OK;
}

/* ---- other games ---- */

/* point = x + d, residual = d - H v(point), and its norm. */
static gd_status evaluate(gd_stepper *stepper, const double *x, const double *d, double *norm) {
  const implicit_state *state = gd_stepper_state(stepper);
  gd_game *game = gd_stepper_game(stepper);
  const size_t n = gd_game_size(game);
  gdi_vector_move(n, 1, x, d, state->point);
  GD_TRY(gd_game_gradient(game, state->point, state->residual));
  gdi_implicit_times_step(game, step_sizes(stepper), state->residual, state->residual);
  gdi_vector_move(n, -1, d, state->residual, state->residual);
  return gd_game_norm(game, state->residual, norm);
}

/* d <- d - s newton for the first s = 1, 1/2, 1/4, ... with a smaller residual; *norm becomes its norm. */
static gd_status damped_update(gd_stepper *stepper, const double *x, double *norm) {
  const implicit_state *state = gd_stepper_state(stepper);
  const size_t n = gd_game_size(gd_stepper_game(stepper));
  double length = 1;
  for (int halving = 0; halving <= HALVINGS_MAX; halving++, length /= 2) {
    double trial_norm;
    gdi_vector_move(n, -length, state->move, state->newton, state->trial);
    const gd_status status = evaluate(stepper, x, state->trial, &trial_norm);
    if (status < 0 && !is_recoverable(status)) return status;
    if (status < 0 || !(trial_norm < *norm)) continue;
    memcpy(state->move, state->trial, n * sizeof *state->trial);
    *norm = trial_norm;
    return GD_OK;
  }
  return GD_NOT_CONVERGED;
}

/* True if Newton's step is lost in the rounding of x + d: the residual cannot be made smaller. */
static gd_status is_rounding(gd_stepper *stepper, bool *answer) {
  const implicit_state *state = gd_stepper_state(stepper);
  double newton, point;
  GD_TRY(gd_game_norm(gd_stepper_game(stepper), state->newton, &newton));
  GD_TRY(gd_game_norm(gd_stepper_game(stepper), state->point, &point));
  *answer = newton <= 4 * DBL_EPSILON * point;
  return GD_OK;
}

/* The first guess is d = H v(x), which is already in d; or d = 0, whose residual is -H v(x), if that is smaller or the
 * first one leaves the domain.  On entry norm is |H v(x)|. */
static gd_status first_guess(gd_stepper *stepper, const double *x, double *norm) {
  const implicit_state *state = gd_stepper_state(stepper);
  const double norm_at_zero = *norm;
  const gd_status status = evaluate(stepper, x, state->move, norm);
  if (status >= 0 ? *norm <= norm_at_zero : !is_recoverable(status)) return status;
  memset(state->move, 0, gd_game_size(gd_stepper_game(stepper)) * sizeof *state->move);
  return evaluate(stepper, x, state->move, norm);
}

/* The tolerance of a linear system: the final one for an affine game; for others it follows the decrease of the
 * residual. */
static double forcing(const gd_game *game, double norm, double before, double goal) {
  if (gd_game_traits(game) & GD_AFFINE) return goal / 2;
  const double ratio = norm / before;
  return fmax(norm * fmin(0.1, 0.9 * ratio * ratio), goal / 2);
}

/* `before` is |G| one iteration ago.  *solved: Newton's step reduces the residual of its system by half at least. */
static gd_status newton_step(gd_stepper *stepper, const double *x, double before, double goal, double *norm,
                             bool *solved) {
  const implicit_state *state = gd_stepper_state(stepper);
  gd_game *game = gd_stepper_game(stepper);
  const double *step_size = step_sizes(stepper);
  gdi_game_count_solve(game);
  if (state->krylov) {
    const gd_status status = gdi_implicit_krylov_solve(state->krylov, step_size, state->point, state->residual,
                                                       forcing(game, *norm, before, goal), state->newton);
    *solved = status == GD_OK;
    return status < 0 ? status : damped_update(stepper, x, norm);
  }
  *solved = true;
  GD_TRY(factor(game, step_size, state->point, state->factors));
  memcpy(state->newton, state->residual, gd_game_size(game) * sizeof *state->newton);
  gdi_factors_solve(&state->factors->lu, state->newton);
  return damped_update(stepper, x, norm);
}

static gd_status solve_newton(gd_stepper *stepper, gd_game *game, const double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  const implicit_params *params = gd_stepper_params(stepper);
  double norm, goal;
  GD_TRY(gd_game_gradient(game, x, state->move));
  gdi_implicit_times_step(game, params->step_size, state->move, state->move);
  GD_TRY(gd_game_norm(game, state->move, &norm));
  goal = params->tolerance * norm;
  GD_TRY(first_guess(stepper, x, &norm));
  double before = norm;
  for (uint64_t k = 0; k < params->max_iterations && norm > goal; k++) {
    bool rounding = false, solved = false;
    const double now = norm;
    const gd_status status = newton_step(stepper, x, before, goal, &norm, &solved);
    if (status < 0) return status;
    before = now;
    if (solved) GD_TRY(is_rounding(stepper, &rounding));
    if (rounding) return GD_OK;
    if (status == GD_NOT_CONVERGED) return status;
  }
  return norm <= goal ? GD_OK : GD_NOT_CONVERGED;
}

/* ---- step ---- */

static bool is_scaled(const gd_stepper *stepper) { return strcmp(gd_stepper_scaling(stepper), GD_SCALING_NONE) != 0; }

/* Move to x + d; under a scaling, along the scaled direction d / h.  A player with step size 0 does not move. */
static gd_status follow(gd_stepper *stepper, gd_game *game, double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  const double *step_size = step_sizes(stepper);
  for (size_t i = 0; i < gd_game_players(game); i++) {
    const size_t start = gd_game_block_start(game, i), end = start + gd_game_block_size(game, i);
    for (size_t k = start; k < end; k++) state->move[k] = step_size[i] > 0 ? state->move[k] / step_size[i] : 0;
  }
  return gd_stepper_finish(stepper, x, state->move);
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const implicit_state *state = gd_stepper_state(stepper);
  if (state->krylov || !(gd_game_traits(game) & GD_AFFINE)) {
    const gd_status status = solve_newton(stepper, game, x);
    if (status < 0) return status;
    GD_TRY(follow(stepper, game, x));
    return status;
  }
  GD_TRY(refactor(stepper, game, x));
  if (state->factors->has_drift && !is_scaled(stepper)) return arrive(stepper, game, x);
  GD_TRY(solve_affine(stepper, game, x));
  return follow(stepper, game, x);
}

/* 1 / |1 - z| */
static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const double h = ((const implicit_params *)params)->step_size[0];
  *modulus = 1 / cabs(gdi_mode_of(1 - h * re, -h * im));
  return GD_OK;
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(implicit_params),
    GD_PARAM(implicit_params, tolerance, GD_KIND_REAL, 1e-12, 0.0, 1.0,
             "residual |d - h v(x + d)| relative to |h v(x)|"),
    GD_PARAM(implicit_params, max_iterations, GD_KIND_COUNT, 50, 1, 1e9, "of Newton's method; affine games need none"),
};

const gd_method gdi_method_implicit = {
    GD_METHOD_HEAD(implicit, params_table),
    .summary = "move along the gradient found on arrival",
    .source = "Rockafellar 1976; Liang & Stokes 2019, Interaction Matters, Eq. 7",
    .traits = GD_METHOD_LINEAR | GD_METHOD_MODES_PER_PLAYER | GD_METHOD_UNCONSTRAINED,
    .init = init,
    .step = step,
    .destroy = destroy,
    .mode_modulus = mode_modulus,
};
