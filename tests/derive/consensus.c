/* SPDX-License-Identifier: BSD-3-Clause */
/* consensus.c -- the consensus game is v - gamma J'v, jointly over all players; its Jacobian is exact
 * on affine games and complete on others; the rest is the base's. */
#include "derive/refused_memory.h"
#include "derive/two_threads.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <math.h>

static const double x4[4] = {0.3, -0.7, 0.9, 0.2}, x2[2] = {1, 2};

static gd_game *derive(const test_game *kind, double gamma) {
  gd_game *base = create_test_game(kind, NULL), *game;
  assert_ok(gd_derive_consensus(&game, base, gamma));
  gd_game_destroy(base);
  return game;
}

/* On the rotation J'J = I, so the field is (J - gamma I) x and its Jacobian J - gamma I. */
START_TEST(adds_damping_to_a_rotation) {
  const test_game kind = rotation_game();
  gd_game *game = derive(&kind, 0.5);
  double out[2];
  assert_ok(gd_game_gradient(game, x2, out));
  ck_assert(out[0] == -2 - 0.5 && out[1] == 1 - 1);
  assert_ok(gd_game_jvp(game, x2, (const double[]){3, 4}, out));
  ck_assert(out[0] == -4 - 1.5 && out[1] == 3 - 2);
  assert_ok(gd_game_vjp(game, x2, (const double[]){3, 4}, out));
  ck_assert(out[0] == 4 - 1.5 && out[1] == -3 - 2);
  ck_assert_int_eq(gd_game_source(game, GD_JVP), GD_SOURCE_NATIVE);
  ck_assert_int_eq(gd_game_source(game, GD_VJP), GD_SOURCE_NATIVE);
  gd_game_destroy(game);
}
END_TEST

/* J'v is the gradient of |v|^2 / 2 over all players, here by central differences (t = 1e-5: off by
 * t^2 = 1e-10 times third derivatives of size 100 / 6 at most, and eps / t = 2e-11 times 10). */
START_TEST(descends_half_the_square_of_the_joint_gradient) {
  const test_game kind = general_game();
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0.75);
  double v[4], field[4], moved[4], t = 1e-5;
  assert_ok(gd_game_gradient(base, x4, v));
  assert_ok(gd_game_gradient(game, x4, field));
  for (int k = 0; k < 4; k++) {
    double halves[2], x[4];
    for (int side = 0; side < 2; side++) {
      memcpy(x, x4, sizeof x);
      x[k] += side ? -t : t;
      assert_ok(gd_game_gradient(base, x, moved));
      assert_ok(gd_game_dot(base, moved, moved, &halves[side]));
    }
    assert_close(field[k], v[k] - 0.75 * (halves[0] - halves[1]) / 2 / (2 * t), 0, 3e-9);
  }
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

/* J - gamma (J'J + sum_i v_i Hess v_i) of general_game, with
 *     Hess v0: [1,3] = 1;  Hess v1: [0,0] = -sin x0, [2,2] = 2;  Hess v2: [1,2] = 2;  Hess v3: [0,2] = 1. */
START_TEST(has_the_complete_jacobian_on_curved_games) {
  const test_game kind = general_game();
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0.75);
  double v[4], J[16], found[16], S[16] = {0};
  assert_ok(gd_game_gradient(base, x4, v));
  assert_ok(gd_game_jacobian(base, x4, J, 4));
  assert_ok(gd_game_jacobian(game, x4, found, 4));
  S[1 + 4 * 3] = S[3 + 4 * 1] = v[0];
  S[0] = -sin(x4[0]) * v[1];
  S[2 + 4 * 2] = 2 * v[1];
  S[1 + 4 * 2] = S[2 + 4 * 1] = 2 * v[2];
  S[0 + 4 * 2] = S[2 + 4 * 0] = v[3];
  for (int j = 0; j < 4; j++)
    for (int i = 0; i < 4; i++) {
      double JtJ = 0;
      for (int k = 0; k < 4; k++) JtJ += J[k + 4 * i] * J[k + 4 * j];
      /* differences of the field, t = 2^-18: third derivatives below 50, rounding eps / t */
      assert_close(found[i + 4 * j], J[i + 4 * j] - 0.75 * (JtJ + S[i + 4 * j]), 0, 2e-9);
    }
  ck_assert_int_eq(gd_game_source(game, GD_JVP), GD_SOURCE_DIFFERENCED);
  ck_assert_int_eq(gd_game_source(game, GD_VJP), GD_SOURCE_DIFFERENCED);
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

/* v = M x + b with three players and M not normal */
static const double M[3][3] = {{-1, 2, 0.5}, {0.25, -2, 1}, {3, 0, -0.5}}, b[3] = {1, -2, 3};

static int affine_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  for (int i = 0; i < 3; i++) v[i] = M[i][0] * x[0] + M[i][1] * x[1] + M[i][2] * x[2] + b[i];
  return 0;
}

static int affine_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw, (void)x;
  for (int i = 0; i < 3; i++) Ju[i] = M[i][0] * u[0] + M[i][1] * u[1] + M[i][2] * u[2];
  return 0;
}

START_TEST(has_exact_products_on_affine_games) {
  const test_game kind = {.ops = {.struct_size = sizeof(gd_game_ops), .gradient = affine_gradient, .jvp = affine_jvp},
                          .n_players = 3,
                          .block_sizes = {1, 1, 1},
                          .traits = GD_AFFINE};
  gd_game *game = derive(&kind, 0.3);
  double J[9], Jtw[3], expected[3] = {0};
  const double x[3] = {5, 6, 7}, w[3] = {1, -2, 3};
  assert_ok(gd_game_jacobian(game, x, J, 3));
  assert_ok(gd_game_vjp(game, x, w, Jtw));
  for (int j = 0; j < 3; j++)
    for (int i = 0; i < 3; i++) {
      const double MtM = M[0][i] * M[0][j] + M[1][i] * M[1][j] + M[2][i] * M[2][j];
      assert_close(J[i + 3 * j], M[i][j] - 0.3 * MtM, 0, 1e-14);
      expected[j] += (M[i][j] - 0.3 * MtM) * w[i];
    }
  for (int j = 0; j < 3; j++) assert_close(Jtw[j], expected[j], 0, 1e-14);
  gd_game_destroy(game);
}
END_TEST

START_TEST(keeps_what_it_should_of_the_base) {
  const test_game kinds[] = {rotation_game(), noisy_game(), general_game()};
  const uint32_t traits[] = {GD_AFFINE | GD_THREAD_SAFE, GD_AFFINE | GD_THREAD_SAFE | GD_STOCHASTIC | GD_POTENTIAL,
                             GD_THREAD_SAFE};
  for (size_t k = 0; k < 3; k++) {
    gd_game *game = derive(&kinds[k], 1);
    ck_assert_uint_eq(gd_game_traits(game), traits[k]);
    ck_assert_uint_eq(gd_game_players(game), kinds[k].n_players);
    ck_assert_uint_eq(gd_game_block_size(game, 1), kinds[k].block_sizes[1]);
    ck_assert_int_eq(gd_game_source(game, GD_UTILITIES), GD_SOURCE_NONE);
    double x[4] = {9, 9, 9, 9};
    assert_ok(gd_game_solution(game, x));
    ck_assert(x[0] == 0 && x[1] == 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* Why: v = (1 - y, y - x/2) on [0, 1]^2 has the solution (1, 0) with v = (1, -1/2).  J'v = (1/4, -3/2) there, so that
 * with gamma = 1 the consensus field (3/4, 1) moves y off its bound. */
START_TEST(refuses_feasible_sets_in_words) {
  const test_game kind = boxed_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_fails(gd_derive_consensus(&game, base, 1), GD_ERR_UNSUPPORTED,
               "consensus: the game \"boxed\" has a feasible set");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(says_that_the_base_states_no_solution) {
  test_game kind = rotation_game();
  kind.ops.solution = NULL;
  gd_game *game = derive(&kind, 1);
  double x[2];
  assert_fails(gd_game_solution(game, x), GD_ERR_UNSUPPORTED,
               "solution: the game \"rotation\" has no solution callback");
  gd_game_destroy(game);
}
END_TEST

/* J = -I, so the field is (1 + gamma) v, noise included. */
START_TEST(hands_its_draw_to_the_base) {
  const test_game kind = noisy_game();
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0.5);
  const gd_draw draw = {1, 2, 3, 4};
  double v[2], field[2];
  gd_game_set_draw(base, &draw);
  gd_game_set_draw(game, &draw);
  assert_ok(gd_game_gradient(base, x2, v));
  assert_ok(gd_game_gradient(game, x2, field));
  for (int k = 0; k < 2; k++) assert_close(field[k], 1.5 * v[k], 1e-15, 0);
  gd_game_set_draw(game, NULL);
  assert_ok(gd_game_gradient(game, x2, field));
  ck_assert(field[0] == -1.5 && field[1] == -3);
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

/* K = J - g I has K'K = (1 + g^2) I, so the second field is (J - (g + h (1 + g^2)) I) x. */
START_TEST(derives_from_derived_games) {
  const test_game kind = rotation_game();
  gd_game *once = derive(&kind, 0.5), *twice;
  assert_ok(gd_derive_consensus(&twice, once, 2));
  gd_game_destroy(once);
  const double damping = 0.5 + 2 * 1.25;
  double out[2];
  assert_ok(gd_game_gradient(twice, x2, out));
  assert_close(out[0], -2 - damping * 1, 1e-15, 0);
  assert_close(out[1], 1 - damping * 2, 1e-15, 0);
  assert_ok(gd_game_vjp(twice, x2, (const double[]){1, 0}, out));
  assert_close(out[0], -damping, 1e-15, 0);
  assert_close(out[1], -1, 1e-15, 0);
  ck_assert_str_eq(gd_game_name(twice), "consensus(consensus(rotation))");
  gd_game_destroy(twice);
}
END_TEST

START_TEST(is_the_base_itself_at_gamma_0) {
  const test_game kind = curved_game();
  const double x[5] = {0.3, -0.7, 0.9, 0.2, -0.4};
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0);
  double v[5], field[5];
  assert_ok(gd_game_gradient(base, x, v));
  assert_ok(gd_game_gradient(game, x, field));
  for (int k = 0; k < 5; k++) ck_assert(v[k] == field[k]);
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

START_TEST(passes_the_check_on_every_base) {
  const test_game kinds[] = {rotation_game(), curved_game(), general_game(), half_plane_game(), noisy_game()};
  for (size_t k = 0; k < 5; k++) {
    const double x[5] = {0.7, 0.9, 0.3, -0.2, 0.1};
    gd_game *game = derive(&kinds[k], 0.5);
    assert_ok(gd_game_check(game, x, 1, NULL));
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(costs_one_gradient_and_one_vjp_and_fails_as_the_base_fails) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  gd_game *game = derive(&kind, 1);
  double out[2];
  assert_ok(gd_game_gradient(game, x2, out));
  ck_assert_uint_eq(calls.calls, 2);
  calls = (failing_calls){0, 1, -3};
  assert_fails(gd_game_gradient(game, x2, out), GD_ERR_CALLBACK,
               "gradient: the game's callback failed and returned -3");
  calls = (failing_calls){0, 2, 5};
  assert_fails(gd_game_gradient(game, x2, out), GD_ERR_DOMAIN, "vjp: x is outside the game's domain");
  calls = (failing_calls){0, 2, 0};
  assert_fails(gd_game_gradient(game, x2, out), GD_ERR_NONFINITE, "vjp[1] (player 1, variable 0) is nan");
  for (size_t k = 1; k <= 2; k++) {
    calls = (failing_calls){0, k, -3};
    assert_fails(gd_game_jvp(game, x2, x2, out), GD_ERR_CALLBACK, k == 1 ? "jvp: the game's" : "vjp: the game's");
    calls = (failing_calls){0, k, -3};
    assert_fails(gd_game_vjp(game, x2, x2, out), GD_ERR_CALLBACK, k == 1 ? "jvp: the game's" : "vjp: the game's");
  }
  assert_ok(gd_game_gradient(game, x2, out));
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_what_it_cannot_be_made_from) {
  test_game kind = general_game();
  kind.ops.vjp = NULL;
  gd_game *base = create_test_game(&kind, NULL), *game = base;
  assert_fails(gd_derive_consensus(&game, base, -1), GD_ERR_ARGUMENT, "gamma is -1, expected a finite number");
  assert_fails(gd_derive_consensus(&game, base, NAN), GD_ERR_ARGUMENT, "gamma is nan");
  assert_fails(gd_derive_consensus(&game, base, INFINITY), GD_ERR_ARGUMENT, "gamma is inf");
  assert_fails(gd_derive_consensus(&game, NULL, 1), GD_ERR_ARGUMENT, "base is NULL");
  assert_fails(gd_derive_consensus(NULL, base, 1), GD_ERR_ARGUMENT, "game is NULL");
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 3;
  assert_ok(gd_game_configure(base, &options));
  assert_fails(gd_derive_consensus(&game, base, 1), GD_ERR_UNSUPPORTED, "vjp: the game \"general\"");
  ck_assert_ptr_eq(game, base);
  gd_game_destroy(base);
}
END_TEST

static gd_status derive_simply(gd_game **game, gd_game *base) { return gd_derive_consensus(game, base, 1); }

START_TEST(survives_every_refused_allocation) { survive_refused_memory(derive_simply); }
END_TEST

START_TEST(serves_two_threads_through_two_handles) {
  const test_game kind = curved_game();
  serve_two_threads(derive(&kind, 0.5));
}
END_TEST

TEST_SUITE("consensus", adds_damping_to_a_rotation, descends_half_the_square_of_the_joint_gradient,
           has_the_complete_jacobian_on_curved_games, has_exact_products_on_affine_games,
           keeps_what_it_should_of_the_base, refuses_feasible_sets_in_words, says_that_the_base_states_no_solution,
           hands_its_draw_to_the_base, derives_from_derived_games, is_the_base_itself_at_gamma_0,
           passes_the_check_on_every_base, costs_one_gradient_and_one_vjp_and_fails_as_the_base_fails,
           refuses_what_it_cannot_be_made_from, survives_every_refused_allocation,
           serves_two_threads_through_two_handles)
