/* SPDX-License-Identifier: BSD-3-Clause */
/* game_programs.c -- compiles utilities to programs: their derivatives and their checks. */
#include "graph/checks.h"
#include "graph/graph_game.h"

#include "base/error.h"

#include <string.h>

/* A program in the making: nodes by parameter, and its checks. */
typedef struct making {
  gdi_graph_game *game;
  gdi_program *program;
  gdi_index *result;  /* [parameters] */
  gdi_index *some;    /* [parameters] */
  gdi_wanted *wanted; /* [2 parameters, or players] */
  gdi_list checks;
} making;

static size_t parameters_of(const gdi_graph_game *own) { return own->graph->parameters.count; }

/* Those of another list, too. */
static gd_status append(const gdi_env *env, gdi_list *to, const gdi_list *from) {
  for (size_t k = 0; k < from->count; k++) {
    gdi_index *added = gdi_list_add(to, env, sizeof *added);
    if (!added) return GD_ERR_MEMORY;
    *added = ((const gdi_index *)from->items)[k];
  }
  return GD_OK;
}

/* ---- outputs ---- */

/* Compile the program, with the domain checks of its other nodes. */
static gd_status compile_wanted(making *own, size_t count) {
  gd_graph *graph = own->game->graph;
  gdi_index *y = gdi_allocate(&graph->env, count, sizeof *y);
  for (size_t k = 0; y && k < count; k++) y[k] = own->wanted[k].node;
  gd_status status = y ? gdi_checks_of_domain(graph, count, y, &own->checks) : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_program_compile(own->program, graph, count, own->wanted, &own->checks);
  gdi_release(&graph->env, y);
  return status;
}

static gdi_index or_zero(gd_graph *graph, gdi_index derivative, gdi_index like) {
  const gdi_node node = *gdi_node_at(graph, like);
  return derivative || graph->status < 0 ? derivative : gdi_build_fill(graph, 0, node.rows, node.columns);
}

/* The program that gives derivatives [by parameter], of the player alone or of all (SIZE_MAX). */
static gd_status compile(making *own, const gdi_index *derivatives, size_t player) {
  gd_graph *graph = own->game->graph;
  size_t count = 0, start = player == SIZE_MAX ? 0 : own->game->n;
  for (size_t k = 0; k < graph->parameters.count; k++) {
    if (player != SIZE_MAX && gdi_parameter_at(graph, k)->player != player) continue;
    const gdi_index node = or_zero(graph, derivatives[k], own->game->x[k]);
    if (!node) return graph->status;
    const size_t at = gdi_parameter_start(graph, k);
    if (at < start) start = at;
    own->wanted[count++] = (gdi_wanted){node, at};
  }
  for (size_t k = 0; k < count; k++) own->wanted[k].to -= start;
  return compile_wanted(own, count);
}

/* ---- programs ---- */

static gd_status make_utilities(making *own) {
  for (size_t k = 0; k < own->game->n_players; k++) own->wanted[k] = (gdi_wanted){own->game->u[k], k};
  GD_TRY(append(&own->game->graph->env, &own->checks, &own->game->domain));
  return compile_wanted(own, own->game->n_players);
}

/* The player's parameters; returns how many. */
static size_t find_parameters(making *own, size_t player) {
  size_t count = 0;
  for (size_t k = 0; k < parameters_of(own->game); k++)
    if (gdi_parameter_at(own->game->graph, k)->player == player) own->some[count++] = own->game->x[k];
  return count;
}

/* Checks that the player's utility has a derivative in its own parameters. */
static gd_status make_player_gradient(making *own, size_t player) {
  gd_graph *graph = own->game->graph;
  GD_TRY(append(&graph->env, &own->checks, &own->game->domain));
  const size_t count = find_parameters(own, player);
  GD_TRY(gdi_reverse_kinks(graph, own->game->u[player], count, own->some, &own->checks));
  return compile(own, own->game->v, player);
}

static gd_status make_utility_gradient(making *own, size_t player) {
  gdi_graph_game *game = own->game;
  GD_TRY(append(&game->graph->env, &own->checks, &game->domain));
  memset(own->result, 0, parameters_of(game) * sizeof *own->result);
  GD_TRY(gdi_reverse(game->graph, game->u[player], 0, parameters_of(game), game->x, own->result, &own->checks));
  return compile(own, own->result, SIZE_MAX);
}

/* result[k] = the sum over parameters j of factor J_jk' w_j: the gradient of factor w'v, where w is constant or is v
 * itself. */
static gd_status differentiate_inner(making *own, const gdi_index *w, double factor) {
  gd_graph *graph = own->game->graph;
  const size_t count = parameters_of(own->game);
  const gdi_index *v = own->game->v;
  gdi_index total = 0;
  for (size_t k = 0; k < count; k++) {
    if (!v[k]) continue;
    gdi_index term = gdi_build_binary(graph, GDI_MULTIPLY, v[k], w[k]);
    term = gdi_build_sum(graph, GDI_SUM_COLUMNS, gdi_build_sum(graph, GDI_SUM_ROWS, term));
    total = total ? gdi_build_binary(graph, GDI_ADD, total, term) : term;
  }
  memset(own->result, 0, count * sizeof *own->result);
  if (!total) return graph->status;
  return gdi_reverse(graph, gdi_build_unary(graph, GDI_SCALE, factor, total), 0, count, own->game->x, own->result,
                     &own->checks);
}

static gd_status make_vjp(making *own) {
  GD_TRY(differentiate_inner(own, own->game->direction, 1));
  return compile(own, own->result, SIZE_MAX);
}

/* v, and the gradient of |v|^2 / 2, which share nodes. */
static gd_status make_both(making *own) {
  const gdi_graph_game *game = own->game;
  gd_graph *graph = game->graph;
  const size_t count = parameters_of(game);
  GD_TRY(differentiate_inner(own, game->v, 0.5));
  for (size_t k = 0; k < count; k++) {
    const gdi_index v = or_zero(graph, game->v[k], game->x[k]), pull = or_zero(graph, own->result[k], game->x[k]);
    if (!v || !pull) return graph->status;
    own->wanted[k] = (gdi_wanted){v, gdi_parameter_start(graph, k)};
    own->wanted[count + k] = (gdi_wanted){pull, gdi_parameter_start(graph, k)};
  }
  return compile_wanted(own, 2 * count);
}

/* J u for directions in which only these parameters move. */
static gd_status make_jvp(making *own, gdi_group moving) {
  const gdi_graph_game *game = own->game;
  const gdi_move move = {moving.count, game->x + moving.first, game->direction + moving.first};
  GD_TRY(gdi_forward(game->graph, &move, parameters_of(game), game->v, own->result, &own->checks));
  return compile(own, own->result, SIZE_MAX);
}

static gd_status make_derivative(making *own, size_t number) {
  const gdi_graph_game *game = own->game;
  GD_TRY(append(&game->graph->env, &own->checks, &game->kinks));
  if (number == GDI_GRADIENT) return compile(own, game->v, SIZE_MAX);
  if (number == GDI_VJP) return make_vjp(own);
  if (number == GDI_GRADIENT_VJP) return make_both(own);
  if (number == GDI_JVP) return make_jvp(own, (gdi_group){0, parameters_of(game)});
  return make_jvp(own, gdi_group_of_program(game, number));
}

static gd_status make(making *own, size_t number) {
  const size_t players = own->game->n_players;
  if (number == GDI_UTILITIES) return make_utilities(own);
  if (number < GDI_FIXED_PROGRAMS || number >= gdi_first_of_jacobian(own->game)) return make_derivative(own, number);
  const size_t player = number - GDI_FIXED_PROGRAMS;
  return player < players ? make_player_gradient(own, player) : make_utility_gradient(own, player - players);
}

/* ---- making them when asked for ---- */

static gd_status open_making(making *own) {
  const gdi_env *env = &own->game->graph->env;
  const size_t count = parameters_of(own->game), players = own->game->n_players;
  own->result = gdi_allocate(env, count, sizeof *own->result);
  own->some = gdi_allocate(env, count, sizeof *own->some);
  own->wanted = gdi_allocate(env, 2 * count > players ? 2 * count : players, sizeof *own->wanted);
  return own->result && own->some && own->wanted ? GD_OK : GD_ERR_MEMORY;
}

/* The status, or that of the graph, which is usable again: what was made of it before the failure is harmless. */
static gd_status close_making(making *own, gd_status status) {
  gd_graph *graph = own->game->graph;
  gdi_release(&graph->env, own->result);
  gdi_release(&graph->env, own->some);
  gdi_release(&graph->env, own->wanted);
  gdi_release(&graph->env, own->checks.items);
  if (graph->status < 0) status = gd_graph_status(graph);
  graph->status = GD_OK;
  return status;
}

static gd_status make_under_lock(gdi_graph_game *own, size_t number) {
  gdi_graph_program *entry = own->programs + number;
  if (atomic_load_explicit(&entry->is_made, memory_order_relaxed)) return GD_OK;
  making made = {.game = own, .program = &entry->program};
  gd_status status = open_making(&made);
  if (status == GD_OK) status = make(&made, number);
  status = close_making(&made, status);
  if (status < 0) {
    gdi_program_release(&entry->program);
    entry->program = (gdi_program){0};
    return status;
  }
  atomic_store_explicit(&entry->is_made, true, memory_order_release);
  return GD_OK;
}

gd_status gdi_graph_game_program(gdi_graph_game *own, size_t number, const gdi_program **program) {
  *program = &own->programs[number].program;
  if (atomic_load_explicit(&own->programs[number].is_made, memory_order_acquire)) return GD_OK;
  pthread_mutex_lock(&own->graph->lock);
  const gd_status status = make_under_lock(own, number);
  pthread_mutex_unlock(&own->graph->lock);
  return status;
}

/* ---- the field ---- */

/* v of the player's parameters, and checks that it exists. */
static gd_status differentiate(making *own, size_t player) {
  gdi_graph_game *game = own->game;
  const size_t count = find_parameters(own, player);
  memset(own->result, 0, count * sizeof *own->result);
  GD_TRY(gdi_reverse(game->graph, game->u[player], 0, count, own->some, own->result, &game->kinks));
  for (size_t k = 0, j = 0; k < parameters_of(game); k++)
    if (gdi_parameter_at(game->graph, k)->player == player) game->v[k] = own->result[j++];
  return GD_OK;
}

/* All programs check that the utilities are defined. */
static gd_status build_field(making *own) {
  gdi_graph_game *game = own->game;
  gd_graph *graph = game->graph;
  for (size_t k = 0; k < parameters_of(game); k++) {
    game->x[k] = gdi_parameter_at(graph, k)->node;
    game->direction[k] = gdi_graph_direction(graph, k);
  }
  GD_TRY(gdi_checks_of_domain(graph, game->n_players, game->u, &game->domain));
  GD_TRY(append(&graph->env, &game->kinks, &game->domain));
  for (size_t player = 0; player < game->n_players; player++) GD_TRY(differentiate(own, player));
  return graph->status;
}

gd_status gdi_graph_game_begin(gdi_graph_game *own, const gd_node *u) {
  const gdi_env *env = &own->graph->env;
  const size_t count = parameters_of(own), groups = count < GDI_MOST_GROUPS ? count : GDI_MOST_GROUPS;
  own->n_programs = gdi_first_of_jacobian(own) + (own->n <= GDI_MOST_VARIABLES ? groups : 0);
  own->u = gdi_allocate(env, own->n_players, sizeof *own->u);
  own->x = gdi_allocate(env, 3 * count, sizeof *own->x);
  own->programs = gdi_allocate(env, own->n_programs, sizeof *own->programs);
  for (size_t k = 0; k < GDI_WORKSPACES; k++) gdi_workspaces_open(own->workspaces + k, own->graph);
  if (!own->u || !own->x || !own->programs) return GD_ERR_MEMORY;
  own->direction = own->x + count, own->v = own->x + 2 * count;
  for (size_t k = 0; k < own->n_players; k++) own->u[k] = (gdi_index)u[k].index;
  making field = {.game = own};
  gd_status status = open_making(&field);
  if (status == GD_OK) status = build_field(&field);
  GD_TRY(close_making(&field, status));
  const gdi_program *program;
  GD_TRY(gdi_graph_game_program(own, GDI_GRADIENT, &program));
  return gdi_workspaces_prepare(gdi_workspaces_for(own, GDI_GRADIENT), program);
}

void gdi_graph_game_end(gdi_graph_game *own) {
  const gdi_env *env = &own->graph->env;
  for (size_t k = 0; k < GDI_WORKSPACES; k++) gdi_workspaces_close(own->workspaces + k);
  for (size_t k = 0; own->programs && k < own->n_programs; k++) gdi_program_release(&own->programs[k].program);
  gdi_release(env, own->programs);
  gdi_release(env, own->u);
  gdi_release(env, own->x);
  gdi_release(env, own->domain.items);
  gdi_release(env, own->kinks.items);
}
