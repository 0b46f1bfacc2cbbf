/* SPDX-License-Identifier: BSD-3-Clause */
/* learning.c -- methods and seeds, from the command line to what was measured. */
#include "support/learning.h"

#include <gamedyn/statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/table.h"

/* A method's abbreviation, its name in the library, and in words. */
static const struct {
  const char *name, *stepper, *words;
} METHODS[LEARNING_METHODS] = {
    [LEARNING_SGA] = {"sga", GD_SIMULTANEOUS, "simultaneous"}, [LEARNING_OMD] = {"omd", GD_OPTIMISTIC, "optimistic"},
    [LEARNING_PM] = {"pm", GD_PREDICTIVE, "predictive"},       [LEARNING_CO] = {"co", GD_SIMULTANEOUS, "consensus"},
    [LEARNING_IU] = {"iu", GD_IMPLICIT, "implicit"},
};

const char *learning_name(learning_method method) { return METHODS[method].name; }
const char *learning_words(learning_method method) { return METHODS[method].words; }
size_t learning_runs(const learning *it) { return it->n_methods * (size_t)it->set.seeds; }

/* ---- the command line ---- */

learning_settings learning_paper(uint64_t steps) {
  return (learning_settings){.seeds = 16,
                             .steps = steps,
                             .every = 1000,
                             .batch = 256,
                             .seed = 1,
                             .step = 1e-3,
                             .gamma = 1,
                             .penalty = 1,
                             .methods = "sga,omd,pm,co"};
}

static learning_method find_method(const char *name, size_t length) {
  for (size_t k = 0; k < LEARNING_METHODS; k++)
    if (strlen(METHODS[k].name) == length && strncmp(METHODS[k].name, name, length) == 0) return (learning_method)k;
  die("--methods: '%.*s' is none of sga, omd, pm, co and iu", (int)length, name);
}

static void read_methods(learning *it) {
  bool taken[LEARNING_METHODS] = {false};
  for (const char *word = it->set.methods;; word++) {
    const size_t length = strcspn(word, ",");
    const learning_method method = find_method(word, length);
    if (taken[method]) die("--methods: '%s' comes twice", METHODS[method].name);
    taken[method] = true;
    it->methods[it->n_methods++] = method;
    word += length;
    if (!*word) return;
  }
}

void learning_read(learning *it, const usage_text *usage, const learning_settings *quick, int argc, char **argv) {
  learning_settings *set = &it->set, full = *set;
  set->seeds = set->steps = set->every = 0;
  const option_row rows[] = {
      {"methods", "LIST", "sga, omd, pm, co and iu, those wanted, between commas", OPTION_TEXT, &set->methods, 0, 0},
      {"seeds", "K", "runs of each method (16)", OPTION_COUNT, &set->seeds, 1, 10000},
      {"steps", "N", "steps of each run (those of the paper)", OPTION_COUNT, &set->steps, 1, 1000000000},
      {"every", "N", "steps between measurements (1000)", OPTION_COUNT, &set->every, 1, 1000000000},
      {"step", "H", "step size of both players", OPTION_POSITIVE, &set->step, 0, 0},
      {"gamma", "G", "weight of the consensus term", OPTION_POSITIVE, &set->gamma, 0, 0},
      {"penalty", "L", "weight of the gradient penalty", OPTION_NONNEGATIVE, &set->penalty, 0, 0},
      {"batch", "M", "samples in each step", OPTION_COUNT, &set->batch, 1, 1000000},
      {"seed", "N", "of the first run; those of the others follow", OPTION_COUNT, &set->seed, 0, UINT32_MAX},
      {"threads", "N", "runs at once; 0: as many as there are processors", OPTION_COUNT, &set->threads, 0, 1024},
      {"state", "DIR", "keep the state of the runs there, and go on from it", OPTION_TEXT, &set->state, 0, 0},
      {"quick", "", "a minute's look: fewer seeds and steps, and no claims", OPTION_FLAG, &set->quick, 0, 0},
      {"csv", "FILE", "write what was measured along all runs", OPTION_OUTPUT, &set->csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set->plot, 0, 0}};
  usage_text own = *usage;
  own.rows = rows, own.n_rows = sizeof rows / sizeof *rows;
  options_parse(NULL, &own, argc, argv);
  const learning_settings *missing = set->quick ? quick : &full;
  if (set->seeds == 0) set->seeds = missing->seeds;
  if (set->steps == 0) set->steps = missing->steps;
  if (set->every == 0) set->every = missing->every;
  read_methods(it);
}

/* ---- running ---- */

gd_stepper *learning_stepper(const learning *it, gd_game *game, learning_method method, uint64_t seed) {
  gd_eval_options draws;
  gd_stepper *stepper = NULL;
  gd_eval_options_init(&draws);
  draws.seed = seed, draws.batch_size = it->set.batch;
  must_for("--batch", gd_game_configure(game, &draws));
  must(gd_stepper_create_named(&stepper, game, METHODS[method].stepper));
  must_for("--step", gd_stepper_set(stepper, GD_STEP_SIZE, it->set.step));
  if (method == LEARNING_PM) must_for("--step", gd_stepper_set(stepper, "gamma", it->set.step));
  return stepper;
}

learning_method learning_method_of(const learning *it, size_t run) { return it->methods[run % it->n_methods]; }

bool learning_has(const learning *it, learning_method method) {
  for (size_t k = 0; k < it->n_methods; k++)
    if (it->methods[k] == method) return true;
  return false;
}

static uint64_t seed_of(const learning *it, size_t run) { return it->set.seed + run / it->n_methods; }

static void name_run(void *program, size_t run, char name[TRAINING_NAME]) {
  const learning *it = program;
  snprintf(name, TRAINING_NAME, "%s-%llu", METHODS[learning_method_of(it, run)].name,
           (unsigned long long)seed_of(it, run));
}

static void open_run(void *program, size_t run, training_run *own) {
  const learning *it = program;
  it->kind->open(it, learning_method_of(it, run), seed_of(it, run), own);
}

static void measure_run(void *program, training_run *own, double *row) {
  const learning *it = program;
  it->kind->measure(it, own, row);
}

static void close_run(void *program, size_t run, training_run *own) {
  const learning *it = program;
  it->kind->close(it, run, own);
}

static training_plan plan_of(learning *it, char *settings, size_t room) {
  const learning_settings *set = &it->set;
  snprintf(settings, room, "%s step %.17g gamma %.17g penalty %.17g batch %llu every %llu", it->kind->program,
           set->step, set->gamma, set->penalty, (unsigned long long)set->batch, (unsigned long long)set->every);
  return (training_plan){.what = it->kind->program,
                         .settings = settings,
                         .runs = learning_runs(it),
                         .steps = set->steps,
                         .every = set->every,
                         .columns = it->kind->columns,
                         .state = set->state,
                         .threads = set->threads,
                         .program = it,
                         .name = name_run,
                         .open = open_run,
                         .measure = measure_run,
                         .close = close_run};
}

void learning_run(learning *it) {
  char settings[256];
  const training_plan plan = plan_of(it, settings, sizeof settings);
  it->rows = training_rows(&plan), it->columns = training_columns(&plan);
  it->measured = training_execute(&plan);
  if (it->set.csv) training_write(&plan, it->measured, it->set.csv);
}

void learning_destroy(learning *it) { free(it->measured); }

/* ---- what came of it ---- */

double learning_distance(const learning *it, size_t run, size_t row) {
  return it->measured[(run * it->rows + row) * it->columns];
}

double learning_end(const learning *it, size_t run) { return learning_distance(it, run, it->rows - 1); }

bool learning_converged(const learning *it, size_t run) { return learning_end(it, run) < it->kind->failed; }

bool learning_quantiles(const learning *it, learning_method method, size_t row, double *levels) {
  static const double wanted[LEARNING_LEVELS] = {0, 0.25, 0.5, 0.75, 1};
  double *values = new_numbers((size_t)it->set.seeds);
  size_t count = 0;
  for (size_t run = 0; run < learning_runs(it); run++) {
    const double distance = learning_distance(it, run, row);
    if (learning_method_of(it, run) == method && !isnan(distance)) values[count++] = distance;
  }
  if (count > 0) must(gd_quantiles(count, values, LEARNING_LEVELS, wanted, levels));
  free(values);
  return count > 0;
}

static size_t count_converged(const learning *it, learning_method method) {
  size_t count = 0;
  for (size_t run = 0; run < learning_runs(it); run++)
    count += learning_method_of(it, run) == method && learning_converged(it, run);
  return count;
}

void learning_print(const learning *it) {
  text_table *table = table_create("method|runs|converged|least|lower quartile|median|upper quartile|greatest");
  for (size_t k = 0; k < it->n_methods; k++) {
    double levels[LEARNING_LEVELS] = {NAN, NAN, NAN, NAN, NAN};
    learning_quantiles(it, it->methods[k], it->rows - 1, levels);
    table_cell(table, "%s", METHODS[it->methods[k]].words);
    table_cell(table, "%llu", (unsigned long long)it->set.seeds);
    table_cell(table, "%zu", count_converged(it, it->methods[k]));
    for (size_t j = 0; j < LEARNING_LEVELS; j++)
      if (isnan(levels[j]))
        table_cell(table, "-");
      else
        table_cell(table, "%.4g", levels[j]);
  }
  printf("%s after %llu steps of %g, batches of %llu.\n\n", it->kind->distance, (unsigned long long)it->set.steps,
         it->set.step, (unsigned long long)it->set.batch);
  table_print(table, stdout);
}
