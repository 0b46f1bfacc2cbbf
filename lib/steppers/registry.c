/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- the list of methods, and the papers' abbreviations for them. */
#include "base/error.h"
#include "base/memory.h"
#include "steppers/stepper.h"

#include <gamedyn/catalog.h>
#include <stdio.h>
#include <string.h>

static const gd_method *const methods[] = {
    &gdi_method_simultaneous, &gdi_method_alternating, &gdi_method_optimistic,    &gdi_method_predictive,
    &gdi_method_implicit,     &gdi_method_consensus,   &gdi_method_extragradient, &gdi_method_runge_kutta,
};
enum { N_METHODS = sizeof methods / sizeof *methods };

static const struct abbreviation {
  const char *name, *method;
} abbreviations[] = {
    {"sga", GD_SIMULTANEOUS}, {"alt", GD_ALTERNATING}, {"omd", GD_OPTIMISTIC},   {"pm", GD_PREDICTIVE},
    {"iu", GD_IMPLICIT},      {"co", GD_CONSENSUS},    {"eg", GD_EXTRAGRADIENT}, {"rk4", GD_RUNGE_KUTTA},
};
enum { N_ABBREVIATIONS = sizeof abbreviations / sizeof *abbreviations };

const gd_method *gd_method_at(size_t index) { return index < N_METHODS ? methods[index] : NULL; }

static const char *full_name(const char *name) {
  for (size_t k = 0; k < N_ABBREVIATIONS; k++)
    if (strcmp(abbreviations[k].name, name) == 0) return abbreviations[k].method;
  return name;
}

const gd_method *gd_method_find(const char *name) {
  if (!name) return NULL;
  const char *full = full_name(name);
  for (size_t k = 0; k < N_METHODS; k++)
    if (strcmp(methods[k]->name, full) == 0) return methods[k];
  return NULL;
}

const gd_method *gd_env_method_at(const gd_env *env, size_t index) {
  if (index < N_METHODS) return methods[index];
  const gd_catalog own = gdi_env_catalog(env);
  return index - N_METHODS < own.n_methods ? own.methods[index - N_METHODS] : NULL;
}

const gd_method *gd_env_method_find(const gd_env *env, const char *name) {
  const gd_method *method = gd_method_find(name);
  if (method || !name) return method;
  for (size_t k = N_METHODS; (method = gd_env_method_at(env, k)) && strcmp(method->name, name) != 0;) k++;
  return method;
}

gd_status gdi_method_unknown(const gd_env *env, const char *name) {
  char names[384] = "";
  const gd_method *method;
  for (size_t k = 0, used = 0; (method = gd_env_method_at(env, k)) && used < sizeof names; k++)
    used += (size_t)snprintf(names + used, sizeof names - used, "%s%.32s", k ? ", " : "", method->name);
  return gdi_fail(GD_ERR_NAME, "there is no method \"%.64s\"; the methods are %s", name, names);
}

const gd_param *gd_method_param(const gd_method *method, size_t index) {
  if (!method) return NULL;
  const gdi_param_table table = {method->params, method->n_params, method->param_size, method->params_size};
  return gdi_param_row(&table, index);
}
