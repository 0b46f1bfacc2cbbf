/* SPDX-License-Identifier: BSD-3-Clause */
/* mog_consensus.c -- a GAN of perceptrons on a ring of Gaussians, by simultaneous gradients and by consensus.
 *
 * Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs", Figures 2 and 3.  Networks of four hidden layers of 16 ReLU
 * units, 16 latent numbers, 8 Gaussians of deviation 0.01 on the unit circle, batches of 512 with 64 samples of each,
 * Goodfellow et al.'s utilities with the generator's saturating or not (--loss; the authors' program has both), RMSProp
 * with 0.0001, gamma 10, 20,000 steps.  Weights start by Glorot & Bengio's uniform law, biases at 0.
 *
 * The picture has the densities at each fourth of the way, Figure 2's among them, and all eigenvalues of
 * the field's Jacobian v' and the regularised field's w', before and after training by consensus, as in Figure 3.
 * Jacobians are assembled from exact products, and are means over batches.  The authors' program takes v' - gamma v''
 * v'
 * (' of a matrix: transposed) for w'; here w' is the derivative of w, second derivatives of v included.
 *
 * Claims tested, of full runs: consensus ends with all modes covered in most runs, and closer to the target in
 * Wasserstein-1 distance than simultaneous gradients, by the median; and, after training, w' has fewer eigenvalues next
 * to the imaginary axis (|re| < |im| / 10) than v'. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/mean_spectrum.h"
#include "support/options.h"
#include "support/plot.h"
#include "support/ring_figure.h"
#include "support/table.h"

enum { METHODS = 2, LAYERS = 5, LATENT = 16, DIMENSION = 2 };
enum { NORM = RING_COLUMNS, COLUMNS }; /* what is measured beside the ring */
typedef enum method { SIMULTANEOUS, CONSENSUS } method;
static const char *const NAMES[METHODS] = {[SIMULTANEOUS] = "simultaneous", [CONSENSUS] = "consensus"};
static const gd_gaussian_ring RING = {
    .struct_size = sizeof RING, .count = 8, .radius = 1, .deviation = 0.01, .balanced = true};

typedef struct settings {
  uint64_t seeds, steps, seed, threads, batch, batches, width;
  double step, gamma;
  int loss;
  bool quick;
  const char *state, *csv, *plot;
} settings;

enum { FIELD, REGULARISED, FIELDS };
enum { BEFORE, AFTER, TIMES };

typedef struct figure {
  ring_figure ring; /* first */
  settings set;
  mean_spectrum spectra[TIMES][FIELDS];
} figure;

/* ---- a run ---- */

static gd_neural_gan *create_gan(const figure *it, method which, uint64_t seed) {
  const size_t width = (size_t)it->set.width;
  const size_t of_G[] = {LATENT, width, width, width, width, DIMENSION},
               of_D[] = {DIMENSION, width, width, width, width, 1};
  const gd_mlp G = {.struct_size = sizeof G, .layers = LAYERS, .widths = of_G, .seed = seed};
  const gd_mlp D = {.struct_size = sizeof D, .layers = LAYERS, .widths = of_D, .seed = seed};
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &G,
                                   .discriminator = &D,
                                   .batch = (size_t)it->set.batch,
                                   .family = it->set.loss ? GD_FAMILY_NON_SATURATING : GD_FAMILY_STANDARD,
                                   .consensus_penalty = which == CONSENSUS ? it->set.gamma : 0};
  return ring_gan_create(&spec, &RING);
}

static void open_run(void *program, size_t run, training_run *own) {
  const figure *it = program;
  const method which = (method)ring_figure_kind(&it->ring, run);
  gd_game *game = ring_figure_open(&it->ring, run, create_gan(it, which, ring_figure_seed(&it->ring, run)), own);
  must(gd_stepper_create_named(&own->stepper, game, GD_SIMULTANEOUS));
  must(gd_stepper_set_scaling(own->stepper, GD_SCALING_RMSPROP)); /* whose defaults are the authors' */
  must_for("--step", gd_stepper_set(own->stepper, GD_STEP_SIZE, it->set.step));
}

static double norm_of_field(const gd_game *base, const gd_draw *draw, const double *x) {
  gd_game *game = NULL;
  must(gd_game_dup(&game, base));
  double *v = new_numbers(gd_game_size(game)), sum = 0;
  gd_game_set_draw(game, draw);
  const bool finite = gd_game_gradient(game, x, v) == GD_OK;
  for (size_t k = 0; k < gd_game_size(game); k++) sum += v[k] * v[k];
  free(v);
  gd_game_destroy(game);
  return finite ? sqrt(sum) : NAN;
}

static void measure_run(void *program, training_run *own, double *row) {
  const figure *it = program;
  const gd_draw draw = ring_figure_draw(&it->ring, 0);
  ring_figure_measure(&it->ring, own, row);
  row[NORM] = norm_of_field(gd_neural_gan_game(own->own), &draw, own->x);
}

/* ---- what is kept for the picture ---- */

/* Both fields' at a point of a run by consensus. */
static void find_spectra(figure *it, const training_run *own, size_t time) {
  gd_neural_gan *plain = create_gan(it, SIMULTANEOUS, it->set.seed);
  const gd_draw draw = ring_figure_draw(&it->ring, 1);
  it->spectra[time][FIELD] = mean_spectrum_of(gd_neural_gan_game(plain), &draw, it->set.batches, own->x);
  it->spectra[time][REGULARISED] = mean_spectrum_of(gd_neural_gan_game(own->own), &draw, it->set.batches, own->x);
  gd_neural_gan_destroy(plain);
}

static void keep_run(void *program, size_t run, training_run *own, uint64_t step) {
  figure *it = program;
  if (!ring_figure_keep(&it->ring, run, own, step) || it->set.batches == 0) return;
  if (ring_figure_kind(&it->ring, run) == CONSENSUS && step % it->set.steps == 0)
    find_spectra(it, own, step > 0 ? AFTER : BEFORE);
}

/* ---- what came of it ---- */

static void print_runs(const figure *it) {
  text_table *table = table_create("method|runs|all modes covered|median Wasserstein-1|median good|median norm of v");
  for (method which = SIMULTANEOUS; which <= CONSENSUS; which++) {
    table_cell(table, "%s", NAMES[which]);
    table_cell(table, "%llu", (unsigned long long)it->set.seeds);
    table_cell(table, "%zu", ring_figure_complete(&it->ring, which));
    table_cell(table, "%.4f", ring_figure_median(&it->ring, which, RING_DISTANCE));
    table_cell(table, "%.3f", ring_figure_median(&it->ring, which, RING_GOOD));
    table_cell(table, "%.3g", ring_figure_median(&it->ring, which, NORM));
  }
  printf("After %llu steps of %g, gamma %g, batches of %llu; good samples are within 3 deviations of a mode.\n\n",
         (unsigned long long)it->set.steps, it->set.step, it->set.gamma, (unsigned long long)it->set.batch);
  table_print(table, stdout);
}

static void print_spectra(const figure *it) {
  static const char *const words[TIMES][FIELDS] = {{"v' before training", "w' before training"},
                                                   {"v' after training", "w' after training"}};
  text_table *table =
      table_create("Jacobian|eigenvalues|largest real part|next to the imaginary axis|off the right half");
  for (size_t k = 0; k < TIMES * FIELDS; k++) {
    const mean_spectrum *of = &it->spectra[k / FIELDS][k % FIELDS];
    table_cell(table, "%s", words[k / FIELDS][k % FIELDS]);
    table_cell(table, "%zu", of->n);
    table_cell(table, "%.4g", mean_spectrum_abscissa(of));
    table_cell(table, "%.1f %%", 100 * mean_spectrum_share_narrow(of));
    table_cell(table, "%.1f %%", 100 * mean_spectrum_share_left(of));
  }
  printf("\n");
  table_print(table, stdout);
}

static bool print_claims(const figure *it) {
  printf("\n");
  bool all = ring_figure_claim("consensus covers all modes in most runs:",
                               2 * ring_figure_complete(&it->ring, CONSENSUS) > it->set.seeds);
  all = ring_figure_claim("consensus ends closer to the target, by the median:",
                          ring_figure_median(&it->ring, CONSENSUS, RING_DISTANCE) <
                              ring_figure_median(&it->ring, SIMULTANEOUS, RING_DISTANCE)) &&
        all;
  if (it->set.batches == 0) return all;
  return ring_figure_claim("w' has fewer eigenvalues next to the imaginary axis than v', after:",
                           mean_spectrum_share_narrow(&it->spectra[AFTER][REGULARISED]) <
                               mean_spectrum_share_narrow(&it->spectra[AFTER][FIELD])) &&
         all;
}

/* ---- the picture ---- */

static void draw_spectra(FILE *script, const figure *it) {
  static const char *const titles[TIMES * FIELDS] = {"v' before training", "w' before training, clipped at -3.5",
                                                     "v' after training", "w' after training, clipped at -3.5"};
  for (size_t k = 0; k < TIMES * FIELDS; k++) {
    plot_place_panel(script, RING_PANELS, 3, 2 * RING_PANELS + k);
    fputs(k ? "unset ylabel\n" : "set ylabel 'Im' offset 1.5\n", script);
    mean_spectrum_draw(script, &it->spectra[k / FIELDS][k % FIELDS], titles[k]);
  }
}

/* The distance along the first seed's runs. */
static void draw_distances(FILE *script, const figure *it) {
  const size_t rows = training_rows(&it->ring.plan);
  for (size_t run = 0; run < METHODS; run++) {
    fprintf(script, "$run%zu << EOD\n", run);
    for (size_t row = 0; row < rows; row++)
      fprintf(script, "%llu %.6g\n", (unsigned long long)training_step(&it->ring.plan, row),
              it->ring.measured[(run * rows + row) * COLUMNS]);
    fprintf(script, "EOD\n");
  }
  plot_place_panel(script, RING_PANELS, 3, 3 * RING_PANELS - 1);
  fprintf(script,
          "set title 'Wasserstein-1 distance' font ',13'\nset xrange [0:%llu]\nset yrange [0:*]\nset xlabel 'steps'\n"
          "set xtics %llu\nset key top right\nplot $run0 using 1:2 with lines linetype 2 title 'simultaneous', "
          "$run1 using 1:2 with lines linetype 1 title 'consensus'\n",
          (unsigned long long)it->set.steps, (unsigned long long)it->set.steps / 2);
}

static void draw(const figure *it) {
  gnuplot *picture = plot_open(it->set.plot, 1500, 1180);
  FILE *script = plot_script(picture);
  fprintf(script,
          "set multiplot title 'Mescheder, Nowozin and Geiger, Figures 2 and 3: a ring of Gaussians' font ',15'\n");
  ring_gan_mark(script, &RING);
  ring_figure_draw_row(script, &it->ring, SIMULTANEOUS);
  ring_figure_draw_row(script, &it->ring, CONSENSUS);
  fprintf(script, "unset object\n");
  if (it->set.batches > 0) draw_spectra(script, it);
  draw_distances(script, it);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

/* ---- all of it ---- */

static void make_plan(figure *it) {
  const settings *set = &it->set;
  ring_figure *ring = &it->ring;
  *ring = (ring_figure){
      .ring = &RING, .names = NAMES, .kinds = METHODS, .edge = 1.6, .seed = set->seed, .batch = set->batch};
  snprintf(ring->words, sizeof ring->words,
           "mog_consensus width %llu step %.17g gamma %.17g batch %llu loss %s steps %llu",
           (unsigned long long)set->width, set->step, set->gamma, (unsigned long long)set->batch,
           set->loss ? "non-saturating" : "saturating", (unsigned long long)set->steps);
  for (size_t k = 0; k < RING_PANELS; k++) ring->panels[k] = k * (set->steps / (RING_PANELS - 1));
  ring->plan = (training_plan){.what = "mog_consensus",
                               .settings = ring->words,
                               .runs = METHODS * (size_t)set->seeds,
                               .steps = set->steps,
                               .every = set->steps / (set->quick ? 20 : 40),
                               .columns = "w1,modes,good,field",
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
  if (it->set.batches > 0) print_spectra(it);
  if (it->set.plot) draw(it);
}

static void figure_destroy(figure *it) {
  for (size_t k = 0; k < TIMES * FIELDS; k++) mean_spectrum_destroy(&it->spectra[k / FIELDS][k % FIELDS]);
  ring_figure_destroy(&it->ring);
}

int main(int argc, char **argv) {
  figure it = {
      .set = {.step = 1e-4, .gamma = 10, .batch = 512, .seed = 1, .seeds = 4, .batches = 10, .width = 16, .loss = 1}};
  settings *set = &it.set;
  const option_row rows[] = {
      {"seeds", "K", "runs of each method; the picture has the first", OPTION_COUNT, &set->seeds, 1, 10000},
      {"steps", "N", "steps of each run, a multiple of 40 (20000)", OPTION_COUNT, &set->steps, 40, 1000000000},
      {"step", "H", "step size of both players", OPTION_POSITIVE, &set->step, 0, 0},
      {"gamma", "G", "weight of the consensus term", OPTION_POSITIVE, &set->gamma, 0, 0},
      {"loss", "saturating|non-saturating", "what the generator wants", OPTION_CHOICE, &set->loss, 0, 0},
      {"width", "W", "units in each hidden layer", OPTION_COUNT, &set->width, 1, 1024},
      {"batch", "M", "samples in each step", OPTION_COUNT, &set->batch, 1, 1000000},
      {"batches", "N", "that Jacobians are means over; 0: no eigenvalues", OPTION_COUNT, &set->batches, 0, 10000},
      {"seed", "N", "of the first run; those of the others follow", OPTION_COUNT, &set->seed, 0, UINT32_MAX},
      {"threads", "N", "runs at once; 0: as many as there are processors", OPTION_COUNT, &set->threads, 0, 1024},
      {"state", "DIR", "keep the state of the runs there, and go on from it", OPTION_TEXT, &set->state, 0, 0},
      {"quick", "", "a minute's look: 800 steps, one seed, one batch for Jacobians, no claims", OPTION_FLAG,
       &set->quick, 0, 0},
      {"csv", "FILE", "write what was measured along all runs", OPTION_OUTPUT, &set->csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set->plot, 0, 0}};
  const usage_text usage = {
      .purpose = "Figures 2 and 3 of Mescheder, Nowozin & Geiger 2017: a GAN of perceptrons on eight Gaussians around "
                 "a circle, by\n"
                 "simultaneous gradients and by consensus, and all eigenvalues of both fields before and after.",
      .details = "A run takes a minute or so, and so do the eigenvalues.  Without --quick the claims are tested, "
                 "whatever the\n"
                 "seeds and steps.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);
  if (set->quick) set->seeds = 1, set->batches = set->batches > 0;
  if (set->steps == 0) set->steps = set->quick ? 800 : 20000;
  if (set->steps % 40 != 0) die("--steps: %llu is not a multiple of 40", (unsigned long long)set->steps);
  run_all(&it);
  const bool all = set->quick || print_claims(&it);
  figure_destroy(&it);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
