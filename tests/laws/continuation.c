/* SPDX-License-Identifier: BSD-3-Clause */
/* continuation.c -- steps are the same bits each time; saved at any phase and loaded elsewhere, they go on bit for
 * bit; after a reset they begin again. */
#define EVERY_TAME
#include "laws/every.h"
#include "steppers/bytes.h"

enum { STEPS = 5 };

static void draw_first(gd_game *game) {
  if (gd_game_traits(game) & GD_STOCHASTIC) gd_game_set_draw(game, &(gd_draw){3, 1, 0, 2});
}

/* Points after 0, 1, ... steps. */
static void walk(gd_stepper *stepper, double points[STEPS + 1][EVERY_N], const char *label) {
  draw_first(gd_stepper_game(stepper));
  every_point(gd_stepper_game(stepper), 0.125, 4, points[0]);
  for (int t = 0; t < STEPS; t++) {
    memcpy(points[t + 1], points[t], sizeof points[t]);
    assert_step(stepper, points[t + 1], label);
  }
}

START_TEST(steps_are_the_same_bits_again) {
  every_game it = {0};
  every_way way;
  for (EVERY_GAME(it))
    for (size_t k = 0; every_way_at(&way, k); k++) {
      if (every_refuses(it.game, &way)) continue;
      static double once[STEPS + 1][EVERY_N], again[STEPS + 1][EVERY_N], later[STEPS + 1][EVERY_N];
      static bytes fresh, reset;
      const char *label = every_label(it.game, &way);
      gd_stepper *first = every_stepper(it.game, &way, 0.0625), *second = every_stepper(it.game, &way, 0.0625);
      draw_first(it.game);
      bytes_save(&fresh, first);
      walk(first, once, label);
      walk(second, again, label);
      gd_stepper_reset(first);
      draw_first(it.game);
      bytes_save(&reset, first);
      ck_assert_msg(fresh.size == reset.size && memcmp(fresh.data, reset.data, fresh.size) == 0,
                    "%s: a reset stepper is not like new", label);
      walk(first, later, label);
      for (int t = 0; t <= STEPS; t++) {
        assert_bits(gd_game_size(it.game), again[t], once[t], label);
        assert_bits(gd_game_size(it.game), later[t], once[t], label);
      }
      gd_stepper_destroy(first);
      gd_stepper_destroy(second);
    }
}
END_TEST

/* From the point and future saved after `phase` steps, another stepper walks on to the end. */
static void assert_continues(gd_game *game, const every_way *way, bytes *saved, double (*points)[EVERY_N]) {
  const char *label = every_label(game, way);
  for (int phase = 0; phase < STEPS; phase++) {
    double x[EVERY_N];
    gd_stepper *other = NULL;
    assert_ok(gd_stepper_create(&other, game, way->method));
    assert_ok(bytes_load(&saved[phase], other));
    memcpy(x, points[phase], sizeof x);
    for (int t = phase; t < STEPS; t++) {
      assert_step(other, x, label);
      assert_bits(gd_game_size(game), x, points[t + 1], label);
    }
    gd_stepper_destroy(other);
  }
}

START_TEST(saved_at_any_phase_it_goes_on_bit_for_bit) {
  every_game it = {0};
  every_way way;
  for (EVERY_GAME(it))
    for (size_t k = 0; every_way_at(&way, k); k++) {
      if (every_refuses(it.game, &way)) continue;
      static bytes saved[STEPS];
      static double points[STEPS + 1][EVERY_N];
      gd_stepper *stepper = every_stepper(it.game, &way, 0.0625);
      draw_first(it.game);
      every_point(it.game, 0.125, 4, points[0]);
      for (int t = 0; t < STEPS; t++) {
        bytes_save(&saved[t], stepper);
        memcpy(points[t + 1], points[t], sizeof points[t]);
        assert_step(stepper, points[t + 1], every_label(it.game, &way));
      }
      gd_stepper_destroy(stepper);
      assert_continues(it.game, &way, saved, points);
    }
}
END_TEST

TEST_SUITE("continuation", steps_are_the_same_bits_again, saved_at_any_phase_it_goes_on_bit_for_bit)
