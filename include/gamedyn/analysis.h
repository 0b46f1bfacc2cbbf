/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Analysis: the main question as one call.  Given a game and a point: which methods converge there, with what step
 * size, how fast, at what cost, and what do the theorems promise?
 *
 *     gd_linearise(&at, game, x, NULL);
 *     gd_analysis_create(&analysis, at, NULL);
 *     gd_analysis_write_json(analysis, write, context);
 *
 * Each method, of the registry or of the caller, gives one row: its rates (gd_rate() and related functions), a measured
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
  const char *scaling;             /**< the scaling of all methods; NULL (default): none */
  double gamma;                    /**< value of the parameter of that name in methods that have it, and gamma of the
                                      consensus spectrum; default 1; finite, >= 0 */
  double radius;                   /**< distance from the equilibria at which runs start; default 0.5; > 0 */
  double epsilon;                  /**< distance at which they end; default 1e-6; > 0 */
  double step_size;                /**< step size of the runs; 0 (default): each method's fastest */
  const double *start;             /**< start of the runs [n]; its distance replaces `radius`; NULL (default): a
                                      random point, from `seed` */
  uint64_t seed;                   /**< default 0 */
  uint64_t max_steps;              /**< most steps of a run; default 1000000 */
  uint64_t samples;                /**< number of points, in the ball of that radius, at which the theorems' constants
                                      are computed if J is not constant; 0 (default): only the point itself, which is
                                      not enough for any theorem */
  size_t map_limit;                /**< largest number of variables for which rates are searched with the derivative of
                                      one step, which takes hundreds of dense eigenproblems; default 120; twice this
                                      number for GD_RATE_BY_ALTERNATION */
  bool measure;                    /**< run each method; default true */
  bool evidence;                   /**< compute the transient growth of the flow and of each method's steps, for at most
                                      400 variables; default false */
  const char *origin;              /**< a word for the origin of the point, written to JSON; NULL (default): none */
  const gd_observer *observer;     /**< observer of each run; NULL (default): none */
} gd_analysis_options GD_EXPERIMENTAL;

/** Fill in the defaults; use the macro gd_analysis_options_init(&options). */
GD_API void gd_analysis_options_init_sized(gd_analysis_options *options, size_t size) GD_EXPERIMENTAL;
#define gd_analysis_options_init(o) gd_analysis_options_init_sized((o), sizeof *(o))

/** Analyse all methods at the point of a linearisation, which is borrowed.
 *
 * At a point that is not stationary (see gd_analysis_facts.kind) there are no rows, since rates exist only at
 * stationary points.
 *
 * Distances are distances from the equilibria: null directions of J, along which nothing moves, are left out.  If J is
 * known only by its products, null directions are not known; a random start is then moved into the range of J.
 * @param options NULL: defaults.
 * @return GD_ERR_NAME for an unknown scaling; GD_ERR_ARGUMENT; GD_ERR_HYPOTHESIS on the edge of a feasible set, or if
 * `start` is an equilibrium; errors of the game, the methods, LAPACK and the solvers. */
GD_API gd_status gd_analysis_create(gd_analysis **analysis, gd_linearisation *linearisation,
                                    const gd_analysis_options *options) GD_EXPERIMENTAL;
GD_API void gd_analysis_destroy(gd_analysis *analysis) GD_EXPERIMENTAL; /**< NULL is a no-op */

/** The verdict on a method. */
typedef enum gd_verdict {
  GD_VERDICT_UNKNOWN = 0,     /**< not rated: the search would take too long, see map_limit */
  GD_VERDICT_CONVERGES = 1,   /**< all small steps are stable, and some step has a rate below 1 */
  GD_VERDICT_LARGE_STEPS = 2, /**< it converges, but only with large steps */
  GD_VERDICT_NEUTRAL = 3,     /**< steps are stable, but every rate equals 1 within its accuracy */
  GD_VERDICT_DOES_NOT = 4,    /**< no step size converges */
  GD_VERDICT_NOT_TOLD = 5     /**< the eigenvalues that were found do not decide; the rates are those of these */
} gd_verdict GD_EXPERIMENTAL;

/** A clause for a verdict: "converges"; static storage. */
GD_API const char *gd_verdict_text(gd_verdict verdict) GD_EXPERIMENTAL;

/** One method.  NaN: the number does not exist or was not computed. */
typedef struct gd_analysis_row {
  const char *method; /**< its name; lives as long as its table */
  gd_verdict verdict;
  gd_rate_route route;        /**< how its rates are computed */
  double largest_stable_step; /**< see gd_largest_stable_step() */
  double fastest_step, rate;  /**< see gd_fastest_step(); INFINITY: the larger the faster */
  double step_size;           /**< step size of the run: options.step_size, else the fastest; a finite one where the
                                 fastest is infinite; a small one, as an illustration, where no step converges */
  double step_rate;           /**< the rate at step_size */
  double steps_predicted;     /**< steps from radius to epsilon at that rate */
  double steps_measured;      /**< steps the run took to epsilon; NaN: it did not get there */
  double gradients;           /**< gradients spent by the run; player gradients count by their share of the variables */
  double products;            /**< products with J or J' spent by the run */
  double solves;              /**< linear systems solved by the run (implicit methods) */
  const char *theorem;        /**< the theorem that covers the method on this game; NULL: none */
  double theorem_step, theorem_steps; /**< its step size, and the number of steps it promises */
  bool estimated;                     /**< the theorem's constants are the worst of samples */
  gd_stop stop;                       /**< why the run ended */
  double end_distance;                /**< distance of the run's end from the equilibria */
  double growth, growth_at; /**< evidence: the largest factor by which steps multiply a distance, and after how many
                               steps; NaN if J has null directions */
  uint64_t reserved[8];
} gd_analysis_row GD_EXPERIMENTAL;

GD_API size_t gd_analysis_count(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< number of rows */
/** Row k, in the order of the methods.
 * @return GD_ERR_ARGUMENT if there is no such row. */
GD_API gd_status gd_analysis_row_at(const gd_analysis *analysis, size_t k, gd_analysis_row *row) GD_EXPERIMENTAL;
/** The index k of the best row: among the runs that arrived and solved no linear systems, the one that spent the fewest
 * gradients and products together.
 * @return GD_ERR_HYPOTHESIS if no run arrived. */
GD_API gd_status gd_analysis_best(const gd_analysis *analysis, size_t *k) GD_EXPERIMENTAL;
/** The history of row k's run: `steps` and `distances` [rows], borrowed.  Runs of more than 4096 steps are thinned out.
 * @return the number of rows; 0 without a run. */
GD_API size_t gd_analysis_history(const gd_analysis *analysis, size_t k, const uint64_t **steps,
                                  const double **distances) GD_EXPERIMENTAL;
/** The stepper of row k in its state after the run; borrowed. */
GD_API gd_stepper *gd_analysis_stepper(const gd_analysis *analysis, size_t k) GD_EXPERIMENTAL;

/** Results that do not depend on the method. */
typedef struct gd_analysis_facts {
  gd_classification kind;
  const char *singular_of;           /**< "C", the interaction of two players, or "J" */
  double singular_min, singular_max; /**< its extreme singular values; by products singular_min is the least nonzero */
  size_t null_directions;            /**< number of null directions of J; GD_UNKNOWN_COUNT by products */
  bool complete;                     /**< all eigenvalues were computed */
  bool turning;                      /**< by products: J is antisymmetric.  The extreme nonzero singular values then
                                        decide all rates */
  bool decisive;                     /**< a method that converges at the eigenvalues found converges at all of them */
  bool converged;                    /**< the solvers by products found all that was asked */
  bool has_constants;                /**< the constants of Liang & Stokes 2019 were computed */
  gd_game_constants constants;
  double radius;                /**< distance of the start from the equilibria */
  gd_nonnormality nonnormality; /**< evidence, else NaN */
  gd_growth flow;               /**< evidence: the largest |exp(t J)|, else NaN */
  uint64_t reserved[8];
} gd_analysis_facts GD_EXPERIMENTAL;

GD_API const gd_analysis_facts *gd_analysis_facts_of(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< borrowed */
GD_API const double *gd_analysis_point(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< x [n], the linearisation's */
/** The eigenvalues of J; borrowed.  gd_analysis_consensus_spectrum() gives those of J - gamma J'J, the Jacobian of the
 * consensus field. */
GD_API const gd_spectrum *gd_analysis_spectrum(const gd_analysis *analysis) GD_EXPERIMENTAL;
GD_API const gd_spectrum *
gd_analysis_consensus_spectrum(const gd_analysis *analysis) GD_EXPERIMENTAL; /**< see gd_analysis_spectrum */

/** Write all results as one JSON object.  Numbers have 17 digits; numbers that do not exist are null.
 * @param write called with pieces of the text; nonzero ends the call.
 * @return GD_ERR_IO if `write` failed. */
GD_API gd_status gd_analysis_write_json(const gd_analysis *analysis, gd_write_fn *write, void *context) GD_EXPERIMENTAL;

#ifdef __cplusplus
}
#endif
#endif
