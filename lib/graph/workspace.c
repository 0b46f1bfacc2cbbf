/* SPDX-License-Identifier: BSD-3-Clause */
/* workspace.c -- a pool of workspaces, and the inputs of a draw in them. */
#include "graph/workspace.h"

#include "base/error.h"
#include "data/sampler.h"

#include <string.h>

static void release(const gdi_env *env, gdi_workspace *workspace) {
  void *parts[] = {workspace->arena, workspace->scratch, workspace->point,         workspace->direction,
                   workspace->drawn, workspace->unit,    workspace->team.stations, workspace->held_at};
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) gdi_release(env, parts[k]);
  gdi_release(env, workspace);
}

static size_t largest_input(const gd_graph *graph) {
  size_t most = 0;
  for (size_t k = 0; k < graph->inputs.count; k++) {
    const gdi_input *input = gdi_input_at(graph, k);
    if (input->rows * input->columns > most) most = input->rows * input->columns;
  }
  return most;
}

/* Memory for directions, and for copies of inputs in the engine's precision. */
static bool make_copies(const gdi_workspaces *own, gdi_workspace *made) {
  const gdi_env *env = &own->graph->env;
  made->unit = gdi_allocate(env, own->variables, sizeof *made->unit);
  made->held_at = gdi_allocate(env, own->variables, sizeof *made->held_at);
  if (!made->unit || !made->held_at || own->engine == &gdi_graph_engine) return made->unit && made->held_at;
  made->point = gdi_allocate(env, own->variables, own->engine->number);
  made->direction = gdi_allocate(env, own->variables, own->engine->number);
  made->drawn = gdi_allocate(env, largest_input(own->graph), sizeof *made->drawn);
  return made->point && made->direction && made->drawn;
}

static void destroy(void *context, gdi_pooled *workspace) {
  const gdi_workspaces *own = context;
  release(&own->graph->env, (gdi_workspace *)workspace);
}

static gd_status create(void *context, gdi_pooled **created) {
  const gdi_workspaces *own = context;
  const gdi_env *env = &own->graph->env;
  gdi_workspace *made = gdi_allocate(env, 1, sizeof *made);
  if (!made) return GD_ERR_MEMORY;
  made->team.members = gdi_team_size(env);
  if (make_copies(own, made)) {
    *created = &made->pooled;
    return GD_OK;
  }
  release(env, made);
  return GD_ERR_MEMORY;
}

/* Replace `items` by more of them, whose contents are zero, unless there are enough. */
static bool enlarge(const gdi_env *env, void **items, size_t *room, size_t count, size_t size) {
  if (*items && count <= *room) return true;
  void *more = gdi_allocate(env, count, size);
  if (!more) return false;
  gdi_release(env, *items);
  *items = more, *room = count;
  return true;
}

static gd_status fit(const gdi_workspaces *own, gdi_workspace *workspace, const gdi_program *program) {
  const gdi_env *env = &own->graph->env;
  const size_t number = own->engine->number, members = workspace->team.members;
  gdi_extent *room = &workspace->room;
  if (program->arena > room->arena || !workspace->arena) workspace->filled = false, workspace->held = NULL;
  void *stations = workspace->team.stations;
  const bool fits =
      enlarge(env, &workspace->arena, &room->arena, program->arena, number) &&
      enlarge(env, &workspace->scratch, &room->scratch, program->scratch, members * number) &&
      (members == 1 || enlarge(env, &stations, &room->instructions, program->instructions.count, sizeof(gdi_barrier)));
  workspace->team.stations = stations;
  return fits ? GD_OK : GD_ERR_MEMORY;
}

void gdi_workspaces_open(gdi_workspaces *own, const gd_graph *graph) {
  *own = (gdi_workspaces){.graph = graph,
                          .engine = gdi_engine_of(graph),
                          .variables = gd_graph_size(graph, SIZE_MAX),
                          .inputs = graph->inputs.count};
  gdi_pool_open(&own->pool, create, destroy, own);
}

void gdi_workspaces_close(gdi_workspaces *own) {
  if (own->graph) gdi_pool_close(&own->pool);
}

gd_status gdi_workspaces_prepare(gdi_workspaces *own, const gdi_program *program) {
  gdi_pooled *pooled;
  GD_TRY(gdi_pool_take(&own->pool, &pooled));
  const gd_status status = fit(own, (gdi_workspace *)pooled, program);
  gdi_pool_return(&own->pool, pooled);
  return status;
}

static bool is_same(const gd_draw *one, const gd_draw *other) {
  return one->seed == other->seed && one->stream == other->stream && one->index == other->index;
}

static gd_status fill(const gdi_workspaces *own, const gd_draw *draw, gdi_workspace *workspace) {
  if (workspace->filled && is_same(draw, &workspace->draw)) return GD_OK;
  workspace->filled = false, workspace->held = NULL;
  for (size_t k = 0; k < own->inputs; k++) {
    const gdi_input *input = gdi_input_at(own->graph, k);
    void *place = gdi_number_at(own->engine, workspace->arena, input->first);
    double *drawn = workspace->drawn ? workspace->drawn : place;
    const uint64_t before = gdi_failures();
    const int code = input->sampler.fill(input->sampler.context, draw, input->rows, input->columns, drawn);
    if (code != 0) return gdi_sampler_failed(before, code);
    if (workspace->drawn) own->engine->from_doubles(input->rows * input->columns, drawn, place);
  }
  workspace->draw = *draw;
  workspace->filled = true;
  return GD_OK;
}

gd_status gdi_workspaces_take(gdi_workspaces *own, const gdi_program *program, const gd_draw *draw,
                              gdi_workspace **taken) {
  static const gd_draw zeros = {0};
  gdi_pooled *pooled;
  GD_TRY(gdi_pool_take(&own->pool, &pooled));
  *taken = (gdi_workspace *)pooled;
  gd_status status = fit(own, *taken, program);
  if (status == GD_OK) status = fill(own, draw ? draw : &zeros, *taken);
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

static bool is_held(const gdi_workspaces *own, const gdi_workspace *workspace, const gdi_program *program,
                    const double *x) {
  return workspace->held == program && memcmp(workspace->held_at, x, own->variables * sizeof *x) == 0;
}

gd_status gdi_workspace_run_shared(const gdi_workspaces *own, gdi_workspace *workspace, const gdi_program *program,
                                   const gdi_frame *frame, const double *x) {
  const bool has_rest = program->shared < program->instructions.count; /* else it is what was asked for */
  if (has_rest && is_held(own, workspace, program, x)) return GD_OK;
  workspace->held = NULL;
  GD_TRY(gdi_program_run_shared(program, frame));
  if (!has_rest || program->shared == 0) return GD_OK;
  memcpy(workspace->held_at, x, own->variables * sizeof *x);
  workspace->held = program;
  return GD_OK;
}
