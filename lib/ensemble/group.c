/* SPDX-License-Identifier: BSD-3-Clause */
/* group.c -- members side by side: one step moves all of them.
 *
 * Each lane follows the stop rules of gd_run(), at the same steps and in the same order, so its result is the same.  If
 * something happens that cannot be attributed to one lane, the group reports it, and its members are run one by one.  A
 * lane that has ended is still stepped, but ignored. */
#include "ensemble/group.h"

#include "base/error.h"
#include "game/counts.h"
#include "game/reduce.h"
#include "game/small_field.h"
#include "kernels/vector.h"
#include "steppers/settings.h"

#include <gamedyn/derive.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* ---- allowed options ---- */

static gd_status check_rules(const gd_run_options *run) {
  const char *rule = run->step_tolerance > 0  ? "step_tolerance"
                     : run->max_gradients > 0 ? "max_gradients"
                     : run->max_seconds > 0   ? "max_seconds"
                     : run->n_observers > 0   ? "n_observers"
                                              : NULL;
  return rule ? gdi_fail(GD_ERR_UNSUPPORTED,
                         "lanes: %s is set, expected only max_steps, gradient_tolerance and divergence_norm", rule)
              : GD_OK;
}

static gd_status check_evaluation(const gdi_ensemble_plan *plan) {
  const bool draws = plan->options.eval ? plan->eval.batch_size > 0 : gd_game_get_draw(plan->game, NULL);
  if (draws)
    return gdi_fail(GD_ERR_UNSUPPORTED, "lanes: the game uses draws, which members in lanes would share, "
                                        "expected batch_size 0");
  for (int quantity = 0; quantity <= GD_JACOBIAN; quantity++)
    if (plan->method->needs & 1u << quantity &&
        gd_game_source(plan->game, (gd_quantity)quantity) == GD_SOURCE_DIFFERENCED)
      return gdi_fail(GD_ERR_UNSUPPORTED,
                      "lanes: \"%s\" needs products that the game \"%s\" computes by finite differences",
                      plan->method->name, gd_game_name(plan->game));
  return GD_OK;
}

gd_status gdi_group_check(const gdi_ensemble_plan *plan) {
  const gd_comm *comm = gd_game_env(plan->game)->comm;
  if (!(plan->method->traits & GD_METHOD_LANEWISE))
    return gdi_fail(GD_ERR_UNSUPPORTED, "lanes: the method \"%s\" lacks GD_METHOD_LANEWISE", plan->method->name);
  if (comm && comm->size > 1)
    return gdi_fail(GD_ERR_UNSUPPORTED, "lanes: there are %d ranks, expected one", comm->size);
  GD_TRY(check_rules(&plan->run));
  return check_evaluation(plan);
}

/* ---- create and destroy ---- */

static gd_status fill(gdi_group *group, const gdi_worker *worker, const gdi_workers *workers) {
  const gdi_env *env = &workers->ensemble->env;
  const size_t n = workers->ensemble->n, lanes = workers->plan->options.lanes;
  GD_TRY(gd_derive_copies(&group->game, worker->game, lanes));
  GD_TRY(gd_stepper_create(&group->stepper, group->game, workers->plan->method));
  GD_TRY(gd_stepper_set_scaling(group->stepper, workers->plan->options.scaling));
  group->X = gdi_allocate(env, lanes, n * sizeof *group->X);
  group->V = gdi_allocate(env, lanes, n * sizeof *group->V);
  group->lane = gdi_allocate(env, n, 4 * sizeof *group->lane);
  group->over = gdi_allocate(env, lanes, sizeof *group->over);
  return group->X && group->V && group->lane && group->over ? GD_OK : GD_ERR_MEMORY;
}

gd_status gdi_group_create(gdi_group **group, const gdi_worker *worker, const gdi_workers *workers) {
  gdi_group *made = gdi_allocate(&workers->ensemble->env, 1, sizeof *made);
  if (!made) return GD_ERR_MEMORY;
  const gd_status status = fill(made, worker, workers);
  if (status < 0)
    gdi_group_destroy(made, &workers->ensemble->env);
  else
    *group = made;
  return status;
}

void gdi_group_destroy(gdi_group *group, const gdi_env *env) {
  if (!group) return;
  gdi_release(env, group->over);
  gdi_release(env, group->lane);
  gdi_release(env, group->V);
  gdi_release(env, group->X);
  gd_stepper_destroy(group->stepper);
  gd_game_destroy(group->game);
  gdi_release(env, group);
}

/* ---- a run ---- */

typedef struct group_run {
  gdi_group *group;
  gd_game *base; /* for what concerns one lane */
  gd_ensemble *ensemble;
  const gd_run_options *rules;
  size_t lanes, first, count; /* members first to first + count - 1 are in lanes 0 to count - 1 */
  size_t running;
  uint64_t step;
  struct timespec start;
} group_run;

static void gather(const group_run *run, const double *lanes, size_t lane, double *x) {
  for (size_t j = 0; j < run->ensemble->n; j++) x[j] = lanes[lane + run->lanes * j];
}

static void scatter(const group_run *run, const double *x, size_t lane) {
  for (size_t j = 0; j < run->ensemble->n; j++) run->group->X[lane + run->lanes * j] = x[j];
}

/* Lanes without a member repeat the first one. */
static gd_status begin(group_run *run, gdi_worker *worker, const gdi_ensemble_plan *plan, bool *alike) {
  for (size_t lane = 0; lane < run->count && *alike; lane++) {
    const gd_status status = gdi_worker_prepare(worker, plan, run->first + lane);
    if (status == GD_ERR_MEMORY) return status;
    *alike = status >= 0;
    if (*alike && lane == 0) GD_TRY(gdi_stepper_adopt(run->group->stepper, worker->stepper));
    *alike = *alike && gdi_stepper_agrees(run->group->stepper, worker->stepper);
    scatter(run, worker->x, lane);
    run->group->over[lane] = false;
  }
  gather(run, run->group->X, 0, worker->x);
  for (size_t lane = run->count; lane < run->lanes; lane++) scatter(run, worker->x, lane);
  gd_game_reset_counts(run->group->game);
  clock_gettime(CLOCK_MONOTONIC, &run->start);
  return GD_OK;
}

static double seconds_since(struct timespec start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start.tv_sec) + 1e-9 * (double)(now.tv_nsec - start.tv_nsec);
}

/* The counts of one member: a call for all lanes counts as one for each; `alone` are its own calls. */
static gd_counts counts_of_one(const group_run *run, const gd_counts *alone) {
  gd_counts counts;
  gd_game_counts(run->group->game, &counts);
  counts.player_entries /= run->lanes;
  return gdi_counts_plus(&counts, alone);
}

static gd_status finish(group_run *run, size_t lane, gd_stop stop, double gradient_norm, const gd_counts *alone) {
  const size_t member = run->first + lane;
  double *x = run->ensemble->points + member * run->ensemble->n;
  gdi_tracking now = {0};
  gather(run, run->group->X, lane, x);
  GD_TRY(gdi_game_track(run->base, x, x, run->group->lane, &now));
  run->ensemble->members[member] = (gdi_member){.result = {.stop = stop,
                                                           .steps = run->step,
                                                           .gradient_norm = gradient_norm,
                                                           .x_norm = now.x_norm,
                                                           .seconds = seconds_since(run->start),
                                                           .counts = counts_of_one(run, alone)}};
  run->group->over[lane] = true;
  run->running--;
  return GD_OK;
}

/* The lane's residual is within the tolerance: decide between a stationary point and a small field. */
static gd_status finish_at_rest(group_run *run, size_t lane, double norm) {
  const size_t n = run->ensemble->n;
  double *residual = run->group->lane, *x = residual + n;
  gd_counts before;
  bool small;
  gd_game_counts(run->base, &before);
  gather(run, run->group->X, lane, x);
  GD_TRY(gdi_game_is_small_field(run->base, x, residual, norm, run->rules->gradient_tolerance, x + n, &small));
  const gd_counts alone = gdi_counts_since(run->base, &before);
  return finish(run, lane, small ? GD_STOP_SMALL_FIELD : GD_STOP_GRADIENT, norm, &alone);
}

/* Apply the rule for the gradient; at the end, all other rules. */
static gd_status look(group_run *run, bool is_end, gd_stop stop) {
  gdi_group *group = run->group;
  GD_TRY(gd_game_gradient(group->game, group->X, group->V));
  GD_TRY(gdi_game_take_residual(group->game, group->X, group->V));
  for (size_t lane = 0; lane < run->count; lane++) {
    double norm;
    if (group->over[lane]) continue;
    gather(run, group->V, lane, group->lane);
    GD_TRY(gd_game_norm(run->base, group->lane, &norm));
    if (run->rules->gradient_tolerance > 0 && norm <= run->rules->gradient_tolerance)
      GD_TRY(finish_at_rest(run, lane, norm));
    else if (is_end)
      GD_TRY(finish(run, lane, stop, norm, &(gd_counts){0}));
  }
  return GD_OK;
}

/* No lane's norm is above divergence_norm, or not finite, since not even that of all together is. */
static bool is_bounded(const group_run *run) {
  const double square = gdi_vector_dot(run->lanes * run->ensemble->n, run->group->X, run->group->X);
  const double most = run->rules->divergence_norm;
  return isfinite(square) && square <= 0.999 * most * most;
}

static gd_status play(group_run *run) {
  const gd_run_options *rules = run->rules;
  for (;; run->step++) {
    if (!is_bounded(run)) return GD_ERR_NONFINITE;
    const bool requested = gd_stepper_take_stop_request(run->group->stepper);
    const bool is_end = requested || run->step >= rules->max_steps;
    const bool is_look = rules->gradient_tolerance > 0 && run->step % rules->check_every == 0;
    if (is_end || is_look) GD_TRY(look(run, is_end, requested ? GD_STOP_REQUESTED : GD_STOP_STEPS));
    if (run->running == 0) return GD_OK;
    const gd_status status = gd_stepper_step(run->group->stepper, run->group->X);
    if (status != GD_OK) return status; /* a caveat, too: whose would it be? */
  }
}

gd_status gdi_group_run(gdi_worker *worker, const gdi_workers *workers, size_t first, size_t count, bool *alike) {
  group_run run = {.group = worker->group,
                   .base = worker->game,
                   .ensemble = workers->ensemble,
                   .rules = &workers->plan->run,
                   .lanes = workers->plan->options.lanes,
                   .first = first,
                   .count = count,
                   .running = count};
  *alike = true;
  GD_TRY(begin(&run, worker, workers->plan, alike));
  if (!*alike) return GD_OK;
  const gd_status status = play(&run);
  *alike = status == GD_OK;
  return status == GD_ERR_MEMORY ? status : GD_OK;
}
