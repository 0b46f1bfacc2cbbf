/* SPDX-License-Identifier: BSD-3-Clause */
/* game_programs.c -- compiles utilities to programs: their derivatives and their checks. */
#include "graph/checks.h"
#include "graph/graph_game.h"

#include "base/error.h"

#include <string.h>

/* The nodes to differentiate, by parameter, and the checks of the next program: those of the utilities' domain, and
 * those of derivatives. */
typedef struct fields {
  gdi_index *x, *direction, *v, *result, *some;
  gdi_wanted *wanted;
  gdi_list checks, checks_of_all; /* the latter: of all players */
} fields;

/* Compile a program, with the domain checks of its other nodes. */
static gd_status compile_wanted(gdi_graph_game *own, fields *f, size_t program, size_t count) {
  const size_t before = f->checks.count;
  gdi_index *y = gdi_allocate(&own->graph->env, count, sizeof *y);
  for (size_t k = 0; y && k < count; k++) y[k] = f->wanted[k].node;
  gd_status status = y ? gdi_checks_of_domain(own->graph, count, y, &f->checks) : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_program_compile(own->programs + program, own->graph, count, f->wanted, &f->checks);
  f->checks.count = before;
  gdi_release(&own->graph->env, y);
  return status;
}

static gdi_index or_zero(gd_graph *graph, gdi_index derivative, gdi_index like) {
  const gdi_node node = *gdi_node_at(graph, like);
  return derivative || graph->status < 0 ? derivative : gdi_build_fill(graph, 0, node.rows, node.columns);
}

/* The program that gives derivatives [by parameter], of the player alone or of all. */
static gd_status compile(gdi_graph_game *own, fields *f, size_t program, gdi_index *derivatives, size_t player) {
  gd_graph *graph = own->graph;
  size_t count = 0;
  const size_t first = player == SIZE_MAX ? 0 : gd_graph_size(graph, SIZE_MAX);
  size_t start = first;
  for (size_t k = 0; k < graph->parameters.count; k++) {
    if (player != SIZE_MAX && gdi_parameter_at(graph, k)->player != player) continue;
    const gdi_index node = or_zero(graph, derivatives[k], f->x[k]);
    if (!node) return gd_graph_status(graph);
    const size_t at = gdi_parameter_start(graph, k);
    if (at < start) start = at;
    f->wanted[count++] = (gdi_wanted){node, at};
  }
  for (size_t k = 0; player != SIZE_MAX && k < count; k++) f->wanted[k].to -= start;
  return compile_wanted(own, f, program, count);
}

static gd_status compile_utilities(gdi_graph_game *own, fields *f, const gd_node *u) {
  for (size_t k = 0; k < own->n_players; k++) f->wanted[k] = (gdi_wanted){(gdi_index)u[k].index, k};
  return compile_wanted(own, f, GDI_UTILITIES, own->n_players);
}

/* All programs check that the utilities are defined. */
static gd_status check_domain(gdi_graph_game *own, fields *f, const gd_node *u) {
  gd_status status = GD_OK;
  for (size_t k = 0; k < own->n_players && status == GD_OK; k++)
    status = gdi_checks_of_domain(own->graph, 1, &(gdi_index){(gdi_index)u[k].index}, &f->checks);
  return status;
}

/* result[k] = the sum over parameters j of factor J_jk' w_j: the gradient of factor w'v, where w is constant or is v
 * itself. */
static gd_status differentiate_inner(gd_graph *graph, fields *f, const gdi_index *w, double factor) {
  const size_t count = graph->parameters.count;
  gdi_index total = 0;
  for (size_t k = 0; k < count; k++) {
    if (!f->v[k]) continue;
    gdi_index term = gdi_build_binary(graph, GDI_MULTIPLY, f->v[k], w[k]);
    term = gdi_build_sum(graph, GDI_SUM_COLUMNS, gdi_build_sum(graph, GDI_SUM_ROWS, term));
    total = total ? gdi_build_binary(graph, GDI_ADD, total, term) : term;
  }
  memset(f->result, 0, count * sizeof *f->result);
  if (!total) return graph->status;
  return gdi_reverse(graph, gdi_build_unary(graph, GDI_SCALE, factor, total), 0, count, f->x, f->result, &f->checks);
}

/* v, and the gradient of |v|^2 / 2, which share nodes. */
static gd_status compile_both(gdi_graph_game *own, fields *f) {
  gd_graph *graph = own->graph;
  const size_t count = graph->parameters.count;
  GD_TRY(differentiate_inner(graph, f, f->v, 0.5));
  for (size_t k = 0; k < count; k++) {
    const gdi_index v = or_zero(graph, f->v[k], f->x[k]), pull = or_zero(graph, f->result[k], f->x[k]);
    if (!v || !pull) return gd_graph_status(graph);
    f->wanted[k] = (gdi_wanted){v, gdi_parameter_start(graph, k)};
    f->wanted[count + k] = (gdi_wanted){pull, gdi_parameter_start(graph, k)};
  }
  return compile_wanted(own, f, GDI_GRADIENT_VJP, 2 * count);
}

/* Those from number `first` on, to another list. */
static gd_status append(const gdi_env *env, gdi_list *to, const gdi_list *from, size_t first) {
  for (size_t k = first; k < from->count; k++) {
    gdi_index *added = gdi_list_add(to, env, sizeof *added);
    if (!added) return GD_ERR_MEMORY;
    *added = ((const gdi_index *)from->items)[k];
  }
  return GD_OK;
}

/* Checks that the player's utility has a derivative in its own parameters. */
static gd_status check_kinks(gdi_graph_game *own, fields *f, gdi_index u, size_t player) {
  const gd_graph *graph = own->graph;
  size_t count = 0;
  for (size_t k = 0; k < graph->parameters.count; k++)
    if (gdi_parameter_at(graph, k)->player == player) f->some[count++] = f->x[k];
  return gdi_reverse_kinks(own->graph, u, count, f->some, &f->checks);
}

static gd_status build_gradient_of(gdi_graph_game *own, fields *f, gdi_index u, size_t player) {
  gd_graph *graph = own->graph;
  const size_t count = graph->parameters.count, domain = f->checks.count;
  GD_TRY(gdi_reverse(graph, u, 0, count, f->x, f->result, &f->checks));
  for (size_t k = 0; k < count; k++)
    if (gdi_parameter_at(graph, k)->player == player) f->v[k] = f->result[k];
  GD_TRY(compile(own, f, GDI_FIXED_PROGRAMS + own->n_players + player, f->result, SIZE_MAX));
  f->checks.count = domain;
  GD_TRY(check_kinks(own, f, u, player));
  GD_TRY(append(&graph->env, &f->checks_of_all, &f->checks, domain));
  GD_TRY(compile(own, f, GDI_FIXED_PROGRAMS + player, f->result, player));
  f->checks.count = domain;
  return GD_OK;
}

/* v by parameter, from the gradients of the owner's utility.  In the end there are the checks of all of v. */
static gd_status build_gradients(gdi_graph_game *own, fields *f, const gd_node *u) {
  for (size_t player = 0; player < own->n_players; player++)
    GD_TRY(build_gradient_of(own, f, (gdi_index)u[player].index, player));
  return append(&own->graph->env, &f->checks, &f->checks_of_all, 0);
}

/* J u for directions in which one parameter moves, each in turn. */
static gd_status build_jacobian(gdi_graph_game *own, fields *f) {
  const size_t count = own->graph->parameters.count, first = gdi_first_of_jacobian(own), of_v = f->checks.count;
  for (size_t k = 0; first + k < own->n_programs; k++) {
    f->checks.count = of_v;
    GD_TRY(gdi_forward(own->graph, &(gdi_move){1, f->x + k, f->direction + k}, count, f->v, f->result, &f->checks));
    GD_TRY(compile(own, f, first + k, f->result, SIZE_MAX));
  }
  return GD_OK;
}

/* J'w, J'v and J u, each with checks that v has a derivative in addition to those of v. */
static gd_status build_products(gdi_graph_game *own, fields *f) {
  gd_graph *graph = own->graph;
  const size_t count = graph->parameters.count, of_v = f->checks.count;
  GD_TRY(differentiate_inner(graph, f, f->direction, 1));
  GD_TRY(compile(own, f, GDI_VJP, f->result, SIZE_MAX));
  f->checks.count = of_v;
  GD_TRY(compile_both(own, f));
  f->checks.count = of_v;
  GD_TRY(gdi_forward(graph, &(gdi_move){count, f->x, f->direction}, count, f->v, f->result, &f->checks));
  GD_TRY(compile(own, f, GDI_JVP, f->result, SIZE_MAX));
  f->checks.count = of_v;
  return build_jacobian(own, f);
}

static gd_status build(gdi_graph_game *own, fields *f, const gd_node *u) {
  gd_graph *graph = own->graph;
  const size_t count = graph->parameters.count;
  for (size_t k = 0; k < count; k++) {
    f->x[k] = gdi_parameter_at(graph, k)->node;
    f->direction[k] = gdi_graph_direction(graph, k);
  }
  GD_TRY(check_domain(own, f, u));
  GD_TRY(compile_utilities(own, f, u));
  GD_TRY(build_gradients(own, f, u));
  GD_TRY(compile(own, f, GDI_GRADIENT, f->v, SIZE_MAX));
  return build_products(own, f);
}

gd_status gdi_graph_game_compile(gdi_graph_game *own, const gd_node *u) {
  const gdi_env *env = &own->graph->env;
  const size_t count = own->graph->parameters.count;
  gdi_index *indices = gdi_allocate(env, 5 * count, sizeof *indices);
  fields f = {.x = indices,
              .direction = indices + count,
              .v = indices + 2 * count,
              .result = indices + 3 * count,
              .some = indices + 4 * count,
              .wanted = gdi_allocate(env, 2 * count, sizeof(gdi_wanted))};
  own->n_programs = gdi_first_of_jacobian(own) + (own->n <= GDI_MOST_VARIABLES ? count : 0);
  own->programs = gdi_allocate(env, own->n_programs, sizeof *own->programs);
  gd_status status = indices && f.wanted && own->programs ? build(own, &f, u) : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_workspaces_open(&own->workspaces, own->graph, own->n_programs, own->programs);
  gdi_release(env, indices);
  gdi_release(env, f.wanted);
  gdi_release(env, f.checks.items);
  gdi_release(env, f.checks_of_all.items);
  return own->graph->status < 0 ? gd_graph_status(own->graph) : status;
}
