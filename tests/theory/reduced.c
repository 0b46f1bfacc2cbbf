/* SPDX-License-Identifier: BSD-3-Clause */
/* reduced.c -- linearised games off their idle directions. */
#include <gamedyn/linearisation.h>
#include <gamedyn/models.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <math.h>

/* C = (3, 4)' of theta [2] and omega [1]: the direction (4, -3) / 5 of theta is idle, and along (3, 4) / 5 the game is
 * theta' 5 omega. */
static gd_status make_tall(gd_game **game, gd_linearisation **at, const gd_env *env) {
  const double C[] = {3, 4}, x[] = {1, 2, 3};
  GD_TRY(gd_model_bilinear(game, 2, 1, C, 2, env));
  return gd_linearise(at, *game, x, NULL);
}

START_TEST(leaves_out_what_does_not_move) {
  gd_game *game = NULL, *reduced = NULL;
  gd_linearisation *at = NULL;
  double Q[9] = {0}, J[4];
  assert_ok(make_tall(&game, &at, NULL));
  assert_ok(gd_linearisation_reduce(at, &reduced, Q));
  ck_assert_uint_eq(gd_game_size(reduced), 2);
  ck_assert_uint_eq(gd_game_players(reduced), 2);
  ck_assert(gd_game_block_size(reduced, 0) == 1 && gd_game_block_size(reduced, 1) == 1);
  assert_ok(gd_game_jacobian(reduced, (const double[]){0, 0}, J, 2));
  assert_close(J[0], 0, 0, 1e-14);
  assert_close(J[3], 0, 0, 1e-14);
  assert_close(fabs(J[1]), 5, 1e-14, 0);
  assert_close(J[2], -J[1], 1e-14, 0);
  assert_close(fabs(Q[0]), 0.6, 1e-14, 0);
  assert_close(Q[1] / Q[0], 4.0 / 3, 1e-14, 0);
  ck_assert(Q[2] == 0 && Q[3] == 0 && Q[4] == 0 && fabs(Q[5]) == 1);
  gd_game_destroy(reduced);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* v = (-x0, 0): the second player is idle as a whole. */
START_TEST(leaves_out_idle_players) {
  const double J[] = {-1, 0, 0, 0}, x[] = {0, 0};
  const size_t sizes[] = {1, 1};
  double v = 0;
  gd_game *game = NULL, *reduced = NULL;
  gd_linearisation *at = NULL;
  assert_ok(gd_model_affine(&game, 2, sizes, J, 2, NULL, NULL));
  assert_ok(gd_linearise(&at, game, x, NULL));
  assert_ok(gd_linearisation_reduce(at, &reduced, NULL));
  ck_assert(gd_game_players(reduced) == 1 && gd_game_size(reduced) == 1);
  assert_ok(gd_game_gradient(reduced, (const double[]){2}, &v));
  assert_close(v, -2, 1e-15, 0);
  gd_game_destroy(reduced);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_a_game_where_nothing_moves) {
  const double C[] = {0}, x[] = {0, 0};
  gd_game *game = NULL, *reduced = NULL;
  gd_linearisation *at = NULL;
  assert_ok(gd_model_bilinear(&game, 1, 1, C, 1, NULL));
  assert_ok(gd_linearise(&at, game, x, NULL));
  ck_assert_int_eq(gd_linearisation_reduce(at, &reduced, NULL), GD_ERR_HYPOTHESIS);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "J is 0"));
  ck_assert_int_eq(gd_linearisation_reduce(NULL, &reduced, NULL), GD_ERR_ARGUMENT);
  ck_assert_int_eq(gd_linearisation_reduce(at, NULL, NULL), GD_ERR_ARGUMENT);
  ck_assert_ptr_null(reduced);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_game *game = NULL, *reduced = NULL;
  gd_linearisation *at = NULL;
  (void)argument;
  gd_status status = make_tall(&game, &at, env);
  if (status == GD_OK) status = gd_linearisation_reduce(at, &reduced, NULL);
  gd_game_destroy(reduced);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 10); }
END_TEST

TEST_SUITE("reduced", leaves_out_what_does_not_move, leaves_out_idle_players, refuses_a_game_where_nothing_moves,
           survives_every_refused_allocation)
