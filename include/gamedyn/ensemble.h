/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Ensemble: many runs of one game under one method, its members, over starts, parameters and draws; and what is to be
 * said of them together.  Members run on the threads of the game's environment.  An ensemble owns its results. */
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

/** What makes members differ.  Called on a member's own thread before its run, perhaps more than once, and must do the
 * same each time.  The stepper is as new, with the ensemble's scaling; x [n] is the ensemble's start; both may be
 * changed.  rng is the member's own generator: its stream of the ensemble's seed, from the beginning.
 * @return negative: the member fails with this status, as it may be had from the calls within. */
typedef gd_status gd_prepare_fn(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x);

typedef struct gd_ensemble_options {
  size_t struct_size;
  size_t members; /**< how many; default 1 */
  uint64_t seed;  /**< member k has stream k of it, for its generator and its draws; default 0 */
  /** how members evaluate, but for seed and stream of the draws; NULL (default): as the game is configured */
  const gd_eval_options *eval;
  /** of each run; NULL: defaults; max_seconds makes results depend on the machine; observers see all members, on
   * their threads */
  const gd_run_options *run;
  const char *scaling;    /**< as in gd_stepper_set_scaling(); NULL (default): none */
  const double *start;    /**< [n], of every member; NULL (default): 0 */
  gd_prepare_fn *prepare; /**< NULL (default): members differ by their draws alone */
  /** Told, one call at a time but on any thread, how many members are done; nonzero: stop.  Members under way
   * then end with GD_STOP_REQUESTED, and those that have not begun never do. */
  int (*progress)(void *context, size_t done);
  void *context; /**< for prepare and progress */
  /** Members that run side by side as copies of the game (gd_derive_copies()), for games whose gradient_many makes
   * vectors of them; 0 (default) or 1: one by one.  Results are those of members run one by one if gradient_many
   * gives the bits of gradient; counts are of calls for a whole group, and may name jvps what would be vjps.  A group
   * whose members differ in parameters, or of which one fails or comes near divergence_norm, is run one by one. */
  size_t lanes;
} gd_ensemble_options;

/** Fill in the defaults; use the macro gd_ensemble_options_init(&options). */
GD_API void gd_ensemble_options_init_sized(gd_ensemble_options *options, size_t size);
#define gd_ensemble_options_init(o) gd_ensemble_options_init_sized((o), sizeof *(o))

/** Run all members, on the game's executor if it has one, and wait for them.
 *
 * A member's result depends on the game, the options and the member's number alone: it has the same bits on any
 * number of threads, but for the seconds.  A member that fails is a result, not an error.  Each thread steps on a
 * handle of its own; calls are not counted on `game`, which must not be used by others meanwhile.
 * Memory: n numbers and a gd_run_result for each member, and what two runs need for each thread.
 * @param options NULL: defaults.
 * @return GD_ERR_UNSUPPORTED if an executor is set and the game lacks GD_THREAD_SAFE or has several ranks, whose sums
 * want one order; with lanes, if the method lacks GD_METHOD_LANEWISE or needs products that the game differences,
 * there are draws, observers or ranks, or another rule than max_steps, gradient_tolerance and divergence_norm is set;
 * what gd_stepper_create() returns; GD_ERR_MEMORY, also when a member runs out of it. */
GD_API gd_status gd_ensemble_run(gd_ensemble **ensemble, const gd_game *game, const gd_method *method,
                                 const gd_ensemble_options *options);
GD_API void gd_ensemble_destroy(gd_ensemble *ensemble); /**< NULL is a no-op */

GD_API size_t gd_ensemble_members(const gd_ensemble *ensemble); /**< as in the options; 0 for NULL */

/** How a member's run ended.
 * @param result may be NULL.  A member that never began ended by GD_STOP_REQUESTED after 0 steps.
 * @return the member's own status, as of its gd_run(), with its words in gd_last_error(). */
GD_API gd_status gd_ensemble_result(const gd_ensemble *ensemble, size_t member, gd_run_result *result);

/** Where a member's run ended, [n]: the last point reached if it failed, NaN if it never began.  NULL if there is no
 * such member; valid while the ensemble lives. */
GD_API const double *gd_ensemble_point(const gd_ensemble *ensemble, size_t member);

/** Members whose run was ended by this rule and did not fail. */
GD_API size_t gd_ensemble_stopped(const gd_ensemble *ensemble, gd_stop stop);
GD_API size_t gd_ensemble_failed(const gd_ensemble *ensemble); /**< members that failed */

/** A number of a member that did not fail and began: of its point x [n] and its result.  May be infinite, not NaN. */
typedef double gd_observable_fn(void *context, size_t member, const double *x, const gd_run_result *result);

/** Quantiles of an observable over the members that began and did not fail, by the definition of gd_quantiles().
 * @param levels [count], each from 0 to 1.
 * @param quantiles [count].
 * @return GD_ERR_NONFINITE, naming the member, for NaN; GD_ERR_ARGUMENT if no member has the observable. */
GD_API gd_status gd_ensemble_quantiles(const gd_ensemble *ensemble, gd_observable_fn *observable, void *context,
                                       size_t count, const double *levels, double *quantiles);

/** Whether a member that did not fail succeeded. */
typedef bool gd_success_fn(void *context, size_t member, const double *x, const gd_run_result *result);

/** How often members succeed.  One that failed had its trial; one that never began, or was stopped on request by
 * `progress` before its end (GD_STOP_REQUESTED), had none.
 * @param confidence as in gd_proportion_interval().
 * @return GD_ERR_ARGUMENT also if there was no trial. */
GD_API gd_status gd_ensemble_success(const gd_ensemble *ensemble, gd_success_fn *success, void *context,
                                     double confidence, gd_proportion *proportion);

#ifdef __cplusplus
}
#endif
#endif
