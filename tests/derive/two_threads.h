/* SPDX-License-Identifier: BSD-3-Clause */
/* One derived game on two threads, through two handles. */
#ifndef TEST_TWO_THREADS_H
#define TEST_TWO_THREADS_H

#include "support/suite.h"

#include <gamedyn/game.h>
#include <pthread.h>

typedef struct thread_worker {
  gd_game *game;
  double sum;
  gd_status status;
} thread_worker;

static inline void *thread_work(void *argument) {
  thread_worker *own = argument;
  for (int k = 0; k < 2000 && own->status == GD_OK; k++) {
    const double x[5] = {0.001 * k, 1, -1, 0.5, 2};
    double v[5];
    own->status = gd_game_gradient(own->game, x, v);
    for (int i = 0; i < 5; i++) own->sum += v[i];
  }
  gd_game_destroy(own->game);
  return NULL;
}

/* Both threads get the same sum of gradients, bit by bit; destroys the game, which has 5 variables. */
static inline void serve_two_threads(gd_game *game) {
  thread_worker workers[2] = {{.game = game}, {0}};
  assert_ok(gd_game_dup(&workers[1].game, game));
  pthread_t threads[2];
  for (int k = 0; k < 2; k++) ck_assert_int_eq(pthread_create(&threads[k], NULL, thread_work, &workers[k]), 0);
  for (int k = 0; k < 2; k++) pthread_join(threads[k], NULL);
  ck_assert_int_eq(workers[0].status + workers[1].status, GD_OK);
  ck_assert(workers[0].sum == workers[1].sum && workers[0].sum != 0);
}

#endif
