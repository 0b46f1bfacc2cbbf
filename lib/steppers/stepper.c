/* SPDX-License-Identifier: BSD-3-Clause */
/* stepper.c -- creation and destruction of a stepper, and one step. */
#include "steppers/stepper.h"

#include "base/error.h"
#include "base/first_sizes.h"

#include <string.h>

/* ---- create ---- */

static gd_status check_method(const gd_method *method, size_t *step_size_offset) {
  if (!method->step || !method->name) return gdi_fail(GD_ERR_STRUCT, "gd_method: name and step must be set");
  if (!method->params_size) return gdi_fail(GD_ERR_STRUCT, "method \"%s\": params_size is 0", method->name);
  const gdi_param_table table = {method->params, method->n_params, method->param_size, method->params_size};
  GD_TRY(gdi_param_table_check(&table));
  for (size_t k = 0; k < table.count; k++) {
    const gd_param *row = gdi_param_row(&table, k);
    if (strcmp(row->name, GD_STEP_SIZE) == 0 && row->kind == GD_KIND_REAL_PER_PLAYER) {
      *step_size_offset = row->offset;
      return GD_OK;
    }
  }
  return gdi_fail(GD_ERR_STRUCT, "method \"%s\": its parameter table has no GD_PARAM_STEP_SIZE row", method->name);
}

static gd_status copy_starts(gd_stepper *stepper) {
  stepper->starts = gdi_allocate(&stepper->env, stepper->n_players + 1, sizeof *stepper->starts);
  if (!stepper->starts) return GD_ERR_MEMORY;
  for (size_t i = 0; i <= stepper->n_players; i++) stepper->starts[i] = gd_game_block_start(stepper->game, i);
  return GD_OK;
}

static gd_status allocate_parts(gd_stepper *stepper) {
  const gd_method *method = &stepper->method;
  const gdi_param_table table = {method->params, method->n_params, method->param_size, method->params_size};
  GD_TRY(copy_starts(stepper));
  GD_TRY(gdi_params_create(&stepper->params, &stepper->env, &table, stepper->n_players));
  GD_TRY(gdi_scaling_create(&stepper->scaling, &stepper->env, &gdi_scaling_none, stepper->n, stepper->n_players));
  stepper->state = gdi_allocate(&stepper->env, 1, method->state_size);
  if (!stepper->state) return GD_ERR_MEMORY;
  if (gd_game_projects(stepper->game)) {
    stepper->projected = gdi_allocate(&stepper->env, stepper->n, sizeof *stepper->projected);
    if (!stepper->projected) return GD_ERR_MEMORY;
  }
  return GD_OK;
}

/* On the edge of a feasible set the fixed points of such a method are not the solutions. */
static gd_status check_feasible_set(const gd_game *game, const gd_method *method) {
  if (!gd_game_projects(game) || !(method->traits & GD_METHOD_UNCONSTRAINED)) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED,
                  "method \"%s\": the game \"%s\" has a feasible set; on its edge this method has fixed points that "
                  "are no solutions",
                  method->name, gd_game_name(game));
}

/* A refused vector is the first failure of an init, which may have gone on and failed again. */
static gd_status vectors_refused(const gd_stepper *stepper, uint64_t before) {
  const gd_status first = stepper->vectors_status;
  return gdi_callback_words(before, first, "the init of method \"%s\" went on after a vector was refused: %s",
                            stepper->method.name, gd_status_text(first));
}

static gd_status initialise_method(gd_stepper *stepper) {
  GD_TRY(gd_game_prepare(stepper->game, stepper->method.needs | 1u << GD_GRADIENT));
  if (!stepper->method.init) return GD_OK;
  stepper->initialising = true;
  const uint64_t before = gdi_failures();
  const gd_status status = stepper->method.init(stepper);
  stepper->initialising = false;
  if (stepper->vectors_status < 0) return vectors_refused(stepper, before);
  if (status >= 0) return GD_OK;
  return gdi_callback_status(before, status, "the init of method \"%s\"", stepper->method.name);
}

gd_status gd_stepper_create(gd_stepper **stepper, gd_game *game, const gd_method *method) {
  GDI_REQUIRE(stepper, "gd_stepper_create: stepper is NULL");
  GDI_REQUIRE(game, "gd_stepper_create: game is NULL");
  GDI_REQUIRE(method, "gd_stepper_create: method is NULL");
  gd_method known = {0};
  GD_TRY(GDI_SIZED_READ(gd_method, &known, method));
  size_t step_size_offset = 0;
  GD_TRY(check_method(&known, &step_size_offset));
  GD_TRY(check_feasible_set(game, &known));
  gd_status status;
  gd_stepper *made = gdi_create(gd_game_env(game), sizeof *made, offsetof(gd_stepper, env), &status);
  if (!made) return status;
  made->game = game;
  made->table = method;
  made->method = known;
  made->step_size_offset = step_size_offset;
  made->n = gd_game_size(game);
  made->n_players = gd_game_players(game);
  status = allocate_parts(made);
  if (status == GD_OK) status = initialise_method(made);
  if (status < 0) {
    gd_stepper_destroy(made);
    return status;
  }
  *stepper = made;
  return GD_OK;
}

gd_status gd_stepper_create_named(gd_stepper **stepper, gd_game *game, const char *method) {
  GDI_REQUIRE(method, "gd_stepper_create_named: method is NULL");
  const gd_method *found = gd_env_method_find(gd_game_env(game), method);
  if (!found) return gdi_method_unknown(gd_game_env(game), method);
  return gd_stepper_create(stepper, game, found);
}

void gd_stepper_destroy(gd_stepper *stepper) {
  if (!stepper) return;
  if (stepper->state && stepper->method.destroy) stepper->method.destroy(stepper);
  for (size_t k = 0; k < stepper->n_vectors; k++) gdi_release(&stepper->env, stepper->vectors[k].data);
  gdi_release(&stepper->env, stepper->projected);
  gdi_release(&stepper->env, stepper->state);
  gdi_scaling_destroy(&stepper->scaling, &stepper->env);
  gdi_params_destroy(&stepper->params, &stepper->env);
  gdi_release(&stepper->env, stepper->starts);
  gdi_destroy(stepper, offsetof(gd_stepper, env));
}

void gd_stepper_reset(gd_stepper *stepper) {
  if (!stepper) return;
  for (size_t k = 0; k < stepper->n_vectors; k++)
    if (stepper->vectors[k].name) memset(stepper->vectors[k].data, 0, stepper->n * sizeof(double));
  gdi_scaling_reset(&stepper->scaling);
  stepper->steps = 0;
}

/* ---- step ---- */

static gd_status apply_schedules(gd_stepper *stepper) {
  if (stepper->params.scheduled) GD_TRY(gdi_params_refresh(&stepper->params, stepper->steps));
  if (stepper->scaling.params.scheduled) GD_TRY(gdi_params_refresh(&stepper->scaling.params, stepper->steps));
  return GD_OK;
}

gd_status gd_stepper_step(gd_stepper *stepper, double *x) {
  GDI_REQUIRE(stepper, "gd_stepper_step: stepper is NULL");
  GDI_REQUIRE(x, "gd_stepper_step: x is NULL");
  GD_TRY(apply_schedules(stepper));
  gd_draw draw;
  const bool drawn = gd_game_get_draw(stepper->game, &draw);
  const uint64_t before = gdi_failures();
  const gd_status status = stepper->method.step(stepper, stepper->game, x);
  if (status < 0) {
    gdi_scaling_forget(&stepper->scaling);
    if (drawn) gd_game_set_draw(stepper->game, &draw);
    return gdi_callback_status(before, status, "the step of method \"%s\"", stepper->method.name);
  }
  gdi_scaling_keep(&stepper->scaling);
  if (drawn) gd_game_next_draw(stepper->game);
  stepper->steps++;
  return status;
}

/* ---- accessors ---- */

uint64_t gd_stepper_steps(const gd_stepper *stepper) { return stepper ? stepper->steps : 0; }

const gd_method *gd_stepper_method(const gd_stepper *stepper) { return stepper ? stepper->table : NULL; }

gd_game *gd_stepper_game(const gd_stepper *stepper) { return stepper ? stepper->game : NULL; }

const void *gd_stepper_params(const gd_stepper *stepper) { return stepper ? stepper->params.seen : NULL; }

void *gd_stepper_state(const gd_stepper *stepper) { return stepper ? stepper->state : NULL; }

/* A relaxed store to a lock-free atomic: safe in signal handlers and other threads. */
void gd_stepper_request_stop(gd_stepper *stepper) {
  if (stepper) atomic_store_explicit(&stepper->stop_requested, true, memory_order_relaxed);
}

bool gd_stepper_take_stop_request(gd_stepper *stepper) {
  return stepper && atomic_load_explicit(&stepper->stop_requested, memory_order_relaxed) &&
         atomic_exchange_explicit(&stepper->stop_requested, false, memory_order_relaxed);
}
