/* SPDX-License-Identifier: BSD-3-Clause */
/* stillness.c -- an equilibrium stays put, and a step size of zero moves nothing; every method, scaling and game. */
#include "laws/every.h"

#include <float.h>

/* How far three steps may go from a stated solution x: rounding of it, and what is left of the gradient there. */
static double allowed(gd_game *game, const double *x, double gradient, double step_size) {
  double size;
  assert_ok(gd_game_norm(game, x, &size));
  return 64 * DBL_EPSILON * (1 + size) + 16 * step_size * gradient;
}

static double gradient_at(gd_game *game, const double *x) {
  double v[EVERY_N], norm;
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_norm(game, v, &norm));
  return norm;
}

/* Under a scaling only where v vanishes exactly: it would blow up what rounding leaves of it. */
START_TEST(an_equilibrium_stays_put) {
  every_game it = {0};
  every_way way;
  for (EVERY_GAME(it)) {
    double solution[EVERY_N], x[EVERY_N];
    if (gd_game_solution(it.game, solution) < 0) continue;
    const size_t n = gd_game_size(it.game);
    const double gradient = gradient_at(it.game, solution), most = allowed(it.game, solution, gradient, 0.125);
    for (size_t k = 0; every_way_at(&way, k); k++) {
      if (every_refuses(it.game, &way)) continue;
      if (gradient > 0 && strcmp(way.scaling, GD_SCALING_NONE) != 0) continue;
      gd_stepper *stepper = every_stepper(it.game, &way, 0.125);
      memcpy(x, solution, n * sizeof *x);
      for (int t = 0; t < 3; t++) assert_step(stepper, x, every_label(it.game, &way));
      for (size_t i = 0; i < n; i++)
        ck_assert_msg(fabs(x[i] - solution[i]) <= most, "%s: x[%zu] leaves its equilibrium by %g, at most %g",
                      every_label(it.game, &way), i, x[i] - solution[i], most);
      gd_stepper_destroy(stepper);
    }
  }
}
END_TEST

START_TEST(step_size_zero_moves_nothing) {
  every_game it = {0};
  every_way way;
  for (EVERY_GAME(it))
    for (size_t k = 0; every_way_at(&way, k); k++) {
      if (every_refuses(it.game, &way)) continue;
      double start[EVERY_N], x[EVERY_N];
      gd_stepper *stepper = every_stepper(it.game, &way, 0);
      every_point(it.game, 0.125, k, start);
      memcpy(x, start, sizeof x);
      for (int t = 0; t < 3; t++) assert_step(stepper, x, every_label(it.game, &way));
      assert_bits(gd_game_size(it.game), x, start, every_label(it.game, &way));
      gd_stepper_destroy(stepper);
    }
}
END_TEST

/* Nor does a step size of zero for one player move that player, while the others go. */
START_TEST(a_player_without_step_size_stays) {
  every_game it = {0};
  every_way way;
  size_t movers = 0, steppers = 0;
  for (EVERY_GAME(it))
    for (size_t k = 0; every_way_at(&way, k); k++) {
      if (every_refuses(it.game, &way)) continue;
      double start[EVERY_N], x[EVERY_N], sizes[EVERY_N];
      const size_t players = gd_game_players(it.game), still = k % players;
      gd_stepper *stepper = every_stepper(it.game, &way, 0);
      for (size_t i = 0; i < players; i++) sizes[i] = i == still ? 0 : 0.0625;
      assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, sizes));
      every_point(it.game, 0.125, k, start);
      memcpy(x, start, sizeof x);
      for (int t = 0; t < 3; t++) assert_step(stepper, x, every_label(it.game, &way));
      const size_t at = gd_game_block_start(it.game, still), size = gd_game_block_size(it.game, still);
      assert_bits(size, x + at, start + at, every_label(it.game, &way));
      movers += memcmp(x, start, gd_game_size(it.game) * sizeof *x) != 0;
      steppers++;
      gd_stepper_destroy(stepper);
    }
  ck_assert_uint_gt(2 * movers, steppers);
}
END_TEST

TEST_SUITE("stillness", an_equilibrium_stays_put, step_size_zero_moves_nothing, a_player_without_step_size_stays)
