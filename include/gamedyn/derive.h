/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Derived games: games made from games.  A derived game holds handles of its own on its base, so
 * the two may be destroyed in any order; any method steps on a derived game and every spectral
 * tool applies to it.  v and J below are the base's. */
#ifndef GAMEDYN_DERIVE_H
#define GAMEDYN_DERIVE_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The consensus field v - gamma J'v: every player also descends |v|^2 / 2 over all players
 * (Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs", section 4).
 *
 * Jacobian products are exact on affine games, J - gamma J'J; elsewhere they are central
 * differences of the field, J - gamma (J'J + sum_i v_i Hess v_i).  The derived game has no
 * utilities and is not zero-sum; blocks, feasible set, solution and the other traits are the
 * base's.  It evaluates the base as `base` is configured now, but at its own draw, the same one
 * for v and J.  Calls on the base are not counted on the handle `base`.
 * Cost of a gradient: one gradient and one vjp of the base.
 * @param gamma 0 or more.
 * @return GD_ERR_UNSUPPORTED if the base cannot give a vjp.  Failures of the base are the derived
 * game's, with their status and words. */
GD_API gd_status gd_derive_consensus(gd_game **game, gd_game *base, double gamma);

#ifdef __cplusplus
}
#endif
#endif
