/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.c -- graphs and their leaves: ownership, equal nodes as one node, the first failure. */
#include "graph/graph.h"

#include "base/error.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MOST_ENTRIES (SIZE_MAX >> 8)
enum { FIRST_ROOM = 32 };

void *gdi_list_add(gdi_list *list, const gdi_env *env, size_t size) {
  if (list->count == list->room) {
    const size_t room = list->room ? 2 * list->room : FIRST_ROOM;
    void *items = gdi_allocate(env, room, size);
    if (!items) return NULL;
    if (list->count) memcpy(items, list->items, list->count * size);
    gdi_release(env, list->items);
    list->items = items, list->room = room;
  }
  return (char *)list->items + size * list->count++;
}

gdi_index gdi_graph_fail(gd_graph *graph, gd_status status, const char *format, ...) {
  if (graph->status < 0) return 0;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(graph->message, sizeof graph->message, format, arguments);
  va_end(arguments);
  graph->status = status;
  return 0;
}

/* ---- names ---- */

const char *gdi_op_name(gdi_op op) {
#define NAME(name, text, operands, slope) [GDI_##name] = (text),
  static const char *const names[GDI_OPS] = {GDI_OPERATIONS(NAME)};
#undef NAME
  return names[op];
}

size_t gdi_op_operands(gdi_op op) {
#define OPERANDS(name, text, operands, slope) [GDI_##name] = (operands),
  static const unsigned char counts[GDI_OPS] = {GDI_OPERATIONS(OPERANDS)};
#undef OPERANDS
  return counts[op];
}

gdi_description gdi_node_describe(const gd_graph *graph, gdi_index index) {
  const gdi_node *node = gdi_node_at(graph, index);
  const char *name = ((char *const *)graph->names.items)[index];
  gdi_description d;
  if (name)
    snprintf(d.text, sizeof d.text, "\"%.60s\" [%zu by %zu]", name, node->rows, node->columns);
  else
    snprintf(d.text, sizeof d.text, "node %u, %s [%zu by %zu]", (unsigned)index, gdi_op_name(node->op), node->rows,
             node->columns);
  return d;
}

static char *copy_text(const gdi_env *env, const char *text) {
  char *copy = gdi_allocate(env, strlen(text) + 1, 1);
  if (copy) memcpy(copy, text, strlen(text) + 1);
  return copy;
}

static bool name_node(gd_graph *graph, gdi_index index, const char *name) {
  char **place = (char **)graph->names.items + index, *copy = copy_text(&graph->env, name);
  if (!copy) return false;
  gdi_release(&graph->env, *place);
  *place = copy;
  return true;
}

gd_node gd_node_name(gd_node node, const char *name) {
  if (!node.graph || !node.index) return node;
  if (!name)
    gdi_graph_fail(node.graph, GD_ERR_ARGUMENT, "the name of %s is NULL",
                   gdi_node_describe(node.graph, (gdi_index)node.index).text);
  else if (!name_node(node.graph, (gdi_index)node.index, name))
    gdi_graph_fail(node.graph, GD_ERR_MEMORY, "no memory for the name \"%.60s\"", name);
  return node;
}

size_t gd_node_rows(gd_node node) {
  return node.graph && node.index ? gdi_node_at(node.graph, (gdi_index)node.index)->rows : 0;
}

size_t gd_node_columns(gd_node node) {
  return node.graph && node.index ? gdi_node_at(node.graph, (gdi_index)node.index)->columns : 0;
}

/* ---- equal nodes are one ---- */

static uint64_t mix(uint64_t hash, uint64_t word) {
  return (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15) ^ (hash >> 29);
}

static uint64_t bits_of_number(double p) {
  uint64_t bits;
  memcpy(&bits, &p, sizeof bits);
  return bits;
}

static uint64_t hash_of(const gdi_node *node) {
  uint64_t hash = mix(node->op, bits_of_number(node->p));
  hash = mix(mix(hash, node->a), node->b);
  hash = mix(mix(hash, node->rows), node->columns);
  hash = mix(mix(hash, node->row), node->column);
  return hash ^ (hash >> 32);
}

static bool same(const gdi_node *one, const gdi_node *other) {
  return one->op == other->op && one->a == other->a && one->b == other->b && one->rows == other->rows &&
         one->columns == other->columns && one->row == other->row && one->column == other->column &&
         bits_of_number(one->p) == bits_of_number(other->p);
}

static gdi_index *place_of(const gd_graph *graph, const gdi_node *node) {
  size_t k = hash_of(node) & (graph->table_size - 1);
  while (graph->table[k] && !same(gdi_node_at(graph, graph->table[k]), node)) k = (k + 1) & (graph->table_size - 1);
  return graph->table + k;
}

/* At most half full, so that searches end. */
static bool grow_table(gd_graph *graph) {
  if (2 * (graph->nodes.count + 1) <= graph->table_size) return true;
  const size_t size = graph->table_size ? 2 * graph->table_size : 4 * FIRST_ROOM;
  gdi_index *table = gdi_allocate(&graph->env, size, sizeof *table);
  if (!table) return false;
  gdi_release(&graph->env, graph->table);
  graph->table = table, graph->table_size = size;
  for (gdi_index k = 1; k < graph->nodes.count; k++) *place_of(graph, gdi_node_at(graph, k)) = k;
  return true;
}

static gdi_index no_memory(gd_graph *graph) {
  return gdi_graph_fail(graph, GD_ERR_MEMORY, "no memory for node %zu of the graph", graph->nodes.count);
}

static gdi_index add_node(gd_graph *graph, const gdi_node *node) {
  char **name = gdi_list_add(&graph->names, &graph->env, sizeof *name);
  if (!name) return no_memory(graph);
  gdi_node *made = gdi_list_add(&graph->nodes, &graph->env, sizeof *made);
  if (!made) {
    graph->names.count--;
    return no_memory(graph);
  }
  *made = *node;
  return (gdi_index)(graph->nodes.count - 1);
}

gdi_index gdi_node_intern(gd_graph *graph, const gdi_node *node) {
  if (graph->status < 0) return 0;
  if (graph->nodes.count >= UINT32_MAX / 2)
    return gdi_graph_fail(graph, GD_ERR_UNSUPPORTED, "the graph has too many nodes");
  if (node->rows > INT_MAX || node->columns > INT_MAX)
    return gdi_graph_fail(graph, GD_ERR_UNSUPPORTED,
                          "a node of %zu by %zu, expected at most %d rows and columns, the limit of BLAS", node->rows,
                          node->columns, INT_MAX);
  if (!grow_table(graph)) return no_memory(graph);
  gdi_index *place = place_of(graph, node);
  if (!*place) *place = add_node(graph, node);
  return *place;
}

/* ---- leaves ---- */

static bool is_shape(gd_graph *graph, const char *what, size_t rows, size_t columns) {
  if (rows > 0 && columns > 0 && columns <= MOST_ENTRIES / rows) return true;
  gdi_graph_fail(graph, GD_ERR_ARGUMENT, "%s is %zu by %zu, expected 1 or more rows and columns, and memory for them",
                 what, rows, columns);
  return false;
}

static gd_node leaf(gd_graph *graph, const gdi_node *node, const char *name) {
  const gdi_index index = gdi_node_intern(graph, node);
  if (index && name && !name_node(graph, index, name)) no_memory(graph);
  return (gd_node){graph, graph->status < 0 ? 0 : index};
}

/* A node of a graph that has failed, or of none. */
static bool is_broken(const gd_graph *graph) { return !graph || graph->status < 0; }

gd_node gd_graph_parameter(gd_graph *graph, const char *name, size_t player, size_t rows, size_t columns) {
  if (is_broken(graph) || !is_shape(graph, "a parameter", rows, columns)) return (gd_node){graph, 0};
  gdi_parameter *added = gdi_list_add(&graph->parameters, &graph->env, sizeof *added);
  if (!added) return (gd_node){graph, no_memory(graph)};
  const size_t k = graph->parameters.count - 1;
  const gdi_node node = {.op = GDI_VARIABLE, .rows = rows, .columns = columns, .row = GDI_POINT, .column = k};
  const gd_node made = leaf(graph, &node, name);
  *added = (gdi_parameter){.node = (gdi_index)made.index, .player = player, .size = rows * columns};
  return made;
}

gdi_index gdi_graph_direction(gd_graph *graph, size_t parameter) {
  gdi_parameter *owner = gdi_parameter_at(graph, parameter);
  gdi_node node = *gdi_node_at(graph, owner->node);
  node.row = GDI_DIRECTION;
  if (!owner->direction) owner->direction = gdi_node_intern(graph, &node);
  return owner->direction;
}

static bool is_sampler(gd_graph *graph, const gd_sampler *sampler, size_t rows) {
  const bool readable = sampler && sampler->struct_size >= sizeof *sampler && sampler->fill;
  if (readable && (sampler->rows == 0 || sampler->rows == rows)) return true;
  if (readable)
    gdi_graph_fail(graph, GD_ERR_ARGUMENT, "an input has %zu rows, but its sampler's samples have %zu numbers", rows,
                   sampler->rows);
  gdi_graph_fail(graph, GD_ERR_ARGUMENT, "sampler: %s, expected a table with struct_size and fill",
                 !sampler         ? "NULL"
                 : !sampler->fill ? "fill is NULL"
                                  : "struct_size is too small");
  return false;
}

gd_node gd_graph_input(gd_graph *graph, const char *name, size_t rows, size_t columns, const gd_sampler *sampler) {
  gdi_input *added = NULL;
  const size_t first = graph ? gdi_inputs_length(graph) : 0;
  if (!is_broken(graph) && is_shape(graph, "an input", rows, columns) && is_sampler(graph, sampler, rows)) {
    added = gdi_list_add(&graph->inputs, &graph->env, sizeof *added);
    if (!added) no_memory(graph);
  }
  if (!added) {
    if (sampler && sampler->struct_size >= sizeof *sampler && sampler->destroy) sampler->destroy(sampler->context);
    return (gd_node){graph, 0};
  }
  *added = (gdi_input){rows, columns, first, *sampler}; /* the sampler is the graph's from here on */
  const gdi_node node = {.op = GDI_INPUT, .rows = rows, .columns = columns, .column = graph->inputs.count - 1};
  return leaf(graph, &node, name);
}

/* The first entry that is no number, as text; or an empty one. */
static bool is_finite(gd_graph *graph, size_t rows, size_t columns, const double *values) {
  for (size_t k = 0; k < rows * columns; k++)
    if (!isfinite(values[k])) {
      gdi_graph_fail(graph, GD_ERR_NONFINITE, "values[%zu] (row %zu, column %zu) is %g, expected a finite number", k,
                     k % rows, k / rows, values[k]);
      return false;
    }
  return true;
}

static bool are_values(gd_graph *graph, size_t rows, size_t columns, const double *values) {
  if (values) return is_finite(graph, rows, columns, values);
  gdi_graph_fail(graph, GD_ERR_ARGUMENT, "values is NULL, expected %zu by %zu numbers", rows, columns);
  return false;
}

gd_node gd_graph_constant(gd_graph *graph, size_t rows, size_t columns, const double *values) {
  if (is_broken(graph) || !is_shape(graph, "a constant", rows, columns) || !are_values(graph, rows, columns, values))
    return (gd_node){graph, 0};
  double **added = gdi_list_add(&graph->constants, &graph->env, sizeof *added);
  if (added) *added = gdi_copy_numbers(&graph->env, rows * columns, values);
  if (!added || !*added) return (gd_node){graph, no_memory(graph)};
  const gdi_node node = {.op = GDI_CONSTANT, .rows = rows, .columns = columns, .column = graph->constants.count - 1};
  return leaf(graph, &node, NULL);
}

gd_node gd_graph_fill(gd_graph *graph, double value, size_t rows, size_t columns) {
  if (is_broken(graph) || !is_shape(graph, "a constant", rows, columns) || !are_values(graph, 1, 1, &value))
    return (gd_node){graph, 0};
  return (gd_node){graph, gdi_build_fill(graph, value, rows, columns)};
}

/* ---- create and destroy ---- */

gd_status gd_graph_set_precision(gd_graph *graph, gd_precision precision) {
  GDI_REQUIRE(graph, "graph is NULL");
  GDI_REQUIRE((unsigned)precision <= GD_PRECISION_SINGLE, "precision is %d, expected a gd_precision", (int)precision);
  graph->single = precision == GD_PRECISION_SINGLE;
  return GD_OK;
}

gd_status gd_graph_status(const gd_graph *graph) {
  GDI_REQUIRE(graph, "graph is NULL, expected a graph");
  return graph->status < 0 ? gdi_fail(graph->status, "%s", graph->message) : GD_OK;
}

gd_status gd_graph_create(gd_graph **graph, const gd_env *env) {
  GDI_REQUIRE(graph, "graph is NULL, expected the address for the new graph");
  gd_status status;
  gd_graph *own = gdi_create(env, sizeof *own, offsetof(gd_graph, env), &status);
  if (!own) return status;
  atomic_init(&own->references, 1);
  pthread_mutex_init(&own->lock, NULL); /* cannot fail without attributes */
  if (!gdi_list_add(&own->names, &own->env, sizeof(char *)) ||
      !gdi_list_add(&own->nodes, &own->env, sizeof(gdi_node))) {
    gd_graph_destroy(own);
    return GD_ERR_MEMORY;
  }
  *graph = own;
  return GD_OK;
}

gd_graph *gdi_graph_hold(gd_graph *graph) {
  atomic_fetch_add_explicit(&graph->references, 1, memory_order_relaxed);
  return graph;
}

static void release_items(gd_graph *graph) {
  for (size_t k = 0; k < graph->names.count; k++) gdi_release(&graph->env, ((char **)graph->names.items)[k]);
  if (graph->origin) return;
  for (size_t k = 0; k < graph->constants.count; k++) gdi_release(&graph->env, ((double **)graph->constants.items)[k]);
  for (size_t k = 0; k < graph->parameters.count; k++) gdi_release(&graph->env, gdi_parameter_at(graph, k)->start);
  for (size_t k = 0; k < graph->inputs.count; k++) {
    const gd_sampler *sampler = &gdi_input_at(graph, k)->sampler;
    if (sampler->destroy) sampler->destroy(sampler->context);
  }
}

void gd_graph_destroy(gd_graph *graph) {
  if (!graph || atomic_fetch_sub_explicit(&graph->references, 1, memory_order_acq_rel) > 1) return;
  release_items(graph);
  gdi_list *lists[] = {&graph->nodes, &graph->names, &graph->parameters, &graph->inputs, &graph->constants};
  for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) gdi_release(&graph->env, lists[k]->items);
  gdi_release(&graph->env, graph->table);
  gd_graph_destroy(graph->origin);
  pthread_mutex_destroy(&graph->lock);
  gdi_destroy(graph, offsetof(gd_graph, env));
}
