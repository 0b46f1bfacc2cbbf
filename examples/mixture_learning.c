/* SPDX-License-Identifier: BSD-3-Clause */
/* mixture_learning.c -- GANs of perceptrons that learn a ring of Gaussians, under the methods of Liang & Stokes.
 *
 * Liang & Stokes 2019, "Interaction Matters", section 4.2 and Figures 2 (bottom) and 3: a WGAN whose generator and
 * discriminator have four hidden layers of 128 ReLU units, latent numbers in the plane, and 8 Gaussians of deviation
 * 0.03 on the unit circle; gradient penalty and consensus term of weight 1, 50,000 simultaneous steps of 0.001, 16
 * seeds.  What counts is the Wasserstein-1 distance between 512 samples of the generator and of the target, solved as
 * an assignment problem.  The consensus term is gamma |grad U|^2 / 2 of the value without the gradient penalty, in both
 * players' losses.
 *
 * The paper does not say how large its batches are, nor how weights start, nor what the predictive method's length is:
 * 256, as in the program that Gulrajani et al. 2017 published for such mixtures, Glorot & Bengio's uniform law (with He
 * et al.'s, twice the variance, consensus steps of this size diverge at once), and a prediction is as long as a step.
 *
 * Claims tested, of full runs: every method has converged in most of them (at 1 a generator is no closer than a point
 * in the middle); and, as the paper says of the mixture, consensus is not set apart from the others: the quartiles of
 * its distances overlap with those of another method. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/cloud.h"
#include "support/die.h"
#include "support/learning.h"
#include "support/plot.h"
#include "support/ring_gan.h"

enum { WIDTH = 128, LAYERS = 5, LATENT = 2, DIMENSION = 2, SHOWN = 8192 };
static const uint64_t JUDGING = 7; /* the stream of the samples that are measured, which no step sees */

/* What is kept of the runs for the picture. */
typedef struct clouds {
  double *samples; /* [runs][DIMENSION * SHOWN] */
} clouds;

static const gd_gaussian_ring RING = {.struct_size = sizeof RING, .count = 8, .radius = 1.0, .deviation = 0.03};

/* ---- a run ---- */

static gd_neural_gan *create_gan(const learning *it, learning_method method, uint64_t seed) {
  static const size_t of_G[] = {LATENT, WIDTH, WIDTH, WIDTH, WIDTH, DIMENSION};
  static const size_t of_D[] = {DIMENSION, WIDTH, WIDTH, WIDTH, WIDTH, 1};
  const gd_mlp G = {.struct_size = sizeof G, .layers = LAYERS, .widths = of_G, .seed = seed};
  const gd_mlp D = {.struct_size = sizeof D, .layers = LAYERS, .widths = of_D, .seed = seed};
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &G,
                                   .discriminator = &D,
                                   .batch = (size_t)it->set.batch,
                                   .family = GD_FAMILY_WASSERSTEIN,
                                   .gradient_penalty = it->set.penalty,
                                   .consensus_penalty = method == LEARNING_CO ? it->set.gamma : 0};
  return ring_gan_create(&spec, &RING);
}

static void open_run(const learning *it, learning_method method, uint64_t seed, training_run *run) {
  gd_neural_gan *gan = create_gan(it, method, seed);
  run->own = gan;
  run->x = new_numbers(gd_game_size(gd_neural_gan_game(gan)));
  must(gd_neural_gan_initial(gan, run->x));
  run->stepper = learning_stepper(it, gd_neural_gan_game(gan), method, seed);
}

static void measure_run(const learning *it, training_run *run, double *row) {
  const gd_draw draw = {it->set.seed, JUDGING, 0, it->set.batch};
  const ring_measure ring = ring_gan_measure(run->own, &draw, run->x, &RING);
  row[0] = ring.distance;
  row[1] = ring.covered;
  row[2] = ring.good;
}

static void close_run(const learning *it, size_t run, training_run *own) {
  const clouds *kept = it->program;
  const gd_draw draw = {it->set.seed, JUDGING, 1, SHOWN};
  gd_neural_gan *gan = own->own;
  cloud_generate(gan, &draw, own->x, SHOWN, kept->samples + run * DIMENSION * SHOWN);
  gd_stepper_destroy(own->stepper);
  gd_neural_gan_destroy(gan);
  free(own->x);
}

/* ---- claims ---- */

enum { FEWEST_SEEDS = 4 }; /* that have quartiles */

static bool most_converged(const learning *it, learning_method method) {
  size_t count = 0;
  for (size_t run = 0; run < learning_runs(it); run++)
    count += learning_method_of(it, run) == method && learning_converged(it, run);
  return 2 * count > it->set.seeds;
}

static bool overlap(const learning *it, learning_method one, learning_method other) {
  double a[LEARNING_LEVELS], b[LEARNING_LEVELS];
  return learning_quantiles(it, one, it->rows - 1, a) && learning_quantiles(it, other, it->rows - 1, b) &&
         a[1] <= b[3] && b[1] <= a[3];
}

static bool is_apart(const learning *it) {
  for (size_t k = 0; k < it->n_methods; k++)
    if (it->methods[k] != LEARNING_CO && overlap(it, LEARNING_CO, it->methods[k])) return false;
  return true;
}

static bool print_claims(const learning *it) {
  bool all = true;
  for (size_t k = 0; k < it->n_methods; k++) {
    const bool holds = most_converged(it, it->methods[k]);
    printf("  %-12s most runs converged: %s\n", learning_words(it->methods[k]), holds ? "holds" : "BROKEN");
    all = all && holds;
  }
  if (!learning_has(it, LEARNING_CO) || it->n_methods == 1) return all;
  if (it->set.seeds < FEWEST_SEEDS) {
    printf("  %-12s not set apart:       not decided by fewer than %d seeds\n", learning_words(LEARNING_CO),
           FEWEST_SEEDS);
    return all;
  }
  printf("  %-12s not set apart:       %s\n", learning_words(LEARNING_CO), is_apart(it) ? "BROKEN" : "holds");
  return all && !is_apart(it);
}

/* ---- the picture ---- */

/* The run whose generator ended closest or, of those that converged, farthest; SIZE_MAX if there is none. */
static size_t find_run(const learning *it, bool farthest) {
  size_t found = SIZE_MAX;
  for (size_t run = 0; run < learning_runs(it); run++) {
    if (!learning_converged(it, run)) continue;
    const double own = learning_end(it, run), best = found < SIZE_MAX ? learning_end(it, found) : NAN;
    if (found == SIZE_MAX || (farthest ? own > best : own < best)) found = run;
  }
  return found;
}

static void draw_run(FILE *script, const learning *it, size_t panel, const char *which, size_t run) {
  const clouds *kept = it->program;
  char title[96];
  if (run == SIZE_MAX) return;
  snprintf(title, sizeof title, "%s: %s, W_1 = %.3f", which, learning_words(learning_method_of(it, run)),
           learning_end(it, run));
  plot_place_panel(script, 2, 2, panel);
  cloud_draw(script, title, SHOWN, kept->samples + run * DIMENSION * SHOWN, 1.5);
}

static void draw(const learning *it) {
  gnuplot *picture = plot_open(it->set.plot, 1200, 1200);
  FILE *script = plot_script(picture);
  fprintf(script,
          "set multiplot title 'Liang and Stokes, Figures 2 and 3: a mixture of Gaussians, learned' font ',15'\n");
  plot_place_panel(script, 2, 2, 0);
  learning_draw_boxes(script, it);
  plot_place_panel(script, 2, 2, 1);
  learning_draw_curves(script, it);
  draw_run(script, it, 2, "best", find_run(it, false));
  draw_run(script, it, 3, "worst", find_run(it, true));
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

int main(int argc, char **argv) {
  static const learning_kind kind = {.program = "mixture_learning",
                                     .columns = "w1,modes,good",
                                     .distance = "Wasserstein-1 distance",
                                     .failed = 1.0,
                                     .open = open_run,
                                     .measure = measure_run,
                                     .close = close_run};
  static const usage_text usage = {
      .purpose = "Figures 2 and 3 of Liang & Stokes 2019: GANs of perceptrons learn 8 Gaussians on a circle, under "
                 "simultaneous,\n"
                 "optimistic, predictive and consensus steps; the distance from the target is Wasserstein-1, exactly.",
      .details = "All 16 seeds in full take hours: keep --state, interrupt at will, and the same command goes on.\n"
                 "Without --quick the claims are tested, whatever the seeds and steps."};
  const learning_settings quick = {.seeds = 1, .steps = 1500, .every = 100};
  clouds kept;
  learning it = {.kind = &kind, .program = &kept, .set = learning_paper(50000)};
  learning_read(&it, &usage, &quick, argc, argv);
  kept.samples = new_matrix(learning_runs(&it), DIMENSION * SHOWN);
  learning_run(&it);
  learning_print(&it);
  const bool all = it.set.quick || print_claims(&it);
  if (it.set.plot) draw(&it);
  free(kept.samples);
  learning_destroy(&it);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
