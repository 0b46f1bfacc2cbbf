/* SPDX-License-Identifier: BSD-3-Clause */
/* What tests of ensembles begin with: members with a start and a step size of their own, and what is the same about
 * two results. */
#ifndef TEST_MEMBERS_H
#define TEST_MEMBERS_H

#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/ensemble.h>
#include <stdio.h>

enum { MEMBER_N = 5 }; /* the most variables a game here has */

/* A gd_prepare_fn: normals for the start, a step size between 0.01 and 0.02. */
static inline gd_status prepare_anywhere(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  double part;
  (void)context, (void)member;
  gd_rng_fill_normal(rng, gd_game_size(gd_stepper_game(stepper)), x);
  gd_rng_fill_uniform(rng, 1, &part);
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.01 + 0.01 * part);
}

/* Steps alone end these runs. */
static inline gd_run_options member_steps(uint64_t steps) {
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = steps;
  options.gradient_tolerance = 0;
  return options;
}

static inline gd_ensemble_options member_options(size_t members, const gd_run_options *run) {
  gd_ensemble_options options;
  gd_ensemble_options_init(&options);
  options.members = members;
  options.seed = 17;
  options.run = run;
  options.prepare = prepare_anywhere;
  return options;
}

static inline gd_ensemble *ensemble_of(const gd_game *game, const char *method, const gd_ensemble_options *options) {
  gd_ensemble *ensemble = NULL;
  assert_ok(gd_ensemble_run(&ensemble, game, gd_method_find(method), options));
  ck_assert_uint_eq(gd_ensemble_members(ensemble), options ? options->members : 1);
  return ensemble;
}

/* Bit by bit, but for the seconds; without `products`, a vjp that the one has may be a jvp of the other. */
static inline void assert_same_result(const gd_run_result *one, const gd_run_result *other, bool products) {
  gd_run_result a = *one, b = *other;
  ck_assert_int_eq(a.stop, b.stop);
  ck_assert_uint_eq(a.steps, b.steps);
  ck_assert_mem_eq(&a.gradient_norm, &b.gradient_norm, sizeof a.gradient_norm);
  ck_assert_mem_eq(&a.x_norm, &b.x_norm, sizeof a.x_norm);
  ck_assert_uint_eq(a.counts.jvps + a.counts.vjps, b.counts.jvps + b.counts.vjps);
  if (!products) a.counts.jvps = a.counts.vjps = b.counts.jvps = b.counts.vjps = 0;
  ck_assert_mem_eq(&a.counts, &b.counts, sizeof a.counts);
}

/* Member by member, points included. */
static inline void assert_same_ensembles(const gd_ensemble *one, const gd_ensemble *other, size_t n, bool products) {
  ck_assert_uint_eq(gd_ensemble_members(one), gd_ensemble_members(other));
  for (size_t k = 0; k < gd_ensemble_members(one); k++) {
    gd_run_result a, b;
    char words[200];
    const gd_status status = gd_ensemble_result(one, k, &a);
    snprintf(words, sizeof words, "%.199s", gd_last_error());
    ck_assert_int_eq(gd_ensemble_result(other, k, &b), status);
    if (status < 0) ck_assert_str_eq(gd_last_error(), words);
    assert_same_result(&a, &b, products);
    ck_assert_mem_eq(gd_ensemble_point(one, k), gd_ensemble_point(other, k), n * sizeof(double));
  }
}

#endif
