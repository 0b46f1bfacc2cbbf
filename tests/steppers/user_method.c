/* SPDX-License-Identifier: BSD-3-Clause */
/* user_method.c -- a method of the user's own: Polyak's heavy ball, through the public header alone.
 *
 *     m' = b m + v(x),   x' = P(x + h m')
 *
 * A mode lambda of J is multiplied by the roots of l^2 - (1 + b + h lambda) l + b = 0.
 *
 * And LEAD (Hemmat et al. 2020), whose coupling h does not multiply:
 *
 *     d = x_t - x_{t-1},   x' = P(x + h v(x) + a (J d less each player's own block)) */
#include "steppers/at_work.h"

#include "support/at_point.h"
#include <complex.h>
#include <gamedyn/operator.h>
#include <gamedyn/rates.h>
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
    GD_PARAM(heavy_ball_params, momentum, GD_KIND_REAL, 0.5, -1, 1, "b, share of the last move that is kept"),
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
                                    {GD_PARAM(heavy_ball_params, momentum, GD_KIND_REAL, 0, -1, 1, "b"), "none"}};
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

/* ---- LEAD ---- */

typedef struct lead_params {
  const double *step_size;
  double coupling;
} lead_params;

typedef struct lead_state {
  double *previous, *here, *last_move, *gradient, *plain;
} lead_state;

static gd_status lead_init(gd_stepper *stepper) {
  lead_state *s = gd_stepper_state(stepper);
  s->previous = gd_stepper_memory(stepper, "previous_point");
  s->here = gd_stepper_scratch(stepper);
  s->last_move = gd_stepper_scratch(stepper);
  s->gradient = gd_stepper_scratch(stepper);
  s->plain = gd_stepper_scratch(stepper);
  return GD_OK;
}

/* For two players of one variable each. */
static gd_status lead_step(gd_stepper *stepper, gd_game *game, double *x) {
  lead_state *s = gd_stepper_state(stepper);
  const lead_params *p = gd_stepper_params(stepper);
  for (size_t k = 0; k < 2; k++) {
    s->here[k] = x[k];
    s->last_move[k] = gd_stepper_steps(stepper) ? x[k] - s->previous[k] : 0;
  }
  for (size_t k = 0; k < 2; k++) {
    GD_TRY(gd_game_block_jvp(game, k, 1 - k, x, s->last_move + 1 - k, s->plain + k));
    s->plain[k] *= p->coupling;
  }
  GD_TRY(gd_stepper_direction(stepper, x, s->gradient));
  GD_TRY(gd_stepper_move_by(stepper, x, x, s->gradient, s->plain));
  gd_stepper_swap(stepper, &s->previous, &s->here);
  return GD_OK;
}

/* The same from a library without gd_stepper_move_by(): the coupling is divided by h, and lost where h = 0. */
static gd_status divided_step(gd_stepper *stepper, gd_game *game, double *x) {
  lead_state *s = gd_stepper_state(stepper);
  const lead_params *p = gd_stepper_params(stepper);
  const double h = p->step_size[0];
  GD_TRY(gd_stepper_direction(stepper, x, s->gradient));
  for (size_t k = 0; k < 2; k++) {
    s->here[k] = x[k];
    s->last_move[k] = gd_stepper_steps(stepper) ? x[k] - s->previous[k] : 0;
  }
  for (size_t k = 0; k < 2; k++) {
    GD_TRY(gd_game_block_jvp(game, k, 1 - k, x, s->last_move + 1 - k, s->plain + k));
    s->gradient[k] += h > 0 ? p->coupling * s->plain[k] / h : 0;
  }
  GD_TRY(gd_stepper_move(stepper, x, x, 1, s->gradient));
  gd_stepper_swap(stepper, &s->previous, &s->here);
  return GD_OK;
}

/* With J = +-i the roots of l^2 - (1 + (h + a) i) l + a i decide.  They lie in the unit disc (Schur and Cohn) where
 * |a1 - a0 conj(a1)| < 1 - |a0|^2 for a1 = -1 - (h + a) i, a0 = a i, that is below h = 2 a (1 - a^2)/(1 + a^2).  At h =
 * a the roots are (1 + 2 a i +- sqrt(1 - 4 a^2))/2; for a = 0.3 0.9 + 0.3 i and 0.1 + 0.3 i.  There d|l|^2/dh = 0: with
 * dl/dh = (i + (-2 (h + a) + 2 i)/(2 sqrt(1 - 4 a^2)))/2 = -0.375 + 1.125 i, it is 2 (-0.9 0.375 + 0.3 1.125). */
START_TEST(terms_without_h_count_in_rates_however_they_are_written) {
  static const gd_param table[] = {GD_PARAM_STEP_SIZE(lead_params),
                                   GD_PARAM(lead_params, coupling, GD_KIND_REAL, 0.3, -9, 9, "a")};
  static const gd_method methods[] = {{GD_METHOD_HEAD(lead, table), .needs = 1u << GD_JVP, .traits = GD_METHOD_LINEAR,
                                       .init = lead_init, .step = lead_step},
                                      {GD_METHOD_HEAD(lead, table), .needs = 1u << GD_JVP, .traits = GD_METHOD_LINEAR,
                                       .init = lead_init, .step = divided_step}};
  test_game kind = rotation_game();
  kind.traits |= GD_AFFINE;
  gd_game *game = create_test_game(&kind, NULL);
  const double origin[2] = {0, 0}, a = 0.3;
  for (int k = 0; k < 2; k++) {
    gd_stepper *stepper = NULL;
    double h, rate;
    assert_ok(gd_stepper_create(&stepper, game, &methods[k]));
    assert_ok(by_map_fastest_step(stepper, origin, &h, &rate));
    assert_close(h, a, 1e-7, 0);
    assert_close(rate, sqrt(0.9), 1e-12, 0);
    assert_ok(by_map_largest_stable_step(stepper, origin, &h));
    assert_close(h, 2 * a * (1 - a * a) / (1 + a * a), 1e-10, 0);
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

/* A step whose derivative grows as h goes to 0 has no smallest scale: x' = x (1 - h/2) + (previous - x)/h. */
static gd_status endless_step(gd_stepper *stepper, gd_game *game, double *x) {
  lead_state *s = gd_stepper_state(stepper);
  const lead_params *p = gd_stepper_params(stepper);
  for (size_t k = 0; k < gd_game_size(game); k++) {
    s->here[k] = x[k];
    x[k] += -p->step_size[0] * x[k] / 2 + (p->step_size[0] > 0 ? (s->previous[k] - x[k]) / p->step_size[0] : 0);
  }
  gd_stepper_swap(stepper, &s->previous, &s->here);
  return GD_OK;
}

START_TEST(steps_without_a_limit_at_zero_are_refused) {
  static const gd_param table[] = {GD_PARAM_STEP_SIZE(lead_params),
                                   GD_PARAM(lead_params, coupling, GD_KIND_REAL, 0.3, -9, 9, "a")};
  static const gd_method endless = {GD_METHOD_HEAD(lead, table), .traits = GD_METHOD_LINEAR, .init = lead_init,
                                    .step = endless_step};
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  double h = 7, rate = 8;
  assert_ok(gd_stepper_create(&stepper, game, &endless));
  assert_fails(by_map_largest_stable_step(stepper, (double[]){0, 0}, &h), GD_ERR_HYPOTHESIS, "no limit");
  assert_fails(by_map_fastest_step(stepper, (double[]){0, 0}, &h, &rate), GD_ERR_HYPOTHESIS, "no limit");
  assert_close(h, 7, 0, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("user_method", works_as_the_built_in_ones_do, a_reset_clears_its_memory,
           its_map_agrees_with_its_stability_function, rows_of_its_table_may_be_longer,
           its_table_may_be_longer_than_this_library_knows_if_the_rest_is_zero,
           terms_without_h_count_in_rates_however_they_are_written, steps_without_a_limit_at_zero_are_refused)
