/* SPDX-License-Identifier: BSD-3-Clause */
/* options.c -- the command line: one table of rows serves getopt_long, the checks and --help. */
#include "support/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/plot.h"

enum { MOST_ROWS = 32, LARGEST_SIZE = 1000 };

common_options options_default(void) {
  return (common_options){.size = 5, .seed = 1, .radius = 0.5, .epsilon = 1e-3, .gamma = 1.0, .steps = 10000000};
}

static size_t common_rows(common_options *common, option_row *rows) {
  const option_row table[] = {
      {"matrix", "FILE", "interaction C [p by q], a Matrix Market file", OPTION_TEXT, &common->matrix, 0, 0},
      {"matrix-a", "FILE", "curvature A [p by p] of the minimising player", OPTION_TEXT, &common->matrix_a, 0, 0},
      {"matrix-b", "FILE", "curvature B [q by q] of the maximising player", OPTION_TEXT, &common->matrix_b, 0, 0},
      {"start", "FILE", "start of the runs [n], a Matrix Market vector", OPTION_TEXT, &common->start, 0, 0},
      {"size", "P", "variables per player of a random game", OPTION_COUNT, &common->size, 1, LARGEST_SIZE},
      {"seed", "N", "seed of everything random", OPTION_COUNT, &common->seed, 0, UINT64_MAX},
      {"radius", "R", "distance of a random start from the equilibrium", OPTION_POSITIVE, &common->radius, 0, 0},
      {"epsilon", "E", "distance to be reached", OPTION_POSITIVE, &common->epsilon, 0, 0},
      {"gamma", "G", "gamma of the predictive and consensus methods", OPTION_NONNEGATIVE, &common->gamma, 0, 0},
      {"step", "H", "step size of the runs, in place of the program's", OPTION_POSITIVE, &common->step, 0, 0},
      {"steps", "N", "most steps of a measured run", OPTION_COUNT, &common->steps, 1, UINT64_C(1) << 53},
      {"csv", "FILE", "write the distances as columns step,distance", OPTION_OUTPUT, &common->csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &common->plot, 0, 0},
  };
  memcpy(rows, table, sizeof table);
  return sizeof table / sizeof *table;
}

static void print_default(const option_row *row) {
  if (row->kind == OPTION_COUNT) {
    printf(" (default %llu)", (unsigned long long)*(const uint64_t *)row->target);
  } else if (row->kind == OPTION_POSITIVE || row->kind == OPTION_NONNEGATIVE) {
    const double value = *(const double *)row->target;
    if (value > 0) printf(" (default %g)", value);
  }
}

static _Noreturn void help(const usage_text *usage, const option_row *rows, size_t n_rows) {
  printf("Usage: %s [OPTION...]\n\n%s\n\nOptions:\n", program_name(), usage->purpose);
  for (size_t k = 0; k < n_rows; k++) {
    char left[40];
    snprintf(left, sizeof left, "--%s %s", rows[k].name, rows[k].argument);
    printf("  %-20s  %s", left, rows[k].meaning);
    print_default(&rows[k]);
    printf("\n");
  }
  printf("  %-20s  print this and exit\n", "--help");
  if (usage->details) printf("\n%s\n", usage->details);
  printf("\nExit code: 0 all is well, 1 a claim failed, 2 wrong usage or input.\n");
  exit(EXIT_SUCCESS);
}

static void set_real(const option_row *row, const char *text) {
  char *end = NULL;
  const double value = strtod(text, &end);
  const bool number = end != text && *end == '\0' && isfinite(value);
  const bool in_range = row->kind == OPTION_POSITIVE ? value > 0 : value >= 0;
  if (!number || !in_range) {
    die("--%s: '%s' is not a %s number", row->name, text, row->kind == OPTION_POSITIVE ? "positive" : "nonnegative");
  }
  *(double *)row->target = value;
}

static void set_count(const option_row *row, const char *text) {
  char *end = NULL;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  const bool digits = *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
  if (!digits || value < row->least || value > row->most) {
    die("--%s: '%s' is not a whole number from %llu to %llu", row->name, text, (unsigned long long)row->least,
        (unsigned long long)row->most);
  }
  *(uint64_t *)row->target = value;
}

static void set_text(const option_row *row, const char *text) {
  char option[40];
  snprintf(option, sizeof option, "--%s", row->name);
  if (!*text) die("%s: a name was expected, not an empty word", option);
  if (row->kind == OPTION_PICTURE) plot_check(text);
  if (row->kind == OPTION_PICTURE || row->kind == OPTION_OUTPUT) check_output(option, text);
  *(const char **)row->target = text;
}

static void set_value(const option_row *row, const char *text) {
  if (row->kind == OPTION_COUNT) {
    set_count(row, text);
  } else if (row->kind == OPTION_POSITIVE || row->kind == OPTION_NONNEGATIVE) {
    set_real(row, text);
  } else {
    set_text(row, text);
  }
}

static size_t all_rows(common_options *common, const usage_text *usage, option_row *rows) {
  if (usage->n_rows) memcpy(rows, usage->rows, usage->n_rows * sizeof *rows);
  return usage->n_rows + (common ? common_rows(common, rows + usage->n_rows) : 0);
}

static _Noreturn void complain(int code, char **argv) {
  const char *word = argv[optind - 1];
  if (code == ':') die("%s: a value was expected after it; --help lists the options", word);
  die("unknown option '%s'; --help lists the options", word);
}

void options_parse(common_options *common, const usage_text *usage, int argc, char **argv) {
  enum { FIRST_ROW = 256, HELP };
  option_row rows[MOST_ROWS];
  struct option names[MOST_ROWS + 2] = {{"help", no_argument, NULL, 'h'}};
  set_program_name(argc > 0 ? argv[0] : NULL);
  const size_t n_rows = all_rows(common, usage, rows);
  for (size_t k = 0; k < n_rows; k++) {
    names[k + 1] = (struct option){rows[k].name, required_argument, NULL, FIRST_ROW + (int)k};
  }
  opterr = 0;
  for (int code; (code = getopt_long(argc, argv, ":", names, NULL)) != -1;) {
    if (code == 'h') help(usage, rows, n_rows);
    if (code < FIRST_ROW) complain(code, argv);
    set_value(&rows[code - FIRST_ROW], optarg);
  }
  if (optind < argc) die("unexpected word '%s'; --help lists the options", argv[optind]);
}
