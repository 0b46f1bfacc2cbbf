/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters: the values for a table of gd_param rows, and the struct that the method reads.
 *
 * A method has one set of parameters, a scaling another.  Values are kept as they were set (doubles, one per player and
 * row).  The struct holds them converted, multiplied by their schedule and limited to their range. */
#ifndef GDI_STEPPERS_PARAMS_H
#define GDI_STEPPERS_PARAMS_H

#include "base/memory.h"

#include <gamedyn/stepper.h>

/* The parameter table of a method or a scaling. */
typedef struct gdi_param_table {
  const gd_param *rows;
  size_t count, row_size; /* rows are row_size bytes apart: tables of older programs have shorter rows */
  size_t struct_size;     /* size of the params struct that the rows refer to */
} gdi_param_table;

typedef union gdi_param_word {
  double real;
  uint64_t count;
} gdi_param_word;

typedef struct gdi_param_schedule {
  gd_schedule_fn *factor;
  void *context;
  bool is_awaited; /* a loaded stepper had a schedule here, and it was not set since */
} gdi_param_schedule;

typedef struct gdi_params {
  gdi_param_table table;
  size_t n_players;
  double *values;                /* [count * n_players], as set */
  gdi_param_word *arrays;        /* [count * n_players], behind the per-player members */
  gdi_param_schedule *schedules; /* [count] */
  void *seen;                    /* the params struct */
  bool scheduled;                /* any schedule at all */
} gdi_params;

const gd_param *gdi_param_row(const gdi_param_table *table, size_t index); /* NULL past the last */
bool gdi_param_is_per_player(const gd_param *row);

/* GD_ERR_STRUCT for a table that does not fit its struct, GD_ERR_ARGUMENT for an initial value out of range. */
gd_status gdi_param_table_check(const gdi_param_table *table);

/* Allocate and set every row of a checked table to its initial value. */
gd_status gdi_params_create(gdi_params *params, const gdi_env *env, const gdi_param_table *table, size_t n_players);
/* Every row at its initial value and without a schedule. */
void gdi_params_renew(gdi_params *params);
void gdi_params_destroy(gdi_params *params, const gdi_env *env);

/* Index of a row by name; GD_ERR_NAME is left to the caller. */
bool gdi_params_find(const gdi_params *params, const char *name, size_t *index);
double *gdi_params_values(const gdi_params *params, size_t index); /* [n_players], as set */

/* Check a value against its row; the message uses `name`. */
gd_status gdi_param_check(const gd_param *row, const char *name, double value);
/* Update the method's struct: the values that are set, with their schedules at this step.  GD_ERR_NONFINITE if a
 * schedule gives NaN. */
gd_status gdi_params_refresh(gdi_params *params, uint64_t step);
/* The same outside a step.  A schedule that gives NaN is not reported here; the next step will fail. */
void gdi_params_show(gdi_params *params, uint64_t step);
void gdi_params_schedule(gdi_params *params, size_t index, gd_schedule_fn *factor, void *context);
/* Copy the schedules, or everything, from another set with the same table and number of players. */
void gdi_params_copy_schedules(gdi_params *params, const gdi_params *from);
void gdi_params_adopt(gdi_params *params, const gdi_params *from);
/* Whether two such sets are the same, bit by bit. */
bool gdi_params_agree(const gdi_params *params, const gdi_params *other);

#endif
