/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Path: a game along the straight line through two points, such as the start and the end of a run. */
#ifndef GAMEDYN_PATH_H
#define GAMEDYN_PATH_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The path angle of Berard, Gidel, Almahairi, Vincent & Lacoste-Julien (2020), "A closer look at the optimization
 * landscapes of generative adversarial networks", ICLR: the cosine of the angle between the field and the line,
 *
 *     c(a) = <to - from, v(x_a)> / (|to - from| |v(x_a)|),      x_a = (1 - a) from + a to.
 *
 * Where `to` attracts along the line, c changes from 1 to -1 at a = 1.  Where the field turns around `to`, c has a bump
 * there; on a line that misses the centre of a pure rotation by b, c(s) = +-b / sqrt(b^2 + s^2) at the distance s from
 * the point nearest to the centre.  The paper's field is the gradient of losses, against which players move, so
 * that its c has the opposite sign.
 *
 * v is evaluated exactly, without a minibatch, on a handle of its own.  A feasible set is ignored.
 * @param from,to [n], finite and apart.  @param count of positions.  @param positions [count], a: 0 is `from`, 1 is `to`.
 * @param cosines [count], in [-1, 1]; NaN where v is 0 and has no direction.
 * @param norms [count], |v(x_a)|; may be NULL.
 * @return GD_ERR_UNSUPPORTED for a partitioned game; GD_ERR_NONFINITE if a point of the line, its length or v there is
 * not finite; errors of the game's evaluations.  Cost: `count` gradients. */
GD_API gd_status gd_path_angle(const gd_game *game, const double *from, const double *to, size_t count,
                               const double *positions, double *cosines, double *norms);

#ifdef __cplusplus
}
#endif
#endif
