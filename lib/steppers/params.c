/* SPDX-License-Identifier: BSD-3-Clause */
/* params.c -- the parameters of a stepper: defaults, ranges, schedules, and the struct that a method reads. */
#include "steppers/params.h"

#include "base/error.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const gd_param *gdi_param_row(const gdi_param_table *table, size_t index) {
  if (index >= table->count) return NULL;
  return (const gd_param *)(const void *)((const char *)table->rows + index * table->row_size);
}

bool gdi_param_is_per_player(const gd_param *row) {
  return row->kind == GD_KIND_REAL_PER_PLAYER || row->kind == GD_KIND_COUNT_PER_PLAYER;
}

static size_t member_size(const gd_param *row) {
  switch (row->kind) {
  case GD_KIND_REAL:
    return sizeof(double);
  case GD_KIND_COUNT:
    return sizeof(uint64_t);
  case GD_KIND_FLAG:
    return sizeof(bool);
  case GD_KIND_REAL_PER_PLAYER:
    return sizeof(const double *);
  case GD_KIND_COUNT_PER_PLAYER:
    return sizeof(const uint64_t *);
  }
  return 0;
}

gd_status gdi_param_table_check(const gdi_param_table *table) {
  if (table->count && (!table->rows || table->row_size < sizeof(gd_param)))
    return gdi_fail(GD_ERR_STRUCT, "parameter table: rows missing or param_size %zu, expected at least %zu",
                    table->row_size, sizeof(gd_param));
  for (size_t k = 0; k < table->count; k++) {
    const gd_param *row = gdi_param_row(table, k);
    const size_t size = member_size(row);
    if (!row->name || !row->name[0]) return gdi_fail(GD_ERR_STRUCT, "parameter table: row %zu has no name", k);
    if (!size || row->offset > table->struct_size || size > table->struct_size - row->offset)
      return gdi_fail(GD_ERR_STRUCT,
                      "parameter \"%s\": kind %d at offset %zu does not fit a params struct of %zu bytes", row->name,
                      (int)row->kind, row->offset, table->struct_size);
    GD_TRY(gdi_param_check(row, row->name, row->initial));
  }
  return GD_OK;
}

/* Point the per-player members at their storage. */
static void link_arrays(gdi_params *params) {
  for (size_t k = 0; k < params->table.count; k++) {
    const gd_param *row = gdi_param_row(&params->table, k);
    const gdi_param_word *array = params->arrays + k * params->n_players;
    if (gdi_param_is_per_player(row)) memcpy((char *)params->seen + row->offset, &array, sizeof array);
  }
}

void gdi_params_renew(gdi_params *params) {
  for (size_t k = 0; k < params->table.count; k++) {
    params->schedules[k] = (gdi_param_schedule){0};
    for (size_t i = 0; i < params->n_players; i++)
      gdi_params_values(params, k)[i] = gdi_param_row(&params->table, k)->initial;
  }
  params->scheduled = false;
  gdi_params_show(params, 0);
}

gd_status gdi_params_create(gdi_params *params, const gdi_env *env, const gdi_param_table *table, size_t n_players) {
  *params = (gdi_params){.table = *table, .n_players = n_players};
  params->values = gdi_allocate(env, gdi_times(table->count, n_players), sizeof *params->values);
  params->arrays = gdi_allocate(env, gdi_times(table->count, n_players), sizeof *params->arrays);
  params->schedules = gdi_allocate(env, table->count, sizeof *params->schedules);
  params->seen = gdi_allocate(env, 1, table->struct_size);
  if (!params->values || !params->arrays || !params->schedules || !params->seen) {
    gdi_params_destroy(params, env);
    return GD_ERR_MEMORY;
  }
  link_arrays(params);
  gdi_params_renew(params);
  return GD_OK;
}

void gdi_params_destroy(gdi_params *params, const gdi_env *env) {
  gdi_release(env, params->seen);
  gdi_release(env, params->schedules);
  gdi_release(env, params->arrays);
  gdi_release(env, params->values);
  *params = (gdi_params){0};
}

bool gdi_params_find(const gdi_params *params, const char *name, size_t *index) {
  for (size_t k = 0; k < params->table.count; k++)
    if (strcmp(gdi_param_row(&params->table, k)->name, name) == 0) {
      *index = k;
      return true;
    }
  return false;
}

double *gdi_params_values(const gdi_params *params, size_t index) { return params->values + index * params->n_players; }

/* The range of a parameter in words.  A bound at the largest double means only that the value is finite. */
static void describe_range(const gd_param *row, char *text, size_t size) {
  if (row->upper < DBL_MAX && row->lower > -DBL_MAX)
    snprintf(text, size, "%g to %g", row->lower, row->upper);
  else if (row->upper < DBL_MAX)
    snprintf(text, size, "at most %g, and finite", row->upper);
  else if (row->lower > -DBL_MAX)
    snprintf(text, size, "%g or more, and finite", row->lower);
  else
    snprintf(text, size, "a finite number");
}

static gd_status out_of_range(const gd_param *row, const char *name, double value) {
  char range[64];
  describe_range(row, range, sizeof range);
  return gdi_fail(GD_ERR_ARGUMENT, "%s = %g is out of range: expected %s", name, value, range);
}

gd_status gdi_param_check(const gd_param *row, const char *name, double value) {
  const bool whole = row->kind == GD_KIND_COUNT || row->kind == GD_KIND_COUNT_PER_PLAYER || row->kind == GD_KIND_FLAG;
  if (!(value >= row->lower && value <= row->upper)) return out_of_range(row, name, value);
  /* 2^53: beyond it doubles no longer tell whole numbers apart */
  GDI_REQUIRE(!whole || (value == floor(value) && value >= 0 && value <= 9007199254740992.0),
              "%s = %g: expected a whole number", name, value);
  return GD_OK;
}

static gd_status scheduled_value(const gdi_params *params, size_t index, size_t player, uint64_t step, double *value) {
  const gd_param *row = gdi_param_row(&params->table, index);
  const gdi_param_schedule *schedule = &params->schedules[index];
  *value = gdi_params_values(params, index)[player];
  if (!schedule->factor) return GD_OK;
  const double product = *value * schedule->factor(schedule->context, step);
  if (isnan(product))
    return gdi_fail(GD_ERR_NONFINITE, "the schedule of %s gives nan at step %llu", row->name, (unsigned long long)step);
  *value = fmin(fmax(product, row->lower), row->upper);
  return GD_OK;
}

static gd_status show_per_player(gdi_params *params, size_t index, uint64_t step) {
  const gd_param *row = gdi_param_row(&params->table, index);
  gdi_param_word *array = params->arrays + index * params->n_players;
  for (size_t i = 0; i < params->n_players; i++) {
    double value;
    GD_TRY(scheduled_value(params, index, i, step, &value));
    if (row->kind == GD_KIND_REAL_PER_PLAYER)
      array[i].real = value;
    else
      array[i].count = (uint64_t)value;
  }
  return GD_OK;
}

static void write_member(char *member, gd_param_kind kind, double value) {
  if (kind == GD_KIND_REAL) {
    memcpy(member, &value, sizeof value);
  } else if (kind == GD_KIND_COUNT) {
    const uint64_t count = (uint64_t)value;
    memcpy(member, &count, sizeof count);
  } else {
    const bool flag = value != 0;
    memcpy(member, &flag, sizeof flag);
  }
}

static gd_status show(gdi_params *params, size_t index, uint64_t step) {
  const gd_param *row = gdi_param_row(&params->table, index);
  if (gdi_param_is_per_player(row)) return show_per_player(params, index, step);
  double value;
  GD_TRY(scheduled_value(params, index, 0, step, &value));
  write_member((char *)params->seen + row->offset, row->kind, value);
  return GD_OK;
}

gd_status gdi_params_refresh(gdi_params *params, uint64_t step) {
  for (size_t k = 0; k < params->table.count; k++) GD_TRY(show(params, k, step));
  return GD_OK;
}

void gdi_params_show(gdi_params *params, uint64_t step) { (void)gdi_params_refresh(params, step); }

void gdi_params_copy_schedules(gdi_params *params, const gdi_params *from) {
  memcpy(params->schedules, from->schedules, params->table.count * sizeof *params->schedules);
  params->scheduled = from->scheduled;
}

static size_t value_bytes(const gdi_params *params) {
  return params->table.count * params->n_players * sizeof *params->values;
}

void gdi_params_adopt(gdi_params *params, const gdi_params *from) {
  memcpy(params->values, from->values, value_bytes(params));
  gdi_params_copy_schedules(params, from);
  gdi_params_show(params, 0);
}

static bool same_schedule(gdi_param_schedule one, gdi_param_schedule other) {
  return one.factor == other.factor && one.context == other.context;
}

bool gdi_params_agree(const gdi_params *params, const gdi_params *other) {
  for (size_t k = 0; k < params->table.count; k++)
    if (!same_schedule(params->schedules[k], other->schedules[k])) return false;
  return memcmp(params->values, other->values, value_bytes(params)) == 0;
}

void gdi_params_schedule(gdi_params *params, size_t index, gd_schedule_fn *factor, void *context) {
  params->schedules[index] = (gdi_param_schedule){factor, context, false};
  params->scheduled = false;
  for (size_t k = 0; k < params->table.count; k++) params->scheduled |= params->schedules[k].factor != NULL;
}
