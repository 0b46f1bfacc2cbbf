/* SPDX-License-Identifier: BSD-3-Clause */
/* options.c -- the command line: one table of rows serves getopt_long, the checks and --help. */
#include "support/options.h"

#include <errno.h>
#include <gamedyn/version.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/screen.h"

enum { MOST_ROWS = 32 };

common_options options_default(void) {
  return (common_options){.size = 5,
                          .seed = 1,
                          .radius = 0.5,
                          .epsilon = 1e-3,
                          .gamma = 1.0,
                          .steps = 10000000,
                          .largest_size = 1000,
                          .dense_limit = UINT64_MAX};
}

enum { COMMON_ROWS = 13 };

static void common_rows(common_options *common, option_row *rows) {
  const option_row table[COMMON_ROWS] = {
      {"matrix", "FILE", "interaction C [p by q]: Matrix Market, .npy, or FILE.npz:NAME", OPTION_TEXT, &common->matrix,
       0, 0},
      {"matrix-a", "FILE", "curvature A [p by p] of the minimising player", OPTION_TEXT, &common->matrix_a, 0, 0},
      {"matrix-b", "FILE", "curvature B [q by q] of the maximising player", OPTION_TEXT, &common->matrix_b, 0, 0},
      {"start", "FILE", "start of the runs [n], a vector in such a file", OPTION_TEXT, &common->start, 0, 0},
      {"size", "P", "variables per player of a random game", OPTION_COUNT, &common->size, 1, common->largest_size},
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
}

static bool is_real(const option_row *row) {
  return row->kind == OPTION_POSITIVE || row->kind == OPTION_NONNEGATIVE || row->kind == OPTION_REAL;
}

/* Word number k of a choice, up to its '|' or end; NULL past the last. */
static const char *choice_at(const option_row *row, int k) {
  const char *word = row->argument;
  while (k-- > 0 && (word = strchr(word, '|'))) word++;
  return word;
}

static int choice_length(const char *word) { return (int)strcspn(word, "|"); }

/* What a line of --help says after an option's meaning: "" where it has no default.  A count that could not be given
 * stands for what the program finds by itself, as its line says. */
static void write_default(const option_row *row, char *text, size_t size) {
  *text = '\0';
  if (row->kind == OPTION_COUNT) {
    const uint64_t count = *(const uint64_t *)row->target;
    if (count >= row->least) snprintf(text, size, " (default %llu)", (unsigned long long)count);
  } else if (row->kind == OPTION_CHOICE) {
    const char *word = choice_at(row, *(const int *)row->target);
    snprintf(text, size, " (default %.*s)", choice_length(word), word);
  } else if (is_real(row)) {
    const double value = *(const double *)row->target;
    if (value > 0 || row->kind == OPTION_REAL) snprintf(text, size, " (default %g)", value);
  }
}

/* What is too long for its column has a line of its own. */
static void print_entry(const char *left, const char *meaning) {
  enum { WIDTH = 20, INDENT = 2 + WIDTH + 2 };
  if (strlen(left) > WIDTH) {
    printf("  %s\n%*s", left, INDENT, "");
  } else {
    printf("  %-*s  ", WIDTH, left);
  }
  screen_print_words(stdout, INDENT, INDENT, meaning);
}

static void print_words(const usage_text *usage) {
  printf("Usage: %s [OPTION...]", program_name());
  for (size_t k = 0; k < usage->n_words; k++) printf(" %s", usage->words[k].name);
  printf("\n\n");
  screen_print_text(stdout, usage->purpose);
  printf("\n");
  for (size_t k = 0; k < usage->n_words; k++) print_entry(usage->words[k].name, usage->words[k].meaning);
  if (usage->n_words) printf("\n");
}

static void print_option(const option_row *row) {
  char left[60], standard[80], meaning[240];
  snprintf(left, sizeof left, "--%s%s%s", row->name, *row->argument ? " " : "", row->argument);
  write_default(row, standard, sizeof standard);
  snprintf(meaning, sizeof meaning, "%s%s", row->meaning, standard);
  print_entry(left, meaning);
}

static _Noreturn void help(const usage_text *usage, const option_row *rows, size_t n_rows) {
  print_words(usage);
  printf("Options:\n");
  for (size_t k = 0; k < n_rows; k++) print_option(&rows[k]);
  print_entry("-h, --help", "print this and exit");
  print_entry("--version", "print the library's version and exit");
  if (usage->details) {
    printf("\n");
    screen_print_text(stdout, usage->details);
  }
  printf("\n");
  screen_print_text(stdout, "Exit code: 0 all is well, 1 a claim failed, 2 wrong usage or input.");
  exit(EXIT_SUCCESS);
}

/* The form is GNU's, which help2man and others read. */
static _Noreturn void version(void) {
  printf("%s (libgamedyn) %s\n", program_name(), gd_version_string());
  exit(EXIT_SUCCESS);
}

static void set_real(const option_row *row, const char *label, const char *text) {
  static const char *const expected[] = {
      [OPTION_POSITIVE] = "positive", [OPTION_NONNEGATIVE] = "nonnegative", [OPTION_REAL] = "finite"};
  char *end = NULL;
  const double value = strtod(text, &end);
  const bool number = end != text && *end == '\0' && isfinite(value);
  const bool in_range = row->kind == OPTION_REAL || value > 0 || (row->kind == OPTION_NONNEGATIVE && value == 0);
  if (!number || !in_range) die("%s: '%s' is not a %s number", label, text, expected[row->kind]);
  *(double *)row->target = value;
}

static void set_count(const option_row *row, const char *label, const char *text) {
  char *end = NULL;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  const bool digits = *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
  if (!digits || value < row->least || value > row->most) {
    die("%s: '%s' is not a whole number from %llu to %llu", label, text, (unsigned long long)row->least,
        (unsigned long long)row->most);
  }
  *(uint64_t *)row->target = value;
}

static void set_choice(const option_row *row, const char *label, const char *text) {
  const char *word = choice_at(row, 0);
  int k = 0;
  while (word && ((int)strlen(text) != choice_length(word) || strncmp(word, text, strlen(text)) != 0)) {
    word = choice_at(row, ++k);
  }
  if (!word) die("%s: '%s' is not one of %s", label, text, row->argument);
  *(int *)row->target = k;
}

static void set_text(const option_row *row, const char *label, const char *text) {
  if (!*text) die("%s: a name was expected, not an empty word", label);
  if (row->kind == OPTION_PICTURE) plot_check(text);
  *(const char **)row->target = text;
}

static void set_value(const option_row *row, const char *label, const char *text) {
  if (row->kind == OPTION_FLAG) {
    *(bool *)row->target = true;
  } else if (row->kind == OPTION_COUNT) {
    set_count(row, label, text);
  } else if (row->kind == OPTION_CHOICE) {
    set_choice(row, label, text);
  } else if (is_real(row)) {
    set_real(row, label, text);
  } else {
    set_text(row, label, text);
  }
}

static void set_option(const option_row *row, const char *text) {
  char label[40];
  snprintf(label, sizeof label, "--%s", row->name);
  set_value(row, label, text);
}

/* Is name one of the words of a list? */
static bool is_listed(const char *list, const char *name) {
  const size_t length = strlen(name);
  for (const char *word = list; *word; word += strspn(word, " ")) {
    const size_t next = strcspn(word, " ");
    if (next == length && strncmp(word, name, length) == 0) return true;
    word += next;
  }
  return false;
}

static bool has_row(const option_row *rows, size_t n_rows, const char *name) {
  for (size_t k = 0; k < n_rows; k++) {
    if (strcmp(rows[k].name, name) == 0) return true;
  }
  return false;
}

/* The program's own rows, then the common ones that it takes and has not put in its own words. */
static size_t all_rows(common_options *common, const usage_text *usage, option_row *rows) {
  option_row shared[COMMON_ROWS];
  size_t count = usage->n_rows;
  if (count) memcpy(rows, usage->rows, count * sizeof *rows);
  if (!common) return count;
  common_rows(common, shared);
  for (size_t k = 0; k < COMMON_ROWS; k++) {
    const bool taken = !usage->common || is_listed(usage->common, shared[k].name);
    if (taken && !has_row(rows, usage->n_rows, shared[k].name)) rows[count++] = shared[k];
  }
  return count;
}

/* A common option that the program does not take; said before getopt_long takes --step for the start of --steps. */
static void refuse_useless(const char *word, const option_row *rows, size_t n_rows) {
  common_options common = options_default();
  option_row shared[COMMON_ROWS];
  char name[40];
  if (strncmp(word, "--", 2) != 0) return;
  common_rows(&common, shared);
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
  if (has_row(shared, COMMON_ROWS, name) && !has_row(rows, n_rows, name)) {
    die("--%s: this program has no use for it; --help lists the options", name);
  }
}

static _Noreturn void complain(int code, const char *word) {
  if (code == ':') die("%s: a value was expected after it; --help lists the options", word);
  die("unknown option '%s'; --help lists the options", word);
}

/* Where words are expected, -0.3 is one of them and no option; so is -inf, which is refused by name. */
static bool is_negative_number(const usage_text *usage, const char *text) {
  char *end = NULL;
  strtod(text, &end);
  return usage->n_words > 0 && *text == '-' && end != text;
}

static void set_word(const usage_text *usage, size_t index, const char *text) {
  if (index >= usage->n_words) die("unexpected word '%s'; --help lists the options", text);
  set_value(&usage->words[index], usage->words[index].name, text);
}

static void require_words(const usage_text *usage, size_t found) {
  if (found < usage->n_words) die("%s is missing; --help tells what is expected", usage->words[found].name);
}

static bool is_output(const option_row *row) { return row->kind == OPTION_OUTPUT || row->kind == OPTION_PICTURE; }

/* A file to read or to write that was named; NULL if the row is of another kind or was not given. */
static const char *file_of(const option_row *row) {
  const bool is_input = row->kind == OPTION_TEXT && strcmp(row->argument, "FILE") == 0;
  return is_input || is_output(row) ? *(const char **)row->target : NULL;
}

/* No output may be another one, or something to read. */
static void check_pair(const option_row *output, const option_row *other) {
  char label[40], other_label[40];
  if (!file_of(output) || !file_of(other)) return;
  snprintf(label, sizeof label, "--%s", output->name);
  snprintf(other_label, sizeof other_label, "--%s", other->name);
  check_distinct(label, file_of(output), other_label, file_of(other));
}

static void check_outputs(const option_row *rows, size_t n_rows) {
  char label[40];
  for (size_t k = 0; k < n_rows; k++) {
    snprintf(label, sizeof label, "--%s", rows[k].name);
    if (is_output(&rows[k]) && file_of(&rows[k])) check_output(label, file_of(&rows[k]));
  }
  for (size_t k = 0; k < n_rows; k++) {
    for (size_t j = 0; is_output(&rows[k]) && j < n_rows; j++) {
      if (j != k) check_pair(&rows[k], &rows[j]);
    }
  }
  forget_outputs();
}

void options_parse(common_options *common, const usage_text *usage, int argc, char **argv) {
  enum { FIRST_ROW = 256 };
  option_row rows[MOST_ROWS];
  struct option names[MOST_ROWS + 3] = {{"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'v'}};
  set_program_name(argc > 0 ? argv[0] : NULL);
  watch_output();
  const size_t n_rows = all_rows(common, usage, rows);
  for (size_t k = 0; k < n_rows; k++) {
    const int follows = rows[k].kind == OPTION_FLAG ? no_argument : required_argument;
    names[k + 2] = (struct option){rows[k].name, follows, NULL, FIRST_ROW + (int)k};
  }
  opterr = 0;
  size_t words = 0;
  while (optind < argc) {
    const char *const word = argv[optind];
    refuse_useless(word, rows, n_rows);
    const int code = is_negative_number(usage, word) ? -1 : getopt_long(argc, argv, "+:h", names, NULL);
    if (code == 'h') help(usage, rows, n_rows);
    if (code == 'v') version();
    if (code >= FIRST_ROW) {
      set_option(&rows[code - FIRST_ROW], optarg);
    } else if (code != -1) {
      complain(code, word);
    } else if (optind < argc) {
      set_word(usage, words++, argv[optind++]);
    }
  }
  require_words(usage, words);
  check_outputs(rows, n_rows);
}
