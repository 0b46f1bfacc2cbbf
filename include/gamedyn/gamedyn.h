/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * libgamedyn: gradient dynamics of smooth games.  This header includes all the others.
 *
 * THE SUBJECT.  There are m players.  Player i chooses block x_i of the joint point x in R^n to raise its utility
 * u_i(x).  The game is described by one vector field:
 *
 *     v(x) = (du_1/dx_1, ..., du_m/dx_m)     "the gradient", length n
 *     J(x) = dv/dx                           "the Jacobian", n by n
 *
 * v is the direction of motion.  The flow is dx/dt = v(x), and simultaneous gradient ascent is x + h v(x).
 * A stationary point (v = 0) is stable for the flow when J is Hurwitz: every eigenvalue has a negative real part.
 * A player with a loss f_i contributes -df_i/dx_i.  The min-max game  min_theta max_omega U  has
 * v = (-dU/dtheta, +dU/domega).  This convention holds everywhere; no flag changes it.
 *
 * THE NOUNS.
 *     game            the utilities of the players, as functions that evaluate v and its derivatives
 *     method          the formula of one step, as a constant table
 *     stepper         a method applied to one game, with its parameters and its memory
 *     run             steps of a stepper until a stop rule holds
 *     operator        a linear map known by its products with vectors
 *     spectrum        the eigenvalues of an operator
 *     linearisation   a game at a point
 *     guarantee       what a theorem promises
 *
 *     game + point = linearisation          linearisation + method = rates
 *
 * THE TIERS, in the order of the includes below.
 *     play    running games; start here
 *     look    points, rates, theorems
 *     learn   building games
 *     many    many runs, long runs
 *
 * OBJECTS are opaque.  gd_X_destroy(NULL) is a no-op.  Destroy objects in the reverse order of their creation.
 * No data is exported, and no call depends on what was done with another handle.
 *
 * STRUCTS that the caller fills start with struct_size and may grow at the end: missing members take their defaults,
 * unknown members must be zero.  Structs that the library fills end in reserved words.
 *
 * THREADS.  A handle may be used by one thread at a time; gd_game_dup() gives another handle.
 *
 * ARRAYS are double, contiguous, in host memory.  Matrices are column-major: J[i + j*ldj] = dv_i/dx_j.
 * Lengths are written in brackets: x [n]. */
#ifndef GAMEDYN_GAMEDYN_H
#define GAMEDYN_GAMEDYN_H

/* play: running games; start here */
#include <gamedyn/env.h>
#include <gamedyn/game.h>
#include <gamedyn/models.h>
#include <gamedyn/run.h>
#include <gamedyn/status.h>
#include <gamedyn/stepper.h>

/* look: points, rates, theorems */
#include <gamedyn/analysis.h>
#include <gamedyn/bifurcation.h>
#include <gamedyn/classify.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/linearisation.h>
#include <gamedyn/mean_spectrum.h>
#include <gamedyn/nonnormal.h>
#include <gamedyn/operator.h>
#include <gamedyn/path.h>
#include <gamedyn/rates.h>
#include <gamedyn/solve.h>
#include <gamedyn/spectrum.h>
#include <gamedyn/stability.h>

/* learn: building games */
#include <gamedyn/catalog.h>
#include <gamedyn/data.h>
#include <gamedyn/derivation.h>
#include <gamedyn/derive.h>
#include <gamedyn/gmm_gan.h>
#include <gamedyn/graph.h>
#include <gamedyn/matrix.h>
#include <gamedyn/mixture.h>
#include <gamedyn/neural.h>
#include <gamedyn/rng.h>
#include <gamedyn/sample.h>
#include <gamedyn/sparse.h>

/* many: many runs, long runs */
#include <gamedyn/checkpoint.h>
#include <gamedyn/ensemble.h>
#include <gamedyn/statistics.h>

/* what every header includes, and names for the values of enumerations */
#include <gamedyn/export.h>
#include <gamedyn/names.h>
#include <gamedyn/version.h>

#endif
