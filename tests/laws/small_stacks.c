/* SPDX-License-Identifier: BSD-3-Clause */
/* small_stacks.c -- a thread with a stack of 64 kB is enough for whatever the library does.
 *
 * The C library puts thread-local memory on the stack as well: with OpenBLAS another 60 kB.  So the size asked for is
 * 64 kB more than the least that a thread can be made with. */
#include "laws/every.h"
#include "steppers/bytes.h"

#include "support/at_point.h"
#include <gamedyn/gamedyn.h>
#include <pthread.h>

/* Sanitizers put guards around everything on the stack, and their own code needs room as a thread starts. */
#if defined(__has_feature)
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || HAS_FEATURE(address_sanitizer) ||                 \
    HAS_FEATURE(thread_sanitizer)
enum { STACK = 1 << 20, LEAST = 1 << 20 };
#else
enum { STACK = 1 << 16, LEAST = 1 << 12 };
#endif

typedef struct work {
  gd_status (*of)(void *argument);
  void *argument;
  gd_status status;
  char words[200];
} work;

static void *do_work(void *context) {
  work *own = context;
  own->status = own->of(own->argument);
  snprintf(own->words, sizeof own->words, "%.199s", gd_last_error());
  return NULL;
}

static void *do_nothing(void *context) { return context; }

static bool can_be_made(size_t size) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  const bool made =
      pthread_attr_setstacksize(&attributes, size) == 0 && pthread_create(&thread, &attributes, do_nothing, NULL) == 0;
  if (made) pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
  return made;
}

static size_t least_size(void) {
  static size_t least;
  if (!least)
    for (least = LEAST; !can_be_made(least); least += 4096) continue;
  return least;
}

/* On a thread of that size; a stack that overflows meets the page beyond it, and the program ends. */
static void do_on_small_stack(gd_status (*of)(void *argument), void *argument, const char *what) {
  work own = {of, argument, GD_OK, ""};
  pthread_attr_t small;
  pthread_t thread;
  pthread_attr_init(&small);
  ck_assert_int_eq(pthread_attr_setstacksize(&small, least_size() + STACK), 0);
  ck_assert_int_eq(pthread_create(&thread, &small, do_work, &own), 0);
  pthread_join(thread, NULL);
  pthread_attr_destroy(&small);
  ck_assert_msg(own.status >= 0, "%s: %s (%s)", what, gd_status_name(own.status), own.words);
}

/* ---- games ---- */

static gd_status look_at(void *argument) {
  gd_game *game = argument;
  static double x[EVERY_N], J[EVERY_N * EVERY_N];
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  GD_TRY(every_point(game, 0.25, 1, x));
  GD_TRY(gd_game_jacobian(game, x, J, gd_game_size(game)));
  gd_status status = gd_operator_jacobian(&op, game, x);
  if (status >= 0) status = gd_spectrum_compute(&spectrum, op, NULL);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return status;
}

/* By hand, and so quickly evaluated. */
static gd_status look_closely(void *argument) {
  gd_game *game = argument;
  static double x[EVERY_N];
  gd_classification kind;
  GD_TRY(gd_game_solution(game, x));
  GD_TRY(gd_game_check(game, x, 1, NULL));
  return classify_at(game, x, NULL, &kind);
}

static gd_status step(void *argument) {
  static bytes saved;
  static double x[EVERY_N];
  gd_stepper *stepper = argument;
  GD_TRY(every_point(gd_stepper_game(stepper), 0.125, 2, x));
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = 2;
  GD_TRY(gd_run(stepper, x, &options, NULL));
  saved = (bytes){0};
  GD_TRY(gd_stepper_save(stepper, bytes_write, &saved));
  return gd_stepper_load(stepper, bytes_read, &saved);
}

START_TEST(games_of_every_kind) {
  every_game it = {0};
  for (EVERY_GAME(it)) do_on_small_stack(look_at, it.game, gd_game_name(it.game));
}
END_TEST

START_TEST(every_method_and_every_scaling) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  every_way way;
  do_on_small_stack(look_closely, game, "curved");
  for (size_t k = 0; every_way_at(&way, k); k++) {
    gd_stepper *stepper = every_stepper(game, &way, 0.001);
    do_on_small_stack(step, stepper, every_label(game, &way));
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

/* ---- large matrices: blocks of rows, LAPACK, Krylov subspaces ---- */

enum { SIDE = 400 };

static gd_status work_on_large(void *argument) {
  gd_game *game = argument;
  static double x[2 * SIDE], v[2 * SIDE], values[2 * SIDE];
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_solve_result result;
  for (size_t k = 0; k < 2 * SIDE; k++) x[k] = (double)(k % 7) / 7;
  GD_TRY(gd_game_gradient(game, x, v));
  GD_TRY(gd_operator_jacobian(&op, game, x));
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_MODULUS;
  options.count = 2;
  options.dense_limit = 1;
  gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  if (status >= 0) status = gd_singular_values(op, &options, values, NULL);
  if (status >= 0) status = gd_gmres_solve(op, v, x, NULL, &result);
  if (status >= 0) status = gd_singular_values(op, NULL, values, NULL);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return status;
}

/* On one thread, and as tasks on the caller of a pool. */
START_TEST(large_matrices) {
  static double C[SIDE * SIDE];
  gd_game *game = NULL;
  gd_thread_pool *pool = NULL;
  for (size_t k = 0; k < SIDE * SIDE; k++) C[k] = (double)(k * 37 % 101) / 100;
  assert_ok(gd_thread_pool_create(&pool, 2));
  const gd_executor executor = gd_thread_pool_executor(pool);
  const gd_env env = {.struct_size = sizeof env, .executor = &executor};
  for (int threads = 0; threads < 2; threads++) {
    assert_ok(gd_model_bilinear(&game, SIDE, SIDE, C, SIDE, threads ? &env : NULL));
    do_on_small_stack(work_on_large, game, "large");
    gd_game_destroy(game);
  }
  gd_thread_pool_destroy(pool);
}
END_TEST

TEST_SUITE("small_stacks", games_of_every_kind, every_method_and_every_scaling, large_matrices)
