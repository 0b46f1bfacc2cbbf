/* SPDX-License-Identifier: BSD-3-Clause */
/* A method at work on one of the tests' games, and vectors that agree. */
#ifndef TEST_AT_WORK_H
#define TEST_AT_WORK_H

#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/stepper.h>

#define assert_vector(n, actual, expected, tolerance)                                                                  \
  do {                                                                                                                 \
    for (size_t vector_k_ = 0; vector_k_ < (n); vector_k_++)                                                           \
      assert_close((actual)[vector_k_], (expected)[vector_k_], tolerance, tolerance);                                  \
  } while (0)

/* The same bits. */
#define assert_same(n, actual, expected) ck_assert_mem_eq(actual, expected, (n) * sizeof(double))

typedef struct at_work {
  gd_game *game;
  gd_stepper *stepper;
} at_work;

static inline at_work put_to_work(const test_game *kind, const char *method) {
  at_work work = {.game = create_test_game(kind, NULL)};
  assert_ok(gd_stepper_create_named(&work.stepper, work.game, method));
  return work;
}

static inline at_work put_to_work_with_step(const test_game *kind, const char *method, double step_size) {
  const at_work work = put_to_work(kind, method);
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, step_size));
  return work;
}

static inline void retire(at_work *work) {
  gd_stepper_destroy(work->stepper);
  gd_game_destroy(work->game);
}

/* Evaluate on draws: minibatches of this size, from seed 7. */
static inline void draw_batches(gd_game *game, uint64_t batch_size) {
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.seed = 7;
  options.batch_size = batch_size;
  assert_ok(gd_game_configure(game, &options));
}

/* The minibatch the game stands at. */
static inline uint64_t draw_index(const gd_game *game) {
  gd_draw draw;
  ck_assert(gd_game_get_draw(game, &draw));
  return draw.index;
}

/* v of noisy_game() on draw `index` of draw_batches(game, 1): -x + two standard normals. */
static inline void noisy_field(uint64_t index, const double *x, double *v) {
  const gd_draw draw = {7, 0, index, 1};
  gd_rng rng = gd_draw_rng(&draw);
  gd_rng_fill_normal(&rng, 2, v);
  for (int k = 0; k < 2; k++) v[k] -= x[k];
}

#endif
