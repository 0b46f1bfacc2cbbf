/* SPDX-License-Identifier: BSD-3-Clause */
/* kinds_told.c -- single points at which a verdict by eigenvalues alone claims too much, and failures on the way. */
#include <gamedyn/classify.h>
#include <gamedyn/models.h>

#include "support/at_point.h"
#include "support/linear_game.h"
#include "support/suite.h"

#define FIELD(name, ...)                                                                                               \
  static int name(void *data, const gd_draw *draw, const double *x, double *v) {                                       \
    (void)data, (void)draw, (void)x;                                                                                   \
    __VA_ARGS__;                                                                                                       \
    return 0;                                                                                                          \
  }

static gd_classification classify(int (*gradient)(void *, const gd_draw *, const double *, double *), size_t players,
                                  const size_t *sizes, uint32_t traits) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = players, .block_sizes = sizes, .traits = traits};
  const double origin[4] = {0};
  gd_game *game = NULL;
  gd_classification c;
  assert_ok(gd_game_create(&game, &spec));
  assert_ok(classify_at(game, origin, NULL, &c));
  gd_game_destroy(game);
  return c;
}

static gd_classification of_two(int (*gradient)(void *, const gd_draw *, const double *, double *), uint32_t traits) {
  return classify(gradient, 2, (const size_t[]){1, 1}, traits);
}

static void assert_says(const gd_classification *c, const char *words) {
  char text[400];
  assert_ok(gd_classification_text(c, text, sizeof text));
  ck_assert_msg(strstr(text, words) != NULL, "\"%s\" does not say \"%s\"", text, words);
}

/* ---- players ---- */

/* min over x, max over y of x^3 + x y - y^2/2: J is Hurwitz, and x = -e gains e^3. */
FIELD(cubic, v[0] = -3 * x[0] * x[0] - x[1]; v[1] = x[0] - x[1])
/* With x^4 for x^3 x loses, and with -x^4 it gains. */
FIELD(quartic, v[0] = -4 * x[0] * x[0] * x[0] - x[1]; v[1] = x[0] - x[1])
FIELD(quartic_up, v[0] = 4 * x[0] * x[0] * x[0] - x[1]; v[1] = x[0] - x[1])

START_TEST(sees_a_player_gain_without_curvature) {
  const gd_classification c = of_two(cubic, GD_ZERO_SUM), up = of_two(quartic_up, GD_ZERO_SUM),
                          down = of_two(quartic, GD_ZERO_SUM);
  ck_assert(c.hurwitz && c.nash == GD_HOLDS_NOT && c.kind == GD_POINT_LOCAL_MINIMAX);
  ck_assert(up.hurwitz && up.nash == GD_HOLDS_NOT && up.kind == GD_POINT_LOCAL_MINIMAX);
  ck_assert(down.hurwitz && down.nash == GD_HOLDS_WEAKLY && down.kind == GD_POINT_ATTRACTOR && !down.stable_nash);
  assert_says(&down, "no player gains by moving alone");
}
END_TEST

/* u1 = x^4/4 - x y: with y = 0 player 1 is at the minimum of its utility. */
FIELD(minimum, v[0] = x[0] * x[0] * x[0] - x[1]; v[1] = x[0] - x[1])

START_TEST(does_not_call_a_minimum_a_nash_point) {
  const gd_classification c = of_two(minimum, 0);
  ck_assert(c.kind == GD_POINT_ATTRACTOR && c.nash == GD_HOLDS_NOT && !c.stable_nash);
  assert_says(&c, "no Nash point");
}
END_TEST

/* Alone, neither player of a Dirac-GAN moves the other's term: nobody gains and nobody loses. */
START_TEST(calls_a_dirac_gan_no_strict_nash_point) {
  gd_game *game = NULL;
  double x[2];
  gd_classification c;
  assert_ok(gd_model_dirac_gan(&game, 1, GD_GAN_LOGISTIC, NULL));
  assert_ok(gd_game_solution(game, x));
  assert_ok(classify_at(game, x, NULL, &c));
  ck_assert(c.kind == GD_POINT_CENTRE && c.nash == GD_HOLDS_WEAKLY && (c.undecided & GD_UNDECIDED_TURNING));
  assert_says(&c, "some moves cost nothing");
  gd_game_destroy(game);
}
END_TEST

/* ---- flows ---- */

FIELD(seventh, v[0] = 7 * pow(x[0], 6))
FIELD(eighth, v[0] = 8 * pow(x[0], 7))
FIELD(xyz, v[0] = x[1] * x[2]; v[1] = x[0] * x[2]; v[2] = x[0] * x[1])
static double missing(const double *x) { return 1 - x[0] * x[1] * x[2]; }
FIELD(deep, v[0] = missing(x) * x[1] * x[2]; v[1] = missing(x) * x[0] * x[2]; v[2] = missing(x) * x[0] * x[1])
/* Points of the plane go out along y > 0; equilibria are the axes. */
FIELD(axes, v[0] = x[0] * x[1]; v[1] = 0)
/* exp(-1/x^2) follows no power. */
FIELD(flat, v[0] = x[0] == 0 ? 0 : 2 * exp(-1 / (x[0] * x[0])) / pow(x[0], 3))
FIELD(half, v[0] = x[0] > 0 ? 3 * x[0] * x[0] : 0)

START_TEST(calls_isolated_points_no_manifold) {
  const size_t one[] = {1}, three[] = {3}, ones[] = {1, 1, 1};
  ck_assert_int_eq(classify(seventh, 1, one, 0).kind, GD_POINT_UNSTABLE);
  ck_assert_int_eq(classify(eighth, 1, one, 0).kind, GD_POINT_REPELLER);
  ck_assert_int_eq(classify(half, 1, one, 0).kind, GD_POINT_UNSTABLE);
  ck_assert_int_eq(classify(xyz, 3, ones, GD_POTENTIAL).kind, GD_POINT_UNSTABLE);
  ck_assert_int_eq(classify(xyz, 3, ones, 0).kind, GD_POINT_UNSTABLE); /* by the ray (1, 1, 1) */
  ck_assert_int_eq(classify(deep, 1, three, 0).kind, GD_POINT_UNSTABLE);
  const gd_classification c = of_two(axes, 0), d = classify(flat, 1, one, 0);
  ck_assert(c.kind == GD_POINT_UNDECIDED && (c.undecided & GD_UNDECIDED_NULL));
  ck_assert(d.kind == GD_POINT_UNDECIDED && (d.undecided & GD_UNDECIDED_NULL) && (d.undecided & GD_UNDECIDED_NASH));
  assert_says(&d, "what the flow does along the null directions is undecided");
}
END_TEST

FIELD(stiff, v[0] = -1e6 * x[0]; v[1] = -1e-4 * x[1])

/* 1e-4 is 0 within 1e-8 |J|, and is seen to be none along its direction. */
START_TEST(sees_a_weak_direction_beside_a_strong_one) {
  const gd_classification c = of_two(stiff, 0);
  ck_assert(c.kind == GD_POINT_STABLE_NASH && c.hurwitz && c.n_left == 2 && c.n_zero == 0);
}
END_TEST

/* v = -1e-10 (x - 1, y) at the origin: |v| = 1e-10 is as large as the field gets. */
FIELD(faint, v[0] = -1e-10 * (x[0] - 1); v[1] = -1e-10 * x[1])

START_TEST(holds_the_gradient_against_the_size_of_the_field) {
  const gd_classification c = of_two(faint, 0);
  ck_assert_int_eq(c.kind, GD_POINT_NOT_STATIONARY);
  assert_close(c.gradient_scale, 1e-10, 1e-6, 0);
}
END_TEST

/* v = -(x - 1e-9), y likewise: the origin is 1e-9 from the equilibrium. */
FIELD(close_by, v[0] = -(x[0] - 1e-9); v[1] = -x[1])
/* v = (1e-9, -y): it never rests. */
FIELD(drifting, v[0] = 1e-9; v[1] = -x[1])

START_TEST(says_near_of_a_point_that_is_almost_at_rest) {
  const gd_classification c = of_two(close_by, 0), d = of_two(drifting, 0);
  ck_assert(c.kind == GD_POINT_STABLE_NASH && c.stationary && !c.at_rest);
  assert_says(&c, "near");
  ck_assert(d.kind == GD_POINT_UNDECIDED && (d.undecided & GD_UNDECIDED_EQUILIBRIUM));
  assert_says(&d, "no point where it vanishes was found");
}
END_TEST

/* J = [[6, -4], [4, -2]] has the eigenvalue 2 twice with one vector: ill-conditioned, and clearly on the right. */
START_TEST(tells_the_side_of_eigenvalues_that_meet) {
  const double J[] = {6, 4, -4, -2}, mirrored[] = {-6, -4, 4, 2};
  for (int k = 0; k < 2; k++) {
    linear_game data = {.sizes = {1, 1}, .J = k ? mirrored : J};
    gd_game *game = create_linear_game(&data, 0, NULL);
    gd_classification c;
    assert_ok(classify_at(game, (const double[]){0, 0}, NULL, &c));
    ck_assert_int_eq(c.kind, k ? GD_POINT_ATTRACTOR : GD_POINT_REPELLER);
    gd_game_destroy(game);
  }
}
END_TEST

/* -1e-9 +- i: on the axis within 1e-8 |J|, so that the ratio is infinite and not 1e9; -1e-7 +- i is not. */
START_TEST(counts_an_eigenvalue_within_tolerance_of_the_axis_as_on_it) {
  for (int k = 0; k < 2; k++) {
    const double a = k ? 1e-7 : 1e-9, J[] = {-a, 1, -1, -a};
    linear_game data = {.sizes = {1, 1}, .J = J};
    gd_game *game = create_linear_game(&data, 0, NULL);
    gd_classification c;
    assert_ok(classify_at(game, (const double[]){0, 0}, NULL, &c));
    if (k) assert_close(c.largest_imag_real_ratio, 1e7, 1e-6, 0);
    ck_assert(isinf(c.largest_imag_real_ratio) == !k && c.n_imaginary == (k ? 0 : 2));
    gd_game_destroy(game);
  }
}
END_TEST

static int box(void *data, double *x) {
  (void)data;
  for (int k = 0; k < 2; k++) x[k] = fmin(fmax(x[k], -1), 1);
  return 0;
}

/* v = (1, 1) on [-1, 1]^2 rests at (1, 1); inside, v decides. */
FIELD(outward, v[0] = v[1] = 1)

START_TEST(refuses_the_edge_of_a_feasible_set) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = outward, .project = box};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = (const size_t[]){1, 1}};
  gd_game *game = NULL;
  gd_classification c;
  assert_ok(gd_game_create(&game, &spec));
  assert_fails(classify_at(game, (const double[]){1, 1}, NULL, &c), GD_ERR_HYPOTHESIS, "edge of the feasible set");
  assert_fails(classify_at(game, (const double[]){0, -1}, NULL, &c), GD_ERR_HYPOTHESIS, "edge of the feasible set");
  assert_ok(classify_at(game, (const double[]){0, 0.5}, NULL, &c));
  ck_assert_int_eq(c.kind, GD_POINT_NOT_STATIONARY);
  gd_game_destroy(game);
}
END_TEST

/* ---- failures ---- */

typedef struct counted {
  linear_game linear;
  size_t calls, fails_at;
  double cubic; /* x0' has this times x0^3 beside it */
} counted;

static int end(counted *c) { return ++c->calls == c->fails_at ? -1 : 0; }

static int counted_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  counted *c = data;
  linear_gradient(&c->linear, draw, x, v);
  v[0] += c->cubic * x[0] * x[0] * x[0];
  return end(c);
}

static int counted_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  counted *c = data;
  linear_gradient(&c->linear, draw, u, Ju);
  Ju[0] += 3 * c->cubic * x[0] * x[0] * u[0];
  return end(c);
}

/* Classify with every callback failing in its turn: that failure comes out, and nothing else. */
static void fail_each_call(counted *data, uint32_t traits, size_t dense_limit) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = counted_gradient, .jvp = counted_jvp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = data,
                             .n_players = 2,
                             .block_sizes = data->linear.sizes,
                             .traits = traits};
  const double origin[8] = {0};
  gd_eval_options options;
  gd_classification c = {.gradient_norm = 7};
  gd_eval_options_init(&options);
  options.dense_limit = dense_limit;
  data->linear.n = data->linear.sizes[0] + data->linear.sizes[1];
  for (size_t k = 1, all = 1; k <= all; k++) {
    gd_game *game = NULL;
    assert_ok(gd_game_create(&game, &spec));
    assert_ok(gd_game_configure(game, &options));
    data->calls = 0, data->fails_at = k == 1 ? 0 : k - 1;
    const gd_status status = classify_at(game, origin, NULL, &c);
    if (k == 1) {
      assert_ok(status);
      all = data->calls + 1;
      ck_assert_uint_gt(all, 20);
      c.gradient_norm = 7;
    } else {
      ck_assert_msg(status == GD_ERR_CALLBACK, "call %zu of %zu: %s", k - 1, all - 1, gd_status_name(status));
      assert_close(c.gradient_norm, 7, 0, 0);
    }
    gd_game_destroy(game);
  }
}

/* theta'A theta/2 - omega'B omega/2 + theta'C omega with A partly negative, a local minimax point; and the same with A
 * partly 0 beside a cubic, which is looked along. */
START_TEST(passes_on_the_failure_of_every_callback) {
  enum { P = 4, N = 2 * P };
  double A[P * P] = {0}, B[P * P] = {0}, C[P * P] = {0}, J[N * N];
  for (size_t k = 0; k < P; k++) A[k * (P + 1)] = 1, B[k * (P + 1)] = 1.5, C[k * (P + 1)] = 2;
  A[0] = -0.5;
  zero_sum_jacobian(P, P, A, B, C, J);
  counted data = {.linear = {.sizes = {P, P}, .J = J}};
  fail_each_call(&data, GD_ZERO_SUM, 4);
  fail_each_call(&data, GD_ZERO_SUM | GD_AFFINE, 4);
  fail_each_call(&data, GD_ZERO_SUM, 100);
  J[0] = 0, data.cubic = -1;
  fail_each_call(&data, GD_ZERO_SUM, 100);
  J[P] = J[P * N] = 0;
  fail_each_call(&data, GD_ZERO_SUM, 100);
}
END_TEST

START_TEST(writes_no_more_than_there_is_room_for) {
  const gd_classification c = of_two(drifting, 0);
  char text[8];
  assert_ok(gd_classification_text(&c, text, sizeof text));
  ck_assert_str_eq(text, "undecid");
  assert_fails(gd_classification_text(NULL, text, 8), GD_ERR_ARGUMENT, "classification is NULL");
  assert_fails(gd_classification_text(&c, NULL, 8), GD_ERR_ARGUMENT, "text is NULL");
  assert_fails(gd_classification_text(&c, text, 0), GD_ERR_ARGUMENT, "size is 0");
}
END_TEST

TEST_SUITE("kinds_told", sees_a_player_gain_without_curvature, does_not_call_a_minimum_a_nash_point,
           calls_a_dirac_gan_no_strict_nash_point, calls_isolated_points_no_manifold,
           sees_a_weak_direction_beside_a_strong_one, holds_the_gradient_against_the_size_of_the_field,
           says_near_of_a_point_that_is_almost_at_rest, tells_the_side_of_eigenvalues_that_meet,
           counts_an_eigenvalue_within_tolerance_of_the_axis_as_on_it, refuses_the_edge_of_a_feasible_set,
           passes_on_the_failure_of_every_callback, writes_no_more_than_there_is_room_for)
