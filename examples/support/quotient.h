/* SPDX-License-Identifier: BSD-3-Clause */
/* Quotient: a game modulo its idle directions.
 *
 * A direction of a player is idle when it neither moves any gradient nor is moved: the null space of
 * [J(:,i); J(i,:)'].  Bilinear games with p != q or a C short of full rank have them, and their
 * equilibria then form a subspace.  No method moves along idle directions, so a run tends to the
 * projection of its start, and the rates are those of the game on the orthogonal complement.
 *
 * A null direction of J that players share cannot be taken out of a game.  The library leaves it out of rates, and
 * distances leave it out here. */
#ifndef SUPPORT_QUOTIENT_H
#define SUPPORT_QUOTIENT_H

#include <gamedyn/game.h>

typedef struct quotient {
  gd_game *game;       /* on the complement: the game itself if nothing is idle, else affine and owned */
  double *equilibrium; /* its equilibrium, owned */
  size_t n, m;         /* variables of the whole game; of the quotient */
  double *basis;       /* Q [n by m], orthonormal columns, player by player; NULL: nothing is idle */
  size_t n_still;      /* null directions of J, across players */
  double *still;       /* [n by n_still], orthonormal; NULL: there are none */
} quotient;

/* Dies if every direction is idle: J is zero then. */
quotient quotient_create(gd_game *game, const double *equilibrium);

/* The game itself, whatever may be idle: for games too large for matrices. */
quotient quotient_whole(gd_game *game, const double *equilibrium);

/* The equilibrium a run from `start` tends to: start - Q Q' (start - equilibrium); all [n]. */
void quotient_limit(const quotient *it, const double *equilibrium, const double *start, double *limit);

void quotient_destroy(quotient *it);

#endif
