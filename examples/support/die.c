/* SPDX-License-Identifier: BSD-3-Clause */
/* die.c -- messages, exit codes, and the few calls that end a program when they fail. */
#include "support/die.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *name = "gamedyn";

const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

void set_program_name(const char *argv0) {
  if (argv0) name = file_name(argv0);
}

const char *program_name(void) { return name; }

void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  fprintf(stderr, "%s: ", name);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  fflush(NULL);
  _exit(EXIT_BAD_INPUT); /* nothing is freed on the way out: the operating system takes it all back */
}

static const char *words_for(gd_status status) { return *gd_last_error() ? gd_last_error() : gd_status_text(status); }

void must(gd_status status) {
  if (status < 0) die("%s", words_for(status));
}

void must_for(const char *option, gd_status status) {
  if (status < 0) die("%s: %s", option, words_for(status));
}

void *new_memory(void *old, size_t bytes) {
  void *memory = realloc(old, bytes ? bytes : 1);
  if (!memory) die("out of memory: %zu bytes were asked for", bytes);
  return memory;
}

double *new_numbers(size_t count) {
  if (count > SIZE_MAX / sizeof(double)) die("out of memory: %zu numbers were asked for", count);
  double *values = new_memory(NULL, count * sizeof *values);
  memset(values, 0, count * sizeof *values);
  return values;
}

void check_output(const char *option, const char *path) {
  FILE *file = fopen(path, "a");
  if (!file) die("%s: cannot write %s: %s", option, path, strerror(errno));
  fclose(file);
}

FILE *open_output(const char *option, const char *path) {
  FILE *file = fopen(path, "w");
  if (!file) die("%s: cannot write %s: %s", option, path, strerror(errno));
  return file;
}

void close_output(const char *option, const char *path, FILE *file) {
  const int failed = ferror(file);
  if (fclose(file) != 0 || failed) die("%s: %s was not written in full: %s", option, path, strerror(errno));
}
