/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Bifurcations: the values of a stepper's parameter at which its iteration loses or regains local stability at an
 * equilibrium, with the kind of each.  The kind is told by the eigenvalue of the derivative of one step that leaves or
 * enters the unit disc. */
#ifndef GAMEDYN_BIFURCATION_H
#define GAMEDYN_BIFURCATION_H

#include <gamedyn/export.h>
#include <gamedyn/linearisation.h>
#include <gamedyn/stepper.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The bifurcations of maps with one parameter (Kuznetsov 2004, "Elements of Applied Bifurcation Theory",
 * section 4.1). */
typedef enum gd_bifurcation_kind {
  GD_BIFURCATION_FOLD = 1,           /**< an eigenvalue +1: points leave along one direction, or equilibria meet */
  GD_BIFURCATION_FLIP = 2,           /**< an eigenvalue -1: steps overshoot and alternate between two sides */
  GD_BIFURCATION_NEIMARK_SACKER = 3, /**< a pair e^(+-i angle): points turn on a growing circle */
  GD_BIFURCATION_UNKNOWN = 4         /**< beyond it a step or its derivative fails */
} gd_bifurcation_kind;

/** A few words for a kind: "flip"; static storage. */
GD_API const char *gd_bifurcation_kind_text(gd_bifurcation_kind kind);

/** One crossing. */
typedef struct gd_bifurcation {
  double value;  /**< value of the parameter */
  double re, im; /**< the eigenvalue there, on the unstable side, im >= 0; NaN if unknown */
  double angle;  /**< its argument, 0 to pi */
  gd_bifurcation_kind kind;
  bool loses;         /**< true: stable below and unstable above `value`; false: the other way round */
  double uncertainty; /**< bound for the error of `value`, from the rounding of eigenvalues or the error of finite
                           differences; at least 1e-12 (high - low) */
  uint64_t reserved[3];
} gd_bifurcation;

/** Find where the spectral radius of gd_stepper_map() passes 1 while a parameter goes from `low` to `high`.
 *
 * The radius is computed at `samples` + 1 evenly spaced values.  Each change between stable and unstable from one value
 * to the next is located by bisection.  Two changes between neighbouring values can be missed.
 *
 * An eigenvalue counts as outside the unit circle if it is outside by more than its uncertainty: the error of the
 * derivative times the eigenvalue's condition number.  So modes that never move (an eigenvalue 0 of J) do not hide the
 * others.  The error of the derivative is rounding for linear methods on affine games; other derivatives are computed
 * by finite differences, to 1e-9.  gd_bifurcation.uncertainty says how far this may shift a crossing.
 *
 * Cost: a dense eigenproblem of the derivative's size at each value.  The stepper is unchanged on return.
 * @param linearisation of the stepper's game at an equilibrium.
 * @param param a real parameter of the method or of its scaling, such as GD_STEP_SIZE.
 * @param player for a parameter per player: the player whose value changes, while the others keep theirs.  With
 * GD_STEP_SIZE this varies a ratio of time scales.  GD_ALL_PLAYERS changes all of them.
 * @param low,high finite, low < high, both within the parameter's range.
 * @param samples 1 or more; 100 is a good start.
 * @param bifurcations [capacity], set in increasing order of value; crossings beyond `capacity` are left out.
 * @param count the number of crossings found, including those left out.
 * @return GD_ERR_NAME for an unknown parameter; GD_ERR_ARGUMENT for a value outside its range; the errors of
 * gd_stepper_map() and of the eigenproblem.  A step that cannot be taken is no error: it counts as unstable. */
GD_API gd_status gd_bifurcations_compute(gd_stepper *stepper, gd_linearisation *linearisation, const char *param,
                                         size_t player, double low, double high, size_t samples,
                                         gd_bifurcation *bifurcations, size_t capacity, size_t *count);

#ifdef __cplusplus
}
#endif
#endif
