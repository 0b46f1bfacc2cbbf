/* SPDX-License-Identifier: BSD-3-Clause */
/* best_response.c -- what is left when one player always answers: closed forms, the envelope theorem, and the optimal
 * dynamics of the GMM-GAN. */
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <gamedyn/gmm_gan.h>
#include <gamedyn/models.h>
#include <gamedyn/stepper.h>
#include <math.h>

static const double C[] = {1, 0.5, -2, 1}, A[] = {2, 0.5, 0.5, 1}, B[] = {1, 0, 0, 1};

/* U = theta'A theta / 2 + theta'C omega - omega'omega / 2 is largest at omega = C'theta. */
static int answer_quadratic(void *context, const double *x, double *y) {
  (void)context;
  for (int k = 0; k < 2; k++) y[k] = C[2 * k] * x[0] + C[1 + 2 * k] * x[1];
  return 0;
}

static gd_game *quadratic_left(void) {
  gd_game *base = NULL, *game = NULL;
  assert_ok(gd_model_quadratic(&base, 2, 2, A, 2, B, 2, C, 2, NULL));
  assert_ok(gd_derive_best_response(&game, base, 1, answer_quadratic, NULL));
  gd_game_destroy(base);
  return game;
}

/* U at the answer is theta'(A + C C') theta / 2: theta goes down it. */
START_TEST(plays_against_the_answer) {
  const double x[] = {0.3, -0.7};
  gd_game *game = quadratic_left();
  double v[2], u[1], J[4], own[2];
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_utilities(game, x, u));
  assert_ok(gd_game_player_gradient(game, 0, x, own));
  assert_ok(gd_game_jacobian(game, x, J, 2));
  double twice = 0;
  for (int i = 0; i < 2; i++) {
    double sum = 0;
    for (int j = 0; j < 2; j++) {
      const double H = A[i + 2 * j] + C[i] * C[j] + C[i + 2] * C[j + 2];
      assert_close(J[i + 2 * j], -H, 0, 1e-10); /* differences: rounding eps / 2^-18 */
      sum += H * x[j];
    }
    assert_close(v[i], -sum, 1e-15, 0);
    ck_assert(own[i] == v[i]);
    twice += x[i] * sum;
  }
  assert_close(u[0], -twice / 2, 1e-15, 0);
  ck_assert_uint_eq(gd_game_players(game), 1);
  ck_assert_uint_eq(gd_game_size(game), 2);
  ck_assert_uint_eq(gd_game_traits(game), GD_POTENTIAL | GD_THREAD_SAFE);
  ck_assert_str_eq(gd_game_name(game), "best_response(quadratic)");
  assert_ok(gd_game_solution(game, v));
  ck_assert(v[0] == 0 && v[1] == 0);
  assert_ok(gd_game_check(game, x, 1, NULL));
  gd_game_destroy(game);
}
END_TEST

/* general_game: v_0 = -x0 + x1 x3, v_1 = (-x1 + sin x0 + x2^2, -x2 + x3 + 2 x1 x2), v_2 = -x3 + x0 x2, blocks {0}, {1,
 * 2}, {3}.  Player 0 answers x0 = x1 x3, or player 2 x3 = x0 x2: the others' blocks close up. */
static int answer_first(void *context, const double *x, double *y) {
  (void)context;
  y[0] = x[1] * x[3];
  return 0;
}

static int answer_last(void *context, const double *x, double *y) {
  (void)context;
  y[0] = x[0] * x[2];
  return 0;
}

START_TEST(leaves_several_players_in_their_order) {
  const test_game kind = general_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  const double z[] = {-0.7, 0.9, 0.2}, t[] = {0.3, -0.7, 0.9}, first = z[0] * z[2], last = t[0] * t[2];
  double v[3], own[2], u[2];
  assert_ok(gd_derive_best_response(&game, base, 0, answer_first, NULL));
  ck_assert_uint_eq(gd_game_players(game), 2);
  assert_ok(gd_game_gradient(game, z, v));
  assert_close(v[0], -z[0] + sin(first) + z[1] * z[1], 0, 4e-16);
  assert_close(v[1], -z[1] + z[2] + 2 * z[0] * z[1], 0, 4e-16);
  assert_close(v[2], -z[2] + first * z[1], 0, 4e-16);
  assert_ok(gd_game_player_gradient(game, 1, z, own));
  ck_assert(own[0] == v[2]);
  assert_fails(gd_game_utilities(game, z, u), GD_ERR_UNSUPPORTED, "utilities");
  assert_ok(gd_game_check(game, z, 1, NULL));
  gd_game_destroy(game);
  assert_ok(gd_derive_best_response(&game, base, 2, answer_last, NULL));
  assert_ok(gd_game_gradient(game, t, v));
  assert_close(v[0], -t[0] + t[1] * last, 0, 4e-16);
  assert_close(v[2], -t[2] + last + 2 * t[1] * t[2], 0, 4e-16);
  assert_ok(gd_game_player_gradient(game, 1, t, own));
  ck_assert(own[0] == v[1] && own[1] == v[2]);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

static int answer_zero(void *context, const double *x, double *y) {
  (void)x;
  y[0] = 0;
  return *(const int *)context;
}

START_TEST(projects_the_others_blocks) {
  const test_game kind = boxed_game();
  int code = 0;
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  double z[] = {3};
  assert_ok(gd_derive_best_response(&game, base, 0, answer_zero, &code));
  ck_assert(gd_game_projects(game));
  assert_ok(gd_game_project(game, z));
  ck_assert(z[0] == 1);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(fails_as_the_answer_or_the_base_fails) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  int code = -3;
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  const double z[] = {1};
  double v[1];
  assert_ok(gd_derive_best_response(&game, base, 1, answer_zero, &code));
  gd_game_destroy(base);
  assert_fails(gd_game_gradient(game, z, v), GD_ERR_CALLBACK, "returned -3");
  assert_fails(gd_game_player_gradient(game, 0, z, v), GD_ERR_CALLBACK, "returned -3");
  assert_fails(gd_game_utilities(game, z, v), GD_ERR_CALLBACK, "returned -3");
  code = 2;
  assert_fails(gd_game_gradient(game, z, v), GD_ERR_DOMAIN, "returned 2");
  code = 0;
  calls = (failing_calls){.fail_at = 1, .code = -7};
  assert_fails(gd_game_gradient(game, z, v), GD_ERR_CALLBACK, "returned -7");
  gd_game_destroy(game);
}
END_TEST

/* Infinite ends of intervals and all: v = -grad TV. */
START_TEST(leaves_the_generator_of_a_gmm_gan_with_total_variation) {
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  gd_game *base = NULL, *game = NULL;
  assert_ok(gd_model_gmm_gan(&base, &gan, NULL));
  assert_ok(gd_derive_best_response(&game, base, 1, gd_gmm_gan_respond, &gan));
  gd_rng rng = gd_rng_make(7, 7);
  for (int trial = 0; trial < 50; trial++) {
    double mu[2], v[2], u[1], distance, gradient[2];
    gd_rng_fill_normal(&rng, 2, mu);
    assert_ok(gd_game_gradient(game, mu, v));
    assert_ok(gd_game_utilities(game, mu, u));
    assert_ok(gd_gmm_gan_distance(&gan, mu, &distance, gradient));
    for (int j = 0; j < 2; j++) assert_close(v[j], -gradient[j], 0, 1e-15);
    assert_close(u[0], -1 - distance, 4e-16, 0);
  }
  const double somewhere[] = {-0.9, 0.2};
  assert_ok(gd_game_check(game, somewhere, 1, NULL));
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

/* The paper's Figures 1c and 3 from a few starts: step .3, 3000 steps.  Off the diagonal total variation ends below
 * .05, hovering, since it has an edge at the target; on the diagonal the means stay together, and total variation
 * cannot be below that of (0, 0), .0580588657313685936. */
START_TEST(optimal_dynamics_succeed_off_the_diagonal_and_fail_on_it) {
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  gd_game *base = NULL, *game = NULL;
  gd_stepper *stepper = NULL;
  assert_ok(gd_model_gmm_gan(&base, &gan, NULL));
  assert_ok(gd_derive_best_response(&game, base, 1, gd_gmm_gan_respond, &gan));
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.3));
  const double starts[][2] = {{-1, 1}, {1, -0.9}, {0.9, 1}, {-1, -0.9}, {0.1, 0}, {0.7, 0.7}, {0, 0}};
  for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
    double mu[] = {starts[k][0], starts[k][1]}, distance;
    for (int step = 0; step < 3000; step++)
      if (gd_stepper_step(stepper, mu) < 0) ck_abort_msg("%s", gd_last_error());
    assert_ok(gd_gmm_gan_distance(&gan, mu, &distance, NULL));
    if (starts[k][0] == starts[k][1]) {
      ck_assert(mu[0] == mu[1]);
      ck_assert_double_ge(distance, 0.0580588657313685936 - 1e-15);
    } else {
      ck_assert_double_le(distance, 0.05);
    }
  }
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(refuses_what_it_cannot_be_made_from) {
  const test_game kind = rotation_game();
  const size_t alone = 1;
  int code = 0;
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_fails(gd_derive_best_response(NULL, base, 1, answer_zero, &code), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_derive_best_response(&game, NULL, 1, answer_zero, &code), GD_ERR_ARGUMENT, "base is NULL");
  assert_fails(gd_derive_best_response(&game, base, 1, NULL, &code), GD_ERR_ARGUMENT, "respond is NULL");
  assert_fails(gd_derive_best_response(&game, base, 2, answer_zero, &code), GD_ERR_ARGUMENT, "follower is 2");
  gd_game_destroy(base);
  const double J[] = {-1};
  assert_ok(gd_model_affine(&base, 1, &alone, J, 1, NULL, NULL));
  assert_fails(gd_derive_best_response(&game, base, 0, answer_zero, &code), GD_ERR_ARGUMENT,
               "at least one other player");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

static gd_status derive_and_use(const gd_env *env, void *argument) {
  gd_game *base = NULL, *game = NULL;
  const double x[] = {1, 2};
  double out[2];
  (void)argument;
  gd_status status = gd_model_quadratic(&base, 2, 2, A, 2, B, 2, C, 2, env);
  if (status == GD_OK) status = gd_derive_best_response(&game, base, 1, answer_quadratic, NULL);
  if (status == GD_OK) status = gd_game_gradient(game, x, out);
  if (status == GD_OK) status = gd_game_jvp(game, x, x, out);
  gd_game_destroy(game);
  gd_game_destroy(base);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(derive_and_use, NULL), 12); }
END_TEST

TEST_SUITE("best_response", plays_against_the_answer, leaves_several_players_in_their_order, projects_the_others_blocks,
           fails_as_the_answer_or_the_base_fails, leaves_the_generator_of_a_gmm_gan_with_total_variation,
           optimal_dynamics_succeed_off_the_diagonal_and_fail_on_it, refuses_what_it_cannot_be_made_from,
           survives_every_refused_allocation)
