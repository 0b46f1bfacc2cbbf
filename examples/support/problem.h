/* SPDX-License-Identifier: BSD-3-Clause */
/* The game a program is about, from the files or the seed on its command line, with the point it is looked at
 * and the one its runs start from. */
#ifndef SUPPORT_PROBLEM_H
#define SUPPORT_PROBLEM_H

#include <gamedyn/game.h>

#include "support/options.h"
#include "support/point.h"

typedef struct game_problem {
  gd_game *game;
  size_t n;            /* variables */
  double *equilibrium; /* [n]; with --at any point */
  point_origin point;  /* where that comes from */
  double *start;       /* [n] */
  double radius;       /* |start - equilibrium| */
  double work;         /* multiplications and additions of a gradient, about */
  char words[160];     /* what the game is and where it comes from */
  void *object;        /* the shared object that has the game's functions, or NULL */
} game_problem;

/* min over theta, max over omega of theta' C omega + theta' A theta / 2 - omega' B omega / 2, from
 * --matrix, --matrix-a and --matrix-b (a file left out is a zero matrix).  Without files: C uniform
 * on [0, 1), square, and A = B = 0, the game of the paper's Figure 1. */
game_problem problem_bilinear(const common_options *common);

/* The same from files; without files also A = I + G G'/p and B alike, G standard normal, so that
 * the game is strongly convex-concave. */
game_problem problem_quadratic(const common_options *common);

/* The same with A = B = I, as Corollary 1 asks; C as in problem_bilinear. */
game_problem problem_unit_curvature(const common_options *common);

/* The same from files, with a times the identity added to A and B; without files C is square and standard normal. */
game_problem problem_curved(const common_options *common, double a);

/* Is one of --matrix, --matrix-a and --matrix-b given? */
bool problem_has_files(const common_options *common);

/* v = J x, the game near an equilibrium of any game; blocks lists the players' sizes, such as "2,3", and NULL
 * is a mistake that is explained. */
game_problem problem_of_jacobian(const common_options *common, const char *path, const char *blocks);

/* Of the players' sizes in such a list, which must add up to n; free it. */
size_t *problem_blocks(const char *blocks, size_t n, size_t *players);

/* The same from coordinate files, kept sparse; and are the files coordinate files with more than common->dense_limit
 * variables, so that they should be? */
bool problem_is_sparse(const common_options *common);
bool problem_is_sparse_jacobian(const common_options *common, const char *path);
game_problem problem_sparse(const common_options *common);
game_problem problem_sparse_jacobian(const common_options *common, const char *path, const char *blocks);

/* A random game of the registry, from --size and --seed. */
game_problem problem_of_model(const common_options *common, const char *name);

/* The game that the function `gd_status create(gd_game **game)` of a shared object makes.  A name without a slash is a
 * file of the working folder. */
game_problem problem_of_own_game(const common_options *common, const char *name);

/* Any game, at the point that point_choose() finds; owns the game from now on. */
game_problem problem_of_game(const common_options *common, gd_game *game, const char *words);

void problem_destroy(game_problem *problem);

#endif
