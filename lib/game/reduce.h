/* SPDX-License-Identifier: BSD-3-Clause */
/* Reductions that a run needs beside gd_game_norm() and gd_game_dot(): everything it wants to know from all
 * ranks after a step, at once.  On one rank nothing is reduced. */
#ifndef GDI_GAME_REDUCE_H
#define GDI_GAME_REDUCE_H

#include <gamedyn/game.h>

/* What ranks may vote for; a vote counts when any rank casts it. */
typedef enum gdi_vote {
  GDI_VOTE_FAILED,    /* my step failed */
  GDI_VOTE_DIVERGED,  /* my gradient is not finite */
  GDI_VOTE_OUTSIDE,   /* my x is outside the domain */
  GDI_VOTE_OBSERVER,  /* an observer of mine wants to stop */
  GDI_VOTE_REQUESTED, /* I was asked to stop */
  GDI_VOTE_SECONDS,   /* my time is over */
  GDI_VOTE_GRADIENTS, /* my gradients are spent */
  GDI_VOTES
} gdi_vote;

typedef struct gdi_tracking {
  double x_norm, move_norm; /* |x| and |x - old| over all ranks */
  bool finite;              /* x is, on every rank; the norms may overflow to infinity nevertheless */
  bool votes[GDI_VOTES];    /* in: this rank's; out: any rank's */
} gdi_tracking;

/* Look at a new point x [n] in one pass over memory: kept [n] = x, and how x compares with old [n], which may be x
 * but not kept.  GD_ERR_REDUCE. */
gd_status gdi_game_track(gd_game *game, const double *x, const double *old, double *kept, gdi_tracking *tracking);

/* Count the votes alone. */
gd_status gdi_game_vote(gd_game *game, bool votes[GDI_VOTES]);

/* What an evaluation came to on this rank becomes what it came to on all of them: GD_ERR_DOMAIN or GD_ERR_NONFINITE
 * where that is the worst on any rank, GD_ERR_REDUCE where another rank's callback failed for another reason. */
gd_status gdi_game_agree(gd_game *game, gd_status status);

/* How far x is from stationary, over all ranks: |v(x)|, or with a feasible set the natural residual |P(x + v(x)) - x|.
 * The step inside P is 1.  `room` [n] is used up.  Fails on every rank when one rank's callback fails. */
gd_status gdi_game_residual(gd_game *game, const double *x, double *room, double *residual);

/* Of that the vector, on this rank: with a feasible set v = v(x) [n] becomes P(x + v) - x, else it stays. */
gd_status gdi_game_take_residual(gd_game *game, const double *x, double *v);

#endif
