/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Derived games: games made from games.  A derived game holds handles of its own on its base, so
 * the two may be destroyed in any order; any method steps on a derived game and every spectral
 * tool applies to it.  v and J below are the base's. */
#ifndef GAMEDYN_DERIVE_H
#define GAMEDYN_DERIVE_H

#include <gamedyn/derivation.h>
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
 * utilities and is not zero-sum; blocks, solution and the other traits are the base's.  It evaluates the base as `base`
 * is configured now, but at its own draw, the same one for v and J.  Calls on the base are not counted on the handle
 * `base`. Cost of a gradient: one gradient and one vjp of the base.
 * @param gamma 0 or more.
 * @return GD_ERR_UNSUPPORTED if the base cannot give a vjp, or has a feasible set: at a solution on its edge v is not
 * 0, and the derived field points elsewhere.  Failures of the base are the derived game's, with their status and words.
 */
GD_API gd_status gd_derive_consensus(gd_game **game, gd_game *base, double gamma);

/** How J'v is estimated where v and J are means over a minibatch (section 4 and supplement of the same). */
typedef enum gd_consensus_estimator {
  GD_CONSENSUS_ONE_BATCH = 0,   /**< v and J of one batch of m: biased by the covariance of J_i' and v_i over m */
  GD_CONSENSUS_TWO_BATCHES = 1, /**< J of the draw's batch and v of another one: unbiased; one more gradient */
  GD_CONSENSUS_DEBIASED = 2 /**< one batch in k parts, the mean of J_i'v_j over i != j: unbiased; 2 k gradients and k
                               vjps, of m / k samples each */
} gd_consensus_estimator;

typedef struct gd_consensus_options {
  size_t struct_size;
  double gamma;                     /**< 0 or more; default 1 */
  gd_consensus_estimator estimator; /**< default GD_CONSENSUS_ONE_BATCH */
  size_t parts; /**< of the debiased one, 2 or more, dividing the batch size; 0 (default): a sample each */
} gd_consensus_options;

/** Fill in the defaults; use the macro gd_consensus_options_init(&options). */
GD_API void gd_consensus_options_init_sized(gd_consensus_options *options, size_t size);
#define gd_consensus_options_init(o) gd_consensus_options_init_sized((o), sizeof *(o))

/** gd_derive_consensus() with a choice of estimator.  Without a draw, on games that are not stochastic and on affine
 * ones, whose J does not depend on the draw, all estimators are the plain field.  The second batch and the parts are
 * draws of their own, children of the draw's generator (gd_rng_split), the parts in place of the draw's batch: equal
 * draws give equal fields.  Jacobian products are central differences of the field.
 * @param options NULL: defaults.
 * @return as gd_derive_consensus(); GD_ERR_UNSUPPORTED, when evaluated, for a batch that cannot be cut so. */
GD_API gd_status gd_derive_consensus_with(gd_game **game, gd_game *base, const gd_consensus_options *options);

/** The gradient penalty of Nagarajan & Kolter 2017 ("Gradient descent GAN optimization is locally
 * stable", Eq. 4): player `leader` also descends eta |v_follower|^2, without a factor 1/2, so that its
 * block becomes v_l - 2 eta J_fl' v_f; all others play on as before.  In a GAN the generator leads and
 * the discriminator follows.
 *
 * The leader's utility is u_l - eta |v_f|^2; utilities and their gradients are had as far as the base
 * has them.  Jacobian products are exact on affine games, elsewhere central differences of the field.
 * The derived game is neither zero-sum nor a potential game; blocks, the other traits and how the base is evaluated are
 * as with gd_derive_consensus(), and so is the solution: a stationary point of the base is one of the derived game.  A
 * stochastic base uses one draw for all.
 * Cost of a gradient: one gradient and one vjp of the base.
 * @param leader who is regularised.
 * @param follower another player, whose gradient it keeps small.
 * @param eta 0 or more.
 * @return GD_ERR_UNSUPPORTED if the base cannot give a vjp, or has a feasible set, as with gd_derive_consensus().
 * Failures of the base are the derived game's, with their status and words. */
GD_API gd_status gd_derive_gradient_penalty(gd_game **game, gd_game *base, size_t leader, size_t follower, double eta);

/** The symplectic gradient adjustment v - lambda s (J'v - J v) / 2, which uses the antisymmetric part of
 * J alone (Balduzzi et al. 2018, "The Mechanics of n-Player Differentiable Games", section 3).
 *
 * s = 1, or with `align` the sign of -<v, J'v> <J'v - J v, J'v> / (2 n) + 1/10, positive if that is 0: so that
 * stable fixed points attract and unstable ones do not.  Jacobian products are exact on affine games
 * (aligned ones: where s does not jump), elsewhere central differences of the field.  The derived game has
 * no utilities, is not zero-sum and, if aligned, not affine; blocks, solution, the other traits and how the base is
 * evaluated are as with gd_derive_consensus(). Cost of a gradient: one gradient, one jvp and one vjp of the base.
 * @param lambda 0 or more; the paper uses 1.
 * @return GD_ERR_UNSUPPORTED if the base cannot give a jvp and a vjp, or has a feasible set, as with
 * gd_derive_consensus().  Failures of the base are the derived game's, with their status and words. */
GD_API gd_status gd_derive_symplectic(gd_game **game, gd_game *base, double lambda, bool align);

/** One player, the leader, plays against where another, the follower, will be after `steps` gradient steps
 * y_{j+1} = y_j + step_size v_f(x, y_j) from where it is: the leader ascends S(x) = u_l(x, y_steps(x)), and the
 * gradient goes through all of the steps (Metz, Poole, Pfau & Sohl-Dickstein 2017, "Unrolled Generative
 * Adversarial Networks").  The follower, as everybody else, takes ordinary steps.
 *
 * The leader's block is dS/dx_l, by transposed products alone.  The follower's steps are not projected onto a feasible
 * set, so that on its edge the derived game's solutions are not the base's; no solution is stated then.  Utilities,
 * with S for the leader, are had as far as the base has them.  Jacobian products are central differences of the field.
 * With steps = 0 the field is the base's, and all traits stay; otherwise the derived game is neither zero-sum nor a
 * potential game, and affine and with a stated solution only if the base is, and is zero-sum with two players.  Blocks,
 * feasible set, draws and how the base is evaluated are as with gd_derive_consensus(). Cost of a gradient: one
 * gradient, `steps` player gradients, one utility gradient and `steps` vjps of the base; memory for `steps` + 1 copies
 * of the follower's block.
 * @param leader who looks ahead.  @param follower another player.
 * @param steps 0 to 1000000.
 * @param step_size the follower's while it is unrolled, 0 or more.
 * @return GD_ERR_UNSUPPORTED if the base cannot give utility gradients or a vjp.  Failures of the base are
 * the derived game's, with their status and words. */
GD_API gd_status gd_derive_unrolled(gd_game **game, gd_game *base, size_t leader, size_t follower, size_t steps,
                                    double step_size);

/** The same, bit for bit, with memory for about 2 sqrt(`steps`) copies of the follower's block: the others are made
 * again when they are wanted.  Cost of a gradient: fewer than `steps` player gradients more. */
GD_API gd_status gd_derive_unrolled_checkpointed(gd_game **game, gd_game *base, size_t leader, size_t follower,
                                                 size_t steps, double step_size);

/** The same without the gradient through the steps: the leader's block is v_l(x, y_steps), the follower's answer taken
 * for a constant.  Needs neither products nor utilities, has no utilities, and keeps affinity and, without a feasible
 * set, the base's stated solution.  Cost of a gradient: one gradient and `steps` + 1 player gradients of the base. */
GD_API gd_status gd_derive_unrolled_first_order(gd_game **game, gd_game *base, size_t leader, size_t follower,
                                                size_t steps, double step_size);

/** Copies of a game, each at a point of its own, played side by side as one game.  The point of copy c is lane c:
 *
 *     X[c + copies * k] = variable k of copy c
 *
 * as gd_game_gradient_many() takes it.  Player i's block holds the base's block of all copies.  One step on this game is
 * one step of each copy, and a method needs no change for it.
 *
 * Utilities are sums over copies, where the base has utilities.  Jacobian products are exact where the base's are; what
 * the base differences is differenced here.  All copies use one draw.  Traits stay; feasible set and solution are the
 * base's for each copy; how the base is evaluated is as with gd_derive_consensus().
 * Cost of a gradient: one gradient of `copies` points of the base; anything else is asked of each copy in turn.
 * @param copies 1 or more.
 * @return GD_ERR_UNSUPPORTED for a partitioned game.  If one copy fails all do, with the base's status and words. */
GD_API gd_status gd_derive_copies(gd_game **game, gd_game *base, size_t copies);

/** A best response: y [size of the follower's block] from x [n], of which the follower's block is to be ignored.
 * Entries of y may be infinite, if the base's callbacks take them.
 * @return as the callbacks of gd_game_ops: 0, > 0 for "x is outside my domain", < 0 to abort. */
typedef int gd_respond_fn(void *context, const double *x, double *y);

/** The game that is left when one player, the follower, always plays its best response: the others' blocks of x in
 * their order, each with its gradient at the response.  Response and field need not be smooth.
 *
 * A zero-sum game of two becomes a game of one player, who ascends u(x, y(x)).  By the envelope theorem its gradient is
 * the leader's.  It is a potential game, and it has utilities if the base has.  This holds only if respond() returns the
 * exact maximiser.  In other games the response's own derivative is left out, and there are no utilities.  Jacobian products are central differences of the field.  The
 * feasible set, that of the base without the follower's block, is right if players' sets do not depend on each other.
 * The stated solution is the base's.  Draws and how the base is evaluated are as with gd_derive_consensus(); `respond`
 * sees no draw.
 * Cost of a gradient: one response, and a player gradient of the base for each player left.
 * @param follower who responds; at least one player must be left.
 * @param respond thread-safe if the base is.
 * @param context for `respond`; may be NULL; must live as long as the game.
 * @return Failures of the base are the derived game's, with their status and words. */
GD_API gd_status gd_derive_best_response(gd_game **game, gd_game *base, size_t follower, gd_respond_fn *respond,
                                         void *context);

#ifdef __cplusplus
}
#endif
#endif
