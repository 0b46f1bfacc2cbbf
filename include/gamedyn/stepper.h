/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Stepper: a method at work on a game.  A method is a const table; a stepper adds parameter
 * values, a scaling, scratch (forgotten between steps) and memory (kept, reset and saved).
 * The game is borrowed.  Built-in methods and the user's own look exactly alike and use the
 * same functions, at the end of this header. */
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

/* Names are strings so that the set may grow; the macros catch typos early.
 * gd_method_find() also knows the papers' abbreviations (sga, alt, omd, pm, iu, co, eg, rk4). */
#define GD_SIMULTANEOUS "simultaneous"   /**< x + h v(x) */
#define GD_ALTERNATING "alternating"     /**< players in turn */
#define GD_OPTIMISTIC "optimistic"       /**< Popov 1980; Daskalakis et al. 2018 */
#define GD_PREDICTIVE "predictive"       /**< Yadav et al. 2018, in the simultaneous form of Liang & Stokes 2019 */
#define GD_IMPLICIT "implicit"           /**< backward Euler; affine games factor once, others Newton */
#define GD_CONSENSUS "consensus"         /**< simultaneous on the consensus field; Mescheder et al. 2017 */
#define GD_EXTRAGRADIENT "extragradient" /**< Korpelevich 1976 */
#define GD_RUNGE_KUTTA "runge_kutta"     /**< orders 2, 3, 4 */

/* Elementwise scalings of the direction, shared by every method. */
#define GD_SCALING_NONE "none"
#define GD_SCALING_RMSPROP "rmsprop"
#define GD_SCALING_ADAM "adam"
#define GD_SCALING_AMSGRAD "amsgrad"

#define GD_STEP_SIZE "step_size" /**< every method has it, one value per player */

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
  size_t offset;                /**< of the member in the params struct */
  double initial, lower, upper; /**< lower <= value <= upper */
} gd_param;

/** What a method is like. */
enum {
  GD_METHOD_LINEAR = 1 << 0, /**< on an affine game, unscaled, one step is an affine map of (x, memory) */
  /** what a step does to a variable depends on others through the game's evaluations alone, not through norms or inner
   * products: copies of a game side by side (gd_derive_copies()) each step as they would alone */
  GD_METHOD_LANEWISE = 1 << 1,
  /** with a feasible set it comes to rest elsewhere than at the solutions x = P(x + v(x)): no stepper can be made from
   * it on a game that has one */
  GD_METHOD_UNCONSTRAINED = 1 << 2,
  /** with step sizes h_i of their own for the players, one step acts on the modes of diag(h_i) J as it acts on those of
   * h J with one step size: mode_modulus then gives the rates of those, too */
  GD_METHOD_MODES_PER_PLAYER = 1 << 3
};

/** A method.  Tables are static const and must outlive every stepper made from them. */
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
  uint32_t needs;                         /**< bits 1u << gd_quantity beyond the gradient */
  uint32_t traits;                        /**< bits of GD_METHOD_LINEAR ... */
  gd_status (*init)(gd_stepper *stepper); /**< ask for vectors; NULL: none needed */
  /** One step of x [n], in place.  On failure x and memory must be as they were. */
  gd_status (*step)(gd_stepper *stepper, gd_game *game, double *x);
  void (*destroy)(gd_stepper *stepper); /**< only for resources of its own; also called after a failed init */
  /** Stability function: the largest modulus by which one step multiplies the mode of an
   * eigenvalue re + i im of J, with step_size[0] for every player; NULL for methods that do
   * not act mode by mode. */
  gd_status (*mode_modulus)(const void *params, double re, double im, double *modulus);
} gd_method;

GD_API const gd_method *gd_method_find(const char *name); /**< by name or abbreviation; NULL: unknown */
GD_API const gd_method *gd_method_at(size_t index);       /**< NULL past the last: for k = 0, 1, ... */

/** Row k of a method's parameter table; NULL past the last. */
GD_API const gd_param *gd_method_param(const gd_method *method, size_t index);
GD_API const char *gd_scaling_at(size_t index); /**< name of scaling k; NULL past the last */
/** Row k of a scaling's parameter table; NULL past the last or for an unknown name. */
GD_API const gd_param *gd_scaling_param(const char *scaling, size_t index);

/** Put a method to work on a game.
 * @return GD_ERR_NAME for an unknown method name, GD_ERR_STRUCT for a table without its sizes,
 * GD_ERR_UNSUPPORTED if the game cannot give what the method needs, or has a feasible set and the method is
 * GD_METHOD_UNCONSTRAINED, or what init returned. */
GD_API gd_status gd_stepper_create(gd_stepper **stepper, gd_game *game, const gd_method *method);
GD_API gd_status gd_stepper_create_named(gd_stepper **stepper, gd_game *game,
                                         const char *method); /**< see gd_stepper_create */
GD_API void gd_stepper_destroy(gd_stepper *stepper);          /**< NULL is a no-op */
GD_API void gd_stepper_reset(gd_stepper *stepper);            /**< memory to zero, steps to 0; parameters stay */

/** Choose the elementwise scaling, "none" at first; its parameters become parameters of the
 * stepper, named "rmsprop.decay" and the like; its memory starts afresh.
 * @return GD_ERR_NAME; GD_ERR_UNSUPPORTED on a feasible set that is not GD_BOX, where scaled directions rest at points
 * that are no solutions. */
GD_API gd_status gd_stepper_set_scaling(gd_stepper *stepper, const char *scaling);
GD_API const char *gd_stepper_scaling(const gd_stepper *stepper); /**< name of the scaling in use */

/** Set a parameter, for every player.
 * @return GD_ERR_NAME, listing the names there are; GD_ERR_ARGUMENT, stating the range. */
GD_API gd_status gd_stepper_set(gd_stepper *stepper, const char *param, double value);
/** Set a per-player parameter; values [n_players]. */
GD_API gd_status gd_stepper_set_players(gd_stepper *stepper, const char *param, const double *values);
/** The value set (before any schedule); `player` is ignored for parameters that are not per player. */
GD_API gd_status gd_stepper_get(const gd_stepper *stepper, const char *param, size_t player, double *value);
/** A schedule: the factor for step number `step` (0, 1, ...). */
typedef double gd_schedule_fn(void *context, uint64_t step);
/** From now on the method sees value * factor(context, step); real parameters only; factor NULL: no
 * schedule.  The scheduled value is kept within the parameter's range. */
GD_API gd_status gd_stepper_schedule(gd_stepper *stepper, const char *param, gd_schedule_fn *factor, void *context);

/** One step of x [n], in place, then on to the next draw.  On a negative status x and the
 * stepper are as they were.  A step may overflow to infinity; the next gradient then fails with
 * GD_ERR_NONFINITE or GD_ERR_DOMAIN.
 * @return what the game's evaluations return; GD_NOT_CONVERGED from methods that solve. */
GD_API gd_status gd_stepper_step(gd_stepper *stepper, double *x);
GD_API uint64_t gd_stepper_steps(const gd_stepper *stepper);          /**< taken since create or reset */
GD_API const gd_method *gd_stepper_method(const gd_stepper *stepper); /**< the table it was made from */
GD_API gd_game *gd_stepper_game(const gd_stepper *stepper);           /**< the game it steps on */

/** Ask the run that drives this stepper to stop after the step in progress.  May be called from
 * another thread or from a signal handler (async-signal-safe). */
GD_API void gd_stepper_request_stop(gd_stepper *stepper);
/** True once after a request: reading it clears it.  gd_run() does this. */
GD_API bool gd_stepper_take_stop_request(gd_stepper *stepper);

/** Derivative of ONE STEP in z = (x, memory in order of creation, the scaling's memory), by
 * central differences on a held draw, at x [n] and the memory of now; its size is
 * gd_operator_columns().  Exact to rounding for GD_METHOD_LINEAR methods, unscaled, on affine
 * games.  Taken as of a step after the first, schedules included; before a scaling's first step
 * its moments do not act yet, so take one step first.
 * The stepper is borrowed and left as it was by each product, and must keep its scaling.
 * @return products: GD_ERR_HYPOTHESIS where a scaling's mean square is so near 0 that a difference would lead below. */
GD_API gd_status gd_stepper_map(gd_operator **op, gd_stepper *stepper, const double *x);

/** Derivative of one step at its fixed point above x [n].  Its spectral radius is the local rate of any method, the
 * user's own included; gd_rate() and its kin take it.
 *
 * Memory is found by steps from zero memory at x, whatever the stepper remembers; it does not depend on what was
 * stepped before.  The scaling's memory is where steps of direction 0 leave it: means and mean squares at 0, Adam's
 * corrections at their limit 1.  There a scaling is linear to first order,
 *
 *     rmsprop: d / sqrt(e) (epsilon inside the root) or d / e;   adam: m'/e;   amsgrad: m'/(sqrt(w) + e),
 *
 * m' the running mean of d, w the largest mean square of now, which never shrinks (0 at first).  Mean squares act in
 * second order only, so z = (x, memory, means): they die out by their own factor, rmsprop.decay or adam.square_decay,
 * and hold no rate back.  Runs go at this rate when the mean squares are small beside epsilon.
 *
 * x counts as a fixed point if one step moves it by at most 1e-6 of what the step makes of a displacement by
 * max(1, largest |x_k|) of all variables in a random direction, both as Euclidean norms, or by rounding.  That does not
 * depend on the units of the field nor on the step size.
 * @return GD_ERR_HYPOTHESIS if x is no fixed point, if the memory does not settle within 1000 steps, or if the step has
 * a kink at x, as on the edge of a feasible set (looked for in a random direction); GD_ERR_NONFINITE; what a step
 * returns. */
GD_API gd_status gd_stepper_map_at_rest(gd_operator **op, gd_stepper *stepper, const double *x);

typedef int gd_write_fn(void *context, const void *bytes, size_t count); /**< 0 on success */
typedef int gd_read_fn(void *context, void *bytes, size_t count);        /**< exactly count bytes; 0 on success */

/** The whole future of a stepper as bytes: memory, steps, draw position, parameters, scaling; not
 * its schedules, which are code, only which parameters have one.  Versioned and checksummed.
 * @return GD_ERR_IO if `write` fails. */
GD_API gd_status gd_stepper_save(const gd_stepper *stepper, gd_write_fn *write, void *context);
/** Take over a saved future; the stepper must have the same method on a game of the same shape.  Schedules set before
 * stay.
 * @return GD_SCHEDULE_MISSING, naming the parameters, if what was saved had schedules that this stepper has not: it
 * steps without them, and is saved as one that awaits them, until gd_stepper_schedule() sets them (NULL: none after
 * all).  GD_ERR_FORMAT, saying what differs or is damaged; GD_ERR_IO if `read` fails; the stepper is
 * then as it was. */
GD_API gd_status gd_stepper_load(gd_stepper *stepper, gd_read_fn *read, void *context);

/* ---- For those who write methods.  See docs/adding_a_method.md. ---- */

GD_API const void *gd_stepper_params(const gd_stepper *stepper); /**< params struct, scheduled for this step */
GD_API void *gd_stepper_state(const gd_stepper *stepper);        /**< state struct */
/** A vector [n], undefined between steps; in init only.  NULL when memory runs out: init then
 * returns GD_ERR_MEMORY (gd_stepper_create does so too if init overlooks it). */
GD_API double *gd_stepper_scratch(gd_stepper *stepper);
/** A vector [n], kept between steps, reset to zero and saved under its name; in init only.
 * @param name of at most 63 characters, unlike the other names; not copied. */
GD_API double *gd_stepper_memory(gd_stepper *stepper, const char *name);
/** Exchange two of the stepper's vectors: the pointers, and which of them is memory.  So that
 * "the previous gradient" is kept without a copy.  Do it last, when nothing can fail any more. */
GD_API void gd_stepper_swap(gd_stepper *stepper, double **first, double **second);
/** The gradient at x, scaled by the stepper's scaling: what most methods move along.
 * direction [n], a vector of the stepper. */
GD_API gd_status gd_stepper_direction(gd_stepper *stepper, const double *x, double *direction);
#define GD_ALL_PLAYERS ((size_t)-1) /**< in place of a player's number */
/** Scale a direction in place, all of it or one player's block; direction [n] always.  The
 * scaling's memory advances with each call and is kept if the step succeeds. */
GD_API gd_status gd_stepper_scale(gd_stepper *stepper, size_t player, double *direction);
/** to = P(from + h_i factor direction), h the step size of each player and P the game's
 * projection; `to` may be `from`, and is untouched on failure.  All [n]. */
GD_API gd_status gd_stepper_move(gd_stepper *stepper, double *to, const double *from, double factor,
                                 const double *direction);

/** to = P(from + h_i direction_times_h + plain): for methods with terms that no step size multiplies, such as momentum
 * beta (x_t - x_{t-1}).  `to` may be `from` but not `plain`, and is untouched on failure.  All [n]. */
GD_API gd_status gd_stepper_move_by(gd_stepper *stepper, double *to, const double *from,
                                    const double *direction_times_h, const double *plain);

/** x = P(x + h_i (a first + b second)), in one pass; x is untouched on failure.  All [n]. */
GD_API gd_status gd_stepper_move_pair(gd_stepper *stepper, double *x, double a, const double *first, double b,
                                      const double *second);

/* Rows of a parameter table: the member has the parameter's name. */
#define GD_PARAM(type, member, kind, initial, lower, upper, summary)                                                   \
  { #member, (summary), (kind), offsetof(type, member), (initial), (lower), (upper) }
#define GD_PARAM_FLAG(type, member, initial, summary) GD_PARAM(type, member, GD_KIND_FLAG, (initial), 0.0, 1.0, summary)
#define GD_PARAM_STEP_SIZE(type)                                                                                       \
  GD_PARAM(type, step_size, GD_KIND_REAL_PER_PLAYER, 0.01, 0.0, DBL_MAX, "h, step size of each player")
/* First line of a method table (C only): name, sizes and parameters of ID. */
#define GD_METHOD_HEAD(ID, table)                                                                                      \
  .struct_size = sizeof(gd_method), .name = #ID, .params = (table), .n_params = sizeof(table) / sizeof *(table),       \
  .param_size = sizeof(gd_param), .params_size = sizeof(struct ID##_params), .state_size = sizeof(struct ID##_state)

#ifdef __cplusplus
}
#endif
#endif
