/* SPDX-License-Identifier: BSD-3-Clause */
/* csv.c -- tables of numbers in text files; each row is a sample.
 *
 *     # a comment, here or at the end of a line
 *     x, y                   optional names: the first row, if each of its fields begins with a letter (or with a
 *                            quote or bracket and a letter)
 *     1.5, -2                every row has the same number of fields
 *
 * The first row determines the separator: semicolons, else commas, else tabs, else blanks, of which several count as
 * one.  Numbers have a decimal point in every locale. */
#include "files/formats.h"
#include "files/matrix.h"

#include "base/memory.h"

#include <string.h>
#include <strings.h>

enum { LONGEST_LINE = 1 << 20, FIRST_ROOM = 64 };

typedef struct csv_table {
  gdi_env env;
  gdi_lines *lines;
  char *text;     /* the current line */
  char separator; /* ' ' stands for blanks */
  size_t fields;  /* in each row; 0: not known yet */
  size_t samples, room;
  double *values; /* [fields by room] */
} csv_table;

#define FAIL(...) gdi_lines_fail(table->lines, GD_ERR_FORMAT, __VA_ARGS__)

static const char blanks[] = " \t\r\v\f";

/* ---- lines and their fields ---- */

/* Go to the next line with anything but blanks and comments. */
static gd_status next_row(csv_table *table, bool *is_end) {
  static const char mark[] = "\xef\xbb\xbf"; /* the byte order mark that some programs begin UTF-8 with */
  gdi_lines *lines = table->lines;
  do {
    GD_TRY(gdi_lines_next(lines, is_end));
    if (lines->number == 1 && !strncmp(lines->rest, mark, strlen(mark))) lines->rest += strlen(mark);
    lines->rest[strcspn(lines->rest, "#")] = 0;
  } while (!*is_end && !lines->rest[strspn(lines->rest, blanks)]);
  return GD_OK;
}

static char find_separator(const char *row) {
  for (const char *separator = ";,\t"; *separator; separator++)
    if (strchr(row, *separator)) return *separator;
  return ' ';
}

/* The field that begins at *rest, cut out of the row, without the blanks around it; NULL after the last one. */
static char *next_field(char separator, char **rest) {
  char *field = *rest;
  if (separator == ' ' && field) field += strspn(field, blanks);
  if (!field || (separator == ' ' && !*field)) return NULL;
  char *end = field + (separator == ' ' ? strcspn(field, blanks) : strcspn(field, (char[]){separator, 0}));
  *rest = *end ? end + 1 : NULL;
  *end = 0;
  field += strspn(field, blanks);
  while (end > field && strchr(blanks, end[-1])) *--end = 0;
  return field;
}

/* Words that begin with a letter but are values. */
static bool is_value_word(const char *field, size_t length) {
  static const char *const words[] = {"nan", "na", "n/a", "inf", "infinity", "true", "false", "null", "none"};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (strlen(words[k]) == length && !strncasecmp(field, words[k], length)) return true;
  return false;
}

/* Latin, Greek, Cyrillic and Hebrew letters have UTF-8's first bytes C3 to D7, those of East Asia E3 to ED.  Foreign
 * digits, minus signs and full-width forms have others. */
static bool begins_with_letter(const char *field) {
  const unsigned char first = (unsigned char)field[0], next = first ? (unsigned char)field[1] : 0;
  if (first == 0xc3) return next != 0x97 && next != 0xb7; /* the signs of times and divided by */
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_' ||
         (first > 0xc3 && first <= 0xd7) || (first >= 0xe3 && first <= 0xed);
}

/* A field that is not a name must be a number: a malformed row is not skipped.  Quotes and brackets are ignored. */
static bool is_name(const char *field) {
  const char *word = field + strspn(field, "\"'([");
  size_t length = strlen(word);
  while (length > 0 && strchr("\"')]", word[length - 1])) length--;
  return begins_with_letter(word) && !is_value_word(word, length);
}

/* Split the current row into fields, which then follow each other from table->text on. */
static gd_status split(csv_table *table, bool *has_numbers) {
  char *rest = table->lines->rest, *to = table->text, *field;
  size_t fields = 0;
  *has_numbers = false;
  for (; (field = next_field(table->separator, &rest)); fields++) {
    const size_t bytes = strlen(field) + 1;
    if (!is_name(field)) *has_numbers = true;
    memmove(to, field, bytes); /* towards the beginning, or not at all */
    to += bytes;
  }
  if (table->fields && fields != table->fields) return FAIL("%zu fields, expected %zu", fields, table->fields);
  table->fields = fields;
  return GD_OK;
}

/* ---- samples ---- */

static gd_status make_room(csv_table *table) {
  if (table->samples < table->room) return GD_OK;
  const size_t room = table->room ? 2 * table->room : FIRST_ROOM, row = table->fields * sizeof(double);
  double *values = gdi_allocate(&table->env, room, row);
  if (!values) return GD_ERR_MEMORY;
  if (table->values) memcpy(values, table->values, table->samples * row);
  gdi_release(&table->env, table->values);
  table->values = values;
  table->room = room;
  return GD_OK;
}

static gd_status add_sample(csv_table *table) {
  GD_TRY(make_room(table));
  double *sample = table->values + table->samples * table->fields;
  const char *field = table->text;
  for (size_t k = 0; k < table->fields; k++, field += strlen(field) + 1) {
    if (!*field) return FAIL("field %zu is empty, expected a number", k + 1);
    if (!gdi_parse_real(field, &sample[k]))
      return FAIL("'%.40s', expected a finite decimal number such as -1.5e-3", field);
  }
  table->samples++;
  return GD_OK;
}

static gd_status read_rows(csv_table *table) {
  bool is_end, has_numbers;
  GD_TRY(next_row(table, &is_end));
  if (is_end) return FAIL("the file ends before the first row of numbers");
  table->separator = find_separator(table->lines->rest);
  GD_TRY(split(table, &has_numbers));
  if (has_numbers) GD_TRY(add_sample(table));
  for (;;) {
    GD_TRY(next_row(table, &is_end));
    if (is_end) break;
    GD_TRY(split(table, &has_numbers));
    GD_TRY(add_sample(table));
  }
  return table->samples ? GD_OK : FAIL("the file ends before the first row of numbers");
}

static gd_status hand_over(gd_matrix **matrix, const csv_table *table, const gd_env *env) {
  double *values = NULL;
  GD_TRY(gdi_matrix_create(matrix, &values, table->fields, table->samples, env));
  memcpy(values, table->values, table->fields * table->samples * sizeof *values);
  return GD_OK;
}

gd_status gdi_csv_read(gd_matrix **matrix, gdi_lines *lines, const gd_env *env) {
  csv_table own = {.lines = lines};
  GD_TRY(gdi_env_copy(&own.env, env));
  const size_t size = gdi_lines_size(lines), longest = size > 0 && size < LONGEST_LINE ? size : LONGEST_LINE;
  own.text = gdi_allocate(&own.env, longest + 1, 1);
  if (!own.text) return GD_ERR_MEMORY;
  gdi_lines_widen(lines, own.text, longest);
  gd_status status = read_rows(&own);
  if (status == GD_OK) status = hand_over(matrix, &own, env);
  gdi_release(&own.env, own.text);
  gdi_release(&own.env, own.values);
  return status;
}
