/* SPDX-License-Identifier: BSD-3-Clause */
/* Expression graphs inside the library.  Nodes are in the order of their creation, so the operands of a node have
 * smaller indices, and ascending order is an order of evaluation.  Equal nodes are one node. */
#ifndef GDI_GRAPH_GRAPH_H
#define GDI_GRAPH_GRAPH_H

#include "base/memory.h"
#include "graph/operations.h"

#include <gamedyn/graph.h>
#include <pthread.h>
#include <stdatomic.h>

typedef enum gdi_vector { GDI_POINT = 0, GDI_DIRECTION = 1, GDI_VECTORS = 2 } gdi_vector;

/* Index of a node.  0 means no node; as a derivative it means zero, for which no node was created. */
typedef uint32_t gdi_index;

typedef struct gdi_node {
  gdi_op op;
  gdi_index a, b;
  size_t rows, columns;
  size_t row, column;
  double p;
} gdi_node;

typedef struct gdi_parameter {
  gdi_index node, direction; /* the latter when there is one */
  size_t player, size;
  size_t first;  /* its first index in the point, once parameters are placed */
  double *start; /* [size] or NULL: zeros */
} gdi_parameter;

typedef struct gdi_input {
  size_t rows, columns;
  size_t first; /* number of its first entry in the arena, which begins with all inputs */
  gd_sampler sampler;
} gdi_input;

/* An array that grows. */
typedef struct gdi_list {
  void *items;
  size_t count, room;
} gdi_list;

struct gd_graph {
  gdi_env env;
  atomic_size_t references;
  gd_graph *origin;     /* the owner of a copy's constants and samplers; NULL: no copy */
  pthread_mutex_t lock; /* of a copy that grows while its programs run */
  gd_status status;     /* status of the first failure */
  char message[512];
  gdi_list nodes;      /* list of gdi_node; the first is no node */
  gdi_list names;      /* list of char *, by node */
  gdi_list parameters; /* list of gdi_parameter */
  gdi_list inputs;     /* list of gdi_input */
  gdi_list constants;  /* list of double * */
  size_t placed;       /* parameters whose first index is known: all of them or none */
  bool single;         /* its games and functions compute in floats */
  gdi_index *table;    /* [table_size] of nodes, by hash */
  size_t table_size;
};

static inline const gdi_node *gdi_node_at(const gd_graph *graph, gdi_index index) {
  return (const gdi_node *)graph->nodes.items + index;
}
static inline gdi_parameter *gdi_parameter_at(const gd_graph *graph, size_t k) {
  return (gdi_parameter *)graph->parameters.items + k;
}
static inline gdi_input *gdi_input_at(const gd_graph *graph, size_t k) { return (gdi_input *)graph->inputs.items + k; }

/* Append one zeroed element of `size` bytes to the list; NULL without memory. */
void *gdi_list_add(gdi_list *list, const gdi_env *env, size_t size);

/* Record the graph's first failure, for gd_graph_status(); returns 0. */
gdi_index gdi_graph_fail(gd_graph *graph, gd_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));
/* The name of an operation; its number of operands; a node in words: `"W" [3 by 4]` or `node 17, tanh [3 by 4]`. */
typedef struct gdi_description {
  char text[120];
} gdi_description;
const char *gdi_op_name(gdi_op op);
size_t gdi_op_operands(gdi_op op);
gdi_description gdi_node_describe(const gd_graph *graph, gdi_index index);

/* The node equal to this one; it is created if there is none.  0 on failure. */
gdi_index gdi_node_intern(gd_graph *graph, const gdi_node *node);

/* Add a reference to the graph; gd_graph_destroy() removes it. */
gd_graph *gdi_graph_hold(gd_graph *graph);
/* A copy, which can grow by itself: derivatives that games make are not nodes of the user's graph.  It has no initial
 * values, and all its parameters are placed (copy.c). */
gd_status gdi_graph_copy(gd_graph **copy, gd_graph *origin);
/* NULL without memory. */
double *gdi_copy_numbers(const gdi_env *env, size_t count, const double *values);
/* First index of the parameter in the point.  Placing all parameters makes that quick. */
size_t gdi_parameter_start(const gd_graph *graph, size_t parameter);
gd_status gdi_graph_place_parameters(gd_graph *graph);
/* Length of all inputs in an arena (place.c). */
size_t gdi_inputs_length(const gd_graph *graph);
/* The leaf that stands for the parameter's part of the direction. */
gdi_index gdi_graph_direction(gd_graph *graph, size_t parameter);

/* ---- Making nodes whose shapes are known to fit; simplified on the way (build.c). ---- */

static inline bool gdi_op_is_elementwise(gdi_op op) { return op >= GDI_FILL && op <= GDI_GATE; }

gdi_index gdi_build_fill(gd_graph *graph, double value, size_t rows, size_t columns);
gdi_index gdi_build_unary(gd_graph *graph, gdi_op op, double p, gdi_index a);
gdi_index gdi_build_binary(gd_graph *graph, gdi_op op, gdi_index a, gdi_index b);
gdi_index gdi_build_gate(gd_graph *graph, gdi_index a, gdi_index b, double p); /* all of one shape */
gdi_index gdi_build_widen(gd_graph *graph, gdi_index a, size_t rows, size_t columns);
/* a summed to the shape of `like`, over the axes in which a is wider. */
gdi_index gdi_build_narrow(gd_graph *graph, gdi_index a, gdi_index like);
gdi_index gdi_build_sum(gd_graph *graph, gdi_op op, gdi_index a);
gdi_index gdi_build_sum_along(gd_graph *graph, gd_axis axis, gdi_index a);
gdi_index gdi_build_product(gd_graph *graph, gdi_index a, bool transpose_a, gdi_index b, bool transpose_b);
gdi_index gdi_build_transpose(gd_graph *graph, gdi_index a);
/* A submatrix of rows by columns. */
typedef struct gdi_window {
  size_t row, column, rows, columns;
} gdi_window;
gdi_index gdi_build_slice(gd_graph *graph, gdi_index a, gdi_window window);
/* a at the window's row and column among zeros, rows by columns in all. */
gdi_index gdi_build_pad(gd_graph *graph, gdi_index a, gdi_window window);
/* GDI_STACK or GDI_BESIDE */
gdi_index gdi_build_join(gd_graph *graph, gdi_op op, gdi_index a, gdi_index b);

/* ---- Norms, roots, powers and ratios, simplified (roots.c). ---- */

gdi_index gdi_build_norm(gd_graph *graph, gd_axis axis, gdi_index a);
gdi_index gdi_build_ratio(gd_graph *graph, gdi_index a, gdi_index b);
/* The simpler node that GDI_SQUARE, GDI_SQRT, GDI_ABSOLUTE or GDI_POWER of a is; 0: none, also for other operations. */
gdi_index gdi_build_simpler_root(gd_graph *graph, gdi_op op, double p, gdi_index a);

/* ---- Derivatives (derivative.c, reverse.c, forward.c). ---- */

/* d node / d operand a of a node of one operand, entry by entry; 0 if that is zero. */
gdi_index gdi_derivative_unary(gd_graph *graph, gdi_index node);
/* The gradient of the sum of y's entries times `weight` (0: ones) with respect to each of x[count]; 0 if it is zero.
 * Here and below, checks that y has this derivative are added to `kinks` (checks.h). */
gd_status gdi_reverse(gd_graph *graph, gdi_index y, gdi_index weight, size_t count, const gdi_index *x,
                      gdi_index *gradients, gdi_list *kinks);
/* Those checks alone. */
gd_status gdi_reverse_kinks(gd_graph *graph, gdi_index y, size_t count, const gdi_index *x, gdi_list *kinks);
/* The gradient of y's sum with respect to one x, where the `held` nodes are constants even if they depend on x. */
gd_status gdi_reverse_holding(gd_graph *graph, gdi_index y, gdi_index x, size_t n_held, const gdi_index *held,
                              gdi_index *gradient, gdi_list *kinks);
/* The derivatives of y[count] when each x[k] moves along directions[k]; 0 if it is zero. */
typedef struct gdi_move {
  size_t count;
  const gdi_index *x, *directions;
} gdi_move;
gd_status gdi_forward(gd_graph *graph, const gdi_move *move, size_t count, const gdi_index *y, gdi_index *derivatives,
                      gdi_list *kinks);

#endif
