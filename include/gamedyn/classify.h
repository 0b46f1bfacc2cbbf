/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Classify: the kind of a point x, for the flow dx/dt = v(x) and for the players.
 *
 * Eigenvalues of J decide if they are clearly off the imaginary axis.  If one is 0 within its accuracy, the field
 * itself is evaluated along the null directions, on both sides and at several distances.  If that does not decide
 * either, the answer is "undecided", with the question that is open.
 *
 * Accuracy.  v is known to its rounding, which is measured by changing x by rounding errors.  The error of J consists
 * of its rounding, the error of finite differences (if it is differenced), and, at a point that is not exactly
 * stationary, its change from x to the equilibrium.  The error of an eigenvalue is that of J times its condition
 * number. */
#ifndef GAMEDYN_CLASSIFY_H
#define GAMEDYN_CLASSIFY_H

#include <gamedyn/export.h>
#include <gamedyn/linearisation.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kind of a point.  The first row that applies decides. */
typedef enum gd_point_kind {
  GD_POINT_UNDECIDED = 0,      /**< several kinds are possible; gd_classification.undecided says why */
  GD_POINT_NOT_STATIONARY = 1, /**< |v| > gradient_tolerance gradient_scale */
  GD_POINT_SADDLE = 2,         /**< the flow leaves along some directions and approaches along others */
  GD_POINT_REPELLER = 3,       /**< the flow leaves along all directions */
  GD_POINT_CENTRE = 4, /**< no eigenvalue has a positive real part, and some lie on the imaginary axis but not at 0: the
                          linear flow rotates.  If the game is GD_AFFINE this is the flow; else the flow may approach or
                          leave slowly */
  GD_POINT_MANIFOLD = 5,      /**< v is 0, to rounding, along all null directions; all other eigenvalues have negative
                                 real parts */
  GD_POINT_STABLE_NASH = 6,   /**< attracts, and is a stable local Nash equilibrium: every own block negative definite
                                 (Liang & Stokes 2019, Definition 2.1) */
  GD_POINT_LOCAL_MINIMAX = 7, /**< attracts, is no Nash point, but a strict local minimax (Stackelberg) point with one
                                 of the two players as leader; leader_curvature says which */
  GD_POINT_ATTRACTOR = 8, /**< attracts, and is none of these; gd_classification.nash says what is known for players */
  GD_POINT_UNSTABLE = 9   /**< the flow leaves along some direction; whether it approaches along another is not known */
} gd_point_kind;

/** A few words for a kind: "saddle"; static storage. */
GD_API const char *gd_point_kind_text(gd_point_kind kind);

/** Whether a property holds at a point. */
typedef enum gd_holds {
  GD_HOLDS_UNDECIDED = 0, /**< not known */
  GD_HOLDS_NOT = 1,
  GD_HOLDS_WEAKLY = 2,  /**< it holds, but the loss by some moves is zero or of higher than second order */
  GD_HOLDS_STRICTLY = 3 /**< the loss by every move is of second order: curvature alone decides */
} gd_holds;

/** The open questions; bits of gd_classification.undecided. */
enum {
  GD_UNDECIDED_EQUILIBRIUM = 1 << 0, /**< |v| is small, but no zero of v was found nearby */
  GD_UNDECIDED_NULL = 1 << 1,        /**< the flow along null directions of J */
  GD_UNDECIDED_CHAIN = 1 << 2,       /**< zero eigenvalues in a Jordan chain, or too ill-conditioned */
  GD_UNDECIDED_TURNING = 1 << 3,     /**< whether a rotating flow also approaches or leaves */
  GD_UNDECIDED_NASH = 1 << 4,        /**< whether a player gains along directions without curvature of its own */
  GD_UNDECIDED_MINIMAX = 1 << 5,     /**< whether it is a local minimax point */
  GD_UNDECIDED_PRODUCTS = 1 << 6     /**< products do not decide, or ran out; if there is a kind, it is that of the
                                    eigenvalues found */
};

#define GD_UNKNOWN_COUNT ((size_t)-1) /**< a number that products alone do not give */

typedef struct gd_classify_options {
  size_t struct_size;
  double gradient_tolerance;   /**< x is stationary if |v| <= this times |J|_2 max(1, |x|); default 1e-8; >= 0 */
  double eigenvalue_tolerance; /**< real parts and curvatures up to this times |J|_2 count as 0; the field is then
                                  evaluated along these directions.  Never less than the accuracy of the eigenvalue;
                                  default 1e-8; >= 0 */
} gd_classify_options;

/** Fill in the defaults; use the macro gd_classify_options_init(&options). */
GD_API void gd_classify_options_init_sized(gd_classify_options *options, size_t size);
#define gd_classify_options_init(o) gd_classify_options_init_sized((o), sizeof *(o))

/** The kind of a point, with the numbers it is based on. */
typedef struct gd_classification {
  double gradient_norm;           /**< |v| */
  double gradient_scale;          /**< |J|_2 max(1, |x|), the scale to which |v| is compared */
  double gradient_resolution;     /**< accuracy of |v| */
  double jacobian_resolution;     /**< accuracy of J, in |.|_2 */
  double own_curvature;           /**< over players, largest eigenvalue of the own block: < 0 at a stable Nash point */
  double spectral_abscissa;       /**< largest real part of an eigenvalue of J; NaN if it was not found */
  double largest_imag_real_ratio; /**< max |Im/Re| over eigenvalues of J, those at 0 left out; INFINITY if one is on the
                                     imaginary axis; NaN if it was not found */
  /** For a two-player zero-sum game, with player i as leader: the largest eigenvalue of J_ii - J_ij J_jj^-1 J_ji.  This
   * is the curvature of its utility when the other player answers best; it is < 0 at a strict local minimax point (Jin,
   * Netrapalli & Jordan 2020).  NaN if the other player's own block is not negative definite, and in other games.  In
   * the search by products it is NaN also if both own blocks are negative definite; the point is then a strict local
   * minimax point with either leader. */
  double leader_curvature[2];
  double manifold_residual; /**< the largest |v| / (|J| distance) left, after correction, along null directions of J; 0
                               on a manifold of equilibria; NaN without null directions or if it was not computed */
  bool stationary;          /**< |v| <= gradient_tolerance gradient_scale, or |v| <= gradient_resolution */
  bool at_rest;             /**< |v| <= gradient_resolution; if false the kind is that of an equilibrium nearby */
  bool hurwitz;             /**< every eigenvalue has a negative real part */
  bool attracts;            /**< asymptotically stable for the flow: hurwitz, or decided along the null direction */
  bool stable_nash;         /**< hurwitz, and nash is GD_HOLDS_STRICTLY */
  gd_point_kind kind;
  gd_holds nash;      /**< no player gains by a small move of its own */
  gd_holds minimax;   /**< a local minimax point of a two-player zero-sum game, with either leader */
  uint32_t undecided; /**< bits GD_UNDECIDED_... */
  /** Numbers of eigenvalues of J, n in all: real part negative; 0; imaginary but not 0; real part positive.
   * GD_UNKNOWN_COUNT if not known. */
  size_t n_left, n_zero, n_imaginary, n_right;
  size_t n_still; /**< dimension of the manifold of equilibria through x, as far as it was examined: the number of
                     directions along which nothing moves; GD_UNKNOWN_COUNT if not known */
  uint64_t reserved[8];
} gd_classification;

/** Classify the point of a linearisation.
 *
 * Up to dense_limit variables: by dense matrices.  A point with null directions costs up to some thousand gradients
 * more.
 *
 * Above dense_limit: by products alone.  Lanczos is used for the own blocks and the symmetric part of J; the latter
 * decides monotone and antisymmetric games.  Krylov-Schur is used for other games.  Eigenvalues are counted only if all
 * of them lie on one side of the imaginary axis.  Zero eigenvalues make the point undecided.
 *
 * A verdict along null directions is numerical evidence: v follows a power of the distance over distances in a ratio of
 * at least 16 to 1, down to where it is lost in rounding.  Terms below rounding are not seen.  Distances start at
 * max(1, |x|_inf) / 2 and shrink.
 * @param options NULL: defaults.
 * @return GD_ERR_UNSUPPORTED above dense_limit if the game has no transposed product; GD_ERR_HYPOTHESIS on the edge of
 * a feasible set, where v need not be 0 at a solution. */
GD_API gd_status gd_classify(gd_linearisation *linearisation, const gd_classify_options *options,
                             gd_classification *classification);

/** Write the kind as an English clause, with the open questions: "near a saddle", "attractor; whether it is a Nash
 * point is undecided: ...".
 * @param text [size], 0-terminated, cut if it is longer.  @param size >= 1; 400 is enough. */
GD_API gd_status gd_classification_text(const gd_classification *classification, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
