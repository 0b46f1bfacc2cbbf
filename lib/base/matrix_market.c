/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_market.c -- Matrix Market files (Boisvert, Pozo & Remington 1996, "The Matrix Market exchange
 * formats: initial design", NISTIR 5935), read strictly and written.
 *
 *     %%MatrixMarket matrix array real general      the banner: format, field, symmetry
 *     % a comment
 *     2 3                                           rows, columns; `coordinate` adds the number of entries
 *     1.5                                           array: one entry a line, column by column
 *     1 2 1.5                                       coordinate: row, column (from 1), entry
 *
 * A symmetric file holds the lower triangle only, a skew-symmetric one what is below the diagonal.  Blank
 * lines and comments may stand anywhere after the banner. */
#include "base/matrix.h"

#include "base/error.h"
#include "base/lines.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

typedef enum symmetry { GENERAL, SYMMETRIC, SKEW_SYMMETRIC } symmetry;

typedef struct market {
  gdi_lines lines;
  bool is_coordinate, is_integer;
  symmetry symmetry;
  size_t rows, columns;
  size_t entries; /* promised by the size line, or implied by it */
  double *values; /* [rows by columns], column-major */
} market;

#define FAIL(...) gdi_lines_fail(&file->lines, GD_ERR_FORMAT, __VA_ARGS__)

/* What the banner may say in its last three places, and what it means. */
typedef struct choice {
  const char *word;
  int meaning; /* negative: known to the format but not to this library */
} choice;

static const choice formats[] = {{"array", false}, {"coordinate", true}, {NULL, 0}};
static const choice fields[] = {{"real", false}, {"integer", true}, {"complex", -1}, {"pattern", -1}, {NULL, 0}};
static const choice symmetries[] = {
    {"general", GENERAL}, {"symmetric", SYMMETRIC}, {"skew-symmetric", SKEW_SYMMETRIC}, {"hermitian", -1}, {NULL, 0}};

static gd_status read_choice(market *file, const choice *choices, const char *expected, int *meaning) {
  const char *word = gdi_lines_word(&file->lines);
  if (!word) return FAIL("the banner ends early, expected %s", expected);
  while (choices->word && strcasecmp(word, choices->word)) choices++;
  if (!choices->word) return FAIL("'%.40s' in the banner, expected %s", word, expected);
  if (choices->meaning < 0)
    return gdi_lines_fail(&file->lines, GD_ERR_UNSUPPORTED, "'%s' files are not supported, expected %s", choices->word,
                          expected);
  *meaning = choices->meaning;
  return GD_OK;
}

static bool is_word(const char *word, const char *expected) { return word && !strcasecmp(word, expected); }

static gd_status read_banner(market *file) {
  bool is_end;
  int format, field, mirror;
  GD_TRY(gdi_lines_next(&file->lines, &is_end));
  if (!is_word(gdi_lines_word(&file->lines), "%%MatrixMarket"))
    return FAIL("no Matrix Market file: expected a first line like '%%%%MatrixMarket matrix array real general'");
  const char *object = gdi_lines_word(&file->lines);
  if (!is_word(object, "matrix")) return FAIL("'%.40s' in the banner, expected 'matrix'", object ? object : "nothing");
  GD_TRY(read_choice(file, formats, "'array' or 'coordinate'", &format));
  GD_TRY(read_choice(file, fields, "'real' or 'integer'", &field));
  GD_TRY(read_choice(file, symmetries, "'general', 'symmetric' or 'skew-symmetric'", &mirror));
  const char *more = gdi_lines_word(&file->lines);
  if (more) return FAIL("'%.40s' after the banner's five words", more);
  file->is_coordinate = format;
  file->is_integer = field;
  file->symmetry = (symmetry)mirror;
  return GD_OK;
}

static gd_status read_whole_number(market *file, const char *name, size_t least, size_t *number) {
  const char *word = gdi_lines_word(&file->lines);
  if (!word) return FAIL("the number of %s is missing", name);
  if (!gdi_parse_size(word, number) || *number < least)
    return FAIL("%s '%.40s', expected a whole number from %zu to %zu", name, word, least, SIZE_MAX);
  return GD_OK;
}

static gd_status expect_line_end(market *file) {
  const char *more = gdi_lines_word(&file->lines);
  return more ? FAIL("'%.40s' at the end of the line, expected nothing more", more) : GD_OK;
}

/* Entries that the file's symmetry leaves room for. */
static size_t room(const market *file) {
  const size_t n = file->columns, all = file->rows * n;
  if (file->symmetry == GENERAL) return all;
  return file->symmetry == SYMMETRIC ? (all - n) / 2 + n : (all - n) / 2;
}

static gd_status check_sizes(market *file) {
  size_t count, bytes;
  if (__builtin_mul_overflow(file->rows, file->columns, &count) ||
      __builtin_mul_overflow(count, 2 * sizeof(double), &bytes))
    return FAIL("%zu rows by %zu columns is more than this machine can address", file->rows, file->columns);
  if (file->symmetry != GENERAL && file->rows != file->columns)
    return FAIL("%zu rows by %zu columns, expected a square matrix as it is said to be symmetric", file->rows,
                file->columns);
  if (!file->is_coordinate) file->entries = room(file);
  if (file->entries > room(file))
    return FAIL("%zu entries, expected at most the %zu that there is room for", file->entries, room(file));
  if (!gdi_lines_can_hold(&file->lines, file->entries))
    return FAIL("%zu entries promised, more than the file can hold", file->entries);
  return GD_OK;
}

static gd_status read_sizes(market *file) {
  bool is_end;
  GD_TRY(gdi_lines_next_data(&file->lines, '%', &is_end));
  if (is_end) return FAIL("the file ends before the size line");
  GD_TRY(read_whole_number(file, "rows", 1, &file->rows));
  GD_TRY(read_whole_number(file, "columns", 1, &file->columns));
  if (file->is_coordinate) GD_TRY(read_whole_number(file, "entries", 0, &file->entries));
  GD_TRY(expect_line_end(file));
  return check_sizes(file);
}

static gd_status next_entry_line(market *file, size_t done) {
  bool is_end;
  GD_TRY(gdi_lines_next_data(&file->lines, '%', &is_end));
  if (is_end) return FAIL("the file ends after %zu of %zu entries", done, file->entries);
  return GD_OK;
}

/* The last word of an entry's line. */
static gd_status read_value(market *file, double *value) {
  const char *word = gdi_lines_word(&file->lines);
  if (!word) return FAIL("the entry's value is missing");
  if (file->is_integer && !gdi_is_integer(word)) return FAIL("'%.40s', expected an integer", word);
  if (!gdi_parse_real(word, value)) return FAIL("'%.40s', expected a finite decimal number such as -1.5e-3", word);
  return expect_line_end(file);
}

static double *at(const market *file, size_t row, size_t column) { return file->values + row + column * file->rows; }

/* An entry and, by symmetry, its mirror image. */
static void put(const market *file, size_t row, size_t column, double value) {
  *at(file, row, column) = value;
  if (row != column && file->symmetry == SYMMETRIC) *at(file, column, row) = value;
  if (row != column && file->symmetry == SKEW_SYMMETRIC) *at(file, column, row) = 0.0 - value;
}

static gd_status read_array(market *file) {
  size_t done = 0;
  for (size_t column = 0; column < file->columns; column++) {
    const size_t first = file->symmetry == GENERAL ? 0 : column + (file->symmetry == SKEW_SYMMETRIC);
    for (size_t row = first; row < file->rows; row++) {
      double value;
      GD_TRY(next_entry_line(file, done++));
      GD_TRY(read_value(file, &value));
      put(file, row, column, value);
    }
  }
  return GD_OK;
}

static gd_status read_index(market *file, const char *name, size_t most, size_t *index) {
  const char *word = gdi_lines_word(&file->lines);
  if (!word) return FAIL("the %s index is missing", name);
  if (!gdi_parse_size(word, index) || *index < 1 || *index > most)
    return FAIL("%s index '%.40s', expected 1 to %zu", name, word, most);
  --*index;
  return GD_OK;
}

static gd_status read_coordinate_entry(market *file) {
  size_t row, column;
  double value;
  GD_TRY(read_index(file, "row", file->rows, &row));
  GD_TRY(read_index(file, "column", file->columns, &column));
  GD_TRY(read_value(file, &value));
  if (file->symmetry != GENERAL && row < column)
    return FAIL("entry %zu %zu is above the diagonal, expected the lower triangle only", row + 1, column + 1);
  if (file->symmetry == SKEW_SYMMETRIC && row == column)
    return FAIL("entry %zu %zu is on the diagonal, which is zero in a skew-symmetric matrix", row + 1, column + 1);
  if (!isnan(*at(file, row, column))) return FAIL("entry %zu %zu was given before", row + 1, column + 1);
  put(file, row, column, value);
  return GD_OK;
}

/* NaN marks what was not given yet: no entry can be NaN. */
static gd_status read_coordinate(market *file) {
  const size_t count = file->rows * file->columns;
  for (size_t k = 0; k < count; k++) file->values[k] = NAN;
  for (size_t done = 0; done < file->entries; done++) {
    GD_TRY(next_entry_line(file, done));
    GD_TRY(read_coordinate_entry(file));
  }
  for (size_t k = 0; k < count; k++)
    if (isnan(file->values[k])) file->values[k] = 0;
  return GD_OK;
}

static gd_status expect_file_end(market *file) {
  bool is_end;
  GD_TRY(gdi_lines_next_data(&file->lines, '%', &is_end));
  return is_end ? GD_OK : FAIL("the file goes on after all %zu entries", file->entries);
}

static gd_status read_file(gd_matrix **matrix, market *file, const gd_env *env) {
  GD_TRY(read_banner(file));
  GD_TRY(read_sizes(file));
  GD_TRY(gdi_matrix_create(matrix, &file->values, file->rows, file->columns, env));
  GD_TRY(file->is_coordinate ? read_coordinate(file) : read_array(file));
  return expect_file_end(file);
}

gd_status gd_matrix_read(gd_matrix **matrix, const char *path, const gd_env *env) {
  GDI_REQUIRE(matrix, "gd_matrix_read: matrix is NULL");
  GDI_REQUIRE(path, "gd_matrix_read: path is NULL");
  market file = {0};
  gd_matrix *made = NULL;
  GD_TRY(gdi_lines_open(&file.lines, path));
  const gd_status status = read_file(&made, &file, env);
  gdi_lines_close(&file.lines);
  if (status < 0)
    gd_matrix_destroy(made);
  else
    *matrix = made;
  return status;
}

static gd_status check_finite(size_t rows, size_t columns, const double *A, size_t lda) {
  for (size_t column = 0; column < columns; column++)
    for (size_t row = 0; row < rows; row++)
      if (!isfinite(A[row + column * lda]))
        return gdi_fail(GD_ERR_NONFINITE, "gd_matrix_write: A[%zu, %zu] is %g, expected a finite number", row, column,
                        A[row + column * lda]);
  return GD_OK;
}

static bool write_entries(FILE *file, size_t rows, size_t columns, const double *A, size_t lda) {
  bool is_good = fprintf(file, "%%%%MatrixMarket matrix array real general\n%zu %zu\n", rows, columns) > 0;
  for (size_t column = 0; is_good && column < columns; column++)
    for (size_t row = 0; is_good && row < rows; row++) is_good = fprintf(file, "%.17g\n", A[row + column * lda]) > 0;
  return is_good;
}

/* The decimal point is a point whatever the program's locale: this thread's is set aside meanwhile. */
static bool write_plainly(FILE *file, size_t rows, size_t columns, const double *A, size_t lda) {
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!plain) return false;
  const locale_t before = uselocale(plain);
  const bool is_good = write_entries(file, rows, columns, A, lda);
  uselocale(before);
  freelocale(plain);
  return is_good;
}

gd_status gd_matrix_write(const char *path, size_t rows, size_t columns, const double *A, size_t lda) {
  GDI_REQUIRE(path, "gd_matrix_write: path is NULL");
  GDI_REQUIRE(A, "gd_matrix_write: A is NULL");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_matrix_write: A is %zu by %zu, expected at least 1 by 1", rows, columns);
  GDI_REQUIRE(lda >= rows, "gd_matrix_write: lda is %zu, expected at least the number of rows, %zu", lda, rows);
  GD_TRY(check_finite(rows, columns, A, lda));
  FILE *file = fopen(path, "w");
  bool is_good = file && write_plainly(file, rows, columns, A, lda);
  const int reason = errno;
  const bool is_closed = !file || fclose(file) == 0;
  if (is_good && is_closed) return GD_OK;
  return gdi_fail(GD_ERR_IO, "%s: cannot be written: %s", gdi_short_path(path), strerror(is_good ? errno : reason));
}
