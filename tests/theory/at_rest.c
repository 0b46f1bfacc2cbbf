/* SPDX-License-Identifier: BSD-3-Clause */
/* at_rest.c -- what is claimed of an equilibrium is refused at other points, except where J is the same everywhere. */
#include "support/at_point.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/models.h>
#include <gamedyn/stability.h>

typedef gd_status claim(gd_game *game, const double *x);

static gd_status alternating(gd_game *game, const double *x) {
  const double h[] = {0.1, 0.1};
  double M[4];
  return alternating_matrix_at(game, x, &(gd_alternation){.step_sizes = h}, M, 2);
}

static gd_status consensus(gd_game *game, const double *x) {
  gd_consensus_report report;
  return consensus_report_at(game, x, 1, &report);
}

static gd_status gan(gd_game *game, const double *x) {
  gd_gan_report report;
  return gan_report_at(game, x, 0, 0.5, -0.25, 0, &report);
}

static claim *const claims[] = {alternating, consensus, gan};
static const char *const names[] = {"gd_alternating_matrix", "gd_consensus_report_compute", "gd_gan_report_compute"};

/* v = (k (-d - d^3 - g), k d), a discriminator and a generator, J_GG = 0 and J_GD = -J_DG' everywhere.  v = 0 at 0
 * only.
 */
static int field(void *data, const gd_draw *draw, const double *x, double *v) {
  const double k = *(double *)data;
  (void)draw;
  v[0] = k * (-x[0] - x[0] * x[0] * x[0] - x[1]);
  v[1] = k * x[0];
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  const double k = *(double *)data;
  (void)draw;
  Ju[0] = k * (-(1 + 3 * x[0] * x[0]) * u[0] - u[1]);
  Ju[1] = k * u[0];
  return 0;
}

/* |J| is between k sqrt 3 and k sqrt 4 near 0, so that |v| = 1e-9 k is at rest and 1e-7 k is not, for every k. */
START_TEST(claims_hold_at_rest_by_the_size_of_the_field) {
  static const double sizes[] = {1e-12, 1, 1e12};
  for (size_t s = 0; s < 3; s++) {
    double k = sizes[s];
    const test_game kind = {.ops = {.struct_size = sizeof kind.ops, .gradient = field, .jvp = jvp},
                            .data = &k,
                            .n_players = 2,
                            .block_sizes = {1, 1}};
    gd_game *game = create_test_game(&kind, NULL);
    for (size_t c = 0; c < 3; c++) {
      assert_ok(claims[c](game, (const double[]){0, 0}));
      assert_ok(claims[c](game, (const double[]){0, 1e-9}));
      assert_fails(claims[c](game, (const double[]){0, 1e-7}), GD_ERR_HYPOTHESIS, "x is not stationary: |v| is 1e");
      assert_fails(claims[c](game, (const double[]){1, 1}), GD_ERR_HYPOTHESIS, names[c]);
    }
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(affine_games_have_one_jacobian) {
  const double J[] = {-1, -1, 1, 0}, b[] = {3, 4};
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, b, NULL));
  for (size_t c = 0; c < 3; c++) assert_ok(claims[c](game, (const double[]){1, 1}));
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("at_rest", claims_hold_at_rest_by_the_size_of_the_field, affine_games_have_one_jacobian)
