/* SPDX-License-Identifier: BSD-3-Clause */
/* lanes.c -- members side by side get what they would get alone, whatever happens to them. */
#include "ensemble/members.h"
#include "support/failing_memory.h"

#include <gamedyn/gmm_gan.h>

/* ---- the same results ---- */

/* One step size for all; starts small, so that some gradients vanish below the tolerance early. */
static gd_status prepare_start(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context;
  const size_t n = gd_game_size(gd_stepper_game(stepper));
  gd_rng_fill_normal(rng, n, x);
  for (size_t k = 0; k < n; k++) x[k] *= 0.05 * (double)(member % 4);
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.05);
}

static gd_ensemble *ensemble_in_lanes(const test_game *kind, const gd_method *method, const char *scaling,
                                      gd_prepare_fn *prepare, size_t lanes) {
  gd_game *game = create_test_game(kind, NULL);
  gd_run_options run = member_steps(50);
  run.gradient_tolerance = 0.08;
  run.check_every = 7;
  gd_ensemble_options options = member_options(11, &run);
  options.prepare = prepare;
  options.scaling = scaling;
  options.lanes = lanes;
  gd_ensemble *ensemble = ensemble_of(game, method->name, &options);
  gd_game_destroy(game);
  return ensemble;
}

static void compare(const test_game *kind, const gd_method *method, const char *scaling, gd_prepare_fn *prepare,
                    size_t n) {
  gd_ensemble *alone = ensemble_in_lanes(kind, method, scaling, prepare, 1);
  static const size_t lanes[] = {2, 3, 8, 16};
  for (size_t k = 0; k < 4; k++) {
    gd_ensemble *together = ensemble_in_lanes(kind, method, scaling, prepare, lanes[k]);
    assert_same_ensembles(together, alone, n, false);
    gd_ensemble_destroy(together);
  }
  gd_ensemble_destroy(alone);
}

START_TEST(results_in_lanes_are_those_of_single_runs) {
  const test_game kinds[] = {rotation_game(), curved_game(), boxed_game()};
  const size_t sizes[] = {2, 5, 2};
  for (size_t m = 0; gd_method_at(m); m++)
    for (size_t s = 0; gd_scaling_at(s); s++)
      for (size_t k = 0; k < 3 && gd_method_at(m)->traits & GD_METHOD_LANEWISE; k++)
        if (!kinds[k].ops.project || !(gd_method_at(m)->traits & GD_METHOD_UNCONSTRAINED))
          compare(&kinds[k], gd_method_at(m), gd_scaling_at(s), prepare_start, sizes[k]);
}
END_TEST

/* Members 0 to 2 start alike; of the rest, each does something that lanes cannot. */
static gd_status prepare_unlike(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  GD_TRY(prepare_start(context, member, rng, stepper, x));
  switch (member) {
  case 3:
    return gd_stepper_set(stepper, GD_STEP_SIZE, 0.025);
  case 5:
    return GD_ERR_DOMAIN;
  case 6:
    x[0] = NAN;
    return GD_OK;
  case 7:
    x[0] = 1e13; /* divergence_norm is 1e12 */
    return GD_OK;
  case 8:
    return gd_stepper_set_scaling(stepper, GD_SCALING_ADAM);
  default:
    return GD_OK;
  }
}

START_TEST(members_that_differ_fail_or_diverge_get_what_they_would_alone) {
  const test_game kinds[] = {curved_game(), rotation_game()};
  for (size_t k = 0; k < 2; k++)
    compare(&kinds[k], gd_method_find(GD_OPTIMISTIC), GD_SCALING_NONE, prepare_unlike, k == 0 ? 5 : 2);
}
END_TEST

/* From (1, 5 - 2 member / 5) with a step size of 0.2 some lanes leave x0 >= 1/2, at different steps. */
static gd_status prepare_near_the_edge(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  x[0] = 1;
  x[1] = 5 - 0.4 * (double)member;
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.2);
}

START_TEST(members_that_leave_the_domain_under_way_fail_alone) {
  const test_game kind = half_plane_game();
  const gd_method *method = gd_method_find(GD_SIMULTANEOUS);
  gd_ensemble *ensemble = ensemble_in_lanes(&kind, method, NULL, prepare_near_the_edge, 4);
  const size_t failed = gd_ensemble_failed(ensemble);
  ck_assert(failed > 0 && failed < 11);
  gd_ensemble_destroy(ensemble);
  compare(&kind, method, NULL, prepare_near_the_edge, 2);
}
END_TEST

/* Its gradient_many works on vectors, and has the bits of its gradient. */
static gd_status prepare_gan(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)member;
  gd_rng_fill_normal(rng, 6, x);
  if (x[4] < x[2]) x[4] += 2; /* some intervals are open at first, and close */
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.3);
}

START_TEST(the_gmm_gan_is_the_same_in_lanes) {
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  for (gan.collapse = GD_COLLAPSE_FREEZE; gan.collapse <= GD_COLLAPSE_SIGNED; gan.collapse++) {
    gd_game *game = NULL;
    gd_run_options run = member_steps(200);
    run.gradient_tolerance = 1e-12;
    gd_ensemble_options options = member_options(37, &run);
    options.prepare = prepare_gan;
    assert_ok(gd_model_gmm_gan(&game, &gan, NULL));
    gd_ensemble *alone = ensemble_of(game, GD_SIMULTANEOUS, &options);
    options.lanes = 16;
    gd_ensemble *together = ensemble_of(game, GD_SIMULTANEOUS, &options);
    assert_same_ensembles(together, alone, 6, true);
    if (gan.collapse == GD_COLLAPSE_FREEZE) ck_assert_uint_gt(gd_ensemble_stopped(together, GD_STOP_GRADIENT), 0);
    gd_ensemble_destroy(together);
    gd_ensemble_destroy(alone);
    gd_game_destroy(game);
  }
}
END_TEST

/* ---- how they are evaluated ---- */

/* v = -x, counted by the call. */
typedef struct calls {
  size_t single, many, points;
} calls;

static int shrink(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  ((calls *)data)->single++;
  v[0] = -x[0];
  v[1] = -x[1];
  return 0;
}

static int shrink_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  (void)draw;
  ((calls *)data)->many++;
  ((calls *)data)->points += k;
  for (size_t i = 0; i < 2 * k; i++) V[i] = -X[i];
  return 0;
}

static test_game counted_game(calls *counts) {
  return (test_game){
      .ops = {.struct_size = sizeof(gd_game_ops), .name = "counted", .gradient = shrink, .gradient_many = shrink_many},
      .data = counts,
      .n_players = 2,
      .block_sizes = {1, 1}};
}

/* 10 steps and a look at the end, for two groups of 8 lanes. */
START_TEST(steps_are_taken_for_all_lanes_at_once) {
  calls counts = {0};
  const test_game kind = counted_game(&counts);
  gd_game *game = create_test_game(&kind, NULL);
  const gd_run_options run = member_steps(10);
  gd_ensemble_options options = member_options(13, &run);
  options.prepare = prepare_start;
  options.lanes = 8;
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  ck_assert(counts.single == 0 && counts.many == 22 && counts.points == 22 * 8);
  gd_run_result result;
  assert_ok(gd_ensemble_result(ensemble, 12, &result));
  ck_assert_uint_eq(result.counts.gradients, 11);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* x / 2, with a caveat for points near 0: whose it is, lanes cannot tell. */
typedef struct halving_params {
  const double *step_size;
} halving_params;

typedef struct halving_state {
  char unused;
} halving_state;

static gd_status halve(gd_stepper *stepper, gd_game *game, double *x) {
  bool is_near = false;
  (void)stepper;
  for (size_t k = 0; k < gd_game_size(game); k++) {
    is_near = is_near || fabs(x[k]) < 1e-3;
    x[k] /= 2;
  }
  return is_near ? GD_NOT_CONVERGED : GD_OK;
}

static const gd_param halving_table[] = {GD_PARAM_STEP_SIZE(halving_params)};
static const gd_method halving = {GD_METHOD_HEAD(halving, halving_table), .traits = GD_METHOD_LANEWISE, .step = halve};

static gd_status prepare_far_or_near(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng, (void)stepper;
  x[0] = x[1] = member == 4 ? 1e-3 : 1;
  return GD_OK;
}

START_TEST(caveats_are_their_members_own) {
  calls counts = {0};
  const test_game kind = counted_game(&counts);
  gd_game *game = create_test_game(&kind, NULL);
  const gd_run_options run = member_steps(3);
  gd_ensemble_options options = member_options(8, &run);
  options.prepare = prepare_far_or_near;
  options.lanes = 4;
  gd_ensemble *ensemble = NULL;
  assert_ok(gd_ensemble_run(&ensemble, game, &halving, &options));
  for (size_t k = 0; k < 8; k++)
    ck_assert_int_eq(gd_ensemble_result(ensemble, k, NULL), k == 4 ? GD_NOT_CONVERGED : GD_OK);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* ---- progress and threads ---- */

static int stop_soon(void *context, size_t done) {
  *(size_t *)context = done;
  return done >= 4;
}

START_TEST(groups_are_told_and_stopped_as_a_whole) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_run_options run = member_steps(3);
  size_t done = 0;
  gd_ensemble_options options = member_options(11, &run);
  options.prepare = prepare_start;
  options.progress = stop_soon;
  options.context = &done;
  options.lanes = 3;
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  ck_assert_uint_eq(done, 6);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_STEPS), 6);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_REQUESTED), 5);
  gd_ensemble_destroy(ensemble);

  options.prepare = prepare_unlike; /* the second group is run one by one, and stopped within */
  ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  ck_assert_uint_eq(done, 4);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_REQUESTED), 7);
  ck_assert(isnan(gd_ensemble_point(ensemble, 4)[0]));
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* The group of member 0 is over when the others, which never end by themselves, are asked to stop. */
static gd_status prepare_endless(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  for (size_t k = 0; k < 2; k++) x[k] = member >= 4;
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0);
}

static int stop_at_once(void *context, size_t done) {
  (void)context, (void)done;
  return 1;
}

START_TEST(lanes_under_way_are_stopped_on_threads) {
  const test_game kind = noisy_game();
  gd_thread_pool *pool = NULL;
  assert_ok(gd_thread_pool_create(&pool, 3));
  const gd_executor executor = gd_thread_pool_executor(pool);
  const gd_env env = {.struct_size = sizeof env, .executor = &executor};
  gd_game *game = create_test_game(&kind, &env);
  gd_run_options run = member_steps(UINT64_MAX);
  run.gradient_tolerance = 1e-8;
  gd_ensemble_options options = member_options(16, &run);
  options.prepare = prepare_endless;
  options.progress = stop_at_once;
  options.lanes = 4;
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_GRADIENT), 4);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_REQUESTED), 12);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
  gd_thread_pool_destroy(pool);
}
END_TEST

/* ---- what cannot be ---- */

static void refuse(const gd_game *game, const char *method, const gd_ensemble_options *options, const char *words) {
  gd_ensemble *ensemble = NULL;
  assert_fails(gd_ensemble_run(&ensemble, game, gd_method_find(method), options), GD_ERR_UNSUPPORTED, words);
  ck_assert_ptr_null(ensemble);
}

static int look_on(void *context, const gd_progress *progress) {
  (void)context, (void)progress;
  return 0;
}

START_TEST(refuses_rules_and_methods_for_single_runs) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_run_options run = member_steps(3);
  gd_ensemble_options options = member_options(8, &run);
  options.lanes = 2;
  refuse(game, GD_IMPLICIT, &options, "\"implicit\" lacks GD_METHOD_LANEWISE");
  run.step_tolerance = 1;
  refuse(game, GD_SIMULTANEOUS, &options, "step_tolerance is set");
  run = member_steps(3);
  run.max_gradients = 1;
  refuse(game, GD_SIMULTANEOUS, &options, "max_gradients is set");
  run = member_steps(3);
  run.max_seconds = 1;
  refuse(game, GD_SIMULTANEOUS, &options, "max_seconds is set");
  run = member_steps(3);
  const gd_observer observer = {look_on, NULL};
  run.observers = &observer;
  run.n_observers = 1;
  refuse(game, GD_SIMULTANEOUS, &options, "n_observers is set");
  gd_game_destroy(game);
}
END_TEST

static int add_nothing(void *context, gd_reduction op, double *values, size_t count) {
  (void)context, (void)op, (void)values, (void)count;
  return 0;
}

START_TEST(refuses_draws_differences_and_ranks) {
  const test_game noisy = noisy_game(), half_plane = half_plane_game();
  const gd_run_options run = member_steps(3);
  gd_ensemble_options options = member_options(8, &run);
  gd_eval_options eval;
  gd_eval_options_init(&eval);
  eval.batch_size = 1;
  options.lanes = 2;
  options.eval = &eval;
  gd_game *game = create_test_game(&noisy, NULL);
  refuse(game, GD_SIMULTANEOUS, &options, "expected batch_size 0");
  assert_ok(gd_game_configure(game, &eval));
  options.eval = NULL;
  refuse(game, GD_SIMULTANEOUS, &options, "expected batch_size 0");
  gd_game_destroy(game);
  game = create_test_game(&half_plane, NULL);
  refuse(game, GD_CONSENSUS, &options, "computes by finite differences");
  gd_game_destroy(game);
  const gd_comm comm = {.struct_size = sizeof comm, .rank = 0, .size = 2, .reduce = add_nothing};
  const gd_env env = {.struct_size = sizeof env, .comm = &comm};
  game = create_test_game(&noisy, &env);
  refuse(game, GD_SIMULTANEOUS, &options, "2 ranks");
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = curved_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  const gd_run_options run = member_steps(2);
  gd_ensemble_options options = member_options(11, &run);
  gd_game *game = NULL;
  gd_ensemble *ensemble = NULL;
  (void)argument;
  options.prepare = prepare_unlike;
  options.lanes = 3;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_ensemble_run(&ensemble, game, gd_method_find(GD_CONSENSUS), &options);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 30); }
END_TEST

TEST_SUITE("lanes", results_in_lanes_are_those_of_single_runs,
           members_that_differ_fail_or_diverge_get_what_they_would_alone,
           members_that_leave_the_domain_under_way_fail_alone, the_gmm_gan_is_the_same_in_lanes,
           steps_are_taken_for_all_lanes_at_once, caveats_are_their_members_own, groups_are_told_and_stopped_as_a_whole,
           lanes_under_way_are_stopped_on_threads, refuses_rules_and_methods_for_single_runs,
           refuses_draws_differences_and_ranks, survives_every_refused_allocation)
