/* SPDX-License-Identifier: BSD-3-Clause */
/* state_table_read.c -- takes what state_table_write() writes, to the letter, and says what is wrong with all else. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/state_table.h"

typedef struct table_reader {
  const char *path;
  FILE *file;
  char *text; /* of the present line, without its end; from malloc() */
  size_t room, number;
  table_complaint *complaint;
} table_reader;

static __attribute__((format(printf, 2, 3))) bool complain(const table_reader *it, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(it->complaint->text, sizeof it->complaint->text, format, arguments);
  va_end(arguments);
  return false;
}

static bool refuse(const table_reader *it, const char *expected) {
  return complain(it, "%s:%zu: '%.60s', expected %s", it->path, it->number, it->text, expected);
}

/* The next line, which ends in a line feed and has no zero byte; *is_end at the end of the file. */
static bool next_line(table_reader *it, bool *is_end) {
  it->number++;
  const ssize_t length = getline(&it->text, &it->room, it->file);
  *is_end = length < 0;
  if (length < 0) return !ferror(it->file) || complain(it, "%s: %s", it->path, strerror(errno));
  if (it->text[length - 1] != '\n') return refuse(it, "a whole line");
  it->text[length - 1] = 0;
  return strlen(it->text) == (size_t)length - 1 || refuse(it, "text without zero bytes");
}

static bool expect_line(table_reader *it, const char *before, const char *after, const char *expected) {
  const size_t length = strlen(before);
  bool is_end;
  if (!next_line(it, &is_end)) return false;
  if (is_end) return complain(it, "%s:%zu: the file ends, expected %s", it->path, it->number, expected);
  if (strncmp(it->text, before, length) != 0) return refuse(it, expected);
  return strcmp(it->text + length, after) == 0 ||
         complain(it, "%s is of other %s: \"%s\", expected \"%s\"", it->path, expected, it->text + length, after);
}

/* Of what a decimal number may have: no blank, nothing hexadecimal, no nan. */
static bool read_number(char **rest, double *value) {
  char *end = NULL;
  const size_t length = strspn(*rest, "+-.0123456789eE");
  if (length == 0) return false;
  *value = strtod(*rest, &end);
  if (end != *rest + length || !isfinite(*value)) return false;
  *rest = end;
  return true;
}

static bool read_row(const table_reader *it, size_t columns, uint64_t step, double *row) {
  char expected[48], *rest = it->text;
  snprintf(expected, sizeof expected, "%" PRIu64, step);
  const size_t length = strlen(expected);
  if (strncmp(rest, expected, length) != 0 || rest[length] != ',') {
    snprintf(expected, sizeof expected, "step %" PRIu64, step);
    return refuse(it, expected);
  }
  rest += length;
  for (size_t j = 0; j < columns; j++)
    if (*rest++ != ',' || !read_number(&rest, row + j)) return refuse(it, "a finite number for each column");
  return !*rest || refuse(it, "no more columns");
}

static bool open_table(table_reader *it) {
  struct stat facts;
  const int descriptor = open(it->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  it->file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
  if (!it->file || fstat(descriptor, &facts) != 0) return complain(it, "%s: %s", it->path, strerror(errno));
  return S_ISREG(facts.st_mode) || complain(it, "%s is no regular file", it->path);
}

static bool read_table(table_reader *it, const training_plan *plan, double *rows, size_t *count) {
  const size_t columns = training_columns(plan), most = training_rows(plan);
  bool is_end;
  if (!expect_line(it, "# ", plan->settings, "settings") || !expect_line(it, "step,", plan->columns, "columns"))
    return false;
  for (*count = 0;; ++*count) {
    if (!next_line(it, &is_end)) return false;
    if (is_end) return true;
    if (*count == most) return refuse(it, "no more rows");
    if (!read_row(it, columns, training_step(plan, *count), rows + *count * columns)) return false;
  }
}

bool state_table_read(const training_plan *plan, const char *path, double *rows, size_t *count,
                      table_complaint *complaint) {
  table_reader it = {.path = path, .complaint = complaint};
  const bool good = open_table(&it) && read_table(&it, plan, rows, count);
  if (it.file) fclose(it.file);
  free(it.text);
  return good;
}
