/* SPDX-License-Identifier: BSD-3-Clause */
/* own_gan.c -- a GAN on data of your own: train it, and look at where it came to rest.
 *
 * The data are rows of a file, a sample each; every coordinate is brought to mean 0 and deviation 1.  Two perceptrons
 * of tanh units play on minibatches by Adam.  What is measured, and looked at in the end, is the game on samples that
 * stay the same: some rows of the file, evenly spaced, and as many latent numbers.  That game is deterministic and
 * smooth, so that its gradient v and its Jacobian J mean what they say: Newton's method goes on to where v vanishes,
 * and the eigenvalues of J tell what kind of point that is and which method would arrive there first. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/options.h"
#include "support/output.h"
#include "support/own_data.h"
#include "support/plot.h"
#include "support/resting.h"
#include "support/table.h"
#include "support/training.h"

enum { MOST_LAYERS = 8, COLUMNS = 2 };

typedef struct settings {
  const char *data, *state, *csv, *samples, *eigenvalues, *plot;
  uint64_t generator_units, discriminator_units, depth, latent, batch, points, seeds, steps, seed, threads;
  uint64_t products, dense_limit;
  double r1, step, gamma;
  int family;
  bool quick;
} settings;

static const gd_gan_family FAMILIES[] = {GD_FAMILY_STANDARD, GD_FAMILY_NON_SATURATING, GD_FAMILY_WASSERSTEIN,
                                         GD_FAMILY_LEAST_SQUARES};
#define FAMILY_WORDS "standard|non-saturating|wasserstein|least-squares"

typedef struct session {
  settings set;
  own_data data;
  size_t rows;
  double *measured;      /* [seeds][rows][COLUMNS] */
  resting_point *points; /* [seeds] */
  double **generated;    /* [seeds], at those points [dimension by points] */
  double *distances;     /* [seeds], of these from the data */
} session;

/* One seed's: the game that is played, and the game that is looked at. */
typedef struct gans {
  gd_neural_gan *played, *looked_at;
} gans;

static resting_options options_of(const settings *set) {
  return (resting_options){set->products, (size_t)set->dense_limit, set->gamma};
}

/* ---- a run ---- */

/* Of the data's own rows, or of those that stay the same. */
static gd_neural_gan *create_gan(const session *it, uint64_t seed, bool fixed) {
  const settings *set = &it->set;
  size_t of_G[MOST_LAYERS + 2], of_D[MOST_LAYERS + 2];
  const size_t last = (size_t)set->depth + 1;
  for (size_t k = 1; k < last; k++) of_G[k] = (size_t)set->generator_units, of_D[k] = (size_t)set->discriminator_units;
  of_G[0] = (size_t)set->latent, of_G[last] = of_D[0] = gd_matrix_rows(it->data.all), of_D[last] = 1;
  const gd_mlp G = {
      .struct_size = sizeof G, .layers = last, .widths = of_G, .activation = GD_ACTIVATION_TANH, .seed = seed};
  gd_mlp D = G;
  D.widths = of_D;
  gd_sampler data = fixed ? own_data_fixed(&it->data) : own_data_drawn(&it->data), latent = {0};
  gd_neural_gan *gan = NULL;
  must(gd_sampler_normal(&latent, 0, NULL));
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &G,
                                   .discriminator = &D,
                                   .batch = fixed ? gd_matrix_columns(it->data.fixed) : (size_t)set->batch,
                                   .data = &data,
                                   .latent = &latent,
                                   .family = FAMILIES[set->family],
                                   .r1 = set->r1};
  must(gd_neural_gan_create(&gan, &spec, NULL));
  return gan;
}

static void name_run(void *program, size_t run, char name[TRAINING_NAME]) {
  const session *it = program;
  snprintf(name, TRAINING_NAME, "seed-%llu", (unsigned long long)(it->set.seed + run));
}

/* Step sizes fall to 0 along a line, so that minibatches move the point less and less. */
static double fall(void *context, uint64_t step) {
  const settings *set = context;
  return 1 - (double)step / (double)set->steps;
}

static void open_run(void *program, size_t run, training_run *own) {
  session *it = program;
  gans *both = new_array(NULL, 1, sizeof *both);
  *both = (gans){create_gan(it, it->set.seed + run, false), create_gan(it, it->set.seed + run, true)};
  gd_game *game = gd_neural_gan_game(both->played);
  gd_eval_options draws;
  gd_eval_options_init(&draws);
  draws.seed = it->set.seed + run, draws.batch_size = it->set.batch;
  must(gd_game_configure(game, &draws));
  must(gd_stepper_create_named(&own->stepper, game, GD_SIMULTANEOUS));
  must(gd_stepper_set_scaling(own->stepper, GD_SCALING_ADAM));
  must(gd_stepper_set(own->stepper, "adam.mean_decay", 0.5));
  must_for("--step", gd_stepper_set(own->stepper, GD_STEP_SIZE, it->set.step));
  must(gd_stepper_schedule(own->stepper, GD_STEP_SIZE, fall, &it->set));
  own->x = new_numbers(gd_game_size(game));
  must(gd_neural_gan_initial(both->played, own->x));
  own->own = both;
}

/* |v| and the Wasserstein-1 distance, on the samples that stay the same. */
static double distance_at(const session *it, gd_neural_gan *gan, const double *x, double *generated) {
  const gd_matrix *real = it->data.fixed;
  double found = NAN;
  must(gd_neural_gan_generate(gan, NULL, x, generated));
  must(gd_wasserstein_1(gd_matrix_rows(real), gd_matrix_columns(real), gd_matrix_values(real), generated, &found, NULL,
                        NULL));
  return found;
}

static void measure_run(void *program, training_run *own, double *row) {
  const session *it = program;
  const gans *both = own->own;
  gd_game *game = gd_neural_gan_game(both->looked_at);
  double *v = new_numbers(gd_game_size(game)),
         *generated = new_matrix(gd_matrix_rows(it->data.fixed), gd_matrix_columns(it->data.fixed));
  must(gd_game_gradient(game, own->x, v));
  must(gd_game_norm(game, v, row));
  row[1] = distance_at(it, both->looked_at, own->x, generated);
  free(v);
  free(generated);
}

static void close_run(void *program, size_t run, training_run *own) {
  session *it = program;
  gans *both = own->own;
  const resting_options options = options_of(&it->set);
  it->points[run] = resting_find(gd_neural_gan_game(both->looked_at), own->x, &options);
  it->generated[run] = new_matrix(gd_matrix_rows(it->data.fixed), gd_matrix_columns(it->data.fixed));
  it->distances[run] = distance_at(it, both->looked_at, it->points[run].x, it->generated[run]);
  gd_stepper_destroy(own->stepper);
  gd_neural_gan_destroy(both->played);
  gd_neural_gan_destroy(both->looked_at);
  free(both);
  free(own->x);
}

/* ---- all runs ---- */

static void train(session *it) {
  const settings *set = &it->set;
  char words[320];
  snprintf(words, sizeof words,
           "own_gan data %016llx units %llu %llu depth %llu latent %llu batch %llu points %llu loss %d r1 %.17g step "
           "%.17g steps %llu",
           (unsigned long long)own_data_print(&it->data), (unsigned long long)set->generator_units,
           (unsigned long long)set->discriminator_units, (unsigned long long)set->depth,
           (unsigned long long)set->latent, (unsigned long long)set->batch, (unsigned long long)set->points,
           set->family, set->r1, set->step, (unsigned long long)set->steps);
  const training_plan plan = {.what = "own_gan",
                              .settings = words,
                              .runs = (size_t)set->seeds,
                              .steps = set->steps,
                              .every = set->steps < 50 ? 1 : set->steps / 50,
                              .columns = "gradient_norm,w1",
                              .state = set->state,
                              .threads = set->threads,
                              .program = it,
                              .name = name_run,
                              .open = open_run,
                              .measure = measure_run,
                              .close = close_run};
  it->points = new_array(NULL, plan.runs, sizeof *it->points);
  it->generated = new_array(NULL, plan.runs, sizeof *it->generated);
  it->distances = new_numbers(plan.runs);
  it->rows = training_rows(&plan);
  it->measured = training_execute(&plan);
  if (set->csv) training_write(&plan, it->measured, set->csv);
}

static size_t best_of(const session *it) {
  size_t best = 0;
  for (size_t run = 1; run < it->set.seeds; run++)
    if (it->distances[run] < it->distances[best]) best = run;
  return best;
}

static void print_session(const session *it) {
  const settings *set = &it->set;
  const resting_options options = options_of(set);
  const size_t best = best_of(it);
  text_table *table = table_create("seed|W1, trained|W1, at rest|norm of v, trained|at rest|on the right|kind");
  printf("%s: %zu samples of %zu numbers; %llu steps of Adam%s.\n\n", file_name(set->data),
         gd_matrix_columns(it->data.all), gd_matrix_rows(it->data.all), (unsigned long long)set->steps,
         set->quick ? ", a quick look and not the full run" : "");
  for (size_t run = 0; run < set->seeds; run++) {
    const resting_point *point = &it->points[run];
    table_cell(table, "%llu", (unsigned long long)(set->seed + run));
    table_cell(table, "%.4f", it->measured[((run + 1) * it->rows - 1) * COLUMNS + 1]);
    table_cell(table, "%.4f", it->distances[run]);
    table_cell(table, "%.3g", point->before);
    table_cell(table, "%.3g", point->kind.gradient_norm);
    table_number(table, point->kind.n_right == GD_UNKNOWN_COUNT ? NAN : (double)point->kind.n_right);
    table_cell(table, "%s", gd_point_kind_text(point->kind.kind));
  }
  table_print(table, stdout);
  printf("\nSeed %llu, whose samples are closest to the data (n = %zu variables):\n\n",
         (unsigned long long)(set->seed + best), it->points[best].n);
  resting_print(&it->points[best], &options);
}

static void write_eigenvalues(const session *it) {
  const gd_spectrum *spectrum = it->points[best_of(it)].spectrum;
  FILE *file = open_output("--eigenvalues", it->set.eigenvalues);
  fprintf(file, "re,im\n");
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++)
    fprintf(file, "%.17g,%.17g\n", gd_spectrum_real(spectrum)[k], gd_spectrum_imaginary(spectrum)[k]);
  close_output("--eigenvalues", it->set.eigenvalues, file);
}

/* ---- the picture ---- */

static void draw_training(FILE *script, const session *it) {
  for (size_t run = 0; run < it->set.seeds; run++) {
    fprintf(script, "$training%zu << EOD\n", run);
    for (size_t row = 0; row < it->rows; row++) {
      const double *measured = it->measured + (run * it->rows + row) * COLUMNS;
      fprintf(script, "%.6g %.6g %.6g\n", (double)row / (double)(it->rows - 1) * (double)it->set.steps, measured[0],
              measured[1]);
    }
    fprintf(script, "EOD\n");
  }
  fprintf(script, "set title 'training' font ',13'\nset logscale y\nset xlabel 'step'\nset ylabel ''\n"
                  "set xrange [0:*]\nset yrange [*:*]\nset format y '%%g'\nset key top right reverse Left\nplot ");
  for (size_t run = 0; run < it->set.seeds; run++)
    fprintf(script,
            "%s$training%zu using 1:2 with lines linetype 1 linewidth 1.2 %s, $training%zu using 1:3 with lines "
            "linetype 2 linewidth 1.2 %s",
            run ? ", " : "", run, run ? "notitle" : "title 'norm of v'", run,
            run ? "notitle" : "title 'Wasserstein-1 distance'");
  fprintf(script, "\nunset logscale\nset ylabel\n");
}

static void draw(const session *it) {
  const size_t best = best_of(it);
  gnuplot *picture = plot_open(it->set.plot, 1650, 640);
  FILE *script = plot_script(picture);
  fprintf(script, "set multiplot title ");
  plot_quote(script, "A GAN on data of one's own, and where it comes to rest");
  fprintf(script, " font ',15'\n");
  plot_place_panel(script, 3, 1, 0);
  own_data_draw(script, &it->data, it->generated[best]);
  plot_place_panel(script, 3, 1, 1);
  draw_training(script, it);
  plot_place_panel(script, 3, 1, 2);
  resting_draw(script, &it->points[best]);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

static void session_destroy(session *it) {
  for (size_t run = 0; run < it->set.seeds; run++) {
    resting_destroy(&it->points[run]);
    free(it->generated[run]);
  }
  free(it->points);
  free(it->generated);
  free(it->distances);
  free(it->measured);
  own_data_destroy(&it->data);
}

static void read_command(settings *set, int argc, char **argv) {
  const option_row words[] = {
      {"DATA", "", "samples: CSV or other text, one a line; NumPy or IDX files, too", OPTION_TEXT, &set->data, 0, 0}};
  const option_row rows[] = {
      {"generator-units", "N", "in each hidden layer of the generator", OPTION_COUNT, &set->generator_units, 1, 1024},
      {"discriminator-units", "N", "of the discriminator", OPTION_COUNT, &set->discriminator_units, 1, 1024},
      {"depth", "N", "hidden layers of both", OPTION_COUNT, &set->depth, 1, MOST_LAYERS},
      {"latent", "N", "numbers that the generator makes a sample of", OPTION_COUNT, &set->latent, 1, 4096},
      {"loss", FAMILY_WORDS, "what the players want", OPTION_CHOICE, &set->family, 0, 0},
      {"r1", "W", "weight of the penalty on the discriminator's slope at data", OPTION_NONNEGATIVE, &set->r1, 0, 0},
      {"batch", "M", "samples in each step", OPTION_COUNT, &set->batch, 1, 1000000},
      {"points", "M", "samples that stay the same, at most", OPTION_COUNT, &set->points, 2, 5000},
      {"seeds", "K", "runs (4); the closest one is looked at in full", OPTION_COUNT, &set->seeds, 1, 10000},
      {"steps", "N", "steps of each run (20000)", OPTION_COUNT, &set->steps, 1, 1000000000},
      {"step", "H", "step size of Adam", OPTION_POSITIVE, &set->step, 0, 0},
      {"products", "N", "with J, that Newton's method may spend; 0: it is left out", OPTION_COUNT, &set->products, 0,
       1000000000},
      {"gamma", "G", "of the predictive and consensus methods", OPTION_POSITIVE, &set->gamma, 0, 0},
      {"dense-limit", "N", "variables up to which all eigenvalues are computed", OPTION_COUNT, &set->dense_limit, 1,
       2000},
      {"seed", "N", "of the first run; those of the others follow", OPTION_COUNT, &set->seed, 0, UINT32_MAX},
      {"threads", "N", "runs at once; 0: as many as there are processors", OPTION_COUNT, &set->threads, 0, 1024},
      {"state", "DIR", "keep the state of the runs there, and go on from it", OPTION_TEXT, &set->state, 0, 0},
      {"quick", "", "a few seconds' look: one run of 5000 steps", OPTION_FLAG, &set->quick, 0, 0},
      {"csv", "FILE", "write run,step,gradient_norm,w1 along all runs", OPTION_OUTPUT, &set->csv, 0, 0},
      {"eigenvalues", "FILE", "write re,im of those of J where the closest one rests", OPTION_OUTPUT, &set->eigenvalues,
       0, 0},
      {"samples", "FILE", "write what the closest generator makes, as the data are", OPTION_OUTPUT, &set->samples, 0,
       0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set->plot, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Train a GAN of two small perceptrons on samples of your own, and look at the point where it comes to\n"
          "rest: |v|, the eigenvalues of the Jacobian, the kind of point, and which method would arrive first.",
      .details =
          "W1 is the Wasserstein-1 distance between data and generated samples, in units of the data's deviation.\n"
          "No claim is tested.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .words = words,
      .n_words = 1};
  options_parse(NULL, &usage, argc, argv);
  if (set->seeds == 0) set->seeds = set->quick ? 1 : 4;
  if (set->steps == 0) set->steps = set->quick ? 5000 : 20000;
}

int main(int argc, char **argv) {
  session it = {.set = {.generator_units = 16,
                        .discriminator_units = 8,
                        .depth = 1,
                        .latent = 2,
                        .batch = 64,
                        .points = 400,
                        .seed = 1,
                        .products = 20000,
                        .dense_limit = 1000,
                        .r1 = 1,
                        .step = 2e-3,
                        .gamma = 1}};
  read_command(&it.set, argc, argv);
  it.data = own_data_read(it.set.data, (size_t)it.set.points);
  train(&it);
  print_session(&it);
  if (it.set.samples) own_data_write(&it.data, it.generated[best_of(&it)], it.set.samples);
  if (it.set.eigenvalues) write_eigenvalues(&it);
  if (it.set.plot) draw(&it);
  session_destroy(&it);
  return EXIT_SUCCESS;
}
