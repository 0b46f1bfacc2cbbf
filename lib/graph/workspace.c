/* SPDX-License-Identifier: BSD-3-Clause */
/* workspace.c -- a pool of workspaces, and the inputs of a draw in them. */
#include "graph/workspace.h"

#include "base/error.h"
#include "data/sampler.h"

static void release(const gdi_env *env, gdi_workspace *workspace) {
  void *parts[] = {workspace->arena, workspace->scratch, workspace->point,        workspace->direction,
                   workspace->drawn, workspace->unit,    workspace->team.stations};
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) gdi_release(env, parts[k]);
  gdi_release(env, workspace);
}

static size_t largest_input(const gd_graph *graph) {
  size_t most = 0;
  for (size_t k = 0; k < graph->inputs.count; k++) {
    const gdi_node *node = gdi_node_at(graph, gdi_input_at(graph, k)->node);
    if (node->rows * node->columns > most) most = node->rows * node->columns;
  }
  return most;
}

/* Memory for directions, and for copies of inputs in the engine's precision. */
static bool make_copies(const gdi_workspaces *own, gdi_workspace *made) {
  const gdi_env *env = &own->graph->env;
  made->unit = gdi_allocate(env, own->variables, sizeof *made->unit);
  if (own->engine == &gdi_graph_engine) return made->unit;
  made->point = gdi_allocate(env, own->variables, own->engine->number);
  made->direction = gdi_allocate(env, own->variables, own->engine->number);
  made->drawn = gdi_allocate(env, largest_input(own->graph), sizeof *made->drawn);
  return made->unit && made->point && made->direction && made->drawn;
}

static void destroy(void *context, gdi_pooled *workspace) {
  const gdi_workspaces *own = context;
  release(&own->graph->env, (gdi_workspace *)workspace);
}

static gd_status create(void *context, gdi_pooled **created) {
  const gdi_workspaces *own = context;
  const gdi_env *env = &own->graph->env;
  const size_t members = gdi_team_size(env);
  gdi_workspace *made = gdi_allocate(env, 1, sizeof *made);
  if (!made) return GD_ERR_MEMORY;
  made->arena = gdi_allocate(env, own->arena, own->engine->number);
  made->scratch = gdi_allocate(env, own->scratch, members * own->engine->number);
  made->team.members = members;
  if (members > 1) made->team.stations = gdi_allocate(env, own->instructions, sizeof *made->team.stations);
  if (make_copies(own, made) && made->arena && made->scratch && (members == 1 || made->team.stations)) {
    *created = &made->pooled;
    return GD_OK;
  }
  release(env, made);
  return GD_ERR_MEMORY;
}

static void raise(size_t *most, size_t value) {
  if (value > *most) *most = value;
}

gd_status gdi_workspaces_open(gdi_workspaces *own, const gd_graph *graph, size_t count, const gdi_program *programs) {
  *own = (gdi_workspaces){.graph = graph,
                          .engine = programs->engine,
                          .variables = gd_graph_size(graph, SIZE_MAX),
                          .inputs = graph->inputs.count};
  gdi_pool_open(&own->pool, create, destroy, own);
  for (size_t k = 0; k < count; k++) {
    raise(&own->arena, programs[k].arena);
    raise(&own->scratch, programs[k].scratch);
    raise(&own->instructions, programs[k].instructions.count);
  }
  return gdi_pool_fill(&own->pool);
}

void gdi_workspaces_close(gdi_workspaces *own) {
  if (own->graph) gdi_pool_close(&own->pool);
}

static bool is_same(const gd_draw *one, const gd_draw *other) {
  return one->seed == other->seed && one->stream == other->stream && one->index == other->index;
}

static gd_status fill(const gdi_workspaces *own, const gd_draw *draw, gdi_workspace *workspace) {
  if (workspace->filled && is_same(draw, &workspace->draw)) return GD_OK;
  workspace->filled = false;
  for (size_t k = 0; k < own->inputs; k++) {
    const gdi_input *input = gdi_input_at(own->graph, k);
    const gdi_node *node = gdi_node_at(own->graph, input->node);
    void *place = gdi_number_at(own->engine, workspace->arena, gdi_input_start(own->graph, k));
    double *drawn = workspace->drawn ? workspace->drawn : place;
    const uint64_t before = gdi_failures();
    const int code = input->sampler.fill(input->sampler.context, draw, node->rows, node->columns, drawn);
    if (code != 0) return gdi_sampler_failed(before, code);
    if (workspace->drawn) own->engine->from_doubles(node->rows * node->columns, drawn, place);
  }
  workspace->draw = *draw;
  workspace->filled = true;
  return GD_OK;
}

gd_status gdi_workspaces_take(gdi_workspaces *own, const gd_draw *draw, gdi_workspace **taken) {
  static const gd_draw zeros = {0};
  gdi_pooled *pooled;
  GD_TRY(gdi_pool_take(&own->pool, &pooled));
  *taken = (gdi_workspace *)pooled;
  const gd_status status = fill(own, draw ? draw : &zeros, *taken);
  if (status < 0) gdi_workspaces_return(own, *taken);
  return status;
}

void gdi_workspaces_return(gdi_workspaces *own, gdi_workspace *workspace) {
  gdi_pool_return(&own->pool, &workspace->pooled);
}

static const void *converted(const gdi_workspaces *own, const double *numbers, void *copy) {
  if (!copy || !numbers) return numbers;
  own->engine->from_doubles(own->variables, numbers, copy);
  return copy;
}

void gdi_workspace_direct(const gdi_workspaces *own, gdi_workspace *workspace, const double *direction,
                          gdi_frame *frame) {
  frame->base[GDI_IN_DIRECTION] = converted(own, direction, workspace->direction);
}

gdi_frame gdi_workspace_frame(const gdi_workspaces *own, gdi_workspace *workspace, const double *x,
                              const double *direction) {
  gdi_frame frame = {.base = {[GDI_IN_POINT] = converted(own, x, workspace->point), [GDI_IN_ARENA] = workspace->arena},
                     .arena = workspace->arena,
                     .scratch = workspace->scratch,
                     .team = workspace->team.stations ? &workspace->team : NULL};
  gdi_workspace_direct(own, workspace, direction, &frame);
  return frame;
}
