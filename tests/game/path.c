/* SPDX-License-Identifier: BSD-3-Clause */
/* path.c -- the cosine between a field and a line, for fields v = J x where it is known. */
#include <gamedyn/models.h>
#include <gamedyn/path.h>
#include <math.h>

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

static gd_game *linear(double a, double b, double c, double d) {
  const double J[] = {a, c, b, d}; /* column-major [a b; c d] */
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (size_t[]){1, 1}, J, 2, NULL, NULL));
  return game;
}

static void assert_angles(gd_game *game, const double *from, const double *to, size_t count, const double *positions,
                          const double *cosines, const double *norms) {
  double got[8], lengths[8];
  assert_ok(gd_path_angle(game, from, to, count, positions, got, lengths));
  for (size_t k = 0; k < count; k++) {
    if (isnan(cosines[k]))
      ck_assert(isnan(got[k]));
    else
      ck_assert_double_le(fabs(got[k] - cosines[k]), 1e-15);
    ck_assert_double_le(fabs(lengths[k] - norms[k]), 1e-15 * norms[k]);
  }
  assert_ok(gd_path_angle(game, from, to, count, positions, got, NULL));
  gd_game_destroy(game);
}

/* J = -I and `to` = 0: x_a = (1 - a) from and v = -x_a, along the line: c is the sign of 1 - a. */
START_TEST(changes_sign_where_the_line_ends_in_an_attractor) {
  assert_angles(linear(-1, 0, 0, -1), (double[]){3, 4}, (double[]){0, 0}, 4, (double[]){0, 0.5, 1, 2},
                (double[]){1, 1, NAN, -1}, (double[]){5, 2.5, 0, 5});
}
END_TEST

/* J = -I + 2 R, R the rotation by a right angle.  With d = to - from = -from, x_a = -(1 - a) d and
 * v = (1 - a) (d - 2 R d).  R d is orthogonal to d and as long, so that c = (1 - a) / (|1 - a| sqrt(5)). */
START_TEST(of_a_spiral_is_the_cosine_of_its_pitch) {
  const double c = 1 / sqrt(5);
  assert_angles(linear(-1, -2, 2, -1), (double[]){3, 4}, (double[]){0, 0}, 3, (double[]){0, 0.5, 3},
                (double[]){c, c, -c}, (double[]){5 * sqrt(5), 2.5 * sqrt(5), 10 * sqrt(5)});
}
END_TEST

/* v = (-y, x) is orthogonal to lines through 0.  On the line (s, 4), s = 6 a - 3, v = (-4, s) and c = -4 / sqrt(16 + s^2):
 * a bump down to -1 at s = 0. */
START_TEST(of_a_rotation_is_zero_through_the_centre_and_a_bump_beside_it) {
  assert_angles(linear(0, -1, 1, 0), (double[]){3, 4}, (double[]){-3, -4}, 3, (double[]){0, 0.25, 1},
                (double[]){0, 0, 0}, (double[]){5, 2.5, 5});
  assert_angles(linear(0, -1, 1, 0), (double[]){-3, 4}, (double[]){3, 4}, 3, (double[]){0, 0.5, 1},
                (double[]){-0.8, -1, -0.8}, (double[]){5, 4, 5});
}
END_TEST

/* The same bump, where |d| |v| is about 5e356 and overflows; and where it is about 2e-354 and underflows. */
START_TEST(does_not_depend_on_the_units) {
  const double positions[] = {0, 0.5, 1}, cosines[] = {-0.8, -1, -0.8};
  for (int sign = -1; sign <= 1; sign += 2) {
    const double unit = pow(2, sign * 590), from[] = {-3 * unit, 4 * unit}, to[] = {3 * unit, 4 * unit};
    assert_angles(linear(0, -1, 1, 0), from, to, 3, positions, cosines, (double[]){5 * unit, 4 * unit, 5 * unit});
  }
}
END_TEST

/* v = -x + noise on minibatches, -x exactly. */
START_TEST(is_exact_where_the_game_samples) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options sampling;
  gd_eval_options_init(&sampling);
  sampling.batch_size = 1;
  assert_ok(gd_game_configure(game, &sampling));
  assert_angles(game, (double[]){3, 4}, (double[]){0, 0}, 2, (double[]){0, 0.5}, (double[]){1, 1}, (double[]){5, 2.5});
}
END_TEST

START_TEST(arguments_are_checked) {
  const double from[] = {3, 4}, to[] = {0, 0}, bad[] = {0, NAN}, half[] = {0.5}, far[] = {0, 1e308};
  double cosines[] = {7, 7}, norms[] = {7, 7};
  gd_game *game = linear(-1, 0, 0, -1);
  assert_fails(gd_path_angle(NULL, from, to, 1, half, cosines, norms), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_path_angle(game, NULL, to, 1, half, cosines, norms), GD_ERR_ARGUMENT, "from or to is NULL");
  assert_fails(gd_path_angle(game, from, NULL, 1, half, cosines, norms), GD_ERR_ARGUMENT, "from or to is NULL");
  assert_fails(gd_path_angle(game, from, to, 1, NULL, cosines, norms), GD_ERR_ARGUMENT, "positions is NULL");
  assert_fails(gd_path_angle(game, from, to, 1, half, NULL, norms), GD_ERR_ARGUMENT, "cosines is NULL");
  assert_fails(gd_path_angle(game, from, to, 0, half, cosines, norms), GD_ERR_ARGUMENT, "count is 0");
  assert_fails(gd_path_angle(game, from, from, 1, half, cosines, norms), GD_ERR_ARGUMENT, "the same point");
  assert_fails(gd_path_angle(game, bad, to, 1, half, cosines, norms), GD_ERR_ARGUMENT, "from[1] is nan");
  assert_fails(gd_path_angle(game, from, bad, 1, half, cosines, norms), GD_ERR_ARGUMENT, "to[1] is nan");
  assert_fails(gd_path_angle(game, from, to, 2, bad, cosines, norms), GD_ERR_ARGUMENT, "positions[1] is nan");
  assert_fails(gd_path_angle(game, from, to, 2, far, cosines, norms), GD_ERR_NONFINITE, "at position 1e+308, x[0]");
  for (size_t k = 0; k < 2; k++) ck_assert(cosines[k] == 7 && norms[k] == 7);
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game = NULL;
  double cosine;
  (void)argument;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK)
    status = gd_path_angle(game, (double[]){1, 0}, (double[]){0, 1}, 1, (double[]){0}, &cosine, NULL);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 4); }
END_TEST

TEST_SUITE("path", changes_sign_where_the_line_ends_in_an_attractor, of_a_spiral_is_the_cosine_of_its_pitch,
           of_a_rotation_is_zero_through_the_centre_and_a_bump_beside_it, does_not_depend_on_the_units,
           is_exact_where_the_game_samples, arguments_are_checked, survives_every_refused_allocation)
