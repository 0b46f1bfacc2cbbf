/* SPDX-License-Identifier: BSD-3-Clause */
/* ranks.c -- two threads that reduce: both show their numbers, meet, add up in the same order, and meet again. */
#include "support/ranks.h"

#include "support/suite.h"

#include <pthread.h>

typedef struct two_ranks {
  pthread_barrier_t meeting;
  const double *shown[2];
  size_t counts[2];
} two_ranks;

typedef struct one_rank {
  two_ranks *both;
  gd_comm comm;
  gd_env env;
  rank_work *work;
  void *argument;
} one_rank;

static int reduce(void *context, gd_reduction op, double *values, size_t count) {
  one_rank *rank = context;
  two_ranks *both = rank->both;
  double answer[64];
  ck_assert_uint_le(count, sizeof answer / sizeof *answer);
  both->shown[rank->comm.rank] = values;
  both->counts[rank->comm.rank] = count;
  pthread_barrier_wait(&both->meeting);
  ck_assert_uint_eq(both->counts[0], both->counts[1]);
  for (size_t k = 0; k < count; k++) {
    const double first = both->shown[0][k], second = both->shown[1][k];
    answer[k] = op == GD_REDUCE_SUM ? first + second : first > second ? first : second;
  }
  pthread_barrier_wait(&both->meeting);
  memcpy(values, answer, count * sizeof *values);
  return 0;
}

static void *work_on_rank(void *context) {
  one_rank *rank = context;
  rank->work(&rank->env, rank->argument);
  return NULL;
}

void on_two_ranks(rank_work *work, void *const arguments[2]) {
  two_ranks both;
  one_rank ranks[2];
  pthread_t threads[2];
  ck_assert_int_eq(pthread_barrier_init(&both.meeting, NULL, 2), 0);
  for (int k = 0; k < 2; k++) {
    ranks[k] = (one_rank){.both = &both, .work = work, .argument = arguments[k]};
    ranks[k].comm =
        (gd_comm){.struct_size = sizeof(gd_comm), .context = &ranks[k], .rank = k, .size = 2, .reduce = reduce};
    ranks[k].env = (gd_env){.struct_size = sizeof(gd_env), .comm = &ranks[k].comm};
    ck_assert_int_eq(pthread_create(&threads[k], NULL, work_on_rank, &ranks[k]), 0);
  }
  for (int k = 0; k < 2; k++) pthread_join(threads[k], NULL);
  pthread_barrier_destroy(&both.meeting);
}
