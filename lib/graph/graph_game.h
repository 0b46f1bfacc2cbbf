/* SPDX-License-Identifier: BSD-3-Clause */
/* The game of a graph: shared by its callbacks (game.c) and its programs (game_programs.c).
 *
 * Its programs are made when they are first asked for.  Derivatives for them are nodes of the game's own copy of the
 * graph; the copy's lock guards them while other threads run programs that are made already. */
#ifndef GDI_GRAPH_GRAPH_GAME_H
#define GDI_GRAPH_GRAPH_GAME_H

#include "graph/workspace.h"

/* The programs of a game; player gradients and utility gradients come after these, one of each for each player, then
 * those of J, one for each group of parameters. */
enum { GDI_GRADIENT, GDI_UTILITIES, GDI_JVP, GDI_VJP, GDI_GRADIENT_VJP, GDI_FIXED_PROGRAMS };
enum {
  GDI_MOST_VARIABLES = 4096, /* beyond that nobody asks for J as a matrix */
  GDI_MOST_GROUPS = 32       /* more would save little work for a column, and take more memory */
};

/* Products J u and J'w have workspaces of their own, which hold what was computed at a point. */
enum { GDI_FOR_OTHERS, GDI_FOR_JVP, GDI_FOR_VJP, GDI_WORKSPACES };

typedef struct gdi_graph_program {
  atomic_bool is_made;
  gdi_program program;
} gdi_graph_program;

typedef struct gdi_graph_game {
  gd_graph *graph;              /* the game's copy */
  size_t n_players, n;          /* n: variables */
  gdi_index *u;                 /* [n_players], the utilities */
  gdi_index *x, *direction, *v; /* by parameter; v is 0 where it is zero */
  gdi_list domain, kinks;       /* checks of the utilities' domain; these, and that all of v exists */
  size_t n_programs;
  gdi_graph_program *programs; /* [n_programs] */
  gdi_workspaces workspaces[GDI_WORKSPACES];
} gdi_graph_game;

static inline size_t gdi_first_of_jacobian(const gdi_graph_game *own) {
  return GDI_FIXED_PROGRAMS + 2 * own->n_players;
}

/* Parameters first, first + 1, ..., `count` of them. */
typedef struct gdi_group {
  size_t first, count;
} gdi_group;

/* The parameters whose columns of J program `number` gives. */
static inline gdi_group gdi_group_of_program(const gdi_graph_game *own, size_t number) {
  const size_t k = number - gdi_first_of_jacobian(own), groups = own->n_programs - gdi_first_of_jacobian(own);
  const size_t all = own->graph->parameters.count, first = k * all / groups;
  return (gdi_group){first, (k + 1) * all / groups - first};
}

/* Differentiate the utilities u [n_players] of the game's graph, and make the program of v. */
gd_status gdi_graph_game_begin(gdi_graph_game *own, const gd_node *u);
void gdi_graph_game_end(gdi_graph_game *own);

/* The program of that number; it is made if need be. */
gd_status gdi_graph_game_program(gdi_graph_game *own, size_t number, const gdi_program **program);

/* The workspaces of a program. */
static inline gdi_workspaces *gdi_workspaces_for(gdi_graph_game *own, size_t number) {
  return own->workspaces + (number == GDI_JVP ? GDI_FOR_JVP : number == GDI_VJP ? GDI_FOR_VJP : GDI_FOR_OTHERS);
}

#endif
