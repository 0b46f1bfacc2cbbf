/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance_learning.c -- a GAN that learns the covariance of Gaussian data, under the methods of Liang & Stokes.
 *
 * Liang & Stokes 2019, "Interaction Matters", section 4.1 and Figure 2 (top): data N(0, S) in the plane, S = A A', a
 * linear generator V z of 16 latent numbers, a discriminator of one hidden layer of 128 ReLU units without biases; a
 * WGAN with gradient penalty and consensus term of weight 1, 100,000 simultaneous steps of 0.001, 16 seeds.  What
 * counts is the Frobenius norm |S - V V'|.  The value U is in closed form (their Eq. 10); the points of the gradient
 * penalty are drawn.  The consensus term is gamma |grad U|^2 / 2, without the penalty, in both players' losses.
 *
 * The paper does not say how large its batches are, how weights start, nor what A and the predictive method's length
 * are: 256 points, Glorot & Bengio's uniform law, the matrix below, and a prediction as long as a step.
 *
 * Claim tested, of full runs: consensus ends closest, its median below that of every other method; the paper shows it
 * apart by orders of magnitude. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/learning.h"
#include "support/plot.h"

enum { DIMENSION = 2, LATENT = 16, UNITS = 128, SIZE = DIMENSION * LATENT + UNITS * (1 + DIMENSION) };
static const double A[DIMENSION * DIMENSION] = {1.2, -0.5, 0.4, 0.8}; /* by columns */

/* ---- the games ---- */

/* A GAN with a consensus term that leaves its gradient penalty out. */
typedef struct consensus_beside_penalty {
  gd_game *penalised, *value;
  double gamma, field[SIZE], pull[SIZE];
} consensus_beside_penalty;

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  consensus_beside_penalty *own = data;
  gd_game_set_draw(own->penalised, draw);
  if (gd_game_gradient(own->penalised, x, v) < 0) return 1;
  if (gd_game_gradient(own->value, x, own->field) < 0) return 1;
  if (gd_game_vjp(own->value, x, own->field, own->pull) < 0) return 1;
  for (size_t k = 0; k < SIZE; k++) v[k] -= own->gamma * own->pull[k];
  return 0;
}

static void destroy(void *data) {
  consensus_beside_penalty *own = data;
  gd_game_destroy(own->penalised);
  gd_game_destroy(own->value);
  free(own);
}

static gd_game *create_plain(double penalty) {
  double S[DIMENSION * DIMENSION];
  for (size_t k = 0; k < DIMENSION * DIMENSION; k++) {
    const size_t i = k % DIMENSION, j = k / DIMENSION;
    S[k] = A[i] * A[j] + A[i + DIMENSION] * A[j + DIMENSION];
  }
  const gd_covariance_gan spec = {.struct_size = sizeof spec,
                                  .dimension = DIMENSION,
                                  .latent = LATENT,
                                  .units = UNITS,
                                  .covariance = S,
                                  .ldc = DIMENSION,
                                  .penalty = penalty};
  gd_game *game = NULL;
  must(gd_model_covariance_gan(&game, &spec, NULL));
  return game;
}

static gd_game *create_consensus(double penalty, double gamma) {
  consensus_beside_penalty *own = new_array(NULL, 1, sizeof *own);
  own->penalised = create_plain(penalty);
  own->value = create_plain(0);
  own->gamma = gamma;
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .name = "covariance consensus", .gradient = gradient, .destroy = destroy};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = own,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){DIMENSION * LATENT, UNITS * (1 + DIMENSION)},
                             .traits = penalty > 0 ? GD_STOCHASTIC : 0};
  gd_game *game = NULL;
  must(gd_game_create(&game, &spec));
  return game;
}

/* ---- a run ---- */

/* Uniform within sqrt(6 / (in + out)) of 0 (Glorot & Bengio 2010). */
static void start_weights(gd_rng *rng, size_t in, size_t out, double *weights) {
  const double width = sqrt(6.0 / (double)(in + out));
  gd_rng_fill_uniform(rng, in * out, weights);
  for (size_t k = 0; k < in * out; k++) weights[k] = width * (2 * weights[k] - 1);
}

static void open_run(const learning *it, learning_method method, uint64_t seed, training_run *run) {
  gd_rng rng = gd_rng_make(seed, 0);
  gd_game *game =
      method == LEARNING_CO ? create_consensus(it->set.penalty, it->set.gamma) : create_plain(it->set.penalty);
  run->own = game;
  run->x = new_numbers(SIZE);
  start_weights(&rng, LATENT, DIMENSION, run->x);
  start_weights(&rng, UNITS, 1, run->x + DIMENSION * LATENT);
  start_weights(&rng, DIMENSION, UNITS, run->x + DIMENSION * LATENT + UNITS);
  run->stepper = learning_stepper(it, game, method, seed);
}

/* |S - V V'|, S = A A' */
static void measure_run(const learning *it, training_run *run, double *row) {
  (void)it;
  const double *V = run->x;
  double sum = 0;
  for (size_t i = 0; i < DIMENSION; i++)
    for (size_t j = 0; j < DIMENSION; j++) {
      double miss = 0;
      for (size_t k = 0; k < DIMENSION; k++) miss += A[i + k * DIMENSION] * A[j + k * DIMENSION];
      for (size_t k = 0; k < LATENT; k++) miss -= V[i + k * DIMENSION] * V[j + k * DIMENSION];
      sum += miss * miss;
    }
  *row = sqrt(sum);
}

static void close_run(const learning *it, size_t number, training_run *run) {
  (void)it, (void)number;
  gd_stepper_destroy(run->stepper);
  gd_game_destroy(run->own);
  free(run->x);
}

/* ---- claims and picture ---- */

static bool is_below(const learning *it, learning_method one, learning_method other) {
  double a[LEARNING_LEVELS], b[LEARNING_LEVELS];
  return learning_quantiles(it, one, it->rows - 1, a) && learning_quantiles(it, other, it->rows - 1, b) &&
         a[LEARNING_MEDIAN] < b[LEARNING_MEDIAN];
}

static bool print_claims(const learning *it) {
  bool all = true;
  for (size_t k = 0; k < it->n_methods; k++) {
    if (it->methods[k] == LEARNING_CO || !learning_has(it, LEARNING_CO)) continue;
    const bool holds = is_below(it, LEARNING_CO, it->methods[k]);
    printf("  consensus ends closer than %-12s: %s\n", learning_words(it->methods[k]), holds ? "holds" : "BROKEN");
    all = all && holds;
  }
  return all;
}

static void draw(const learning *it) {
  gnuplot *picture = plot_open(it->set.plot, 1300, 640);
  FILE *script = plot_script(picture);
  fprintf(
      script,
      "set multiplot title 'Liang and Stokes, Figure 2 (top): the covariance of Gaussian data, learned' font ',15'\n");
  plot_place_panel(script, 2, 1, 0);
  learning_draw_boxes(script, it);
  plot_place_panel(script, 2, 1, 1);
  learning_draw_curves(script, it);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

int main(int argc, char **argv) {
  static const learning_kind kind = {.program = "covariance_learning",
                                     .columns = "distance",
                                     .distance = "|S - V V'|",
                                     .failed = INFINITY,
                                     .logarithmic = true,
                                     .open = open_run,
                                     .measure = measure_run,
                                     .close = close_run};
  static const usage_text usage = {
      .purpose =
          "Figure 2 (top) of Liang & Stokes 2019: a linear generator learns the covariance of Gaussian data from a\n"
          "discriminator of 128 units, under simultaneous, optimistic, predictive and consensus steps.",
      .details = "Implicit steps (iu) cost some ten times as much as the others, and are left out unless asked for.\n"
                 "Without --quick the claims are tested, whatever the seeds and steps."};
  const learning_settings quick = {.seeds = 3, .steps = 5000, .every = 100};
  learning it = {.kind = &kind, .set = learning_paper(100000)};
  learning_read(&it, &usage, &quick, argc, argv);
  learning_run(&it);
  learning_print(&it);
  const bool all = it.set.quick || print_claims(&it);
  if (it.set.plot) draw(&it);
  learning_destroy(&it);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
