/* SPDX-License-Identifier: BSD-3-Clause */
/* mog_regularised.c -- a GAN of perceptrons on a ring of Gaussians, by conventional updates, with the generator's
 * gradient penalty, and unrolled.
 *
 * Nagarajan & Kolter 2017, "Gradient descent GAN optimization is locally stable", Figure 1, with the settings of their
 * program: 8 Gaussians of deviation 0.02 around a circle of radius 2, batches of 512, 256 latent numbers, a generator
 * of two hidden layers of 128 ReLU units, a discriminator of one that sees x / 4, orthogonal weights with gain 0.8, the
 * saturating utility, Adam with 0.0001 and beta1 = 0.5; the discriminator moves first, each player on samples of its
 * own.  The generator's loss has eta |dV/dw_D|^2 added, eta 0.5 or (conventional) none; or it is taken against the
 * discriminator 10 steps ahead (Metz, Poole, Pfau & Sohl-Dickstein 2017).
 *
 * Their unrolled steps are Adam's; ours are plain gradient steps of --unrolled-step.  At 0.03 they go about as far: the
 * gradient is near 0.08 along the way, and Adam moves 513 weights by 0.0023 at most.
 *
 * Claims tested, of full runs: with the penalty all modes are covered at the end of most runs; these end closer to the
 * target than conventional ones, by the median; and they cover as many modes as unrolled ones ("as powerful as the more
 * complex and slower 10-unrolled GANs").  How soon modes are covered is in the table, and no claim. */
#include <gamedyn/gamedyn.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/options.h"
#include "support/plot.h"
#include "support/ring_figure.h"
#include "support/table.h"

enum { METHODS = 3, MODES = 8, DIMENSION = 2 };
typedef enum method { CONVENTIONAL, REGULARISED, UNROLLED } method;
static const char *const NAMES[METHODS] = {
    [CONVENTIONAL] = "conventional", [REGULARISED] = "regularised", [UNROLLED] = "unrolled"};

/* A run is measured at the ends of equal parts, and shown after as many of them. */
typedef struct division {
  uint64_t parts, shown[RING_PANELS];
} division;
static const division FULL = {70, {0, 3, 8, 50, 70}}, QUICK = {10, {0, 1, 2, 5, 10}};
static const gd_gaussian_ring RING = {.struct_size = sizeof RING, .count = MODES, .radius = 2, .deviation = 0.02};

typedef struct settings {
  uint64_t seeds, steps, seed, threads, batch, width, latent, unrolled;
  double step, eta, unrolled_step;
  bool quick;
  const char *state, *csv, *plot;
} settings;

typedef struct figure {
  ring_figure ring; /* first */
  settings set;
  const division *division;
} figure;

/* ---- a run ---- */

static gd_neural_gan *create_gan(const figure *it, method which, uint64_t seed) {
  const settings *set = &it->set;
  const size_t width = (size_t)set->width, of_G[] = {(size_t)set->latent, width, width, DIMENSION},
               of_D[] = {DIMENSION, width, 1};
  const gd_mlp G = {.struct_size = sizeof G,
                    .layers = 3,
                    .widths = of_G,
                    .initialisation = GD_INITIAL_ORTHOGONAL,
                    .gain = 0.8,
                    .seed = seed};
  gd_mlp D = G;
  D.layers = 2, D.widths = of_D, D.input_scale = 0.25;
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &G,
                                   .discriminator = &D,
                                   .batch = (size_t)set->batch,
                                   .family = GD_FAMILY_STANDARD,
                                   .generator_penalty = which == REGULARISED ? set->eta : 0,
                                   .unrolled_steps = which == UNROLLED ? (size_t)set->unrolled : 0,
                                   .unrolled_step_size = set->unrolled_step};
  return ring_gan_create(&spec, &RING);
}

static gd_stepper *create_stepper(const figure *it, gd_game *game) {
  static const double turns[] = {1, 0}; /* the discriminator first */
  gd_stepper *stepper = NULL;
  must(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
  must(gd_stepper_set_players(stepper, "turn", turns));
  must(gd_stepper_set(stepper, "fresh_draw", 1));
  must(gd_stepper_set_scaling(stepper, GD_SCALING_ADAM));
  must(gd_stepper_set(stepper, "adam.mean_decay", 0.5));
  must_for("--step", gd_stepper_set(stepper, GD_STEP_SIZE, it->set.step));
  return stepper;
}

static void open_run(void *program, size_t run, training_run *own) {
  const figure *it = program;
  const method which = (method)ring_figure_kind(&it->ring, run);
  gd_neural_gan *gan = create_gan(it, which, ring_figure_seed(&it->ring, run));
  own->stepper = create_stepper(it, ring_figure_open(&it->ring, run, gan, own));
}

static void measure_run(void *program, training_run *own, double *row) { ring_figure_measure(program, own, row); }

static void keep_run(void *program, size_t run, training_run *own, uint64_t step) {
  ring_figure_keep(program, run, own, step);
}

/* ---- what came of it ---- */

/* Modes covered early on, on average. */
static double early_modes(const figure *it, method which) {
  double sum = 0;
  for (size_t run = (size_t)which; run < it->ring.plan.runs; run += METHODS)
    sum +=
        it->ring.measured[(run * training_rows(&it->ring.plan) + it->division->shown[1]) * RING_COLUMNS + RING_COVERED];
  return sum / (double)it->set.seeds;
}

/* The first step from which on all modes are covered, by the median; a run that never gets there counts as endless. */
static double median_arrival(const figure *it, method which) {
  static const double half = 0.5;
  const size_t rows = training_rows(&it->ring.plan), seeds = (size_t)it->set.seeds;
  double *arrivals = new_numbers(seeds), median;
  for (size_t k = 0; k < seeds; k++) {
    const double *own = it->ring.measured + (k * METHODS + (size_t)which) * rows * RING_COLUMNS;
    size_t row = rows;
    while (row > 0 && own[(row - 1) * RING_COLUMNS + RING_COVERED] == MODES) row--;
    arrivals[k] = row < rows ? (double)training_step(&it->ring.plan, row) : (double)it->set.steps + 1;
  }
  must(gd_quantiles(seeds, arrivals, 1, &half, &median));
  free(arrivals);
  return median;
}

static void print_runs(const figure *it) {
  text_table *table = table_create(
      "updates|runs|all modes at the end|median Wasserstein-1|median good|modes early on|all modes from step");
  for (method which = CONVENTIONAL; which <= UNROLLED; which++) {
    const double arrival = median_arrival(it, which);
    table_cell(table, "%s", NAMES[which]);
    table_cell(table, "%llu", (unsigned long long)it->set.seeds);
    table_cell(table, "%zu", ring_figure_complete(&it->ring, which));
    table_cell(table, "%.4f", ring_figure_median(&it->ring, which, RING_DISTANCE));
    table_cell(table, "%.3f", ring_figure_median(&it->ring, which, RING_GOOD));
    table_cell(table, "%.1f", early_modes(it, which));
    if (arrival <= (double)it->set.steps)
      table_cell(table, "%.0f", arrival);
    else
      table_cell(table, "-");
  }
  printf("After %llu steps of Adam with %g, batches of %llu; early on: after %llu steps.  Good samples are within 3\n"
         "deviations of a mode.  All modes from step: the median over runs, - if it is beyond the end.\n\n",
         (unsigned long long)it->set.steps, it->set.step, (unsigned long long)it->set.batch,
         (unsigned long long)it->ring.panels[1]);
  table_print(table, stdout);
}

static bool print_claims(const figure *it) {
  printf("\n");
  bool all = ring_figure_claim("with the penalty, most runs end with all modes covered:",
                               2 * ring_figure_complete(&it->ring, REGULARISED) > it->set.seeds);
  all = ring_figure_claim("with it, runs end closer to the target than without, by the median:",
                          ring_figure_median(&it->ring, REGULARISED, RING_DISTANCE) <
                              ring_figure_median(&it->ring, CONVENTIONAL, RING_DISTANCE)) &&
        all;
  return ring_figure_claim("at the end they cover as many modes as unrolled ones, by the median:",
                           ring_figure_median(&it->ring, REGULARISED, RING_COVERED) >=
                               ring_figure_median(&it->ring, UNROLLED, RING_COVERED)) &&
         all;
}

/* ---- the picture ---- */

static void draw(const figure *it) {
  gnuplot *picture = plot_open(it->set.plot, 1500, 1180);
  FILE *script = plot_script(picture);
  fprintf(script,
          "set multiplot title 'Nagarajan and Kolter, Figure 1: a ring of Gaussians, with a gradient penalty on the "
          "generator and unrolled' font ',15'\n");
  ring_gan_mark(script, &RING);
  for (method which = CONVENTIONAL; which <= UNROLLED; which++) ring_figure_draw_row(script, &it->ring, which);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

/* ---- all of it ---- */

static void make_plan(figure *it) {
  const settings *set = &it->set;
  const uint64_t part = set->steps / it->division->parts;
  ring_figure *ring = &it->ring;
  *ring =
      (ring_figure){.ring = &RING, .names = NAMES, .kinds = METHODS, .edge = 3, .seed = set->seed, .batch = set->batch};
  snprintf(ring->words, sizeof ring->words,
           "mog_regularised width %llu latent %llu step %.17g eta %.17g unrolled %llu by %.17g batch %llu steps %llu",
           (unsigned long long)set->width, (unsigned long long)set->latent, set->step, set->eta,
           (unsigned long long)set->unrolled, set->unrolled_step, (unsigned long long)set->batch,
           (unsigned long long)set->steps);
  for (size_t k = 0; k < RING_PANELS; k++) ring->panels[k] = it->division->shown[k] * part;
  ring->plan = (training_plan){.what = "mog_regularised",
                               .settings = ring->words,
                               .runs = METHODS * (size_t)set->seeds,
                               .steps = set->steps,
                               .every = part,
                               .columns = "w1,modes,good",
                               .state = set->state,
                               .threads = set->threads,
                               .program = it,
                               .open = open_run,
                               .measure = measure_run,
                               .keep = keep_run};
}

static void run_all(figure *it) {
  make_plan(it);
  ring_figure_run(&it->ring, it->set.csv);
  print_runs(it);
  if (it->set.plot) draw(it);
}

int main(int argc, char **argv) {
  figure it = {.set = {.step = 1e-4,
                       .eta = 0.5,
                       .unrolled = 10,
                       .unrolled_step = 0.03,
                       .batch = 512,
                       .seed = 1,
                       .seeds = 4,
                       .width = 128,
                       .latent = 256}};
  settings *set = &it.set;
  const option_row rows[] = {
      {"seeds", "K", "runs of each kind; the picture has the first", OPTION_COUNT, &set->seeds, 1, 10000},
      {"steps", "N", "steps of each run, a multiple of 70, of 10 with --quick (70000)", OPTION_COUNT, &set->steps, 10,
       1000000000},
      {"step", "H", "Adam's step size for both players", OPTION_POSITIVE, &set->step, 0, 0},
      {"eta", "E", "weight of the generator's gradient penalty", OPTION_POSITIVE, &set->eta, 0, 0},
      {"unrolled", "K", "steps that the discriminator is unrolled for", OPTION_COUNT, &set->unrolled, 1, 100},
      {"unrolled-step", "H", "their size", OPTION_POSITIVE, &set->unrolled_step, 0, 0},
      {"width", "W", "units in each hidden layer", OPTION_COUNT, &set->width, 1, 1024},
      {"latent", "K", "latent numbers", OPTION_COUNT, &set->latent, 1, 4096},
      {"batch", "M", "samples in each move", OPTION_COUNT, &set->batch, 1, 1000000},
      {"seed", "N", "of the first run; those of the others follow", OPTION_COUNT, &set->seed, 0, UINT32_MAX},
      {"threads", "N", "runs at once; 0: as many as there are processors", OPTION_COUNT, &set->threads, 0, 1024},
      {"state", "DIR", "keep the state of the runs there, and go on from it", OPTION_TEXT, &set->state, 0, 0},
      {"quick", "", "a minute's look: 1000 steps, one seed, no claims", OPTION_FLAG, &set->quick, 0, 0},
      {"csv", "FILE", "write what was measured along all runs", OPTION_OUTPUT, &set->csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set->plot, 0, 0}};
  const usage_text usage = {
      .purpose = "Figure 1 of Nagarajan & Kolter 2017: a GAN of perceptrons on eight Gaussians around a circle, by "
                 "conventional updates,\n"
                 "with a gradient penalty on the generator, and against the discriminator some steps ahead (unrolled).",
      .details = "A full run takes many minutes: keep --state, interrupt at will, and the same command goes on.\n"
                 "Without --quick the claims are tested, whatever the seeds and steps.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);
  if (set->quick) set->seeds = 1;
  if (set->steps == 0) set->steps = set->quick ? 1000 : 70000;
  it.division = set->quick ? &QUICK : &FULL;
  if (set->steps % it.division->parts != 0)
    die("--steps: %llu is not a multiple of %llu", (unsigned long long)set->steps,
        (unsigned long long)it.division->parts);
  run_all(&it);
  const bool all = set->quick || print_claims(&it);
  ring_figure_destroy(&it.ring);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
