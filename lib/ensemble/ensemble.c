/* SPDX-License-Identifier: BSD-3-Clause */
/* ensemble.c -- creation and destruction of an ensemble, and the results of single members. */
#include "ensemble/ensemble.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "ensemble/group.h"
#include "run/options.h"
#include "threads/tasks.h"

#include <math.h>

void gd_ensemble_options_init_sized(gd_ensemble_options *options, size_t size) {
  const gd_ensemble_options defaults = {.struct_size = sizeof defaults, .members = 1};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

/* ---- members ---- */

gdi_member gdi_member_absent(void) {
  return (gdi_member){.result = {.stop = GD_STOP_REQUESTED, .gradient_norm = NAN, .x_norm = NAN, .seconds = 0}};
}

bool gdi_member_was_tried(const gdi_member *member) {
  return member->status < 0 || member->result.stop != GD_STOP_REQUESTED;
}

static gd_status create(gd_ensemble **ensemble, const gdi_ensemble_plan *plan) {
  gd_status status;
  gd_ensemble *made = gdi_create(gd_game_env(plan->game), sizeof *made, offsetof(gd_ensemble, env), &status);
  if (!made) return status;
  made->n = gd_game_size(plan->game);
  made->count = plan->options.members;
  made->members = gdi_allocate(&made->env, made->count, sizeof *made->members);
  made->points = gdi_allocate(&made->env, made->count, made->n * sizeof *made->points);
  if (!made->members || !made->points) {
    gd_ensemble_destroy(made);
    return GD_ERR_MEMORY;
  }
  for (size_t k = 0; k < made->count; k++) made->members[k] = gdi_member_absent();
  for (size_t k = 0; k < made->count * made->n; k++) made->points[k] = NAN;
  *ensemble = made;
  return GD_OK;
}

void gd_ensemble_destroy(gd_ensemble *ensemble) {
  if (!ensemble) return;
  for (size_t k = 0; ensemble->members && k < ensemble->count; k++)
    gdi_release(&ensemble->env, ensemble->members[k].words);
  gdi_release(&ensemble->env, ensemble->members);
  gdi_release(&ensemble->env, ensemble->points);
  gdi_destroy(ensemble, offsetof(gd_ensemble, env));
}

size_t gd_ensemble_members(const gd_ensemble *ensemble) { return ensemble ? ensemble->count : 0; }

gd_status gd_ensemble_result(const gd_ensemble *ensemble, size_t member, gd_run_result *result) {
  GDI_REQUIRE(ensemble, "gd_ensemble_result: ensemble is NULL");
  GDI_REQUIRE(member < ensemble->count, "member is %zu, but the ensemble has %zu members", member, ensemble->count);
  const gdi_member *asked = &ensemble->members[member];
  if (result) *result = asked->result;
  return asked->status < 0 ? gdi_fail(asked->status, "%s", asked->words) : asked->status;
}

const double *gd_ensemble_point(const gd_ensemble *ensemble, size_t member) {
  return ensemble && member < ensemble->count ? ensemble->points + member * ensemble->n : NULL;
}

/* ---- all runs ---- */

/* Ranks must make the same calls in the same order; members on several threads have no order. */
static gd_status check_threads(const gd_game *game) {
  const gd_env *env = gd_game_env(game);
  if (!env->executor) return GD_OK;
  if (!(gd_game_traits(game) & GD_THREAD_SAFE))
    return gdi_fail(GD_ERR_UNSUPPORTED, "the environment has an executor, but the game \"%s\" lacks GD_THREAD_SAFE",
                    gd_game_name(game));
  if (env->comm && env->comm->size > 1)
    return gdi_fail(GD_ERR_UNSUPPORTED,
                    "the environment has an executor and %d ranks, expected an executor or several ranks, not both",
                    env->comm->size);
  return GD_OK;
}

static gd_status read_options(gdi_ensemble_plan *plan, const gd_ensemble_options *callers) {
  gd_ensemble_options *own = &plan->options;
  gd_ensemble_options_init(own);
  if (callers) GD_TRY(GDI_SIZED_READ(gd_ensemble_options, own, callers));
  GDI_REQUIRE(own->members > 0, "members is 0, expected 1 or more");
  if (!own->scaling) own->scaling = GD_SCALING_NONE;
  gd_eval_options_init(&plan->eval);
  if (own->eval) GD_TRY(GDI_SIZED_READ(gd_eval_options, &plan->eval, own->eval));
  GD_TRY(gdi_run_options_read(&plan->run, own->run));
  if (own->lanes > 1) GD_TRY(gdi_group_check(plan));
  if (own->lanes > own->members) own->lanes = own->members;
  return GD_OK;
}

static gd_status run_all(gdi_workers *workers) {
  const gd_status status =
      gdi_tasks_run(&workers->ensemble->env, gdi_workers_tasks(workers), gdi_workers_run_task, workers);
  return workers->failure < 0 ? gdi_fail(workers->failure, "%s", workers->words) : status;
}

gd_status gd_ensemble_run(gd_ensemble **ensemble, const gd_game *game, const gd_method *method,
                          const gd_ensemble_options *options) {
  GDI_REQUIRE(ensemble && game && method, "gd_ensemble_run: %s is NULL",
              !ensemble ? "ensemble"
              : !game   ? "game"
                        : "method");
  gdi_ensemble_plan plan = {.game = game, .method = method};
  GD_TRY(check_threads(game));
  GD_TRY(read_options(&plan, options));
  gd_ensemble *made = NULL;
  GD_TRY(create(&made, &plan));
  gdi_workers workers;
  gd_status status = gdi_workers_open(&workers, made, &plan);
  if (status == GD_OK) status = run_all(&workers);
  gdi_workers_close(&workers);
  if (status == GD_OK)
    *ensemble = made;
  else
    gd_ensemble_destroy(made);
  return status;
}
