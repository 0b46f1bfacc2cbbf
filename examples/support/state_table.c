/* SPDX-License-Identifier: BSD-3-Clause */
/* state_table.c -- a run's measurements so far, as text:
 *
 *     # the settings
 *     step,the columns
 *     0,number,number,...         the steps of the plan in their order; finite numbers
 *
 * Nothing else is accepted.  The table is written to PATH.new, which takes its place once it is complete and on disk;
 * the folder's lock sees to it that nobody else writes one. */
#include "support/state_table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/die.h"
#include "support/output.h"

/* ---- reading ---- */

typedef struct table_reader {
  const char *path;
  FILE *file;
  char *text; /* of the present line, without its end; from malloc() */
  size_t room, number;
} table_reader;

static _Noreturn void refuse(const table_reader *it, const char *expected) {
  die("--state: %s:%zu: '%.60s', expected %s", it->path, it->number, it->text ? it->text : "", expected);
}

/* The next line, which ends in a line feed and has no zero byte; false at the end of the file. */
static bool next_line(table_reader *it) {
  it->number++;
  const ssize_t length = getline(&it->text, &it->room, it->file);
  if (length < 0 && ferror(it->file)) die("--state: %s: %s", it->path, strerror(errno));
  if (length < 0) return false;
  if (it->text[length - 1] != '\n') refuse(it, "a whole line");
  it->text[length - 1] = 0;
  if (strlen(it->text) != (size_t)length - 1) refuse(it, "text without zero bytes");
  return true;
}

static void expect_line(table_reader *it, const char *before, const char *after, const char *expected) {
  const size_t length = strlen(before);
  if (!next_line(it)) die("--state: %s:%zu: the file ends, expected %s", it->path, it->number, expected);
  if (strncmp(it->text, before, length) != 0) refuse(it, expected);
  if (strcmp(it->text + length, after) != 0)
    die("--state: %s is of other %s: \"%s\", expected \"%s\"", it->path, expected, it->text + length, after);
}

/* Digits, and among them what a decimal number may have: no blank, no hexadecimal, no nan. */
static bool read_number(char **rest, double *value) {
  char *end = NULL;
  if (strspn(*rest, "+-.0123456789eE") == 0) return false;
  *value = strtod(*rest, &end);
  if (end == *rest || strspn(*rest, "+-.0123456789eE") != (size_t)(end - *rest) || !isfinite(*value)) return false;
  *rest = end;
  return true;
}

static void read_row(table_reader *it, size_t columns, uint64_t step, double *row) {
  char expected[48], *rest = it->text;
  snprintf(expected, sizeof expected, "%" PRIu64, step);
  const size_t length = strlen(expected);
  if (strncmp(rest, expected, length) != 0 || rest[length] != ',') {
    snprintf(expected, sizeof expected, "step %" PRIu64, step);
    refuse(it, expected);
  }
  rest += length;
  for (size_t j = 0; j < columns; j++)
    if (*rest++ != ',' || !read_number(&rest, row + j)) refuse(it, "a finite number for each column");
  if (*rest) refuse(it, "no more columns");
}

size_t state_table_read(const training_plan *plan, const char *path, double *rows) {
  const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat facts;
  if (descriptor < 0 || fstat(descriptor, &facts) != 0) die("--state: %s: %s", path, strerror(errno));
  if (!S_ISREG(facts.st_mode)) die("--state: %s is no regular file", path);
  table_reader it = {.path = path, .file = fdopen(descriptor, "r")};
  if (!it.file) die("--state: %s: %s", path, strerror(errno));
  const size_t columns = training_columns(plan), most = training_rows(plan);
  size_t count = 0;
  expect_line(&it, "# ", plan->settings, "settings");
  expect_line(&it, "step,", plan->columns, "columns");
  for (; next_line(&it); count++) {
    if (count == most) refuse(&it, "no more rows");
    read_row(&it, columns, training_step(plan, count), rows + count * columns);
  }
  fclose(it.file);
  free(it.text);
  return count;
}

/* ---- writing ---- */

static void write_rows(const training_plan *plan, FILE *file, const double *rows, size_t count) {
  const size_t columns = training_columns(plan);
  fprintf(file, "# %s\nstep,%s\n", plan->settings, plan->columns);
  for (size_t k = 0; k < count; k++) {
    fprintf(file, "%" PRIu64, training_step(plan, k));
    for (size_t j = 0; j < columns; j++) fprintf(file, ",%.17g", rows[k * columns + j]);
    fputc('\n', file);
  }
}

/* What a program that was killed has left is in the way and is removed. */
static FILE *open_fresh(const char *path) {
  if (unlink(path) != 0 && errno != ENOENT) die("--state: %s: %s", path, strerror(errno));
  const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
  if (!file) die("--state: cannot write %s: %s", path, strerror(errno));
  return file;
}

static void sync_folder(const char *folder) {
  const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 || (fsync(descriptor) != 0 && errno != EINVAL))
    fprintf(stderr, "%s: --state %s cannot be synced: %s\n", program_name(), folder, strerror(errno));
  if (descriptor >= 0) close(descriptor);
}

void state_table_write(const training_plan *plan, const char *path, const double *rows, size_t count) {
  char *fresh = new_array(NULL, strlen(path) + sizeof ".new", 1);
  sprintf(fresh, "%s.new", path);
  FILE *file = open_fresh(fresh);
  write_rows(plan, file, rows, count);
  if (fflush(file) != 0 || fsync(fileno(file)) != 0) die("--state: cannot write %s: %s", fresh, strerror(errno));
  close_output("--state", fresh, file);
  if (rename(fresh, path) != 0) die("--state: %s: %s", path, strerror(errno));
  sync_folder(plan->state);
  free(fresh);
}
