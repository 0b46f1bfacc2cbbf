/* SPDX-License-Identifier: BSD-3-Clause */
/* A game of one's own, as `analyze --game` takes it, and what else a shared object may hold by mistake.
 *
 * theta descends and omega ascends U = a^2 / 2 + a^4 / 4 + 2 a b - b^2 / 2 - b^4 / 4 with a = theta - 1, b = omega + 2, so that
 * v = (-a - a^3 - 2 b, 2 a - b - b^3).  v is 0 at (1, -2) alone, and J = [-1 -2; 2 -1] there. */
#include <gamedyn/gamedyn.h>

#ifdef WITHOUT_CREATE

gd_status make(gd_game **game);
gd_status make(gd_game **game) {
  *game = NULL;
  return GD_OK;
}

#elif defined WITH_FAILURE

gd_status create(gd_game **game);
gd_status create(gd_game **game) {
  (void)game;
  return gd_fail(GD_ERR_DOMAIN, "the data are not here, expected them in %s", "data.csv");
}

#elif defined WITHOUT_GAME

gd_status create(gd_game **game);
gd_status create(gd_game **game) {
  (void)game;
  return GD_OK;
}

#else

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const double a = x[0] - 1, b = x[1] + 2;
  (void)data, (void)draw;
  v[0] = -a - a * a * a - 2 * b;
  v[1] = 2 * a - b - b * b * b;
  return 0;
}

#ifdef WITH_SOLUTION
static int solve(void *data, double *x) {
  (void)data;
  x[0] = 1;
  x[1] = -2;
  return 0;
}
#define SOLVE solve
#else
#define SOLVE NULL
#endif

gd_status create(gd_game **game);
gd_status create(gd_game **game) {
  static const gd_game_ops ops = {.struct_size = sizeof ops, .name = "mine", .gradient = gradient, .solution = SOLVE};
  static const size_t blocks[] = {1, 1};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = blocks, .traits = GD_ZERO_SUM};
  return gd_game_create(game, &spec);
}

#endif
