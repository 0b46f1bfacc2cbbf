/* SPDX-License-Identifier: BSD-3-Clause */
/* The game of a graph: shared by its callbacks (game.c) and the compilation of its programs (game_programs.c). */
#ifndef GDI_GRAPH_GRAPH_GAME_H
#define GDI_GRAPH_GRAPH_GAME_H

#include "graph/workspace.h"

/* The programs of a game; player gradients and utility gradients come after these, one of each for each player, then
 * those of J, one for each parameter. */
enum { GDI_GRADIENT, GDI_UTILITIES, GDI_JVP, GDI_VJP, GDI_GRADIENT_VJP, GDI_FIXED_PROGRAMS };
enum { GDI_MOST_VARIABLES = 4096 /* beyond that nobody asks for J as a matrix */ };

typedef struct gdi_graph_game {
  gd_graph *graph;
  size_t n_players, n; /* n: variables */
  size_t n_programs;
  gdi_program *programs;
  gdi_workspaces workspaces;
} gdi_graph_game;

static inline size_t gdi_first_of_jacobian(const gdi_graph_game *own) {
  return GDI_FIXED_PROGRAMS + 2 * own->n_players;
}

/* Differentiate the utilities u [n_players] and compile all programs. */
gd_status gdi_graph_game_compile(gdi_graph_game *own, const gd_node *u);

#endif
