/* SPDX-License-Identifier: BSD-3-Clause */
/* game.c -- a game whose utilities are nodes: v_i = du_i/dx_i by reverse differentiation, J u by forward
 * differentiation of v, J'w as the gradient of w'v, J'v as that of |v|^2 / 2, each compiled into a program.
 *
 * For all of J there is one more program for each parameter, J u where only that one moves: what does not depend on it,
 * most of a deep network, has no derivative that would have to be computed. */
#include "base/error.h"
#include "game/nested.h"
#include "graph/workspace.h"

#include <string.h>

/* The programs of a game; player gradients and utility gradients come after these, one of each for each player, then
 * those of J, one for each parameter. */
enum { GRADIENT, UTILITIES, JVP, VJP, GRADIENT_VJP, FIXED_PROGRAMS };
enum { MOST_VARIABLES = 4096 /* beyond that nobody asks for J as a matrix */ };

typedef struct graph_game {
  gd_graph *graph;
  size_t n_players, n; /* n: variables */
  size_t n_programs;
  gdi_program *programs;
  gdi_workspaces workspaces;
} graph_game;

/* ---- callbacks ---- */

/* What a callback asks of a program. */
typedef struct question {
  size_t program, count; /* of directions, n apart, with results as far apart */
  const double *x, *directions;
  double *result;
} question;

static int answer(void *data, const gd_draw *draw, question asked) {
  graph_game *own = data;
  const gdi_program *program = own->programs + asked.program;
  gdi_workspace *workspace;
  gd_status status = gdi_workspaces_take(&own->workspaces, draw, &workspace);
  if (status < 0) return gdi_nested_code(status);
  gdi_frame frame = gdi_workspace_frame(&own->workspaces, workspace, asked.x, asked.directions);
  status = gdi_program_run_shared(program, &frame);
  for (size_t k = 0; k < asked.count && status == GD_OK; k++) {
    if (k > 0) gdi_workspace_direct(&own->workspaces, workspace, asked.directions + k * own->n, &frame);
    status = gdi_program_run_rest(program, &frame, asked.result + k * own->n);
  }
  gdi_workspaces_return(&own->workspaces, workspace);
  return gdi_nested_code(status);
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return answer(data, draw, (question){GRADIENT, 1, x, NULL, v});
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  return answer(data, draw, (question){FIXED_PROGRAMS + player, 1, x, NULL, v_i});
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  return answer(data, draw, (question){UTILITIES, 1, x, NULL, u});
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const size_t players = ((const graph_game *)data)->n_players;
  return answer(data, draw, (question){FIXED_PROGRAMS + players + player, 1, x, NULL, g});
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return answer(data, draw, (question){JVP, 1, x, u, Ju});
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  return answer(data, draw, (question){JVP, k, x, U, JU});
}

static size_t first_of_jacobian(const graph_game *own) { return FIXED_PROGRAMS + 2 * own->n_players; }

/* The columns of parameter k. */
static gd_status fill_columns(const graph_game *own, gdi_workspace *workspace, gdi_frame *frame, size_t k, double *J,
                              size_t ldj) {
  const gdi_program *program = own->programs + first_of_jacobian(own) + k;
  const size_t start = gdi_parameter_start(own->graph, k), size = gdi_parameter_at(own->graph, k)->size;
  gd_status status = gdi_program_run_shared(program, frame);
  for (size_t j = start; j < start + size && status == GD_OK; j++) {
    workspace->unit[j] = 1;
    gdi_workspace_direct(&own->workspaces, workspace, workspace->unit, frame);
    status = gdi_program_run_rest(program, frame, J + j * ldj);
    workspace->unit[j] = 0;
  }
  return status;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  graph_game *own = data;
  gdi_workspace *workspace;
  gd_status status = gdi_workspaces_take(&own->workspaces, draw, &workspace);
  if (status < 0) return gdi_nested_code(status);
  gdi_frame frame = gdi_workspace_frame(&own->workspaces, workspace, x, NULL);
  for (size_t k = 0; k < own->n_programs - first_of_jacobian(own) && status == GD_OK; k++)
    status = fill_columns(own, workspace, &frame, k, J, ldj);
  gdi_workspaces_return(&own->workspaces, workspace);
  return gdi_nested_code(status);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return answer(data, draw, (question){VJP, 1, x, w, Jtw});
}

/* The program gives v by parameter, then J'v likewise. */
static int gradient_vjp(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv) {
  graph_game *own = data;
  const gdi_program *program = own->programs + GRADIENT_VJP;
  const size_t half = program->outputs.count / 2;
  gdi_workspace *workspace;
  gd_status status = gdi_workspaces_take(&own->workspaces, draw, &workspace);
  if (status < 0) return gdi_nested_code(status);
  const gdi_frame frame = gdi_workspace_frame(&own->workspaces, workspace, x, NULL);
  status = gdi_program_run_shared(program, &frame);
  if (status == GD_OK) {
    gdi_program_copy(program, &frame, 0, half, v);
    gdi_program_copy(program, &frame, half, half, Jtv);
  }
  gdi_workspaces_return(&own->workspaces, workspace);
  return gdi_nested_code(status);
}

static void destroy(void *data) {
  graph_game *own = data;
  gd_graph *graph = own->graph;
  gdi_workspaces_close(&own->workspaces);
  for (size_t k = 0; own->programs && k < own->n_programs; k++) gdi_program_release(own->programs + k);
  gdi_release(&graph->env, own->programs);
  gdi_release(&graph->env, own);
  gd_graph_destroy(graph);
}

static const gd_game_ops graph_ops = {
    .struct_size = sizeof(gd_game_ops),
    .name = "graph",
    .destroy = destroy,
    .gradient = gradient,
    .player_gradient = player_gradient,
    .utilities = utilities,
    .utility_gradient = utility_gradient,
    .jvp = jvp,
    .vjp = vjp,
    .jvp_many = jvp_many,
    .jacobian = jacobian,
    .gradient_vjp = gradient_vjp,
};

/* ---- from utilities to programs ---- */

/* What is differentiated, by parameter. */
typedef struct fields {
  gdi_index *x, *direction, *v, *result;
  gdi_wanted *wanted;
} fields;

static gdi_index or_zero(gd_graph *graph, gdi_index derivative, gdi_index like) {
  const gdi_node node = *gdi_node_at(graph, like);
  return derivative || graph->status < 0 ? derivative : gdi_build_fill(graph, 0, node.rows, node.columns);
}

/* The program that gives derivatives [by parameter], of the player alone or of all. */
static gd_status compile(graph_game *own, fields *f, size_t program, gdi_index *derivatives, size_t player) {
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
  return gdi_program_compile(own->programs + program, graph, count, f->wanted);
}

static gd_status compile_utilities(graph_game *own, const gd_node *u) {
  gdi_wanted *wanted = gdi_allocate(&own->graph->env, own->n_players, sizeof *wanted);
  if (!wanted) return GD_ERR_MEMORY;
  for (size_t k = 0; k < own->n_players; k++) wanted[k] = (gdi_wanted){(gdi_index)u[k].index, k};
  const gd_status status = gdi_program_compile(own->programs + UTILITIES, own->graph, own->n_players, wanted);
  gdi_release(&own->graph->env, wanted);
  return status;
}

/* result[k] = the sum over parameters j of factor J_jk' w_j: the gradient of factor w'v, in which w is taken as given
 * or is v itself. */
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
  return gdi_reverse(graph, gdi_build_unary(graph, GDI_SCALE, factor, total), 0, count, f->x, f->result);
}

/* v, and the gradient of |v|^2 / 2, in which what v is made of is found again. */
static gd_status compile_both(graph_game *own, fields *f) {
  gd_graph *graph = own->graph;
  const size_t count = graph->parameters.count;
  GD_TRY(differentiate_inner(graph, f, f->v, 0.5));
  for (size_t k = 0; k < count; k++) {
    const gdi_index v = or_zero(graph, f->v[k], f->x[k]), pull = or_zero(graph, f->result[k], f->x[k]);
    if (!v || !pull) return gd_graph_status(graph);
    f->wanted[k] = (gdi_wanted){v, gdi_parameter_start(graph, k)};
    f->wanted[count + k] = (gdi_wanted){pull, gdi_parameter_start(graph, k)};
  }
  return gdi_program_compile(own->programs + GRADIENT_VJP, graph, 2 * count, f->wanted);
}

/* v by parameter, from the gradients of the owner's utility. */
static gd_status build_gradients(graph_game *own, fields *f, const gd_node *u) {
  gd_graph *graph = own->graph;
  const size_t count = graph->parameters.count;
  for (size_t player = 0; player < own->n_players; player++) {
    GD_TRY(gdi_reverse(graph, (gdi_index)u[player].index, 0, count, f->x, f->result));
    for (size_t k = 0; k < count; k++)
      if (gdi_parameter_at(graph, k)->player == player) f->v[k] = f->result[k];
    GD_TRY(compile(own, f, FIXED_PROGRAMS + player, f->result, player));
    GD_TRY(compile(own, f, FIXED_PROGRAMS + own->n_players + player, f->result, SIZE_MAX));
  }
  return GD_OK;
}

/* J u for directions in which one parameter moves, each in turn. */
static gd_status build_jacobian(graph_game *own, fields *f) {
  const size_t count = own->graph->parameters.count, first = first_of_jacobian(own);
  for (size_t k = 0; first + k < own->n_programs; k++) {
    GD_TRY(gdi_forward(own->graph, &(gdi_move){1, f->x + k, f->direction + k}, count, f->v, f->result));
    GD_TRY(compile(own, f, first + k, f->result, SIZE_MAX));
  }
  return GD_OK;
}

static gd_status build(graph_game *own, fields *f, const gd_node *u) {
  gd_graph *graph = own->graph;
  const size_t count = graph->parameters.count;
  for (size_t k = 0; k < count; k++) {
    f->x[k] = gdi_parameter_at(graph, k)->node;
    f->direction[k] = gdi_graph_direction(graph, k);
  }
  GD_TRY(compile_utilities(own, u));
  GD_TRY(build_gradients(own, f, u));
  GD_TRY(compile(own, f, GRADIENT, f->v, SIZE_MAX));
  GD_TRY(differentiate_inner(graph, f, f->direction, 1));
  GD_TRY(compile(own, f, VJP, f->result, SIZE_MAX));
  GD_TRY(compile_both(own, f));
  GD_TRY(gdi_forward(graph, &(gdi_move){count, f->x, f->direction}, count, f->v, f->result));
  GD_TRY(compile(own, f, JVP, f->result, SIZE_MAX));
  return build_jacobian(own, f);
}

static gd_status create_programs(graph_game *own, const gd_node *u) {
  const gdi_env *env = &own->graph->env;
  const size_t count = own->graph->parameters.count;
  gdi_index *indices = gdi_allocate(env, 4 * count, sizeof *indices);
  fields f = {indices, indices + count, indices + 2 * count, indices + 3 * count,
              gdi_allocate(env, 2 * count, sizeof(gdi_wanted))};
  own->n_programs = first_of_jacobian(own) + (own->n <= MOST_VARIABLES ? count : 0);
  own->programs = gdi_allocate(env, own->n_programs, sizeof *own->programs);
  gd_status status = indices && f.wanted && own->programs ? build(own, &f, u) : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_workspaces_open(&own->workspaces, own->graph, own->n_programs, own->programs);
  gdi_release(env, indices);
  gdi_release(env, f.wanted);
  return own->graph->status < 0 ? gd_graph_status(own->graph) : status;
}

/* ---- checks ---- */

static gd_status check_utilities(const gd_graph *graph, size_t n_players, const gd_node *u) {
  for (size_t k = 0; k < n_players; k++) {
    GDI_REQUIRE(u[k].graph == graph && u[k].index > 0 && u[k].index < graph->nodes.count,
                "utilities[%zu] is no node of this graph", k);
    GDI_REQUIRE(gd_node_rows(u[k]) == 1 && gd_node_columns(u[k]) == 1, "utilities[%zu] is %s, expected 1 by 1", k,
                gdi_node_describe(graph, (gdi_index)u[k].index).text);
    GDI_REQUIRE(gd_graph_size(graph, k) > 0, "player %zu has no parameter", k);
  }
  for (size_t k = 0; k < graph->parameters.count; k++)
    GDI_REQUIRE(gdi_parameter_at(graph, k)->player < n_players, "%s belongs to player %zu, expected one below %zu",
                gdi_node_describe(graph, gdi_parameter_at(graph, k)->node).text, gdi_parameter_at(graph, k)->player,
                n_players);
  return GD_OK;
}

/* A node as a multiple of another. */
static gdi_node multiple(const gd_graph *graph, gd_node u) {
  const gdi_node *node = gdi_node_at(graph, (gdi_index)u.index);
  return node->op == GDI_SCALE ? *node : (gdi_node){.a = (gdi_index)u.index, .p = 1};
}

static bool is_negative(const gd_graph *graph, gd_node one, gd_node other) {
  const gdi_node a = multiple(graph, one), b = multiple(graph, other);
  return a.a == b.a && a.p == -b.p;
}

static uint32_t traits_of(const gd_graph *graph, size_t n_players, const gd_node *u) {
  const bool zero_sum = n_players == 2 && is_negative(graph, u[0], u[1]);
  return GD_THREAD_SAFE | (graph->inputs.count ? GD_STOCHASTIC : 0) | (zero_sum ? GD_ZERO_SUM : 0);
}

static gd_status create_game(gd_game **game, graph_game *own, uint32_t traits, const char *name) {
  const gdi_env *env = &own->graph->env;
  size_t *sizes = gdi_allocate(env, own->n_players, sizeof *sizes);
  if (!sizes) {
    destroy(own);
    return GD_ERR_MEMORY;
  }
  for (size_t k = 0; k < own->n_players; k++) sizes[k] = gd_graph_size(own->graph, k);
  gd_graph *graph = gdi_graph_hold(own->graph); /* its environment is read until the end */
  gd_game_ops ops = graph_ops;
  if (name) ops.name = name;
  if (own->n > MOST_VARIABLES) ops.jacobian = NULL;
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = own,
                             .n_players = own->n_players,
                             .block_sizes = sizes,
                             .traits = traits,
                             .env = &graph->env.env};
  const gd_status status = gd_game_create(game, &spec); /* destroys `own` if it fails */
  gdi_release(&graph->env, sizes);
  gd_graph_destroy(graph);
  return status;
}

gd_status gd_game_from_graph(gd_game **game, gd_graph *graph, size_t n_players, const gd_node *utilities,
                             const char *name) {
  GDI_REQUIRE(game && graph && utilities, "%s is NULL", !game ? "game" : !graph ? "graph" : "utilities");
  GDI_REQUIRE(n_players > 0, "n_players is 0, expected 1 or more");
  GD_TRY(gd_graph_status(graph));
  GD_TRY(check_utilities(graph, n_players, utilities));
  const uint32_t traits = traits_of(graph, n_players, utilities);
  graph_game *own = gdi_allocate(&graph->env, 1, sizeof *own);
  if (!own) return GD_ERR_MEMORY;
  *own = (graph_game){.graph = gdi_graph_hold(graph), .n_players = n_players, .n = gd_graph_size(graph, SIZE_MAX)};
  const gd_status status = create_programs(own, utilities);
  if (status < 0) {
    destroy(own);
    return status;
  }
  return create_game(game, own, traits, name);
}
