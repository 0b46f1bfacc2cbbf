/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Game: the utilities of the players, as functions that evaluate v, J u and more.  A handle owns the user's data
 * (through ops->destroy), counts every call of a callback, holds the current draw, and computes the quantities for
 * which the game has no callback from those it has.  All evaluation goes through a handle.  A handle may be used by one
 * thread at a time. */
#ifndef GAMEDYN_GAME_H
#define GAMEDYN_GAME_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/rng.h>
#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_game gd_game;

/** The functions of a game.  Only `gradient` is required.  Every callback returns 0 on success, > 0 for "x is outside
 * my domain" (a caller may try a shorter step), < 0 to abort; gd_fail() can say why.  `data` is the pointer of
 * gd_game_spec.  `draw` is NULL for exact evaluation.  Outputs never alias inputs. */
typedef struct gd_game_ops {
  size_t struct_size;          /**< sizeof(gd_game_ops) */
  const char *name;            /**< copied; NULL: "game" */
  void (*destroy)(void *data); /**< called with the last handle, to free data; NULL: data is borrowed */

  /** v(x); x, v [n] */
  int (*gradient)(void *data, const gd_draw *draw, const double *x, double *v);
  /** v_i alone, [length of block i]; used by alternating methods */
  int (*player_gradient)(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i);
  /** u_i(x) of every player, [n_players] */
  int (*utilities)(void *data, const gd_draw *draw, const double *x, double *utilities);
  /** du_player/dx for all of x, [n]; used in opponent shaping */
  int (*utility_gradient)(void *data, const gd_draw *draw, size_t player, const double *x, double *g);
  /** J(x) u; u, Ju [n] */
  int (*jvp)(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju);
  /** J(x)' w; w, Jtw [n] */
  int (*vjp)(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw);
  /** J(x) U; U, JU [n by k], columns n apart */
  int (*jvp_many)(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU);
  /** v at k points at once; the index of the point runs fastest: X[point + k*variable], V likewise, [k by n] */
  int (*gradient_many)(void *data, const gd_draw *draw, size_t k, const double *X, double *V);
  /** J(x) itself: J[i + j*ldj] = dv_i/dx_j, ldj >= n */
  int (*jacobian)(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj);
  /** Project x [n] onto the feasible set, in place: the set is closed, convex and a product of one set for each player.
   * Absent: all of R^n. */
  int (*project)(void *data, double *x);
  /** a known stationary point, [n], for tests and plots; with a feasible set it satisfies x = P(x + v(x)) */
  int (*solution)(void *data, double *x);
  /** v(x) and J(x)'v(x) at once, if computing them together saves work; v, Jtv [n] */
  int (*gradient_vjp)(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv);
  /** Get ready for the quantities in `needs` (bits 1u << gd_quantity) for which there is a callback above, so that
   * calls of it allocate nothing; called by gd_game_prepare().  NULL: there is nothing to do */
  int (*prepare)(void *data, uint32_t needs);
} gd_game_ops;

/** Properties that the caller states; gd_game_check() tests them. */
enum {
  GD_ZERO_SUM = 1 << 0,    /**< utilities add up to zero */
  GD_POTENTIAL = 1 << 1,   /**< J is symmetric, so vjp = jvp */
  GD_AFFINE = 1 << 2,      /**< J does not depend on x (nor on the draw): implicit steps may factor it once */
  GD_STOCHASTIC = 1 << 3,  /**< results depend on the draw */
  GD_THREAD_SAFE = 1 << 4, /**< callbacks may run on several threads at once */
  /** Each rank holds its slice of x; absent: every rank holds all of x.  Fields, products and runs work on slices.
   * Matrices, spectra, linear solvers and functions that use them refuse with GD_ERR_UNSUPPORTED. */
  GD_PARTITIONED = 1 << 5,
  GD_BOX = 1 << 6 /**< the feasible set is a box: `project` changes each variable independently of the others */
};

/** The input of gd_game_create(). */
typedef struct gd_game_spec {
  size_t struct_size;        /**< sizeof(gd_game_spec) */
  const gd_game_ops *ops;    /**< copied */
  void *data;                /**< if ops->destroy is set, the game owns it, even when create fails */
  size_t n_players;          /**< 1 or more */
  const size_t *block_sizes; /**< [n_players], each 1 or more (0 allowed if GD_PARTITIONED); copied */
  uint32_t traits;           /**< bits of GD_ZERO_SUM ... GD_BOX */
  const gd_env *env;         /**< copied, and used by every object built on the game; NULL: defaults */
} gd_game_spec;

/** Create a game.
 * @return GD_ERR_STRUCT; GD_ERR_UNSUPPORTED (a trait or member this library does not know).  On failure *game is
 * unchanged, and spec->data is destroyed if ops->destroy is set and readable. */
GD_API gd_status gd_game_create(gd_game **game, const gd_game_spec *spec);

/** Create another handle on the same callbacks and data, for another thread.  It has the same configuration and draw;
 * its counts start at zero.  The data lives until the last handle is destroyed. */
GD_API gd_status gd_game_dup(gd_game **copy, const gd_game *game);

/** Destroy a handle; the last one destroys the data.  NULL is a no-op. */
GD_API void gd_game_destroy(gd_game *game);

GD_API const char *gd_game_name(const gd_game *game); /**< valid while the game lives */
GD_API size_t gd_game_size(const gd_game *game);      /**< n: variables on this rank */
GD_API size_t gd_game_players(const gd_game *game);   /**< number of players */
GD_API size_t gd_game_block_start(const gd_game *game,
                                  size_t player); /**< first index of the block; n if there is no such player */
GD_API size_t gd_game_block_size(const gd_game *game, size_t player); /**< 0 if there is no such player */
GD_API uint32_t gd_game_traits(const gd_game *game);                  /**< the bits of gd_game_spec */
GD_API const gd_env *gd_game_env(const gd_game *game); /**< the game's environment, for objects built beside it */

/** A known stationary point, x [n].
 * @return GD_ERR_UNSUPPORTED if the game has no `solution` callback. */
GD_API gd_status gd_game_solution(gd_game *game, double *x);

/** The quantities of a game.  If the game has no callback for one, it is obtained from others, in this order:
 *   player_gradient  native, else the block of gradient
 *   utilities        native
 *   utility_gradient native; else from gradient if that determines it: du_1/dx = (v_1, -v_2) in a two-player
 *                    zero-sum game, du_1/dx = v with one player; else central differences of utilities
 *                    (not if GD_PARTITIONED)
 *   jvp              native, else jvp_many, else jacobian (n <= dense_limit), else central
 *                    differences of gradient
 *   vjp              native, else jvp if GD_POTENTIAL, else D jvp D with D = diag(I, -I) if
 *                    GD_ZERO_SUM with two players, else the assembled Jacobian (n <= dense_limit)
 *   jacobian         native, else n columns of jvp_many or jvp (n <= dense_limit)
 * The matrix of a partitioned game is never assembled.  That of an affine game is assembled once and kept.
 * At the edge of the domain central differences become one-sided ones of second order. */
typedef enum gd_quantity {
  GD_GRADIENT = 0,
  GD_PLAYER_GRADIENT = 1,
  GD_UTILITIES = 2,
  GD_UTILITY_GRADIENT = 3,
  GD_JVP = 4,
  GD_VJP = 5,
  GD_JACOBIAN = 6
} gd_quantity;

typedef enum gd_source {
  GD_SOURCE_NONE = 0,       /**< not available under the present configuration */
  GD_SOURCE_NATIVE = 1,     /**< the game's own callback */
  GD_SOURCE_DERIVED = 2,    /**< exact, from another native callback */
  GD_SOURCE_DIFFERENCED = 3 /**< finite differences are used */
} gd_source;

/** How a handle evaluates its game. */
typedef struct gd_eval_options {
  size_t struct_size;
  uint64_t seed, stream;    /**< seed and stream of the draws; default 0 */
  uint64_t batch_size;      /**< 0 (default): exact evaluation, without draws */
  double difference_step;   /**< relative to max(1, |x|_inf), rounded down to a power of two; 0 <= step < 1;
                                 0 (default): cube root of machine epsilon, or 1 for the Jacobian of
                                 an affine game, where differences of any length are exact */
  bool forbid_differencing; /**< fail with GD_ERR_UNSUPPORTED instead of using finite differences; default false */
  size_t dense_limit;       /**< largest n for which an n by n matrix may be built; default 2000 */
} gd_eval_options;

/** Fill in the defaults; use the macro gd_eval_options_init(&options). */
GD_API void gd_eval_options_init_sized(gd_eval_options *options, size_t size);
#define gd_eval_options_init(o) gd_eval_options_init_sized((o), sizeof *(o))

/** Change how this handle evaluates.  The draw index is set to 0. */
GD_API gd_status gd_game_configure(gd_game *game, const gd_eval_options *options);

/** How a quantity is obtained under the present configuration. */
GD_API gd_source gd_game_source(const gd_game *game, gd_quantity quantity);

/** Allocate scratch memory for the quantities in `needs` (bits 1u << gd_quantity), so that their evaluation allocates
 * nothing.  Without this call the memory is allocated at the first evaluation.  Steppers call it for what their method
 * needs.
 * @return GD_ERR_UNSUPPORTED if a quantity is not available; the message names it. */
GD_API gd_status gd_game_prepare(gd_game *game, uint32_t needs);

/** Advance to the next minibatch.  All evaluations between two calls use the same one. */
GD_API void gd_game_next_draw(gd_game *game);
GD_API void gd_game_set_draw(gd_game *game, const gd_draw *draw); /**< NULL: exact evaluation */
/** Get the current draw.  Returns false, and leaves *draw unchanged, when evaluation is exact. */
GD_API bool gd_game_get_draw(const gd_game *game, gd_draw *draw);

/** v(x); x, v [n], distinct.
 * Every evaluation may return GD_ERR_CALLBACK, GD_ERR_DOMAIN, GD_ERR_UNSUPPORTED, and GD_ERR_NONFINITE for a result
 * that is not finite; the message names the entry.
 * Evaluations and products check their results, not x.  So if J does not depend on x, J u is the same at an x with NaN.
 * The whole matrix J, operators at x, and reports check x: they return GD_ERR_NONFINITE if it is not finite. */
GD_API gd_status gd_game_gradient(gd_game *game, const double *x, double *v);
/** Player's block of v(x); v_i [block size]. */
GD_API gd_status gd_game_player_gradient(gd_game *game, size_t player, const double *x, double *v_i);
/** u_i(x) of every player; utilities [n_players]. */
GD_API gd_status gd_game_utilities(gd_game *game, const double *x, double *utilities);
/** du_player/dx; g [n]. */
GD_API gd_status gd_game_utility_gradient(gd_game *game, size_t player, const double *x, double *g);
/** J(x) u; u, Ju [n], distinct. */
GD_API gd_status gd_game_jvp(gd_game *game, const double *x, const double *u, double *Ju);
/** v(x), and J(x)'v(x), which is the gradient of |v|^2 / 2; v, Jtv [n], distinct.  Uses gradient_vjp if the game has
 * it, else a gradient and a transposed product.  Counts as one of each. */
GD_API gd_status gd_game_gradient_vjp(gd_game *game, const double *x, double *v, double *Jtv);
/** J(x) U; U, JU [n by k], columns n apart, distinct.  Uses jvp_many if the game has it, else k products. */
GD_API gd_status gd_game_jvp_many(gd_game *game, const double *x, size_t k, const double *U, double *JU);
/** J(x)' w; w, Jtw [n], distinct. */
GD_API gd_status gd_game_vjp(gd_game *game, const double *x, const double *w, double *Jtw);
/** J_ij u_j, where J_ij = dv_i/dx_j; u_j [block j], out_i [block i]. */
GD_API gd_status gd_game_block_jvp(gd_game *game, size_t i, size_t j, const double *x, const double *u_j,
                                   double *out_i);
/** J_ij' w_i; w_i [block i], out_j [block j]. */
GD_API gd_status gd_game_block_vjp(gd_game *game, size_t i, size_t j, const double *x, const double *w_i,
                                   double *out_j);
/** J(x); J [n by n], ldj >= n. */
GD_API gd_status gd_game_jacobian(gd_game *game, const double *x, double *J, size_t ldj);
/** v at k points; X[point + k*variable], V likewise.  Uses gradient_many if the game has it, else k gradients. */
GD_API gd_status gd_game_gradient_many(gd_game *game, size_t k, const double *X, double *V);
/** Project x [n] onto the feasible set, in place.  Does nothing if the game has no `project`. */
GD_API gd_status gd_game_project(gd_game *game, double *x);
/** True if the game has a feasible set smaller than R^n. */
GD_API bool gd_game_projects(const gd_game *game);
/** Inner product over all ranks; a, b [n].
 * @return GD_ERR_REDUCE; GD_ERR_NONFINITE if the result is not finite.  gd_game_norm() returns the same errors. */
GD_API gd_status gd_game_dot(gd_game *game, const double *a, const double *b, double *dot);
/** Euclidean norm over all ranks, computed without overflow; a [n]. */
GD_API gd_status gd_game_norm(gd_game *game, const double *a, double *norm);

/** Numbers of calls of the user's callbacks.  One call for k points or vectors counts as k. */
typedef struct gd_counts {
  uint64_t gradients, player_gradients, utilities, utility_gradients;
  uint64_t jvps, vjps, jacobians, projections, reductions;
  uint64_t player_entries; /**< sum of the block lengths of all player_gradients; n of them cost one gradient */
  uint64_t solves;         /**< linear systems solved by steps, by factors or by products */
  uint64_t reserved[5];
} gd_counts;

GD_API void gd_game_counts(const gd_game *game, gd_counts *counts); /**< calls since create, dup or reset */
GD_API void gd_game_reset_counts(gd_game *game);                    /**< set all counts to zero */

/** The largest relative disagreement in each test; negative: the test does not apply. */
typedef struct gd_game_check_report {
  double gradient_vs_utilities, jvp_vs_differences, vjp_vs_jvp, jacobian_vs_jvp;
  double zero_sum, symmetry, affinity, draw_repeatability, projection_idempotence;
  double player_gradient_vs_gradient, utility_gradient_vs_utilities, jvp_many_vs_jvp, gradient_many_vs_gradient;
  double solution_gradient; /**< |v| at the stated solution, relative to |v| + |J| max(1, |x|) at x */
  double gradient_vjp_vs_both;
  double reserved[7];
} gd_game_check_report;

/** Test a game's callbacks against each other at x [n] and near it.  Run it once on every new game.
 * It uses finite differences even if the configuration forbids them.  Counts and draw do not change.
 * @param seed seed of the random directions.
 * @param report may be NULL; it is filled also when a test fails.
 * @return GD_OK, or GD_ERR_CALLBACK if callbacks disagree.  gd_last_error() then says what is wrong: a transposed
 * product, a wrong sign, a trait that does not hold. */
GD_API gd_status gd_game_check(gd_game *game, const double *x, uint64_t seed, gd_game_check_report *report);

#ifdef __cplusplus
}
#endif
#endif
