/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix.c -- Matrix Market files are read as NISTIR 5935 describes them, refused with the line and the reason
 * when they are malformed. */
#include "files/matrix.h"

#include "support/failing_memory.h"
#include "support/files.h"
#include "support/suite.h"

#include <float.h>
#include <gamedyn/rng.h>

#define BANNER "%%MatrixMarket matrix "
#define ARRAY BANNER "array real general\n"
#define COORDINATE BANNER "coordinate real general\n"

static char path[FILE_PATH_SIZE];

static void make_path(void) { file_make(path); }
static void remove_path(void) { unlink(path); }

/* The length is that of the text. */
static void write_text(const char *text) { file_write(path, text, strlen(text)); }

static gd_status read_text(gd_matrix **matrix, const char *text) {
  write_text(text);
  return gd_matrix_read(matrix, path, NULL);
}

static void assert_reads(const char *text, size_t rows, size_t columns, const double *values) {
  gd_matrix *matrix = NULL;
  assert_ok(read_text(&matrix, text));
  ck_assert_uint_eq(gd_matrix_rows(matrix), rows);
  ck_assert_uint_eq(gd_matrix_columns(matrix), columns);
  for (size_t k = 0; k < rows * columns; k++) ck_assert_double_eq(gd_matrix_values(matrix)[k], values[k]);
  gd_matrix_destroy(matrix);
}

START_TEST(reads_an_array_by_columns) {
  assert_reads(ARRAY "2 3\n1\n2.5\n-3\n4e2\n+.5\n6.\n", 2, 3, (double[]){1, 2.5, -3, 400, 0.5, 6});
  assert_reads(BANNER "array integer general\n1 2\n-7\n+12", 1, 2, (double[]){-7, 12});
}
END_TEST

START_TEST(reads_the_lower_triangle_of_symmetric_arrays) {
  assert_reads(BANNER "array real symmetric\n3 3\n1\n2\n3\n4\n5\n6\n", 3, 3, (double[]){1, 2, 3, 2, 4, 5, 3, 5, 6});
  assert_reads(BANNER "array real skew-symmetric\n3 3\n2\n3\n5\n", 3, 3, (double[]){0, 2, 3, -2, 0, 5, -3, -5, 0});
  assert_reads(BANNER "array real skew-symmetric\n1 1\n", 1, 1, (double[]){0});
}
END_TEST

START_TEST(reads_coordinates_in_any_order) {
  assert_reads(COORDINATE "2 3 3\n2 3 -1.5\n1 1 4\n2 1 1e-3\n", 2, 3, (double[]){4, 1e-3, 0, 0, 0, -1.5});
  assert_reads(COORDINATE "2 2 0\n", 2, 2, (double[]){0, 0, 0, 0});
  assert_reads(COORDINATE "1 1 1\n1 1 0\n", 1, 1, (double[]){0});
  assert_reads(BANNER "coordinate integer symmetric\n2 2 2\n2 1 3\n2 2 -4\n", 2, 2, (double[]){0, 3, 3, -4});
  assert_reads(BANNER "coordinate real skew-symmetric\n2 2 1\n2 1 3\n", 2, 2, (double[]){0, 3, -3, 0});
}
END_TEST

START_TEST(forgives_case_comments_blanks_and_carriage_returns) {
  const double values[] = {1, 2};
  assert_reads("%%MATRIXMARKET Matrix aRRay REAL General\r\n% says\r\n\r\n  2\t1  \r\n1 \r\n\r\n2\r\n\r\n", 2, 1,
               values);
  assert_reads("%%MatrixMarket  matrix\tarray real general \n%\n%more\n\n  % indented\n2 1\n%\n1\n% between\n  2\n\n%",
               2, 1, values);
}
END_TEST

START_TEST(accepts_lines_up_to_the_limit) {
  char text[4096] = ARRAY "%";
  memset(text + strlen(text), 'c', 1023);
  strcat(text, "\n1 1\n5\n");
  assert_reads(text, 1, 1, (double[]){5});
  strcpy(text, ARRAY "%");
  memset(text + strlen(text), 'c', 1024);
  strcat(text, "\n1 1\n5\n");
  gd_matrix *matrix = NULL;
  assert_fails(read_text(&matrix, text), GD_ERR_FORMAT, ":2: the line has more than 1024 characters");
}
END_TEST

START_TEST(rounds_numbers_correctly) {
  assert_reads(ARRAY "5 1\n0.1\n1.7976931348623157e308\n4.9406564584124654e-324\n1e-400\n9007199254740993\n", 5, 1,
               (double[]){0.1, DBL_MAX, 0x1p-1074, 0, 9007199254740992.0});
}
END_TEST

/* Malformed files: what is wrong, and the words that say so. */
static const struct {
  const char *text;
  gd_status status;
  const char *words;
} malformed[] = {
    /* the banner */
    {"", GD_ERR_FORMAT, ":1: no Matrix Market file: expected a first line like '%%MatrixMarket matrix array"},
    {"\n" ARRAY "1 1\n1\n", GD_ERR_FORMAT, ":1: no Matrix Market file"},
    {"%MatrixMarket matrix array real general\n1 1\n1\n", GD_ERR_FORMAT, ":1: no Matrix Market file"},
    {"%%MatrixMarket\n", GD_ERR_FORMAT, ":1: 'nothing' in the banner, expected 'matrix'"},
    {"%%MatrixMarket vector array real general\n", GD_ERR_FORMAT, ":1: 'vector' in the banner, expected 'matrix'"},
    {BANNER "\n", GD_ERR_FORMAT, ":1: the banner ends early, expected 'array' or 'coordinate'"},
    {BANNER "dense real general\n", GD_ERR_FORMAT, ":1: 'dense' in the banner, expected 'array' or 'coordinate'"},
    {BANNER "array\n", GD_ERR_FORMAT, "ends early, expected 'real' or 'integer'"},
    {BANNER "array float general\n", GD_ERR_FORMAT, "'float' in the banner, expected 'real' or 'integer'"},
    {BANNER "array real\n", GD_ERR_FORMAT, "ends early, expected 'general', 'symmetric' or 'skew-symmetric'"},
    {BANNER "array real diagonal\n", GD_ERR_FORMAT, "'diagonal' in the banner, expected 'general'"},
    {BANNER "array real general extra\n", GD_ERR_FORMAT, ":1: 'extra' after the banner's five words"},
    {BANNER "array complex general\n", GD_ERR_UNSUPPORTED, ":1: 'complex' files are not supported"},
    {BANNER "coordinate Pattern general\n", GD_ERR_UNSUPPORTED, ":1: 'pattern' files are not supported"},
    {BANNER "array real Hermitian\n", GD_ERR_UNSUPPORTED, ":1: 'hermitian' files are not supported"},
    /* the size line */
    {ARRAY, GD_ERR_FORMAT, ":2: the file ends before the size line"},
    {ARRAY "% comment\n\n", GD_ERR_FORMAT, ":4: the file ends before the size line"},
    {ARRAY "2\n1\n2\n", GD_ERR_FORMAT, ":2: the number of columns is missing"},
    {COORDINATE "2 2\n", GD_ERR_FORMAT, ":2: the number of entries is missing"},
    {ARRAY "-2 2\n", GD_ERR_FORMAT, ":2: rows '-2', expected a whole number from 1"},
    {ARRAY "0 2\n", GD_ERR_FORMAT, ":2: rows '0', expected a whole number from 1"},
    {ARRAY "2 x\n", GD_ERR_FORMAT, ":2: columns 'x', expected a whole number"},
    {ARRAY "2 2.5\n", GD_ERR_FORMAT, ":2: columns '2.5', expected a whole number"},
    {ARRAY "18446744073709551616 1\n", GD_ERR_FORMAT, ":2: rows '18446744073709551616'"},
    {ARRAY "18446744073709551615 2\n", GD_ERR_FORMAT, "2 columns is more than this machine can address"},
    {COORDINATE "4294967296 4294967296 1\n1 1 1\n", GD_ERR_FORMAT, "more than this machine can address"},
    {COORDINATE "4294967297 4294967296 1\n1 1 1\n", GD_ERR_FORMAT, "more than this machine can address"},
    {COORDINATE "18446744073709551615 1 1\n1 1 1\n", GD_ERR_FORMAT, "more than this machine can address"},
    /* 2^31 and 2^33 numbers, and 2^25 + 2^13, of a file with one entry */
    {COORDINATE "2147483648 1 1\n1 1 1\n", GD_ERR_UNSUPPORTED, ":2: 2147483648 rows by 1 columns with 1 entries are"},
    {COORDINATE "4294967296 2 1\n1 1 1\n", GD_ERR_UNSUPPORTED, "expected at most 33554432 numbers, or 64 for each"},
    {COORDINATE "4097 8192 1\n1 1 1\n", GD_ERR_UNSUPPORTED, "gd_sparse_read() reads such files"},
    {BANNER "coordinate real symmetric\n3000000 10 1\n1 1 1\n", GD_ERR_FORMAT, ":2: 3000000 rows by 10 columns, ex"},
    {COORDINATE "9 9 60\n1 1 1\n", GD_ERR_FORMAT, ":2: 60 entries promised, more than the file can hold"},
    {COORDINATE "1152921504606846976 1 1\n1 1 1\n", GD_ERR_FORMAT, "more than this machine can address"},
    {ARRAY "1000000 1000000\n1\n", GD_ERR_FORMAT, ":2: 1000000000000 entries promised, more than the file can hold"},
    {COORDINATE "2 2 5\n", GD_ERR_FORMAT, ":2: 5 entries, expected at most the 4 that there is room for"},
    {COORDINATE "2 2 -1\n", GD_ERR_FORMAT, ":2: entries '-1', expected a whole number from 0"},
    {BANNER "coordinate real symmetric\n2 2 4\n", GD_ERR_FORMAT, "expected at most the 3 that there is room for"},
    {BANNER "coordinate real skew-symmetric\n2 2 2\n", GD_ERR_FORMAT, "expected at most the 1 that there is room for"},
    {BANNER "array real symmetric\n2 3\n1\n2\n3\n", GD_ERR_FORMAT, ":2: 2 rows by 3 columns, expected a square matrix"},
    {ARRAY "2 2 4\n", GD_ERR_FORMAT, ":2: '4' at the end of the line"},
    {COORDINATE "2 2 1 1\n", GD_ERR_FORMAT, ":2: '1' at the end of the line"},
    /* too few and too many entries */
    {ARRAY "2 2\n1\n2\n3\n", GD_ERR_FORMAT, ":6: the file ends after 3 of 4 entries"},
    {ARRAY "2 1\n1\n2\n3\n", GD_ERR_FORMAT, ":5: the file goes on after all 2 entries"},
    {COORDINATE "2 2 2\n1 1 1\n", GD_ERR_FORMAT, ":4: the file ends after 1 of 2 entries"},
    {COORDINATE "2 2 1\n1 1 1\n1 2 1\n", GD_ERR_FORMAT, ":4: the file goes on after all 1 entries"},
    {COORDINATE "2 2 0\njunk\n", GD_ERR_FORMAT, ":3: the file goes on after all 0 entries"},
    /* numbers */
    {ARRAY "1 1\nabc\n", GD_ERR_FORMAT, ":3: 'abc', expected a finite decimal number"},
    {ARRAY "1 1\nnan\n", GD_ERR_FORMAT, ":3: 'nan', expected a finite decimal number"},
    {ARRAY "1 1\n-inf\n", GD_ERR_FORMAT, ":3: '-inf', expected a finite decimal number"},
    {ARRAY "1 1\nInfinity\n", GD_ERR_FORMAT, ":3: 'Infinity', expected a finite decimal number"},
    {ARRAY "1 1\n1e999\n", GD_ERR_FORMAT, ":3: '1e999', expected a finite decimal number"},
    {ARRAY "1 1\n0x10\n", GD_ERR_FORMAT, ":3: '0x10', expected a finite decimal number"},
    {ARRAY "1 1\n1,5\n", GD_ERR_FORMAT, ":3: '1,5', expected a finite decimal number"},
    {ARRAY "1 1\n1.5.2\n", GD_ERR_FORMAT, ":3: '1.5.2', expected a finite decimal number"},
    {ARRAY "1 1\n1e\n", GD_ERR_FORMAT, ":3: '1e', expected a finite decimal number"},
    {ARRAY "1 1\n.\n", GD_ERR_FORMAT, ":3: '.', expected a finite decimal number"},
    {ARRAY "1 1\n-\n", GD_ERR_FORMAT, ":3: '-', expected a finite decimal number"},
    {ARRAY "1 1\n\x1b[2J\n", GD_ERR_FORMAT, ":3: '?[2J', expected a finite decimal number"},
    {ARRAY "1 2\n1 2\n", GD_ERR_FORMAT, ":3: '2' at the end of the line"},
    {ARRAY "1 1\n1 % one\n", GD_ERR_FORMAT, ":3: '%' at the end of the line"},
    {BANNER "array integer general\n1 1\n1.5\n", GD_ERR_FORMAT, ":3: '1.5', expected an integer"},
    {BANNER "array integer general\n1 1\n1e3\n", GD_ERR_FORMAT, ":3: '1e3', expected an integer"},
    /* indices */
    {COORDINATE "2 3 1\n0 1 5\n", GD_ERR_FORMAT, ":3: row index '0', expected 1 to 2"},
    {COORDINATE "2 3 1\n3 1 5\n", GD_ERR_FORMAT, ":3: row index '3', expected 1 to 2"},
    {COORDINATE "2 3 1\n1 4 5\n", GD_ERR_FORMAT, ":3: column index '4', expected 1 to 3"},
    {COORDINATE "2 3 1\n1 -1 5\n", GD_ERR_FORMAT, ":3: column index '-1', expected 1 to 3"},
    {COORDINATE "2 3 1\n1.0 1 5\n", GD_ERR_FORMAT, ":3: row index '1.0', expected 1 to 2"},
    {COORDINATE "2 3 1\n99999999999999999999 1 5\n", GD_ERR_FORMAT, ":3: row index '99999999999999999999'"},
    {COORDINATE "2 3 1\n1\n", GD_ERR_FORMAT, ":3: the column index is missing"},
    {COORDINATE "2 3 1\n1 1\n", GD_ERR_FORMAT, ":3: the entry's value is missing"},
    {COORDINATE "2 3 1\n1 15\n", GD_ERR_FORMAT, ":3: column index '15', expected 1 to 3"},
    {COORDINATE "2 3 1\n1 1\r5\n", GD_ERR_FORMAT, ":3: a carriage return alone"},
    {ARRAY "2 1\r1\r2\r", GD_ERR_FORMAT, ":2: a carriage return alone, expected lines that end in LF or CR LF"},
    {ARRAY "1 1\n1\r\r\n", GD_ERR_FORMAT, ":3: a carriage return alone"},
    {COORDINATE "2 3 1\n1 1 5 6\n", GD_ERR_FORMAT, ":3: '6' at the end of the line"},
    {COORDINATE "2 3 2\n1 2 5\n1 2 5\n", GD_ERR_FORMAT, ":4: entry 1 2 was given before"},
    {BANNER "coordinate real symmetric\n2 2 1\n1 2 5\n", GD_ERR_FORMAT, ":3: entry 1 2 is above the diagonal"},
    {BANNER "coordinate real skew-symmetric\n2 2 1\n2 2 0\n", GD_ERR_FORMAT, ":3: entry 2 2 is on the diagonal"},
};

START_TEST(says_what_is_wrong_and_where) {
  gd_matrix *matrix = NULL;
  assert_fails(read_text(&matrix, malformed[_i].text), malformed[_i].status, malformed[_i].words);
  ck_assert_ptr_null(matrix);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
}
END_TEST

START_TEST(refuses_zero_bytes) {
  static const char text[] = ARRAY "1 1\n1\0002\n";
  gd_matrix *matrix = NULL;
  file_write(path, text, sizeof text - 1);
  assert_fails(gd_matrix_read(&matrix, path, NULL), GD_ERR_FORMAT, ":3: a zero byte, expected text");
}
END_TEST

START_TEST(names_files_that_cannot_be_read) {
  gd_matrix *matrix = NULL;
  assert_fails(gd_matrix_read(&matrix, P_tmpdir, NULL), GD_ERR_IO, "cannot be read: Is a directory");
  unlink(path);
  assert_fails(gd_matrix_read(&matrix, path, NULL), GD_ERR_IO, "cannot be opened: No such file");
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
  char long_path[2000];
  memset(long_path, 'd', sizeof long_path);
  strcpy(long_path + sizeof long_path - 6, "/name");
  assert_fails(gd_matrix_read(&matrix, long_path, NULL), GD_ERR_IO, "d/name: cannot be opened");
  ck_assert_ptr_null(matrix);
}
END_TEST

START_TEST(reads_from_a_pipe) {
  gd_matrix *matrix = NULL;
  int ends[2];
  char name[32];
  static const char text[] = ARRAY "2 1\n1\n2\n";
  ck_assert_int_eq(pipe(ends), 0);
  ck_assert_int_eq(write(ends[1], text, sizeof text - 1), sizeof text - 1);
  close(ends[1]);
  snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
  assert_ok(gd_matrix_read(&matrix, name, NULL));
  ck_assert_double_eq(gd_matrix_values(matrix)[1], 2);
  gd_matrix_destroy(matrix);
}
END_TEST

/* A pipe may promise what it likes: its size is not known. */
START_TEST(does_not_believe_a_pipe) {
  gd_matrix *matrix = NULL;
  int ends[2];
  char name[32];
  static const char text[] = ARRAY "100000 100000\n1\n";
  ck_assert_int_eq(pipe(ends), 0);
  ck_assert_int_eq(write(ends[1], text, sizeof text - 1), sizeof text - 1);
  close(ends[1]);
  snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
  assert_fails(gd_matrix_read(&matrix, name, NULL), GD_ERR_UNSUPPORTED, "100000 columns from a pipe, expected at most");
  ck_assert_ptr_null(matrix);
}
END_TEST

START_TEST(tells_shapes_from_first_lines) {
  gd_matrix_shape shape = {.rows = 7};
  write_text(COORDINATE "3000000 10 1\nthis is not looked at");
  assert_ok(gd_matrix_peek(path, &shape));
  ck_assert(shape.rows == 3000000 && shape.columns == 10 && shape.entries == 1 && shape.is_coordinate);
  write_text(BANNER "array real symmetric\n3 3\n1\n2\n3\n4\n5\n6\n");
  assert_ok(gd_matrix_peek(path, &shape));
  ck_assert(shape.rows == 3 && shape.columns == 3 && shape.entries == 6 && !shape.is_coordinate); /* 3 + 2 + 1 */
  write_text(ARRAY "0 1\n");
  assert_fails(gd_matrix_peek(path, &shape), GD_ERR_FORMAT, ":2: rows '0', expected a whole number from 1");
  ck_assert(shape.rows == 3);
  assert_fails(gd_matrix_peek(NULL, &shape), GD_ERR_ARGUMENT, "gd_matrix_peek: path is NULL");
  assert_fails(gd_matrix_peek(path, NULL), GD_ERR_ARGUMENT, "gd_matrix_peek: shape is NULL");
}
END_TEST

START_TEST(checks_its_arguments) {
  gd_matrix *matrix = NULL;
  assert_fails(gd_matrix_read(NULL, path, NULL), GD_ERR_ARGUMENT, "matrix is NULL");
  assert_fails(gd_matrix_read(&matrix, NULL, NULL), GD_ERR_ARGUMENT, "path is NULL");
  file_write(path, ARRAY "1 1\n1\n", strlen(ARRAY "1 1\n1\n"));
  assert_fails(gd_matrix_read(&matrix, path, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  gd_matrix_destroy(NULL);
  ck_assert_uint_eq(gd_matrix_rows(NULL), 0);
  ck_assert_uint_eq(gd_matrix_columns(NULL), 0);
  ck_assert_ptr_null(gd_matrix_values(NULL));
}
END_TEST

START_TEST(survives_every_failing_allocation) {
  static const char text[] = ARRAY "2 1\n1\n2\n";
  file_write(path, text, sizeof text - 1);
  for (size_t fail_at = 1;; fail_at++) {
    gd_matrix *matrix = NULL;
    failing_memory memory;
    failing_memory_init(&memory, fail_at);
    const gd_status status = gd_matrix_read(&matrix, path, &memory.env);
    if (status == GD_OK) {
      ck_assert_uint_eq(fail_at, 3);
      gd_matrix_destroy(matrix);
      ck_assert_uint_eq(memory.live, 0);
      break;
    }
    ck_assert_int_eq(status, GD_ERR_MEMORY);
    ck_assert_ptr_null(matrix);
    ck_assert_uint_eq(memory.live, 0);
  }
}
END_TEST

START_TEST(says_when_a_matrix_does_not_fit_in_memory) {
  gd_matrix *matrix = NULL;
  double *values;
  failing_memory memory; /* refuses more than a quarter of the address space */
  failing_memory_init(&memory, 0);
  assert_fails(gdi_matrix_create(&matrix, &values, SIZE_MAX, 2, &memory.env), GD_ERR_MEMORY, "out of memory");
  ck_assert_ptr_null(matrix);
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* Flip, insert or drop a few bytes. */
static size_t mutate(gd_rng *rng, char *text, size_t length, size_t room) {
  for (uint64_t changes = 1 + gd_rng_below(rng, 3); changes > 0 && length > 0; changes--) {
    const size_t place = gd_rng_below(rng, length);
    const uint64_t kind = gd_rng_below(rng, 4);
    if (kind == 0) text[place] = (char)gd_rng_below(rng, 256);
    if (kind == 1) text[place] = " \n0123456789-+.eE%x\r"[gd_rng_below(rng, 20)];
    if (kind == 2) memmove(text + place, text + place + 1, --length - place);
    if (kind == 3 && length < room) memmove(text + place + 1, text + place, length++ - place);
  }
  return length;
}

START_TEST(never_stumbles_over_damaged_files) {
  static const char *const valid[] = {
      ARRAY "% note\n2 3\n1\n2.5\n-3\n4e2\n+.5\n6.\n",
      COORDINATE "2 3 3\n2 3 -1.5\n1 1 4\n2 1 1e-3\n",
      BANNER "coordinate integer symmetric\n2 2 2\n2 1 3\n2 2 -4\n",
      BANNER "array real skew-symmetric\n3 3\n2\n3\n5\n",
  };
  size_t accepted = 0, refused = 0;
  gd_rng rng = gd_rng_make(2, 0);
  for (size_t trial = 0; trial < 2000; trial++) {
    char text[256];
    const char *source = valid[trial % 4];
    memcpy(text, source, strlen(source) + 1);
    file_write(path, text, mutate(&rng, text, strlen(source), sizeof text));
    failing_memory memory; /* the damage may be a huge size */
    failing_memory_init(&memory, 0);
    gd_matrix *matrix = NULL;
    const gd_status status = gd_matrix_read(&matrix, path, &memory.env);
    ck_assert_int_le(status, GD_OK);
    if (status == GD_OK) {
      accepted++;
      for (size_t k = 0; k < gd_matrix_rows(matrix) * gd_matrix_columns(matrix); k++)
        ck_assert(isfinite(gd_matrix_values(matrix)[k]));
    } else {
      refused++;
      ck_assert_ptr_null(matrix);
      ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
    }
    gd_matrix_destroy(matrix);
    ck_assert_uint_eq(memory.live, 0);
  }
  ck_assert_uint_gt(accepted, 0); /* damage to a comment or a digit may go unseen */
  ck_assert_uint_gt(refused, 0);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {
      reads_an_array_by_columns,
      reads_the_lower_triangle_of_symmetric_arrays,
      reads_coordinates_in_any_order,
      forgives_case_comments_blanks_and_carriage_returns,
      accepts_lines_up_to_the_limit,
      rounds_numbers_correctly,
      refuses_zero_bytes,
      names_files_that_cannot_be_read,
      reads_from_a_pipe,
      does_not_believe_a_pipe,
      tells_shapes_from_first_lines,
      checks_its_arguments,
      survives_every_failing_allocation,
      says_when_a_matrix_does_not_fit_in_memory,
      never_stumbles_over_damaged_files,
  };
  Suite *suite = suite_create("matrix");
  TCase *tcase = tcase_create("files");
  tcase_set_timeout(tcase, 300);
  tcase_add_checked_fixture(tcase, make_path, remove_path);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  tcase_add_loop_test(tcase, says_what_is_wrong_and_where, 0, sizeof malformed / sizeof *malformed);
  suite_add_tcase(suite, tcase);
  return suite;
}
