/* SPDX-License-Identifier: BSD-3-Clause */
/* market.c -- Matrix Market files (Boisvert, Pozo & Remington 1996, "The Matrix Market exchange
 * formats: initial design", NISTIR 5935), read strictly.
 *
 *     %%MatrixMarket matrix array real general      the banner: format, field, symmetry
 *     % a comment
 *     2 3                                           rows, columns; `coordinate` adds the number of entries
 *     1.5                                           array: one entry a line, column by column
 *     1 2 1.5                                       coordinate: row, column (from 1), entry
 *
 * A symmetric file holds the lower triangle only, a skew-symmetric one what is below the diagonal.  Blank
 * lines and comments may stand anywhere after the banner. */
#include "files/market.h"

#include "base/error.h"
#include "base/sizes.h"

#include <stdint.h>
#include <strings.h>

#define FAIL(...) GDI_MARKET_FAIL(file, GD_ERR_FORMAT, __VA_ARGS__)

/* The allowed words in the last three places of the banner, and their meaning. */
typedef struct choice {
  const char *word;
  int meaning; /* negative: known to the format but not to this library */
} choice;

static const choice formats[] = {{"array", false}, {"coordinate", true}, {NULL, 0}};
static const choice fields[] = {{"real", false}, {"integer", true}, {"complex", -1}, {"pattern", -1}, {NULL, 0}};
static const choice symmetries[] = {{"general", GDI_GENERAL},
                                    {"symmetric", GDI_SYMMETRIC},
                                    {"skew-symmetric", GDI_SKEW_SYMMETRIC},
                                    {"hermitian", -1},
                                    {NULL, 0}};

static gd_status read_choice(gdi_market *file, const choice *choices, const char *expected, int *meaning) {
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

static gd_status read_banner(gdi_market *file) {
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
  file->symmetry = (gdi_symmetry)mirror;
  return GD_OK;
}

static gd_status read_whole_number(gdi_market *file, const char *name, size_t least, size_t *number) {
  const char *word = gdi_lines_word(&file->lines);
  if (!word) return FAIL("the number of %s is missing", name);
  if (!gdi_parse_size(word, number) || *number < least)
    return FAIL("%s '%.40s', expected a whole number from %zu to %zu", name, word, least, SIZE_MAX);
  return GD_OK;
}

static gd_status expect_line_end(gdi_market *file) {
  const char *more = gdi_lines_word(&file->lines);
  return more ? FAIL("'%.40s' at the end of the line, expected nothing more", more) : GD_OK;
}

/* The largest number of entries for the file's symmetry; SIZE_MAX if it is larger. */
static size_t room(const gdi_market *file) {
  const size_t n = file->columns, all = gdi_times(file->rows, n);
  if (all == SIZE_MAX || file->symmetry == GDI_GENERAL) return all;
  return file->symmetry == GDI_SYMMETRIC ? (all - n) / 2 + n : (all - n) / 2;
}

static gd_status check_sizes(gdi_market *file) {
  const size_t longest = SIZE_MAX / 2 / sizeof(double);
  if (file->rows > longest || file->columns > longest)
    return FAIL("%zu rows by %zu columns is more than this machine can address", file->rows, file->columns);
  if (file->symmetry != GDI_GENERAL && file->rows != file->columns)
    return FAIL("%zu rows by %zu columns, expected a square matrix as it is said to be symmetric", file->rows,
                file->columns);
  if (!file->is_coordinate) file->entries = room(file);
  if (file->entries > room(file))
    return FAIL("%zu entries, expected at most the %zu that there is room for", file->entries, room(file));
  if (!gdi_lines_can_hold(&file->lines, file->entries, file->is_coordinate ? 3 : 1))
    return FAIL("%zu entries promised, more than the file can hold", file->entries);
  return GD_OK;
}

static gd_status read_sizes(gdi_market *file) {
  bool is_end;
  GD_TRY(gdi_lines_next_data(&file->lines, '%', &is_end));
  if (is_end) return FAIL("the file ends before the size line");
  GD_TRY(read_whole_number(file, "rows", 1, &file->rows));
  GD_TRY(read_whole_number(file, "columns", 1, &file->columns));
  if (file->is_coordinate) GD_TRY(read_whole_number(file, "entries", 0, &file->entries));
  GD_TRY(expect_line_end(file));
  return check_sizes(file);
}

static gd_status next_entry_line(gdi_market *file, size_t done) {
  bool is_end;
  GD_TRY(gdi_lines_next_data(&file->lines, '%', &is_end));
  if (is_end) return FAIL("the file ends after %zu of %zu entries", done, file->entries);
  return GD_OK;
}

/* The last word of an entry's line. */
static gd_status read_value(gdi_market *file, double *value) {
  const char *word = gdi_lines_word(&file->lines);
  if (!word) return FAIL("the entry's value is missing");
  if (file->is_integer && !gdi_is_integer(word)) return FAIL("'%.40s', expected an integer", word);
  if (!gdi_parse_real(word, value)) return FAIL("'%.40s', expected a finite decimal number such as -1.5e-3", word);
  return expect_line_end(file);
}

static gd_status read_array(gdi_market *file, gdi_market_take *take, void *context) {
  size_t done = 0;
  for (size_t column = 0; column < file->columns; column++) {
    const size_t first = file->symmetry == GDI_GENERAL ? 0 : column + (file->symmetry == GDI_SKEW_SYMMETRIC);
    for (size_t row = first; row < file->rows; row++) {
      double value;
      GD_TRY(next_entry_line(file, done++));
      GD_TRY(read_value(file, &value));
      GD_TRY(take(context, row, column, value));
    }
  }
  return GD_OK;
}

static gd_status read_index(gdi_market *file, const char *name, size_t most, size_t *index) {
  const char *word = gdi_lines_word(&file->lines);
  if (!word) return FAIL("the %s index is missing", name);
  if (!gdi_parse_size(word, index) || *index < 1 || *index > most)
    return FAIL("%s index '%.40s', expected 1 to %zu", name, word, most);
  --*index;
  return GD_OK;
}

static gd_status read_coordinate_entry(gdi_market *file, gdi_market_take *take, void *context) {
  size_t row, column;
  double value;
  GD_TRY(read_index(file, "row", file->rows, &row));
  GD_TRY(read_index(file, "column", file->columns, &column));
  GD_TRY(read_value(file, &value));
  if (file->symmetry != GDI_GENERAL && row < column)
    return FAIL("entry %zu %zu is above the diagonal, expected the lower triangle only", row + 1, column + 1);
  if (file->symmetry == GDI_SKEW_SYMMETRIC && row == column)
    return FAIL("entry %zu %zu is on the diagonal, which is zero in a skew-symmetric matrix", row + 1, column + 1);
  return take(context, row, column, value);
}

static gd_status read_coordinate(gdi_market *file, gdi_market_take *take, void *context) {
  for (size_t done = 0; done < file->entries; done++) {
    GD_TRY(next_entry_line(file, done));
    GD_TRY(read_coordinate_entry(file, take, context));
  }
  return GD_OK;
}

static gd_status expect_file_end(gdi_market *file) {
  bool is_end;
  GD_TRY(gdi_lines_next_data(&file->lines, '%', &is_end));
  return is_end ? GD_OK : FAIL("the file goes on after all %zu entries", file->entries);
}

gd_status gdi_market_read(gdi_market *market, gdi_market_take *take, void *context) {
  GD_TRY(market->is_coordinate ? read_coordinate(market, take, context) : read_array(market, take, context));
  return expect_file_end(market);
}

gd_status gdi_market_open(gdi_market *market, const char *path) {
  GD_TRY(gdi_lines_open(&market->lines, path));
  GD_TRY(read_banner(market));
  return read_sizes(market);
}

void gdi_market_close(gdi_market *market) { gdi_lines_close(&market->lines); }
