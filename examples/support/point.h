/* SPDX-License-Identifier: BSD-3-Clause */
/* Point: where a game is looked at -- at its known solution, at a point from a file, or where Newton's method ends. */
#ifndef SUPPORT_POINT_H
#define SUPPORT_POINT_H

#include <gamedyn/game.h>
#include <gamedyn/solve.h>

#include "support/options.h"

typedef struct point_origin {
  const char *name;        /* "solution", "given" or "found" */
  gd_newton_result newton; /* if found */
} point_origin;

/* x [n] becomes the point: that of --at, or with --find the stationary point that Newton's method reaches from --at,
 * else from --start, else from around the known solution or 0; without either the known solution.  Dies, saying why,
 * if Newton's method reaches none. */
point_origin point_choose(const common_options *common, gd_game *game, double *x);

/* A vector of n numbers from a Matrix Market file. */
void point_read(const char *option, const char *path, size_t n, double *x);

/* In a random direction, of stream 1 of the seed, at --radius from the centre. */
void point_around(const common_options *common, size_t n, const double *centre, double *x);

#endif
