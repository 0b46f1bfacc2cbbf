/* SPDX-License-Identifier: BSD-3-Clause */
/* consensus_batches.c -- estimators of J'v averaged over every batch there can be.
 *
 * The game has three samples with v_s = M_s x + b_s and J_s = M_s; a batch is a list of samples.  Which ones belong to
 * a draw is set by the test, so that all batches can be gone through and expectations are plain means. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <string.h>

enum { SAMPLES = 3, PARTS = 3, BATCHES = 27 };

static const double M[SAMPLES][4] = {{1, 2, -1, 0.5}, {-2, 0, 3, 1}, {0.5, -1, 1, -3}},
                    b[SAMPLES][2] = {{1, 0}, {0, -2}, {3, 1}};
static const double x[2] = {0.75, -1.25};
static const double gamma_ = 0.5;
static const gd_draw whole = {11, 22, 33, PARTS};

typedef struct lottery {
  size_t first[PARTS], second[PARTS]; /* samples of the draw's batch, one a part; of the second batch */
} lottery;

static bool is_child(const gd_draw *draw, uint64_t child, uint64_t batch_size) {
  const gd_rng parent = gd_draw_rng(&whole), own = gd_rng_split(&parent, child);
  return draw->seed == own.seed && draw->stream == own.stream && draw->batch_size == batch_size;
}

/* The samples a draw means: how many, and which. */
static size_t samples_of(const lottery *l, const gd_draw *draw, size_t *samples) {
  static const size_t all[SAMPLES] = {0, 1, 2};
  if (!draw) return memcpy(samples, all, sizeof all), (size_t)SAMPLES;
  if (draw->seed == whole.seed) return memcpy(samples, l->first, sizeof l->first), (size_t)PARTS;
  for (uint64_t k = 0; k < PARTS; k++)
    if (is_child(draw, k, 1)) return *samples = l->first[k], (size_t)1;
  ck_assert(is_child(draw, 0, PARTS));
  return memcpy(samples, l->second, sizeof l->second), (size_t)PARTS;
}

static int gradient(void *data, const gd_draw *draw, const double *at, double *v) {
  size_t samples[PARTS];
  const size_t count = samples_of(data, draw, samples);
  v[0] = v[1] = 0;
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < 2; i++)
      v[i] += (M[samples[k]][i] * at[0] + M[samples[k]][i + 2] * at[1] + b[samples[k]][i]) / (double)count;
  return 0;
}

static int vjp(void *data, const gd_draw *draw, const double *at, const double *w, double *Jtw) {
  size_t samples[PARTS];
  const size_t count = samples_of(data, draw, samples);
  (void)at;
  Jtw[0] = Jtw[1] = 0;
  for (size_t k = 0; k < count; k++)
    for (size_t j = 0; j < 2; j++)
      Jtw[j] += (M[samples[k]][2 * j] * w[0] + M[samples[k]][2 * j + 1] * w[1]) / (double)count;
  return 0;
}

static gd_game *create(lottery *l, const gd_env *env) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient, .vjp = vjp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = l,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){1, 1},
                             .traits = GD_STOCHASTIC,
                             .env = env};
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

static gd_game *derive(gd_game *base, gd_consensus_estimator estimator, size_t parts) {
  gd_game *game = NULL;
  gd_consensus_options options;
  gd_consensus_options_init(&options);
  options.gamma = gamma_, options.estimator = estimator, options.parts = parts;
  assert_ok(gd_derive_consensus_with(&game, base, &options));
  return game;
}

static void choose(size_t samples[PARTS], size_t number) {
  for (size_t k = 0; k < PARTS; k++, number /= SAMPLES) samples[k] = number % SAMPLES;
}

/* Mean of the field over all batches, and all second ones where there are. */
static void average(lottery *l, gd_game *game, bool second, double mean[2]) {
  const size_t others = second ? BATCHES : 1;
  mean[0] = mean[1] = 0;
  for (size_t k = 0; k < BATCHES; k++)
    for (size_t other = 0; other < others; other++) {
      double field[2];
      choose(l->first, k);
      choose(l->second, other);
      gd_game_set_draw(game, &whole);
      assert_ok(gd_game_gradient(game, x, field));
      for (size_t i = 0; i < 2; i++) mean[i] += field[i] / (double)(BATCHES * others);
    }
}

/* v - gamma (E[J]'E[v] + share (E[J_s'v_s] - E[J]'E[v])) */
static void expected(double share, double out[2]) {
  lottery unused = {{0}, {0}};
  double v[2], pull[2], own[2] = {0, 0};
  gradient(&unused, NULL, x, v);
  vjp(&unused, NULL, x, v, pull);
  for (size_t s = 0; s < SAMPLES; s++) {
    const double v_s[2] = {M[s][0] * x[0] + M[s][2] * x[1] + b[s][0], M[s][1] * x[0] + M[s][3] * x[1] + b[s][1]};
    for (size_t j = 0; j < 2; j++) own[j] += (M[s][2 * j] * v_s[0] + M[s][2 * j + 1] * v_s[1]) / SAMPLES;
  }
  for (size_t j = 0; j < 2; j++) out[j] = v[j] - gamma_ * (pull[j] + share * (own[j] - pull[j]));
}

static void assert_mean(gd_consensus_estimator estimator, size_t parts, bool second, double share) {
  lottery l = {{0}, {0}};
  gd_game *base = create(&l, NULL), *game = derive(base, estimator, parts);
  double mean[2], exact[2];
  average(&l, game, second, mean);
  expected(share, exact);
  for (size_t i = 0; i < 2; i++) assert_close(mean[i], exact[i], 1e-13, 0);
  gd_game_destroy(game);
  gd_game_destroy(base);
}

/* One batch of m is biased by the covariance over m; the others are not. */
START_TEST(estimators_have_the_bias_they_should) {
  double plain[2], biased[2];
  assert_mean(GD_CONSENSUS_ONE_BATCH, 0, false, 1.0 / PARTS);
  assert_mean(GD_CONSENSUS_TWO_BATCHES, 0, true, 0);
  assert_mean(GD_CONSENSUS_DEBIASED, 0, false, 0);
  assert_mean(GD_CONSENSUS_DEBIASED, PARTS, false, 0);
  expected(0, plain);
  expected(1.0 / PARTS, biased);
  ck_assert(fabs(plain[0] - biased[0]) > 0.1); /* which can be told */
}
END_TEST

/* (|sum v_i|^2 - sum |v_i|^2) / (2 m (m - 1)) = sum over i != j of v_i'v_j / (2 m (m - 1)) is the regulariser whose
 * gradient this is: against differences of it, batch by batch. */
static double regulariser(const lottery *l, const double *at) {
  double sum = 0;
  for (size_t i = 0; i < PARTS; i++)
    for (size_t j = 0; j < PARTS; j++)
      for (size_t k = 0; k < 2 && i != j; k++) {
        const size_t s = l->first[i], t = l->first[j];
        sum += (M[s][k] * at[0] + M[s][k + 2] * at[1] + b[s][k]) * (M[t][k] * at[0] + M[t][k + 2] * at[1] + b[t][k]);
      }
  return sum / (2 * PARTS * (PARTS - 1));
}

START_TEST(debiased_field_descends_the_debiased_regulariser) {
  lottery l = {{0}, {0}};
  gd_game *base = create(&l, NULL), *game = derive(base, GD_CONSENSUS_DEBIASED, 0);
  for (size_t batch = 0; batch < BATCHES; batch++) {
    double field[2], v[2];
    choose(l.first, batch);
    gd_game_set_draw(game, &whole);
    assert_ok(gd_game_gradient(game, x, field));
    gradient(&l, &whole, x, v);
    for (size_t i = 0; i < 2; i++) {
      double up[2] = {x[0], x[1]}, down[2] = {x[0], x[1]};
      up[i] += 0.5, down[i] -= 0.5; /* it is quadratic: any difference is exact */
      assert_close(field[i], v[i] - gamma_ * (regulariser(&l, up) - regulariser(&l, down)), 1e-12, 1e-12);
    }
  }
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(is_the_plain_field_without_a_draw_and_repeats_itself_with_one) {
  lottery l = {{0, 1, 2}, {2, 2, 0}};
  gd_game *base = create(&l, NULL);
  for (int estimator = 0; estimator <= GD_CONSENSUS_DEBIASED; estimator++) {
    gd_game *game = derive(base, (gd_consensus_estimator)estimator, 0);
    double exact[2], field[2], again[2];
    expected(0, exact);
    assert_ok(gd_game_gradient(game, x, field));
    for (size_t i = 0; i < 2; i++) assert_close(field[i], exact[i], 1e-14, 1e-14);
    gd_game_set_draw(game, &whole);
    assert_ok(gd_game_gradient(game, x, field));
    assert_ok(gd_game_gradient(game, x, again));
    ck_assert_mem_eq(field, again, sizeof field);
    gd_game_destroy(game);
  }
  gd_game_destroy(base);
}
END_TEST

START_TEST(says_which_batches_cannot_be_cut) {
  lottery l = {{0}, {0}};
  gd_game *base = create(&l, NULL), *game = derive(base, GD_CONSENSUS_DEBIASED, 2);
  double field[2];
  gd_game_set_draw(game, &whole);
  assert_fails(gd_game_gradient(game, x, field), GD_ERR_UNSUPPORTED, "a batch of 3 cannot be debiased in 2 parts");
  gd_game_destroy(game);
  game = derive(base, GD_CONSENSUS_DEBIASED, 0);
  const gd_draw lone = {11, 22, 33, 1};
  gd_game_set_draw(game, &lone);
  assert_fails(gd_game_gradient(game, x, field), GD_ERR_UNSUPPORTED, "a batch of 1 cannot");
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(says_which_option_is_wrong) {
  lottery l = {{0}, {0}};
  gd_game *base = create(&l, NULL), *game = NULL;
  gd_consensus_options options;
  gd_consensus_options_init(&options);
  ck_assert(options.gamma == 1 && options.estimator == GD_CONSENSUS_ONE_BATCH && options.parts == 0);
  options.gamma = -1;
  assert_fails(gd_derive_consensus_with(&game, base, &options), GD_ERR_ARGUMENT, "gamma is -1");
  options.gamma = 1, options.estimator = 3;
  assert_fails(gd_derive_consensus_with(&game, base, &options), GD_ERR_ARGUMENT, "estimator is 3");
  options.estimator = GD_CONSENSUS_DEBIASED, options.parts = 1;
  assert_fails(gd_derive_consensus_with(&game, base, &options), GD_ERR_ARGUMENT, "parts is 1");
  options.struct_size = 0;
  assert_fails(gd_derive_consensus_with(&game, base, &options), GD_ERR_STRUCT, "gd_consensus_options");
  assert_fails(gd_derive_consensus_with(&game, NULL, NULL), GD_ERR_ARGUMENT, "base is NULL");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  lottery l = {{0, 1, 2}, {0}};
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient, .vjp = vjp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = &l,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){1, 1},
                             .traits = GD_STOCHASTIC,
                             .env = env};
  gd_game *base = NULL, *game = NULL;
  gd_consensus_options options;
  double field[2];
  (void)argument;
  gd_consensus_options_init(&options);
  options.estimator = GD_CONSENSUS_DEBIASED;
  GD_TRY(gd_game_create(&base, &spec));
  gd_status status = gd_derive_consensus_with(&game, base, &options);
  if (status == GD_OK) gd_game_set_draw(game, &whole);
  if (status == GD_OK) status = gd_game_gradient(game, x, field);
  gd_game_destroy(game);
  gd_game_destroy(base);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 10); }
END_TEST

TEST_SUITE("consensus_batches", estimators_have_the_bias_they_should, debiased_field_descends_the_debiased_regulariser,
           is_the_plain_field_without_a_draw_and_repeats_itself_with_one, says_which_batches_cannot_be_cut,
           says_which_option_is_wrong, survives_every_refused_allocation)
