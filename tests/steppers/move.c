/* SPDX-License-Identifier: BSD-3-Clause */
/* move.c -- directions, scaling by player, moves along them, and the feasible set. */
#include "steppers/at_work.h"

#include <math.h>

START_TEST(moves_each_block_by_its_step_size) {
  const test_game kind = general_game(); /* blocks 1, 2, 1 */
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  const double from[4] = {1, 2, 3, 4}, direction[4] = {1, -1, 2, -2};
  double to[4] = {0};
  const double sizes[4][3] = {{0.5, 0.25, 2}, {0.5, 0.5, 2}, {2, 0.5, 0.5}, {1, 1, 1}};
  for (int k = 0; k < 4; k++) {
    const double *h = sizes[k];
    assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, h));
    assert_ok(gd_stepper_move(work.stepper, to, from, 2, direction));
    assert_same(4, to, ((double[]){1 + 2 * h[0], 2 - 2 * h[1], 3 + 4 * h[1], 4 - 4 * h[2]}));
    double x[4] = {1, 2, 3, 4};
    assert_ok(gd_stepper_move_pair(work.stepper, x, 2, direction, -0.5, (double[]){2, 2, 2, 2}));
    assert_same(4, x, ((double[]){1 + h[0], 2 - 3 * h[1], 3 + 3 * h[1], 4 - 5 * h[2]}));
    assert_ok(gd_stepper_move_by(work.stepper, to, from, direction, (double[]){8, 0, -8, 16}));
    assert_same(4, to, ((double[]){9 + h[0], 2 - h[1], -5 + 2 * h[1], 20 - 2 * h[2]}));
  }
  retire(&work);
}
END_TEST

START_TEST(from_and_to_may_be_the_same) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_move(work.stepper, x, x, -1, (double[]){1, 2}));
  assert_same(2, x, ((double[]){0.5, 1}));
  assert_ok(gd_stepper_move_by(work.stepper, x, x, (double[]){1, 2}, (double[]){4, 8}));
  assert_same(2, x, ((double[]){5, 10}));
  assert_fails(gd_stepper_move_by(work.stepper, x, x, (double[]){1, 2}, x), GD_ERR_ARGUMENT, "plain");
  assert_fails(gd_stepper_move_by(work.stepper, NULL, x, x, x), GD_ERR_ARGUMENT, "is NULL");
  assert_same(2, x, ((double[]){5, 10}));
  retire(&work);
}
END_TEST

static int refusing_project(void *data, double *x) {
  x[0] = 1e6;
  return data ? *(int *)data : 1;
}

START_TEST(a_failing_projection_leaves_the_target_alone) {
  int code = 1;
  test_game kind = rotation_game();
  kind.ops.project = refusing_project;
  kind.data = &code;
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double x[2] = {1, 2};
  const double direction[2] = {1, 1};
  assert_fails(gd_stepper_move(work.stepper, x, x, 1, direction), GD_ERR_DOMAIN, "project");
  assert_fails(gd_stepper_move_pair(work.stepper, x, 1, direction, 1, direction), GD_ERR_DOMAIN, "project");
  assert_fails(gd_stepper_move_by(work.stepper, x, x, direction, direction), GD_ERR_DOMAIN, "project");
  code = -1;
  assert_fails(gd_stepper_step(work.stepper, x), GD_ERR_CALLBACK, "project");
  assert_same(2, x, ((double[]){1, 2}));
  code = 0;
  assert_ok(gd_stepper_move(work.stepper, x, x, 1, direction));
  assert_same(2, x, ((double[]){1e6, 2.5}));
  assert_ok(gd_stepper_move_by(work.stepper, x, x, direction, direction));
  assert_same(2, x, ((double[]){1e6, 4}));
  retire(&work);
}
END_TEST

/* RMSProp with decay 0 makes d / |d|: only the block of the player asked for. */
START_TEST(scales_all_players_or_one) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  double d[4] = {4, -2, 8, -16};
  assert_ok(gd_stepper_scale(work.stepper, 1, d)); /* no scaling: nothing happens */
  assert_same(4, d, ((double[]){4, -2, 8, -16}));
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.decay", 0));
  assert_ok(gd_stepper_scale(work.stepper, 1, d));
  assert_vector(4, d, ((double[]){4, -1, 1, -16}), 1e-10);
  assert_ok(gd_stepper_scale(work.stepper, GD_ALL_PLAYERS, d));
  assert_vector(4, d, ((double[]){1, -1, 1, -1}), 1e-10);
  assert_fails(gd_stepper_scale(work.stepper, 3, d), GD_ERR_ARGUMENT, "player 3, expected below 3");
  retire(&work);
}
END_TEST

START_TEST(the_direction_is_the_scaled_gradient) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  double d[2];
  assert_ok(gd_stepper_direction(work.stepper, (double[]){1, 2}, d));
  assert_same(2, d, ((double[]){-2, 1}));
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM));
  assert_ok(gd_stepper_direction(work.stepper, (double[]){1, 2}, d));
  assert_vector(2, d, ((double[]){-1, 1}), 1e-7); /* Adam's first direction is a sign, but for epsilon 1e-8 */
  assert_fails(gd_stepper_direction(work.stepper, (double[]){1, NAN}, d), GD_ERR_NONFINITE, "gradient[0]");
  retire(&work);
}
END_TEST

START_TEST(refuses_missing_arguments) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  double x[2] = {0}, y[2] = {0};
  assert_fails(gd_stepper_move(NULL, x, x, 1, y), GD_ERR_ARGUMENT, "gd_stepper_move");
  assert_fails(gd_stepper_move(work.stepper, NULL, x, 1, y), GD_ERR_ARGUMENT, "gd_stepper_move");
  assert_fails(gd_stepper_move(work.stepper, x, x, 1, NULL), GD_ERR_ARGUMENT, "gd_stepper_move");
  assert_fails(gd_stepper_move_pair(work.stepper, x, 1, y, 1, NULL), GD_ERR_ARGUMENT, "gd_stepper_move_pair");
  assert_fails(gd_stepper_direction(work.stepper, NULL, y), GD_ERR_ARGUMENT, "gd_stepper_direction");
  assert_fails(gd_stepper_scale(work.stepper, 0, NULL), GD_ERR_ARGUMENT, "gd_stepper_scale");
  retire(&work);
}
END_TEST

/* ---- the last act of a step ---- */

/* v = (-x_k (1 + k / 1024)), in blocks longer and shorter than the parts that a step is done in. */
enum { LONG = 1300 };
static const size_t long_blocks[] = {700, 3, LONG - 703};

static int long_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  for (size_t k = 0; k < LONG; k++) v[k] = -x[k] * (1 + (double)k / 1024);
  return 0;
}

static int keep_above_half(void *data, double *x) {
  (void)data;
  for (size_t k = 0; k < LONG; k++) x[k] = fmax(x[k], 0.5);
  return 0;
}

static gd_game *create_long_game(bool projects) {
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .gradient = long_gradient, .project = projects ? keep_above_half : NULL};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 3, .block_sizes = long_blocks, .traits = GD_BOX};
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

typedef struct plain_params {
  const double *step_size;
} plain_params;

typedef struct plain_state {
  double *direction;
} plain_state;

static gd_status plain_init(gd_stepper *stepper) {
  plain_state *state = gd_stepper_state(stepper);
  state->direction = gd_stepper_scratch(stepper);
  return GD_OK;
}

/* As simultaneous, but scaling and moving are two passes. */
static gd_status plain_step(gd_stepper *stepper, gd_game *game, double *x) {
  const plain_state *state = gd_stepper_state(stepper);
  (void)game;
  const gd_status status = gd_stepper_direction(stepper, x, state->direction);
  return status < 0 ? status : gd_stepper_move(stepper, x, x, 1, state->direction);
}

static const gd_param plain_table[] = {GD_PARAM_STEP_SIZE(plain_params)};
static const gd_method plain = {GD_METHOD_HEAD(plain, plain_table), .init = plain_init, .step = plain_step};

static void expect_same_steps(const char *scaling, bool projects) {
  gd_game *game = create_long_game(projects);
  gd_stepper *steppers[2] = {NULL, NULL};
  double x[2][LONG];
  assert_ok(gd_stepper_create_named(&steppers[0], game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_create(&steppers[1], game, &plain));
  for (int j = 0; j < 2; j++) {
    assert_ok(gd_stepper_set_scaling(steppers[j], scaling));
    assert_ok(gd_stepper_set_players(steppers[j], GD_STEP_SIZE, (const double[]){0.01, 0.02, 0.05}));
    for (size_t k = 0; k < LONG; k++) x[j][k] = 1 + 0.5 * sin((double)k);
    for (int t = 0; t < 6; t++) assert_ok(gd_stepper_step(steppers[j], x[j]));
  }
  assert_same(LONG, x[0], x[1]);
  ck_assert(fabs(x[0][701] - (1 + 0.5 * sin(701))) > 1e-3);
  gd_stepper_destroy(steppers[0]);
  gd_stepper_destroy(steppers[1]);
  gd_game_destroy(game);
}

START_TEST(finishing_a_step_in_one_pass_gives_the_same_bits) {
  const char *scaling;
  for (size_t k = 0; (scaling = gd_scaling_at(k)) != NULL; k++) {
    expect_same_steps(scaling, false);
    expect_same_steps(scaling, true);
  }
  assert_fails(gd_stepper_finish(NULL, NULL, NULL), GD_ERR_ARGUMENT, "is NULL");
}
END_TEST

TEST_SUITE("move", moves_each_block_by_its_step_size, from_and_to_may_be_the_same,
           a_failing_projection_leaves_the_target_alone, scales_all_players_or_one,
           the_direction_is_the_scaled_gradient, refuses_missing_arguments,
           finishing_a_step_in_one_pass_gives_the_same_bits)
