/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Derivations: how a game is made from another game.  A derivation is a constant table of callbacks, like a method.
 * The library's own are listed by gd_derivation_at(), and the functions of derive.h call them.  A table of one's own
 * makes a derived game of the same kind: it runs on several threads, passes on the base's failures in words, and keeps
 * the base's blocks, draws, feasible set and solution unless the table says otherwise. */
#ifndef GAMEDYN_DERIVATION_H
#define GAMEDYN_DERIVATION_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a callback of a derivation works with, for as long as it runs. */
typedef struct gd_derived {
  gd_game *base;   /**< a handle of the callback's own, at the caller's draw */
  double *scratch; /**< as many numbers as the plan asked for; their values are undefined; NULL if it asked for none */
  const void *params;   /**< the derived game's copy */
  uint64_t reserved[4]; /**< 0 */
} gd_derived;

/** What a derived game needs and what it is, on one base.  The library fills in the values that the comments call
 * "begins"; the callback `plan` changes what differs. */
typedef struct gd_derivation_plan {
  /** Quantities of the base that the callbacks ask for: 1u << GD_VJP and so on.  Begins 0.  The derived game is refused
   * with GD_ERR_UNSUPPORTED if the base cannot give one of them. */
  uint32_t needs;
  /** Quantities whose callback serves on this base, the same way.  Begins as all that the table has.  The library makes
   * the others from what is left, by differences if there is no better way. */
  uint32_t offers;
  uint32_t traits;      /**< of the derived game; begins as the base's */
  bool has_solution;    /**< begins true: the table's solution, or else the base's, is one of the derived game; the
                           base's serves only where sizes are the base's */
  size_t scratch;       /**< numbers of scratch for a callback; begins 0 */
  size_t points;        /**< points that one gd_game_gradient_many() of the base has; begins 0: it is not called */
  size_t *block_sizes;  /**< [players of the base] of the derived game; begin as the base's; 0 leaves the player out */
  uint64_t reserved[4]; /**< 0 */
} gd_derivation_plan;

/** A derivation.  The callbacks return GD_OK or a negative status: that of a failed call on the base, or of gd_fail().
 * They may run on several threads at once if the base may.  Outputs do not alias inputs.  n is the size of the derived
 * game. */
typedef struct gd_derivation {
  size_t struct_size; /**< sizeof(gd_derivation) */
  const char *name;   /**< the derived game is called name(base) */
  const char *text;   /**< one line for a reader; may be NULL */
  size_t params_size; /**< bytes of its parameters, which the derived game copies */
  /** [params_size] parameters that suit any smooth game of two players, used where a caller gives none; NULL: a caller
   * must give them. */
  const void *example;
  /** The field is v plus a correction that vanishes with v.  On the edge of a feasible set v is not 0 at a solution, so
   * that the derived game would rest elsewhere: a base with a feasible set is refused. */
  bool corrects;

  /** Checks the parameters and changes the plan.  Required. */
  gd_status (*plan)(gd_derivation_plan *plan, const gd_game *base, const void *params);
  /** The field v(x); x, v [n].  Required. */
  gd_status (*gradient)(const gd_derived *at, const double *x, double *v);
  /** One player's block of it, by the derived game's number. */
  gd_status (*player_gradient)(const gd_derived *at, size_t player, const double *x, double *v_i);
  /** [players of the derived game] */
  gd_status (*utilities)(const gd_derived *at, const double *x, double *utilities);
  /** du_player/dx, g [n] */
  gd_status (*utility_gradient)(const gd_derived *at, size_t player, const double *x, double *g);
  /** J u, J the Jacobian of the field; u, Ju [n] */
  gd_status (*jvp)(const gd_derived *at, const double *x, const double *u, double *Ju);
  /** J'w; w, Jtw [n] */
  gd_status (*vjp)(const gd_derived *at, const double *x, const double *w, double *Jtw);
  /** x [n] becomes the nearest point of the feasible set, if the base has one; absent: the base's projection, which
   * serves only where sizes are the base's. */
  gd_status (*project)(const gd_derived *at, double *x);
  /** x [n] becomes a stationary point; absent: the base's. */
  gd_status (*solution)(const gd_derived *at, double *x);
} gd_derivation;

/** Derive a game.
 * @param game set on success.  @param base is not changed; the two may be destroyed in any order.
 * @param derivation is copied.  @param params [params_size] copied; NULL: the example's.
 * @return GD_ERR_ARGUMENT, GD_ERR_STRUCT, GD_ERR_UNSUPPORTED (see gd_derivation), or what `plan` returns. */
GD_API gd_status gd_derive(gd_game **game, gd_game *base, const gd_derivation *derivation, const void *params);

/** Derivation number `index` of the library; NULL beyond the last. */
GD_API const gd_derivation *gd_derivation_at(size_t index);
/** The library's derivation of that name; NULL if there is none. */
GD_API const gd_derivation *gd_derivation_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
