/* SPDX-License-Identifier: BSD-3-Clause */
/* Market: a Matrix Market file, read strictly, one entry after the other. */
#ifndef GDI_FILES_MARKET_H
#define GDI_FILES_MARKET_H

#include "files/lines.h"

typedef enum gdi_symmetry { GDI_GENERAL, GDI_SYMMETRIC, GDI_SKEW_SYMMETRIC } gdi_symmetry;

typedef struct gdi_market {
  gdi_lines lines;
  bool is_coordinate, is_integer;
  gdi_symmetry symmetry;
  size_t rows, columns;
  size_t entries; /* that the file lists: promised by the size line, or implied by it; SIZE_MAX if more than that */
} gdi_market;

/* Open and read up to the first entry.  Rows and columns are 1 or more, and vectors of as many doubles can be
 * addressed, so that their sum does not overflow; the product may.  Must be closed on failure too; the struct points
 * into itself and must not move. */
gd_status gdi_market_open(gdi_market *market, const char *path);
void gdi_market_close(gdi_market *market);

/* What is done with an entry, counted from 0, that is in the matrix and, if that is symmetric, in its lower triangle.
 */
typedef gd_status gdi_market_take(void *context, size_t row, size_t column, double value);

/* Read all entries, in the file's order, and see that nothing follows. */
gd_status gdi_market_read(gdi_market *market, gdi_market_take *take, void *context);

/* Record a message that begins with file and line, and return `status`. */
#define GDI_MARKET_FAIL(market, status, ...) gdi_lines_fail(&(market)->lines, status, __VA_ARGS__)

#endif
