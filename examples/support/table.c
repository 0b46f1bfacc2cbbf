/* SPDX-License-Identifier: BSD-3-Clause */
/* table.c -- cells kept as text until all widths are known, then laid out to fit the screen. */
#include "support/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/screen.h"

enum { CELL_SIZE = 64 };

typedef struct cell {
  char text[CELL_SIZE];
} cell;

struct text_table {
  size_t columns, n_cells;
  cell *cells;
};

static void append(text_table *table, const char *text, size_t length) {
  table->cells = new_array(table->cells, table->n_cells + 1, sizeof *table->cells);
  cell *last = &table->cells[table->n_cells++];
  const size_t kept = length < CELL_SIZE ? length : CELL_SIZE - 1;
  memcpy(last->text, text, kept);
  last->text[kept] = '\0';
}

text_table *table_create(const char *headings) {
  text_table *table = new_array(NULL, 1, sizeof *table);
  *table = (struct text_table){0};
  for (const char *from = headings; from; table->columns++) {
    const char *bar = strchr(from, '|');
    append(table, from, bar ? (size_t)(bar - from) : strlen(from));
    from = bar ? bar + 1 : NULL;
  }
  return table;
}

void table_cell(text_table *table, const char *format, ...) {
  char text[CELL_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  append(table, text, strlen(text));
}

void table_number(text_table *table, double value) {
  if (isnan(value)) {
    table_cell(table, "-");
  } else if (value == floor(value) && fabs(value) < 1e9) {
    table_cell(table, "%.0f", value);
  } else {
    table_cell(table, "%.6g", value);
  }
}

void table_rate(text_table *table, double rate) {
  if (isnan(rate)) {
    table_cell(table, "-");
  } else if (rate < 1.0 && rate > 1.0 - 1e-6) {
    table_cell(table, "1 - %.3g", 1.0 - rate);
  } else {
    table_cell(table, "%.8f", rate);
  }
}

/* ---- printing ---- */

/* A table as it is laid out: where the lines of headings break, and how wide columns are. */
typedef struct layout {
  const text_table *table;
  FILE *file;
  int *widths; /* [columns] */
  int height;  /* lines of headings */
  int blanks;  /* of the present line that nothing was printed after yet */
} layout;

/* Of the words of a heading as many as a line has room for, one at least: their length. */
static int line_length(const char *heading, int width) {
  size_t length = strcspn(heading, " ");
  while (heading[length]) {
    const size_t longer = length + 1 + strcspn(heading + length + 1, " ");
    if (longer > (size_t)width) break;
    length = longer;
  }
  return (int)length;
}

static const char *after_line(const char *heading, int width) {
  heading += line_length(heading, width);
  return heading + (*heading == ' ');
}

static int line_count(const char *heading, int width) {
  int count = 1;
  while (*(heading = after_line(heading, width))) count++;
  return count;
}

static int longest_word(const char *heading) {
  int longest = 0;
  for (; *heading; heading = after_line(heading, 0))
    if (line_length(heading, 0) > longest) longest = line_length(heading, 0);
  return longest;
}

static int column_width(const text_table *table, size_t column, bool breaks_headings) {
  const char *heading = table->cells[column].text;
  int width = breaks_headings ? longest_word(heading) : (int)strlen(heading);
  for (size_t k = column + table->columns; k < table->n_cells; k += table->columns) {
    const int length = (int)strlen(table->cells[k].text);
    if (length > width) width = length;
  }
  return width;
}

/* Widths of the columns, and of all of them side by side. */
static int lay_out(layout *it, bool breaks_headings) {
  const text_table *table = it->table;
  int total = -2;
  it->height = 1;
  for (size_t column = 0; column < table->columns; column++) {
    it->widths[column] = column_width(table, column, breaks_headings);
    const int lines = line_count(table->cells[column].text, it->widths[column]);
    if (lines > it->height) it->height = lines;
    total += it->widths[column] + 2;
  }
  return total;
}

static void print_cell(layout *it, size_t column, const char *text, int length) {
  const int room = it->widths[column] - length;
  it->blanks += column == 0 ? 0 : 2 + room;
  if (length > 0) {
    fprintf(it->file, "%*s%.*s", it->blanks, "", length, text);
    it->blanks = 0;
  }
  it->blanks += column == 0 ? room : 0;
}

static void end_line(layout *it) {
  fputc('\n', it->file);
  it->blanks = 0;
}

/* Line `line` of a heading, of which the last is on the last line of all headings. */
static void print_heading(layout *it, size_t column, int line) {
  const int width = it->widths[column];
  const char *heading = it->table->cells[column].text;
  int skipped = it->height - line_count(heading, width);
  for (; skipped < line; skipped++) heading = after_line(heading, width);
  print_cell(it, column, heading, skipped > line ? 0 : line_length(heading, width));
}

static void print_row(layout *it, size_t row, size_t from, size_t end) {
  for (size_t column = 0; column < end; column = column ? column + 1 : from) {
    const size_t k = row * it->table->columns + column;
    const char *text = k < it->table->n_cells ? it->table->cells[k].text : "";
    print_cell(it, column, text, (int)strlen(text));
  }
  end_line(it);
}

/* The first column, and those from `from` up to `end`. */
static void print_group(layout *it, size_t from, size_t end) {
  int dashes = it->widths[0];
  for (size_t column = from; column < end; column++) dashes += 2 + it->widths[column];
  for (int line = 0; line < it->height; line++) {
    for (size_t column = 0; column < end; column = column ? column + 1 : from) print_heading(it, column, line);
    end_line(it);
  }
  while (dashes-- > 0) fputc('-', it->file);
  end_line(it);
  for (size_t row = 1; row * it->table->columns < it->table->n_cells; row++) print_row(it, row, from, end);
}

/* As many columns as there is room for beside the first, one at least. */
static size_t group_end(const layout *it, size_t from, int room) {
  int total = it->widths[0];
  size_t end = from;
  while (end < it->table->columns && (end == from || total + 2 + it->widths[end] <= room))
    total += 2 + it->widths[end++];
  return end;
}

/* Too wide a table has its headings broken; if that does not do, its columns follow in groups. */
void table_print(text_table *table, FILE *file) {
  layout it = {table, file, new_array(NULL, table->columns, sizeof *it.widths), 1, 0};
  const int room = screen_columns(file);
  if (lay_out(&it, false) > room) lay_out(&it, true);
  for (size_t from = 1, end; from == 1 || from < table->columns; from = end) {
    end = group_end(&it, from, room);
    if (from > 1) fputc('\n', file);
    print_group(&it, from, end > from ? end : 1);
    if (end == from) break; /* there is the first column alone */
  }
  free(it.widths);
  free(table->cells);
  free(table);
}
