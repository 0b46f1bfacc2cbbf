/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Derived games: games made from games.  The base game is borrowed and must outlive the
 * derived one; any method steps on a derived game and every spectral tool applies to it.
 * v and J below are the base's. */
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
 * differences of the field.  The derived game evaluates on its own handle of the base, at its
 * own draw, and has no utilities.
 * Cost of a gradient: one gradient and one vjp of the base.
 * @param gamma 0 or more.
 * @return GD_ERR_UNSUPPORTED if the base cannot give a vjp. */
GD_API gd_status gd_derive_consensus(gd_game **game, gd_game *base, double gamma);

#ifdef __cplusplus
}
#endif
#endif
