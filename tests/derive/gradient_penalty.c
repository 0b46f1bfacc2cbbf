/* SPDX-License-Identifier: BSD-3-Clause */
/* gradient_penalty.c -- the leader descends eta |v_follower|^2, without a factor 1/2, and nobody else changes; its
 * Jacobian is that of Nagarajan & Kolter's Theorem 3.2, with the signs corrected. */
#include "derive/refused_memory.h"
#include "derive/two_threads.h"
#include "support/games.h"
#include "support/ranks.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <gamedyn/models.h>
#include <math.h>

static const double x4[4] = {0.3, -0.7, 0.9, 0.2}, x2[2] = {1, 2};

static gd_game *derive(const test_game *kind, size_t leader, size_t follower, double eta) {
  gd_game *base = create_test_game(kind, NULL), *game;
  assert_ok(gd_derive_gradient_penalty(&game, base, leader, follower, eta));
  gd_game_destroy(base);
  return game;
}

/* v = (-omega, theta): |v_1|^2 = theta^2 and |v_0|^2 = omega^2, so that each damps itself. */
START_TEST(damps_the_leader_of_a_rotation) {
  const test_game kind = rotation_game();
  for (size_t leader = 0; leader < 2; leader++) {
    gd_game *game = derive(&kind, leader, 1 - leader, 0.25);
    const double first = leader == 0 ? -0.5 : 0, second = leader == 0 ? 0 : -0.5;
    double out[2], J[4];
    assert_ok(gd_game_gradient(game, x2, out));
    ck_assert(out[0] == -2 + first * 1 && out[1] == 1 + second * 2);
    assert_ok(gd_game_jacobian(game, x2, J, 2));
    ck_assert(J[0] == first && J[1] == 1 && J[2] == -1 && J[3] == second);
    assert_ok(gd_game_vjp(game, x2, (const double[]){3, 4}, out));
    ck_assert(out[0] == 3 * first + 4 && out[1] == -3 + 4 * second);
    ck_assert_int_eq(gd_game_source(game, GD_JVP), GD_SOURCE_NATIVE);
    ck_assert_int_eq(gd_game_source(game, GD_VJP), GD_SOURCE_NATIVE);
    gd_game_destroy(game);
  }
}
END_TEST

/* general_game has v_0 = -x0 + x1 x3, v_1 = (-x1 + sin x0 + x2^2, -x2 + x3 + 2 x1 x2), v_2 = -x3 + x0 x2, one
 * player's block being {1, 2}; |v_f|^2 differentiated by hand. */
START_TEST(descends_the_square_without_a_half) {
  const test_game kind = general_game();
  const double eta = 0.75;
  gd_game *base = create_test_game(&kind, NULL);
  double v[4], field[4], own[2];
  assert_ok(gd_game_gradient(base, x4, v));
  const struct {
    size_t leader, follower;
    double pull[4]; /* the gradient of |v_f|^2, on the leader's block */
  } cases[] = {{0, 1, {2 * v[1] * cos(x4[0])}},
               {2, 1, {0, 0, 0, 2 * v[2]}},
               {1, 0, {0, 2 * v[0] * x4[3], 0}},
               {1, 2, {0, 0, 2 * v[3] * x4[0]}}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    gd_game *game = derive(&kind, cases[k].leader, cases[k].follower, eta);
    assert_ok(gd_game_gradient(game, x4, field));
    for (int i = 0; i < 4; i++) assert_close(field[i], v[i] - eta * cases[k].pull[i], 1e-15, 1e-15);
    for (size_t player = 0; player < 3; player++) {
      assert_ok(gd_game_player_gradient(game, player, x4, own));
      for (size_t i = 0; i < gd_game_block_size(game, player); i++)
        assert_close(own[i], field[gd_game_block_start(game, player) + i], 1e-15, 1e-15);
    }
    gd_game_destroy(game);
  }
  gd_game_destroy(base);
}
END_TEST

/* Player 0 leads 1: its row is J_0 - 2 eta (cos(x0) J_1 - sin(x0) v_1 e_0), J_1 the row of dv_1/dx. */
START_TEST(has_the_complete_jacobian_on_curved_games) {
  const test_game kind = general_game();
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0, 1, 0.75);
  double v[4], J[16], found[16];
  assert_ok(gd_game_gradient(base, x4, v));
  assert_ok(gd_game_jacobian(base, x4, J, 4));
  assert_ok(gd_game_jacobian(game, x4, found, 4));
  for (int j = 0; j < 4; j++) {
    const double curvature = j == 0 ? -sin(x4[0]) * v[1] : 0;
    /* differences of the field, t = 2^-18: third derivatives below 10, rounding eps / t */
    assert_close(found[4 * j], J[4 * j] - 1.5 * (cos(x4[0]) * J[1 + 4 * j] + curvature), 0, 1e-9);
    for (int i = 1; i < 4; i++) assert_close(found[i + 4 * j], J[i + 4 * j], 0, 1e-9);
  }
  ck_assert_int_eq(gd_game_source(game, GD_JVP), GD_SOURCE_DIFFERENCED);
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

/* U = -omega' Q omega / 2 + theta' C omega: theta is the generator G, omega the discriminator D, so that
 * J_DD = -Q, J_DG = C', J_GD = -C, J_GG = 0.  With the penalty, J_DG' times I + 2 eta J_DD, and -2 eta J_DG' J_DG. */
START_TEST(has_the_jacobian_of_theorem_3_2_at_an_equilibrium) {
  enum { P = 2, Q = 3, N = P + Q };
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    double C[P * Q], B[Q * Q], eta, J[N * N], x[N] = {0};
    gd_rng_fill_normal(&rng, P * Q, C);
    gd_rng_fill_normal(&rng, Q * Q, B);
    gd_rng_fill_uniform(&rng, 1, &eta);
    for (int j = 0; j < Q; j++)
      for (int i = 0; i < j; i++) B[i + Q * j] = B[j + Q * i];
    gd_game *base, *game;
    assert_ok(gd_model_quadratic(&base, P, Q, NULL, 0, B, Q, C, P, NULL));
    assert_ok(gd_derive_gradient_penalty(&game, base, 0, 1, eta));
    assert_ok(gd_game_jacobian(game, x, J, N));
    for (int i = 0; i < P; i++) {
      for (int j = 0; j < P; j++) {
        double CC = 0;
        for (int k = 0; k < Q; k++) CC += C[i + P * k] * C[j + P * k];
        assert_close(J[i + N * j], -2 * eta * CC, 0, 1e-13);
      }
      for (int j = 0; j < Q; j++) {
        double CB = 0;
        for (int k = 0; k < Q; k++) CB += C[i + P * k] * B[k + Q * j];
        assert_close(J[i + N * (P + j)], -(C[i + P * j] - 2 * eta * CB), 0, 1e-13);
        assert_close(J[P + j + N * i], C[i + P * j], 0, 0);
      }
    }
    for (int k = 0; k < Q * Q; k++) assert_close(J[P + k % Q + N * (P + k / Q)], -B[k], 0, 0);
    gd_game_destroy(base);
    gd_game_destroy(game);
  }
}
END_TEST

/* v = M x + b with three players and M not normal: K = M - 2 eta e_l (M_fl) (row f of M) */
static const double M[3][3] = {{-1, 2, 0.5}, {0.25, -2, 1}, {3, 0, -0.5}}, b[3] = {1, -2, 3};

static int affine_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  for (int i = 0; i < 3; i++) v[i] = M[i][0] * x[0] + M[i][1] * x[1] + M[i][2] * x[2] + b[i];
  return 0;
}

START_TEST(has_exact_products_on_affine_games) {
  const test_game kind = {.ops = {.struct_size = sizeof(gd_game_ops), .gradient = affine_gradient},
                          .n_players = 3,
                          .block_sizes = {1, 1, 1},
                          .traits = GD_AFFINE};
  const double x[3] = {5, 6, 7}, w[3] = {1, -2, 3};
  for (size_t l = 0; l < 3; l++)
    for (size_t f = 0; f < 3; f++) {
      if (l == f) continue;
      gd_game *game = derive(&kind, l, f, 0.3);
      double J[9], Jtw[3];
      assert_ok(gd_game_jacobian(game, x, J, 3));
      assert_ok(gd_game_vjp(game, x, w, Jtw));
      for (size_t j = 0; j < 3; j++) {
        double expected = 0;
        for (size_t i = 0; i < 3; i++) {
          const double K = M[i][j] - (i == l ? 0.6 * M[f][l] * M[f][j] : 0);
          assert_close(J[i + 3 * j], K, 0, 1e-13);
          expected += K * w[i];
        }
        assert_close(Jtw[j], expected, 0, 1e-13);
      }
      gd_game_destroy(game);
    }
}
END_TEST

START_TEST(charges_the_leader_for_the_followers_gradient) {
  const test_game kind = general_game();
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0, 1, 0.5);
  double v[4], J[16], u[3], charged[3], g[4], charged_g[4];
  assert_ok(gd_game_gradient(base, x4, v));
  assert_ok(gd_game_jacobian(base, x4, J, 4));
  assert_ok(gd_game_utilities(base, x4, u));
  assert_ok(gd_game_utilities(game, x4, charged));
  assert_close(charged[0], u[0] - 0.5 * (v[1] * v[1] + v[2] * v[2]), 1e-15, 1e-15);
  ck_assert(charged[1] == u[1] && charged[2] == u[2]);
  for (size_t player = 0; player < 3; player++) {
    assert_ok(gd_game_utility_gradient(base, player, x4, g));
    assert_ok(gd_game_utility_gradient(game, player, x4, charged_g));
    for (int k = 0; k < 4; k++) {
      const double charge = player == 0 ? v[1] * J[1 + 4 * k] + v[2] * J[2 + 4 * k] : 0;
      assert_close(charged_g[k], g[k] - charge, 1e-14, 1e-15);
    }
  }
  ck_assert_int_eq(gd_game_source(game, GD_UTILITY_GRADIENT), GD_SOURCE_NATIVE);
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

START_TEST(keeps_what_it_should_of_the_base) {
  const test_game kinds[] = {rotation_game(), noisy_game(), general_game(), half_plane_game()};
  const uint32_t traits[] = {GD_AFFINE | GD_THREAD_SAFE, GD_AFFINE | GD_THREAD_SAFE | GD_STOCHASTIC, GD_THREAD_SAFE};
  for (size_t k = 0; k < 3; k++) {
    gd_game *game = derive(&kinds[k], 0, 1, 1);
    ck_assert_uint_eq(gd_game_traits(game), traits[k]);
    ck_assert_uint_eq(gd_game_players(game), kinds[k].n_players);
    ck_assert_uint_eq(gd_game_block_size(game, 1), kinds[k].block_sizes[1]);
    ck_assert_int_eq(gd_game_source(game, GD_UTILITIES), kinds[k].ops.utilities ? GD_SOURCE_NATIVE : GD_SOURCE_NONE);
    double x[4] = {9, 9, 9, 9};
    assert_ok(gd_game_solution(game, x));
    ck_assert(x[0] == 0 && x[1] == 0);
    gd_game_destroy(game);
  }
  /* a base that differences its utilities' gradients leaves differencing to the derived game */
  gd_game *game = derive(&kinds[3], 1, 0, 1);
  ck_assert_int_eq(gd_game_source(game, GD_UTILITY_GRADIENT), GD_SOURCE_DIFFERENCED);
  ck_assert_str_eq(gd_game_name(game), "gradient_penalty(half plane)");
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_feasible_sets_in_words) {
  const test_game kind = boxed_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_fails(gd_derive_gradient_penalty(&game, base, 0, 1, 1), GD_ERR_UNSUPPORTED,
               "gradient_penalty: the game \"boxed\" has a feasible set");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

/* J = -I couples nobody, so that the field is v, noise included. */
START_TEST(hands_its_draw_to_the_base) {
  const test_game kind = noisy_game();
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0, 1, 0.5);
  const gd_draw draw = {1, 2, 3, 4};
  double v[2], field[2];
  gd_game_set_draw(base, &draw);
  gd_game_set_draw(game, &draw);
  assert_ok(gd_game_gradient(base, x2, v));
  assert_ok(gd_game_gradient(game, x2, field));
  ck_assert(field[0] == v[0] && field[1] == v[1] && v[0] != -1);
  gd_game_set_draw(game, NULL);
  assert_ok(gd_game_gradient(game, x2, field));
  ck_assert(field[0] == -1 && field[1] == -2);
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

START_TEST(passes_the_check_on_every_base) {
  const test_game kinds[] = {rotation_game(), curved_game(), general_game(), half_plane_game(), noisy_game()};
  const double x[5] = {0.7, 0.9, 0.3, -0.2, 0.1};
  for (size_t k = 0; k < 5; k++)
    for (size_t leader = 0; leader < 2; leader++) {
      gd_game *game = derive(&kinds[k], leader, 1 - leader, 0.5);
      assert_ok(gd_game_check(game, x, 1, NULL));
      gd_game_destroy(game);
    }
}
END_TEST

START_TEST(costs_one_gradient_and_one_vjp_and_fails_as_the_base_fails) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  gd_game *game = derive(&kind, 0, 1, 1);
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
    calls = (failing_calls){0, k, -3};
    assert_fails(gd_game_utilities(game, x2, out), GD_ERR_CALLBACK,
                 k == 1 ? "utilities: the game's" : "gradient: the game's");
  }
  for (size_t k = 1; k <= 3; k++) { /* own gradient, the follower's, the product */
    calls = (failing_calls){0, k, -3};
    assert_fails(gd_game_player_gradient(game, 0, x2, out), GD_ERR_CALLBACK,
                 k < 3 ? "gradient: the game's" : "vjp: the game's");
    calls = (failing_calls){0, k, -3};
    assert_fails(gd_game_utility_gradient(game, 0, x2, out), GD_ERR_CALLBACK,
                 k < 3 ? "gradient: the game's" : "vjp: the game's");
  }
  assert_ok(gd_game_gradient(game, x2, out));
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_what_it_cannot_be_made_from) {
  test_game kind = general_game();
  kind.ops.vjp = NULL;
  gd_game *base = create_test_game(&kind, NULL), *game = base;
  assert_fails(gd_derive_gradient_penalty(&game, base, 3, 1, 1), GD_ERR_ARGUMENT,
               "leader is 3, but the game has 3 players");
  assert_fails(gd_derive_gradient_penalty(&game, base, 0, 7, 1), GD_ERR_ARGUMENT,
               "follower is 7, but the game has 3 players");
  assert_fails(gd_derive_gradient_penalty(&game, base, 1, 1, 1), GD_ERR_ARGUMENT, "leader and follower are both 1");
  assert_fails(gd_derive_gradient_penalty(&game, base, 0, 1, -1), GD_ERR_ARGUMENT, "eta is -1, expected a finite");
  assert_fails(gd_derive_gradient_penalty(&game, base, 0, 1, NAN), GD_ERR_ARGUMENT, "eta is nan");
  assert_fails(gd_derive_gradient_penalty(&game, base, 0, 1, INFINITY), GD_ERR_ARGUMENT, "eta is inf");
  assert_fails(gd_derive_gradient_penalty(&game, NULL, 0, 1, 1), GD_ERR_ARGUMENT, "base is NULL");
  assert_fails(gd_derive_gradient_penalty(NULL, base, 0, 1, 1), GD_ERR_ARGUMENT, "game is NULL");
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 3;
  assert_ok(gd_game_configure(base, &options));
  assert_fails(gd_derive_gradient_penalty(&game, base, 0, 1, 1), GD_ERR_UNSUPPORTED, "vjp: the game \"general\"");
  ck_assert_ptr_eq(game, base);
  gd_game_destroy(base);
}
END_TEST

static gd_status derive_simply(gd_game **game, gd_game *base) {
  return gd_derive_gradient_penalty(game, base, 0, 1, 1);
}

START_TEST(survives_every_refused_allocation) { survive_refused_memory(derive_simply); }
END_TEST

START_TEST(serves_two_threads_through_two_handles) {
  const test_game kind = curved_game();
  serve_two_threads(derive(&kind, 0, 1, 0.5));
}
END_TEST

/* The rotation on each of two ranks, as one game: v = (-omega, theta) in each slice, utilities left at 0. */
static int slice_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[1];
  v[1] = x[0];
  return 0;
}

static int slice_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)x;
  return slice_gradient(data, draw, u, Ju);
}

static int slice_utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  (void)data, (void)draw, (void)x;
  u[0] = u[1] = 0;
  return 0;
}

/* The argument: x of this rank in, then the field, then utilities. */
static void use_on_rank(const gd_env *env, void *argument) {
  const test_game kind = {.ops = {.struct_size = sizeof(gd_game_ops),
                                  .gradient = slice_gradient,
                                  .utilities = slice_utilities,
                                  .jvp = slice_jvp},
                          .n_players = 2,
                          .block_sizes = {1, 1},
                          .traits = GD_PARTITIONED | GD_ZERO_SUM | GD_AFFINE | GD_THREAD_SAFE};
  double *at = argument;
  gd_game *base = create_test_game(&kind, env), *game;
  assert_ok(gd_derive_gradient_penalty(&game, base, 0, 1, 0.5));
  assert_ok(gd_game_gradient(game, at, at + 2));
  assert_ok(gd_game_utilities(game, at, at + 4));
  gd_game_destroy(base);
  gd_game_destroy(game);
}

/* |v_1|^2 = 3^2 + 4^2 over both ranks; each damps its own slice. */
START_TEST(adds_up_over_ranks) {
  double first[6] = {3, 10}, second[6] = {4, 20};
  on_two_ranks(use_on_rank, (void *[2]){first, second});
  ck_assert(first[2] == -10 - 3 && first[3] == 3 && second[2] == -20 - 4 && second[3] == 4);
  for (int k = 0; k < 2; k++) {
    const double *u = (k ? second : first) + 4;
    assert_close(u[0], -0.5 * 25, 1e-15, 0);
    ck_assert(u[1] == 0);
  }
}
END_TEST

TEST_SUITE("gradient_penalty", damps_the_leader_of_a_rotation, descends_the_square_without_a_half,
           has_the_complete_jacobian_on_curved_games, has_the_jacobian_of_theorem_3_2_at_an_equilibrium,
           has_exact_products_on_affine_games, charges_the_leader_for_the_followers_gradient,
           keeps_what_it_should_of_the_base, refuses_feasible_sets_in_words, hands_its_draw_to_the_base,
           passes_the_check_on_every_base, costs_one_gradient_and_one_vjp_and_fails_as_the_base_fails,
           refuses_what_it_cannot_be_made_from, survives_every_refused_allocation,
           serves_two_threads_through_two_handles, adds_up_over_ranks)
