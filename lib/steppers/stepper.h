/* SPDX-License-Identifier: BSD-3-Clause */
/* The stepper inside lib/steppers: shared by the files of the framework.  Methods of the user have the public header
 * alone. */
#ifndef GDI_STEPPERS_STEPPER_H
#define GDI_STEPPERS_STEPPER_H

#include "steppers/params.h"
#include "steppers/scaling.h"

#include <gamedyn/stepper.h>
#include <stdatomic.h>

/* A vector of the stepper's: memory if it has a name, else scratch. */
typedef struct gdi_stepper_vector {
  double *data; /* [n] */
  const char *name;
} gdi_stepper_vector;

enum { GDI_VECTORS_MAX = 32 };

struct gd_stepper {
  gdi_env env;
  gd_game *game;          /* borrowed */
  const gd_method *table; /* the caller's table, for identity */
  gd_method method;       /* the members this library knows */
  size_t n, n_players;
  size_t *starts; /* [n_players + 1], first index of each block, then n */
  gdi_params params;
  size_t step_size_offset; /* offset of the member step_size in the params struct */
  gdi_scaling scaling;
  void *state;
  gdi_stepper_vector vectors[GDI_VECTORS_MAX];
  size_t n_vectors;
  gd_status vectors_status; /* why a vector could not be had during init */
  bool initialising;
  double *projected; /* [n], only for games with a feasible set */
  uint64_t steps;
  atomic_bool stop_requested;
};

/* Find a stepper's parameter by its public name ("gamma", "adam.epsilon"); the message of GD_ERR_NAME lists the
 * names. */
gd_status gdi_stepper_find_param(const gd_stepper *stepper, const char *name, gdi_params **params, size_t *index);

/* The step sizes of the players [n_players], as the method saw them last: the row named step_size, with its schedule. */
const double *gdi_stepper_step_sizes(const gd_stepper *stepper);

/* GD_ERR_NAME in words that list the methods, and the scalings, there are. */
gd_status gdi_method_unknown(const gd_env *env, const char *name);
gd_status gdi_scaling_unknown(const char *name);

/* GD_ERR_UNSUPPORTED for a scaling on a feasible set that is not a box. */
gd_status gdi_stepper_check_scaling(const gd_stepper *stepper, const gdi_scaling_method *method);

extern const gd_method gdi_method_simultaneous, gdi_method_alternating, gdi_method_optimistic, gdi_method_predictive,
    gdi_method_implicit, gdi_method_consensus, gdi_method_extragradient, gdi_method_runge_kutta;

#endif
