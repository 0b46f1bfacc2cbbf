/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Analysis: the main question as one call.  Given a game and a point: which methods converge there, with what step
 * size, how fast, at what cost, and what do the theorems promise?
 *
 *     gd_linearise(&at, game, x, NULL);
 *     gd_analysis_create(&analysis, at, NULL);
 *     gd_analysis_write_json(analysis, write, context);
 *
 * Each method of the registry, or of the caller's own, is a row: its rates by gd_rate() and its relatives, a measured
 * run from a start at distance `radius` from the equilibria, and the theorem that covers it. */
#ifndef GAMEDYN_ANALYSIS_H
#define GAMEDYN_ANALYSIS_H

#include <gamedyn/classify.h>
#include <gamedyn/export.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/linearisation.h>
#include <gamedyn/nonnormal.h>
#include <gamedyn/rates.h>
#include <gamedyn/run.h>
#include <gamedyn/stepper.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_analysis gd_analysis;

typedef struct gd_analysis_options {
  size_t struct_size;
  const gd_method *const *methods; /**< [n_methods], your own are welcome; NULL (default): the library's and those of
                                      the catalogue of the game's environment */
  size_t n_methods;                /**< default 0 */
  const char *scaling;             /**< of all methods; NULL (default): none */
  double gamma;                    /**< of methods that have a parameter of that name, and of the consensus spectrum;
                                      default 1; finite, >= 0 */
  double radius;                   /**< distance from the equilibria at which runs start; default 0.5; > 0 */
  double epsilon;                  /**< distance at which they end; default 1e-6; > 0 */
  double step_size;                /**< of runs; 0 (default): each method's fastest */
  const double *start;             /**< [n], of runs, whose distance takes the place of `radius`; NULL (default): a
                                      random point, from `seed` */
  uint64_t seed;                   /**< default 0 */
  uint64_t max_steps;              /**< of a run; default 1000000 */
  uint64_t samples;                /**< points of the ball of that radius at which the theorems' constants are taken
                                      where J changes; 0 (default): the point alone, which no theorem is content with */
  size_t map_limit;                /**< variables up to which rates by the derivative of one step are searched, which
                                      takes hundreds of dense eigenproblems; default 120; rounds of moves up to twice
                                      as many */
  bool measure;                    /**< run each method; default true */
  bool evidence;                   /**< transient growth of the flow and of each method's steps, up to 400 variables;
                                      default false */
  const char *origin;              /**< a word for where the point comes from, for JSON; NULL (default): none */
  const gd_observer *observer;     /**< watches each run; NULL (default): nobody */
} gd_analysis_options GD_EXPERIMENTAL;

/** Fill in the defaults; use the macro gd_analysis_options_init(&options). */
GD_API void gd_analysis_options_init_sized(gd_analysis_options *options, size_t size) GD_EXPERIMENTAL;
#define gd_analysis_options_init(o) gd_analysis_options_init_sized((o), sizeof *(o))

/** Analyse all methods at the point of a linearisation, which is borrowed.
 *
 * At a point that is not stationary (gd_analysis_kind) there are no rows: rates are about stationary points.
 *
 * Distances are those to the equilibria: along null directions of J nothing moves, and they are left out.  Where J is
 * known by its products, null directions are not known; a random start is then moved into the range of J.
 * @param options NULL: defaults.
 * @return GD_ERR_NAME for an unknown scaling; GD_ERR_ARGUMENT; GD_ERR_HYPOTHESIS on the edge of a feasible set, or if
 * `start` is an equilibrium; what the game, the methods, LAPACK and solvers return. */
GD_API gd_status gd_analysis_create(gd_analysis **analysis, gd_linearisation *linearisation,
                                    const gd_analysis_options *options) GD_EXPERIMENTAL;
GD_API void gd_analysis_destroy(gd_analysis *analysis) GD_EXPERIMENTAL; /**< NULL is a no-op */

/** What can be said of a method. */
typedef enum gd_verdict {
  GD_VERDICT_UNKNOWN = 0,     /**< not rated: the search would take too long, see map_limit */
  GD_VERDICT_CONVERGES = 1,   /**< all small steps are stable, and some step has a rate below 1 */
  GD_VERDICT_LARGE_STEPS = 2, /**< it converges, but at large steps only */
  GD_VERDICT_NEUTRAL = 3,     /**< steps are stable, but no rate can be told from 1 */
  GD_VERDICT_DOES_NOT = 4,    /**< no step size converges */
  GD_VERDICT_NOT_TOLD = 5     /**< the eigenvalues that were found do not tell; rates are those of them */
} gd_verdict GD_EXPERIMENTAL;

/** A clause for a verdict: "converges"; static storage. */
GD_API const char *gd_verdict_text(gd_verdict verdict) GD_EXPERIMENTAL;

/** One method.  NaN: there is no such number. */
typedef struct gd_analysis_row {
  const char *method; /**< its name; lives as long as its table */
  gd_verdict verdict;
  gd_rate_route route;        /**< where its rates come from */
  double largest_stable_step; /**< see gd_largest_stable_step() */
  double fastest_step, rate;  /**< see gd_fastest_step(); INFINITY: the larger the faster */
  double step_size;           /**< of the run: options.step_size, the fastest, or a finite one where that is infinite;
                                 where no step converges a small one, to show what happens */
  double step_rate;           /**< the rate at it */
  double steps_predicted;     /**< from radius to epsilon at that rate */
  double steps_measured;      /**< by the run; NaN: it did not get there */
  double gradients;           /**< spent by the run on the way, player gradients by their share */
  double products;            /**< with J or J' */
  double solves;              /**< linear systems, of implicit methods */
  const char *theorem;        /**< the one that covers the method on this game; NULL: none */
  double theorem_step, theorem_steps; /**< its step size, and the steps that it promises */
  bool estimated;                     /**< the theorem's constants are the worst of samples */
  gd_stop stop;                       /**< why the run ended */
  double end_distance;                /**< of the run's end from the equilibria */
  double growth, growth_at; /**< evidence: the most that steps make of a distance, and after how many steps; NaN where
                               J has null directions */
  uint64_t reserved[8];
} gd_analysis_row GD_EXPERIMENTAL;

GD_API size_t gd_analysis_count(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< rows */
/** Row k, in the order of the methods.
 * @return GD_ERR_ARGUMENT if there is no such row. */
GD_API gd_status gd_analysis_row_at(const gd_analysis *analysis, size_t k, gd_analysis_row *row) GD_EXPERIMENTAL;
/** The row whose run spent the fewest gradients and products together, of those that solve no linear systems.
 * @return GD_ERR_HYPOTHESIS if no run arrived. */
GD_API gd_status gd_analysis_best(const gd_analysis *analysis, size_t *k) GD_EXPERIMENTAL;
/** Row k's run: `steps` and `distances` [rows], thinned out beyond 4096 steps; borrowed.  0 rows without a run. */
GD_API size_t gd_analysis_history(const gd_analysis *analysis, size_t k, const uint64_t **steps,
                                  const double **distances) GD_EXPERIMENTAL;
/** The stepper of row k, as its run left it; borrowed. */
GD_API gd_stepper *gd_analysis_stepper(const gd_analysis *analysis, size_t k) GD_EXPERIMENTAL;

/** What holds for all rows. */
typedef struct gd_analysis_facts {
  gd_classification kind;
  const char *singular_of;           /**< "C", the interaction of two players, or "J" */
  double singular_min, singular_max; /**< its singular values; by products the least but zeros */
  size_t null_directions;            /**< of J; GD_UNKNOWN_COUNT by products */
  bool complete;                     /**< all eigenvalues were computed */
  bool turning;                      /**< by products: J is antisymmetric, and its extreme singular values decide all
                                        rates, those of zeros left out */
  bool decisive;                     /**< what converges at the eigenvalues at hand does so at all of them */
  bool converged;                    /**< all that was looked for by products was found */
  bool has_constants;                /**< of the theorems of Liang & Stokes 2019 */
  gd_game_constants constants;
  double radius;                /**< distance of the start from the equilibria */
  gd_nonnormality nonnormality; /**< evidence, else NaN */
  gd_growth flow;               /**< evidence: the largest |exp(t J)|, else NaN */
  uint64_t reserved[8];
} gd_analysis_facts GD_EXPERIMENTAL;

GD_API const gd_analysis_facts *gd_analysis_facts_of(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< borrowed */
GD_API const double *gd_analysis_point(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< x [n], the linearisation's */
/** The eigenvalues of J; those of the consensus field's Jacobian J - gamma J'J; borrowed. */
GD_API const gd_spectrum *gd_analysis_spectrum(const gd_analysis *analysis) GD_EXPERIMENTAL;
GD_API const gd_spectrum *
gd_analysis_consensus_spectrum(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< see gd_analysis_spectrum */

/** All of it as one JSON object, numbers with 17 digits, null for those there are not.
 * @param write called with pieces of the text; nonzero ends the call.
 * @return GD_ERR_IO if `write` failed. */
GD_API gd_status gd_analysis_write_json(const gd_analysis *analysis, gd_write_fn *write, void *context) GD_EXPERIMENTAL;

#ifdef __cplusplus
}
#endif
#endif
