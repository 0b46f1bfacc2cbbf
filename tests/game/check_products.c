/* SPDX-License-Identifier: BSD-3-Clause */
/* check_products.c -- gd_game_check says in words what is wrong with products and with the
 * callbacks that take many at once: transposes, signs, layouts. */
#include "game/wrong_games.h"

#include <math.h>
#include <string.h>

static int minus_vjp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return negate(curved_game().ops.vjp(data, draw, x, u, Ju), 5, Ju);
}

/* one entry is off by a thousandth of itself */
static int sloppy_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  const int code = curved_game().ops.jvp(data, draw, x, u, Ju);
  Ju[0] *= 1.001;
  return code;
}

START_TEST(names_a_transposed_or_negated_jvp) {
  test_game kind = curved_game();
  kind.ops.jvp = kind.ops.vjp;
  expect_words(&kind, curved_x, "jvp returns J'u: you gave me the transpose");
  kind.ops.jvp = minus_jvp;
  expect_words(&kind, curved_x, "jvp returns -J u: wrong sign");
  kind.ops.jvp = minus_vjp;
  expect_words(&kind, curved_x, "jvp returns -J'u: you gave me the transpose, with the wrong sign");
  kind.ops.jvp = sloppy_jvp;
  expect_words(&kind, curved_x, "jvp is not the product with the gradient's Jacobian");
}
END_TEST

START_TEST(names_an_untransposed_or_negated_vjp) {
  test_game kind = curved_game();
  kind.ops.vjp = kind.ops.jvp;
  expect_words(&kind, curved_x, "vjp returns J w: you gave me the jvp, not its transpose");
  kind.ops.vjp = minus_vjp;
  expect_words(&kind, curved_x, "vjp returns -J'w: wrong sign");
  kind.ops.vjp = minus_jvp;
  expect_words(&kind, curved_x, "vjp returns -J w: you gave me the jvp with the wrong sign");
  kind.ops.vjp = sloppy_jvp;
  expect_words(&kind, curved_x, "vjp is not the transposed product");
}
END_TEST

static int both(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv) {
  const test_game kind = curved_game();
  const int code = kind.ops.gradient(data, draw, x, v);
  return code ? code : kind.ops.vjp(data, draw, x, v, Jtv);
}

static int both_untransposed(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv) {
  const test_game kind = curved_game();
  const int code = kind.ops.gradient(data, draw, x, v);
  return code ? code : kind.ops.jvp(data, draw, x, v, Jtv);
}

static int both_exchanged(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv) {
  return both(data, draw, x, Jtv, v);
}

START_TEST(names_the_wrong_part_of_both_at_once) {
  gd_game_check_report report;
  test_game kind = curved_game();
  kind.ops.gradient_vjp = both;
  ck_assert_str_eq(words_of(&kind, curved_x, &report), "");
  ck_assert(report.gradient_vjp_vs_both == 0);
  kind.ops.gradient_vjp = both_untransposed;
  expect_words(&kind, curved_x, "gradient_vjp: its transposed product is off by");
  kind.ops.gradient_vjp = both_exchanged;
  expect_words(&kind, curved_x, "gradient_vjp: its gradient is off by");
}
END_TEST

/* With the callback, and without it by a gradient and a product: the same, counted alike. */
START_TEST(gives_both_at_once_from_whatever_there_is) {
  test_game with = curved_game(), without = curved_game();
  with.ops.gradient_vjp = both;
  gd_game *games[] = {create_test_game(&with, NULL), create_test_game(&without, NULL)};
  double v[2][5], pull[2][5];
  for (size_t k = 0; k < 2; k++) {
    gd_counts counts;
    assert_ok(gd_game_gradient_vjp(games[k], curved_x, v[k], pull[k]));
    gd_game_counts(games[k], &counts);
    ck_assert(counts.gradients == 1 && counts.vjps == 1);
    assert_fails(gd_game_gradient_vjp(games[k], curved_x, v[k], v[k]), GD_ERR_ARGUMENT, "");
    gd_game_destroy(games[k]);
  }
  ck_assert(memcmp(v[0], v[1], sizeof v[0]) == 0 && memcmp(pull[0], pull[1], sizeof pull[0]) == 0);
}
END_TEST

/* On a rotation J' = -J, so the transpose and the wrong sign look alike. */
START_TEST(says_when_transpose_and_sign_cannot_be_told_apart) {
  const double x[2] = {1, 2};
  failing_calls never = {0};
  test_game kind = rotation_game();
  kind.ops.jvp = failing_game(&never).ops.vjp;
  kind.data = &never;
  expect_words(&kind, x, "jvp returns J'u, which here is -J u");
  kind = rotation_game();
  kind.ops.vjp = kind.ops.jvp;
  expect_words(&kind, x, "vjp returns J w, which here is -J'w");
}
END_TEST

static int transposed_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  double own[25];
  const int code = curved_game().ops.jacobian(data, draw, x, own, 5);
  for (size_t j = 0; j < 5; j++)
    for (size_t i = 0; i < 5; i++) J[i + j * ldj] = own[j + 5 * i];
  return code;
}

static int packed_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  (void)ldj;
  return curved_game().ops.jacobian(data, draw, x, J, 5);
}

/* the second column is missing: it repeats the first */
static int repeating_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const int code = curved_game().ops.jacobian(data, draw, x, J, ldj);
  memcpy(J + ldj, J, 5 * sizeof *J);
  return code;
}

START_TEST(names_a_transposed_packed_or_incomplete_jacobian) {
  test_game kind = curved_game();
  kind.ops.jacobian = transposed_jacobian;
  expect_words(&kind, curved_x, "jacobian is the transpose: J[i + j*ldj] must be dv_i/dx_j");
  kind.ops.jacobian = repeating_jacobian;
  expect_words(&kind, curved_x, "jacobian is not the product with the gradient's Jacobian");
  kind.ops.jacobian = packed_jacobian;
  expect_words(&kind, curved_x, "jacobian writes between the columns");
}
END_TEST

static int lanes_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  for (size_t lane = 0; lane < k; lane++) {
    double u[5], Ju[5];
    for (size_t i = 0; i < 5; i++) u[i] = U[lane + k * i];
    curved_game().ops.jvp(data, draw, x, u, Ju);
    for (size_t i = 0; i < 5; i++) JU[lane + k * i] = Ju[i];
  }
  return 0;
}

/* keeps one row per tensor: only the first column is a product */
static int one_column_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U,
                               double *JU) {
  for (size_t column = 0; column < k; column++) curved_game().ops.jvp(data, draw, x, U, JU + 5 * column);
  return 0;
}

static int long_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  const int code = curved_game().ops.jvp_many(data, draw, x, k, U, JU);
  JU[5 * k] = 0;
  return code;
}

START_TEST(names_the_layout_mistakes_of_jvp_many) {
  test_game kind = curved_game();
  kind.ops.jvp_many = lanes_jvp_many;
  expect_words(&kind, curved_x, "jvp_many takes its vectors as lanes: they are columns, n apart");
  kind.ops.jvp_many = one_column_jvp_many;
  expect_words(&kind, curved_x, "jvp_many: column 1 is off by");
  kind.ops.jvp_many = long_jvp_many;
  expect_words(&kind, curved_x, "jvp_many writes beyond");
}
END_TEST

static int columns_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  for (size_t point = 0; point < k; point++) curved_game().ops.gradient(data, draw, X + 5 * point, V + 5 * point);
  return 0;
}

static int first_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const int code = curved_game().ops.gradient_many(data, draw, k, X, V);
  for (size_t lane = 1; lane < k; lane++)
    for (size_t i = 0; i < 5; i++) V[lane + k * i] = V[k * i];
  return code;
}

static int long_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const int code = curved_game().ops.gradient_many(data, draw, k, X, V);
  V[5 * k] = 0;
  return code;
}

START_TEST(names_the_layout_mistakes_of_gradient_many) {
  test_game kind = curved_game();
  kind.ops.gradient_many = columns_gradient_many;
  expect_words(&kind, curved_x, "gradient_many takes its points as columns: they are lanes");
  kind.ops.gradient_many = first_gradient_many;
  expect_words(&kind, curved_x, "gradient_many: lane 1 is off by");
  kind.ops.gradient_many = long_gradient_many;
  expect_words(&kind, curved_x, "gradient_many writes beyond");
}
END_TEST

/* u_0 = sin(w (x0 + 2 x1)) / w, u_1 = -x1^2 / 2: at |x| = 100 the usual step, 2^-12, is a sizeable part of
 * the wavelength 2 pi / w. */
static const double frequency = 4000;

static int wavy_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = cos(frequency * (x[0] + 2 * x[1]));
  v[1] = -x[1];
  return 0;
}

static int wavy_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  (void)data, (void)draw;
  utilities[0] = sin(frequency * (x[0] + 2 * x[1])) / frequency;
  utilities[1] = -x[1] * x[1] / 2;
  return 0;
}

static int wavy_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw;
  Ju[0] = -frequency * sin(frequency * (x[0] + 2 * x[1])) * (u[0] + 2 * u[1]);
  Ju[1] = -u[1];
  return 0;
}

START_TEST(looks_more_closely_at_gradients_that_turn_fast) {
  const double x[2] = {100, -30};
  test_game kind = rotation_game();
  kind.ops = (gd_game_ops){
      .struct_size = sizeof(gd_game_ops), .gradient = wavy_gradient, .utilities = wavy_utilities, .jvp = wavy_jvp};
  kind.traits = 0;
  ck_assert_str_eq(words_of(&kind, x, NULL), "");
  kind.ops.vjp = wavy_jvp;
  expect_words(&kind, x, "vjp returns J w");
}
END_TEST

TEST_SUITE("check_products", names_the_wrong_part_of_both_at_once, gives_both_at_once_from_whatever_there_is,
           looks_more_closely_at_gradients_that_turn_fast, names_a_transposed_or_negated_jvp,
           names_an_untransposed_or_negated_vjp, says_when_transpose_and_sign_cannot_be_told_apart,
           names_a_transposed_packed_or_incomplete_jacobian, names_the_layout_mistakes_of_jvp_many,
           names_the_layout_mistakes_of_gradient_many)
