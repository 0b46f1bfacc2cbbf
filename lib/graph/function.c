/* SPDX-License-Identifier: BSD-3-Clause */
/* function.c -- nodes of a graph as a function: one program, one workspace. */
#include "base/error.h"
#include "graph/checks.h"
#include "graph/workspace.h"
#include "kernels/vector.h"

#include <string.h>

struct gd_function {
  gd_graph *graph;
  gdi_program program;
  gdi_workspaces workspaces;
  double *result; /* all outputs */
  size_t count;
};

static gd_status check_nodes(const gd_graph *graph, size_t count, const gd_node *nodes) {
  for (size_t k = 0; k < count; k++) {
    GDI_REQUIRE(nodes[k].graph == graph, "nodes[%zu] belongs to another graph or to none", k);
    GDI_REQUIRE(nodes[k].index > 0 && nodes[k].index < graph->nodes.count, "nodes[%zu] is no node", k);
  }
  return GD_OK;
}

static gd_status compile_program(gd_function *own, size_t count, const gdi_wanted *wanted) {
  const gdi_env *env = &own->graph->env;
  gdi_index *y = gdi_allocate(env, count, sizeof *y);
  gdi_list checks = {0};
  for (size_t k = 0; y && k < count; k++) y[k] = wanted[k].node;
  gd_status status = y ? gdi_checks_of_domain(own->graph, count, y, &checks) : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_program_compile(&own->program, own->graph, count, wanted, &checks);
  gdi_release(env, checks.items);
  gdi_release(env, y);
  return own->graph->status < 0 ? gd_graph_status(own->graph) : status;
}

static gd_status compile(gd_function *own, size_t count, const gd_node *nodes) {
  const gdi_env *env = &own->graph->env;
  gdi_wanted *wanted = gdi_allocate(env, count, sizeof *wanted);
  if (!wanted) return GD_ERR_MEMORY;
  size_t length = 0;
  for (size_t k = 0; k < count; k++) {
    wanted[k] = (gdi_wanted){(gdi_index)nodes[k].index, length};
    length += gd_node_rows(nodes[k]) * gd_node_columns(nodes[k]);
  }
  gd_status status = compile_program(own, count, wanted);
  gdi_release(env, wanted);
  gdi_workspaces_open(&own->workspaces, own->graph);
  if (status == GD_OK) status = gdi_workspaces_prepare(&own->workspaces, &own->program);
  own->count = count;
  own->result = gdi_allocate(env, length, sizeof *own->result);
  return status == GD_OK && !own->result ? GD_ERR_MEMORY : status;
}

gd_status gd_function_create(gd_function **function, gd_graph *graph, size_t count, const gd_node *nodes) {
  GDI_REQUIRE(function && graph && nodes, "%s is NULL", !function ? "function" : !graph ? "graph" : "nodes");
  GDI_REQUIRE(count > 0, "count is 0, expected 1 or more");
  GD_TRY(gd_graph_status(graph));
  GD_TRY(check_nodes(graph, count, nodes));
  gd_function *own = gdi_allocate(&graph->env, 1, sizeof *own);
  if (!own) return GD_ERR_MEMORY;
  own->graph = gdi_graph_hold(graph);
  const gd_status status = compile(own, count, nodes);
  if (status == GD_OK)
    *function = own;
  else
    gd_function_destroy(own);
  return status;
}

void gd_function_destroy(gd_function *function) {
  if (!function) return;
  gd_graph *graph = function->graph;
  gdi_workspaces_close(&function->workspaces);
  gdi_program_release(&function->program);
  gdi_release(&graph->env, function->result);
  gdi_release(&graph->env, function);
  gd_graph_destroy(graph);
}

static gd_status require_finite(const gd_function *own) {
  const gdi_output *outputs = own->program.outputs.items;
  for (size_t k = 0; k < own->count; k++) {
    const double *values = own->result + outputs[k].to;
    if (gdi_vector_is_finite(outputs[k].count, values)) continue;
    const size_t at = gdi_vector_first_nonfinite(outputs[k].count, values);
    return gdi_fail(GD_ERR_NONFINITE, "outputs[%zu][%zu] is %g", k, at, values[at]);
  }
  return GD_OK;
}

gd_status gd_function_evaluate(gd_function *function, const gd_draw *draw, const double *x, double *const *outputs) {
  GDI_REQUIRE(function && outputs, "%s is NULL", function ? "outputs" : "function");
  GDI_REQUIRE(x || function->graph->parameters.count == 0, "x is NULL");
  gdi_workspace *workspace;
  GD_TRY(gdi_workspaces_take(&function->workspaces, &function->program, draw, &workspace));
  const gdi_frame frame = gdi_workspace_frame(&function->workspaces, workspace, x, NULL);
  gd_status status = gdi_program_run_shared(&function->program, &frame);
  if (status == GD_OK) status = gdi_program_run_rest(&function->program, &frame, function->result);
  gdi_workspaces_return(&function->workspaces, workspace);
  GD_TRY(status);
  GD_TRY(require_finite(function));
  const gdi_output *from = function->program.outputs.items;
  for (size_t k = 0; k < function->count; k++)
    if (outputs[k]) memcpy(outputs[k], function->result + from[k].to, from[k].count * sizeof(double));
  return GD_OK;
}
