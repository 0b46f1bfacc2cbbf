/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Classify: what kind of point x is to the flow dx/dt = v(x), and to the players.  Eigenvalues decide where they are
 * clearly off the imaginary axis.  Where one is 0 as far as can be told, the field is looked at along the null
 * directions, on both sides and at several distances; where that does not decide, the answer is "undecided", and says
 * what is.
 *
 * What can be told.  v is known to its rounding, which is measured by moving x by rounding errors.  J is known to its
 * rounding, to the error of differencing where it is differenced, and, at a point that is almost at rest, to what it
 * changes on the way to the equilibrium.  An eigenvalue is known to these times its condition number. */
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

/** What kind of point it is; the first row that fits decides. */
typedef enum gd_point_kind {
  GD_POINT_UNDECIDED = 0,      /**< it may be one thing or another; gd_classification.undecided says why */
  GD_POINT_NOT_STATIONARY = 1, /**< |v| > gradient_tolerance gradient_scale */
  GD_POINT_SADDLE = 2,         /**< the flow leaves along some directions and comes near along others */
  GD_POINT_REPELLER = 3,       /**< the flow leaves along all directions */
  GD_POINT_CENTRE = 4, /**< no eigenvalue on the right, some on the imaginary axis other than 0: the linear flow turns.
                          So does the flow itself if the game is GD_AFFINE; else it may come near or leave slowly */
  GD_POINT_MANIFOLD = 5,      /**< v vanishes along all null directions, to rounding; all else is on the left */
  GD_POINT_STABLE_NASH = 6,   /**< attracts, and is a stable local Nash equilibrium: every own block negative definite
                                 (Liang & Stokes 2019, Definition 2.1) */
  GD_POINT_LOCAL_MINIMAX = 7, /**< attracts, no Nash point, but a strict local minimax (Stackelberg) point with one of
 two players leading: leader_curvature says which */
  GD_POINT_ATTRACTOR = 8, /**< attracts, and none of these; gd_classification.nash says what is known of the players */
  GD_POINT_UNSTABLE = 9   /**< the flow leaves along some direction; whether it comes near along another is not told */
} gd_point_kind;

/** A few words for a kind: "saddle"; static storage. */
GD_API const char *gd_point_kind_text(gd_point_kind kind);

/** Whether something holds at a point. */
typedef enum gd_holds {
  GD_HOLDS_UNDECIDED = 0, /**< not told */
  GD_HOLDS_NOT = 1,
  GD_HOLDS_WEAKLY = 2,  /**< it holds, but some moves cost nothing, or less than their square */
  GD_HOLDS_STRICTLY = 3 /**< every move costs its square: by curvature alone */
} gd_holds;

/** What is not told; bits of gd_classification.undecided. */
enum {
  GD_UNDECIDED_EQUILIBRIUM = 1 << 0, /**< |v| is small, but no point where it vanishes was found nearby */
  GD_UNDECIDED_NULL = 1 << 1,        /**< what the flow does along null directions of J */
  GD_UNDECIDED_CHAIN = 1 << 2,       /**< zero eigenvalues without a null direction each, or too ill-conditioned */
  GD_UNDECIDED_TURNING = 1 << 3,     /**< what the flow does besides turning */
  GD_UNDECIDED_NASH = 1 << 4,        /**< whether a player gains along directions without own curvature */
  GD_UNDECIDED_MINIMAX = 1 << 5,     /**< whether it is a local minimax point */
  GD_UNDECIDED_PRODUCTS = 1 << 6 /**< products alone do not tell, or ran out; with a kind, of the eigenvalues found */
};

#define GD_UNKNOWN_COUNT ((size_t)-1) /**< a number that products alone do not tell */

typedef struct gd_classify_options {
  size_t struct_size;
  double gradient_tolerance;   /**< |v| up to this times |J|_2 max(1, |x|) is at rest; default 1e-8; >= 0 */
  double eigenvalue_tolerance; /**< real parts and curvatures up to this times |J|_2 count as 0, and are looked along;
                                  never less than what can be told; default 1e-8; >= 0 */
} gd_classify_options;

/** Fill in the defaults; use the macro gd_classify_options_init(&options). */
GD_API void gd_classify_options_init_sized(gd_classify_options *options, size_t size);
#define gd_classify_options_init(o) gd_classify_options_init_sized((o), sizeof *(o))

/** What kind of point x is, with the numbers the verdict rests on. */
typedef struct gd_classification {
  double gradient_norm;           /**< |v| */
  double gradient_scale;          /**< |J|_2 max(1, |x|): what |v| is held against */
  double gradient_resolution;     /**< how well |v| is known */
  double jacobian_resolution;     /**< how well J is known, in |.|_2 */
  double own_curvature;           /**< over players, largest eigenvalue of the own block: < 0 at a stable Nash point */
  double spectral_abscissa;       /**< largest real part over eigenvalues of J; NaN if it was not found */
  double largest_imag_real_ratio; /**< max |Im/Re| over eigenvalues of J; INFINITY with one on the imaginary axis, those
                                     at 0 left out; NaN if it was not found */
  /** Of a zero-sum game of two: with player i leading, largest eigenvalue of J_ii - J_ij J_jj^-1 J_ji, its utility's
   * curvature when the other answers best; < 0 at a strict local minimax point (Jin, Netrapalli & Jordan 2020).  NaN
   * where the other's own block is not negative definite, or in other games.  By products also NaN where both own blocks
   * are negative definite: the point is a strict local minimax point with either leading then. */
  double leader_curvature[2];
  double manifold_residual; /**< along null directions of J, the largest |v| / (|J| distance) left after correction: 0
                               on a manifold of equilibria; NaN if there is none, or if it was not looked at */
  bool stationary;          /**< |v| <= gradient_tolerance gradient_scale, or within gradient_resolution */
  bool at_rest;             /**< |v| is within gradient_resolution; else the kind is that of an equilibrium nearby */
  bool hurwitz;             /**< every eigenvalue is on the left */
  bool attracts;            /**< asymptotically stable for the flow: hurwitz, or seen along the null direction */
  bool stable_nash;         /**< hurwitz, and nash is GD_HOLDS_STRICTLY */
  gd_point_kind kind;
  gd_holds nash;      /**< no player gains by a small move of its own */
  gd_holds minimax;   /**< of a zero-sum game of two, a local minimax point with either leading */
  uint32_t undecided; /**< bits GD_UNDECIDED_... */
  size_t n_left, n_zero, n_imaginary, n_right; /**< eigenvalues of J, n in all; GD_UNKNOWN_COUNT */
  size_t n_still; /**< dimension of the manifold of equilibria through x, as far as it was looked at: along so many
                     directions nothing moves; GD_UNKNOWN_COUNT */
  uint64_t reserved[8];
} gd_classification;

/** Classify the point of a linearisation.  Densely up to dense_limit, with up to some thousand gradients more at a
 * point with null directions; above it from products alone (Lanczos for own blocks and for the symmetric part, which
 * decides monotone and antisymmetric games by itself; Krylov-Schur for the others), and then eigenvalues are not
 * counted but where they are all on one side, and zero ones make the point undecided.
 *
 * A verdict along null directions is one of sight: v follows a power of the distance over at least 16 to 1, down to
 * where it sinks into rounding.  Terms below that are not seen.  Distances go from max(1, |x|_inf) / 2 down.
 * @param options NULL: defaults.
 * @return GD_ERR_UNSUPPORTED above dense_limit if the game has no transposed product;
 * GD_ERR_HYPOTHESIS on the edge of a feasible set, where v need not vanish. */
GD_API gd_status gd_classify(gd_linearisation *linearisation, const gd_classify_options *options,
                             gd_classification *classification);

/** The verdict as a clause of plain English with what is undecided: "near a saddle", "attractor; whether it is a Nash
 * point is undecided: ...".
 * @param text [size], ended by 0 and cut if need be.  @param size >= 1; 400 is enough. */
GD_API gd_status gd_classification_text(const gd_classification *classification, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
