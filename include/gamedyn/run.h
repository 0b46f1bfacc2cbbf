/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Run: takes steps with a stepper until a stop rule holds.  Observers are called during the run.  A trace is an
 * observer that records. */
#ifndef GAMEDYN_RUN_H
#define GAMEDYN_RUN_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/stepper.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The stop rules.  In the descriptions x and x' are the points before and after a step, and gradient_norm is that of
 * gd_run_result. */
typedef enum gd_stop {
  GD_STOP_STEPS = 0,           /**< max_steps taken */
  GD_STOP_GRADIENT = 1,        /**< x is stationary: gradient_norm <= gradient_tolerance at x, but not ahead of x */
  GD_STOP_STALLED = 2,         /**< |x' - x| <= step_tolerance: no sign of convergence, as small step sizes do it too */
  GD_STOP_GRADIENTS_SPENT = 3, /**< max_gradients spent */
  GD_STOP_SECONDS = 4,         /**< max_seconds passed */
  GD_STOP_DIVERGED = 5,        /**< |x| > divergence_norm, or x or v is not finite; x is the last finite point */
  GD_STOP_OBSERVER = 6,        /**< an observer returned nonzero */
  GD_STOP_REQUESTED = 7,       /**< gd_stepper_request_stop() was called */
  /** the field is small: gradient_norm <= gradient_tolerance at x, where v is not 0, and also ahead of x.  x need not
   * be close to a stationary point.  Scale the utilities, or choose a smaller tolerance. */
  GD_STOP_SMALL_FIELD = 8
} gd_stop;

/** One English clause, such as "a stationary point was reached"; static storage. */
GD_API const char *gd_stop_text(gd_stop stop);

/** The argument of an observer.  It grows at its end: read it through the pointer. */
typedef struct gd_progress {
  uint64_t step;    /**< number of the stepper's step that led to x; the start is observed too, before the first step */
  const double *x;  /**< [n] */
  double x_norm;    /**< |x| */
  double move_norm; /**< |x' - x| of the last step; 0 at the start; NaN if the run ends between two looks */
  double gradient_norm; /**< as in gd_run_result; NaN unless a rule evaluated it at this step or the run ends here */
  double seconds;       /**< since the run began */
  const gd_stepper *stepper;
} gd_progress;

/** An observer of runs.  Frozen: its members never change. */
typedef struct gd_observer {
  int (*observe)(void *context, const gd_progress *progress); /**< nonzero: stop, after all observers were called */
  void *context;
} gd_observer;

typedef struct gd_run_options {
  size_t struct_size;
  uint64_t max_steps; /**< most steps of this run; default 10000 */
  /** Stop where gradient_norm is at most this; default 1e-8; 0: rule off.  In the units of v: choose it by the size of
   * the field.
   * Where the rule holds and v is not 0, the field is evaluated once more ahead, at x + 0.618 d, where d is along v and
   * |d| = max(1, |x|).  If it is larger than the tolerance there, the run ends as GD_STOP_GRADIENT, else as
   * GD_STOP_SMALL_FIELD.  With a feasible set d is along the natural residual, the point is x + 0.618 (P(x + d) - x),
   * and -d is tried as well.  A point outside of the game's domain decides nothing; the run then ends as
   * GD_STOP_GRADIENT.
   * Cost: one gradient at the end of a run, up to three with a feasible set. */
  double gradient_tolerance;
  double step_tolerance; /**< stop where |x' - x| is at most this; default 0: off */
  /** Stop when this run has spent this many gradients; 0 (default): off.  A player gradient counts as the fraction
   * (block size / n) of a gradient; the sum is rounded up.  Gradients evaluated by the stop rules are counted, except
   * those of the final evaluation.  Rank 0's counts decide. */
  uint64_t max_gradients;
  double max_seconds;     /**< 0 (default): off; rank 0's clock decides */
  double divergence_norm; /**< > 0, default 1e12; infinity: stop only for numbers that are not finite */
  /** Look at x, evaluate the gradient norm and read the clock when the number of the stepper's step is divisible by this, and at
   * the start and the end of the run; 1 or more, default 10.  A look that finds a diverged run takes the steps since the
   * last look again, one by one, and the run ends at the step at which it diverged.  A point that is far away between
   * two looks, but not at one of them, does not end the run. */
  uint64_t check_every;
  /** Call the observers when the number of the stepper's step is divisible by this, and at the start and the end of the
   * run; 1 or more, default 1. */
  uint64_t observe_every;
  const gd_observer *observers; /**< [n_observers] */
  size_t n_observers;
} gd_run_options;

/** Fill in the defaults; use the macro gd_run_options_init(&options). */
GD_API void gd_run_options_init_sized(gd_run_options *options, size_t size);
#define gd_run_options_init(o) gd_run_options_init_sized((o), sizeof *(o))

typedef struct gd_run_result {
  gd_stop stop;   /**< the rule that ended the run; not meaningful if gd_run() failed */
  uint64_t steps; /**< steps taken by this run */
  /** |v(x)| at the end.  With a feasible set: the natural residual |P(x + v(x)) - x|, P the projection.  The step
   * inside P is always 1.  The residual is 0 if and only if <v(x), y - x> <= 0 for all y in the set.  NaN if it cannot
   * be evaluated. */
  double gradient_norm;
  double x_norm, seconds; /**< |x| at the end; seconds since the run began */
  gd_counts counts;       /**< calls made by this run alone, those of the stop rules included */
  uint64_t reserved[8];
} gd_run_result;

/** Take steps from x [n], in place, until a stop rule holds.  The result is GD_OK whichever rule it is.
 * Another call continues from where this one ended.  If several rules hold at once, divergence is reported first, then
 * a small gradient.
 * The rules evaluate the gradient as the game is configured: on the current minibatch if there is one.
 * @param options NULL: defaults.
 * @param result may be NULL; filled also on failure.
 * @return GD_ERR_NONFINITE if x is not finite at the start.  Errors of the stepper and the game other than divergence;
 * x is then the last point reached.  GD_NOT_CONVERGED if a step returned it; the run went on. */
GD_API gd_status gd_run(gd_stepper *stepper, double *x, const gd_run_options *options, gd_run_result *result);

/** A record of a run, one row per observation; of several runs, one after the other.  What it evaluates itself is
 * exact (on no minibatch), NaN where the answer is not finite. */
typedef struct gd_trace gd_trace;

/** Columns; the step number is always kept. */
enum {
  GD_TRACE_POINT = 1 << 0,     /**< x, n wide */
  GD_TRACE_UTILITIES = 1 << 1, /**< n_players wide */
  GD_TRACE_GRADIENT_NORM =
      1 << 2, /**< as in gd_run_result; evaluated by the trace itself, on a handle of its own; not counted to the run */
  GD_TRACE_DISTANCE = 1 << 3, /**< |x - reference| */
  GD_TRACE_SECONDS = 1 << 4,  /**< since the run began */
  /** that the stepper's game has counted since the first row, the run's own looks included; a player's gradient counts
   * by its share of the variables */
  GD_TRACE_GRADIENTS = 1 << 5,
  GD_TRACE_STEP_SIZES = 1 << 6,  /**< of the step that led to x, with its schedule; n_players wide */
  GD_TRACE_PLAYER_NORMS = 1 << 7 /**< of the players' blocks of what GD_TRACE_GRADIENT_NORM measures; n_players wide */
};

/** A trace of runs on this game, which may be destroyed before the trace.
 * @param columns bits of GD_TRACE_POINT ... GD_TRACE_PLAYER_NORMS, or 0.
 * @param reference [n], copied; needed for GD_TRACE_DISTANCE, else may be NULL.
 * @return GD_ERR_UNSUPPORTED if utilities are wanted and the game has none. */
GD_API gd_status gd_trace_create(gd_trace **trace, gd_game *game, uint32_t columns, const double *reference);
GD_API void gd_trace_destroy(gd_trace *trace);         /**< NULL is a no-op */
GD_API void gd_trace_clear(gd_trace *trace);           /**< forget all rows */
GD_API gd_observer gd_trace_observer(gd_trace *trace); /**< for gd_run_options; valid while the trace lives */
GD_API size_t gd_trace_rows(const gd_trace *trace);    /**< observations kept */
/** Step of each row, [rows]; valid until the next observation. */
GD_API const uint64_t *gd_trace_steps(const gd_trace *trace);
GD_API size_t gd_trace_width(const gd_trace *trace, uint32_t column); /**< numbers per row; 0: not kept */
/** One column, [rows * width], row-major; NULL: not kept, or no row yet.  Valid until the next observation. */
GD_API const double *gd_trace_column(const gd_trace *trace, uint32_t column);
/** Write all rows as a table of text: a line of names, then a line for each row, separated by commas, with 17 significant
 * digits.  The columns that are kept come in the order
 *
 *     step, seconds, gradients, gradient_norm, energy, player_norm_i, distance, utility_i, step_size_i, x_k
 *
 * with i = 0 ... n_players - 1 and k = 0 ... n - 1.  The energy, gradient_norm^2 / 2, comes with GD_TRACE_GRADIENT_NORM.
 * Numbers that are not finite read nan, inf or -inf.  With several ranks each has its own x and all have the same norms.
 * A regular file is replaced as a whole, or stays as it was; a pipe or a device is written to.
 * @return GD_ERR_IO; GD_NOT_SYNCED if the file is written, but may be the old one again after a loss of power. */
GD_API gd_status gd_trace_write_csv(const gd_trace *trace, const char *path);
/** Why the trace stopped the run, GD_OK if it did not (out of memory, a failing evaluation). */
GD_API gd_status gd_trace_status(const gd_trace *trace);

#ifdef __cplusplus
}
#endif
#endif
