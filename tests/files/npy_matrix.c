/* SPDX-License-Identifier: BSD-3-Clause */
/* npy_matrix.c -- NumPy's arrays become matrices, entry [i, j] the entry (i, j), from files and from memory. */
#include <gamedyn/matrix.h>

#include "support/failing_memory.h"
#include "support/files.h"
#include "support/suite.h"

static char path[FILE_PATH_SIZE];

static void make_path(void) { file_make(path); }
static void remove_path(void) { unlink(path); }

enum { FILE_SIZE = 512 };

/* Version 1 of the format: magic, length of the header, header, numbers. */
static size_t write_npy(char file[FILE_SIZE], const char *header, const char *numbers, size_t count) {
  const size_t length = strlen(header), start = 10;
  memcpy(file, "\x93NUMPY\1\0", 8);
  file[8] = (char)(length & 0xff), file[9] = (char)(length >> 8);
  memcpy(file + start, header, length);
  memcpy(file + start + length, numbers, count);
  return start + length + count;
}

#define HEADER(type, order, shape) "{'descr': '" type "', 'fortran_order': " order ", 'shape': " shape ", }\n"

static void assert_matrix(gd_matrix *matrix, size_t rows, size_t columns, const double *values) {
  ck_assert_uint_eq(gd_matrix_rows(matrix), rows);
  ck_assert_uint_eq(gd_matrix_columns(matrix), columns);
  for (size_t k = 0; k < rows * columns; k++) ck_assert_double_eq(gd_matrix_values(matrix)[k], values[k]);
  gd_matrix_destroy(matrix);
}

/* From a file and from memory; values column by column. */
static void assert_reads(const char *header, const char *numbers, size_t count, size_t rows, size_t columns,
                         const double *values) {
  char file[FILE_SIZE];
  gd_matrix *matrix = NULL;
  const size_t size = write_npy(file, header, numbers, count);
  file_write(path, file, size);
  assert_ok(gd_matrix_read_npy(&matrix, path, NULL));
  assert_matrix(matrix, rows, columns, values);
  assert_ok(gd_matrix_parse_npy(&matrix, "the bytes", file, size, NULL));
  assert_matrix(matrix, rows, columns, values);
}

/* [[1, 2, 3], [4, 5, 6]], row by row in C order and column by column in Fortran's. */
START_TEST(entries_stay_where_they_are) {
  const double values[] = {1, 4, 2, 5, 3, 6};
  assert_reads(HEADER("|u1", "False", "(2, 3)"), "\1\2\3\4\5\6", 6, 2, 3, values);
  assert_reads(HEADER("|u1", "True", "(2, 3)"), "\1\4\2\5\3\6", 6, 2, 3, values);
}
END_TEST

START_TEST(one_axis_is_a_column) {
  const double values[] = {1, 2, 3};
  assert_reads(HEADER("|u1", "False", "(3,)"), "\1\2\3", 3, 3, 1, values);
  assert_reads(HEADER("|u1", "True", "(3,)"), "\1\2\3", 3, 3, 1, values);
  assert_reads(HEADER(">f8", "False", "(1, 1)"), "\x3f\xb9\x99\x99\x99\x99\x99\x9a", 8, 1, 1, (double[]){0.1});
}
END_TEST

static const struct {
  const char *header;
  gd_status status;
  const char *words;
} wrong[] = {
    {HEADER("|u1", "False", "(1, 2, 3)"), GD_ERR_UNSUPPORTED, "an array of 3 axes, expected 1 or 2"},
    {HEADER("|u1", "False", "()"), GD_ERR_FORMAT, "the shape has no axes"},
    {HEADER("|O", "False", "(2, 3)"), GD_ERR_UNSUPPORTED, "type '|O' is not supported"},
    {HEADER("|u1", "False", "(3, 3)"), GD_ERR_FORMAT, "6 bytes of numbers, expected 9"},
    {HEADER("|u1", "False", "(4294967296, 4294967296)"), GD_ERR_FORMAT, "more than this machine can address"},
};

START_TEST(what_is_no_matrix_is_refused) {
  char file[FILE_SIZE];
  gd_matrix *matrix = NULL;
  const size_t size = write_npy(file, wrong[_i].header, "\1\2\3\4\5\6", 6);
  file_write(path, file, size);
  assert_fails(gd_matrix_read_npy(&matrix, path, NULL), wrong[_i].status, wrong[_i].words);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
  assert_fails(gd_matrix_parse_npy(&matrix, "J.npz:J", file, size, NULL), wrong[_i].status, wrong[_i].words);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "J.npz:J: byte "));
  ck_assert_ptr_null(matrix);
}
END_TEST

/* Every beginning of a good file is malformed, and nothing beyond it is read. */
START_TEST(memory_is_not_read_beyond_its_end) {
  char file[FILE_SIZE];
  gd_matrix *matrix = NULL;
  const size_t size = write_npy(file, HEADER("|u1", "False", "(2, 3)"), "\1\2\3\4\5\6", 6);
  for (size_t kept = 0; kept < size; kept++) {
    char *bytes = malloc(kept ? kept : 1);
    memcpy(bytes, file, kept);
    ck_assert_int_eq(gd_matrix_parse_npy(&matrix, "the bytes", bytes, kept, NULL), GD_ERR_FORMAT);
    free(bytes);
  }
  assert_fails(gd_matrix_parse_npy(&matrix, "nothing", NULL, 0, NULL), GD_ERR_FORMAT, "nothing: byte 0");
  ck_assert_ptr_null(matrix);
}
END_TEST

START_TEST(arguments_are_checked) {
  gd_matrix *matrix = NULL;
  assert_fails(gd_matrix_read_npy(NULL, path, NULL), GD_ERR_ARGUMENT, "matrix is NULL");
  assert_fails(gd_matrix_read_npy(&matrix, NULL, NULL), GD_ERR_ARGUMENT, "path is NULL");
  assert_fails(gd_matrix_read_npy(&matrix, "/no/such/file.npy", NULL), GD_ERR_IO, "/no/such/file.npy");
  assert_fails(gd_matrix_read_npy(&matrix, "/dev/null", NULL), GD_ERR_UNSUPPORTED, "expected a regular file");
  assert_fails(gd_matrix_parse_npy(NULL, "n", "", 0, NULL), GD_ERR_ARGUMENT, "matrix is NULL");
  assert_fails(gd_matrix_parse_npy(&matrix, NULL, "", 0, NULL), GD_ERR_ARGUMENT, "name is NULL");
  assert_fails(gd_matrix_parse_npy(&matrix, "n", NULL, 3, NULL), GD_ERR_ARGUMENT, "bytes is NULL, expected 3 bytes");
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_matrix *matrix = NULL;
  const gd_status status = gd_matrix_read_npy(&matrix, path, env);
  (void)argument;
  gd_matrix_destroy(matrix);
  return status;
}

/* The matrix and its numbers. */
START_TEST(survives_every_failing_allocation) {
  char file[FILE_SIZE];
  file_write(path, file, write_npy(file, HEADER("|u1", "False", "(2, 3)"), "\1\2\3\4\5\6", 6));
  ck_assert_uint_eq(refuse_each_allocation(attempt, NULL), 2);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {entries_stay_where_they_are, one_axis_is_a_column, memory_is_not_read_beyond_its_end,
                                arguments_are_checked, survives_every_failing_allocation};
  Suite *suite = suite_create("npy_matrix");
  TCase *tcase = tcase_create("npy_matrix");
  tcase_add_checked_fixture(tcase, make_path, remove_path);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  tcase_add_loop_test(tcase, what_is_no_matrix_is_refused, 0, sizeof wrong / sizeof *wrong);
  suite_add_tcase(suite, tcase);
  return suite;
}
