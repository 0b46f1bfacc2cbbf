/* SPDX-License-Identifier: BSD-3-Clause */
/* rates.c -- rates of a method at a linearisation: chooses the route, and contains the public functions.
 *
 * The routes, cheapest first: a stability function on eigenvalues of J, the same for the consensus field, the closed
 * form of a round of alternating moves, and the derivative of one step, which every method has. */
#include "base/error.h"
#include "game/interior.h"
#include "kernels/vector.h"
#include "steppers/stepper.h"
#include "theory/rate_problem.h"
#include "theory/stable_set.h"

#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

#define AT_REST 1e-6 /* how large v may be beside what a displacement of x's size makes of it */

/* ---- the problem ---- */

const gd_param *gdi_step_size_row(const gd_method *method) {
  const gd_param *row;
  for (size_t k = 0; (row = gd_method_param(method, k)) != NULL; k++)
    if (strcmp(row->name, GD_STEP_SIZE) == 0 && row->kind == GD_KIND_REAL_PER_PLAYER) break;
  return row;
}

/* Compute the ratios of the step sizes, without and with their schedules. */
static gd_status find_ratios(gdi_rate_problem *problem) {
  const gd_stepper *stepper = problem->stepper;
  const size_t offset = gdi_step_size_row(gd_stepper_method(stepper))->offset;
  const double *now;
  double largest = 0;
  memcpy(&now, (const char *)gd_stepper_params(stepper) + offset, sizeof now);
  for (size_t i = 0; i < problem->n_players; i++) {
    GD_TRY(gd_stepper_get(stepper, GD_STEP_SIZE, i, &problem->set[i]));
    largest = fmax(largest, problem->set[i]);
  }
  problem->equal = true;
  for (size_t i = 0; i < problem->n_players; i++) {
    const double factor = problem->set[i] > 0 ? now[i] / problem->set[i] : 1;
    problem->set[i] = largest > 0 ? problem->set[i] / largest : 1;
    problem->ratios[i] = problem->set[i] * factor;
    problem->equal = problem->equal && problem->ratios[i] == problem->ratios[0];
  }
  return GD_OK;
}

static gd_rate_route choose_route(const gdi_rate_problem *problem) {
  const gd_stepper *stepper = problem->stepper;
  const gd_method *method = gd_stepper_method(stepper);
  const bool scaled = strcmp(gd_stepper_scaling(stepper), GD_SCALING_NONE) != 0;
  if (scaled || !(problem->ratios[0] > 0)) return GD_RATE_BY_MAP;
  if (method->mode_modulus && (problem->equal || (method->traits & GD_METHOD_MODES_PER_PLAYER)))
    return GD_RATE_BY_MODES;
  if (strcmp(method->name, GD_CONSENSUS) == 0) return GD_RATE_BY_FIELD;
  if (strcmp(method->name, GD_ALTERNATING) == 0 && problem->at->dense) return GD_RATE_BY_ALTERNATION;
  return GD_RATE_BY_MAP;
}

/* Compare |v| with |J u| sqrt n, whose mean over random u is |J|_F |u|. */
static gd_status check_rest(gd_linearisation *at) {
  double *u = gdi_allocate(&at->env, 2 * at->n, sizeof *u), *Ju = u + at->n;
  if (!u) return GD_ERR_MEMORY;
  gd_rng rng = gd_rng_make(0, 0x72657374);
  gd_rng_fill_normal(&rng, at->n, u);
  const double length = gdi_vector_norm(at->n, u), size = fmax(1, gdi_vector_norm(at->n, at->x));
  const gd_status status = at->gradient_norm > 0 ? gd_operator_apply(at->J, u, Ju) : GD_OK;
  const double moves = sqrt((double)at->n) * gdi_vector_norm(at->n, Ju) / length * size;
  gdi_release(&at->env, u);
  if (status < 0) return status;
  if (at->gradient_norm <= AT_REST * moves) return GD_OK;
  return gdi_fail(GD_ERR_HYPOTHESIS,
                  "rates: the point is not stationary: |v| is %g, expected at most %g times %g, its change under a "
                  "displacement",
                  at->gradient_norm, AT_REST, moves);
}

static gd_status check_stepper(const gdi_rate_problem *problem) {
  const gd_stepper *stepper = problem->stepper;
  const gd_linearisation *at = problem->at;
  GDI_REQUIRE(gdi_step_size_row(gd_stepper_method(stepper)), "rates: %s lacks a step_size per player",
              gd_stepper_method(stepper)->name);
  if (at->given) return GD_OK;
  const size_t n = gd_game_size(gd_stepper_game(stepper));
  GDI_REQUIRE(n == at->n, "rates: the stepper's game has %zu variables and the linearisation's %zu", n, at->n);
  return gdi_game_check_interior(at->game, at->x, "rates");
}

/* Checks for a linearisation made from a spectrum alone. */
static gd_status check_given(const gdi_rate_problem *problem) {
  const gd_stepper *stepper = problem->stepper;
  if (problem->route != GD_RATE_BY_MODES || !problem->equal)
    return gdi_fail(GD_ERR_UNSUPPORTED,
                    "rates: only eigenvalues are known, and %s (scaling %s) needs more than these; linearise the "
                    "game at the point",
                    gd_stepper_method(stepper)->name, gd_stepper_scaling(stepper));
  if (!gd_game_projects(gd_stepper_game(stepper))) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED,
                  "rates: the game \"%s\" has a feasible set, and eigenvalues do not show whether the point is on its "
                  "edge; linearise the game at the point",
                  gd_game_name(gd_stepper_game(stepper)));
}

gd_status gdi_rate_problem_open(gdi_rate_problem *problem, gd_stepper *stepper, gd_linearisation *at) {
  *problem = (gdi_rate_problem){.stepper = stepper, .at = at};
  GD_TRY(check_stepper(problem));
  GD_TRY(gdi_env_copy(&problem->env, gd_game_env(gd_stepper_game(stepper))));
  problem->n_players = gd_game_players(gd_stepper_game(stepper));
  problem->set = gdi_allocate(&problem->env, 2 * problem->n_players, sizeof *problem->set);
  if (!problem->set) return GD_ERR_MEMORY;
  problem->ratios = problem->set + problem->n_players;
  GD_TRY(find_ratios(problem));
  problem->route = choose_route(problem);
  return GD_OK;
}

/* For GD_RATE_BY_MAP the fixed point is checked by the map itself. */
static gd_status check_point(const gdi_rate_problem *problem) {
  if (problem->at->given) return check_given(problem);
  return problem->route == GD_RATE_BY_MAP ? GD_OK : check_rest(problem->at);
}

void gdi_rate_problem_close(gdi_rate_problem *problem) { gdi_release(&problem->env, problem->set); }

/* ---- public functions ---- */

typedef struct answer {
  double h, rate;
  gdi_stable_set set;
} answer;

static gd_status rate_at(const gdi_step_curves *curves, void *context) {
  answer *a = context;
  return gdi_step_rate(curves, a->h, &a->rate, NULL);
}

static gd_status largest_stable(const gdi_step_curves *curves, void *context) {
  return gdi_step_largest_stable(curves, &((answer *)context)->h);
}

static gd_status fastest(const gdi_step_curves *curves, void *context) {
  answer *a = context;
  return gdi_step_fastest(curves, &a->h, &a->rate);
}

static gd_status all_stable(const gdi_step_curves *curves, void *context) {
  answer *a = context;
  a->set = GDI_ALL_STEPS;
  return gdi_stable_set_find(curves, false, &a->set);
}

static gd_status ask(gd_stepper *stepper, gd_linearisation *at, gdi_rate_search *search, answer *a) {
  gdi_rate_problem problem;
  gd_status status = gdi_rate_problem_open(&problem, stepper, at);
  if (status >= 0) status = check_point(&problem);
  const bool modes = problem.route == GD_RATE_BY_MODES || problem.route == GD_RATE_BY_FIELD;
  if (status >= 0 && modes)
    status = gdi_rate_by_modes(&problem, search, a);
  else if (status >= 0)
    status = search == rate_at ? gdi_rate_of_map(&problem, a->h, &a->rate) : gdi_rate_by_map(&problem, search, a);
  gdi_rate_problem_close(&problem);
  return status;
}

gd_status gd_rate_route_find(gd_stepper *stepper, gd_linearisation *linearisation, gd_rate_route *route) {
  GDI_REQUIRE(stepper && linearisation && route, "gd_rate_route_find: %s is NULL",
              !stepper        ? "stepper"
              : linearisation ? "route"
                              : "linearisation");
  gdi_rate_problem problem;
  gd_status status = gdi_rate_problem_open(&problem, stepper, linearisation);
  if (status >= 0) status = check_point(&problem);
  if (status >= 0) *route = problem.route;
  gdi_rate_problem_close(&problem);
  return status;
}

gd_status gd_rate(gd_stepper *stepper, gd_linearisation *linearisation, double step_size, double *rate) {
  GDI_REQUIRE(stepper && linearisation && rate, "gd_rate: %s is NULL",
              !stepper        ? "stepper"
              : linearisation ? "rate"
                              : "linearisation");
  GDI_REQUIRE(step_size >= 0 && isfinite(step_size), "gd_rate: step_size is %g, expected a finite number >= 0",
              step_size);
  answer a = {.h = step_size};
  const gd_status status = ask(stepper, linearisation, rate_at, &a);
  if (status >= 0) *rate = a.rate;
  return status;
}

gd_status gd_largest_stable_step(gd_stepper *stepper, gd_linearisation *linearisation, double *step_size) {
  GDI_REQUIRE(stepper && linearisation && step_size, "gd_largest_stable_step: %s is NULL",
              !stepper        ? "stepper"
              : linearisation ? "step_size"
                              : "linearisation");
  answer a = {0};
  const gd_status status = ask(stepper, linearisation, largest_stable, &a);
  if (status >= 0) *step_size = a.h;
  return status;
}

gd_status gd_fastest_step(gd_stepper *stepper, gd_linearisation *linearisation, double *step_size, double *rate) {
  GDI_REQUIRE(stepper && linearisation && step_size && rate, "gd_fastest_step: %s is NULL",
              !stepper        ? "stepper"
              : linearisation ? "an output"
                              : "linearisation");
  answer a = {0};
  const gd_status status = ask(stepper, linearisation, fastest, &a);
  if (status >= 0) *step_size = a.h, *rate = a.rate;
  return status;
}

gd_status gd_stable_intervals(gd_stepper *stepper, gd_linearisation *linearisation, gd_step_interval *intervals,
                              size_t capacity, size_t *count) {
  GDI_REQUIRE(stepper && linearisation && count, "gd_stable_intervals: %s is NULL",
              !stepper        ? "stepper"
              : linearisation ? "count"
                              : "linearisation");
  GDI_REQUIRE(intervals || capacity == 0, "gd_stable_intervals: intervals is NULL, expected an array of %zu", capacity);
  answer a = {0};
  const gd_status status = ask(stepper, linearisation, all_stable, &a);
  if (status < 0) return status;
  for (size_t k = 0; k < a.set.count && k < capacity; k++)
    intervals[k] = (gd_step_interval){a.set.windows[k].low, a.set.windows[k].high};
  *count = a.set.count;
  return status;
}
