/* SPDX-License-Identifier: BSD-3-Clause */
/* symplectic.c -- the adjustment is half of J'v - J v, its sign that of the alignment; it leaves potential games
 * alone and pulls Hamiltonian ones to their equilibrium. */
#include "derive/refused_memory.h"
#include "derive/two_threads.h"
#include "support/games.h"
#include "support/ranks.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <gamedyn/models.h>
#include <math.h>

static const double x2[2] = {1, 2};

static gd_game *derive(const test_game *kind, double lambda, bool align) {
  gd_game *base = create_test_game(kind, NULL), *game;
  assert_ok(gd_derive_symplectic(&game, base, lambda, align));
  gd_game_destroy(base);
  return game;
}

/* J' = -J and J'J = I: the field is v + lambda J v = (J - lambda I) x.  <v, J'v> = 0, so that the offset decides the
 * sign, and alignment changes nothing. */
START_TEST(adds_damping_to_a_rotation) {
  const test_game kind = rotation_game();
  for (int align = 0; align < 2; align++) {
    gd_game *game = derive(&kind, 0.5, align);
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
}
END_TEST

/* In the paper's signs xi = -v, H = -J, A = (H - H')/2, and what is descended is xi + lambda s A' xi with
 * s = sign(<xi, H'xi> <A'xi, H'xi> / n + 0.1).  Returns s; down [n]. */
static double descent_of_the_paper(size_t n, const double *v, const double *J, double lambda, double *down) {
  double with_field = 0, with_adjustment = 0, adjusted[8];
  for (size_t i = 0; i < n; i++) {
    double Htxi = 0, Atxi = 0;
    for (size_t k = 0; k < n; k++) {
      const double H_ki = -J[k + n * i], H_ik = -J[i + n * k], xi_k = -v[k];
      Htxi += H_ki * xi_k;
      Atxi += (H_ki - H_ik) / 2 * xi_k;
    }
    with_field += -v[i] * Htxi;
    with_adjustment += Atxi * Htxi;
    adjusted[i] = Atxi;
  }
  const double sign = with_field * with_adjustment / (double)n + 0.1 < 0 ? -1 : 1;
  for (size_t i = 0; i < n; i++) down[i] = -v[i] + lambda * sign * adjusted[i];
  return sign;
}

START_TEST(descends_what_the_paper_descends) {
  const test_game kind = general_game();
  int turned = 0;
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    double x[4], v[4], J[16], down[4], plain[4], field[4];
    gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0.75, true),
            *bare = derive(&kind, 0.75, false);
    gd_rng_fill_normal(&rng, 4, x);
    assert_ok(gd_game_gradient(base, x, v));
    assert_ok(gd_game_jacobian(base, x, J, 4));
    const double sign = descent_of_the_paper(4, v, J, 0.75, down);
    turned += sign < 0;
    assert_ok(gd_game_gradient(game, x, field));
    assert_ok(gd_game_gradient(bare, x, plain));
    double size = 0;
    for (int k = 0; k < 16; k++) size += fabs(J[k]);
    for (int k = 0; k < 4; k++) {
      const double rounding = 1e-15 * (1 + size) * (fabs(v[0]) + fabs(v[1]) + fabs(v[2]) + fabs(v[3]));
      assert_close(field[k], -down[k], 0, rounding);
      assert_close(plain[k] - v[k], sign * (field[k] - v[k]), 0, rounding);
    }
    gd_game_destroy(base);
    gd_game_destroy(game);
    gd_game_destroy(bare);
  }
  ck_assert_int_gt(turned, 50);
  ck_assert_int_lt(turned, 950);
}
END_TEST

/* v = M x, one variable each.  The field's Jacobian is M - s lambda/2 (M'M - M M), s that of the point. */
static const double unstable[4] = {1, -3, 2, 0.5}; /* columns: (1, -3), (2, 0.5) */

START_TEST(has_exact_products_on_affine_games) {
  const size_t sizes[2] = {1, 1};
  const double lambda = 0.3, w[2] = {1, -2};
  for (int stable = 0; stable < 2; stable++) {
    double M[4], v[2], down[2], J[4], Jtw[2];
    for (int k = 0; k < 4; k++) M[k] = stable ? -unstable[k] : unstable[k];
    gd_game *base, *game;
    assert_ok(gd_model_affine(&base, 2, sizes, M, 2, NULL, NULL));
    assert_ok(gd_derive_symplectic(&game, base, lambda, true));
    assert_ok(gd_game_gradient(base, x2, v));
    /* near an unstable point the adjustment turns round: <xi, H'xi> < 0 there */
    const double s = descent_of_the_paper(2, v, M, lambda, down);
    ck_assert(s == (stable ? 1 : -1));
    assert_ok(gd_game_jacobian(game, x2, J, 2));
    assert_ok(gd_game_vjp(game, x2, w, Jtw));
    for (int j = 0; j < 2; j++) {
      double expected = 0;
      for (int i = 0; i < 2; i++) {
        double difference = 0;
        for (int k = 0; k < 2; k++) difference += (M[k + 2 * i] - M[i + 2 * k]) * M[k + 2 * j];
        const double K = M[i + 2 * j] - s * lambda / 2 * difference;
        assert_close(J[i + 2 * j], K, 0, 1e-14);
        expected += K * w[i];
      }
      assert_close(Jtw[j], expected, 0, 1e-14);
    }
    gd_game_destroy(base);
    gd_game_destroy(game);
  }
}
END_TEST

/* Potential: J'v = J v.  Bilinear: J' = -J, J'J = diag(CC', C'C), the field is that of consensus with the same
 * strength. */
START_TEST(leaves_potential_games_alone_and_is_consensus_on_bilinear_ones) {
  const test_game kind = noisy_game();
  gd_game *game = derive(&kind, 2, true), *base, *consensus;
  double x[6], out[6], other[6];
  assert_ok(gd_game_gradient(game, x2, out));
  ck_assert(out[0] == -1 && out[1] == -2);
  ck_assert(gd_game_traits(game) & GD_POTENTIAL);
  gd_game_destroy(game);
  assert_ok(gd_model_find("bilinear")->create_random(&base, 3, 5, NULL));
  assert_ok(gd_derive_symplectic(&game, base, 0.7, false));
  assert_ok(gd_derive_consensus(&consensus, base, 0.7));
  gd_rng rng = gd_rng_make(5, 0);
  gd_rng_fill_normal(&rng, 6, x);
  assert_ok(gd_game_gradient(game, x, out));
  assert_ok(gd_game_gradient(consensus, x, other));
  for (int k = 0; k < 6; k++) assert_close(out[k], other[k], 0, 1e-13);
  gd_game_destroy(base);
  gd_game_destroy(game);
  gd_game_destroy(consensus);
}
END_TEST

START_TEST(keeps_what_it_should_of_the_base) {
  const test_game kinds[] = {rotation_game(), noisy_game(), general_game()};
  const uint32_t traits[] = {GD_AFFINE | GD_THREAD_SAFE, GD_AFFINE | GD_THREAD_SAFE | GD_STOCHASTIC | GD_POTENTIAL,
                             GD_THREAD_SAFE};
  for (size_t k = 0; k < 6; k++) {
    const test_game *kind = &kinds[k / 2];
    gd_game *game = derive(kind, 1, k % 2);
    ck_assert_uint_eq(gd_game_traits(game), traits[k / 2] & (k % 2 ? ~(uint32_t)GD_AFFINE : ~0u));
    ck_assert_uint_eq(gd_game_players(game), kind->n_players);
    ck_assert_uint_eq(gd_game_block_size(game, 1), kind->block_sizes[1]);
    ck_assert_int_eq(gd_game_source(game, GD_UTILITIES), GD_SOURCE_NONE);
    double x[4] = {9, 9, 9, 9};
    assert_ok(gd_game_solution(game, x));
    ck_assert(x[0] == 0 && x[1] == 0);
    gd_game_destroy(game);
  }
  gd_game *game = derive(&kinds[0], 1, false);
  ck_assert_str_eq(gd_game_name(game), "symplectic(rotation)");
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_feasible_sets_in_words) {
  const test_game kind = boxed_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_fails(gd_derive_symplectic(&game, base, 1, true), GD_ERR_UNSUPPORTED,
               "symplectic: the game \"boxed\" has a feasible set");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

/* J = -I: the field is v, noise included. */
START_TEST(hands_its_draw_to_the_base) {
  const test_game kind = noisy_game();
  gd_game *base = create_test_game(&kind, NULL), *game = derive(&kind, 0.5, false);
  const gd_draw draw = {1, 2, 3, 4};
  double v[2], field[2];
  gd_game_set_draw(base, &draw);
  gd_game_set_draw(game, &draw);
  assert_ok(gd_game_gradient(base, x2, v));
  assert_ok(gd_game_gradient(game, x2, field));
  ck_assert(field[0] == v[0] && field[1] == v[1] && v[0] != -1);
  gd_game_destroy(base);
  gd_game_destroy(game);
}
END_TEST

START_TEST(passes_the_check_on_every_base) {
  const test_game kinds[] = {rotation_game(), curved_game(), general_game(), half_plane_game(), noisy_game()};
  const double x[5] = {0.7, 0.9, 0.3, -0.2, 0.1};
  for (size_t k = 0; k < 10; k++) {
    gd_game *game = derive(&kinds[k / 2], 0.5, k % 2);
    assert_ok(gd_game_check(game, x, 1, NULL));
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(costs_one_gradient_and_one_of_each_product_and_fails_as_the_base_fails) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  static const char *const words[] = {"gradient: the game's", "vjp: the game's", "jvp: the game's"};
  double out[2];
  for (int align = 0; align < 2; align++) {
    gd_game *game = derive(&kind, 1, align);
    calls = (failing_calls){0};
    assert_ok(gd_game_gradient(game, x2, out));
    ck_assert_uint_eq(calls.calls, 3);
    for (size_t k = 1; k <= 3; k++) {
      calls = (failing_calls){0, k, -3};
      assert_fails(gd_game_gradient(game, x2, out), GD_ERR_CALLBACK, words[k - 1]);
    }
    const size_t needed = align ? 6 : 3; /* v and its products for the sign, and three products */
    for (size_t k = 1; k <= needed + 1; k++) {
      calls = (failing_calls){0, k, -3};
      ck_assert_int_eq(gd_game_jvp(game, x2, x2, out), k <= needed ? GD_ERR_CALLBACK : GD_OK);
      calls = (failing_calls){0, k, -3};
      ck_assert_int_eq(gd_game_vjp(game, x2, x2, out), k <= needed ? GD_ERR_CALLBACK : GD_OK);
    }
    calls = (failing_calls){0, 2, 5};
    assert_fails(gd_game_gradient(game, x2, out), GD_ERR_DOMAIN, "vjp: x is outside the game's domain");
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(refuses_what_it_cannot_be_made_from) {
  test_game kind = general_game();
  kind.ops.vjp = NULL;
  gd_game *base = create_test_game(&kind, NULL), *game = base;
  assert_fails(gd_derive_symplectic(&game, base, -1, false), GD_ERR_ARGUMENT, "lambda is -1, expected a finite number");
  assert_fails(gd_derive_symplectic(&game, base, NAN, false), GD_ERR_ARGUMENT, "lambda is nan");
  assert_fails(gd_derive_symplectic(&game, base, INFINITY, true), GD_ERR_ARGUMENT, "lambda is inf");
  assert_fails(gd_derive_symplectic(&game, NULL, 1, true), GD_ERR_ARGUMENT, "base is NULL");
  assert_fails(gd_derive_symplectic(NULL, base, 1, true), GD_ERR_ARGUMENT, "game is NULL");
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 3;
  assert_ok(gd_game_configure(base, &options));
  assert_fails(gd_derive_symplectic(&game, base, 1, false), GD_ERR_UNSUPPORTED, "vjp: the game \"general\"");
  ck_assert_ptr_eq(game, base);
  gd_game_destroy(base);
}
END_TEST

static gd_status derive_simply(gd_game **game, gd_game *base) { return gd_derive_symplectic(game, base, 1, true); }

START_TEST(survives_every_refused_allocation) { survive_refused_memory(derive_simply); }
END_TEST

START_TEST(serves_two_threads_through_two_handles) {
  const test_game kind = curved_game();
  serve_two_threads(derive(&kind, 0.5, true));
}
END_TEST

/* Each rank holds a copy of v = M x, x = (x_0, x_1), the unstable M above. */
static int slice_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw, (void)x;
  Ju[0] = unstable[0] * u[0] + unstable[2] * u[1];
  Ju[1] = unstable[1] * u[0] + unstable[3] * u[1];
  return 0;
}

static int slice_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return slice_jvp(data, draw, x, x, v);
}

static int slice_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  (void)data, (void)draw, (void)x;
  Jtw[0] = unstable[0] * w[0] + unstable[1] * w[1];
  Jtw[1] = unstable[2] * w[0] + unstable[3] * w[1];
  return 0;
}

/* The argument: x of this rank in, then its field. */
static void use_on_rank(const gd_env *env, void *argument) {
  const test_game kind = {
      .ops = {.struct_size = sizeof(gd_game_ops), .gradient = slice_gradient, .jvp = slice_jvp, .vjp = slice_vjp},
      .n_players = 2,
      .block_sizes = {1, 1},
      .traits = GD_PARTITIONED | GD_AFFINE | GD_THREAD_SAFE};
  double *at = argument;
  gd_game *base = create_test_game(&kind, env), *game;
  assert_ok(gd_derive_symplectic(&game, base, 0.3, true));
  assert_ok(gd_game_gradient(game, at, at + 2));
  gd_game_destroy(base);
  gd_game_destroy(game);
}

/* The evidence -<v, J'v> <J'v - J v, J'v> / 2 is a number P of the fourth degree in the point.  The points here are
 * r (1, 2) and 0, with r chosen so that P r^4 = -0.3: over n = 4 variables that is -0.075, too weak to turn the
 * sign, but over the 2 of the first rank it would be -0.15, strong enough; -0.5 is strong enough for both. */
START_TEST(weighs_the_evidence_over_all_ranks) {
  static const double wanted[] = {0.3, 0.5};
  double v[2], Jtv[2], Jv[2];
  slice_gradient(NULL, NULL, x2, v);
  slice_vjp(NULL, NULL, x2, v, Jtv);
  slice_jvp(NULL, NULL, x2, v, Jv);
  const double P = -(v[0] * Jtv[0] + v[1] * Jtv[1]) * ((Jtv[0] - Jv[0]) * Jtv[0] + (Jtv[1] - Jv[1]) * Jtv[1]) / 2;
  ck_assert_double_lt(P, 0);
  for (int k = 0; k < 2; k++) {
    const double r = pow(wanted[k] / -P, 0.25), sign = k == 0 ? 1 : -1;
    double first[4] = {r, 2 * r}, second[4] = {0, 0};
    on_two_ranks(use_on_rank, (void *[2]){first, second});
    for (int i = 0; i < 2; i++) assert_close(first[2 + i], r * (v[i] - sign * 0.15 * (Jtv[i] - Jv[i])), 1e-13, 1e-15);
    ck_assert(second[2] == 0 && second[3] == 0);
  }
}
END_TEST

TEST_SUITE("symplectic", adds_damping_to_a_rotation, descends_what_the_paper_descends,
           has_exact_products_on_affine_games, leaves_potential_games_alone_and_is_consensus_on_bilinear_ones,
           keeps_what_it_should_of_the_base, refuses_feasible_sets_in_words, hands_its_draw_to_the_base,
           passes_the_check_on_every_base, costs_one_gradient_and_one_of_each_product_and_fails_as_the_base_fails,
           refuses_what_it_cannot_be_made_from, survives_every_refused_allocation,
           serves_two_threads_through_two_handles, weighs_the_evidence_over_all_ranks)
