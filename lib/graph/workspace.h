/* SPDX-License-Identifier: BSD-3-Clause */
/* Workspaces: memory in which programs run, with the inputs of one draw, one for each evaluation at a
 * time. */
#ifndef GDI_GRAPH_WORKSPACE_H
#define GDI_GRAPH_WORKSPACE_H

#include "graph/program.h"
#include "graph/team.h"
#include "threads/pool.h"

/* Numbers, or stations of a team, that there is memory for; or that a program needs. */
typedef struct gdi_extent {
  size_t arena, scratch, instructions;
} gdi_extent;

typedef struct gdi_workspace {
  gdi_pooled pooled;
  gdi_extent room;
  void *arena, *scratch;   /* the latter for each of the team */
  void *point, *direction; /* copies in the engine's precision; NULL if that is the caller's */
  double *drawn;           /* the output of a sampler, likewise */
  double *unit;            /* zeros, for directions to be made of */
  gdi_team team;           /* without stations: nobody helps */
  bool filled;             /* with the inputs of */
  gd_draw draw;            /* this draw */
  /* The arena holds what this program (NULL: none) computes without a direction at this point, [variables]. */
  const gdi_program *held;
  double *held_at;
} gdi_workspace;

typedef struct gdi_workspaces {
  const gd_graph *graph; /* its samplers and the number of its inputs, which must not change */
  const gdi_engine *engine;
  size_t variables, inputs; /* of the graph */
  gdi_pool pool;
} gdi_workspaces;

void gdi_workspaces_open(gdi_workspaces *own, const gd_graph *graph);
void gdi_workspaces_close(gdi_workspaces *own);

/* Make memory for the program beforehand, so that a first evaluation on one thread allocates nothing. */
gd_status gdi_workspaces_prepare(gdi_workspaces *own, const gdi_program *program);

/* Take a workspace with memory for the program, and fill its inputs for the draw (NULL: the draw of zeros).  On
 * failure (of a sampler, or GD_ERR_MEMORY) none is taken. */
gd_status gdi_workspaces_take(gdi_workspaces *own, const gdi_program *program, const gd_draw *draw,
                              gdi_workspace **taken);
void gdi_workspaces_return(gdi_workspaces *own, gdi_workspace *workspace);

/* The frame of a point and a direction (or NULL) in a workspace.  And: replace the direction by another one. */
gdi_frame gdi_workspace_frame(const gdi_workspaces *own, gdi_workspace *workspace, const double *x,
                              const double *direction);
void gdi_workspace_direct(const gdi_workspaces *own, gdi_workspace *workspace, const double *direction,
                          gdi_frame *frame);

/* Run the part of the program that does not depend on the direction, unless the workspace holds it: products at one
 * point, in call after call, compute it once. */
gd_status gdi_workspace_run_shared(const gdi_workspaces *own, gdi_workspace *workspace, const gdi_program *program,
                                   const gdi_frame *frame, const double *x);

#endif
