/* SPDX-License-Identifier: BSD-3-Clause */
/* set.c -- a stepper's parameters by name, and its scaling. */
#include "base/error.h"
#include "steppers/stepper.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "adam.epsilon" is parameter "epsilon" of the scaling in use; anything else is the method's. */
static bool in_scaling(const gd_stepper *stepper, const char *name, const char **rest) {
  const size_t length = strlen(stepper->scaling.method->name);
  if (strncmp(name, stepper->scaling.method->name, length) != 0 || name[length] != '.') return false;
  *rest = name + length + 1;
  return true;
}

/* Append "name, " or "prefix.name, " for every row; snprintf never writes past the end. */
static size_t list_names(char *text, size_t size, size_t used, const gdi_params *params, const char *prefix) {
  for (size_t k = 0; k < params->table.count && used < size; k++) {
    const char *name = gdi_param_row(&params->table, k)->name;
    used +=
        (size_t)snprintf(text + used, size - used, "%s%s%s%s", used ? ", " : "", prefix, prefix[0] ? "." : "", name);
  }
  return used;
}

gd_status gdi_stepper_find_param(const gd_stepper *stepper, const char *name, gdi_params **params, size_t *index) {
  const char *rest = name;
  const gdi_params *set = in_scaling(stepper, name, &rest) ? &stepper->scaling.params : &stepper->params;
  if (gdi_params_find(set, rest, index)) {
    *params = (gdi_params *)set;
    return GD_OK;
  }
  char names[384] = "";
  const size_t used = list_names(names, sizeof names, 0, &stepper->params, "");
  list_names(names, sizeof names, used, &stepper->scaling.params, stepper->scaling.method->name);
  return gdi_fail(GD_ERR_NAME, "%s has no parameter \"%s\"; it has %s", stepper->method.name, name, names);
}

static gd_status set_values(gd_stepper *stepper, gdi_params *params, size_t index, const double *values,
                            size_t stride) {
  const gd_param *row = gdi_param_row(&params->table, index);
  for (size_t i = 0; i < stepper->n_players; i++) GD_TRY(gdi_param_check(row, row->name, values[i * stride]));
  for (size_t i = 0; i < stepper->n_players; i++) gdi_params_values(params, index)[i] = values[i * stride];
  gdi_params_show(params, stepper->steps);
  return GD_OK;
}

gd_status gd_stepper_set(gd_stepper *stepper, const char *param, double value) {
  GDI_REQUIRE(stepper && param, "gd_stepper_set: stepper or param is NULL");
  gdi_params *params = NULL;
  size_t index = 0;
  GD_TRY(gdi_stepper_find_param(stepper, param, &params, &index));
  return set_values(stepper, params, index, &value, 0);
}

gd_status gd_stepper_set_players(gd_stepper *stepper, const char *param, const double *values) {
  GDI_REQUIRE(stepper && param && values, "gd_stepper_set_players: stepper, param or values is NULL");
  gdi_params *params = NULL;
  size_t index = 0;
  GD_TRY(gdi_stepper_find_param(stepper, param, &params, &index));
  GDI_REQUIRE(gdi_param_is_per_player(gdi_param_row(&params->table, index)),
              "gd_stepper_set_players: %s has one value for all players; use gd_stepper_set", param);
  return set_values(stepper, params, index, values, 1);
}

gd_status gd_stepper_get(const gd_stepper *stepper, const char *param, size_t player, double *value) {
  GDI_REQUIRE(stepper && param && value, "gd_stepper_get: stepper, param or value is NULL");
  gdi_params *params = NULL;
  size_t index = 0;
  GD_TRY(gdi_stepper_find_param(stepper, param, &params, &index));
  const bool per_player = gdi_param_is_per_player(gdi_param_row(&params->table, index));
  GDI_REQUIRE(!per_player || player < stepper->n_players, "gd_stepper_get: player %zu, expected below %zu", player,
              stepper->n_players);
  *value = gdi_params_values(params, index)[per_player ? player : 0];
  return GD_OK;
}

gd_status gd_stepper_schedule(gd_stepper *stepper, const char *param, gd_schedule_fn *factor, void *context) {
  GDI_REQUIRE(stepper && param, "gd_stepper_schedule: stepper or param is NULL");
  gdi_params *params = NULL;
  size_t index = 0;
  GD_TRY(gdi_stepper_find_param(stepper, param, &params, &index));
  const gd_param_kind kind = gdi_param_row(&params->table, index)->kind;
  GDI_REQUIRE(kind == GD_KIND_REAL || kind == GD_KIND_REAL_PER_PLAYER,
              "gd_stepper_schedule: %s is not a real parameter", param);
  gdi_params_schedule(params, index, factor, context);
  gdi_params_show(params, stepper->steps);
  return GD_OK;
}

/* A scaling changes the direction of v.  So x may move from a solution on the edge of a set, or rest at another point
 * of the edge.  In a box only the signs of v decide, and a scaling keeps them. */
gd_status gdi_stepper_check_scaling(const gd_stepper *stepper, const gdi_scaling_method *method) {
  if (!method->scale || !gd_game_projects(stepper->game) || (gd_game_traits(stepper->game) & GD_BOX)) return GD_OK;
  return gdi_fail(
      GD_ERR_UNSUPPORTED,
      "scaling \"%s\": the game \"%s\" has a feasible set and lacks GD_BOX; on the edge of a set that is no "
      "box, scaled steps have fixed points that are no solutions",
      method->name, gd_game_name(stepper->game));
}

gd_status gd_stepper_set_scaling(gd_stepper *stepper, const char *scaling) {
  GDI_REQUIRE(stepper && scaling, "gd_stepper_set_scaling: stepper or scaling is NULL");
  const gdi_scaling_method *method = gdi_scaling_find(scaling);
  if (!method) return gdi_scaling_unknown(scaling);
  GD_TRY(gdi_stepper_check_scaling(stepper, method));
  gdi_scaling made;
  GD_TRY(gdi_scaling_create(&made, &stepper->env, method, stepper->n, stepper->n_players));
  gdi_scaling_destroy(&stepper->scaling, &stepper->env);
  stepper->scaling = made;
  return GD_OK;
}

gd_status gdi_scaling_unknown(const char *name) {
  char names[384] = "";
  const gdi_scaling_method *scaling;
  for (size_t k = 0, used = 0; (scaling = gdi_scaling_at(k)) != NULL && used < sizeof names; k++)
    used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", k ? ", " : "", scaling->name);
  return gdi_fail(GD_ERR_NAME, "there is no scaling \"%.64s\"; the scalings are %s", name, names);
}

const char *gd_stepper_scaling(const gd_stepper *stepper) { return stepper ? stepper->scaling.method->name : NULL; }
