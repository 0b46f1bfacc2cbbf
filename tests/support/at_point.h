/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions at a point that are asked once: a linearisation is made for each, and given back.
 *
 * by_map_... ask for rates by the derivative of one step, also where there is a cheaper way. */
#ifndef TEST_AT_POINT_H
#define TEST_AT_POINT_H

#include <gamedyn/bifurcation.h>
#include <gamedyn/classify.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/rates.h>
#include <gamedyn/stability.h>

#include "theory/rate_problem.h"

/* Make a linearisation `at` of game at x, let `call` answer, give it back. */
#define AT_POINT(game, x, options, call)                                                                               \
  gd_linearisation *at = NULL;                                                                                         \
  gd_status status = gd_linearise(&at, game, x, options);                                                              \
  if (status >= 0) status = call;                                                                                      \
  gd_linearisation_destroy(at);                                                                                        \
  return status

static inline gd_status classify_at(gd_game *game, const double *x, const gd_classify_options *options,
                                    gd_classification *kind) {
  AT_POINT(game, x, NULL, gd_classify(at, options, kind));
}

static inline gd_status constants_at(gd_game *game, const double *x, double radius, size_t samples, uint64_t seed,
                                     gd_game_constants *constants) {
  AT_POINT(game, x, NULL, gd_game_constants_compute(at, radius, samples, seed, constants));
}

static inline gd_status field_constants_at(gd_game *game, const double *x, const gd_spectrum_options *options,
                                           gd_field_constants *constants) {
  AT_POINT(game, x, options, gd_field_constants_compute(at, constants));
}

static inline gd_status consensus_report_at(gd_game *game, const double *x, double gamma, gd_consensus_report *report) {
  AT_POINT(game, x, NULL, gd_consensus_report_compute(at, gamma, report));
}

static inline gd_status gan_report_at(gd_game *game, const double *x, size_t discriminator, double f1, double f2,
                                      double eta, gd_gan_report *report) {
  AT_POINT(game, x, NULL, gd_gan_report_compute(at, discriminator, f1, f2, eta, report));
}

static inline gd_status transformed_report_at(gd_game *game, const double *x, const double *A, size_t lda, double step,
                                              gd_transformed_report *report) {
  AT_POINT(game, x, NULL, gd_transformed_report_compute(at, A, lda, step, report));
}

static inline gd_status alternating_matrix_at(gd_game *game, const double *x, const gd_alternation *turns, double *M,
                                              size_t ldm) {
  AT_POINT(game, x, NULL, gd_alternating_matrix(at, turns, M, ldm));
}

static inline gd_status bifurcation_at(gd_stepper *stepper, const double *x, const char *param, size_t player,
                                       double low, double high, size_t samples, gd_bifurcation *bifurcations,
                                       size_t capacity, size_t *count) {
  AT_POINT(gd_stepper_game(stepper), x, NULL,
           gd_bifurcations_compute(stepper, at, param, player, low, high, samples, bifurcations, capacity, count));
}

static inline gd_status rate_at_point(gd_stepper *stepper, const double *x, double step_size, double *rate) {
  AT_POINT(gd_stepper_game(stepper), x, NULL, gd_rate(stepper, at, step_size, rate));
}

static inline gd_status largest_stable_step_at(gd_stepper *stepper, const double *x, double *step_size) {
  AT_POINT(gd_stepper_game(stepper), x, NULL, gd_largest_stable_step(stepper, at, step_size));
}

static inline gd_status fastest_step_at(gd_stepper *stepper, const double *x, double *step_size, double *rate) {
  AT_POINT(gd_stepper_game(stepper), x, NULL, gd_fastest_step(stepper, at, step_size, rate));
}

/* ---- from eigenvalues alone ---- */

#define AT_SPECTRUM(spectrum, call)                                                                                    \
  gd_linearisation *at = NULL;                                                                                         \
  gd_status status = gd_linearise_spectrum(&at, spectrum, NULL);                                                       \
  if (status >= 0) status = call;                                                                                      \
  gd_linearisation_destroy(at);                                                                                        \
  return status

static inline gd_status spectrum_rate(gd_stepper *stepper, const gd_spectrum *spectrum, double step_size,
                                      double *rate) {
  AT_SPECTRUM(spectrum, gd_rate(stepper, at, step_size, rate));
}

static inline gd_status spectrum_largest_stable_step(gd_stepper *stepper, const gd_spectrum *spectrum,
                                                     double *step_size) {
  AT_SPECTRUM(spectrum, gd_largest_stable_step(stepper, at, step_size));
}

static inline gd_status spectrum_fastest_step(gd_stepper *stepper, const gd_spectrum *spectrum, double *step_size,
                                              double *rate) {
  AT_SPECTRUM(spectrum, gd_fastest_step(stepper, at, step_size, rate));
}

/* ---- by the map, whatever the method ---- */

typedef struct map_answer {
  double h, rate;
} map_answer;

static inline gd_status find_largest(const gdi_step_curves *curves, void *answer) {
  return gdi_step_largest_stable(curves, &((map_answer *)answer)->h);
}

static inline gd_status find_fastest(const gdi_step_curves *curves, void *answer) {
  map_answer *a = answer;
  return gdi_step_fastest(curves, &a->h, &a->rate);
}

static inline gd_status ask_by_map(gd_stepper *stepper, gd_linearisation *at, gdi_rate_search *search, map_answer *a) {
  gdi_rate_problem problem;
  gd_status status = gdi_rate_problem_open(&problem, stepper, at);
  problem.route = GD_RATE_BY_MAP;
  if (status >= 0) status = search ? gdi_rate_by_map(&problem, search, a) : gdi_rate_of_map(&problem, a->h, &a->rate);
  gdi_rate_problem_close(&problem);
  return status;
}

static inline gd_status by_map_rate(gd_stepper *stepper, const double *x, double step_size, double *rate) {
  map_answer a = {.h = step_size};
  gd_linearisation *at = NULL;
  gd_status status = gd_linearise(&at, gd_stepper_game(stepper), x, NULL);
  if (status >= 0) status = ask_by_map(stepper, at, NULL, &a);
  gd_linearisation_destroy(at);
  if (status >= 0) *rate = a.rate;
  return status;
}

static inline gd_status by_map_largest_stable_step(gd_stepper *stepper, const double *x, double *step_size) {
  map_answer a = {0};
  gd_linearisation *at = NULL;
  gd_status status = gd_linearise(&at, gd_stepper_game(stepper), x, NULL);
  if (status >= 0) status = ask_by_map(stepper, at, find_largest, &a);
  gd_linearisation_destroy(at);
  if (status >= 0) *step_size = a.h;
  return status;
}

static inline gd_status by_map_fastest_step(gd_stepper *stepper, const double *x, double *step_size, double *rate) {
  map_answer a = {0};
  gd_linearisation *at = NULL;
  gd_status status = gd_linearise(&at, gd_stepper_game(stepper), x, NULL);
  if (status >= 0) status = ask_by_map(stepper, at, find_fastest, &a);
  gd_linearisation_destroy(at);
  if (status >= 0) *step_size = a.h, *rate = a.rate;
  return status;
}

#endif
