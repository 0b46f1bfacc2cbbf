/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_market.c -- dense matrices from Matrix Market files, and their shapes. */
#include "base/error.h"
#include "base/sizes.h"
#include "files/market.h"
#include "files/matrix.h"

#include <math.h>
#include <stdint.h>

/* A coordinate file need not have a byte for a zero, so that a short one may ask for all memory there is; a pipe may
 * promise what it likes.  Up to 256 megabytes either has them, and beyond that if they are not mostly zeros. */
enum { FREE_NUMBERS = 1 << 25, NUMBERS_PER_ENTRY = 64 };

typedef struct dense_reader {
  gdi_market market;
  double *values; /* [rows by columns], column-major */
} dense_reader;

static double *at(const dense_reader *it, size_t row, size_t column) {
  return it->values + row + column * it->market.rows;
}

/* An entry and, by symmetry, its mirror image. */
static gd_status put(void *context, size_t row, size_t column, double value) {
  const dense_reader *it = context;
  const gdi_symmetry symmetry = it->market.symmetry;
  if (!isnan(*at(it, row, column)))
    return GDI_MARKET_FAIL(&it->market, GD_ERR_FORMAT, "entry %zu %zu was given before", row + 1, column + 1);
  *at(it, row, column) = value;
  if (row != column && symmetry == GDI_SYMMETRIC) *at(it, column, row) = value;
  if (row != column && symmetry == GDI_SKEW_SYMMETRIC) *at(it, column, row) = 0.0 - value;
  return GD_OK;
}

static gd_status check_room(const gdi_market *market, size_t count) {
  if (gdi_times(count, 2 * sizeof(double)) == SIZE_MAX)
    return GDI_MARKET_FAIL(market, GD_ERR_FORMAT, "%zu rows by %zu columns is more than this machine can address",
                           market->rows, market->columns);
  const bool has_size = gdi_lines_size(&market->lines) != SIZE_MAX;
  const size_t covered = market->is_coordinate && has_size ? gdi_times(market->entries, NUMBERS_PER_ENTRY) : 0;
  if (count <= FREE_NUMBERS || count <= covered || (!market->is_coordinate && has_size)) return GD_OK;
  if (market->is_coordinate)
    return GDI_MARKET_FAIL(market, GD_ERR_UNSUPPORTED,
                           "%zu rows by %zu columns with %zu entries are not stored in full, expected at most %d "
                           "numbers, or %d for each entry; gd_sparse_read() reads such files",
                           market->rows, market->columns, market->entries, FREE_NUMBERS, NUMBERS_PER_ENTRY);
  return GDI_MARKET_FAIL(market, GD_ERR_UNSUPPORTED,
                         "%zu rows by %zu columns from a pipe, expected at most %d numbers, or a regular file",
                         market->rows, market->columns, FREE_NUMBERS);
}

/* NaN marks what was not given yet: no entry can be NaN. */
static gd_status read_dense(gd_matrix **matrix, dense_reader *it, const gd_env *env) {
  const size_t count = gdi_times(it->market.rows, it->market.columns);
  GD_TRY(check_room(&it->market, count));
  GD_TRY(gdi_matrix_create(matrix, &it->values, it->market.rows, it->market.columns, env));
  for (size_t k = 0; k < count; k++) it->values[k] = NAN;
  GD_TRY(gdi_market_read(&it->market, put, it));
  for (size_t k = 0; k < count; k++)
    if (isnan(it->values[k])) it->values[k] = 0;
  return GD_OK;
}

gd_status gd_matrix_read(gd_matrix **matrix, const char *path, const gd_env *env) {
  GDI_REQUIRE(matrix, "gd_matrix_read: matrix is NULL");
  GDI_REQUIRE(path, "gd_matrix_read: path is NULL");
  dense_reader it = {0};
  gd_matrix *made = NULL;
  gd_status status = gdi_market_open(&it.market, path);
  if (status == GD_OK) status = read_dense(&made, &it, env);
  gdi_market_close(&it.market);
  if (status < 0)
    gd_matrix_destroy(made);
  else
    *matrix = made;
  return status;
}

gd_status gd_matrix_peek(const char *path, gd_matrix_shape *shape) {
  GDI_REQUIRE(path, "gd_matrix_peek: path is NULL");
  GDI_REQUIRE(shape, "gd_matrix_peek: shape is NULL");
  gdi_market market = {0};
  const gd_status status = gdi_market_open(&market, path);
  gdi_market_close(&market);
  if (status == GD_OK)
    *shape = (gd_matrix_shape){.rows = market.rows,
                               .columns = market.columns,
                               .entries = market.entries,
                               .is_coordinate = market.is_coordinate};
  return status;
}
