/* SPDX-License-Identifier: BSD-3-Clause */
/* worker.c -- members one after the other on as many workers as there are threads.
 *
 * The worker that runs a member depends on timing.  So each member gets a stepper in its initial state, the draw of its
 * own stream and its own generator; nothing of the member before is left. */
#include "ensemble/worker.h"

#include "base/error.h"
#include "ensemble/group.h"
#include "steppers/settings.h"

#include <stdio.h>
#include <string.h>

/* ---- workers ---- */

static void destroy_worker(gdi_worker *worker, const gdi_env *env) {
  gdi_group_destroy(worker->group, env);
  gdi_release(env, worker->x);
  gd_stepper_destroy(worker->stepper);
  gd_game_destroy(worker->game);
  gdi_release(env, worker);
}

static gd_status fill_worker(gdi_worker *worker, const gdi_crew *crew) {
  const gdi_ensemble_plan *plan = crew->plan;
  GD_TRY(gd_game_dup(&worker->game, plan->game));
  if (plan->options.eval) GD_TRY(gd_game_configure(worker->game, &plan->eval));
  GD_TRY(gd_stepper_create(&worker->stepper, worker->game, plan->method));
  GD_TRY(gd_stepper_set_scaling(worker->stepper, plan->options.scaling));
  worker->x = gdi_allocate(&crew->ensemble->env, crew->ensemble->n, sizeof *worker->x);
  if (!worker->x) return GD_ERR_MEMORY;
  return plan->options.lanes > 1 ? gdi_group_create(&worker->group, worker, crew) : GD_OK;
}

/* Call it under the lock, or before there are threads. */
static gd_status add_worker(gdi_crew *crew, gdi_worker **added) {
  gdi_worker *worker = gdi_allocate(&crew->ensemble->env, 1, sizeof *worker);
  if (!worker) return GD_ERR_MEMORY;
  const gd_status status = fill_worker(worker, crew);
  if (status < 0) {
    destroy_worker(worker, &crew->ensemble->env);
    return status;
  }
  worker->other = crew->all;
  crew->all = worker;
  *added = worker;
  return GD_OK;
}

gd_status gdi_crew_open(gdi_crew *crew, gd_ensemble *ensemble, const gdi_ensemble_plan *plan) {
  *crew = (gdi_crew){.ensemble = ensemble, .plan = plan};
  pthread_mutex_init(&crew->lock, NULL); /* cannot fail without attributes */
  return add_worker(crew, &crew->idle);
}

void gdi_crew_close(gdi_crew *crew) {
  while (crew->all) {
    gdi_worker *worker = crew->all;
    crew->all = worker->other;
    destroy_worker(worker, &crew->ensemble->env);
  }
  pthread_mutex_destroy(&crew->lock);
}

/* ---- stopping ---- */

/* Stop running members at their next step. */
static void stop_all(gdi_crew *crew) {
  crew->stopping = true;
  for (gdi_worker *worker = crew->all; worker; worker = worker->other) {
    gd_stepper_request_stop(worker->stepper);
    if (worker->group) gd_stepper_request_stop(worker->group->stepper);
  }
}

/* Clear stop requests that came too late. */
static void forget_requests(gdi_worker *worker) {
  gd_stepper_take_stop_request(worker->stepper);
  if (worker->group) gd_stepper_take_stop_request(worker->group->stepper);
}

/* Record a failure of the whole ensemble. */
static void give_up(gdi_crew *crew, gd_status status) {
  if (crew->failure == GD_OK) {
    crew->failure = status;
    snprintf(crew->words, sizeof crew->words, "%s", gd_last_error());
  }
  stop_all(crew);
}

/* NULL if there is nothing more to do. */
static gdi_worker *take_worker(gdi_crew *crew) {
  gdi_worker *worker = NULL;
  pthread_mutex_lock(&crew->lock);
  if (!crew->stopping) {
    worker = crew->idle;
    if (worker) {
      crew->idle = worker->idle;
      forget_requests(worker);
    } else {
      const gd_status status = add_worker(crew, &worker);
      if (status < 0) give_up(crew, status);
    }
  }
  pthread_mutex_unlock(&crew->lock);
  return worker;
}

static void return_worker(gdi_crew *crew, gdi_worker *worker) {
  pthread_mutex_lock(&crew->lock);
  worker->idle = crew->idle;
  crew->idle = worker;
  pthread_mutex_unlock(&crew->lock);
}

/* Report that `members` more are done, or a failure; returns whether the ensemble goes on. */
static bool report(gdi_crew *crew, size_t members, gd_status status) {
  const gd_ensemble_options *options = &crew->plan->options;
  pthread_mutex_lock(&crew->lock);
  crew->done += members;
  if (status < 0)
    give_up(crew, status);
  else if (options->progress && !crew->stopping && options->progress(options->context, crew->done))
    stop_all(crew);
  const bool go_on = !crew->stopping;
  pthread_mutex_unlock(&crew->lock);
  return go_on;
}

/* ---- one member ---- */

/* Call `prepare`.  The message of a failure begins with the member; the message of `prepare` or of calls inside
 * follows. */
static gd_status ask_to_prepare(const gd_ensemble_options *options, gdi_worker *worker, size_t member) {
  gd_rng rng = gd_rng_make(options->seed, member);
  const uint64_t before = gdi_failures();
  const gd_status status = options->prepare(options->context, member, &rng, worker->stepper, worker->x);
  if (status >= 0) return GD_OK;
  const bool within = gdi_failures() != before;
  return gdi_fail(status, "prepare returned %s for member %zu%s%s", gd_status_name(status), member, within ? ": " : "",
                  within ? gd_last_error() : "");
}

gd_status gdi_worker_prepare(gdi_worker *worker, const gdi_ensemble_plan *plan, size_t member) {
  const gd_ensemble_options *options = &plan->options;
  const size_t n = gd_game_size(worker->game);
  gd_draw draw;
  GD_TRY(gdi_stepper_renew(worker->stepper, options->scaling));
  if (gd_game_get_draw(worker->game, &draw))
    gd_game_set_draw(worker->game, &(gd_draw){options->seed, member, 0, draw.batch_size});
  if (options->start)
    memcpy(worker->x, options->start, n * sizeof *worker->x);
  else
    memset(worker->x, 0, n * sizeof *worker->x);
  return options->prepare ? ask_to_prepare(options, worker, member) : GD_OK;
}

/* Keep the message of a failure; fails only without memory. */
static gd_status keep_words(const gd_ensemble *ensemble, gdi_member *member) {
  const char *words = gd_last_error();
  const size_t bytes = strlen(words) + 1;
  member->words = gdi_allocate(&ensemble->env, bytes, 1);
  if (!member->words) return GD_ERR_MEMORY;
  memcpy(member->words, words, bytes);
  return GD_OK;
}

static gd_status run_member(gd_ensemble *ensemble, const gdi_ensemble_plan *plan, gdi_worker *worker, size_t k) {
  gdi_member *member = &ensemble->members[k];
  *member = gdi_member_absent();
  member->status = gdi_worker_prepare(worker, plan, k);
  if (member->status >= 0) member->status = gd_run(worker->stepper, worker->x, &plan->run, &member->result);
  memcpy(ensemble->points + k * ensemble->n, worker->x, ensemble->n * sizeof *worker->x);
  if (member->status == GD_ERR_MEMORY) return GD_ERR_MEMORY;
  return member->status < 0 ? keep_words(ensemble, member) : GD_OK;
}

/* ---- tasks ---- */

/* Members to a task. */
static size_t lanes_of(const gdi_crew *crew) {
  const size_t lanes = crew->plan->options.lanes;
  return lanes > 1 ? lanes : 1;
}

size_t gdi_crew_tasks(const gdi_crew *crew) {
  const size_t lanes = lanes_of(crew), count = crew->ensemble->count;
  return count / lanes + (count % lanes > 0);
}

static gd_status run_one_by_one(gdi_crew *crew, gdi_worker *worker, size_t first, size_t count) {
  gd_status status = GD_OK;
  bool go_on = true;
  for (size_t k = first; k < first + count && go_on; k++) {
    status = run_member(crew->ensemble, crew->plan, worker, k);
    go_on = report(crew, 1, status);
  }
  return status;
}

static gd_status run_group(gdi_crew *crew, gdi_worker *worker, size_t first, size_t count) {
  bool alike = false;
  const gd_status status = gdi_group_run(worker, crew, first, count, &alike);
  if (status == GD_OK && !alike) return run_one_by_one(crew, worker, first, count);
  report(crew, count, status);
  return status;
}

gd_status gdi_crew_run_task(void *context, size_t task) {
  gdi_crew *crew = context;
  const size_t lanes = lanes_of(crew), first = task * lanes, rest = crew->ensemble->count - first;
  gdi_worker *worker = take_worker(crew);
  if (!worker) return GD_OK;
  const gd_status status =
      (worker->group ? run_group : run_one_by_one)(crew, worker, first, rest < lanes ? rest : lanes);
  return_worker(crew, worker);
  return status;
}
