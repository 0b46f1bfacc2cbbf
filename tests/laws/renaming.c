/* SPDX-License-Identifier: BSD-3-Clause */
/* renaming.c -- giving the players other numbers commutes with every method. */
#include "laws/every.h"
#include "laws/through.h"

/* A step size of its own for each player, and turns that name the players. */
static void name_players(gd_stepper *stepper, const through *t) {
  const size_t players = gd_game_players(t->base);
  double sizes[THROUGH_PLAYERS], turns[THROUGH_PLAYERS];
  for (size_t i = 0; i < players; i++) {
    sizes[i] = 0.03125 * (1 + (double)t->order[i]);
    turns[i] = (double)t->order[i];
  }
  assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, sizes));
  const gd_param *row;
  for (size_t k = 0; (row = gd_method_param(gd_stepper_method(stepper), k)); k++)
    if (strcmp(row->name, "turn") == 0) assert_ok(gd_stepper_set_players(stepper, "turn", turns));
}

/* Three steps on the base under these names. */
static void steps_under(gd_game *base, const size_t *order, const every_way *way, double *x) {
  through t = through_plain(base);
  memcpy(t.order, order, gd_game_players(base) * sizeof *order);
  gd_game *game = through_create(&t);
  gd_stepper *stepper = every_stepper(game, way, 0);
  double here[EVERY_N];
  name_players(stepper, &t);
  through_out(&t, x, here);
  for (int k = 0; k < 3; k++) assert_step(stepper, here, every_label(game, way));
  through_in(&t, here, x);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}

/* Rounding alone may differ: of the factors of the implicit step, and of what Newton's method stops at.  A scaling may
 * enlarge it where a direction is near zero. */
START_TEST(renaming_players_commutes_with_every_method) {
  every_game it = {0};
  every_way way;
  for (EVERY_GAME(it)) {
    const size_t players = gd_game_players(it.game), n = gd_game_size(it.game);
    for (size_t k = 0; every_way_at(&way, k); k++) {
      if (every_refuses(it.game, &way)) continue;
      const size_t plain[] = {0, 1, 2, 3}, turned[] = {players - 1, 0, 1, 2};
      double x[EVERY_N], y[EVERY_N];
      every_point(it.game, 0.25, 3, x);
      memcpy(y, x, sizeof x);
      steps_under(it.game, plain, &way, x);
      steps_under(it.game, turned, &way, y);
      for (size_t i = 0; i < n; i++)
        ck_assert_msg(fabs(x[i] - y[i]) <= 1e-11 * (1 + fabs(x[i])), "%s: x[%zu] is %.17g, renamed %.17g",
                      every_label(it.game, &way), i, x[i], y[i]);
    }
  }
}
END_TEST

TEST_SUITE("renaming", renaming_players_commutes_with_every_method)
