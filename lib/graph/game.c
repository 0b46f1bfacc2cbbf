/* SPDX-License-Identifier: BSD-3-Clause */
/* game.c -- a game whose utilities are nodes: v_i = du_i/dx_i by reverse differentiation, J u by forward
 * differentiation of v, J'w as the gradient of w'v, J'v as that of |v|^2 / 2, each compiled into a program.
 *
 * For J as a matrix there is one more program for each parameter: J u where only that parameter moves.  Nodes that do
 * not depend on it, most of a deep network, are not differentiated. */
#include "base/error.h"
#include "game/forward_status.h"
#include "graph/graph_game.h"

#include <string.h>

/* ---- callbacks ---- */

/* The arguments of a callback for a program. */
typedef struct question {
  size_t program, count; /* number of directions; directions and results are n apart */
  const double *x, *directions;
  double *result;
} question;

static int answer(void *data, const gd_draw *draw, question asked) {
  gdi_graph_game *own = data;
  const gdi_program *program = own->programs + asked.program;
  gdi_workspace *workspace;
  gd_status status = gdi_workspaces_take(&own->workspaces, draw, &workspace);
  if (status < 0) return gdi_forward_status(status);
  gdi_frame frame = gdi_workspace_frame(&own->workspaces, workspace, asked.x, asked.directions);
  status = gdi_program_run_shared(program, &frame);
  for (size_t k = 0; k < asked.count && status == GD_OK; k++) {
    if (k > 0) gdi_workspace_direct(&own->workspaces, workspace, asked.directions + k * own->n, &frame);
    status = gdi_program_run_rest(program, &frame, asked.result + k * own->n);
  }
  gdi_workspaces_return(&own->workspaces, workspace);
  return gdi_forward_status(status);
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return answer(data, draw, (question){GDI_GRADIENT, 1, x, NULL, v});
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  return answer(data, draw, (question){GDI_FIXED_PROGRAMS + player, 1, x, NULL, v_i});
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  return answer(data, draw, (question){GDI_UTILITIES, 1, x, NULL, u});
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const size_t players = ((const gdi_graph_game *)data)->n_players;
  return answer(data, draw, (question){GDI_FIXED_PROGRAMS + players + player, 1, x, NULL, g});
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return answer(data, draw, (question){GDI_JVP, 1, x, u, Ju});
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  return answer(data, draw, (question){GDI_JVP, k, x, U, JU});
}

/* The columns of parameter k. */
static gd_status fill_columns(const gdi_graph_game *own, gdi_workspace *workspace, gdi_frame *frame, size_t k,
                              double *J, size_t ldj) {
  const gdi_program *program = own->programs + gdi_first_of_jacobian(own) + k;
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
  gdi_graph_game *own = data;
  gdi_workspace *workspace;
  gd_status status = gdi_workspaces_take(&own->workspaces, draw, &workspace);
  if (status < 0) return gdi_forward_status(status);
  gdi_frame frame = gdi_workspace_frame(&own->workspaces, workspace, x, NULL);
  for (size_t k = 0; k < own->n_programs - gdi_first_of_jacobian(own) && status == GD_OK; k++)
    status = fill_columns(own, workspace, &frame, k, J, ldj);
  gdi_workspaces_return(&own->workspaces, workspace);
  return gdi_forward_status(status);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return answer(data, draw, (question){GDI_VJP, 1, x, w, Jtw});
}

/* The program gives v by parameter, then J'v likewise. */
static int gradient_vjp(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv) {
  gdi_graph_game *own = data;
  const gdi_program *program = own->programs + GDI_GRADIENT_VJP;
  const size_t half = program->outputs.count / 2;
  gdi_workspace *workspace;
  gd_status status = gdi_workspaces_take(&own->workspaces, draw, &workspace);
  if (status < 0) return gdi_forward_status(status);
  const gdi_frame frame = gdi_workspace_frame(&own->workspaces, workspace, x, NULL);
  status = gdi_program_run_shared(program, &frame);
  if (status == GD_OK) status = gdi_program_verdict(program, &frame);
  if (status == GD_OK) {
    gdi_program_copy(program, &frame, 0, half, v);
    gdi_program_copy(program, &frame, half, half, Jtv);
  }
  gdi_workspaces_return(&own->workspaces, workspace);
  return gdi_forward_status(status);
}

static void destroy(void *data) {
  gdi_graph_game *own = data;
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

static gd_status create_game(gd_game **game, gdi_graph_game *own, uint32_t traits, const char *name) {
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
  if (own->n > GDI_MOST_VARIABLES) ops.jacobian = NULL;
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
  gdi_graph_game *own = gdi_allocate(&graph->env, 1, sizeof *own);
  if (!own) return GD_ERR_MEMORY;
  *own = (gdi_graph_game){.graph = gdi_graph_hold(graph), .n_players = n_players, .n = gd_graph_size(graph, SIZE_MAX)};
  const gd_status status = gdi_graph_game_compile(own, utilities);
  if (status < 0) {
    destroy(own);
    return status;
  }
  return create_game(game, own, traits, name);
}
