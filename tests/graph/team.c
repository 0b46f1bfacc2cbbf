/* SPDX-License-Identifier: BSD-3-Clause */
/* team.c -- evaluations shared among threads: the same bits with any executor, also one that runs task after task. */
#include "support/suite.h"

#include <gamedyn/neural.h>
#include <stdlib.h>
#include <unistd.h>

enum { BATCH = 140, LATENT = 5, WIDTH = 260 /* so that some products are BLAS's */ };

/* ---- executors ---- */

static int forwards(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  size_t *calls = context;
  ++*calls;
  for (size_t k = 0; k < count; k++) task(argument, k);
  return 0;
}

static int backwards(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  size_t *calls = context;
  ++*calls;
  for (size_t k = count; k-- > 0;) task(argument, k);
  return 0;
}

/* ---- what is asked ---- */

static gd_neural_gan *create_gan(const gd_executor *executor, gd_precision precision) {
  const size_t G[] = {LATENT, WIDTH, WIDTH, 2}, D[] = {2, WIDTH, 48, 48, 1};
  const gd_mlp generator = {.struct_size = sizeof generator, .layers = 3, .widths = G, .seed = 1},
               discriminator = {.struct_size = sizeof discriminator, .layers = 4, .widths = D, .seed = 2};
  const gd_env env = {.struct_size = sizeof env, .executor = executor};
  gd_sampler data = {0}, latent = {0};
  gd_neural_gan *gan = NULL;
  assert_ok(gd_sampler_uniform(&data, 0, NULL));
  assert_ok(gd_sampler_normal(&latent, 0, NULL));
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &generator,
                                   .discriminator = &discriminator,
                                   .batch = BATCH,
                                   .data = &data,
                                   .latent = &latent,
                                   .gradient_penalty = 1,
                                   .precision = precision};
  assert_ok(gd_neural_gan_create(&gan, &spec, &env));
  return gan;
}

typedef struct answers {
  size_t n;
  double *x, *v, *Jv, *Jtv;
  double *both, *many, *samples; /* v and J'v; J of these; [2 by BATCH] */
} answers;

static answers ask(const gd_executor *executor, gd_precision precision) {
  gd_neural_gan *gan = create_gan(executor, precision);
  gd_game *game = gd_neural_gan_game(gan);
  const size_t n = gd_game_size(game);
  double *room = calloc(8 * n + 2 * BATCH, sizeof *room);
  answers own = {n, room, room + n, room + 2 * n, room + 3 * n, room + 4 * n, room + 6 * n, room + 8 * n};
  ck_assert_ptr_nonnull(room);
  assert_ok(gd_neural_gan_initial(gan, own.x));
  assert_ok(gd_game_gradient(game, own.x, own.v));
  assert_ok(gd_game_jvp(game, own.x, own.v, own.Jv));
  assert_ok(gd_game_vjp(game, own.x, own.v, own.Jtv));
  assert_ok(gd_game_gradient_vjp(game, own.x, own.both, own.both + n));
  assert_ok(gd_game_jvp_many(game, own.x, 2, own.both, own.many));
  assert_ok(gd_neural_gan_generate(gan, NULL, own.x, own.samples));
  gd_neural_gan_destroy(gan);
  return own;
}

static void compare_in(const gd_executor *executor, gd_precision precision) {
  answers alone = ask(NULL, precision), shared = ask(executor, precision);
  ck_assert_uint_eq(alone.n, shared.n);
  ck_assert(memcmp(alone.x, shared.x, (8 * alone.n + 2 * BATCH) * sizeof *alone.x) == 0);
  /* and what is there is no zeros */
  double sum = 0;
  for (size_t k = 0; k < alone.n; k++) sum += fabs(alone.Jtv[k]);
  ck_assert(sum > 0 && isfinite(sum));
  free(alone.x);
  free(shared.x);
}

static void compare(const gd_executor *executor) {
  compare_in(executor, GD_PRECISION_DOUBLE);
  compare_in(executor, GD_PRECISION_SINGLE);
}

START_TEST(any_number_of_threads_gives_the_same_bits) {
  for (size_t threads = 2; threads <= 5; threads += 3) {
    gd_thread_pool *pool = NULL;
    assert_ok(gd_thread_pool_create(&pool, threads));
    const gd_executor executor = gd_thread_pool_executor(pool);
    compare(&executor);
    gd_thread_pool_destroy(pool);
  }
}
END_TEST

START_TEST(an_executor_need_not_run_tasks_at_the_same_time) {
  size_t calls = 0;
  compare(&(gd_executor){sizeof(gd_executor), &calls, forwards});
  compare(&(gd_executor){sizeof(gd_executor), &calls, backwards});
  if (sysconf(_SC_NPROCESSORS_ONLN) > 1) ck_assert_uint_ge(calls, 8);
}
END_TEST

/* Handles on two threads of the pool that their game shares evaluations with: the second finds it taken. */
typedef struct pair {
  gd_neural_gan *gan;
  const answers *expected;
  bool same[2];
} pair;

static int evaluate(void *context, size_t k) {
  pair *own = context;
  gd_game *game = NULL;
  double *v = calloc(own->expected->n, sizeof *v);
  bool same = v && gd_game_dup(&game, gd_neural_gan_game(own->gan)) == GD_OK;
  for (int turn = 0; same && turn < 5; turn++)
    same = gd_game_gradient(game, own->expected->x, v) == GD_OK &&
           memcmp(v, own->expected->v, own->expected->n * sizeof *v) == 0;
  own->same[k] = same;
  gd_game_destroy(game);
  free(v);
  return 0;
}

START_TEST(evaluations_within_a_task_of_the_same_pool_work_alone) {
  gd_thread_pool *pool = NULL;
  answers expected = ask(NULL, GD_PRECISION_DOUBLE);
  assert_ok(gd_thread_pool_create(&pool, 2));
  const gd_executor executor = gd_thread_pool_executor(pool);
  pair own = {.gan = create_gan(&executor, GD_PRECISION_DOUBLE), .expected = &expected};
  ck_assert_int_eq(executor.run_all(executor.context, 2, evaluate, &own), 0);
  ck_assert(own.same[0] && own.same[1]);
  gd_neural_gan_destroy(own.gan);
  gd_thread_pool_destroy(pool);
  free(expected.x);
}
END_TEST

TEST_SUITE("team", any_number_of_threads_gives_the_same_bits, an_executor_need_not_run_tasks_at_the_same_time,
           evaluations_within_a_task_of_the_same_pool_work_alone)
