/* SPDX-License-Identifier: BSD-3-Clause */
/* unrolled_checkpoints.c -- unrolled games that keep every sqrt(k)-th point have the bits of those that keep all, for
 * a walk more and memory for 2 sqrt(k). */
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <gamedyn/gmm_gan.h>
#include <gamedyn/models.h>
#include <math.h>

enum { MOST = 8 };

typedef struct pair {
  gd_game *all, *some;
} pair;

static pair unroll(gd_game *base, size_t leader, size_t follower, size_t steps, double step_size) {
  pair made = {NULL, NULL};
  assert_ok(gd_derive_unrolled(&made.all, base, leader, follower, steps, step_size));
  assert_ok(gd_derive_unrolled_checkpointed(&made.some, base, leader, follower, steps, step_size));
  return made;
}

static void destroy(pair games) {
  gd_game_destroy(games.all);
  gd_game_destroy(games.some);
}

static void assert_same(size_t n, const double *a, const double *b) {
  ck_assert_int_eq(memcmp(a, b, n * sizeof *a), 0);
}

static void assert_alike(pair games, size_t leader, const double *x) {
  const size_t n = gd_game_size(games.all);
  double one[MOST], other[MOST];
  assert_ok(gd_game_gradient(games.all, x, one));
  assert_ok(gd_game_gradient(games.some, x, other));
  assert_same(n, one, other);
  assert_ok(gd_game_player_gradient(games.all, leader, x, one));
  assert_ok(gd_game_player_gradient(games.some, leader, x, other));
  assert_same(gd_game_block_size(games.all, leader), one, other);
  assert_ok(gd_game_utility_gradient(games.all, leader, x, one));
  assert_ok(gd_game_utility_gradient(games.some, leader, x, other));
  assert_same(n, one, other);
  assert_ok(gd_game_utilities(games.all, x, one));
  assert_ok(gd_game_utilities(games.some, x, other));
  assert_same(gd_game_players(games.all), one, other);
}

static const double start[MOST] = {0.3, -0.7, 0.9, 0.2, 0.4};

/* Squares, their neighbours, and large numbers; each player leads each other. */
START_TEST(has_the_bits_of_the_game_that_keeps_all) {
  static const size_t steps[] = {0, 1, 2, 3, 4, 5, 8, 9, 10, 15, 16, 17, 24, 99, 100, 101, 1000, 9999, 10000};
  const test_game kinds[] = {curved_game(), general_game(), rotation_game()};
  for (size_t which = 0; which < 3; which++) {
    gd_game *base = create_test_game(&kinds[which], NULL);
    const size_t players = gd_game_players(base);
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
      for (size_t leader = 0; leader < players; leader++)
        for (size_t follower = 0; follower < players; follower++) {
          if (leader == follower) continue;
          const pair games = unroll(base, leader, follower, steps[k], 0.1 / (1 + (double)steps[k]));
          assert_alike(games, leader, start);
          destroy(games);
        }
    gd_game_destroy(base);
  }
}
END_TEST

START_TEST(has_the_bits_of_the_unrolled_gmm_gan) {
  const double x[] = {-0.3, 1.1, -2, 0.1, -0.4, 1};
  gd_gmm_gan gan;
  gd_game *base = NULL;
  gd_gmm_gan_init(&gan);
  assert_ok(gd_model_gmm_gan(&base, &gan, NULL));
  for (size_t leader = 0; leader < 2; leader++) {
    const pair games = unroll(base, leader, 1 - leader, 50, 0.3);
    assert_alike(games, leader, x);
    destroy(games);
  }
  gd_game_destroy(base);
}
END_TEST

/* U = theta'C omega - |omega|^2 / 2, omega going up: with q = (1 - a)^k, y = q omega + (1 - q) C'theta, and
 * dU/dtheta = C y + (1 - q) C (C'theta - y). */
START_TEST(ten_thousand_steps_have_their_closed_form) {
  const double C[] = {1, 0.5, -2, 1}, B[] = {1, 0, 0, 1}, x[] = {0.3, -0.7, 5, 9}, a = 2e-4;
  const double q = pow(1 - a, 10000), answer[] = {C[0] * x[0] + C[1] * x[1], C[2] * x[0] + C[3] * x[1]};
  gd_game *base = NULL, *game = NULL;
  double v[4], seen[2];
  assert_ok(gd_model_quadratic(&base, 2, 2, NULL, 0, B, 2, C, 2, NULL));
  assert_ok(gd_derive_unrolled_checkpointed(&game, base, 0, 1, 10000, a));
  assert_ok(gd_game_gradient(game, x, v));
  for (int i = 0; i < 2; i++) {
    const double y = q * x[2 + i] + (1 - q) * answer[i];
    seen[i] = y + (1 - q) * (answer[i] - y);
  }
  for (int i = 0; i < 2; i++) assert_close(v[i], -(C[i] * seen[0] + C[i + 2] * seen[1]), 0, 1e-11);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

/* The check holds utility gradients against differences of utilities. */
START_TEST(follows_the_differences_of_its_utilities) {
  const test_game kinds[] = {curved_game(), general_game()};
  for (size_t which = 0; which < 2; which++) {
    gd_game *base = create_test_game(&kinds[which], NULL);
    for (size_t leader = 0; leader < 2; leader++) {
      gd_game *game = NULL;
      gd_game_check_report report = {0};
      assert_ok(gd_derive_unrolled_checkpointed(&game, base, leader, 1 - leader, 2000, 1e-4));
      ck_assert_msg(gd_game_check(game, start, which, &report) == GD_OK, "%s", gd_last_error());
      ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
      gd_game_destroy(game);
    }
    gd_game_destroy(base);
  }
}
END_TEST

/* k = 10: stretches of 4, 4 and 2 steps, of which the first two are walked again for 3 steps each. */
START_TEST(walks_all_but_the_last_stretch_again) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  const double x[] = {1, 2};
  gd_game *base = create_test_game(&kind, NULL);
  const pair games = unroll(base, 0, 1, 10, 0.1);
  double v[2];
  calls = (failing_calls){0};
  assert_ok(gd_game_gradient(games.all, x, v));
  const size_t all = calls.calls;
  calls = (failing_calls){0};
  assert_ok(gd_game_gradient(games.some, x, v));
  ck_assert_uint_eq(calls.calls, all + 6);
  const size_t some = calls.calls;
  for (size_t k = 1; k <= some; k++) {
    calls = (failing_calls){.fail_at = k, .code = -7};
    assert_fails(gd_game_gradient(games.some, x, v), GD_ERR_CALLBACK, "returned -7");
  }
  destroy(games);
  gd_game_destroy(base);
}
END_TEST

/* 10,000 steps: 100 kept and 100 walked points of 1 variable, where the other game keeps 10,000 and its first. */
START_TEST(keeps_two_roots_of_the_points) {
  failing_memory memory;
  failing_memory_init(&memory, 0);
  const test_game kind = rotation_game();
  gd_game *base = create_test_game(&kind, &memory.env), *game = NULL;
  const size_t before = memory.bytes;
  assert_ok(gd_derive_unrolled_checkpointed(&game, base, 0, 1, 10000, 1e-3));
  const size_t some = memory.bytes - before;
  gd_game_destroy(game);
  assert_ok(gd_derive_unrolled(&game, base, 0, 1, 10000, 1e-3));
  const size_t all = memory.bytes - before;
  gd_game_destroy(game);
  gd_game_destroy(base);
  ck_assert_uint_ge(all - some, (10001 - 200 - 2) * sizeof(double)); /* whole vectors of 2 */
  ck_assert_uint_lt(some, all / 8);
}
END_TEST

START_TEST(refuses_what_unrolled_games_refuse) {
  const test_game kind = general_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_fails(gd_derive_unrolled_checkpointed(&game, NULL, 0, 1, 1, 1), GD_ERR_ARGUMENT, "base is NULL");
  assert_fails(gd_derive_unrolled_checkpointed(&game, base, 1, 1, 1, 1), GD_ERR_ARGUMENT, "both 1");
  assert_fails(gd_derive_unrolled_checkpointed(&game, base, 0, 1, 1000001, 1), GD_ERR_ARGUMENT,
               "expected 0 to 1000000");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

TEST_SUITE("unrolled_checkpoints", has_the_bits_of_the_game_that_keeps_all, has_the_bits_of_the_unrolled_gmm_gan,
           ten_thousand_steps_have_their_closed_form, follows_the_differences_of_its_utilities,
           walks_all_but_the_last_stretch_again, keeps_two_roots_of_the_points, refuses_what_unrolled_games_refuse)
