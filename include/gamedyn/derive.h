/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Derived games: games made from games.  A derived game holds handles of its own on its base, so
 * the two may be destroyed in any order; any method steps on a derived game and every spectral
 * tool applies to it.  v and J below are the base's. */
#ifndef GAMEDYN_DERIVE_H
#define GAMEDYN_DERIVE_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <stdbool.h>
#include <stddef.h>

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

/** The gradient penalty of Nagarajan & Kolter 2017 ("Gradient descent GAN optimization is locally
 * stable", Eq. 4): player `leader` also descends eta |v_follower|^2, without a factor 1/2, so that its
 * block becomes v_l - 2 eta J_fl' v_f; all others play on as before.  In a GAN the generator leads and
 * the discriminator follows.
 *
 * The leader's utility is u_l - eta |v_f|^2; utilities and their gradients are had as far as the base
 * has them.  Jacobian products are exact on affine games, elsewhere central differences of the field.
 * The derived game is neither zero-sum nor a potential game; blocks, feasible set, the other traits
 * and how the base is evaluated are as with gd_derive_consensus(), and so is the solution: a
 * stationary point of the base is one of the derived game.  A stochastic base uses one draw for all.
 * Cost of a gradient: one gradient and one vjp of the base.
 * @param leader who is regularised.
 * @param follower another player, whose gradient it keeps small.
 * @param eta 0 or more.
 * @return GD_ERR_UNSUPPORTED if the base cannot give a vjp.  Failures of the base are the derived
 * game's, with their status and words. */
GD_API gd_status gd_derive_gradient_penalty(gd_game **game, gd_game *base, size_t leader, size_t follower, double eta);

/** The symplectic gradient adjustment v - lambda s (J'v - J v) / 2, which uses the antisymmetric part of
 * J alone (Balduzzi et al. 2018, "The Mechanics of n-Player Differentiable Games", section 3).
 *
 * s = 1, or with `align` the sign of -<v, J'v> <J'v - J v, J'v> / (2 n) + 1/10, positive if that is 0: so that
 * stable fixed points attract and unstable ones do not.  Jacobian products are exact on affine games
 * (aligned ones: where s does not jump), elsewhere central differences of the field.  The derived game has
 * no utilities, is not zero-sum and, if aligned, not affine; blocks, feasible set, solution, the other
 * traits and how the base is evaluated are as with gd_derive_consensus().
 * Cost of a gradient: one gradient, one jvp and one vjp of the base.
 * @param lambda 0 or more; the paper uses 1.
 * @return GD_ERR_UNSUPPORTED if the base cannot give a jvp and a vjp.  Failures of the base are the
 * derived game's, with their status and words. */
GD_API gd_status gd_derive_symplectic(gd_game **game, gd_game *base, double lambda, bool align);

#ifdef __cplusplus
}
#endif
#endif
