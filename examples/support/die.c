/* SPDX-License-Identifier: BSD-3-Clause */
/* die.c -- messages, exit codes, and the few calls that end a program when they fail. */
#include "support/die.h"

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

/* One line, whatever names and files have put into it. */
void die(const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  for (char *c = text; *c; c++)
    if ((unsigned char)*c < ' ' || *c == 127) *c = '?';
  fflush(stdout);
  fprintf(stderr, "%s: %s\n", name, text);
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

size_t size_times(size_t a, size_t b) {
  size_t product;
  return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

size_t size_plus(size_t a, size_t b) {
  size_t sum;
  return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

void *new_array(void *old, size_t count, size_t size) {
  const size_t bytes = size_times(count, size);
  void *memory = bytes < PTRDIFF_MAX ? realloc(old, bytes ? bytes : 1) : NULL;
  if (!memory) die("out of memory: %zu objects of %zu bytes were asked for", count, size);
  return memory;
}

/* calloc() leaves pages alone that nobody writes to. */
double *new_numbers(size_t count) {
  double *values = count < PTRDIFF_MAX / sizeof *values ? calloc(count ? count : 1, sizeof *values) : NULL;
  if (!values) die("out of memory: %zu numbers were asked for", count);
  return values;
}

double *new_matrix(size_t rows, size_t columns) { return new_numbers(size_times(rows, columns)); }
