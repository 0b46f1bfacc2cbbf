/* SPDX-License-Identifier: BSD-3-Clause */
/* linearisation.c -- a game at a point: what is read from it, and how often the game is asked. */
#include <gamedyn/models.h>
#include <math.h>

#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/linear_game.h"
#include "support/matrices.h"
#include "support/suite.h"

enum { MOST = 12 };
static const double origin[MOST] = {0};

/* An affine game of two players, v = J x. */
static gd_game *affine(size_t p, size_t q, const double *J) {
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){p, q}, J, p + q, NULL, NULL));
  return game;
}

static gd_linearisation *linearise(gd_game *game, const double *x) {
  gd_linearisation *at = NULL;
  assert_ok(gd_linearise(&at, game, x, NULL));
  return at;
}

/* J = [[-a, -b], [b, -a]] is normal with the eigenvalues -a +- ib: |J| = hypot(a, b), the symmetric part is -a I, the
 * antisymmetric part has the norm b. */
START_TEST(reads_what_a_rotation_is) {
  const double a = 0.5, b = 3, J[] = {-a, b, -b, -a};
  gd_game *game = affine(1, 1, J);
  gd_linearisation *at = linearise(game, (const double[]){1, 0});
  const gd_spectrum *spectrum;
  gd_nonnormality found;
  const double *values, *matrix;
  double norm, least, largest, rotation;
  size_t null;
  ck_assert_ptr_eq(gd_linearisation_game(at), game);
  ck_assert_uint_eq(gd_linearisation_size(at), 2);
  ck_assert(gd_linearisation_is_dense(at));
  assert_close(gd_linearisation_point(at)[0], 1, 0, 0);
  assert_close(gd_linearisation_gradient(at)[1], b, 0, 0);
  assert_close(gd_linearisation_gradient_norm(at), hypot(a, b), 1e-15, 0);
  assert_ok(gd_linearisation_matrix(at, &matrix));
  for (size_t k = 0; k < 4; k++) assert_close(matrix[k], J[k], 0, 0);
  assert_ok(gd_linearisation_spectrum(at, &spectrum));
  ck_assert(gd_spectrum_complete(spectrum));
  assert_close(gd_spectrum_real(spectrum)[0], -a, 1e-15, 0);
  assert_close(gd_spectrum_imaginary(spectrum)[0], b, 1e-15, 0);
  assert_ok(gd_linearisation_norm(at, &norm));
  assert_close(norm, hypot(a, b), 1e-15, 0);
  assert_ok(gd_linearisation_singular_values(at, &values));
  assert_close(values[1], hypot(a, b), 1e-15, 0);
  assert_ok(gd_linearisation_symmetric_part(at, &least, &largest));
  assert_close(least, -a, 1e-15, 0);
  assert_close(largest, -a, 1e-15, 0);
  assert_ok(gd_linearisation_rotation(at, &rotation));
  assert_close(rotation, b, 1e-15, 0);
  assert_ok(gd_linearisation_nonnormality(at, &found));
  assert_close(found.departure, 0, 0, 1e-15);
  assert_ok(gd_linearisation_null_directions(at, &null));
  ck_assert_uint_eq(null, 0);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* J = [[-1, c], [0, -2]] has the eigenvalues -1 and -2, so that |J|_F^2 - 1 - 4 = c^2: the departure is |c|, however
 * small.  The symmetric part has the eigenvalues -3/2 +- hypot(1, c) / 2. */
START_TEST(knows_how_far_from_normal_it_is) {
  for (double c = 1e-12; c < 1e6; c *= 10) {
    const double J[] = {-1, 0, c, -2};
    gd_game *game = affine(1, 1, J);
    gd_linearisation *at = linearise(game, origin);
    gd_nonnormality found;
    assert_ok(gd_linearisation_nonnormality(at, &found));
    assert_close(found.departure, c, 1e-9, 1e-15);
    assert_close(found.numerical_abscissa, -1.5 + hypot(1, c) / 2, 1e-14, 1e-14);
    gd_linearisation_destroy(at);
    gd_game_destroy(game);
  }
}
END_TEST

/* The squares of R'R neither overflow nor vanish. */
START_TEST(measures_rotations_of_any_size) {
  for (int e = -300; e <= 300; e += 50) {
    const double b = 3 * pow(10, e), J[] = {0, b, -b, 0};
    gd_game *game = affine(1, 1, J);
    gd_linearisation *at = linearise(game, origin);
    double rotation;
    assert_ok(gd_linearisation_rotation(at, &rotation));
    assert_close(rotation, b, 1e-14, 0);
    gd_linearisation_destroy(at);
    gd_game_destroy(game);
  }
}
END_TEST

/* ---- how often the game is asked ---- */

static void ask_everything(gd_linearisation *at) {
  gd_classification kind;
  gd_game_constants constants;
  gd_field_constants field;
  gd_consensus_report consensus;
  gd_nonnormality nonnormality;
  const gd_spectrum *spectrum;
  double M[MOST * MOST];
  const gd_alternation turns = {.step_sizes = (const double[]){0.1, 0.1}};
  assert_ok(gd_classify(at, NULL, &kind));
  assert_ok(gd_game_constants_compute(at, 0, 0, 0, &constants));
  assert_ok(gd_field_constants_compute(at, &field));
  assert_ok(gd_consensus_report_compute(at, 1, &consensus));
  assert_ok(gd_linearisation_nonnormality(at, &nonnormality));
  assert_ok(gd_alternating_matrix(at, &turns, M, gd_linearisation_size(at)));
  assert_ok(gd_linearisation_spectrum(at, &spectrum));
}

/* Whatever is asked, and however often: one matrix of J, and no product beyond those that measure the noise of J. */
START_TEST(asks_for_the_jacobian_once) {
  test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  double x[5];
  gd_counts after_one, after_two;
  assert_ok(gd_game_solution(game, x));
  gd_linearisation *at = linearise(game, x);
  gd_classification first;
  assert_ok(gd_classify(at, NULL, &first));
  gd_game_counts(game, &after_one);
  ck_assert_uint_eq(after_one.jacobians, 1);
  for (int k = 0; k < 3; k++) {
    gd_game_reset_counts(game);
    ask_everything(at);
    gd_game_counts(game, &after_two);
    ck_assert_uint_eq(after_two.jacobians, 0);
    ck_assert_uint_le(after_two.jvps, after_one.jvps); /* gd_classify measures again */
  }
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* ---- by products ---- */

/* Random zero-sum games with damping, as a matrix and by products: a dense_limit of 1 forbids matrices. */
START_TEST(finds_by_products_what_the_matrix_says) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    const size_t p = 3 + seed % 4, q = 3 + seed / 4 % 3, n = p + q;
    double J[MOST * MOST], value[2], least[2], largest[2], rotation[2];
    gd_rng_fill_normal(&rng, n * n, J);
    for (size_t j = 0; j < n; j++)
      for (size_t i = 0; i < n; i++) {
        if ((i < p) != (j < p) && i > j) J[i + j * n] = -J[j + i * n];
        if (i == j) J[i + j * n] -= 5;
      }
    gd_game *game = affine(p, q, J);
    gd_spectrum_options options;
    gd_spectrum_options_init(&options);
    for (int k = 0; k < 2; k++) {
      options.dense_limit = k ? 1 : 100;
      gd_linearisation *at = NULL;
      gd_field_constants field;
      assert_ok(gd_linearise(&at, game, origin, &options));
      ck_assert_int_eq(gd_linearisation_is_dense(at), !k);
      assert_ok(gd_linearisation_norm(at, &value[k]));
      assert_ok(gd_linearisation_symmetric_part(at, &least[k], &largest[k]));
      assert_ok(gd_linearisation_rotation(at, &rotation[k]));
      assert_ok(gd_field_constants_compute(at, &field));
      assert_close(field.lipschitz, value[k], 0, 0);
      gd_linearisation_destroy(at);
    }
    assert_close(value[1], value[0], 1e-9, 0);
    assert_close(least[1], least[0], 1e-9, 0);
    assert_close(largest[1], largest[0], 1e-9, 1e-9);
    assert_close(rotation[1], rotation[0], 1e-9, 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* C = diag(1, 2, ..., 40): the ends of the spectrum +- i s are the ends of 1 ... 40, six from each. */
START_TEST(finds_the_ends_of_a_bilinear_game) {
  enum { SIDE = 40 };
  double C[SIDE * SIDE] = {0}, x[2 * SIDE] = {0};
  for (size_t k = 0; k < SIDE; k++) C[k + k * SIDE] = (double)(k + 1);
  gd_game *game = NULL;
  gd_spectrum_options options;
  gd_linearisation *at = NULL;
  const gd_spectrum *spectrum;
  gd_spectrum_options_init(&options);
  options.dense_limit = 1;
  assert_ok(gd_model_bilinear(&game, SIDE, SIDE, C, SIDE, NULL));
  assert_ok(gd_linearise(&at, game, x, &options));
  assert_ok(gd_linearisation_spectrum(at, &spectrum));
  ck_assert(!gd_spectrum_complete(spectrum));
  ck_assert_uint_eq(gd_spectrum_count(spectrum), 24);
  double seen = 0;
  for (size_t k = 0; k < 24; k += 2) {
    const double s = gd_spectrum_imaginary(spectrum)[k];
    assert_close(gd_spectrum_real(spectrum)[k], 0, 0, 0);
    assert_close(s, round(s), 1e-9, 0);
    ck_assert(s < 6.5 || s > 34.5);
    seen += s;
  }
  assert_close(seen, 1 + 2 + 3 + 4 + 5 + 6 + 35 + 36 + 37 + 38 + 39 + 40, 1e-9, 0);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* ---- draws, memory, arguments ---- */

/* What was seen at one draw stays, whatever draw the game goes on to; the game keeps the draw it has. */
START_TEST(keeps_the_draw_it_was_made_at) {
  test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.batch_size = 4;
  assert_ok(gd_game_configure(game, &options));
  gd_draw draw = {0}, now = {0};
  gd_linearisation *at = linearise(game, origin);
  double v[2];
  assert_ok(gd_game_gradient(game, origin, v));
  gd_game_next_draw(game);
  ck_assert(gd_game_get_draw(game, &draw));
  gd_classification c;
  assert_ok(gd_classify(at, NULL, &c));
  assert_close(c.gradient_norm, hypot(v[0], v[1]), 1e-15, 0);
  ck_assert(gd_game_get_draw(game, &now));
  ck_assert_uint_eq(now.index, draw.index);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

static gd_status ask_all(gd_game *game, gd_stepper *stepper, const double *x) {
  gd_linearisation *at = NULL;
  gd_classification kind;
  gd_consensus_report consensus;
  gd_field_constants field;
  gd_game_constants constants;
  gd_nonnormality nonnormality;
  double h;
  GD_TRY(gd_linearise(&at, game, x, NULL));
  gd_status status = gd_classify(at, NULL, &kind);
  if (status >= 0) status = gd_consensus_report_compute(at, 1, &consensus);
  if (status >= 0) status = gd_field_constants_compute(at, &field);
  if (status >= 0) status = gd_game_constants_compute(at, 0.1, 2, 0, &constants);
  if (status >= 0) status = gd_linearisation_nonnormality(at, &nonnormality);
  if (status >= 0) status = gd_largest_stable_step(stepper, at, &h);
  gd_linearisation_destroy(at);
  return status;
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  test_game kind = curved_game();
  bool done = false;
  for (size_t fail_at = 1; !done; fail_at += 1 + fail_at / 40) {
    failing_memory memory;
    failing_memory_init(&memory, 0);
    gd_game *game = create_test_game(&kind, &memory.env);
    gd_stepper *stepper = NULL;
    double x[5];
    assert_ok(gd_game_solution(game, x));
    assert_ok(gd_game_prepare(game, 0x7f));
    assert_ok(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
    const size_t live = memory.live;
    memory.calls = 0;
    memory.fail_at = fail_at;
    const gd_status status = ask_all(game, stepper, x);
    done = memory.calls < fail_at;
    ck_assert_int_eq(status, done ? GD_OK : GD_ERR_MEMORY);
    ck_assert_uint_le(memory.live, live + 16); /* the game may keep scratch of its own */
    gd_stepper_destroy(stepper);
    gd_game_destroy(game);
    ck_assert_uint_eq(memory.live, 0);
  }
}
END_TEST

START_TEST(says_what_it_cannot_answer) {
  const double J[] = {-1, 1, -1, -1}, one = 1, zero = 0, nowhere[] = {0, NAN};
  gd_game *game = affine(1, 1, J), *wide = affine(1, 2, (const double[]){-1, 0, 0, 0, -1, 0, 0, 0, -1});
  gd_linearisation *at = NULL, *known = NULL, *other = linearise(wide, origin);
  gd_spectrum *spectrum = NULL;
  gd_stepper *stepper = NULL;
  gd_classification c;
  const double *matrix = NULL;
  double value = 7;
  assert_fails(gd_linearise(NULL, game, origin, NULL), GD_ERR_ARGUMENT, "linearisation is NULL");
  assert_fails(gd_linearise(&at, NULL, origin, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_linearise(&at, game, NULL, NULL), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_linearise(&at, game, nowhere, NULL), GD_ERR_NONFINITE, "x[1] is nan");
  assert_ok(gd_spectrum_from_values(&spectrum, 1, &one, &zero, NULL));
  assert_ok(gd_linearise_spectrum(&known, spectrum, NULL));
  ck_assert_uint_eq(gd_linearisation_size(known), 1);
  assert_fails(gd_classify(known, NULL, &c), GD_ERR_UNSUPPORTED, "only eigenvalues are known");
  assert_fails(gd_linearisation_matrix(known, &matrix), GD_ERR_UNSUPPORTED, "only eigenvalues are known");
  assert_fails(gd_linearisation_norm(known, &value), GD_ERR_UNSUPPORTED, "only eigenvalues are known");
  assert_fails(gd_linearisation_singular_values(known, &matrix), GD_ERR_UNSUPPORTED, "only eigenvalues are known");
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_fails(gd_rate(stepper, other, 0.1, &value), GD_ERR_ARGUMENT, "2 variables and the linearisation's 3");
  assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, (const double[]){0.1, 0.2}));
  assert_fails(gd_rate(stepper, known, 0.1, &value), GD_ERR_UNSUPPORTED, "only eigenvalues are known");
  ck_assert_ptr_null(at);
  ck_assert_ptr_null(matrix);
  assert_close(value, 7, 0, 0);
  gd_linearisation_destroy(NULL);
  gd_stepper_destroy(stepper);
  gd_linearisation_destroy(other);
  gd_linearisation_destroy(known);
  gd_spectrum_destroy(spectrum);
  gd_game_destroy(wide);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("linearisation", reads_what_a_rotation_is, knows_how_far_from_normal_it_is, measures_rotations_of_any_size,
           asks_for_the_jacobian_once, finds_by_products_what_the_matrix_says, finds_the_ends_of_a_bilinear_game,
           keeps_the_draw_it_was_made_at, leaks_nothing_when_memory_runs_out, says_what_it_cannot_answer)
