/* SPDX-License-Identifier: BSD-3-Clause */
/* games.c -- the tests' two-variable games.  v_i = du_i/dx_i and J = dv/dx throughout. */
#include "support/games.h"

#include "support/suite.h"

#include <math.h>

gd_game_spec test_game_spec(const test_game *kind, const gd_env *env) {
  return (gd_game_spec){.struct_size = sizeof(gd_game_spec),
                        .ops = &kind->ops,
                        .data = kind->data,
                        .n_players = kind->n_players,
                        .block_sizes = kind->block_sizes,
                        .traits = kind->traits,
                        .env = env};
}

gd_game *create_test_game(const test_game *kind, const gd_env *env) {
  const gd_game_spec spec = test_game_spec(kind, env);
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

/* ---- rotation ---- */

static int rotation_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  static _Thread_local double buffer[2];
  (void)data, (void)draw;
  buffer[0] = -x[1];
  buffer[1] = x[0];
  memcpy(v, buffer, sizeof buffer);
  return 0;
}

static int rotation_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  (void)data, (void)draw;
  utilities[1] = x[0] * x[1];
  utilities[0] = -utilities[1];
  return 0;
}

static int rotation_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)x;
  return rotation_gradient(data, draw, u, Ju);
}

static int rotation_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  (void)data, (void)draw, (void)x;
  Jtw[0] = w[1];
  Jtw[1] = -w[0];
  return 0;
}

static int origin2(void *data, double *x) {
  (void)data;
  x[0] = x[1] = 0;
  return 0;
}

test_game rotation_game(void) {
  return (test_game){.ops = {.struct_size = sizeof(gd_game_ops),
                             .name = "rotation",
                             .gradient = rotation_gradient,
                             .utilities = rotation_utilities,
                             .jvp = rotation_jvp,
                             .solution = origin2},
                     .n_players = 2,
                     .block_sizes = {1, 1},
                     .traits = GD_ZERO_SUM | GD_AFFINE | GD_THREAD_SAFE};
}

/* ---- boxed ---- */

static int box_project(void *data, double *x) {
  (void)data;
  for (int k = 0; k < 2; k++) x[k] = fmin(1, fmax(-1, x[k]));
  return 0;
}

test_game boxed_game(void) {
  test_game kind = rotation_game();
  kind.ops.name = "boxed";
  kind.ops.project = box_project;
  kind.traits |= GD_BOX;
  return kind;
}

/* ---- half plane ---- */

static int half_plane_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  if (x[0] < 0.5) return 3;
  v[0] = 1 / x[0] - x[1];
  v[1] = x[0] - x[1];
  return 0;
}

static int half_plane_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  (void)data, (void)draw;
  if (x[0] < 0.5) return 3;
  utilities[0] = log(x[0]) - x[0] * x[1];
  utilities[1] = x[0] * x[1] - x[1] * x[1] / 2;
  return 0;
}

static int half_plane_solution(void *data, double *x) {
  (void)data;
  x[0] = x[1] = 1;
  return 0;
}

test_game half_plane_game(void) {
  return (test_game){.ops = {.struct_size = sizeof(gd_game_ops),
                             .name = "half plane",
                             .gradient = half_plane_gradient,
                             .utilities = half_plane_utilities,
                             .solution = half_plane_solution},
                     .n_players = 2,
                     .block_sizes = {1, 1},
                     .traits = GD_THREAD_SAFE};
}

/* ---- noisy ---- */

static int noisy_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data;
  double noise[2] = {0, 0};
  if (draw) {
    gd_rng rng = gd_draw_rng(draw);
    gd_rng_fill_normal(&rng, 2, noise);
  }
  for (int k = 0; k < 2; k++) v[k] = -x[k] + (draw ? noise[k] / sqrt((double)draw->batch_size) : 0);
  return 0;
}

static int noisy_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw, (void)x;
  Ju[0] = -u[0];
  Ju[1] = -u[1];
  return 0;
}

test_game noisy_game(void) {
  return (test_game){.ops = {.struct_size = sizeof(gd_game_ops),
                             .name = "noisy",
                             .gradient = noisy_gradient,
                             .jvp = noisy_jvp,
                             .solution = origin2},
                     .n_players = 2,
                     .block_sizes = {1, 1},
                     .traits = GD_STOCHASTIC | GD_AFFINE | GD_POTENTIAL | GD_THREAD_SAFE};
}

/* ---- failing ---- */

/* After the callback's own work: fail this call if it is the one. */
static int count_call(void *data, double *last) {
  failing_calls *calls = data;
  if (++calls->calls != calls->fail_at) return 0;
  if (calls->code == 0) *last = NAN;
  return calls->code;
}

static int failing_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  rotation_gradient(NULL, draw, x, v);
  return count_call(data, v + 1);
}

static int failing_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  rotation_utilities(NULL, draw, x, utilities);
  return count_call(data, utilities + 1);
}

static int failing_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  rotation_jvp(NULL, draw, x, u, Ju);
  return count_call(data, Ju + 1);
}

static int failing_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  rotation_vjp(NULL, draw, x, w, Jtw);
  return count_call(data, Jtw + 1);
}

test_game failing_game(failing_calls *calls) {
  test_game kind = rotation_game();
  kind.ops.name = "failing";
  kind.ops.gradient = failing_gradient;
  kind.ops.utilities = failing_utilities;
  kind.ops.jvp = failing_jvp;
  kind.ops.vjp = failing_vjp;
  kind.data = calls;
  kind.traits = GD_ZERO_SUM | GD_AFFINE; /* the count is shared, so not thread-safe */
  return kind;
}
