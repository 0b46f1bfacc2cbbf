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

static void destroy_worker(void *context, gdi_pooled *pooled) {
  const gdi_workers *workers = context;
  const gdi_env *env = &workers->ensemble->env;
  gdi_worker *worker = (gdi_worker *)pooled;
  gdi_group_destroy(worker->group, env);
  gdi_release(env, worker->x);
  gd_stepper_destroy(worker->stepper);
  gd_game_destroy(worker->game);
  gdi_release(env, worker);
}

static gd_status fill_worker(gdi_worker *worker, const gdi_workers *workers) {
  const gdi_ensemble_plan *plan = workers->plan;
  GD_TRY(gd_game_dup(&worker->game, plan->game));
  if (plan->options.eval) GD_TRY(gd_game_configure(worker->game, &plan->eval));
  GD_TRY(gd_stepper_create(&worker->stepper, worker->game, plan->method));
  GD_TRY(gd_stepper_set_scaling(worker->stepper, plan->options.scaling));
  worker->x = gdi_allocate(&workers->ensemble->env, workers->ensemble->n, sizeof *worker->x);
  if (!worker->x) return GD_ERR_MEMORY;
  return plan->options.lanes > 1 ? gdi_group_create(&worker->group, worker, workers) : GD_OK;
}

static gd_status create_worker(void *context, gdi_pooled **created) {
  gdi_workers *workers = context;
  gdi_worker *worker = gdi_allocate(&workers->ensemble->env, 1, sizeof *worker);
  if (!worker) return GD_ERR_MEMORY;
  const gd_status status = fill_worker(worker, workers);
  if (status < 0) {
    destroy_worker(workers, &worker->pooled);
    return status;
  }
  pthread_mutex_lock(&workers->lock);
  worker->other = workers->all;
  workers->all = worker;
  pthread_mutex_unlock(&workers->lock);
  *created = &worker->pooled;
  return GD_OK;
}

gd_status gdi_workers_open(gdi_workers *workers, gd_ensemble *ensemble, const gdi_ensemble_plan *plan) {
  *workers = (gdi_workers){.ensemble = ensemble, .plan = plan};
  pthread_mutex_init(&workers->lock, NULL); /* cannot fail without attributes */
  gdi_pool_open(&workers->pool, create_worker, destroy_worker, workers);
  return gdi_pool_fill(&workers->pool);
}

/* Nobody has a worker any more: all are idle. */
void gdi_workers_close(gdi_workers *workers) {
  gdi_pool_close(&workers->pool);
  pthread_mutex_destroy(&workers->lock);
}

/* ---- stopping ---- */

/* Members under way end at their next step. */
static void stop_all(gdi_workers *workers) {
  workers->stopping = true;
  for (gdi_worker *worker = workers->all; worker; worker = worker->other) {
    gd_stepper_request_stop(worker->stepper);
    if (worker->group) gd_stepper_request_stop(worker->group->stepper);
  }
}

/* Clear stop requests that came too late. */
static void forget_requests(gdi_worker *worker) {
  gd_stepper_take_stop_request(worker->stepper);
  if (worker->group) gd_stepper_take_stop_request(worker->group->stepper);
}

/* The ensemble cannot go on. */
static void give_up(gdi_workers *workers, gd_status status) {
  if (workers->failure == GD_OK) {
    workers->failure = status;
    snprintf(workers->words, sizeof workers->words, "%s", gd_last_error());
  }
  stop_all(workers);
}

/* NULL if there is nothing more to do.  Requests of an earlier stop are forgotten under the lock: a later one is seen. */
static gdi_worker *take_worker(gdi_workers *workers) {
  gdi_pooled *pooled = NULL;
  const gd_status status = gdi_pool_take(&workers->pool, &pooled);
  pthread_mutex_lock(&workers->lock);
  if (status < 0) give_up(workers, status);
  const bool is_over = workers->stopping;
  if (!is_over) forget_requests((gdi_worker *)pooled);
  pthread_mutex_unlock(&workers->lock);
  if (!is_over) return (gdi_worker *)pooled;
  if (pooled) gdi_pool_return(&workers->pool, pooled);
  return NULL;
}

static void return_worker(gdi_workers *workers, gdi_worker *worker) {
  gdi_pool_return(&workers->pool, &worker->pooled);
}

/* So many more members are done, or the ensemble cannot go on; whether it goes on. */
static bool report(gdi_workers *workers, size_t members, gd_status status) {
  const gd_ensemble_options *options = &workers->plan->options;
  pthread_mutex_lock(&workers->lock);
  workers->done += members;
  if (status < 0)
    give_up(workers, status);
  else if (options->progress && !workers->stopping && options->progress(options->context, workers->done))
    stop_all(workers);
  const bool go_on = !workers->stopping;
  pthread_mutex_unlock(&workers->lock);
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
static size_t lanes_of(const gdi_workers *workers) {
  const size_t lanes = workers->plan->options.lanes;
  return lanes > 1 ? lanes : 1;
}

size_t gdi_workers_tasks(const gdi_workers *workers) {
  const size_t lanes = lanes_of(workers), count = workers->ensemble->count;
  return count / lanes + (count % lanes > 0);
}

static gd_status run_one_by_one(gdi_workers *workers, gdi_worker *worker, size_t first, size_t count) {
  gd_status status = GD_OK;
  bool go_on = true;
  for (size_t k = first; k < first + count && go_on; k++) {
    status = run_member(workers->ensemble, workers->plan, worker, k);
    go_on = report(workers, 1, status);
  }
  return status;
}

static gd_status run_group(gdi_workers *workers, gdi_worker *worker, size_t first, size_t count) {
  bool alike = false;
  const gd_status status = gdi_group_run(worker, workers, first, count, &alike);
  if (status == GD_OK && !alike) return run_one_by_one(workers, worker, first, count);
  report(workers, count, status);
  return status;
}

gd_status gdi_workers_run_task(void *context, size_t task) {
  gdi_workers *workers = context;
  const size_t lanes = lanes_of(workers), first = task * lanes, rest = workers->ensemble->count - first;
  gdi_worker *worker = take_worker(workers);
  if (!worker) return GD_OK;
  const gd_status status =
      (worker->group ? run_group : run_one_by_one)(workers, worker, first, rest < lanes ? rest : lanes);
  return_worker(workers, worker);
  return status;
}
