/* SPDX-License-Identifier: BSD-3-Clause */
/* Workspaces: memory in which programs run, with the inputs of one draw, one for each evaluation at a
 * time. */
#ifndef GDI_GRAPH_WORKSPACE_H
#define GDI_GRAPH_WORKSPACE_H

#include "graph/program.h"
#include "graph/team.h"
#include "threads/pool.h"

typedef struct gdi_workspace {
  gdi_pooled pooled;
  void *arena, *scratch;   /* the latter for each of the team */
  void *point, *direction; /* copies in the engine's precision; NULL if that is the caller's */
  double *drawn;           /* the output of a sampler, likewise */
  double *unit;            /* zeros, for directions to be made of */
  gdi_team team;           /* without stations: nobody helps */
  bool filled;             /* with the inputs of */
  gd_draw draw;            /* this draw */
} gdi_workspace;

typedef struct gdi_workspaces {
  const gd_graph *graph; /* its samplers and the number of its inputs, which must not change */
  const gdi_engine *engine;
  size_t variables;                            /* of the graph */
  size_t inputs, arena, scratch, instructions; /* the greatest of any program's */
  gdi_pool pool;
} gdi_workspaces;

/* Create workspaces for all given programs.  Call gdi_workspaces_close() also after a failure. */
gd_status gdi_workspaces_open(gdi_workspaces *own, const gd_graph *graph, size_t count, const gdi_program *programs);
void gdi_workspaces_close(gdi_workspaces *own);

/* Take a workspace and fill its inputs for the draw (NULL: the draw of zeros).  On failure (of a sampler, or
 * GD_ERR_MEMORY) none is taken. */
gd_status gdi_workspaces_take(gdi_workspaces *own, const gd_draw *draw, gdi_workspace **taken);
void gdi_workspaces_return(gdi_workspaces *own, gdi_workspace *workspace);

/* The frame of a point and a direction (or NULL) in a workspace.  And: replace the direction by another one. */
gdi_frame gdi_workspace_frame(const gdi_workspaces *own, gdi_workspace *workspace, const double *x,
                              const double *direction);
void gdi_workspace_direct(const gdi_workspaces *own, gdi_workspace *workspace, const double *direction,
                          gdi_frame *frame);

#endif
