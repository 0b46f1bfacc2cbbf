/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- random games of every kind keep their promises at every size, on one thread and several. */
#include <gamedyn/models.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>

static gd_game *make(const gd_model *model, size_t size, uint64_t seed, const gd_env *env) {
  gd_game *game = NULL;
  assert_ok(model->create_random(&game, size, seed, env));
  return game;
}

/* Some point, different in each variable. */
static double *make_point(const gd_game *game) {
  const size_t n = gd_game_size(game);
  double *x = malloc(n * sizeof *x);
  for (size_t k = 0; k < n; k++) x[k] = sin(1.0 + (double)k);
  return x;
}

START_TEST(names_find_their_models) {
  const char *const names[] = {"bilinear", "quadratic", "affine",         "dirac_gan", "nk_planar",
                               "gmm_gan",  "lq_gan",    "covariance_gan", "sparse"};
  for (size_t k = 0; k < 9; k++) {
    const gd_model *model = gd_model_find(names[k]);
    ck_assert_ptr_nonnull(model);
    ck_assert_ptr_eq(model, gd_model_at(k));
    ck_assert_str_eq(model->name, names[k]);
    ck_assert_uint_gt(strlen(model->summary), 10);
  }
  ck_assert_ptr_null(gd_model_at(9));
  ck_assert_ptr_null(gd_model_find("poker"));
  ck_assert_ptr_null(gd_model_find(NULL));
}
END_TEST

START_TEST(every_callback_agrees_with_every_other) {
  static const size_t sizes[] = {1, 2, 3, 7, 8, 9, 30};
  const gd_model *model;
  for (size_t k = 0; (model = gd_model_at(k)) != NULL; k++)
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
      gd_game *game = make(model, sizes[s], s, NULL);
      double *x = make_point(game);
      gd_game_check_report report = {0};
      const gd_status status = gd_game_check(game, x, 5, &report);
      ck_assert_msg(status == GD_OK, "%s of size %zu: %s", model->name, sizes[s], gd_last_error());
      /* nothing was left out */
      ck_assert_double_ge(report.jvp_many_vs_jvp, 0);
      ck_assert_double_ge(report.gradient_many_vs_gradient, 0);
      ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
      ck_assert_double_ge(report.solution_gradient, 0);
      free(x);
      gd_game_destroy(game);
    }
}
END_TEST

/* Bilinear: sigma in [1/2, 5/2] makes eigenvalues +- i sigma.  Quadratic: the symmetric part of J is
 * -diag(A, B), between -5/2 and -1/2, and so are real parts.  Affine: real parts below -1/2. */
START_TEST(spectra_lie_where_the_construction_puts_them) {
  static const double highest[] = {0, -0.5, -0.5};
  for (size_t k = 0; k < sizeof highest / sizeof *highest; k++)
    for (size_t size = 1; size <= 12; size++) {
      const gd_model *model = gd_model_at(k);
      gd_game *game = make(model, size, 100 + size, NULL);
      double *x = make_point(game);
      gd_operator *J = NULL;
      gd_spectrum *spectrum = NULL;
      assert_ok(gd_operator_jacobian(&J, game, x));
      assert_ok(gd_spectrum_compute(&spectrum, J, NULL));
      ck_assert_double_le(gd_spectrum_abscissa(spectrum), highest[k] + 1e-12);
      for (size_t i = 0; k == 0 && i < gd_spectrum_count(spectrum); i++) {
        assert_close(gd_spectrum_real(spectrum)[i], 0, 0, 1e-12);
        ck_assert_double_ge(fabs(gd_spectrum_imaginary(spectrum)[i]), 0.5 - 1e-12);
        ck_assert_double_le(fabs(gd_spectrum_imaginary(spectrum)[i]), 2.5 + 1e-12);
      }
      gd_spectrum_destroy(spectrum);
      gd_operator_destroy(J);
      free(x);
      gd_game_destroy(game);
    }
}
END_TEST

/* Everything a game computes that the executor may share, in one list of numbers. */
static double *evaluate(const gd_model *model, size_t size, uint64_t seed, const gd_env *env, size_t *count) {
  gd_game *game = make(model, size, seed, env);
  const size_t n = gd_game_size(game), lanes = 11;
  double *x = make_point(game), *X = malloc(n * lanes * sizeof *X);
  double *out = calloc(n * (lanes + 4), sizeof *out);
  for (size_t k = 0; k < n * lanes; k++) X[k] = cos((double)k);
  assert_ok(gd_game_gradient(game, x, out));
  assert_ok(gd_game_jvp(game, x, X, out + n));
  assert_ok(gd_game_vjp(game, x, X, out + 2 * n));
  for (size_t i = 0; i < gd_game_players(game); i++)
    assert_ok(gd_game_player_gradient(game, i, x, out + 3 * n + gd_game_block_start(game, i)));
  assert_ok(gd_game_gradient_many(game, lanes, X, out + 4 * n));
  free(x), free(X);
  gd_game_destroy(game);
  *count = n * (lanes + 4);
  return out;
}

START_TEST(the_same_seed_gives_the_same_bits_on_any_number_of_threads) {
  const gd_model *model = gd_model_at((size_t)_i);
  const size_t size = 300; /* large enough to be cut into chunks */
  size_t count;
  double *alone = evaluate(model, size, 7, NULL, &count);
  for (size_t threads = 2; threads <= 4; threads += 2) {
    gd_thread_pool *pool = NULL;
    assert_ok(gd_thread_pool_create(&pool, threads));
    const gd_executor executor = gd_thread_pool_executor(pool);
    const gd_env env = {.struct_size = sizeof env, .executor = &executor};
    double *shared = evaluate(model, size, 7, &env, &count);
    ck_assert_int_eq(memcmp(alone, shared, count * sizeof *alone), 0);
    free(shared);
    gd_thread_pool_destroy(pool);
  }
  double *other = evaluate(model, size, 8, NULL, &count);
  ck_assert_double_ne(alone[0], other[0]);
  free(other), free(alone);
}
END_TEST

START_TEST(sizes_that_cannot_be_are_refused) {
  const gd_model *model;
  gd_game *game = NULL;
  for (size_t k = 0; (model = gd_model_at(k)) != NULL; k++) {
    assert_fails(model->create_random(&game, 0, 1, NULL), GD_ERR_ARGUMENT, "size is 0");
    assert_fails(model->create_random(&game, SIZE_MAX, 1, NULL), GD_ERR_ARGUMENT, "size is ");
    assert_fails(model->create_random(NULL, 2, 1, NULL), GD_ERR_ARGUMENT, "game is NULL");
    assert_fails(model->create_random(&game, 2, 1, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
    ck_assert_ptr_null(game);
  }
}
END_TEST

static gd_status create_each(const gd_env *env, void *argument) {
  (void)argument;
  const gd_model *model;
  gd_status status = GD_OK;
  for (size_t k = 0; status == GD_OK && (model = gd_model_at(k)) != NULL; k++) {
    gd_game *game = NULL;
    status = model->create_random(&game, 3, 1, env);
    gd_game_destroy(game);
  }
  return status;
}

START_TEST(each_refused_allocation_is_survived) { ck_assert_uint_ge(refuse_each_allocation(create_each, NULL), 15); }
END_TEST

Suite *make_suite(void) {
  Suite *suite = suite_create("registry");
  TCase *tcase = tcase_create("registry");
  tcase_set_timeout(tcase, 300);
  tcase_add_test(tcase, names_find_their_models);
  tcase_add_test(tcase, every_callback_agrees_with_every_other);
  tcase_add_test(tcase, spectra_lie_where_the_construction_puts_them);
  tcase_add_loop_test(tcase, the_same_seed_gives_the_same_bits_on_any_number_of_threads, 0, 3);
  tcase_add_test(tcase, sizes_that_cannot_be_are_refused);
  tcase_add_test(tcase, each_refused_allocation_is_survived);
  suite_add_tcase(suite, tcase);
  return suite;
}
