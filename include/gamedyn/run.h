/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Run: drives a stepper until a rule stops it.  Observers look on; a trace is an observer
 * that remembers. */
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

typedef enum gd_stop {
  GD_STOP_STEPS = 0,           /**< max_steps taken */
  GD_STOP_GRADIENT = 1,        /**< gradient_norm <= gradient_tolerance at x, but not ahead: a stationary point */
  GD_STOP_STALLED = 2,         /**< |x' - x| <= step_tolerance: no sign of convergence, a small step size does it too */
  GD_STOP_GRADIENTS_SPENT = 3, /**< max_gradients spent */
  GD_STOP_SECONDS = 4,         /**< max_seconds passed */
  GD_STOP_DIVERGED = 5,        /**< |x| > divergence_norm, or x or v not finite; x is the last finite point */
  GD_STOP_OBSERVER = 6,        /**< an observer returned nonzero */
  GD_STOP_REQUESTED = 7,       /**< gd_stepper_request_stop() was called */
  /** gradient_norm <= gradient_tolerance at x, where v is not 0, and ahead: the field is small, and x need not be close
   * to rest.  Scale the utilities, or choose a smaller tolerance. */
  GD_STOP_SMALL_FIELD = 8
} gd_stop;

/** One English clause, such as "a stationary point was reached"; static storage. */
GD_API const char *gd_stop_text(gd_stop stop);

/** What an observer sees; grows at its end.  Read it through the pointer. */
typedef struct gd_progress {
  uint64_t step;   /**< the stepper's step that led to x; observers also see the start, before a run's first step */
  const double *x; /**< [n] */
  double x_norm, move_norm; /**< |x| and |x' - x| of the last step (0 at the start) */
  double gradient_norm; /**< as in gd_run_result; NaN unless a rule asked for it at this step or the run ends here */
  double seconds;       /**< since the run began */
  const gd_stepper *stepper;
} gd_progress;

/** Frozen. */
typedef struct gd_observer {
  int (*observe)(void *context, const gd_progress *progress); /**< nonzero: stop (all have their turn) */
  void *context;
} gd_observer;

typedef struct gd_run_options {
  size_t struct_size;
  uint64_t max_steps; /**< default 10000; of this run */
  /** in the units of v: choose it by the size of the field; default 1e-8; 0: rule off.  Where it is met and v is
   * not 0, the field is looked at ahead, at x + 0.618 d, d along v and |d| = max(1, |x|).  More than the
   * tolerance there is GD_STOP_GRADIENT, else it is GD_STOP_SMALL_FIELD.  With a feasible set d is along the natural
   * residual, P(x + d) - x stands for d, and the same is looked up for -d.  Points outside of the game's domain tell
   * nothing: GD_STOP_GRADIENT.  Costs one gradient at the end of a run, with a feasible set up to three. */
  double gradient_tolerance;
  double step_tolerance; /**< default 0: off */
  /** of this run, rounded up over player gradients, which cost their block's share of one; the rules' own looks
   * count, the one at the end comes on top; 0 (default): off; decided by rank 0's counts */
  uint64_t max_gradients;
  double max_seconds;     /**< 0 (default): off; decided by rank 0's clock */
  double divergence_norm; /**< > 0, default 1e12; infinite: stop only for numbers that are not finite */
  /** looks at the gradient norm and the clock: at the stepper's steps divisible by this, at the start and at the
   * end; 1 or more, default 10 */
  uint64_t check_every;
  /** observations: at the stepper's steps divisible by this; 1 or more, default 1; the start and the end are always
   * observed */
  uint64_t observe_every;
  const gd_observer *observers;
  size_t n_observers;
} gd_run_options;

/** Fill in the defaults; use the macro gd_run_options_init(&options). */
GD_API void gd_run_options_init_sized(gd_run_options *options, size_t size);
#define gd_run_options_init(o) gd_run_options_init_sized((o), sizeof *(o))

typedef struct gd_run_result {
  gd_stop stop;   /**< says nothing if gd_run() failed */
  uint64_t steps; /**< taken by this run */
  /** at the end: |v(x)|, or with a feasible set the natural residual |P(x + v(x)) - x|, P the projection; the step
   * inside P is 1, always.  It is 0 exactly where <v(x), y - x> <= 0 for all y in the set.  NaN if it cannot be
   * evaluated. */
  double gradient_norm;
  double x_norm, seconds; /**< at the end */
  gd_counts counts;       /**< spent by this run alone, its looks at the gradient included */
  uint64_t reserved[8];
} gd_run_result;

/** Step x [n] in place until a rule fires.  Which rule is news, not an error: GD_OK.
 * Calling again continues.  When several rules fire at once, divergence and a vanished gradient come first.
 * The gradient is evaluated as the game is configured, on the minibatch at hand if there is one.
 * @param options NULL: defaults.  @param result may be NULL; filled also on failure.
 * @return GD_ERR_NONFINITE if x is not finite to begin with; failures of the stepper and the game other than
 * divergence, x being then the last point reached; GD_NOT_CONVERGED if a step said so, the run having gone on. */
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
  GD_TRACE_DISTANCE = 1 << 3 /**< |x - reference| */
};

/** A trace of runs on this game, which may be destroyed before the trace.
 * @param columns bits of GD_TRACE_POINT ... GD_TRACE_DISTANCE, or 0.
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
/** Why the trace stopped the run, GD_OK if it did not (out of memory, a failing evaluation). */
GD_API gd_status gd_trace_status(const gd_trace *trace);

#ifdef __cplusplus
}
#endif
#endif
