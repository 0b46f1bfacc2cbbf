/* SPDX-License-Identifier: BSD-3-Clause */
/* lightly_damped.c -- the slowest mode of a game whose modes are all near the imaginary axis, by products.
 *
 * J = [[-D, -S], [S, -D]], D and S diagonal, has the eigenvalues -d_k +- i s_k, and its symmetric part the eigenvalues
 * -d_k: spectral abscissa and monotonicity are minus the least d_k. */
#include <gamedyn/models.h>
#include <gamedyn/rates.h>
#include <gamedyn/spectrum.h>

#include "support/at_point.h"
#include "support/suite.h"

#include <math.h>

enum { P = 80, N = 2 * P };

START_TEST(constants_by_products_know_the_slowest_mode) {
  static double J[N * N], x[N];
  for (size_t k = 0; k < P; k++) {
    const double d = pow(10, -3 + 3 * (double)(k * 7 % P) / (P - 1)), s = 2 + fmod(0.6180339887 * (double)k, 1);
    J[k + k * N] = J[P + k + (P + k) * N] = -d;
    J[k + (P + k) * N] = -s;
    J[P + k + k * N] = s;
  }
  gd_game *game = NULL;
  gd_field_constants constants;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.dense_limit = 0;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){P, P}, J, N, NULL, NULL));
  for (options.seed = 0; options.seed < 2; options.seed++) {
    assert_ok(field_constants_at(game, x, &options, &constants));
    assert_close(constants.spectral_abscissa, -1e-3, 0, 1e-9);
    assert_close(constants.monotonicity, -1e-3, 0, 1e-9);
  }
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("lightly_damped", constants_by_products_know_the_slowest_mode)
