/* SPDX-License-Identifier: BSD-3-Clause */
/* user_method.c -- a method of the user's own: Polyak's heavy ball, through the public header alone.
 *
 *     m' = b m + v(x),   x' = P(x + h m')
 *
 * A mode lambda of J is multiplied by the roots of l^2 - (1 + b + h lambda) l + b = 0. */
#include "steppers/at_work.h"

#include <complex.h>
#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <math.h>

typedef struct heavy_ball_params {
  const double *step_size;
  double momentum;
} heavy_ball_params;

typedef struct heavy_ball_state {
  double *gradient, *momentum, *next;
} heavy_ball_state;

static gd_status init(gd_stepper *stepper) {
  heavy_ball_state *state = gd_stepper_state(stepper);
  state->gradient = gd_stepper_scratch(stepper);
  state->next = gd_stepper_scratch(stepper);
  state->momentum = gd_stepper_memory(stepper, "momentum");
  return GD_OK; /* that a vector may be missing is noticed by gd_stepper_create */
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  heavy_ball_state *state = gd_stepper_state(stepper);
  const heavy_ball_params *params = gd_stepper_params(stepper);
  GD_TRY(gd_stepper_direction(stepper, x, state->gradient));
  for (size_t k = 0; k < gd_game_size(game); k++)
    state->next[k] = params->momentum * state->momentum[k] + state->gradient[k];
  GD_TRY(gd_stepper_move(stepper, x, x, 1, state->next));
  gd_stepper_swap(stepper, &state->momentum, &state->next);
  return GD_OK;
}

static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const heavy_ball_params *p = params;
  const double complex b = 1 + p->momentum + p->step_size[0] * (re + im * I), root = csqrt(b * b - 4 * p->momentum);
  *modulus = fmax(cabs(b + root), cabs(b - root)) / 2;
  return GD_OK;
}

static const gd_param heavy_ball_table[] = {
    GD_PARAM_STEP_SIZE(heavy_ball_params),
    GD_PARAM(heavy_ball_params, momentum, GD_REAL, 0.5, -1, 1, "b, share of the last move that is kept"),
};

static const gd_method heavy_ball = {
    GD_METHOD_HEAD(heavy_ball, heavy_ball_table),
    .summary = "momentum",
    .source = "Polyak 1964",
    .traits = GD_METHOD_LINEAR,
    .init = init,
    .step = step,
    .mode_modulus = mode_modulus,
};

static at_work put_heavy_ball_to_work(const test_game *kind) {
  at_work work = {.game = create_test_game(kind, NULL)};
  assert_ok(gd_stepper_create(&work.stepper, work.game, &heavy_ball));
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, 0.25));
  return work;
}

START_TEST(works_as_the_built_in_ones_do) {
  const test_game kind = general_game();
  at_work work = put_heavy_ball_to_work(&kind);
  ck_assert_ptr_eq(gd_stepper_method(work.stepper), &heavy_ball);
  ck_assert_ptr_eq(gd_stepper_game(work.stepper), work.game);
  double x[4] = {1, 2, -1, 0.5}, expected[4] = {1, 2, -1, 0.5}, m[4] = {0}, v[4];
  for (int t = 0; t < 5; t++) {
    assert_ok(gd_game_gradient(work.game, expected, v));
    for (int k = 0; k < 4; k++) expected[k] += 0.25 * (m[k] = 0.5 * m[k] + v[k]);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(4, x, expected, 1e-14);
  }
  retire(&work);
}
END_TEST

START_TEST(a_reset_clears_its_memory) {
  const test_game kind = rotation_game();
  at_work work = put_heavy_ball_to_work(&kind);
  double x[2] = {1, 2}, y[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  for (int t = 0; t < 2; t++) assert_ok(gd_stepper_step(work.stepper, y));
  gd_stepper_reset(work.stepper);
  memcpy(y, (double[]){1, 2}, sizeof y);
  assert_ok(gd_stepper_step(work.stepper, y));
  assert_same(2, y, x);
  retire(&work);
}
END_TEST

/* z = (x, m): M = [I + h J, h b; J, b], and its spectral radius is the stability function's. */
START_TEST(its_map_agrees_with_its_stability_function) {
  const test_game kind = rotation_game();
  at_work work = put_heavy_ball_to_work(&kind);
  const double J[2][2] = {{0, -1}, {1, 0}};
  double M[16], expected[16];
  for (int j = 0; j < 4; j++)
    for (int i = 0; i < 4; i++) {
      const double product = j < 2 ? J[i % 2][j] : 0.5 * (i % 2 == j % 2);
      expected[i + 4 * j] = i < 2 ? 0.25 * product + (i == j) : product;
    }
  gd_operator *op = NULL;
  assert_ok(gd_stepper_map(&op, work.stepper, (double[]){0, 0}));
  assert_ok(gd_operator_assemble(op, M, 4));
  assert_vector(16, M, expected, 1e-15);
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  double modulus;
  assert_ok(mode_modulus(gd_stepper_params(work.stepper), 0, 1, &modulus));
  assert_close(gd_spectrum_radius(spectrum), modulus, 1e-13, 0);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  retire(&work);
}
END_TEST

/* Rows of a later library's table are longer: param_size tells where each begins. */
typedef struct longer_row {
  gd_param row;
  const char *unit;
} longer_row;

START_TEST(rows_of_its_table_may_be_longer) {
  static const longer_row rows[] = {{GD_PARAM_STEP_SIZE(heavy_ball_params), "1"},
                                    {GD_PARAM(heavy_ball_params, momentum, GD_REAL, 0, -1, 1, "b"), "none"}};
  gd_method method = heavy_ball;
  method.params = &rows[0].row;
  method.param_size = sizeof(longer_row);
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create(&stepper, game, &method));
  ck_assert_str_eq(gd_method_param(&method, 1)->name, "momentum");
  assert_ok(gd_stepper_set(stepper, "momentum", -0.5));
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(its_table_may_be_longer_than_this_library_knows_if_the_rest_is_zero) {
  struct {
    gd_method method;
    uint64_t more[2];
  } later = {.method = heavy_ball};
  later.method.struct_size = sizeof later;
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create(&stepper, game, &later.method));
  gd_stepper_destroy(stepper);
  stepper = NULL;
  later.more[1] = 1;
  assert_fails(gd_stepper_create(&stepper, game, &later.method), GD_ERR_UNSUPPORTED, "gd_method");
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("user_method", works_as_the_built_in_ones_do, a_reset_clears_its_memory,
           its_map_agrees_with_its_stability_function, rows_of_its_table_may_be_longer,
           its_table_may_be_longer_than_this_library_knows_if_the_rest_is_zero)
