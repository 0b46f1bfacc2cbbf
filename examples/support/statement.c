/* SPDX-License-Identifier: BSD-3-Clause */
/* statement.c -- check lemmas on many instances, print a row for each case, and draw the quantities in order. */
#include "support/statement.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/options.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/table.h"

enum { LEAST_INSTANCES = 50, MOST_INSTANCES = 100000 }; /* fewer might all miss the failures outside */
static const char *const case_names[STATEMENT_CASES] = {"random", "model", "outside"};

typedef struct statement_options {
  uint64_t instances, seed;
  bool quick, outside;
  int which; /* 0: all, else its place from 1 */
  const char *csv, *plot;
} statement_options;

/* The quantities of one statement, [instances] for each case, increasing. */
typedef struct statement_values {
  size_t count;
  double *of[STATEMENT_CASES];
} statement_values;

double statement_uniform(gd_rng *rng, double low, double high) {
  double u = 0.0;
  gd_rng_fill_uniform(rng, 1, &u);
  return low + (high - low) * u;
}

static int increasing(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Each case has a stream of its own, so that a statement alone has the numbers it has among all. */
static statement_values values_create(const statement *it, size_t place, const statement_options *options) {
  statement_values values = {.count = (size_t)options->instances};
  for (int which = 0; which < STATEMENT_CASES; which++) {
    gd_rng rng = gd_rng_make(options->seed, STATEMENT_CASES * place + (size_t)which);
    values.of[which] = new_numbers(values.count);
    for (size_t k = 0; k < values.count; k++) {
      const double value = it->measure(&rng, (statement_case)which);
      values.of[which][k] = isnan(value) ? INFINITY : value;
    }
    qsort(values.of[which], values.count, sizeof(double), increasing);
  }
  return values;
}

static void values_destroy(statement_values *values) {
  for (int which = 0; which < STATEMENT_CASES; which++) free(values->of[which]);
}

static size_t failures(const statement *it, const double *values, size_t count) {
  size_t found = 0;
  for (size_t k = 0; k < count; k++) found += values[k] > it->limit;
  return found;
}

/* Within the hypothesis nothing may fail.  Outside something must, unless --outside claims the statement there too. */
static bool as_stated(statement_case which, size_t failed, const statement_options *options) {
  return which == STATEMENT_OUTSIDE && !options->outside ? failed > 0 : failed == 0;
}

static bool report(const statement *it, const statement_values *values, const statement_options *options) {
  printf("%s: %s\n  Measured: %s, at most %.13g.\n", it->name, it->says, it->quantity, it->limit);
  for (int which = 0; which < STATEMENT_CASES; which++) printf("  %s: %s.\n", case_names[which], it->cases[which]);
  printf("\n");
  text_table *table = table_create("case|instances|largest|limit|fails|expected|verdict");
  bool all = true;
  for (int which = 0; which < STATEMENT_CASES; which++) {
    const size_t failed = failures(it, values->of[which], values->count);
    const bool good = as_stated((statement_case)which, failed, options);
    table_cell(table, "%s", case_names[which]);
    table_cell(table, "%zu", values->count);
    table_cell(table, "%.6g", values->of[which][values->count - 1]);
    table_cell(table, "%.6g", it->limit);
    table_cell(table, "%zu", failed);
    table_cell(table, "%s", which == STATEMENT_OUTSIDE && !options->outside ? "some" : "none");
    table_cell(table, "%s", good ? "as stated" : "BROKEN");
    all = all && good;
  }
  table_print(table, stdout);
  printf("\n");
  return all;
}

static void write_rows(FILE *file, const statement *it, const statement_values *values) {
  for (int which = 0; which < STATEMENT_CASES; which++) {
    for (size_t k = 0; k < values->count; k++) {
      fprintf(file, "%s,%s,%.17g,%.17g\n", it->name, case_names[which], values->of[which][k], it->limit);
    }
  }
}

/* How far from the limit a panel reaches: nine tenths of each case, and 2 at most. */
static double reach_of(const statement *it, const statement_values *values) {
  double reach = 0.0;
  for (int which = 0; which < STATEMENT_CASES; which++) {
    const double low = values->of[which][values->count / 10], high = values->of[which][values->count * 9 / 10];
    reach = fmax(reach, fmax(fabs(low - it->limit), fabs(high - it->limit)));
  }
  return fmin(1.1 * reach, 2.0);
}

/* The share of instances up to each quantity; what lies beyond the panel is drawn at its edge. */
static void draw_panel(FILE *script, const statement *it, const statement_values *values) {
  const double reach = reach_of(it, values);
  for (int which = 0; which < STATEMENT_CASES; which++) {
    fprintf(script, "$%s << EOD\n", case_names[which]);
    for (size_t k = 0; k < values->count; k++) {
      const double value = fmin(it->limit + reach, fmax(values->of[which][k], it->limit - reach));
      fprintf(script, "%.9g %.9g\n", value, ((double)k + 1.0) / (double)values->count);
    }
    fprintf(script, "EOD\n");
  }
  fprintf(script,
          "set title '%s' font ',13'\nset xrange [%.9g:%.9g]\n"
          "plot $model with points pointtype 7 pointsize 0.7 linetype 3 title 'model', "
          "$random with steps linewidth 2.5 linetype 1 title 'random', "
          "$outside with steps linewidth 2.5 linetype 2 title 'outside', "
          "'+' using (%.9g):($0 / 500.0) with lines dashtype 2 linetype 7 title 'limit'\n",
          it->name, it->limit - 1.05 * reach, it->limit + 1.05 * reach, it->limit);
}

static void draw_begin(FILE *script, size_t panels) {
  const size_t columns = panels > 1 ? 2 : 1;
  fprintf(script,
          "set samples 501\nset multiplot layout %zu,%zu title 'Share of instances up to each quantity (values beyond "
          "an edge are drawn at it)' font ',14'\nset xlabel 'quantity measured'\nset ylabel 'share of instances'\n"
          "set yrange [0:1.05]\nset key outside bottom center horizontal height 0.7 samplen 2.5\n",
          (panels + columns - 1) / columns, columns);
}

static statement_options read_options(const char *purpose, const char *names, int argc, char **argv) {
  statement_options it = {.instances = 1000, .seed = 1};
  const option_row rows[] = {
      {"statement", names, "which one to check", OPTION_CHOICE, &it.which, 0, 0},
      {"instances", "N", "instances of each case", OPTION_COUNT, &it.instances, LEAST_INSTANCES, MOST_INSTANCES},
      {"quick", "", "at most 100 instances of each case", OPTION_FLAG, &it.quick, 0, 0},
      {"outside", "", "claim the statement outside its hypothesis too, which fails", OPTION_FLAG, &it.outside, 0, 0},
      {"seed", "N", "seed of everything random", OPTION_COUNT, &it.seed, 0, UINT64_MAX},
      {"csv", "FILE", "write statement,case,quantity,limit", OPTION_OUTPUT, &it.csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &it.plot, 0, 0}};
  const usage_text usage = {
      .purpose = purpose,
      .details =
          "Within the hypothesis the conclusion must hold on every instance.  Outside it must fail on one at least:\n"
          "a check that cannot fail shows nothing.  --csv has one line for each instance, by increasing quantity.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);
  if (it.quick && it.instances > 100) it.instances = 100;
  return it;
}

int statements_run(const char *purpose, const char *names, const statement *list, size_t count, int argc, char **argv) {
  const statement_options options = read_options(purpose, names, argc, argv);
  const size_t first = options.which > 0 ? (size_t)options.which - 1 : 0;
  const size_t end = options.which > 0 ? first + 1 : count;
  FILE *file = options.csv ? open_output("--csv", options.csv) : NULL;
  gnuplot *picture = options.plot ? plot_open(options.plot, 1100, 320 * (int)((end - first + 1) / 2) + 180) : NULL;
  if (file) fputs("statement,case,quantity,limit\n", file);
  if (picture) draw_begin(plot_script(picture), end - first);
  bool all = true;
  for (size_t k = first; k < end; k++) {
    statement_values values = values_create(&list[k], k, &options);
    all = report(&list[k], &values, &options) && all;
    if (file) write_rows(file, &list[k], &values);
    if (picture) draw_panel(plot_script(picture), &list[k], &values);
    values_destroy(&values);
  }
  printf("%s\n", all ? "Every claim holds." : "A claim is BROKEN.");
  if (file) close_output("--csv", options.csv, file);
  if (picture) {
    fputs("unset multiplot\n", plot_script(picture));
    plot_close(picture);
  }
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
