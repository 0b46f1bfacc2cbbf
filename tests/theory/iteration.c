/* SPDX-License-Identifier: BSD-3-Clause */
/* iteration.c -- derivatives of iterations in closed form against those of the steppers, and Lemma 6. */
#include <gamedyn/models.h>
#include <gamedyn/spectrum.h>
#include <gamedyn/stability.h>
#include <gamedyn/stepper.h>

#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/linear_game.h"
#include "support/suite.h"

enum { MOST = 9 };
static const double origin[MOST] = {0};

static double radius_of(size_t n, const double *M) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_operator_dense(&op, n, n, M, n, NULL));
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  const double radius = gd_spectrum_radius(spectrum);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return radius;
}

/* Random games of two and three players under random turns: the method's own derivative, which knows no formula. */
START_TEST(is_the_derivative_of_the_alternating_method) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    const size_t players = 2 + seed % 2, sizes[] = {1 + seed % 3, 1 + seed / 3 % 3, 1 + seed / 9 % 3};
    const size_t n = sizes[0] + sizes[1] + (players == 3 ? sizes[2] : 0);
    double J[MOST * MOST], M[MOST * MOST], map[MOST * MOST], h[3], turn[3], steps[3];
    uint64_t inner[3];
    size_t order[3];
    gd_rng_fill_normal(&rng, n * n, J);
    for (size_t i = 0; i < players; i++) {
      h[i] = uniform(&rng, 0, 0.5);
      inner[i] = 1 + gd_rng_below(&rng, 3);
      steps[i] = (double)inner[i];
      order[i] = (i + seed / 27) % players;
      turn[order[i]] = (double)i;
    }
    gd_game *game = NULL;
    gd_stepper *stepper = NULL;
    gd_operator *op = NULL;
    assert_ok(gd_model_affine(&game, players, sizes, J, n, NULL, NULL));
    assert_ok(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
    assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, h));
    assert_ok(gd_stepper_set_players(stepper, "inner_steps", steps));
    assert_ok(gd_stepper_set_players(stepper, "turn", turn));
    assert_ok(gd_stepper_map(&op, stepper, origin));
    assert_ok(gd_operator_assemble(op, map, n));
    const gd_alternation turns = {h, inner, order};
    assert_ok(alternating_matrix_at(game, origin, &turns, M, n));
    for (size_t k = 0; k < n * n; k++) assert_close(M[k], map[k], 1e-10, 1e-10);
    gd_operator_destroy(op);
    gd_stepper_destroy(stepper);
    gd_game_destroy(game);
  }
}
END_TEST

/* (I - h L) M = I + h (J - L), the form of the supplement; L holds J_10. */
START_TEST(has_the_form_of_the_supplement) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 1);
    const size_t sizes[] = {1 + seed % 4, 1 + seed / 4 % 4}, n = sizes[0] + sizes[1];
    const double h = uniform(&rng, 0, 1), both[] = {h, h};
    double J[64], M[64];
    gd_rng_fill_normal(&rng, n * n, J);
    gd_game *game = NULL;
    assert_ok(gd_model_affine(&game, 2, sizes, J, n, NULL, NULL));
    const gd_alternation turns = {.step_sizes = both};
    assert_ok(alternating_matrix_at(game, origin, &turns, M, n));
    for (size_t j = 0; j < n; j++)
      for (size_t i = 0; i < n; i++) {
        const bool below = i >= sizes[0];
        double left = M[i + j * n], right = (i == j) + h * J[i + j * n];
        if (below && j < sizes[0]) right -= h * J[i + j * n];
        for (size_t k = 0; k < sizes[0] && below; k++) left -= h * J[i + k * n] * M[k + j * n];
        assert_close(left, right, 1e-12, 1e-12);
      }
    gd_game_destroy(game);
  }
}
END_TEST

/* One singular value: a = sqrt(n_1 n_2 h_1 h_2) sigma decides. */
START_TEST(gains_nothing_on_bilinear_games) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 2);
    const double sigma = log_uniform(&rng, 0.1, 10), h[] = {log_uniform(&rng, 0.01, 3), log_uniform(&rng, 0.01, 3)};
    const uint64_t inner[] = {1 + gd_rng_below(&rng, 4), 1 + gd_rng_below(&rng, 4)};
    gd_game *game = NULL;
    double M[4], modulus;
    assert_ok(gd_model_bilinear(&game, 1, 1, &sigma, 1, NULL));
    const gd_alternation turns = {h, inner, NULL};
    assert_ok(alternating_matrix_at(game, origin, &turns, M, 2));
    const double a = sqrt((double)(inner[0] * inner[1]) * h[0] * h[1]) * sigma;
    assert_ok(gd_alternating_bilinear_modulus(a, &modulus));
    assert_close(radius_of(2, M), modulus, 1e-9, fabs(a - 2) < 1e-3 ? 1e-6 : 0);
    ck_assert((modulus == 1) == (a <= 2));
    gd_game_destroy(game);
  }
}
END_TEST

/* A invertible: A v = 0 exactly where v = 0.  The rate is that of the game with the gradient A v, step by step. */
START_TEST(lemma_6_keeps_fixed_points) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 3);
    const size_t n = 2 + seed % 4, sizes[] = {1, n - 1};
    double J[25], A[25], AJ[25] = {0}, x[5];
    gd_rng_fill_normal(&rng, n * n, J);
    gd_rng_fill_normal(&rng, n * n, A);
    gd_rng_fill_normal(&rng, n, x);
    for (size_t k = 0; k < n && seed % 4 == 0; k++) A[k] = A[k + n]; /* two equal columns: singular */
    for (size_t j = 0; j < n; j++)
      for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) AJ[i + j * n] += A[i + k * n] * J[k + j * n];
    const double h = uniform(&rng, 0.01, 0.5);
    gd_game *game = NULL, *other = NULL;
    gd_stepper *stepper = NULL;
    gd_operator *op = NULL;
    double map[25];
    gd_transformed_report here, there;
    assert_ok(gd_model_affine(&game, 2, sizes, J, n, NULL, NULL));
    assert_ok(gd_model_affine(&other, 2, sizes, AJ, n, NULL, NULL));
    assert_ok(transformed_report_at(game, origin, A, n, h, &here));
    assert_ok(transformed_report_at(game, x, A, n, h, &there));
    ck_assert(here.gradient_norm == 0 && here.move_norm == 0);
    ck_assert(here.invertible == (seed % 4 != 0));
    if (here.invertible)
      ck_assert(there.move_norm >= h * there.least_singular_value * there.gradient_norm * (1 - 1e-10) &&
                there.move_norm > 0);
    assert_ok(gd_stepper_create_named(&stepper, other, GD_SIMULTANEOUS));
    assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, h));
    assert_ok(gd_stepper_map(&op, stepper, origin));
    assert_ok(gd_operator_assemble(op, map, n));
    assert_close(here.rate, radius_of(n, map), 1e-6,
                 0); /* eigenvalues of a differenced matrix, some nearly defective */
    gd_operator_destroy(op);
    gd_stepper_destroy(stepper);
    gd_game_destroy(other);
    gd_game_destroy(game);
  }
}
END_TEST

/* J = 0 and A singular: v = (1, 0) is hidden by A = diag(0, 1): a fixed point where nothing rests. */
START_TEST(shows_why_lemma_6_asks_for_an_inverse) {
  const double J[] = {0, 0, 0, 0}, b[] = {1, 0}, A[] = {0, 0, 0, 1};
  gd_game *game = NULL;
  gd_transformed_report report;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, b, NULL));
  assert_ok(transformed_report_at(game, origin, A, 2, 1, &report));
  ck_assert(report.gradient_norm == 1 && report.move_norm == 0 && !report.invertible && report.rate == 1);
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const double J[] = {-1, 2, -2, -1}, h[] = {0.1, 0.1};
  gd_game *game = NULL;
  gd_transformed_report report;
  double M[4];
  (void)argument;
  GD_TRY(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, env));
  const gd_alternation turns = {.step_sizes = h};
  gd_status status = alternating_matrix_at(game, origin, &turns, M, 2);
  if (status == GD_OK) status = transformed_report_at(game, origin, J, 2, 0.5, &report);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 12); }
END_TEST

START_TEST(says_which_argument_is_wrong) {
  const double J[] = {-1, 2, -2, -1}, h[] = {0.1, NAN}, fine[] = {0.1, 0.1}, nan[] = {1, 0, NAN, 1};
  const size_t order[] = {0, 2};
  gd_game *game = NULL;
  gd_transformed_report report;
  double M[4], modulus;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  const gd_alternation bad = {.step_sizes = h}, good = {.step_sizes = fine}, none = {0}, far = {fine, NULL, order};
  assert_fails(alternating_matrix_at(NULL, origin, &good, M, 2), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(alternating_matrix_at(game, origin, NULL, M, 2), GD_ERR_ARGUMENT, "turns is NULL");
  assert_fails(alternating_matrix_at(game, origin, &good, M, 1), GD_ERR_ARGUMENT, "ldm is 1");
  assert_fails(alternating_matrix_at(game, origin, &bad, M, 2), GD_ERR_ARGUMENT, "step size 1 is nan");
  assert_fails(alternating_matrix_at(game, origin, &none, M, 2), GD_ERR_ARGUMENT, "step_sizes is NULL");
  assert_fails(alternating_matrix_at(game, origin, &far, M, 2), GD_ERR_ARGUMENT, "order[1] is 2");
  assert_fails(gd_alternating_bilinear_modulus(-1, &modulus), GD_ERR_ARGUMENT, "a is -1");
  assert_fails(gd_alternating_bilinear_modulus(1, NULL), GD_ERR_ARGUMENT, "modulus is NULL");
  assert_fails(transformed_report_at(game, origin, NULL, 2, 1, &report), GD_ERR_ARGUMENT, "A is NULL");
  assert_fails(transformed_report_at(game, origin, J, 1, 1, &report), GD_ERR_ARGUMENT, "lda is 1");
  assert_fails(transformed_report_at(game, origin, J, (size_t)1 << 31, 1, &report), GD_ERR_UNSUPPORTED,
               "a matrix of side 2147483648 is too large");
  assert_fails(transformed_report_at(game, origin, J, 2, 0, &report), GD_ERR_ARGUMENT, "step_size is 0");
  assert_fails(transformed_report_at(game, origin, nan, 2, 1, &report), GD_ERR_NONFINITE, "A[0, 1] is");
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("iteration", is_the_derivative_of_the_alternating_method, has_the_form_of_the_supplement,
           gains_nothing_on_bilinear_games, lemma_6_keeps_fixed_points, shows_why_lemma_6_asks_for_an_inverse,
           survives_every_refused_allocation, says_which_argument_is_wrong)
