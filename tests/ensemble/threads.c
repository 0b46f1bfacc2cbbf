/* SPDX-License-Identifier: BSD-3-Clause */
/* threads.c -- the same bits on any number of threads, whatever the game itself does with them. */
#include "ensemble/members.h"
#include "support/failing_memory.h"

#include <gamedyn/models.h>

static const size_t thread_counts[] = {1, 2, 7};

/* An environment of a pool. */
typedef struct threads {
  gd_thread_pool *pool;
  gd_executor executor;
  gd_env env;
} threads;

static void threads_start(threads *own, size_t count) {
  assert_ok(gd_thread_pool_create(&own->pool, count));
  own->executor = gd_thread_pool_executor(own->pool);
  own->env = (gd_env){.struct_size = sizeof own->env, .executor = &own->executor};
}

/* Every fifth member fails, every third one changes its scaling. */
static gd_status prepare_mixed(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  GD_TRY(prepare_anywhere(context, member, rng, stepper, x));
  if (member % 5 == 4) x[0] = NAN;
  return member % 3 ? GD_OK : gd_stepper_set_scaling(stepper, GD_SCALING_ADAM);
}

static gd_ensemble *mixed_ensemble(const test_game *kind, const char *method, const gd_env *env) {
  gd_game *game = create_test_game(kind, env);
  gd_eval_options eval;
  gd_eval_options_init(&eval);
  eval.batch_size = 2;
  gd_run_options run = member_steps(60);
  run.gradient_tolerance = 0.5; /* some members end early */
  gd_ensemble_options options = member_options(64, &run);
  options.eval = &eval;
  options.prepare = prepare_mixed;
  gd_ensemble *ensemble = ensemble_of(game, method, &options);
  gd_game_destroy(game);
  return ensemble;
}

START_TEST(results_have_the_same_bits_on_any_number_of_threads) {
  const test_game kinds[] = {noisy_game(), curved_game(), general_game()};
  const size_t sizes[] = {2, 5, 4};
  const char *const methods[] = {GD_OPTIMISTIC, GD_IMPLICIT, GD_CONSENSUS};
  threads own;
  threads_start(&own, thread_counts[_i]);
  for (size_t k = 0; k < 3; k++)
    for (size_t m = 0; m < 3; m++) {
      gd_ensemble *alone = mixed_ensemble(&kinds[k], methods[m], NULL);
      gd_ensemble *together = mixed_ensemble(&kinds[k], methods[m], &own.env);
      ck_assert_uint_eq(gd_ensemble_failed(alone), 12);
      assert_same_ensembles(together, alone, sizes[k], true);
      gd_ensemble_destroy(together);
      gd_ensemble_destroy(alone);
    }
  gd_thread_pool_destroy(own.pool);
}
END_TEST

/* ---- games that use threads themselves ---- */

enum { SIDE = 300 }; /* a sweep of 300 by 300 is shared out over threads */

static gd_status prepare_large(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)member, (void)stepper;
  gd_rng_fill_normal(rng, 2 * SIDE, x);
  return GD_OK;
}

static gd_ensemble *large_ensemble(const double *C, const gd_env *env) {
  gd_game *game = NULL;
  const gd_run_options run = member_steps(5);
  gd_ensemble_options options = member_options(9, &run);
  options.prepare = prepare_large;
  assert_ok(gd_model_bilinear(&game, SIDE, SIDE, C, SIDE, env));
  gd_ensemble *ensemble = ensemble_of(game, GD_EXTRAGRADIENT, &options);
  gd_game_destroy(game);
  return ensemble;
}

START_TEST(members_may_use_the_executor_themselves) {
  static double C[SIDE * SIDE];
  gd_rng rng = gd_rng_make(3, 4);
  threads own;
  gd_rng_fill_normal(&rng, SIDE * SIDE, C);
  threads_start(&own, thread_counts[_i]);
  gd_ensemble *alone = large_ensemble(C, NULL), *together = large_ensemble(C, &own.env);
  assert_same_ensembles(together, alone, 2 * SIDE, true);
  gd_ensemble_destroy(together);
  gd_ensemble_destroy(alone);
  gd_thread_pool_destroy(own.pool);
}
END_TEST

/* ---- stopping ---- */

/* Member 0 stands at the equilibrium of v = -x; the others never get there with a step size of 0. */
static gd_status prepare_endless(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  x[0] = member > 0;
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0);
}

static int stop_at_once(void *context, size_t done) {
  *(size_t *)context += done;
  return 1;
}

START_TEST(members_under_way_are_stopped) {
  const test_game kind = noisy_game();
  threads own;
  threads_start(&own, thread_counts[_i]);
  gd_game *game = create_test_game(&kind, &own.env);
  gd_run_options run = member_steps(UINT64_MAX);
  run.gradient_tolerance = 1e-8;
  gd_ensemble_options options = member_options(20, &run);
  size_t told = 0;
  options.prepare = prepare_endless;
  options.progress = stop_at_once;
  options.context = &told;
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  ck_assert_uint_eq(told, 1);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_GRADIENT), 1);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_REQUESTED), 19);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
  gd_thread_pool_destroy(own.pool);
}
END_TEST

/* ---- what cannot be ---- */

/* Runs nothing. */
static int run_none(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  (void)count, (void)task, (void)argument;
  return *(int *)context;
}

START_TEST(refuses_what_threads_cannot_do) {
  test_game kind = noisy_game();
  kind.traits &= ~(uint32_t)GD_THREAD_SAFE;
  int code = 5;
  const gd_executor executor = {sizeof executor, &code, run_none};
  gd_env env = {.struct_size = sizeof env, .executor = &executor};
  gd_game *game = create_test_game(&kind, &env);
  gd_ensemble *ensemble = NULL;
  const gd_method *method = gd_method_find(GD_SIMULTANEOUS);
  assert_fails(gd_ensemble_run(&ensemble, game, method, NULL), GD_ERR_UNSUPPORTED, "lacks GD_THREAD_SAFE");
  gd_game_destroy(game);

  kind = noisy_game();
  game = create_test_game(&kind, &env);
  assert_fails(gd_ensemble_run(&ensemble, game, method, NULL), GD_ERR_CALLBACK, "run_all returned 5");
  ck_assert_ptr_null(ensemble);
  gd_game_destroy(game);
}
END_TEST

static int add_nothing(void *context, gd_reduction op, double *values, size_t count) {
  (void)context, (void)op, (void)values, (void)count;
  return 0;
}

START_TEST(refuses_threads_on_several_ranks) {
  const test_game kind = noisy_game();
  int code = 0;
  const gd_executor executor = {sizeof executor, &code, run_none};
  const gd_comm comm = {.struct_size = sizeof comm, .rank = 0, .size = 3, .reduce = add_nothing};
  const gd_env env = {.struct_size = sizeof env, .executor = &executor, .comm = &comm};
  gd_game *game = create_test_game(&kind, &env);
  gd_ensemble *ensemble = NULL;
  assert_fails(gd_ensemble_run(&ensemble, game, gd_method_find(GD_SIMULTANEOUS), NULL), GD_ERR_UNSUPPORTED, "3 ranks");
  gd_game_destroy(game);
}
END_TEST

/* ---- memory ---- */

static gd_status attempt(const gd_env *env, void *argument) {
  const gd_executor *executor = argument;
  gd_env with_threads = *env;
  with_threads.executor = executor;
  const test_game kind = noisy_game();
  const gd_game_spec spec = test_game_spec(&kind, &with_threads);
  const gd_run_options run = member_steps(2);
  const gd_ensemble_options options = member_options(8, &run);
  gd_game *game = NULL;
  gd_ensemble *ensemble = NULL;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_ensemble_run(&ensemble, game, gd_method_find(GD_OPTIMISTIC), &options);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
  return status;
}

START_TEST(an_allocation_refused_on_any_thread_is_told_on_the_callers) {
  threads own;
  threads_start(&own, 2);
  ck_assert_uint_ge(refuse_each_allocation(attempt, &own.executor), 20);
  gd_thread_pool_destroy(own.pool);
}
END_TEST

Suite *make_suite(void) {
  Suite *suite = suite_create("threads");
  TCase *tcase = tcase_create("threads");
  const int counts = sizeof thread_counts / sizeof *thread_counts;
  tcase_set_timeout(tcase, 300);
  tcase_add_loop_test(tcase, results_have_the_same_bits_on_any_number_of_threads, 0, counts);
  tcase_add_loop_test(tcase, members_may_use_the_executor_themselves, 0, counts);
  tcase_add_loop_test(tcase, members_under_way_are_stopped, 0, counts);
  tcase_add_test(tcase, refuses_what_threads_cannot_do);
  tcase_add_test(tcase, refuses_threads_on_several_ranks);
  tcase_add_test(tcase, an_allocation_refused_on_any_thread_is_told_on_the_callers);
  suite_add_tcase(suite, tcase);
  return suite;
}
