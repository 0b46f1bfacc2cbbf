/* SPDX-License-Identifier: BSD-3-Clause */
/* scaling.c -- the state of elementwise scalings: two generations of moments for each player. */
#include "steppers/scaling.h"

#include "base/error.h"

#include <string.h>

const gdi_scaling_method gdi_scaling_none = {.name = "none", .summary = "directions stay as they are"};

static const gdi_scaling_method *const scalings[] = {&gdi_scaling_none, &gdi_scaling_rmsprop, &gdi_scaling_adam,
                                                     &gdi_scaling_amsgrad};
enum { N_SCALINGS = sizeof scalings / sizeof *scalings };

const gdi_scaling_method *gdi_scaling_at(size_t index) { return index < N_SCALINGS ? scalings[index] : NULL; }

const gdi_scaling_method *gdi_scaling_find(const char *name) {
  for (size_t k = 0; name && k < N_SCALINGS; k++)
    if (strcmp(scalings[k]->name, name) == 0) return scalings[k];
  return NULL;
}

const char *gd_scaling_at(size_t index) {
  const gdi_scaling_method *method = gdi_scaling_at(index);
  return method ? method->name : NULL;
}

static gdi_param_table table_of(const gdi_scaling_method *method) {
  return (gdi_param_table){method->params, method->n_params, sizeof(gd_param), method->params_size};
}

const gd_param *gd_scaling_param(const char *scaling, size_t index) {
  const gdi_scaling_method *method = gdi_scaling_find(scaling);
  if (!method) return NULL;
  const gdi_param_table table = table_of(method);
  return gdi_param_row(&table, index);
}

static bool allocate_moments(gdi_scaling *scaling, const gdi_env *env) {
  for (size_t k = 0; k < scaling->method->n_moments; k++)
    for (size_t generation = 0; generation < 2; generation++) {
      scaling->moments[k][generation] = gdi_allocate(env, scaling->n, sizeof(double));
      if (!scaling->moments[k][generation]) return false;
    }
  return true;
}

gd_status gdi_scaling_create(gdi_scaling *scaling, const gdi_env *env, const gdi_scaling_method *method, size_t n,
                             size_t n_players) {
  const gdi_param_table table = table_of(method);
  *scaling = (gdi_scaling){.method = method, .n = n, .n_players = n_players};
  gd_status status = gdi_params_create(&scaling->params, env, &table, n_players);
  if (status == GD_OK) {
    scaling->players = gdi_allocate(env, n_players, sizeof *scaling->players);
    if (!scaling->players || !allocate_moments(scaling, env)) status = GD_ERR_MEMORY;
  }
  if (status != GD_OK) gdi_scaling_destroy(scaling, env);
  return status;
}

void gdi_scaling_destroy(gdi_scaling *scaling, const gdi_env *env) {
  for (size_t k = 0; k < GDI_MOMENTS_MAX; k++)
    for (size_t generation = 0; generation < 2; generation++) gdi_release(env, scaling->moments[k][generation]);
  gdi_release(env, scaling->players);
  gdi_params_destroy(&scaling->params, env);
  *scaling = (gdi_scaling){0};
}

void gdi_scaling_reset(gdi_scaling *scaling) {
  for (size_t k = 0; k < scaling->method->n_moments; k++)
    for (size_t generation = 0; generation < 2; generation++)
      memset(scaling->moments[k][generation], 0, scaling->n * sizeof(double));
  memset(scaling->players, 0, scaling->n_players * sizeof *scaling->players);
}

/* The moments are read from one generation and written to another, or to the same one. */
static void run(gdi_scaling *scaling, unsigned from, unsigned to, size_t start, gdi_scaling_block block) {
  for (size_t k = 0; k < scaling->method->n_moments; k++) {
    block.before[k] = scaling->moments[k][from] + start;
    block.after[k] = scaling->moments[k][to] + start;
  }
  (scaling->at_rest ? scaling->method->linearised : scaling->method->scale)(scaling->params.seen, &block);
}

void gdi_scaling_apply(gdi_scaling *scaling, size_t player, size_t start, size_t size, double *direction) {
  if (!scaling->method->scale) return;
  gdi_scaling_player *state = &scaling->players[player];
  const unsigned made = 1 - state->kept, from = state->touched ? made : state->kept;
  state->touched = true;
  run(scaling, from, made, start,
      (gdi_scaling_block){
          .n = size, .count = ++state->count, .direction = direction + start, .to = {.out = direction + start}});
}

void gdi_scaling_move(gdi_scaling *scaling, size_t player, size_t start, size_t size, const double *direction, double h,
                      double *x) {
  gdi_scaling_player *state = &scaling->players[player];
  const unsigned newest = state->touched ? 1 - state->kept : state->kept;
  run(scaling, newest, newest, start,
      (gdi_scaling_block){
          .n = size, .count = ++state->count, .direction = direction + start, .to = {.h = h, .x = x + start}});
}

void gdi_scaling_keep(gdi_scaling *scaling) {
  if (!scaling->method->scale) return;
  for (size_t player = 0; player < scaling->n_players; player++) {
    gdi_scaling_player *state = &scaling->players[player];
    if (state->touched) state->kept = 1 - state->kept;
    state->kept_count = state->count;
    state->touched = false;
  }
}

void gdi_scaling_forget(gdi_scaling *scaling) {
  for (size_t player = 0; player < scaling->n_players; player++) {
    scaling->players[player].count = scaling->players[player].kept_count;
    scaling->players[player].touched = false;
  }
}

double *gdi_scaling_kept(const gdi_scaling *scaling, size_t moment, size_t player) {
  return scaling->moments[moment][scaling->players[player].kept];
}
