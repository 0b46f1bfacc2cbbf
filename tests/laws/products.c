/* SPDX-License-Identifier: BSD-3-Clause */
/* products.c -- J from its products, J itself and J from differences of the gradient agree on every game, and
 * <w, J u> = <J' w, u>. */
#include "laws/every.h"

/* J at x by central differences of length 2^-16: truncation near 2^-32 times third derivatives of order one, rounding
 * near 2^-52 / 2^-16. */
static void difference_jacobian(gd_game *game, const double *x, double *J) {
  const size_t n = gd_game_size(game);
  for (size_t j = 0; j < n; j++) {
    double y[EVERY_N], ahead[EVERY_N], behind[EVERY_N];
    memcpy(y, x, n * sizeof *y);
    y[j] = x[j] + 0x1p-16;
    assert_ok(gd_game_gradient(game, y, ahead));
    y[j] = x[j] - 0x1p-16;
    assert_ok(gd_game_gradient(game, y, behind));
    for (size_t i = 0; i < n; i++) J[i + j * n] = (ahead[i] - behind[i]) / 0x1p-15;
  }
}

static void assert_matrices_agree(const gd_game *game, const char *what, const double *A, const double *B,
                                  double most) {
  const size_t n = gd_game_size(game);
  for (size_t k = 0; k < n * n; k++)
    ck_assert_msg(fabs(A[k] - B[k]) <= most * (1 + fabs(B[k])), "%s: %s, entry (%zu, %zu): %.17g and %.17g",
                  gd_game_name(game), what, k % n, k / n, A[k], B[k]);
}

/* Differences somewhere on the way make products less exact. */
static double exactness(const gd_game *game, gd_quantity quantity) {
  return gd_game_source(game, quantity) == GD_SOURCE_DIFFERENCED ? 1e-7 : 1e-13;
}

START_TEST(products_make_the_jacobian) {
  every_game it = {0};
  for (EVERY_GAME(it)) {
    const size_t n = gd_game_size(it.game);
    double x[EVERY_N], J[EVERY_N * EVERY_N], columns[EVERY_N * EVERY_N], rows[EVERY_N * EVERY_N],
        differences[EVERY_N * EVERY_N];
    every_point(it.game, 0.5, 21, x);
    assert_ok(gd_game_jacobian(it.game, x, J, n));
    difference_jacobian(it.game, x, differences);
    for (size_t j = 0; j < n; j++) {
      double unit[EVERY_N] = {0}, row[EVERY_N];
      unit[j] = 1;
      assert_ok(gd_game_jvp(it.game, x, unit, columns + j * n));
      assert_ok(gd_game_vjp(it.game, x, unit, row));
      for (size_t i = 0; i < n; i++) rows[j + i * n] = row[i];
    }
    assert_matrices_agree(it.game, "J and its columns", columns, J, exactness(it.game, GD_JVP));
    assert_matrices_agree(it.game, "J and its rows", rows, J, exactness(it.game, GD_VJP));
    assert_matrices_agree(it.game, "J and differences", differences, J, 1e-7);
  }
}
END_TEST

START_TEST(the_transposed_product_is_the_adjoint) {
  every_game it = {0};
  for (EVERY_GAME(it))
    for (uint64_t seed = 0; seed < 5; seed++) {
      double x[EVERY_N], u[EVERY_N], w[EVERY_N], Ju[EVERY_N], Jtw[EVERY_N], one, other;
      const size_t n = gd_game_size(it.game);
      gd_rng rng = gd_rng_make(seed, 77);
      every_point(it.game, 0.5, seed, x);
      gd_rng_fill_normal(&rng, n, u);
      gd_rng_fill_normal(&rng, n, w);
      assert_ok(gd_game_jvp(it.game, x, u, Ju));
      assert_ok(gd_game_vjp(it.game, x, w, Jtw));
      assert_ok(gd_game_dot(it.game, w, Ju, &one));
      assert_ok(gd_game_dot(it.game, Jtw, u, &other));
      ck_assert_msg(fabs(one - other) <= exactness(it.game, GD_VJP) * (1 + fabs(one)) * (double)n * 16,
                    "%s: <w, Ju> = %.17g, <J'w, u> = %.17g", gd_game_name(it.game), one, other);
    }
}
END_TEST

START_TEST(every_game_passes_its_check) {
  every_game it = {0};
  for (EVERY_GAME(it)) {
    double x[EVERY_N];
    every_point(it.game, 0.25, 8, x);
    const gd_status status = gd_game_check(it.game, x, 5, NULL);
    ck_assert_msg(status == GD_OK, "%s: %s", gd_game_name(it.game), gd_last_error());
  }
}
END_TEST

TEST_SUITE("products", products_make_the_jacobian, the_transposed_product_is_the_adjoint, every_game_passes_its_check)
