/* SPDX-License-Identifier: BSD-3-Clause */
/* Reductions for runs, besides gd_game_norm() and gd_game_dot(): all that a run needs from all ranks after a step, in
 * one call.  With one rank nothing is reduced. */
#ifndef GDI_GAME_REDUCE_H
#define GDI_GAME_REDUCE_H

#include <gamedyn/game.h>

/* The subjects of votes; the result is true if any rank votes for it. */
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

/* Compare a new point x [n] with old [n], and copy it to kept [n], in one pass over memory.  `old` may be x but not
 * kept.  GD_ERR_REDUCE. */
gd_status gdi_game_track(gd_game *game, const double *x, const double *old, double *kept, gdi_tracking *tracking);

/* Reduce only the votes. */
gd_status gdi_game_vote(gd_game *game, bool votes[GDI_VOTES]);

/* Turn the status of an evaluation on this rank into one for all ranks: GD_ERR_DOMAIN or GD_ERR_NONFINITE if that is
 * the worst on any rank; GD_ERR_REDUCE if another rank's callback failed for another reason. */
gd_status gdi_game_agree(gd_game *game, gd_status status);

/* The residual of x over all ranks: |v(x)|, or with a feasible set the natural residual |P(x + v(x)) - x|.  The step
 * inside P is 1.  `room` [n] is scratch.  It fails on every rank if one rank's callback fails. */
gd_status gdi_game_residual(gd_game *game, const double *x, double *room, double *residual);

/* The vector of this residual, on this rank: with a feasible set v = v(x) [n] becomes P(x + v) - x, otherwise v is
 * unchanged. */
gd_status gdi_game_take_residual(gd_game *game, const double *x, double *v);

#endif
