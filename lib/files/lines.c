/* SPDX-License-Identifier: BSD-3-Clause */
/* lines.c -- a text file, line by line and word by word. */
#include "files/lines.h"

#include "base/error.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

gd_status gdi_lines_fail(const gdi_lines *lines, gd_status status, const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  for (char *c = text; *c; c++)
    if (*c < ' ' || *c > '~') *c = '?';
  return gdi_fail(status, "%s:%zu: %s", gdi_short_path(lines->path), lines->number, text);
}

static gd_status fail_io(const gdi_lines *lines, const char *verb) {
  return gdi_fail(GD_ERR_IO, "%s: cannot be %s: %s", gdi_short_path(lines->path), verb, strerror(errno));
}

gd_status gdi_lines_open(gdi_lines *lines, const char *path) {
  *lines = (gdi_lines){.path = path};
  gdi_lines_widen(lines, lines->own_text, GDI_LINE_LENGTH);
  lines->file = fopen(path, "rb");
  return lines->file ? GD_OK : fail_io(lines, "opened");
}

void gdi_lines_widen(gdi_lines *lines, char *text, size_t longest) {
  text[0] = 0;
  lines->text = lines->rest = text;
  lines->longest = longest;
}

void gdi_lines_close(gdi_lines *lines) {
  if (lines->file) fclose(lines->file);
  lines->file = NULL;
}

static bool is_before_newline(FILE *file) {
  const int next = getc_unlocked(file);
  if (next != EOF) ungetc(next, file);
  return next == '\n';
}

/* A carriage return alone is an old line end; read as a blank, it would join two lines. */
static gd_status check_character(const gdi_lines *lines, int c, size_t length) {
  if (c == 0) return gdi_lines_fail(lines, GD_ERR_FORMAT, "a zero byte, expected text");
  if (length == lines->longest)
    return gdi_lines_fail(lines, GD_ERR_FORMAT, "the line has more than %zu characters", lines->longest);
  if (c == '\r' && !is_before_newline(lines->file))
    return gdi_lines_fail(lines, GD_ERR_FORMAT, "a carriage return alone, expected lines that end in LF or CR LF");
  return GD_OK;
}

gd_status gdi_lines_next(gdi_lines *lines, bool *is_end) {
  size_t length = 0;
  int c;
  lines->number++;
  while ((c = getc_unlocked(lines->file)) != EOF && c != '\n') {
    if (c == 0 || c == '\r' || length == lines->longest) GD_TRY(check_character(lines, c, length));
    lines->text[length++] = (char)c;
  }
  if (c == EOF && ferror(lines->file)) return fail_io(lines, "read");
  *is_end = c == EOF && length == 0;
  lines->text[length] = 0;
  lines->rest = lines->text;
  return GD_OK;
}

static const char blanks[] = " \t\r\v\f";

gd_status gdi_lines_next_data(gdi_lines *lines, char comment, bool *is_end) {
  do {
    GD_TRY(gdi_lines_next(lines, is_end));
    lines->rest += strspn(lines->rest, blanks);
  } while (!*is_end && (*lines->rest == 0 || *lines->rest == comment));
  return GD_OK;
}

char *gdi_lines_word(gdi_lines *lines) {
  char *word = lines->rest + strspn(lines->rest, blanks);
  if (!*word) return NULL;
  lines->rest = word + strcspn(word, blanks);
  if (*lines->rest) *lines->rest++ = 0;
  return word;
}

size_t gdi_lines_size(const gdi_lines *lines) {
  struct stat facts;
  return fstat(fileno(lines->file), &facts) == 0 && S_ISREG(facts.st_mode) ? (size_t)facts.st_size : SIZE_MAX;
}

bool gdi_lines_can_hold(const gdi_lines *lines, size_t count, size_t words) {
  return count <= gdi_lines_size(lines) / (2 * words) + 1; /* a digit and a separator each */
}

static const char *skip_digits(const char *text) {
  while (*text >= '0' && *text <= '9') text++;
  return text;
}

static const char *skip_sign(const char *text) { return text + (*text == '+' || *text == '-'); }

bool gdi_is_integer(const char *word) {
  const char *digits = skip_sign(word), *end = skip_digits(digits);
  return end > digits && !*end;
}

bool gdi_parse_size(const char *word, size_t *size) {
  size_t value = 0;
  if (!*word || *skip_digits(word)) return false;
  for (; *word; word++)
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, (size_t)(*word - '0'), &value))
      return false;
  *size = value;
  return true;
}

/* sign digits . digits e sign digits: one digit before the e at least, one after it if there is one */
static bool is_decimal(const char *word) {
  const char *start = skip_sign(word), *end = skip_digits(start);
  size_t digits = (size_t)(end - start);
  if (*end == '.') {
    start = end + 1;
    end = skip_digits(start);
    digits += (size_t)(end - start);
  }
  if (digits == 0) return false;
  if (*end != 'e' && *end != 'E') return !*end;
  return gdi_is_integer(end + 1);
}

bool gdi_parse_real(const char *word, double *real) {
  if (!is_decimal(word)) return false;
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!plain) return false;
  const double value = strtod_l(word, NULL, plain);
  freelocale(plain);
  if (!isfinite(value)) return false;
  *real = value;
  return true;
}
