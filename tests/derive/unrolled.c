/* SPDX-License-Identifier: BSD-3-Clause */
/* unrolled.c -- the leader's block is the gradient of its utility after k steps of the follower, through all of them.
 */
#include "derive/two_threads.h"
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <gamedyn/gmm_gan.h>
#include <gamedyn/models.h>
#include <math.h>

typedef struct plan {
  size_t leader, follower, steps;
  double step_size;
} plan;

static gd_game *unroll(gd_game *base, plan how) {
  gd_game *game = NULL;
  assert_ok(gd_derive_unrolled(&game, base, how.leader, how.follower, how.steps, how.step_size));
  return game;
}

static gd_game *unroll_first_order(gd_game *base, plan how) {
  gd_game *game = NULL;
  assert_ok(gd_derive_unrolled_first_order(&game, base, how.leader, how.follower, how.steps, how.step_size));
  return game;
}

/* U = theta omega, theta minimises, omega_k = omega + k a theta: S = -theta (omega + k a theta), and
 * dS/dtheta = -omega - 2 k a theta, of which the first order sees -omega - k a theta.  The other way round
 * theta_k = theta - k a omega, S = omega theta_k, dS/domega = theta - 2 k a omega. */
START_TEST(damps_a_rotation_twice_as_much_as_the_first_order) {
  const test_game kind = rotation_game();
  const double x[] = {1, 2}, a = 0.25;
  gd_game *base = create_test_game(&kind, NULL);
  double v[2], u[2], J[4];
  for (size_t k = 0; k < 5; k++) {
    const double pull = a * (double)k;
    gd_game *theta = unroll(base, (plan){0, 1, k, a}), *omega = unroll(base, (plan){1, 0, k, a});
    gd_game *half = unroll_first_order(base, (plan){0, 1, k, a});
    assert_ok(gd_game_gradient(theta, x, v));
    ck_assert(v[0] == -2 - 2 * pull && v[1] == 1);
    assert_ok(gd_game_utilities(theta, x, u));
    ck_assert(u[0] == -(2 + pull) && u[1] == 2);
    assert_ok(gd_game_jacobian(theta, x, J, 2));
    ck_assert(J[0] == -2 * pull && J[1] == 1 && J[2] == -1 && J[3] == 0);
    assert_ok(gd_game_gradient(omega, x, v));
    ck_assert(v[0] == -2 && v[1] == 1 - 4 * pull);
    assert_ok(gd_game_gradient(half, x, v));
    ck_assert(v[0] == -2 - pull && v[1] == 1);
    gd_game_destroy(theta);
    gd_game_destroy(omega);
    gd_game_destroy(half);
  }
  gd_game_destroy(base);
}
END_TEST

/* mu = (-.3, 1.1), l = (-2, .1), r = (-.4, 1), target (-.5, .5), a = .3, evaluated with 30 digits. */
START_TEST(knows_the_gradients_of_the_unrolled_gmm_gan) {
  const double x[] = {-0.3, 1.1, -2, 0.1, -0.4, 1};
  const struct {
    size_t steps;
    double gradient[2]; /* of what the generator minimises */
  } known[] = {{0, {0.0530009609223044458, 0.140616299783780111}},
               {1, {0.0557933897833308663, 0.147499328548050123}},
               {5, {0.0633308842712075639, 0.176265752957231813}}};
  gd_gmm_gan gan;
  gd_game *base = NULL;
  double v[6], ordinary[6], own[2];
  gd_gmm_gan_init(&gan);
  assert_ok(gd_model_gmm_gan(&base, &gan, NULL));
  assert_ok(gd_game_gradient(base, x, ordinary));
  for (size_t k = 0; k < 3; k++) {
    gd_game *game = unroll(base, (plan){0, 1, known[k].steps, 0.3});
    assert_ok(gd_game_gradient(game, x, v));
    for (int j = 0; j < 2; j++) assert_close(v[j], -known[k].gradient[j], 0, 2e-16);
    for (int j = 2; j < 6; j++) ck_assert(v[j] == ordinary[j]);
    assert_ok(gd_game_player_gradient(game, 0, x, own));
    ck_assert(own[0] == v[0] && own[1] == v[1]);
    gd_game_destroy(game);
  }
  gd_game_destroy(base);
}
END_TEST

/* Figure 2 of Li, Madry, Peebles & Schmidt, with five unrolled steps: target (-2, 2), mu = (-1, 2.5), step .3,
 * intervals
 * [-1, .2] and [second, 2.5].  The steps, from 0, at which they close, when intervals freeze within the unrolling as
 * well, from a separate program in another language; without unrolling they are 18, 99 and 17, 64. */
START_TEST(does_not_save_the_discriminators_of_figure_2) {
  const struct {
    double second;
    int closed[2];
  } known[] = {{1, {18, 147}}, {-1, {18, 63}}};
  const double target_means[] = {-2, 2};
  const gd_mixture target = {sizeof target, 2, target_means, NULL};
  gd_gmm_gan gan;
  gd_game *base = NULL;
  gd_gmm_gan_init(&gan);
  gan.target = &target;
  assert_ok(gd_model_gmm_gan(&base, &gan, NULL));
  gd_game *game = unroll(base, (plan){0, 1, 5, 0.3});
  for (size_t k = 0; k < 2; k++) {
    double x[] = {-1, 2.5, -1, known[k].second, 0.2, 2.5}, v[6];
    int closed[2] = {-1, -1};
    for (int step = 0; step < 500; step++) {
      assert_ok(gd_game_gradient(game, x, v));
      for (int i = 0; i < 6; i++) x[i] += 0.3 * v[i];
      for (int i = 0; i < 2; i++)
        if (x[2 + i] >= x[4 + i] && closed[i] < 0) closed[i] = step;
    }
    ck_assert(closed[0] == known[k].closed[0] && closed[1] == known[k].closed[1]);
  }
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

/* S(x), step by step. */
static double objective(gd_game *base, plan how, const double *x) {
  double at[8], v[8], u[4];
  const size_t n = gd_game_size(base), start = gd_game_block_start(base, how.follower);
  memcpy(at, x, n * sizeof *at);
  for (size_t k = 0; k < how.steps; k++) {
    assert_ok(gd_game_gradient(base, at, v));
    for (size_t i = start; i < start + gd_game_block_size(base, how.follower); i++) at[i] += how.step_size * v[i];
  }
  assert_ok(gd_game_utilities(base, at, u));
  return u[how.leader];
}

/* (8 (S(h) - S(-h)) - (S(2 h) - S(-2 h))) / 12 h: off by h^4 S^(5) / 30 and 1e-16 / h, 1e-10 at h = 1e-3. */
static double slope(gd_game *base, plan how, const double *x, size_t i) {
  const double h = 1e-3;
  double values[4], at[8];
  const double steps[] = {h, -h, 2 * h, -2 * h};
  for (int k = 0; k < 4; k++) {
    memcpy(at, x, gd_game_size(base) * sizeof *at);
    at[i] += steps[k];
    values[k] = objective(base, how, at);
  }
  return (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h);
}

START_TEST(follows_the_differences_of_the_objective) {
  const test_game kinds[] = {curved_game(), general_game(), rotation_game()};
  const double x[] = {0.3, -0.7, 0.9, 0.2, 0.4};
  for (size_t which = 0; which < 3; which++) {
    gd_game *base = create_test_game(&kinds[which], NULL);
    const size_t players = gd_game_players(base), n = gd_game_size(base);
    for (plan how = {0, 0, 0, 0.15}; how.leader < players; how.leader++)
      for (how.follower = 0; how.follower < players; how.follower++)
        for (how.steps = 0; how.steps < 5 && how.follower != how.leader; how.steps += 2) {
          gd_game *game = unroll(base, how);
          double v[8], g[8], u[4];
          assert_ok(gd_game_gradient(game, x, v));
          assert_ok(gd_game_utility_gradient(game, how.leader, x, g));
          for (size_t i = 0; i < n; i++) {
            assert_close(g[i], slope(base, how, x, i), 1e-9, 1e-9);
            const size_t from = i - gd_game_block_start(base, how.leader);
            if (from < gd_game_block_size(base, how.leader)) assert_close(v[i], g[i], 1e-15, 1e-15);
          }
          assert_ok(gd_game_utilities(game, x, u));
          ck_assert_double_eq(u[how.leader], objective(base, how, x));
          gd_game_destroy(game);
        }
    gd_game_destroy(base);
  }
}
END_TEST

/* Nobody but the leader changes; the leader's first-order block is v_l where the follower will be. */
START_TEST(leaves_the_others_alone) {
  const test_game kind = general_game();
  const double x[] = {0.3, -0.7, 0.9, 0.2};
  gd_game *base = create_test_game(&kind, NULL);
  double v[4], found[4], at[4];
  assert_ok(gd_game_gradient(base, x, v));
  for (int first_order = 0; first_order < 2; first_order++) {
    gd_game *game = (first_order ? unroll_first_order : unroll)(base, (plan){0, 1, 1, 0.5});
    assert_ok(gd_game_gradient(game, x, found));
    for (int i = 1; i < 4; i++) ck_assert(found[i] == v[i]);
    ck_assert(found[0] != v[0]);
    for (size_t player = 0; player < 3; player++) {
      assert_ok(gd_game_player_gradient(game, player, x, at));
      ck_assert(at[0] == found[gd_game_block_start(game, player)]);
    }
    if (first_order) {
      const double there[] = {x[0], x[1] + 0.5 * v[1], x[2] + 0.5 * v[2], x[3]};
      assert_ok(gd_game_player_gradient(base, 0, there, at));
      ck_assert(found[0] == at[0]);
    }
    gd_game_destroy(game);
  }
  gd_game *game = unroll(base, (plan){0, 1, 1, 0.5});
  assert_ok(gd_game_utility_gradient(game, 2, x, found));
  assert_ok(gd_game_utility_gradient(base, 2, x, v));
  for (int i = 0; i < 4; i++) ck_assert(found[i] == v[i]);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(is_the_base_itself_without_steps) {
  const test_game kinds[] = {curved_game(), general_game(), noisy_game()};
  const double x[] = {0.3, -0.7, 0.9, 0.2, 0.4};
  for (size_t which = 0; which < 3; which++) {
    gd_game *base = create_test_game(&kinds[which], NULL);
    double v[5], found[5];
    assert_ok(gd_game_gradient(base, x, v));
    for (int first_order = 0; first_order < 2; first_order++) {
      if (which == 2 && !first_order) continue; /* says nothing of utilities */
      gd_game *game = (first_order ? unroll_first_order : unroll)(base, (plan){1, 0, 0, 0.5});
      assert_ok(gd_game_gradient(game, x, found));
      ck_assert_int_eq(memcmp(v, found, gd_game_size(base) * sizeof *v), 0);
      ck_assert_uint_eq(gd_game_traits(game), gd_game_traits(base));
      gd_game_destroy(game);
    }
    gd_game_destroy(base);
  }
}
END_TEST

/* U = theta'C omega - omega'B omega / 2 with B = 1, steps of 1/2: omega_k = C'theta + 2^-k (omega - C'theta), so that
 * after 60 steps the leader goes down |C'theta|^2 / 2, whatever omega. */
START_TEST(many_steps_are_a_best_response) {
  const double C[] = {1, 0.5, -2, 1}, B[] = {1, 0, 0, 1}, x[] = {0.3, -0.7, 5, 9};
  gd_game *base = NULL;
  double v[4];
  assert_ok(gd_model_quadratic(&base, 2, 2, NULL, 0, B, 2, C, 2, NULL));
  gd_game *game = unroll(base, (plan){0, 1, 60, 0.5});
  assert_ok(gd_game_gradient(game, x, v));
  const double answer[] = {C[0] * x[0] + C[1] * x[1], C[2] * x[0] + C[3] * x[1]};
  for (int i = 0; i < 2; i++) assert_close(v[i], -(C[i] * answer[0] + C[i + 2] * answer[1]), 0, 1e-14);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

/* In a zero-sum game v = 0 makes G = 0; else u_l has a slope along the follower's block, which the leader exploits. */
START_TEST(keeps_the_solution_where_it_is_one) {
  const test_game zero_sum = curved_game(), general = general_game();
  gd_game *base = create_test_game(&zero_sum, NULL), *game = unroll(base, (plan){0, 1, 3, 0.1});
  double x[5], v[5];
  assert_ok(gd_game_solution(game, x));
  assert_ok(gd_game_gradient(game, x, v));
  for (int i = 0; i < 5; i++) assert_close(v[i], 0, 0, 1e-15);
  ck_assert_uint_eq(gd_game_traits(game), gd_game_traits(base) & ~(uint32_t)GD_ZERO_SUM);
  ck_assert_str_eq(gd_game_name(game), "unrolled(curved)");
  gd_game_destroy(game);
  gd_game_destroy(base);
  base = create_test_game(&general, NULL);
  game = unroll(base, (plan){0, 1, 3, 0.1});
  assert_fails(gd_game_solution(game, x), GD_ERR_UNSUPPORTED, "solution");
  gd_game_destroy(game);
  game = unroll_first_order(base, (plan){0, 1, 3, 0.1});
  assert_ok(gd_game_solution(game, x));
  ck_assert_str_eq(gd_game_name(game), "unrolled_first_order(general)");
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(passes_the_check_on_every_model) {
  const gd_model *model;
  for (size_t k = 0; (model = gd_model_at(k)); k++)
    for (size_t steps = 0; steps < 4; steps += 3) {
      gd_game *base = NULL;
      assert_ok(model->create_random(&base, 2, k, NULL));
      const size_t players = gd_game_players(base);
      double x[64];
      gd_rng rng = gd_rng_make(k, 1);
      ck_assert_uint_le(gd_game_size(base), sizeof x / sizeof *x);
      gd_rng_fill_normal(&rng, gd_game_size(base), x);
      for (size_t leader = 0; leader < players; leader++)
        for (int first_order = 0; first_order < 2; first_order++) {
          gd_game *game =
              (first_order ? unroll_first_order : unroll)(base, (plan){leader, (leader + 1) % players, steps, 0.125});
          const gd_status status = gd_game_check(game, x, k, NULL);
          ck_assert_msg(status == GD_OK, "%s: %s", gd_game_name(game), gd_last_error());
          gd_game_destroy(game);
        }
      gd_game_destroy(base);
    }
}
END_TEST

/* v = -x + noise, the same noise in all steps of one draw: y_k = y + sum of a (noise - y_j). */
START_TEST(looks_ahead_at_one_draw) {
  const test_game kind = noisy_game();
  gd_game *base = create_test_game(&kind, NULL), *game = unroll_first_order(base, (plan){0, 1, 2, 0.5});
  const gd_draw draw = {3, 1, 4, 2};
  const double x[] = {1, 2};
  double v[2], found[2];
  gd_game_set_draw(base, &draw);
  gd_game_set_draw(game, &draw);
  assert_ok(gd_game_gradient(base, x, v));
  assert_ok(gd_game_gradient(game, x, found));
  ck_assert(v[0] == found[0] && v[1] == found[1] && v[0] != -1); /* v_0 does not depend on the other */
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(fails_as_the_base_fails) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  const double x[] = {1, 2};
  gd_game *base = create_test_game(&kind, NULL), *game = unroll(base, (plan){0, 1, 3, 0.5});
  double v[2], u[2];
  calls = (failing_calls){0};
  assert_ok(gd_game_gradient(game, x, v));
  const size_t all = calls.calls;
  ck_assert_uint_ge(all, 8); /* 1 gradient, 3 of the follower, 1 of the utility, 3 products */
  for (size_t k = 1; k <= all; k++) {
    calls = (failing_calls){.fail_at = k, .code = -7};
    assert_fails(gd_game_gradient(game, x, v), GD_ERR_CALLBACK, "returned -7");
    calls = (failing_calls){.fail_at = k, .code = 2};
    assert_fails(gd_game_gradient(game, x, v), GD_ERR_DOMAIN, "returned 2");
  }
  for (size_t k = 1; k <= 5; k++) { /* 3 of the follower, utilities twice */
    calls = (failing_calls){.fail_at = k, .code = -7};
    assert_fails(gd_game_utilities(game, x, u), GD_ERR_CALLBACK, "returned -7");
  }
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(refuses_what_it_cannot_be_made_from) {
  test_game kind = general_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_fails(gd_derive_unrolled(NULL, base, 0, 1, 1, 1), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_derive_unrolled(&game, NULL, 0, 1, 1, 1), GD_ERR_ARGUMENT, "base is NULL");
  assert_fails(gd_derive_unrolled(&game, base, 3, 1, 1, 1), GD_ERR_ARGUMENT, "leader is 3");
  assert_fails(gd_derive_unrolled(&game, base, 0, 3, 1, 1), GD_ERR_ARGUMENT, "follower is 3");
  assert_fails(gd_derive_unrolled(&game, base, 1, 1, 1, 1), GD_ERR_ARGUMENT, "both 1");
  assert_fails(gd_derive_unrolled(&game, base, 0, 1, 1000001, 1), GD_ERR_ARGUMENT, "expected 0 to 1000000");
  assert_fails(gd_derive_unrolled(&game, base, 0, 1, 1, -1), GD_ERR_ARGUMENT, "step_size is -1");
  assert_fails(gd_derive_unrolled_first_order(&game, base, 0, 1, 1, NAN), GD_ERR_ARGUMENT, "step_size is nan");
  gd_game_destroy(base);
  kind.ops.utilities = NULL;
  kind.ops.utility_gradient = NULL;
  base = create_test_game(&kind, NULL);
  assert_fails(gd_derive_unrolled(&game, base, 0, 1, 1, 1), GD_ERR_UNSUPPORTED, "utility_gradient");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

static gd_status derive_and_use(const gd_env *env, void *argument) {
  const gd_game_spec spec = test_game_spec(argument, env);
  const double x[5] = {1, 2, 3, 4, 5};
  double out[5];
  gd_game *base = NULL, *game = NULL;
  gd_status status = gd_game_create(&base, &spec);
  if (status == GD_OK) status = gd_derive_unrolled(&game, base, 0, 1, 7, 0.01);
  if (status == GD_OK) status = gd_game_gradient(game, x, out);
  if (status == GD_OK) status = gd_game_utility_gradient(game, 0, x, out);
  gd_game_destroy(game);
  gd_game_destroy(base);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  test_game kind = general_game();
  ck_assert_uint_ge(refuse_each_allocation(derive_and_use, &kind), 12);
  kind = rotation_game();
  ck_assert_uint_ge(refuse_each_allocation(derive_and_use, &kind), 12);
}
END_TEST

START_TEST(serves_two_threads_through_two_handles) {
  const test_game kind = curved_game();
  gd_game *base = create_test_game(&kind, NULL);
  serve_two_threads(unroll(base, (plan){0, 1, 3, 0.01}));
  gd_game_destroy(base);
}
END_TEST

TEST_SUITE("unrolled", damps_a_rotation_twice_as_much_as_the_first_order, knows_the_gradients_of_the_unrolled_gmm_gan,
           does_not_save_the_discriminators_of_figure_2, follows_the_differences_of_the_objective,
           leaves_the_others_alone, is_the_base_itself_without_steps, many_steps_are_a_best_response,
           keeps_the_solution_where_it_is_one, passes_the_check_on_every_model, looks_ahead_at_one_draw,
           fails_as_the_base_fails, refuses_what_it_cannot_be_made_from, survives_every_refused_allocation,
           serves_two_threads_through_two_handles)
