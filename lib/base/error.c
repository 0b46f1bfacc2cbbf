/* SPDX-License-Identifier: BSD-3-Clause */
/* error.c -- statuses in words, and this thread's last message. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char last_error[512];

gd_status gdi_fail(gd_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last_error, sizeof last_error, format, arguments);
  va_end(arguments);
  return status;
}

const char *gd_last_error(void) { return last_error; }

const char *gdi_short_path(const char *path) {
  const size_t length = strlen(path), most = 200;
  return length > most ? path + length - most : path;
}

typedef struct status_row {
  gd_status status;
  const char *name, *text;
} status_row;

static const status_row *find_status(gd_status status);

const char *gd_status_name(gd_status status) {
  const status_row *row = find_status(status);
  return row ? row->name : "GD_UNKNOWN";
}

const char *gd_status_text(gd_status status) {
  const status_row *row = find_status(status);
  return row ? row->text : "not a status of this library";
}

#define ROW(status, text)                                                                                              \
  { status, #status, text }
static const status_row status_table[] = {
    ROW(GD_OK, "done"),
    ROW(GD_NOT_CONVERGED, "not converged; the best answer so far is returned"),
    ROW(GD_ERR_ARGUMENT, "an argument is outside its documented range"),
    ROW(GD_ERR_STRUCT, "a struct's size is missing or too small; its init was forgotten"),
    ROW(GD_ERR_MEMORY, "out of memory"),
    ROW(GD_ERR_UNSUPPORTED, "the game lacks a callback, or the library a feature"),
    ROW(GD_ERR_CALLBACK, "a callback failed"),
    ROW(GD_ERR_DOMAIN, "a callback was called outside its domain"),
    ROW(GD_ERR_NONFINITE, "not a finite number where one is needed"),
    ROW(GD_ERR_LAPACK, "a LAPACK routine failed"),
    ROW(GD_ERR_REDUCE, "the reduction over processes failed"),
    ROW(GD_ERR_NAME, "nothing of that name"),
    ROW(GD_ERR_FORMAT, "a file or checkpoint that cannot be read"),
    ROW(GD_ERR_HYPOTHESIS, "the game does not meet the theorem's hypothesis"),
    ROW(GD_ERR_IO, "the operating system refused a file"),
};

static const status_row *find_status(gd_status status) {
  for (size_t k = 0; k < sizeof status_table / sizeof *status_table; k++)
    if (status_table[k].status == status) return &status_table[k];
  return NULL;
}
