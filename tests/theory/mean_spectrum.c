/* SPDX-License-Identifier: BSD-3-Clause */
/* mean_spectrum.c -- eigenvalues of mean Jacobians and their standard errors, where both are known in closed form. */
#include <gamedyn/mean_spectrum.h>

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <math.h>

enum { N = 3, DRAWS = 40 };

static const gd_draw first = {.seed = 5, .stream = 2, .index = 100, .batch_size = 1};

/* Three normal numbers of a draw. */
static void numbers_of(const gd_draw *draw, double g[3]) {
  gd_rng rng = gd_draw_rng(draw);
  gd_rng_fill_normal(&rng, 3, g);
}

/* J = [[a, -w, 0], [w, a, 0], [c, 0, b]], a = -2 + g0 / 10, w = 3 + g1 / 5, b = -1 + g2 / 4, c = 7 g0: its eigenvalues
 * a +- i w and b do not depend on c. */
static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  double g[3] = {0};
  (void)data, (void)x;
  if (draw) numbers_of(draw, g);
  const double a = -2 + g[0] / 10, w = 3 + g[1] / 5, b = -1 + g[2] / 4;
  Ju[0] = a * u[0] - w * u[1];
  Ju[1] = w * u[0] + a * u[1];
  Ju[2] = 7 * g[0] * u[0] + b * u[2];
  return 0;
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) { return jvp(data, draw, x, x, v); }

static gd_status make_game(gd_game **game, const gd_env *env) {
  static const size_t sizes[] = {1, 2};
  const gd_game_ops ops = {.struct_size = sizeof ops, .name = "turning", .gradient = gradient, .jvp = jvp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .n_players = 2,
                             .block_sizes = sizes,
                             .traits = GD_STOCHASTIC,
                             .env = env};
  return gd_game_create(game, &spec);
}

typedef struct sample {
  double mean, error;
} sample;

/* Of scale times number k of the draws. */
static sample sample_of(size_t k, double scale) {
  double sum = 0, squares = 0;
  for (int pass = 0; pass < 2; pass++)
    for (uint64_t t = 0; t < DRAWS; t++) {
      gd_draw draw = first;
      double g[3];
      draw.index += t;
      numbers_of(&draw, g);
      if (pass == 0) sum += scale * g[k] / DRAWS;
      if (pass == 1) squares += pow(scale * g[k] - sum, 2);
    }
  return (sample){sum, sqrt(squares / (DRAWS - 1) / DRAWS)};
}

/* The mean has the same shape, its first two variables turn by themselves, and b is the lone entry of its column: moves
 * are those of a, w and b, whatever c is. */
START_TEST(finds_means_and_errors) {
  const double x[N] = {0.5, -1, 2};
  const sample a = sample_of(0, 0.1), w = sample_of(1, 0.2), b = sample_of(2, 0.25);
  double re[N], im[N], re_error[N], im_error[N];
  gd_game *game = NULL;
  assert_ok(make_game(&game, NULL));
  assert_ok(gd_mean_eigenvalues(game, x, &first, DRAWS, re, im, re_error, im_error));
  assert_close(re[0], -1 + b.mean, 1e-13, 0); /* the largest real part first */
  assert_close(re_error[0], b.error, 1e-11, 0);
  ck_assert(im[0] == 0 && im_error[0] == 0);
  for (int k = 1; k < N; k++) {
    assert_close(re[k], -2 + a.mean, 1e-13, 0);
    assert_close(im[k], (k == 1 ? 1 : -1) * (3 + w.mean), 1e-13, 0);
    assert_close(re_error[k], a.error, 1e-11, 0);
    assert_close(im_error[k], w.error, 1e-11, 0);
  }
  gd_game_destroy(game);
}
END_TEST

START_TEST(finds_means_alone) {
  const double x[N] = {0};
  double re[N], im[N];
  gd_game *game = NULL;
  assert_ok(make_game(&game, NULL));
  assert_ok(gd_mean_eigenvalues(game, x, &first, DRAWS, re, im, NULL, NULL));
  assert_close(re[0], -1 + sample_of(2, 0.25).mean, 1e-13, 0);
  ck_assert(!gd_game_get_draw(game, NULL)); /* the game is not changed */
  gd_game_destroy(game);
}
END_TEST

/* v = (x1, 0): a Jordan block has one direction of eigenvectors. */
static int jordan(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = x[1], v[1] = 0;
  return 0;
}

START_TEST(has_no_error_for_a_jordan_block) {
  static const size_t sizes[] = {1, 1};
  const double x[2] = {0};
  double re[2], im[2], re_error[2] = {0}, im_error[2];
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = jordan, .jvp = NULL};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = sizes, .traits = GD_AFFINE};
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  assert_ok(gd_mean_eigenvalues(game, x, &first, 2, re, im, re_error, im_error));
  ck_assert(re[0] == 0 && re[1] == 0 && isinf(re_error[0]) && isinf(re_error[1]));
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_what_is_wrong) {
  const double x[N] = {0};
  double re[N] = {7, 7, 7}, im[N], error[N];
  gd_eval_options options;
  gd_game *game = NULL;
  gd_eval_options_init(&options);
  assert_ok(make_game(&game, NULL));
  ck_assert_int_eq(gd_mean_eigenvalues(game, x, &first, 0, re, im, NULL, NULL), GD_ERR_ARGUMENT);
  ck_assert_int_eq(gd_mean_eigenvalues(game, x, &first, 1, re, im, error, error), GD_ERR_ARGUMENT);
  ck_assert_int_eq(gd_mean_eigenvalues(game, x, &first, 2, re, im, error, NULL), GD_ERR_ARGUMENT);
  ck_assert_int_eq(gd_mean_eigenvalues(game, x, NULL, 2, re, im, NULL, NULL), GD_ERR_ARGUMENT);
  options.dense_limit = 2;
  assert_ok(gd_game_configure(game, &options));
  ck_assert_int_eq(gd_mean_eigenvalues(game, x, &first, 2, re, im, NULL, NULL), GD_ERR_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "3 variables, more than dense_limit"));
  ck_assert(re[0] == 7);
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const double x[N] = {0};
  double re[N], im[N], re_error[N], im_error[N];
  gd_game *game = NULL;
  (void)argument;
  GD_TRY(make_game(&game, env));
  const gd_status status = gd_mean_eigenvalues(game, x, &first, 3, re, im, re_error, im_error);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 8); }
END_TEST

TEST_SUITE("mean_spectrum", finds_means_and_errors, finds_means_alone, has_no_error_for_a_jordan_block,
           says_what_is_wrong, survives_every_refused_allocation)
