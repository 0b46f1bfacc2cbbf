/* SPDX-License-Identifier: BSD-3-Clause */
/* trace_csv.c -- a trace as a table of text: a line of names, a line for each observation. */
#include "base/error.h"
#include "files/text_file.h"
#include "run/trace.h"

#include <inttypes.h>
#include <math.h>

/* Places of the columns in the order of the file: short ones first, the point last. */
static const size_t order[GDI_TRACE_COLUMNS] = {4, 5, 2, 7, 3, 1, 6, 0};
enum { GRADIENT_NORM = 2 };

static bool write_names(FILE *file, const gd_trace *trace) {
  bool is_good = fputs("step", file) >= 0;
  for (size_t k = 0; is_good && k < GDI_TRACE_COLUMNS; k++) {
    const gdi_trace_kind *kind = &gdi_trace_kinds[order[k]];
    for (size_t i = 0; is_good && i < trace->columns[order[k]].width; i++)
      is_good = kind->width == GDI_ONE_NUMBER ? fprintf(file, ",%s", kind->name) > 0
                                              : fprintf(file, ",%s_%zu", kind->name, i) > 0;
    if (is_good && order[k] == GRADIENT_NORM && trace->columns[GRADIENT_NORM].width > 0)
      is_good = fputs(",energy", file) >= 0;
  }
  return is_good && fputs("\n", file) >= 0;
}

/* A NaN has no sign, which some printf() show. */
static bool write_number(FILE *file, double number) {
  return isnan(number) ? fputs(",nan", file) >= 0 : fprintf(file, ",%.17g", number) > 0;
}

static bool write_row(FILE *file, const gd_trace *trace, size_t row) {
  bool is_good = fprintf(file, "%" PRIu64, trace->steps[row]) > 0;
  for (size_t k = 0; is_good && k < GDI_TRACE_COLUMNS; k++) {
    const gdi_trace_column *column = &trace->columns[order[k]];
    const double *numbers = column->width > 0 ? column->rows + row * column->width : NULL;
    for (size_t i = 0; is_good && i < column->width; i++) is_good = write_number(file, numbers[i]);
    if (is_good && order[k] == GRADIENT_NORM && numbers) is_good = write_number(file, 0.5 * numbers[0] * numbers[0]);
  }
  return is_good && fputs("\n", file) >= 0;
}

static bool write_table(FILE *file, const void *what) {
  const gd_trace *trace = what;
  bool is_good = write_names(file, trace);
  for (size_t row = 0; is_good && row < trace->rows; row++) is_good = write_row(file, trace, row);
  return is_good;
}

gd_status gd_trace_write_csv(const gd_trace *trace, const char *path) {
  GDI_REQUIRE(trace, "gd_trace_write_csv: trace is NULL");
  GDI_REQUIRE(path, "gd_trace_write_csv: path is NULL");
  return gdi_text_file_write(path, write_table, trace, &trace->env);
}
