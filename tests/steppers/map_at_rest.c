/* SPDX-License-Identifier: BSD-3-Clause */
/* map_at_rest.c -- the derivative of one step at its fixed point, against derivatives worked out by hand. */
#include "support/at_point.h"
#include "support/linear_game.h"
#include "support/suite.h"

#include <float.h>
#include <gamedyn/bifurcation.h>
#include <gamedyn/rates.h>
#include <gamedyn/spectrum.h>
#include <math.h>
#include <stdio.h>

static const double origin[4] = {0};

/* v = -x, one variable. */
static const double minus_one[] = {-1};

static gd_game *create_decay(void) {
  static linear_game data = {.sizes = {1}, .J = minus_one};
  data.n = 1;
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = linear_gradient, .jvp = linear_jvp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = &data,
                             .traits = GD_AFFINE,
                             .n_players = 1,
                             .block_sizes = data.sizes};
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

static gd_stepper *create_scaled(gd_game *game, const char *scaling) {
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set_scaling(stepper, scaling));
  return stepper;
}

/* ---- scalings on v = -x ---- */

/* x' = x - h x / sqrt(e): stable below 2 sqrt(e), fastest at sqrt(e), where x is 0 after one step.  With epsilon
 * outside the root e takes the place of sqrt(e).  Whatever was stepped before. */
START_TEST(rmsprop_divides_by_epsilon) {
  gd_game *game = create_decay();
  for (int inside = 0; inside < 2; inside++)
    for (int steps = 0; steps < 500; steps = 5 * steps + 1) {
      gd_stepper *stepper = create_scaled(game, GD_SCALING_RMSPROP);
      const double e = 1e-10, divisor = inside ? 1e-5 : 1e-10;
      double x[1] = {0}, h, rate;
      assert_ok(gd_stepper_set(stepper, "rmsprop.epsilon", e));
      assert_ok(gd_stepper_set(stepper, "rmsprop.epsilon_inside", inside));
      for (int k = 0; k < steps; k++) assert_ok(gd_stepper_step(stepper, x));
      assert_ok(by_map_largest_stable_step(stepper, origin, &h));
      assert_close(h, 2 * divisor, 1e-10, 0);
      assert_ok(by_map_rate(stepper, origin, 100 * divisor, &rate));
      assert_close(rate, 99, 1e-12, 0);
      assert_ok(by_map_fastest_step(stepper, origin, &h, &rate));
      assert_close(h, divisor, 1e-10, 0);
      assert_close(rate, 0, 0, 1e-10);
      gd_stepper_destroy(stepper);
    }
  gd_game_destroy(game);
}
END_TEST

/* The eigenvalue 1 - h/sqrt(e) passes -1 at h = 2 sqrt(e). */
START_TEST(rmsprop_flips_where_its_stable_steps_end) {
  gd_game *game = create_decay();
  gd_stepper *stepper = create_scaled(game, GD_SCALING_RMSPROP);
  double x[1] = {0};
  gd_bifurcation bifurcation;
  size_t count;
  for (int k = 0; k < 20; k++) assert_ok(gd_stepper_step(stepper, x));
  assert_ok(bifurcation_at(stepper, origin, GD_STEP_SIZE, GD_ALL_PLAYERS, 1e-6, 1e-3, 50, &bifurcation, 1, &count));
  ck_assert_uint_eq(count, 1);
  ck_assert(bifurcation.kind == GD_BIFURCATION_FLIP && bifurcation.loses);
  assert_close(bifurcation.value, 2e-5, 1e-8, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* m' = a m - (1 - a) x, x' = x + k m'/(1 - a), k = h (1 - a)/e: roots of l^2 - (1 + a - k) l + a.  By Jury's conditions
 * they lie in the unit disc as long as k < 2 (1 + a).  Both forms of epsilon, and amsgrad before its first step. */
START_TEST(adam_divides_its_mean_by_epsilon) {
  gd_game *game = create_decay();
  const double a = 0.75, e = 1e-8;
  for (int which = 0; which < 4; which++) {
    const char *scaling = which < 2 ? "adam" : "amsgrad";
    gd_stepper *stepper = create_scaled(game, scaling);
    char name[64];
    double h, rate;
    snprintf(name, sizeof name, "%s.mean_decay", scaling);
    assert_ok(gd_stepper_set(stepper, name, a));
    snprintf(name, sizeof name, "%s.epsilon_unscaled", scaling);
    assert_ok(gd_stepper_set(stepper, name, which % 2));
    assert_ok(by_map_largest_stable_step(stepper, origin, &h));
    assert_close(h, 2 * (1 + a) / (1 - a) * e, 1e-10, 0);
    assert_ok(by_map_rate(stepper, origin, 0.5 * e / (1 - a), &rate)); /* k = 1/2: complex roots, |l|^2 = a */
    assert_close(rate, sqrt(a), 1e-12, 0);
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

/* After one step from x = 2, amsgrad has w = (1 - b) 4 = 1 for b = 3/4: e + 1 takes the place of e. */
START_TEST(amsgrad_keeps_the_largest_mean_square_of_now) {
  gd_game *game = create_decay();
  gd_stepper *stepper = create_scaled(game, "amsgrad");
  const double a = 0.5;
  double x[1] = {2}, h;
  assert_ok(gd_stepper_set(stepper, "amsgrad.mean_decay", a));
  assert_ok(gd_stepper_set(stepper, "amsgrad.square_decay", 0.75));
  assert_ok(gd_stepper_set(stepper, "amsgrad.epsilon", 0.25));
  assert_ok(gd_stepper_step(stepper, x));
  assert_ok(by_map_largest_stable_step(stepper, origin, &h));
  assert_close(h, 2 * (1 + a) / (1 - a) * 1.25, 1e-10, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* M of z = (x, m), exactly: x' = x + h m'/e, m' = a m + (1 - a) J x. */
START_TEST(means_are_part_of_the_state_and_squares_are_not) {
  const double J[] = {-1, 2, -2, -1}, a = 0.5, h = 0.25, e = 0.5;
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_stepper *stepper = create_scaled(game, "adam");
  gd_operator *op = NULL;
  double M[16];
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, h));
  assert_ok(gd_stepper_set(stepper, "adam.mean_decay", a));
  assert_ok(gd_stepper_set(stepper, "adam.epsilon", e));
  assert_ok(gd_stepper_map_at_rest(&op, stepper, origin));
  ck_assert_uint_eq(gd_operator_columns(op), 4);
  assert_ok(gd_operator_assemble(op, M, 4));
  for (int j = 0; j < 4; j++)
    for (int i = 0; i < 4; i++) {
      const double mean = j < 2 ? (1 - a) * J[i % 2 + 2 * j] : a * (i % 2 == j % 2);
      assert_close(M[i + 4 * j], i < 2 ? (i == j) + h / e * mean : mean, 1e-15, 1e-15);
    }
  gd_operator_destroy(op);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* A difference through a mean square of 0 would take the root of a negative number. */
START_TEST(the_plain_map_refuses_mean_squares_near_zero) {
  gd_game *game = create_decay();
  gd_stepper *stepper = create_scaled(game, "adam");
  gd_operator *op = NULL;
  double x[1] = {0}, out[3];
  assert_ok(gd_stepper_step(stepper, x));
  assert_ok(gd_stepper_map(&op, stepper, x));
  assert_fails(gd_operator_apply(op, ((double[]){0, 0, 1}), out), GD_ERR_HYPOTHESIS, "gd_stepper_map_at_rest()");
  assert_ok(gd_stepper_set_scaling(stepper, "none"));
  assert_fails(gd_operator_apply(op, ((double[]){1, 0, 0}), out), GD_ERR_ARGUMENT, "scaling is \"none\" now");
  gd_operator_destroy(op);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* ---- points that are not a fixed points ---- */

/* v = scale (J (x - at)). */
typedef struct moved_game {
  double scale, at[2];
} moved_game;

static int moved_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const moved_game *it = data;
  const double d[] = {x[0] - it->at[0], x[1] - it->at[1]};
  (void)draw;
  v[0] = it->scale * (-d[0] - d[1]);
  v[1] = it->scale * (d[0] - d[1]);
  return 0;
}

static gd_game *create_moved(moved_game *data) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = moved_gradient};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = data,
                             .traits = GD_AFFINE,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){1, 1}};
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

static void refuse_everything(gd_stepper *stepper, const double *x, double h) {
  gd_operator *op = NULL;
  double step = 7, rate = 8;
  assert_fails(by_map_rate(stepper, x, h, &rate), GD_ERR_HYPOTHESIS, "not a fixed point");
  assert_fails(by_map_largest_stable_step(stepper, x, &step), GD_ERR_HYPOTHESIS, "not a fixed point");
  assert_fails(by_map_fastest_step(stepper, x, &step, &rate), GD_ERR_HYPOTHESIS, "not a fixed point");
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, h));
  assert_fails(gd_stepper_map_at_rest(&op, stepper, x), GD_ERR_HYPOTHESIS, "not a fixed point");
  ck_assert_ptr_null(op);
  assert_close(step, 7, 0, 0);
  assert_close(rate, 8, 0, 0);
}

/* J = [-1, -1; 1, -1] multiplies lengths by sqrt 2.  So a point at a distance of d passes if d is at most 1e-6 sqrt 2,
 * times the size of the point where that is above 1: whatever the units of the field.  J's eigenvalues -1 +- i are
 * stable below h = 1 under the simultaneous method. */
START_TEST(points_that_do_not_rest_are_refused_in_any_unit) {
  const char *methods[] = {GD_SIMULTANEOUS, GD_OPTIMISTIC, GD_EXTRAGRADIENT, GD_ALTERNATING, GD_IMPLICIT};
  for (double scale = 1e-10; scale < 1e11; scale *= 1e10)
    for (double size = 1; size < 1e5; size *= 1e4)
      for (int k = 0; k < 5; k++) {
        moved_game data = {scale, {size, -0.5 * size}};
        gd_game *game = create_moved(&data);
        gd_stepper *stepper;
        const double far[] = {data.at[0] + 1e-5 * size, data.at[1]}, near[] = {data.at[0] + 1e-7 * size, data.at[1]};
        double h;
        assert_ok(gd_stepper_create_named(&stepper, game, methods[k]));
        refuse_everything(stepper, far, 0.125 / scale);
        assert_ok(by_map_largest_stable_step(stepper, near, &h));
        if (k == 0) assert_close(h, 1 / scale, 1e-9, 0);
        gd_stepper_destroy(stepper);
        gd_game_destroy(game);
      }
}
END_TEST

/* ---- memory ---- */

typedef struct drifting_params {
  const double *step_size;
  double drift, keep;
} drifting_params;

typedef struct drifting_state {
  double *memory, *next;
} drifting_state;

static gd_status drifting_init(gd_stepper *stepper) {
  drifting_state *state = gd_stepper_state(stepper);
  state->memory = gd_stepper_memory(stepper, "memory");
  state->next = gd_stepper_scratch(stepper);
  return GD_OK;
}

/* m' = k m + (1 - k) x + drift,  x' = x + h (m - x). */
static gd_status drifting_step(gd_stepper *stepper, gd_game *game, double *x) {
  const drifting_params *p = gd_stepper_params(stepper);
  drifting_state *state = gd_stepper_state(stepper);
  for (size_t k = 0; k < gd_game_size(game); k++) {
    state->next[k] = p->keep * state->memory[k] + (1 - p->keep) * x[k] + p->drift;
    x[k] += p->step_size[0] * (state->memory[k] - x[k]);
  }
  gd_stepper_swap(stepper, &state->memory, &state->next);
  return GD_OK;
}

static const gd_param drifting_table[] = {GD_PARAM_STEP_SIZE(drifting_params),
                                          GD_PARAM(drifting_params, drift, GD_KIND_REAL, 0, -9, 9, "of memory"),
                                          GD_PARAM(drifting_params, keep, GD_KIND_REAL, 0, 0, 1, "of memory")};
static const gd_method drifting = {GD_METHOD_HEAD(drifting, drifting_table), .traits = GD_METHOD_LINEAR,
                                   .init = drifting_init, .step = drifting_step};

/* The memory rests at x, wherever it was left: M = [1 - h, h; 1 - k, k] has the eigenvalues 1 and k - h.  One that
 * drifts never rests, be the x beside it where it is. */
START_TEST(memory_is_found_by_steps) {
  gd_game *game = create_decay();
  gd_stepper *stepper = NULL;
  double x[1] = {3}, M[4];
  gd_operator *op = NULL;
  assert_ok(gd_stepper_create(&stepper, game, &drifting));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.25));
  assert_ok(gd_stepper_set(stepper, "keep", 0.5));
  for (int k = 0; k < 3; k++) assert_ok(gd_stepper_step(stepper, x));
  const uint64_t steps = gd_stepper_steps(stepper);
  assert_ok(gd_stepper_map_at_rest(&op, stepper, x));
  assert_ok(gd_operator_assemble(op, M, 2));
  const double expected[] = {0.75, 0.5, 0.25, 0.5};
  for (int k = 0; k < 4; k++) assert_close(M[k], expected[k], 1e-14, 0);
  ck_assert_uint_eq(gd_stepper_steps(stepper), steps);
  gd_operator_destroy(op);
  op = NULL;
  assert_ok(gd_stepper_set(stepper, "keep", 1));
  assert_ok(gd_stepper_set(stepper, "drift", 1));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0));
  assert_fails(gd_stepper_map_at_rest(&op, stepper, x), GD_ERR_HYPOTHESIS, "memory of drifting does not settle");
  ck_assert_ptr_null(op);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* ---- kinks ---- */

/* v = push - x within [0, 1]; or v = -|x| / 2 everywhere. */
typedef struct edge_game {
  double push;
  bool absolute;
} edge_game;

static int edge_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const edge_game *it = data;
  (void)draw;
  v[0] = it->absolute ? -fabs(x[0]) / 2 : it->push - x[0];
  return 0;
}

static int edge_project(void *data, double *x) {
  const edge_game *it = data;
  if (!it->absolute) x[0] = fmax(0, fmin(x[0], 1));
  return 0;
}

/* At 1/2 the set is far: 1 - h.  On an edge x is refused, whether v presses against it or is 0, and so is -|x| at 0,
 * which has two slopes. */
START_TEST(steps_with_a_kink_are_refused) {
  const struct {
    edge_game game;
    double x;
    const char *refusal; /* NULL: none */
  } cases[] = {{{0.5, false}, 0.5, NULL}, {{2, false}, 1, "edge"}, {{-1, false}, 0, "edge"},
               {{0, false}, 0, "edge"},   {{1, false}, 1, "edge"}, {{0, true}, 0, "kink"}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    edge_game data = cases[k].game;
    const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = edge_gradient, .project = edge_project};
    const gd_game_spec spec = {
        .struct_size = sizeof spec, .ops = &ops, .data = &data, .n_players = 1, .block_sizes = (const size_t[]){1}};
    gd_game *game = NULL;
    gd_stepper *stepper = NULL;
    double rate = 8;
    assert_ok(gd_game_create(&game, &spec));
    assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
    if (cases[k].refusal) {
      assert_fails(by_map_rate(stepper, &cases[k].x, 0.25, &rate), GD_ERR_HYPOTHESIS, cases[k].refusal);
    } else {
      assert_ok(by_map_rate(stepper, &cases[k].x, 0.25, &rate));
      assert_close(rate, 0.75, 1e-9, 1e-9);
    }
    gd_stepper_destroy(stepper);
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(refuses_missing_arguments_and_steps_out_of_range) {
  gd_game *game = create_decay();
  gd_stepper *stepper = create_scaled(game, GD_SCALING_NONE);
  gd_operator *op = NULL;
  assert_fails(gd_stepper_map_at_rest(NULL, stepper, origin), GD_ERR_ARGUMENT, "gd_stepper_map_at_rest");
  assert_fails(gd_stepper_map_at_rest(&op, NULL, origin), GD_ERR_ARGUMENT, "gd_stepper_map_at_rest");
  assert_fails(gd_stepper_map_at_rest(&op, stepper, NULL), GD_ERR_ARGUMENT, "gd_stepper_map_at_rest");
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, DBL_MAX));
  assert_fails(gd_stepper_map_at_rest(&op, stepper, (double[]){8}), GD_ERR_NONFINITE, "overflows");
  ck_assert_ptr_null(op);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("map_at_rest", rmsprop_divides_by_epsilon, rmsprop_flips_where_its_stable_steps_end,
           adam_divides_its_mean_by_epsilon, amsgrad_keeps_the_largest_mean_square_of_now,
           means_are_part_of_the_state_and_squares_are_not, the_plain_map_refuses_mean_squares_near_zero,
           points_that_do_not_rest_are_refused_in_any_unit, memory_is_found_by_steps, steps_with_a_kink_are_refused,
           refuses_missing_arguments_and_steps_out_of_range)
