/* SPDX-License-Identifier: BSD-3-Clause */
/* copy.c -- a graph of equal nodes, which can grow by itself. */
#include "graph/graph.h"

#include "base/error.h"

#include <string.h>

static gd_status copy_list(const gdi_env *env, gdi_list *copy, const gdi_list *list, size_t size) {
  if (!list->count) return GD_OK;
  copy->items = gdi_allocate(env, list->count, size);
  if (!copy->items) return GD_ERR_MEMORY;
  memcpy(copy->items, list->items, list->count * size);
  copy->count = copy->room = list->count;
  return GD_OK;
}

static gd_status copy_names(gd_graph *copy, const gd_graph *origin) {
  for (size_t k = 0; k < origin->names.count; k++) {
    const char *name = ((char *const *)origin->names.items)[k];
    char **place = gdi_list_add(&copy->names, &copy->env, sizeof *place);
    if (!place) return GD_ERR_MEMORY;
    if (!name) continue;
    *place = gdi_allocate(&copy->env, strlen(name) + 1, 1);
    if (!*place) return GD_ERR_MEMORY;
    memcpy(*place, name, strlen(name) + 1);
  }
  return GD_OK;
}

static gd_status copy_table(gd_graph *copy, const gd_graph *origin) {
  copy->table = gdi_allocate(&copy->env, origin->table_size, sizeof *copy->table);
  if (!copy->table) return GD_ERR_MEMORY;
  if (origin->table_size) memcpy(copy->table, origin->table, origin->table_size * sizeof *copy->table);
  copy->table_size = origin->table_size;
  return GD_OK;
}

static gd_status copy_lists(gd_graph *copy, const gd_graph *origin) {
  const gdi_env *env = &copy->env;
  GD_TRY(copy_list(env, &copy->nodes, &origin->nodes, sizeof(gdi_node)));
  GD_TRY(copy_list(env, &copy->parameters, &origin->parameters, sizeof(gdi_parameter)));
  for (size_t k = 0; k < copy->parameters.count; k++) gdi_parameter_at(copy, k)->start = NULL;
  GD_TRY(copy_list(env, &copy->inputs, &origin->inputs, sizeof(gdi_input)));
  GD_TRY(copy_list(env, &copy->constants, &origin->constants, sizeof(double *)));
  GD_TRY(copy_names(copy, origin));
  return copy_table(copy, origin);
}

gd_status gdi_graph_copy(gd_graph **copy, gd_graph *origin) {
  gd_status status;
  gd_graph *made = gdi_create(&origin->env.env, sizeof *made, offsetof(gd_graph, env), &status);
  if (!made) return status;
  atomic_init(&made->references, 1);
  pthread_mutex_init(&made->lock, NULL);
  made->origin = gdi_graph_hold(origin);
  made->single = origin->single;
  status = copy_lists(made, origin);
  if (status == GD_OK) status = gdi_graph_place_parameters(made);
  if (status < 0) {
    gd_graph_destroy(made);
    return status;
  }
  *copy = made;
  return GD_OK;
}
