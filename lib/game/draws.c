/* SPDX-License-Identifier: BSD-3-Clause */
/* draws.c -- the evaluation options of a handle, and its current minibatch. */
#include "base/error.h"
#include "base/first_sizes.h"
#include "game/game.h"

void gd_eval_options_init_sized(gd_eval_options *options, size_t size) {
  const gd_eval_options defaults = {.struct_size = sizeof defaults, .dense_limit = 2000};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

gd_status gd_game_configure(gd_game *game, const gd_eval_options *options) {
  GDI_REQUIRE(game, "game is NULL");
  gd_eval_options own;
  gd_eval_options_init(&own);
  GD_TRY(GDI_SIZED_READ(gd_eval_options, &own, options));
  GDI_REQUIRE(own.difference_step >= 0 && own.difference_step < 1,
              "difference_step is %g, expected 0 (the default) or a number between 0 and 1", own.difference_step);
  game->options = own;
  game->current = (gd_draw){own.seed, own.stream, 0, own.batch_size};
  game->draw = own.batch_size ? &game->current : NULL;
  gdi_game_plan(game);
  return GD_OK;
}

void gd_game_next_draw(gd_game *game) {
  if (game && game->draw) game->current.index++;
}

void gd_game_set_draw(gd_game *game, const gd_draw *draw) {
  if (!game) return;
  if (draw) game->current = *draw;
  game->draw = draw ? &game->current : NULL;
}

bool gd_game_get_draw(const gd_game *game, gd_draw *draw) {
  if (!game || !game->draw) return false;
  if (draw) *draw = game->current;
  return true;
}
