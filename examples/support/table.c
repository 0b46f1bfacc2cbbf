/* SPDX-License-Identifier: BSD-3-Clause */
/* table.c -- cells kept as text until all widths are known. */
#include "support/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"

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

static int column_width(const text_table *table, size_t column) {
  size_t width = 0;
  for (size_t k = column; k < table->n_cells; k += table->columns) {
    const size_t length = strlen(table->cells[k].text);
    if (length > width) width = length;
  }
  return (int)width;
}

static void print_row(const text_table *table, size_t first, const int *widths, FILE *file) {
  for (size_t column = 0; column < table->columns; column++) {
    const char *text = first + column < table->n_cells ? table->cells[first + column].text : "";
    fprintf(file, column ? "  %*s" : "%-*s", widths[column], text);
  }
  fputc('\n', file);
}

void table_print(text_table *table, FILE *file) {
  int *widths = new_array(NULL, table->columns, sizeof *widths), total = -2;
  for (size_t column = 0; column < table->columns; column++) {
    widths[column] = column_width(table, column);
    total += widths[column] + 2;
  }
  for (size_t first = 0; first < table->n_cells; first += table->columns) {
    print_row(table, first, widths, file);
    for (int dash = 0; first == 0 && dash < total; dash++) fputc('-', file);
    if (first == 0) fputc('\n', file);
  }
  free(widths);
  free(table->cells);
  free(table);
}
