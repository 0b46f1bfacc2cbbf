/* SPDX-License-Identifier: BSD-3-Clause */
/* game.c -- a game whose utilities are nodes: v_i = du_i/dx_i by reverse differentiation, J u by forward
 * differentiation of v, J'w as the gradient of w'v, J'v as that of |v|^2 / 2, each compiled into a program.
 *
 * For J as a matrix there is one more program for each group of parameters: J u where only these move.  Nodes that do not
 * depend on them, most of a deep network, are not differentiated. */
#include "base/error.h"
#include "game/forward_status.h"
#include "graph/graph_game.h"

#include <string.h>

/* ---- callbacks ---- */

/* A program at work: its workspace, and the frame of a point. */
typedef struct evaluation {
  gdi_workspaces *workspaces;
  gdi_workspace *workspace;
  const gdi_program *program;
  gdi_frame frame;
} evaluation;

/* Compute what does not depend on directions.  The first direction may be NULL. */
static gd_status begin(gdi_graph_game *own, size_t number, const gd_draw *draw, const double *x,
                       const double *direction, evaluation *at) {
  at->workspaces = gdi_workspaces_for(own, number);
  GD_TRY(gdi_graph_game_program(own, number, &at->program));
  GD_TRY(gdi_workspaces_take(at->workspaces, at->program, draw, &at->workspace));
  at->frame = gdi_workspace_frame(at->workspaces, at->workspace, x, direction);
  const gd_status status = gdi_workspace_run_shared(at->workspaces, at->workspace, at->program, &at->frame, x);
  if (status < 0) gdi_workspaces_return(at->workspaces, at->workspace);
  return status;
}

static void end(evaluation *at) { gdi_workspaces_return(at->workspaces, at->workspace); }

static void direct(evaluation *at, const double *direction) {
  gdi_workspace_direct(at->workspaces, at->workspace, direction, &at->frame);
}

/* The arguments of a callback for a program. */
typedef struct question {
  size_t program, count; /* number of directions; directions and results are n apart */
  const double *x, *directions;
  double *result;
} question;

static int answer(void *data, const gd_draw *draw, question asked) {
  gdi_graph_game *own = data;
  evaluation at;
  gd_status status = begin(own, asked.program, draw, asked.x, asked.directions, &at);
  if (status < 0) return gdi_forward_status(status);
  for (size_t k = 0; k < asked.count && status == GD_OK; k++) {
    if (k > 0) direct(&at, asked.directions + k * own->n);
    status = gdi_program_run_rest(at.program, &at.frame, asked.result + k * own->n);
  }
  end(&at);
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

/* The columns of one parameter. */
static gd_status fill_columns(evaluation *at, size_t first, size_t count, double *J, size_t ldj) {
  double *unit = at->workspace->unit;
  gd_status status = GD_OK;
  for (size_t j = first; j < first + count && status == GD_OK; j++) {
    unit[j] = 1;
    direct(at, unit);
    status = gdi_program_run_rest(at->program, &at->frame, J + j * ldj);
    unit[j] = 0;
  }
  return status;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  gdi_graph_game *own = data;
  for (size_t number = gdi_first_of_jacobian(own); number < own->n_programs; number++) {
    const gdi_group moving = gdi_group_of_program(own, number);
    evaluation at;
    gd_status status = begin(own, number, draw, x, NULL, &at);
    if (status < 0) return gdi_forward_status(status);
    for (size_t k = moving.first; k < moving.first + moving.count && status == GD_OK; k++)
      status = fill_columns(&at, gdi_parameter_start(own->graph, k), gdi_parameter_at(own->graph, k)->size, J, ldj);
    end(&at);
    if (status < 0) return gdi_forward_status(status);
  }
  return 0;
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return answer(data, draw, (question){GDI_VJP, 1, x, w, Jtw});
}

/* The program gives v by parameter, then J'v likewise. */
static int gradient_vjp(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv) {
  evaluation at;
  gd_status status = begin(data, GDI_GRADIENT_VJP, draw, x, NULL, &at);
  if (status < 0) return gdi_forward_status(status);
  const size_t half = at.program->outputs.count / 2;
  status = gdi_program_verdict(at.program, &at.frame);
  if (status == GD_OK) {
    gdi_program_copy(at.program, &at.frame, 0, half, v);
    gdi_program_copy(at.program, &at.frame, half, half, Jtv);
  }
  end(&at);
  return gdi_forward_status(status);
}

static gd_status prepare_program(gdi_graph_game *own, size_t number) {
  const gdi_program *program;
  GD_TRY(gdi_graph_game_program(own, number, &program));
  return gdi_workspaces_prepare(gdi_workspaces_for(own, number), program);
}

static gd_status prepare_programs(gdi_graph_game *own, size_t first, size_t count) {
  for (size_t k = 0; k < count; k++) GD_TRY(prepare_program(own, first + k));
  return GD_OK;
}

/* The programs for each quantity.  Methods that need J'w often ask for v and J'v together. */
static int prepare(void *data, uint32_t needs) {
  gdi_graph_game *own = data;
  const size_t players = own->n_players, of_players = GDI_FIXED_PROGRAMS, columns = gdi_first_of_jacobian(own);
  const struct {
    size_t first, count;
  } programs[] = {
      [GD_GRADIENT] = {GDI_GRADIENT, 1},
      [GD_PLAYER_GRADIENT] = {of_players, players},
      [GD_UTILITIES] = {GDI_UTILITIES, 1},
      [GD_UTILITY_GRADIENT] = {of_players + players, players},
      [GD_JVP] = {GDI_JVP, 1},
      [GD_VJP] = {GDI_VJP, 2},
      [GD_JACOBIAN] = {columns, own->n_programs - columns},
  };
  gd_status status = GD_OK;
  for (size_t k = 0; k < sizeof programs / sizeof *programs && status == GD_OK; k++)
    if (needs & 1u << k) status = prepare_programs(own, programs[k].first, programs[k].count);
  return gdi_forward_status(status);
}

static void destroy(void *data) {
  gdi_graph_game *own = data;
  gd_graph *graph = own->graph;
  gdi_graph_game_end(own);
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
    .prepare = prepare,
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
  *own = (gdi_graph_game){.n_players = n_players, .n = gd_graph_size(graph, SIZE_MAX)};
  gd_status status = gdi_graph_copy(&own->graph, graph);
  if (status < 0) {
    gdi_release(&graph->env, own);
    return status;
  }
  status = gdi_graph_game_begin(own, utilities);
  if (status < 0) {
    destroy(own);
    return status;
  }
  return create_game(game, own, traits, name);
}
