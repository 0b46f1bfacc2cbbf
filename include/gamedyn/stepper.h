/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Stepper: a method applied to a game.  A method is a constant table.  A stepper adds the values of its parameters, a
 * scaling, scratch (vectors that are forgotten between steps) and memory (vectors that are kept, reset and saved).
 * The game is borrowed.  Methods of the user have the same table as built-in ones and use the same functions, those at
 * the end of this header. */
#ifndef GAMEDYN_STEPPER_H
#define GAMEDYN_STEPPER_H

#include <float.h>
#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/operator.h>
#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_stepper gd_stepper;

/* Methods are found by name, so that new ones can be added.  The macros make the compiler find typing errors.
 * gd_method_find() also accepts the papers' abbreviations (sga, alt, omd, pm, iu, co, eg, rk4). */
#define GD_SIMULTANEOUS "simultaneous"   /**< x + h v(x) */
#define GD_ALTERNATING "alternating"     /**< players in turn */
#define GD_OPTIMISTIC "optimistic"       /**< Popov 1980; Daskalakis et al. 2018 */
#define GD_PREDICTIVE "predictive"       /**< Yadav et al. 2018, in the simultaneous form of Liang & Stokes 2019 */
#define GD_IMPLICIT "implicit"           /**< backward Euler; one factorisation on affine games, else Newton's method */
#define GD_CONSENSUS "consensus"         /**< simultaneous on the consensus field; Mescheder et al. 2017 */
#define GD_EXTRAGRADIENT "extragradient" /**< Korpelevich 1976 */
#define GD_RUNGE_KUTTA "runge_kutta"     /**< orders 2, 3, 4 */

/* Elementwise scalings of the direction; every method can use them. */
#define GD_SCALING_NONE "none"
#define GD_SCALING_RMSPROP "rmsprop"
#define GD_SCALING_ADAM "adam"
#define GD_SCALING_AMSGRAD "amsgrad"

#define GD_STEP_SIZE "step_size" /**< a parameter of every method, one value per player */

/** The type of a parameter, and of its member in the method's params struct. */
typedef enum gd_param_kind {
  GD_KIND_REAL = 0,            /**< double member */
  GD_KIND_REAL_PER_PLAYER = 1, /**< const double * member, [n_players], storage by the library */
  GD_KIND_COUNT = 2,           /**< uint64_t member; whole numbers */
  GD_KIND_FLAG = 3,            /**< bool member; 0 or 1 */
  GD_KIND_COUNT_PER_PLAYER = 4 /**< const uint64_t * member, [n_players], storage by the library */
} gd_param_kind;

/** One row of a parameter table. */
typedef struct gd_param {
  const char *name;
  const char *summary; /**< one line, with the unit or the symbol of the paper */
  gd_param_kind kind;
  size_t offset;                /**< offset of the member in the params struct */
  double initial, lower, upper; /**< lower <= value <= upper */
} gd_param;

/** Properties of a method. */
enum {
  GD_METHOD_LINEAR = 1 << 0, /**< on an affine game, without scaling, one step is an affine map of (x, memory) */
  /** variables depend on each other only through the game's evaluations, not through norms or inner products taken by
   * the method.  So copies of a game side by side (gd_derive_copies()) each step as they would alone. */
  GD_METHOD_LANEWISE = 1 << 1,
  /** with a feasible set the method has fixed points that are no solutions x = P(x + v(x)).  No stepper can be created
   * from it on a game that has a feasible set. */
  GD_METHOD_UNCONSTRAINED = 1 << 2,
  /** with a step size h_i for each player, one step acts on the modes of diag(h_i) J as it acts on those of h J with
   * one step size h.  So mode_modulus also gives the rates for step sizes per player. */
  GD_METHOD_MODES_PER_PLAYER = 1 << 3
};

/** The table of a method.  It must be static const, or outlive every stepper created from it. */
typedef struct gd_method {
  size_t struct_size; /**< sizeof(gd_method) */
  const char *name;
  const char *summary;
  const char *source;     /**< author, year, title, equation */
  const gd_param *params; /**< [n_params] rows of param_size bytes; one must be GD_PARAM_STEP_SIZE */
  size_t n_params, param_size;
  /** sizeof the private params struct, zeroed before init.  Bytes that belong to no parameter are the method's own: init may
   * set them, and mode_modulus gets them as they are. */
  size_t params_size;
  size_t state_size;                      /**< sizeof the private state struct; zeroed before init */
  uint32_t needs;                         /**< quantities needed beyond the gradient: bits 1u << gd_quantity */
  uint32_t traits;                        /**< bits of GD_METHOD_LINEAR ... */
  gd_status (*init)(gd_stepper *stepper); /**< asks for vectors; NULL: none needed */
  /** Takes one step of x [n], in place.  On failure x and memory must be unchanged. */
  gd_status (*step)(gd_stepper *stepper, gd_game *game, double *x);
  void (*destroy)(gd_stepper *stepper); /**< frees resources of the method's own; also called after a failed init */
  /** Stability function: the largest modulus by which one step multiplies the mode of an eigenvalue re + i im of J,
   * with step_size[0] for every player.  NULL for methods that do not act mode by mode. */
  gd_status (*mode_modulus)(const void *params, double re, double im, double *modulus);
} gd_method;

GD_API const gd_method *gd_method_find(const char *name); /**< by name or abbreviation; NULL: unknown */
GD_API const gd_method *gd_method_at(size_t index);       /**< method `index`; NULL past the last one */

/** Row `index` of a method's parameter table; NULL past the last one. */
GD_API const gd_param *gd_method_param(const gd_method *method, size_t index);
GD_API const char *gd_scaling_at(size_t index); /**< name of scaling `index`; NULL past the last one */
/** Row `index` of a scaling's parameter table; NULL past the last one or for an unknown name. */
GD_API const gd_param *gd_scaling_param(const char *scaling, size_t index);

/** Create a stepper: the method, applied to the game.
 * @return GD_ERR_NAME for an unknown method name.  GD_ERR_STRUCT for a table without its sizes.  GD_ERR_UNSUPPORTED if
 * the game lacks a quantity that the method needs, or has a feasible set and the method is GD_METHOD_UNCONSTRAINED.
 * Any error of the method's init. */
GD_API gd_status gd_stepper_create(gd_stepper **stepper, gd_game *game, const gd_method *method);
GD_API gd_status gd_stepper_create_named(gd_stepper **stepper, gd_game *game,
                                         const char *method); /**< see gd_stepper_create */
GD_API void gd_stepper_destroy(gd_stepper *stepper);          /**< NULL is a no-op */
GD_API void gd_stepper_reset(gd_stepper *stepper);            /**< memory and steps to 0; parameters do not change */

/** Choose the elementwise scaling; a new stepper has "none".  The scaling's parameters become parameters of the
 * stepper, with names such as "rmsprop.decay".  Its memory is reset.
 * @return GD_ERR_NAME for an unknown scaling.  GD_ERR_UNSUPPORTED on a feasible set that is not GD_BOX: there the
 * scaled directions have fixed points that are no solutions. */
GD_API gd_status gd_stepper_set_scaling(gd_stepper *stepper, const char *scaling);
GD_API const char *gd_stepper_scaling(const gd_stepper *stepper); /**< name of the scaling in use */

/** Set a parameter; a parameter per player is set for every player.
 * @return GD_ERR_NAME for an unknown parameter (the message lists the names); GD_ERR_ARGUMENT for a value out of range
 * (the message states the range). */
GD_API gd_status gd_stepper_set(gd_stepper *stepper, const char *param, double value);
/** Set a per-player parameter; values [n_players]. */
GD_API gd_status gd_stepper_set_players(gd_stepper *stepper, const char *param, const double *values);
/** Get a parameter's value, without the factor of its schedule.  `player` is ignored for parameters that are not per
 * player. */
GD_API gd_status gd_stepper_get(const gd_stepper *stepper, const char *param, size_t player, double *value);
/** A schedule: returns the factor for step number `step` (0, 1, ...). */
typedef double gd_schedule_fn(void *context, uint64_t step);
/** Set a schedule: from now on the method sees value * factor(context, step), kept within the parameter's range.  For
 * real parameters only.
 * @param factor NULL: no schedule. */
GD_API gd_status gd_stepper_schedule(gd_stepper *stepper, const char *param, gd_schedule_fn *factor, void *context);

/** Take one step of x [n], in place, then advance to the next draw.  On a negative status x and the stepper are
 * unchanged.  A step may overflow to infinity; the next gradient then fails with GD_ERR_NONFINITE or GD_ERR_DOMAIN.
 * @return the errors of the game's evaluations; GD_NOT_CONVERGED from methods that solve equations. */
GD_API gd_status gd_stepper_step(gd_stepper *stepper, double *x);
GD_API uint64_t gd_stepper_steps(const gd_stepper *stepper);          /**< taken since create or reset */
GD_API const gd_method *gd_stepper_method(const gd_stepper *stepper); /**< the table it was made from */
GD_API gd_game *gd_stepper_game(const gd_stepper *stepper);           /**< the game it steps on */

/** Ask the run that uses this stepper to stop after the current step.  May be called from another thread or from a
 * signal handler (async-signal-safe). */
GD_API void gd_stepper_request_stop(gd_stepper *stepper);
/** Return whether a stop was requested, and clear the request.  gd_run() calls it. */
GD_API bool gd_stepper_take_stop_request(gd_stepper *stepper);

/** The derivative of one step in z = (x, memory in order of creation, the scaling's memory), as an operator.  It is
 * taken at x [n] and the current memory, for the current draw; gd_operator_columns() gives its size.
 * Products are central differences.  They are exact to rounding for GD_METHOD_LINEAR methods without scaling on affine
 * games.
 * The step differentiated is the one at the current step counter, schedules included; at counter 0 it is the second
 * one.  Before the first step the moments of a scaling are 0 and do not act yet, so take one step first.
 * The stepper is borrowed.  Each product leaves it as it was.  Its scaling must not change.
 * @return from products also GD_ERR_HYPOTHESIS: a mean square of the scaling is so close to 0 that a difference would
 * make it negative. */
GD_API gd_status gd_stepper_map(gd_operator **op, gd_stepper *stepper, const double *x);

/** The derivative of one step at the stepper's fixed point with the given x [n].  Its spectral radius is the local rate
 * of any method, including those of the user.  gd_rate() and related functions use it.
 *
 * The memory of the fixed point is found by steps from zero memory at x.  The stepper's current memory and its earlier
 * steps have no influence.  The memory of the scaling is the one that steps with direction 0 lead to: means and mean
 * squares are 0, Adam's bias corrections have their limit 1.  There a scaling is linear to first order,
 *
 *     rmsprop: d / sqrt(e) (epsilon inside the root) or d / e;   adam: m'/e;   amsgrad: m'/(sqrt(w) + e),
 *
 * d the direction, e epsilon, m' the running mean of d, w the largest mean square so far, which never shrinks (0 at
 * first).  Mean squares act in second order only, so z = (x, memory, means) without them.  They decay with their own
 * factor, rmsprop.decay or adam.square_decay, and do not limit the rate.  Runs attain this rate when the mean squares
 * are small compared with epsilon.
 *
 * Test of a fixed point: let one step change a displacement u of x by (M - I) u, where u has a random direction and the
 * size max(1, largest |x_k|) in every variable.  Then x is a fixed point if one step moves it by at most 1e-6 |(M - I)
 * u| (Euclidean norms), or by rounding.  This depends neither on the units of the field nor on the step size.
 * @return GD_ERR_HYPOTHESIS if x is no fixed point, if the memory does not settle within 1000 steps, or if the step has
 * a kink at x, for example on the edge of a feasible set (tested along a random direction).  GD_ERR_NONFINITE.  The
 * errors of a step. */
GD_API gd_status gd_stepper_map_at_rest(gd_operator **op, gd_stepper *stepper, const double *x);

typedef int gd_write_fn(void *context, const void *bytes, size_t count); /**< 0 on success */
typedef int gd_read_fn(void *context, void *bytes, size_t count);        /**< exactly count bytes; 0 on success */

/** Save everything that determines a stepper's further steps: memory, step number, draw position, parameters, scaling.
 * Schedules are code and cannot be saved; the names of the parameters that have one are.  The bytes have a version and
 * a checksum.
 * @return GD_ERR_IO if `write` fails. */
GD_API gd_status gd_stepper_save(const gd_stepper *stepper, gd_write_fn *write, void *context);
/** Load what gd_stepper_save() wrote.  The stepper must have the same method, on a game of the same shape.  Schedules
 * that are set on it stay.
 * @return GD_SCHEDULE_MISSING if the saved stepper had schedules that this one does not have; the message names the
 * parameters.  The stepper then steps without them.  It counts as waiting for them, and is saved so, until
 * gd_stepper_schedule() sets them (to NULL, if there shall be none).  GD_ERR_FORMAT if the bytes are damaged or do not
 * fit; the message says how.  GD_ERR_IO if `read` fails.  After an error the stepper is unchanged. */
GD_API gd_status gd_stepper_load(gd_stepper *stepper, gd_read_fn *read, void *context);

/* ---- For the writers of methods.  See docs/adding_a_method.md. ---- */

GD_API const void *gd_stepper_params(const gd_stepper *stepper); /**< params struct, with the schedules of this step */
GD_API void *gd_stepper_state(const gd_stepper *stepper);        /**< state struct */
/** Create a scratch vector [n], undefined at the start of each step.  Only in init.
 * @return NULL if there is no memory; init then returns GD_ERR_MEMORY.  (gd_stepper_create() returns it even if init
 * does not.) */
GD_API double *gd_stepper_scratch(gd_stepper *stepper);
/** Create a memory vector [n]: kept between steps, reset to zero, saved under its name.  Only in init.
 * @param name at most 63 characters, different from the other names; not copied.
 * @return NULL if there is no memory, as gd_stepper_scratch(). */
GD_API double *gd_stepper_memory(gd_stepper *stepper, const char *name);
/** Exchange two of the stepper's vectors: the pointers, and which of them is memory.  This keeps, for example, the
 * previous gradient without a copy.  Call it at the end of a step, when nothing can fail any more. */
GD_API void gd_stepper_swap(gd_stepper *stepper, double **first, double **second);
/** The gradient at x, scaled by the stepper's scaling.  Most methods move along it.
 * @param direction [n], a vector of the stepper. */
GD_API gd_status gd_stepper_direction(gd_stepper *stepper, const double *x, double *direction);
#define GD_ALL_PLAYERS ((size_t)-1) /**< all players, in place of a player's number */
/** Scale a direction in place: all of it, or one player's block.  `direction` is [n] in both cases.  The memory of the
 * scaling advances with each call; the change is kept if the step succeeds. */
GD_API gd_status gd_stepper_scale(gd_stepper *stepper, size_t player, double *direction);
/** to = P(from + h_i factor direction), where h_i is the step size of each player and P the projection of the game.
 * `to` may be `from`.  It is unchanged on failure.  All arrays [n]. */
GD_API gd_status gd_stepper_move(gd_stepper *stepper, double *to, const double *from, double factor,
                                 const double *direction);

/** The end of a step: scale the direction and move x along it, x = P(x + h_i scaled direction), in one pass over memory.
 * It does the same as gd_stepper_scale() of all players and gd_stepper_move(), bit for bit, with less memory traffic.
 * Nothing after it may fail in this step: the memory of the scaling is overwritten.
 * @param direction [n], a vector of the stepper; undefined afterwards.
 * @return as gd_stepper_move(); x is unchanged on failure. */
GD_API gd_status gd_stepper_finish(gd_stepper *stepper, double *x, double *direction);

/** to = P(from + h_i direction_times_h + plain), for methods with terms that are not multiplied by a step size, such as
 * the momentum beta (x_t - x_{t-1}).  `to` may be `from` but not `plain`.  It is unchanged on failure.  All arrays
 * [n]. */
GD_API gd_status gd_stepper_move_by(gd_stepper *stepper, double *to, const double *from,
                                    const double *direction_times_h, const double *plain);

/** x = P(x + h_i (a first + b second)), in one pass.  x is unchanged on failure.  All arrays [n]. */
GD_API gd_status gd_stepper_move_pair(gd_stepper *stepper, double *x, double a, const double *first, double b,
                                      const double *second);

/* Rows of a parameter table.  The struct member has the name of the parameter. */
#define GD_PARAM(type, member, kind, initial, lower, upper, summary)                                                   \
  { #member, (summary), (kind), offsetof(type, member), (initial), (lower), (upper) }
#define GD_PARAM_FLAG(type, member, initial, summary) GD_PARAM(type, member, GD_KIND_FLAG, (initial), 0.0, 1.0, summary)
#define GD_PARAM_STEP_SIZE(type)                                                                                       \
  GD_PARAM(type, step_size, GD_KIND_REAL_PER_PLAYER, 0.01, 0.0, DBL_MAX, "h, step size of each player")
/* The first line of a method table (C only): the name, sizes and parameters of ID. */
#define GD_METHOD_HEAD(ID, table)                                                                                      \
  .struct_size = sizeof(gd_method), .name = #ID, .params = (table), .n_params = sizeof(table) / sizeof *(table),       \
  .param_size = sizeof(gd_param), .params_size = sizeof(struct ID##_params), .state_size = sizeof(struct ID##_state)

#ifdef __cplusplus
}
#endif
#endif
