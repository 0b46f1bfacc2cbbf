/* SPDX-License-Identifier: BSD-3-Clause */
/* sets.c -- with a feasible set every method rests at the solutions of the variational inequality and nowhere else, or
 * refuses the game in words.
 *
 * The games have a known solution s on the edge of their set X: v(x) = J (x - s) + m with m in the normal cone of X at
 * s, and J + J' negative definite, so that s is the only solution.  Each of two players has three variables in a set of
 * the same kind: a box, a simplex, a ball.  With a unit ball and s on its edge the normal cone is the half-line of s.
 */
#include "laws/every.h"

#include <gamedyn/run.h>
#include <gamedyn/solve.h>

enum { SIDE = 3, N = 2 * SIDE };

typedef enum set_kind { BOX, SIMPLEX, BALL, SETS } set_kind;

typedef struct edge_game {
  set_kind kind;
  double J[N * N], s[N], m[N];
} edge_game;

/* ---- projections ---- */

static void onto_box(double *p) {
  for (int k = 0; k < SIDE; k++) p[k] = fmin(1, fmax(0, p[k]));
}

/* max(p - tau, 0) with the tau that makes the sum 1, among those of the largest 1, 2 and 3 entries the largest. */
static void onto_simplex(double *p) {
  const double a = fmax(p[0], fmax(p[1], p[2])), c = fmin(p[0], fmin(p[1], p[2])), b = p[0] + p[1] + p[2] - a - c;
  const double tau = fmax(a - 1, fmax((a + b - 1) / 2, (a + b + c - 1) / 3));
  for (int k = 0; k < SIDE; k++) p[k] = fmax(p[k] - tau, 0);
}

static void onto_ball(double *p) {
  const double length = sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
  for (int k = 0; k < SIDE; k++) p[k] /= fmax(1, length);
}

static int project(void *data, double *x) {
  void (*const onto[SETS])(double *) = {onto_box, onto_simplex, onto_ball};
  for (int player = 0; player < 2; player++) onto[((edge_game *)data)->kind](x + player * SIDE);
  return 0;
}

/* ---- the game ---- */

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const edge_game *game = data;
  (void)draw;
  for (int i = 0; i < N; i++) {
    v[i] = game->m[i];
    for (int j = 0; j < N; j++) v[i] += game->J[i + j * N] * (x[j] - game->s[j]);
  }
  return 0;
}

static int solution(void *data, double *x) {
  memcpy(x, ((edge_game *)data)->s, N * sizeof *x);
  return 0;
}

/* s and m of one player.  Box: a lower bound, an upper bound and none.  Simplex: one weight is 0, and its utility
 * lower. */
static void choose_edge(set_kind kind, const double *u, double *s, double *m) {
  const double unit[SETS][SIDE] = {{0, 1, 0.25 + u[0] / 2}, {0, 0.25 + u[0] / 2, 0.75 - u[0] / 2}, {0.6, 0, -0.8}};
  const double push = 0.5 + u[1], level = u[2];
  const double normal[SETS][SIDE] = {{-push, push / 2, 0}, {level - push, level, level}, {0.6 * push, 0, -0.8 * push}};
  memcpy(s, unit[kind], SIDE * sizeof *s);
  memcpy(m, normal[kind], SIDE * sizeof *m);
}

static void random_edge_game(edge_game *game, set_kind kind, uint64_t seed) {
  double u[N], entries[N * N];
  gd_rng rng = gd_rng_make(seed, 8);
  gd_rng_fill_uniform(&rng, N, u);
  gd_rng_fill_normal(&rng, N * N, entries);
  game->kind = kind;
  for (int player = 0; player < 2; player++)
    choose_edge(kind, u + player * SIDE, game->s + player * SIDE, game->m + player * SIDE);
  for (int i = 0; i < N; i++) /* antisymmetric, and -1/2 on the diagonal */
    for (int j = 0; j < N; j++)
      game->J[i + j * N] = 0.4 * (entries[i + j * N] - entries[j + i * N]) - (i == j ? 0.5 : 0);
}

static gd_game *create(edge_game *data) {
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .name = "edge", .gradient = gradient, .project = project, .solution = solution};
  const size_t sizes[] = {SIDE, SIDE};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = data,
                             .n_players = 2,
                             .block_sizes = sizes,
                             .traits = GD_AFFINE | (data->kind == BOX ? GD_BOX : 0)};
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

/* Scalings need a box: the library refuses others, tested below. */
static bool is_allowed(const edge_game *data, const gd_game *game, const every_way *way) {
  return !every_refuses(game, way) && (data->kind == BOX || strcmp(way->scaling, GD_SCALING_NONE) == 0);
}

/* |P(x + v(x)) - x|, worked out here. */
static double residual(edge_game *data, const double *x) {
  double v[N], sum = 0;
  gradient(data, NULL, x, v);
  for (int k = 0; k < N; k++) v[k] += x[k];
  project(data, v);
  for (int k = 0; k < N; k++) sum += (v[k] - x[k]) * (v[k] - x[k]);
  return sqrt(sum);
}

static double distance(const edge_game *data, const double *x) {
  double sum = 0;
  for (int k = 0; k < N; k++) sum += (x[k] - data->s[k]) * (x[k] - data->s[k]);
  return sqrt(sum);
}

/* ---- laws ---- */

START_TEST(the_games_are_what_they_say) {
  for (uint64_t seed = 0; seed < 4; seed++)
    for (set_kind kind = BOX; kind < SETS; kind++) {
      edge_game data;
      random_edge_game(&data, kind, seed);
      gd_game *game = create(&data);
      double v[N], largest = 0;
      assert_ok(gd_game_check(game, data.s, seed, NULL));
      assert_close(residual(&data, data.s), 0, 0, 1e-15);
      gradient(&data, NULL, data.s, v);
      for (int k = 0; k < N; k++) largest = fmax(largest, fabs(v[k]));
      ck_assert_double_ge(largest, 0.3); /* v is far from 0 there */
      gd_game_destroy(game);
    }
}
END_TEST

/* Rounding of s + h m projected: some eps a step.  Step sizes of the players differ. */
START_TEST(a_solution_on_the_edge_stays_put) {
  every_way way;
  for (uint64_t seed = 0; seed < 4; seed++)
    for (set_kind kind = BOX; kind < SETS; kind++) {
      edge_game data;
      random_edge_game(&data, kind, seed);
      gd_game *game = create(&data);
      for (size_t k = 0; every_way_at(&way, k); k++) {
        if (!is_allowed(&data, game, &way)) continue;
        double x[N];
        gd_stepper *stepper = every_stepper(game, &way, 0.125);
        assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, (const double[]){0.125, 0.3}));
        memcpy(x, data.s, sizeof x);
        for (int t = 0; t < 3; t++) assert_step(stepper, x, every_label(game, &way));
        ck_assert_msg(distance(&data, x) <= 1e-14, "%s, set %d: leaves its solution by %g", every_label(game, &way),
                      (int)kind, distance(&data, x));
        gd_stepper_destroy(stepper);
      }
      gd_game_destroy(game);
    }
}
END_TEST

/* From anywhere, inside or outside, each method comes to s and nowhere else, and gd_run() says so; unscaled, since with
 * a constant step a scaling hovers.  J + J' = -I, so that a residual r means a distance of at most (1 + |J|) r / (1/2)
 * (Pang 1987, "A posteriori error bounds"), with |J| < 8 here. */
START_TEST(runs_end_at_the_solution) {
  every_way way;
  for (uint64_t seed = 0; seed < test_instances(3, 200); seed++)
    for (set_kind kind = BOX; kind < SETS; kind++) {
      edge_game data;
      random_edge_game(&data, kind, seed);
      gd_game *game = create(&data);
      for (size_t k = 0; every_way_at(&way, k); k++) {
        if (!is_allowed(&data, game, &way) || strcmp(way.scaling, GD_SCALING_NONE) != 0 || way.varied) continue;
        double x[N];
        gd_run_result result;
        gd_rng rng = gd_rng_make(seed, 9);
        gd_rng_fill_normal(&rng, N, x);
        gd_stepper *stepper = every_stepper(game, &way, 0.05);
        if (strcmp(way.method->name, GD_PREDICTIVE) == 0) assert_ok(gd_stepper_set(stepper, "gamma", 0.05));
        assert_ok(gd_run(stepper, x, NULL, &result));
        ck_assert_msg(result.stop == GD_STOP_GRADIENT, "%s, set %d, seed %d: %s, residual %g", every_label(game, &way),
                      (int)kind, (int)seed, gd_stop_text(result.stop), result.gradient_norm);
        assert_close(result.gradient_norm, residual(&data, x), 1e-6, 1e-15);
        ck_assert_double_le(distance(&data, x), 18e-8);
        gd_stepper_destroy(stepper);
      }
      gd_game_destroy(game);
    }
}
END_TEST

/* Steps far too long, and a prediction far too long, may come to rest at points that are no solutions.  A run that ends
 * there does not say that they are stationary. */
START_TEST(a_run_never_calls_another_point_stationary) {
  every_way way;
  size_t ended = 0;
  for (uint64_t seed = 0; seed < test_instances(4, 100); seed++)
    for (set_kind kind = BOX; kind < SETS; kind++) {
      edge_game data;
      random_edge_game(&data, kind, seed);
      gd_game *game = create(&data);
      for (size_t k = 0; every_way_at(&way, k); k++) {
        if (!is_allowed(&data, game, &way)) continue;
        double x[N];
        gd_run_options options;
        gd_run_result result;
        gd_run_options_init(&options);
        options.max_steps = 300, options.step_tolerance = 1e-15;
        gd_rng rng = gd_rng_make(seed, 10);
        gd_rng_fill_normal(&rng, N, x);
        gd_stepper *stepper = every_stepper(game, &way, 4);
        assert_ok(gd_run(stepper, x, &options, &result));
        if (result.stop == GD_STOP_GRADIENT) ck_assert_double_le(distance(&data, x), 18e-8);
        ended += result.stop == GD_STOP_STALLED;
        gd_stepper_destroy(stepper);
      }
      gd_game_destroy(game);
    }
  ck_assert_uint_gt(ended, 0); /* there are such points */
}
END_TEST

START_TEST(methods_and_scalings_that_rest_elsewhere_are_refused) {
  edge_game data;
  random_edge_game(&data, SIMPLEX, 0);
  gd_game *game = create(&data);
  gd_stepper *stepper = NULL;
  size_t refused = 0;
  for (size_t m = 0; gd_method_at(m); m++) {
    if (!(gd_method_at(m)->traits & GD_METHOD_UNCONSTRAINED)) continue;
    assert_fails(gd_stepper_create(&stepper, game, gd_method_at(m)), GD_ERR_UNSUPPORTED,
                 "this method has fixed points that are no solutions");
    refused++;
  }
  ck_assert_uint_eq(refused, 2); /* implicit and consensus */
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  for (size_t k = 0; gd_scaling_at(k); k++)
    if (strcmp(gd_scaling_at(k), GD_SCALING_NONE) != 0)
      assert_fails(gd_stepper_set_scaling(stepper, gd_scaling_at(k)), GD_ERR_UNSUPPORTED, "lacks GD_BOX");
  ck_assert_str_eq(gd_stepper_scaling(stepper), GD_SCALING_NONE);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("sets", the_games_are_what_they_say, a_solution_on_the_edge_stays_put, runs_end_at_the_solution,
           a_run_never_calls_another_point_stationary, methods_and_scalings_that_rest_elsewhere_are_refused)
