/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance_gan.c -- the covariance-learning GAN: one unit by hand, the constant by quadrature, the penalty by
 * counting. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/models.h>
#include <gamedyn/rng.h>

enum { MOST = 120 };

static const double square_root_2_pi = 2.50662827463100050242;

static gd_covariance_gan spec_of(size_t dimension, size_t latent, size_t units) {
  return (gd_covariance_gan){
      .struct_size = sizeof(gd_covariance_gan), .dimension = dimension, .latent = latent, .units = units};
}

static gd_game *create(const gd_covariance_gan *spec) {
  gd_game *game = NULL;
  assert_ok(gd_model_covariance_gan(&game, spec, NULL));
  return game;
}

/* d = k = h = 1 and S = s^2: U = c v |w| (s - |V|), c = 1/sqrt(2 pi). */
START_TEST(one_unit_on_the_line_has_its_closed_form) {
  static const double points[][3] = {{0.5, 2, 3}, {-0.5, 2, 3}, {1.5, -1, -2}, {-4, 0.25, -1}};
  const double variance = 9, c = 1 / square_root_2_pi, s = 3;
  gd_covariance_gan spec = spec_of(1, 1, 1);
  spec.covariance = &variance;
  spec.ldc = 1;
  gd_game *game = create(&spec);
  for (size_t k = 0; k < 4; k++) {
    const double V = points[k][0], v = points[k][1], w = points[k][2];
    double u[2], gradient[3], J[9];
    assert_ok(gd_game_utilities(game, points[k], u));
    assert_close(u[1], c * v * fabs(w) * (s - fabs(V)), 1e-15, 0);
    ck_assert(u[0] == -u[1]);
    assert_ok(gd_game_gradient(game, points[k], gradient));
    assert_close(gradient[0], c * v * fabs(w) * copysign(1, V), 1e-15, 0);
    assert_close(gradient[1], c * fabs(w) * (s - fabs(V)), 1e-15, 0);
    assert_close(gradient[2], c * v * copysign(1, w) * (s - fabs(V)), 1e-15, 0);
    assert_ok(gd_game_jacobian(game, points[k], J, 3));
    const double to_v = c * fabs(w) * copysign(1, V), to_w = c * v * copysign(1, w) * copysign(1, V);
    const double expected[9] = {
        0, -to_v, -to_w, to_v, 0, c * copysign(1, w) * (s - fabs(V)), to_w, c * copysign(1, w) * (s - fabs(V)), 0};
    for (size_t i = 0; i < 9; i++) assert_close(J[i], expected[i], 1e-14, 1e-15);
  }
  gd_game_destroy(game);
}
END_TEST

/* E max(w x, 0) for x ~ N(0, s^2) by the trapezoidal rule with a node on the kink: the error is h^2/12 times the jump
 * of the slope there, |w| / (s sqrt(2 pi)). */
START_TEST(has_the_constant_of_a_rectified_normal) {
  const double variance = 2.25, s = 1.5, h = 1e-3, w = -0.7, x[] = {0, 1, w};
  gd_covariance_gan spec = spec_of(1, 1, 1);
  spec.covariance = &variance;
  spec.ldc = 1;
  gd_game *game = create(&spec);
  double u[2], mean = 0;
  for (int k = -20000; k <= 20000; k++) {
    const double at = h * k;
    mean += h * fmax(w * at, 0) * exp(-at * at / (2 * variance)) / (s * square_root_2_pi);
  }
  assert_ok(gd_game_utilities(game, x, u)); /* V = 0: the generator's part is 0 */
  assert_close(u[1], mean, 0, 1.01 * h * h / 12 * fabs(w) / (s * square_root_2_pi) + 1e-13);
  gd_game_destroy(game);
}
END_TEST

/* Away from kinks: callbacks against each other and against differences, with and without a penalty. */
START_TEST(every_callback_agrees_with_every_other) {
  for (uint64_t seed = 0; seed < 60; seed++) {
    gd_covariance_gan spec = spec_of(1 + seed % 4, 1 + seed % 5, 1 + seed % 7);
    if (seed % 2) spec.penalty = 0.75;
    spec.points = 1;
    gd_game *game = create(&spec);
    double x[MOST];
    gd_rng rng = gd_rng_make(seed, 1);
    gd_rng_fill_normal(&rng, gd_game_size(game), x);
    gd_game_check_report report = {0};
    assert_ok(gd_game_check(game, x, seed, &report));
    ck_assert_double_ge(report.jvp_many_vs_jvp, 0);
    ck_assert_double_ge(report.gradient_many_vs_gradient, 0);
    ck_assert_double_ge(report.vjp_vs_jvp, 0);
    ck_assert_double_ge(report.player_gradient_vs_gradient, 0);
    ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* V V' = S: |S^(1/2) w| = |V'w| for every w, so that U and its slopes in v and w vanish; with v = 0 that in V too. */
START_TEST(rests_where_the_covariance_is_learnt) {
  const double S[] = {2, -0.5, -0.5, 1};
  gd_covariance_gan spec = spec_of(2, 3, 5);
  spec.covariance = S;
  spec.ldc = 2;
  gd_game *game = create(&spec);
  double x[MOST], v[MOST], u[2];
  const size_t n = gd_game_size(game);
  ck_assert_uint_eq(n, 6 + 5 + 10);
  assert_ok(gd_game_solution(game, x));
  assert_close(x[0] * x[0] + x[2] * x[2], 2, 1e-15, 0); /* V V' = S; V is 2 by 3, column by column */
  assert_close(x[0] * x[1] + x[2] * x[3], -0.5, 1e-15, 0);
  assert_close(x[1] * x[1] + x[3] * x[3], 1, 1e-15, 0);
  ck_assert(x[4] == 0 && x[5] == 0);
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_utilities(game, x, u));
  for (size_t k = 0; k < n; k++) assert_close(v[k], 0, 0, 1e-15);
  assert_close(u[1], 0, 0, 1e-15);
  gd_game_destroy(game);
  spec.latent = 1; /* not enough to make S */
  game = create(&spec);
  assert_fails(gd_game_solution(game, x), GD_ERR_UNSUPPORTED, "solution");
  gd_game_destroy(game);
}
END_TEST

/* On the line the slope is G+ to the right of 0 and G- to the left: the penalty is their share of the points. */
static void slopes(const double *x, double *right, double *left) {
  *right = *left = 0;
  for (size_t i = 0; i < 3; i++) *(x[4 + i] > 0 ? right : left) += x[1 + i] * x[4 + i];
}

static double penalty_of(gd_game *game, const double *x) {
  double u[2];
  assert_ok(gd_game_utilities(game, x, u));
  return -u[0] - u[1]; /* U - (U - P) for lambda = 1 */
}

START_TEST(penalises_slopes_by_their_share_of_the_points) {
  const double x[] = {0.8, 1.5, -0.5, 0.75, 2, 1, -3};
  gd_covariance_gan spec = spec_of(1, 1, 3);
  spec.penalty = 1;
  spec.points = 40000;
  gd_game *game = create(&spec);
  double right, left;
  slopes(x, &right, &left);
  const double at_right = (fabs(right) - 1) * (fabs(right) - 1), at_left = (fabs(left) - 1) * (fabs(left) - 1);
  /* points are symmetric about 0: half of them are on the right, give or take 5 deviations of sqrt(m) / 2 */
  assert_close(penalty_of(game, x), (at_right + at_left) / 2, 0, 5 * fabs(at_right - at_left) / (2 * sqrt(40000)));
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.batch_size = 16;
  assert_ok(gd_game_configure(game, &options));
  for (int draw = 0; draw < 10; draw++, gd_game_next_draw(game)) {
    const double now = penalty_of(game, x), count = 16 * (now - at_left) / (at_right - at_left);
    assert_close(count, round(count), 0, 1e-12);
    ck_assert(penalty_of(game, x) == now); /* the same draw */
  }
  gd_game_destroy(game);
}
END_TEST

/* d/dv of (|G| - 1)^2 with |G| > 1 falls for both sides: the penalty pulls on the discriminator alone. */
START_TEST(penalises_the_discriminator_alone) {
  const double x[] = {0.8, 1.5, -0.5, 0.75, 2, 1, -3};
  gd_covariance_gan spec = spec_of(1, 1, 3);
  gd_game *plain = create(&spec);
  spec.penalty = 2;
  gd_game *penalised = create(&spec);
  double v[7], w[7];
  assert_ok(gd_game_gradient(plain, x, v));
  assert_ok(gd_game_gradient(penalised, x, w));
  ck_assert(v[0] == w[0]);
  for (size_t k = 1; k < 7; k++) ck_assert(v[k] != w[k]);
  ck_assert(gd_game_traits(plain) & GD_ZERO_SUM && !(gd_game_traits(plain) & GD_STOCHASTIC));
  ck_assert(gd_game_traits(penalised) & GD_STOCHASTIC && !(gd_game_traits(penalised) & GD_ZERO_SUM));
  assert_fails(gd_game_solution(penalised, v), GD_ERR_UNSUPPORTED, "solution");
  gd_game_destroy(penalised);
  gd_game_destroy(plain);
}
END_TEST

/* w = 0, and V'w = 0, have no slope: 0 stands for it, and nothing is NaN. */
START_TEST(takes_0_where_there_is_no_slope) {
  gd_covariance_gan spec = spec_of(2, 1, 2);
  spec.penalty = 1;
  spec.points = 8;
  gd_game *game = create(&spec);
  const double x[] = {1, 0, 3, -2, 0, 0, 0, 1}; /* V = (1, 0)', v = (3, -2), w = 0 and (0, 1) */
  double v[8], Jv[8];
  assert_ok(gd_game_gradient(game, x, v));
  ck_assert(v[0] == 0 && v[1] == 0 && v[2] == 0 && v[4] == 0 && v[5] == 0);
  assert_ok(gd_game_jvp(game, x, v, Jv));
  assert_ok(gd_game_vjp(game, x, v, Jv));
  gd_game_destroy(game);
}
END_TEST

static gd_status create_and_use(const gd_env *env, void *argument) {
  gd_game *game = NULL;
  const double x[MOST] = {1, 2, 3, 4, 5, 6, 7, 8};
  double v[MOST];
  GD_TRY(gd_model_covariance_gan(&game, argument, env));
  gd_status status = gd_game_gradient(game, x, v);
  if (status == GD_OK) status = gd_game_gradient_many(game, 1, x, v);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  gd_covariance_gan spec = spec_of(2, 2, 1);
  ck_assert_uint_ge(refuse_each_allocation(create_and_use, &spec), 5);
}
END_TEST

static void assert_refused(gd_covariance_gan spec, gd_status status, const char *words) {
  gd_game *game = NULL;
  assert_fails(gd_model_covariance_gan(&game, &spec, NULL), status, words);
  ck_assert_ptr_null(game);
}

START_TEST(refuses_what_is_no_such_gan) {
  const double crooked[] = {1, 2, 3, 4}, indefinite[] = {1, 2, 2, 1}, nan[] = {NAN};
  gd_covariance_gan spec = spec_of(2, 2, 2);
  assert_refused(spec_of(0, 1, 1), GD_ERR_ARGUMENT, "dimension is 0, expected 1 to 64");
  assert_refused(spec_of(1, 257, 1), GD_ERR_ARGUMENT, "latent is 257, expected 1 to 256");
  assert_refused(spec_of(1, 1, 0), GD_ERR_ARGUMENT, "units is 0");
  spec.penalty = -1;
  assert_refused(spec, GD_ERR_ARGUMENT, "penalty is -1");
  spec.penalty = 0;
  spec.points = 1000001;
  assert_refused(spec, GD_ERR_ARGUMENT, "points is 1000001");
  spec.points = 0;
  spec.covariance = crooked;
  assert_refused(spec, GD_ERR_ARGUMENT, "leading dimension of covariance is 0");
  spec.ldc = 2;
  assert_refused(spec, GD_ERR_ARGUMENT, "expected a symmetric matrix");
  spec.covariance = indefinite;
  assert_refused(spec, GD_ERR_ARGUMENT, "its pivot 1 is -3");
  spec.covariance = nan;
  spec.dimension = 1;
  assert_refused(spec, GD_ERR_NONFINITE, "covariance[0, 0] is nan");
  spec.struct_size = 0;
  assert_refused(spec, GD_ERR_STRUCT, "gd_covariance_gan");
  assert_fails(gd_model_covariance_gan(NULL, &spec, NULL), GD_ERR_ARGUMENT, "game is NULL");
}
END_TEST

TEST_SUITE("covariance_gan", one_unit_on_the_line_has_its_closed_form, has_the_constant_of_a_rectified_normal,
           every_callback_agrees_with_every_other, rests_where_the_covariance_is_learnt,
           penalises_slopes_by_their_share_of_the_points, penalises_the_discriminator_alone,
           takes_0_where_there_is_no_slope, survives_every_refused_allocation, refuses_what_is_no_such_gan)
