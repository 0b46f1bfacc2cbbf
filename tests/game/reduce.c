/* SPDX-License-Identifier: BSD-3-Clause */
/* reduce.c -- inner products and norms over ranks, without overflow on the way.
 *
 * The second rank is played by the reduction itself: it adds (or maximises with) the other
 * rank's values, which the test states. */
#include "support/games.h"
#include "support/suite.h"

#include <float.h>
#include <math.h>

typedef struct other_rank {
  double values[3];
  size_t calls, count;
  int code;
} other_rank;

static int reduce(void *context, gd_reduction op, double *values, size_t count) {
  other_rank *other = context;
  other->calls++;
  other->count = count;
  for (size_t k = 0; k < count; k++)
    values[k] = op == GD_REDUCE_SUM ? values[k] + other->values[k] : fmax(values[k], other->values[k]);
  return other->code;
}

typedef struct two_ranks {
  other_rank other;
  gd_comm comm;
  gd_env env;
  gd_game *game;
} two_ranks;

static void set_up(two_ranks *ranks, test_game kind, uint32_t traits) {
  *ranks = (two_ranks){.other = {.code = 0}};
  ranks->comm = (gd_comm){sizeof(gd_comm), &ranks->other, 0, 2, reduce};
  ranks->env = (gd_env){.struct_size = sizeof(gd_env), .comm = &ranks->comm};
  kind.traits |= traits;
  ranks->game = create_test_game(&kind, &ranks->env);
}

START_TEST(adds_up_over_the_ranks_of_a_partitioned_game) {
  two_ranks ranks;
  set_up(&ranks, rotation_game(), GD_PARTITIONED);
  double result;
  ranks.other.values[0] = 100;
  assert_ok(gd_game_dot(ranks.game, (const double[]){1, 2}, (const double[]){3, 4}, &result));
  assert_close(result, 111, 0, 0);
  /* this rank holds (2, 4), of square 20; the other (0, 4): the middling sum is the second */
  ranks.other.values[0] = 0;
  ranks.other.values[1] = 16;
  assert_ok(gd_game_norm(ranks.game, (const double[]){2, 4}, &result));
  assert_close(result, 6, 1e-15, 0);
  gd_counts counts;
  gd_game_counts(ranks.game, &counts);
  ck_assert_uint_eq(counts.reductions, 2);
  ck_assert_uint_eq(ranks.other.calls, 2);
  gd_game_destroy(ranks.game);
}
END_TEST

START_TEST(does_not_reduce_what_every_rank_holds) {
  two_ranks ranks;
  set_up(&ranks, rotation_game(), 0);
  double result;
  assert_ok(gd_game_dot(ranks.game, (const double[]){1, 2}, (const double[]){3, 4}, &result));
  assert_close(result, 11, 0, 0);
  assert_ok(gd_game_norm(ranks.game, (const double[]){3, 4}, &result));
  assert_close(result, 5, 1e-15, 0);
  ck_assert_uint_eq(ranks.other.calls, 0);
  gd_game_destroy(ranks.game);
}
END_TEST

/* A norm of 2^600 here and of 2^600 or 1 or 2^-600 there, and the like at the small end. */
START_TEST(takes_norms_of_numbers_whose_squares_are_out_of_range) {
  two_ranks ranks;
  set_up(&ranks, rotation_game(), GD_PARTITIONED);
  double norm;
  ranks.other.values[0] = 1; /* (2^600)^2 scaled by 2^-1200 */
  assert_ok(gd_game_norm(ranks.game, (const double[]){0, 0x1p600}, &norm));
  assert_close(norm, sqrt(2) * 0x1p600, 1e-15, 0);
  ranks.other.values[0] = 0;
  ranks.other.values[1] = 9;
  assert_ok(gd_game_norm(ranks.game, (const double[]){0, 0x1p600}, &norm));
  assert_close(norm, 0x1p600, 1e-15, 0);
  ranks.other.values[1] = 0;
  ranks.other.values[2] = 9; /* (3 * 2^-600)^2 scaled by 2^1200 */
  assert_ok(gd_game_norm(ranks.game, (const double[]){0x1p-598, 0}, &norm));
  assert_close(norm, 5 * 0x1p-600, 1e-15, 0);
  gd_game_destroy(ranks.game);
}
END_TEST

START_TEST(takes_norms_at_both_ends_of_the_range_on_one_rank) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  double norm;
  assert_ok(gd_game_norm(game, (const double[]){3e300, 4e300}, &norm));
  assert_close(norm, 5e300, 1e-15, 0);
  assert_ok(gd_game_norm(game, (const double[]){3e-300, 4e-300}, &norm));
  assert_close(norm, 5e-300, 1e-15, 0);
  assert_ok(gd_game_norm(game, (const double[]){0, 0}, &norm));
  ck_assert(norm == 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_when_the_answer_is_no_number) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  double result = 7;
  assert_fails(gd_game_norm(game, (const double[]){NAN, 0}, &result), GD_ERR_NONFINITE, "norm is nan");
  assert_fails(gd_game_norm(game, (const double[]){DBL_MAX, DBL_MAX}, &result), GD_ERR_NONFINITE, "norm is inf");
  assert_fails(gd_game_dot(game, (const double[]){DBL_MAX, 0}, (const double[]){2, 0}, &result), GD_ERR_NONFINITE,
               "dot is inf");
  ck_assert(result == 7);
  gd_game_destroy(game);
}
END_TEST

START_TEST(passes_on_a_failed_reduction) {
  two_ranks ranks;
  set_up(&ranks, rotation_game(), GD_PARTITIONED);
  ranks.other.code = 13;
  double result = 7;
  assert_fails(gd_game_dot(ranks.game, (const double[]){1, 2}, (const double[]){3, 4}, &result), GD_ERR_REDUCE,
               "comm->reduce returned 13 on rank 0 of 2");
  assert_fails(gd_game_norm(ranks.game, (const double[]){1, 2}, &result), GD_ERR_REDUCE, "returned 13");
  ck_assert(result == 7);
  gd_game_destroy(ranks.game);
}
END_TEST

/* J u by differences scales its step by the largest |x| and |u| of all ranks: this rank's u = 0
 * alone would give 0 at once.  The other rank's largest: |x| = 4, |u| = 2. */
START_TEST(differences_with_the_step_of_all_ranks) {
  two_ranks ranks;
  test_game kind = rotation_game();
  kind.ops.jvp = NULL;
  kind.traits = 0;
  set_up(&ranks, kind, GD_PARTITIONED);
  ranks.other.values[0] = 4;
  ranks.other.values[1] = 2;
  double Ju[2];
  assert_ok(gd_game_jvp(ranks.game, (const double[]){1, 1}, (const double[]){0, 0}, Ju));
  ck_assert(Ju[0] == 0 && Ju[1] == 0);
  gd_counts counts;
  gd_game_counts(ranks.game, &counts);
  ck_assert_uint_eq(counts.gradients, 2);
  ck_assert_uint_eq(ranks.other.count, 2);
  gd_game_destroy(ranks.game);
}
END_TEST

START_TEST(refuses_null) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  const double a[2] = {0};
  double result;
  assert_fails(gd_game_dot(NULL, a, a, &result), GD_ERR_ARGUMENT, "dot: game is NULL");
  assert_fails(gd_game_dot(game, NULL, a, &result), GD_ERR_ARGUMENT, "dot: a is NULL");
  assert_fails(gd_game_dot(game, a, NULL, &result), GD_ERR_ARGUMENT, "dot: b is NULL");
  assert_fails(gd_game_dot(game, a, a, NULL), GD_ERR_ARGUMENT, "dot: dot is NULL");
  assert_fails(gd_game_norm(NULL, a, &result), GD_ERR_ARGUMENT, "norm: game is NULL");
  assert_fails(gd_game_norm(game, NULL, &result), GD_ERR_ARGUMENT, "norm: a is NULL");
  assert_fails(gd_game_norm(game, a, NULL), GD_ERR_ARGUMENT, "norm: norm is NULL");
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("reduce", adds_up_over_the_ranks_of_a_partitioned_game, does_not_reduce_what_every_rank_holds,
           takes_norms_of_numbers_whose_squares_are_out_of_range, takes_norms_at_both_ends_of_the_range_on_one_rank,
           says_when_the_answer_is_no_number, passes_on_a_failed_reduction, differences_with_the_step_of_all_ranks,
           refuses_null)
