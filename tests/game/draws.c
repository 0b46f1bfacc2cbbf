/* SPDX-License-Identifier: BSD-3-Clause */
/* draws.c -- a handle stands at one draw until told to go on; options are checked and start it again. */
#include "support/games.h"
#include "support/suite.h"

#include <math.h>

static const double x[2] = {1, 2};

static gd_game *sampling_game(uint64_t seed) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.seed = seed;
  options.stream = 3;
  options.batch_size = 4;
  assert_ok(gd_game_configure(game, &options));
  return game;
}

START_TEST(evaluates_exactly_until_configured) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  double v[2];
  gd_draw draw = {9, 9, 9, 9};
  gd_game_next_draw(game);
  ck_assert(!gd_game_get_draw(game, &draw) && draw.seed == 9);
  assert_ok(gd_game_gradient(game, x, v));
  ck_assert(v[0] == -1 && v[1] == -2);
  gd_game_destroy(game);
}
END_TEST

START_TEST(sees_one_minibatch_until_the_next) {
  gd_game *game = sampling_game(5);
  double v[2], same[2], next[2];
  gd_draw draw;
  ck_assert(gd_game_get_draw(game, &draw) && gd_game_get_draw(game, NULL));
  ck_assert(draw.seed == 5 && draw.stream == 3 && draw.index == 0 && draw.batch_size == 4);
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_gradient(game, x, same));
  ck_assert_mem_eq(v, same, sizeof v);
  gd_game_next_draw(game);
  ck_assert(gd_game_get_draw(game, &draw) && draw.index == 1);
  assert_ok(gd_game_gradient(game, x, next));
  ck_assert(v[0] != next[0]);
  /* the callback saw the draw: its noise comes from it */
  gd_rng rng = gd_draw_rng(&draw);
  double noise[2];
  gd_rng_fill_normal(&rng, 2, noise);
  assert_close(next[1], -2 + noise[1] / 2, 0, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(goes_back_to_a_draw_it_is_given) {
  gd_game *game = sampling_game(5), *other = sampling_game(6);
  double v[2], same[2];
  gd_draw draw;
  gd_game_next_draw(game);
  assert_ok(gd_game_gradient(game, x, v));
  ck_assert(gd_game_get_draw(game, &draw));
  gd_game_set_draw(other, &draw);
  assert_ok(gd_game_gradient(other, x, same));
  ck_assert_mem_eq(v, same, sizeof v);
  gd_game_next_draw(other);
  ck_assert(gd_game_get_draw(other, &draw) && draw.index == 2);
  gd_game_set_draw(other, NULL);
  gd_game_next_draw(other);
  ck_assert(!gd_game_get_draw(other, &draw));
  gd_game_destroy(game);
  gd_game_destroy(other);
}
END_TEST

START_TEST(starts_again_when_configured) {
  gd_game *game = sampling_game(5);
  gd_game_next_draw(game);
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.batch_size = 1;
  assert_ok(gd_game_configure(game, &options));
  gd_draw draw;
  ck_assert(gd_game_get_draw(game, &draw) && draw.index == 0 && draw.seed == 0 && draw.batch_size == 1);
  options.batch_size = 0;
  assert_ok(gd_game_configure(game, &options));
  ck_assert(!gd_game_get_draw(game, &draw));
  gd_game_destroy(game);
}
END_TEST

START_TEST(fills_in_defaults_for_every_struct_size) {
  gd_eval_options options;
  memset(&options, 0xff, sizeof options);
  gd_eval_options_init(&options);
  ck_assert_uint_eq(options.struct_size, sizeof options);
  ck_assert_uint_eq(options.dense_limit, 2000);
  ck_assert(options.batch_size == 0 && options.difference_step == 0 && !options.forbid_differencing);
  gd_eval_options_init_sized(NULL, sizeof options);
}
END_TEST

START_TEST(refuses_options_out_of_range_and_keeps_the_old_ones) {
  gd_game *game = sampling_game(5);
  gd_eval_options options;
  gd_eval_options_init(&options);
  const double wrong[] = {-0.1, 1, NAN, INFINITY};
  for (size_t k = 0; k < 4; k++) {
    options.difference_step = wrong[k];
    assert_fails(gd_game_configure(game, &options), GD_ERR_ARGUMENT, "difference_step is");
  }
  options.struct_size = 0;
  assert_fails(gd_game_configure(game, &options), GD_ERR_STRUCT, "gd_eval_options: struct_size is 0");
  assert_fails(gd_game_configure(game, NULL), GD_ERR_ARGUMENT, "gd_eval_options is NULL");
  assert_fails(gd_game_configure(NULL, &options), GD_ERR_ARGUMENT, "game is NULL");
  gd_draw draw;
  ck_assert(gd_game_get_draw(game, &draw) && draw.seed == 5);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("draws", evaluates_exactly_until_configured, sees_one_minibatch_until_the_next,
           goes_back_to_a_draw_it_is_given, starts_again_when_configured, fills_in_defaults_for_every_struct_size,
           refuses_options_out_of_range_and_keeps_the_old_ones)
