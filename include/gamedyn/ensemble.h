/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Ensemble: many runs of one method on one game.  The runs, called members, differ in start, parameters or draws.  The
 * results are summarised together.  Members run on the threads of the game's environment.  An ensemble owns its
 * results. */
#ifndef GAMEDYN_ENSEMBLE_H
#define GAMEDYN_ENSEMBLE_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/rng.h>
#include <gamedyn/run.h>
#include <gamedyn/statistics.h>
#include <gamedyn/stepper.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_ensemble gd_ensemble;

/** Makes members differ.  It is called on the member's thread before the member's run.  It may be called more than once
 * and must do the same each time.  The stepper is new and has the ensemble's scaling; x [n] is the ensemble's start;
 * both may be changed.  `rng` is the member's own generator: stream `member` of the ensemble's seed, at position 0.
 * @return negative: the member fails with this status, for example one that a call inside returned. */
typedef gd_status gd_prepare_fn(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x);

typedef struct gd_ensemble_options {
  size_t struct_size;
  size_t members; /**< number of members; default 1 */
  uint64_t seed;  /**< member k uses stream k of this seed, for its generator and its draws; default 0 */
  /** How members evaluate the game; seed and stream of the draws are replaced.  NULL (default): as the game is
   * configured. */
  const gd_eval_options *eval;
  /** The options of each run; NULL: defaults.  With max_seconds results depend on the machine.  Observers see all
   * members, and are called on their threads. */
  const gd_run_options *run;
  const char *scaling;    /**< as in gd_stepper_set_scaling(); NULL (default): none */
  const double *start;    /**< start of every member [n]; NULL (default): 0 */
  gd_prepare_fn *prepare; /**< NULL (default): members differ by their draws alone */
  /** Called with the number of members that are done: one call at a time, on any thread.  Nonzero: stop.  Members that
   * are running then end with GD_STOP_REQUESTED, and no other member begins. */
  int (*progress)(void *context, size_t done);
  void *context; /**< for prepare and progress */
  /** Number of members that run side by side as copies of the game (gd_derive_copies()); 0 (default) or 1: one by one.
   * It is faster for games whose gradient_many is vectorised over points.  Results are those of members run one by one
   * if gradient_many gives the same bits as gradient.  Counts are those of the calls for a whole group; a product with
   * J' may be counted as one with J there.  A group is run one by one instead if its members differ in parameters, or
   * if a member fails or comes close to divergence_norm. */
  size_t lanes;
} gd_ensemble_options;

/** Fill in the defaults; use the macro gd_ensemble_options_init(&options). */
GD_API void gd_ensemble_options_init_sized(gd_ensemble_options *options, size_t size);
#define gd_ensemble_options_init(o) gd_ensemble_options_init_sized((o), sizeof *(o))

/** Run all members, on the game's executor if it has one, and wait for them.
 *
 * A member's result depends only on the game, the options and the member's number.  It has the same bits on any number
 * of threads, except for the seconds.  A member that fails is a result, not an error.  Each thread uses its own handle.
 * Calls are not counted on `game`, and `game` must not be used by others during this call.
 * Memory: n numbers and a gd_run_result for each member; for each thread, the memory of two runs.
 * @param options NULL: defaults.
 * @return GD_ERR_UNSUPPORTED with an executor, if the game lacks GD_THREAD_SAFE or has several ranks (whose sums need
 * one order).  GD_ERR_UNSUPPORTED with lanes, if the method lacks GD_METHOD_LANEWISE or needs products that the game
 * computes by finite differences, if there are draws, observers or several ranks, or if a rule other than max_steps,
 * gradient_tolerance and divergence_norm is set.  The errors of gd_stepper_create().  GD_ERR_MEMORY, also if a member
 * has no memory. */
GD_API gd_status gd_ensemble_run(gd_ensemble **ensemble, const gd_game *game, const gd_method *method,
                                 const gd_ensemble_options *options);
GD_API void gd_ensemble_destroy(gd_ensemble *ensemble); /**< NULL is a no-op */

GD_API size_t gd_ensemble_members(const gd_ensemble *ensemble); /**< number of members; 0 for NULL */

/** The result of a member's run.
 * @param result may be NULL.  A member that never began has GD_STOP_REQUESTED and 0 steps.
 * @return the status of the member's gd_run(); after a failure its message becomes gd_last_error(). */
GD_API gd_status gd_ensemble_result(const gd_ensemble *ensemble, size_t member, gd_run_result *result);

/** The last point of a member's run, [n]: the last point reached if it failed, NaN if it never began.  Valid until the
 * ensemble is destroyed.
 * @return NULL if there is no such member. */
GD_API const double *gd_ensemble_point(const gd_ensemble *ensemble, size_t member);

/** Number of members that did not fail and whose run was ended by this rule. */
GD_API size_t gd_ensemble_stopped(const gd_ensemble *ensemble, gd_stop stop);
GD_API size_t gd_ensemble_failed(const gd_ensemble *ensemble); /**< number of members that failed */

/** Computes a number from a member's point x [n] and result.  Called for members that began and did not fail.  The
 * number may be infinite, but not NaN. */
typedef double gd_observable_fn(void *context, size_t member, const double *x, const gd_run_result *result);

/** Quantiles of an observable over the members that began and did not fail, as defined for gd_quantiles().
 * @param levels [count], each from 0 to 1.
 * @param quantiles [count].
 * @return GD_ERR_NONFINITE for NaN (the message names the member); GD_ERR_ARGUMENT if no member began and did not
 * fail. */
GD_API gd_status gd_ensemble_quantiles(const gd_ensemble *ensemble, gd_observable_fn *observable, void *context,
                                       size_t count, const double *levels, double *quantiles);

/** Returns whether a member that did not fail succeeded. */
typedef bool gd_success_fn(void *context, size_t member, const double *x, const gd_run_result *result);

/** The success rate of the members, with a confidence interval.  A member that failed counts as a trial without
 * success.  A member that never began, or that `progress` stopped early (GD_STOP_REQUESTED), does not count as a trial.
 * @param confidence as in gd_proportion_interval().
 * @return GD_ERR_ARGUMENT also if there was no trial. */
GD_API gd_status gd_ensemble_success(const gd_ensemble *ensemble, gd_success_fn *success, void *context,
                                     double confidence, gd_proportion *proportion);

#ifdef __cplusplus
}
#endif
#endif
