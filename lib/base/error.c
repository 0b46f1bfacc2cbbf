/* SPDX-License-Identifier: BSD-3-Clause */
/* error.c -- names and texts of statuses, and this thread's last message. */
#include "base/error.h"
#include "base/statuses.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct status_row {
  gd_status status;
  const char *name, *text;
} status_row;

static const status_row *find_status(gd_status status);

/* ---- the last failure ---- */

static _Thread_local char last_error[512];
static _Thread_local gd_status last_status;
GDI_THREAD_LOCAL uint64_t gdi_failure_count;

static void record(gd_status status, const char *format, va_list arguments) {
  /* the new words may quote the old ones */
  char words[sizeof last_error];
  vsnprintf(words, sizeof words, format, arguments);
  memcpy(last_error, words, sizeof last_error);
  last_status = status;
  gdi_failure_count++;
}

gd_status gdi_fail(gd_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  record(status, format, arguments);
  va_end(arguments);
  return status;
}

gd_status gd_fail(gd_status status, const char *format, ...) {
  if (status >= 0) return gdi_fail(GD_ERR_ARGUMENT, "gd_fail: status is %d, expected a negative one", status);
  if (!format) return gdi_fail(GD_ERR_ARGUMENT, "gd_fail: format is NULL");
  va_list arguments;
  va_start(arguments, format);
  record(status, format, arguments);
  va_end(arguments);
  return status;
}

const char *gd_last_error(void) { return last_error; }

/* ---- functions of the user ---- */

static bool has_words_for(uint64_t before, gd_status status) {
  return gdi_failure_count != before && last_status == status;
}

/* These words, and those of the last failure within, if anything failed since `before`. */
static gd_status fail_with(uint64_t before, gd_status status, const char *words) {
  return gdi_failure_count == before ? gdi_fail(status, "%s", words) : gdi_fail(status, "%s: %s", words, last_error);
}

gd_status gdi_callback_words(uint64_t before, gd_status status, const char *format, ...) {
  if (has_words_for(before, status)) return status;
  char words[224];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  return fail_with(before, status, words);
}

gd_status gdi_callback_status(uint64_t before, gd_status status, const char *format, ...) {
  if (has_words_for(before, status)) return status;
  char what[160];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  const status_row *row = find_status(status);
  if (row) return gdi_callback_words(before, status, "%s returned %s", what, row->name);
  return gdi_callback_words(before, status, "%s returned %d, which is not a gd_status", what, status);
}

gd_status gdi_callback_code(uint64_t before, int code, const char *format, ...) {
  if (code < 0 && has_words_for(before, code)) return code;
  char words[224];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  return gdi_callback_words(before, code > 0 ? GD_ERR_DOMAIN : GD_ERR_CALLBACK, "%s", words);
}

/* ---- paths ---- */

const char *gdi_short_path(const char *path) {
  const size_t length = strlen(path), most = 200;
  return length > most ? path + length - most : path;
}

/* ---- names and texts of statuses ---- */

const char *gd_status_name(gd_status status) {
  const status_row *row = find_status(status);
  return row ? row->name : "GD_UNKNOWN";
}

const char *gd_status_text(gd_status status) {
  const status_row *row = find_status(status);
  return row ? row->text : "not a status of this library";
}

#define ROW(status, name, text) {status, #status, text},
static const status_row status_table[] = {GDI_STATUSES(ROW)};
#undef ROW

static const status_row *find_status(gd_status status) {
  for (size_t k = 0; k < sizeof status_table / sizeof *status_table; k++)
    if (status_table[k].status == status) return &status_table[k];
  return NULL;
}
