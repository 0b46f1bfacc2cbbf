/* SPDX-License-Identifier: BSD-3-Clause */
/* parameters.c -- the positions of parameters in the point (by player, then in the order of creation), and their
 * initial values. */
#include "base/error.h"
#include "graph/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double *gdi_copy_numbers(const gdi_env *env, size_t count, const double *values) {
  double *copy = gdi_allocate(env, count, sizeof *copy);
  if (copy) memcpy(copy, values, count * sizeof *copy);
  return copy;
}

static size_t size_of_player(const gd_graph *graph, size_t player) {
  size_t size = 0;
  for (size_t k = 0; k < graph->parameters.count; k++)
    if (gdi_parameter_at(graph, k)->player == player) size += gdi_parameter_at(graph, k)->size;
  return size;
}

size_t gdi_parameter_start(const gd_graph *graph, size_t parameter) {
  if (graph->placed == graph->parameters.count) return gdi_parameter_at(graph, parameter)->first;
  const size_t player = gdi_parameter_at(graph, parameter)->player;
  size_t start = 0;
  for (size_t k = 0; k < graph->parameters.count; k++) {
    const gdi_parameter *other = gdi_parameter_at(graph, k);
    if (other->player < player || (other->player == player && k < parameter)) start += other->size;
  }
  return start;
}

/* A parameter by its player and number. */
typedef struct entry {
  size_t player, parameter;
} entry;

static int compare(const void *one, const void *other) {
  const entry *a = one, *b = other;
  if (a->player != b->player) return a->player < b->player ? -1 : 1;
  return a->parameter < b->parameter ? -1 : a->parameter > b->parameter;
}

gd_status gdi_graph_place_parameters(gd_graph *graph) {
  const size_t count = graph->parameters.count;
  entry *order = gdi_allocate(&graph->env, count, sizeof *order);
  if (!order) return GD_ERR_MEMORY;
  for (size_t k = 0; k < count; k++) order[k] = (entry){gdi_parameter_at(graph, k)->player, k};
  qsort(order, count, sizeof *order, compare);
  size_t first = 0;
  for (size_t k = 0; k < count; k++) {
    gdi_parameter *at = gdi_parameter_at(graph, order[k].parameter);
    at->first = first;
    first += at->size;
  }
  graph->placed = count;
  gdi_release(&graph->env, order);
  return GD_OK;
}

size_t gd_graph_size(const gd_graph *graph, size_t player) {
  if (!graph) return 0;
  if (player != SIZE_MAX) return size_of_player(graph, player);
  size_t size = 0;
  for (size_t k = 0; k < graph->parameters.count; k++) size += gdi_parameter_at(graph, k)->size;
  return size;
}

static gdi_parameter *parameter_of(gd_node node) {
  if (!node.graph || !node.index) return NULL;
  const gdi_node *own = gdi_node_at(node.graph, (gdi_index)node.index);
  return own->op == GDI_VARIABLE && own->row == GDI_POINT ? gdi_parameter_at(node.graph, own->column) : NULL;
}

size_t gd_node_start(gd_node parameter) {
  return parameter_of(parameter)
             ? gdi_parameter_start(parameter.graph, gdi_node_at(parameter.graph, (gdi_index)parameter.index)->column)
             : SIZE_MAX;
}

gd_status gd_node_set_initial(gd_node node, const double *values) {
  gdi_parameter *own = parameter_of(node);
  GDI_REQUIRE(own, "node is not a parameter, expected one from gd_graph_parameter()");
  GDI_REQUIRE(values, "values is NULL, expected %zu numbers", own->size);
  for (size_t k = 0; k < own->size; k++)
    if (!isfinite(values[k]))
      return gdi_fail(GD_ERR_NONFINITE, "values[%zu] is %g, expected a finite number", k, values[k]);
  double *copy = gdi_copy_numbers(&node.graph->env, own->size, values);
  if (!copy) return GD_ERR_MEMORY;
  gdi_release(&node.graph->env, own->start);
  own->start = copy;
  return GD_OK;
}

gd_status gd_graph_initial(const gd_graph *graph, double *x) {
  GDI_REQUIRE(graph && x, "%s is NULL", graph ? "x" : "graph");
  GD_TRY(gd_graph_status(graph));
  for (size_t k = 0; k < graph->parameters.count; k++) {
    const gdi_parameter *own = gdi_parameter_at(graph, k);
    double *to = x + gdi_parameter_start(graph, k);
    if (own->start)
      memcpy(to, own->start, own->size * sizeof *to);
    else
      memset(to, 0, own->size * sizeof *to);
  }
  return GD_OK;
}
