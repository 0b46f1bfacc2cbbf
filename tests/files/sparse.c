/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse.c -- the entries of a file are those of the matrix that it is, in order, however large that would be. */
#include <gamedyn/matrix.h>
#include <gamedyn/rng.h>
#include <gamedyn/sparse.h>

#include "support/failing_memory.h"
#include "support/files.h"
#include "support/suite.h"

#include <math.h>
#include <stdint.h>

#define BANNER "%%MatrixMarket matrix "
#define COORDINATE BANNER "coordinate real general\n"

static char path[FILE_PATH_SIZE];

static void make_path(void) { file_make(path); }
static void remove_path(void) { unlink(path); }

static gd_status read_text(gd_sparse **entries, const char *text) {
  file_write(path, text, strlen(text));
  return gd_sparse_read(entries, path, NULL);
}

static void assert_reads(const char *text, size_t rows, size_t columns, size_t count, const gd_entry *expected) {
  gd_sparse *entries = NULL;
  assert_ok(read_text(&entries, text));
  ck_assert_uint_eq(gd_sparse_rows(entries), rows);
  ck_assert_uint_eq(gd_sparse_columns(entries), columns);
  ck_assert_uint_eq(gd_sparse_count(entries), count);
  for (size_t k = 0; k < count; k++) {
    const gd_entry entry = gd_sparse_entries(entries)[k];
    ck_assert(entry.row == expected[k].row && entry.column == expected[k].column && entry.value == expected[k].value);
  }
  gd_sparse_destroy(entries);
}

START_TEST(stand_row_by_row) {
  assert_reads(COORDINATE "3 4 5\n3 1 1\n1 4 2\n2 2 -3\n1 1 4e-2\n2 1 0\n", 3, 4, 5,
               (gd_entry[]){{0, 0, 0.04}, {0, 3, 2}, {1, 0, 0}, {1, 1, -3}, {2, 0, 1}});
  assert_reads(COORDINATE "2 2 0\n", 2, 2, 0, NULL);
}
END_TEST

START_TEST(have_their_mirror_images) {
  assert_reads(BANNER "coordinate integer symmetric\n2 2 2\n2 1 3\n2 2 -4\n", 2, 2, 3,
               (gd_entry[]){{0, 1, 3}, {1, 0, 3}, {1, 1, -4}});
  assert_reads(BANNER "coordinate real skew-symmetric\n3 3 1\n3 1 5\n", 3, 3, 2, (gd_entry[]){{0, 2, -5}, {2, 0, 5}});
}
END_TEST

/* An array lists its zeros, which are no entries. */
START_TEST(come_from_arrays_too) {
  assert_reads(BANNER "array real general\n2 2\n1\n0\n-0\n4\n", 2, 2, 2, (gd_entry[]){{0, 0, 1}, {1, 1, 4}});
  assert_reads(BANNER "array real symmetric\n2 2\n0\n3\n0\n", 2, 2, 2, (gd_entry[]){{0, 1, 3}, {1, 0, 3}});
}
END_TEST

/* 10^9 by 2^59 numbers: neither the product nor twice a sum of sides may be needed. */
START_TEST(may_be_of_a_matrix_larger_than_memory) {
  assert_reads(COORDINATE "1000000000 576460752303423488 2\n1000000000 576460752303423488 1\n1 1 2\n", 1000000000,
               (size_t)1 << 59, 2, (gd_entry[]){{0, 0, 2}, {999999999, ((size_t)1 << 59) - 1, 1}});
  gd_sparse *entries = NULL;
  assert_fails(read_text(&entries, COORDINATE "1 1152921504606846976 1\n1 1 1\n"), GD_ERR_FORMAT,
               "more than this machine can address");
  assert_fails(read_text(&entries, COORDINATE "18446744073709551615 1 1\n1 1 1\n"), GD_ERR_FORMAT,
               "more than this machine can address");
}
END_TEST

static const struct {
  const char *text;
  gd_status status;
  const char *words;
} malformed[] = {
    {BANNER "coordinate real symmetric\n3000000 10 1\n3000000 1 1\n", GD_ERR_FORMAT, "expected a square matrix"},
    {COORDINATE "2 2 2\n1 1 1\n1 1 1\n", GD_ERR_FORMAT, "entry 1 1 is given twice"},
    {BANNER "coordinate real symmetric\n2 2 2\n2 1 1\n2 1 2\n", GD_ERR_FORMAT, "entry 1 2 is given twice"},
    {BANNER "coordinate real symmetric\n2 2 1\n1 2 1\n", GD_ERR_FORMAT, ":3: entry 1 2 is above the diagonal"},
    {COORDINATE "2 2 1\n1 11.5\n", GD_ERR_FORMAT, ":3: column index '11.5', expected 1 to 2"},
    {COORDINATE "2 2 1\n1 1 1x\n", GD_ERR_FORMAT, ":3: '1x', expected a finite decimal number"},
    {COORDINATE "2 2 1\n1 1 0x1p3\n", GD_ERR_FORMAT, ":3: '0x1p3', expected a finite decimal number"},
    {COORDINATE "2 2 1\n+1 1 1\n", GD_ERR_FORMAT, ":3: row index '+1', expected 1 to 2"},
    {COORDINATE "2 2 -1\n", GD_ERR_FORMAT, ":2: entries '-1', expected a whole number from 0"},
    {BANNER "coordinate integer general\n2 2 1\n1 1 1.5\n", GD_ERR_FORMAT, ":3: '1.5', expected an integer"},
    {BANNER "coordinate pattern general\n2 2 1\n1 1\n", GD_ERR_UNSUPPORTED, "'pattern' files are not supported"},
    {COORDINATE "9 9 60\n1 1 1\n", GD_ERR_FORMAT, ":2: 60 entries promised, more than the file can hold"},
};

START_TEST(of_malformed_files_are_refused) {
  gd_sparse *entries = NULL;
  assert_fails(read_text(&entries, malformed[_i].text), malformed[_i].status, malformed[_i].words);
  ck_assert_ptr_null(entries);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
}
END_TEST

START_TEST(of_files_with_zero_bytes_or_long_lines_are_refused) {
  static const char text[] = COORDINATE "1 1 1\n1 1 1\0002\n";
  gd_sparse *entries = NULL;
  file_write(path, text, sizeof text - 1);
  assert_fails(gd_sparse_read(&entries, path, NULL), GD_ERR_FORMAT, ":3: a zero byte, expected text");
  char comment[4096] = COORDINATE "%";
  memset(comment + strlen(comment), 'c', 1100); /* the rest would look like an entry */
  strcat(comment, "\n1 1 1\n1 1 5\n");
  assert_fails(read_text(&entries, comment), GD_ERR_FORMAT, ":2: the line has more than 1024 characters");
}
END_TEST

/* The dense reader and this one agree on random files; both are what was written. */
START_TEST(are_those_of_the_dense_matrix) {
  gd_rng rng = gd_rng_make(3, 0);
  for (size_t trial = 0; trial < 50; trial++) {
    const size_t rows = 1 + gd_rng_below(&rng, 12), columns = 1 + gd_rng_below(&rng, 12);
    double A[144] = {0};
    size_t count = 0;
    char text[8192] = "";
    for (size_t k = 0; k < rows * columns; k++) /* column by column: not the order of rows */
      if (gd_rng_below(&rng, 3) == 0) {
        A[k] = (double)(1 + gd_rng_below(&rng, 1000)) / 8;
        snprintf(text + strlen(text), 80, "%zu %zu %.17g\n", k % rows + 1, k / rows + 1, A[k]);
        count++;
      }
    char whole[9000];
    snprintf(whole, sizeof whole, "%%%%MatrixMarket matrix coordinate real general\n%zu %zu %zu\n%s", rows, columns,
             count, text);
    gd_sparse *entries = NULL;
    gd_matrix *matrix = NULL;
    assert_ok(read_text(&entries, whole));
    assert_ok(gd_matrix_read(&matrix, path, NULL));
    ck_assert_uint_eq(gd_sparse_count(entries), count);
    for (size_t k = 0; k < count; k++) {
      const gd_entry *entry = gd_sparse_entries(entries) + k;
      ck_assert_double_eq(entry->value, A[entry->row + entry->column * rows]);
      ck_assert(k == 0 || entry[-1].row < entry->row ||
                (entry[-1].row == entry->row && entry[-1].column < entry->column));
    }
    ck_assert_mem_eq(gd_matrix_values(matrix), A, rows * columns * sizeof *A);
    gd_matrix_destroy(matrix);
    gd_sparse_destroy(entries);
  }
}
END_TEST

/* Duplicates are added up in their order: 2 + 3 at (1, 0). */
START_TEST(come_from_arrays_of_entries) {
  const gd_entry given[] = {{1, 2, 5}, {1, 0, 2}, {0, 1, 7}, {1, 0, 3}}, outside[] = {{2, 0, 1}},
                 bad[] = {{0, 0, INFINITY}};
  const gd_entry large[] = {{0, 0, 1.5e308}, {0, 0, 1.5e308}}, expected[] = {{0, 1, 7}, {1, 0, 5}, {1, 2, 5}};
  gd_sparse *sparse = NULL;
  assert_fails(gd_sparse_create(&sparse, 2, 3, 1, NULL, NULL), GD_ERR_ARGUMENT, "entries is NULL, but count is 1");
  assert_fails(gd_sparse_create(&sparse, 2, 3, 1, outside, NULL), GD_ERR_ARGUMENT, "is at (2, 0), outside of 2 by 3");
  assert_fails(gd_sparse_create(&sparse, 2, 3, 1, bad, NULL), GD_ERR_NONFINITE, "entries[0] is inf");
  assert_fails(gd_sparse_create(&sparse, 2, 3, 2, large, NULL), GD_ERR_NONFINITE, "(0, 0) add up to inf");
  ck_assert_ptr_null(sparse);
  assert_ok(gd_sparse_create(&sparse, 2, 3, 4, given, NULL));
  ck_assert_uint_eq(gd_sparse_count(sparse), 3);
  for (size_t k = 0; k < 3; k++) {
    const gd_entry entry = gd_sparse_entries(sparse)[k];
    ck_assert(entry.row == expected[k].row && entry.column == expected[k].column && entry.value == expected[k].value);
    ck_assert(gd_sparse_get(sparse, entry.row, entry.column) == entry.value);
  }
  ck_assert(gd_sparse_get(sparse, 0, 0) == 0 && gd_sparse_get(sparse, 7, 7) == 0 && gd_sparse_get(NULL, 0, 0) == 0);
  gd_sparse_destroy(sparse);
  assert_ok(gd_sparse_create(&sparse, 0, 0, 0, NULL, NULL));
  ck_assert_ptr_null(gd_sparse_entries(sparse));
  gd_sparse_destroy(sparse);
}
END_TEST

START_TEST(know_whether_they_are_symmetric) {
  const gd_entry symmetric[] = {{0, 1, 2}, {1, 0, 2}, {2, 2, 1}}, lopsided[] = {{0, 1, 2}, {1, 0, 3}},
                 half[] = {{0, 1, 2}};
  gd_sparse *sparse = NULL;
  assert_ok(gd_sparse_create(&sparse, 3, 3, 3, symmetric, NULL));
  ck_assert(gd_sparse_is_symmetric(sparse) && gd_sparse_is_symmetric(NULL));
  gd_sparse_destroy(sparse);
  assert_ok(gd_sparse_create(&sparse, 3, 3, 2, lopsided, NULL));
  ck_assert(!gd_sparse_is_symmetric(sparse));
  gd_sparse_destroy(sparse);
  assert_ok(gd_sparse_create(&sparse, 3, 3, 1, half, NULL));
  ck_assert(!gd_sparse_is_symmetric(sparse));
  gd_sparse_destroy(sparse);
  assert_ok(gd_sparse_create(&sparse, 3, 4, 2, symmetric, NULL));
  ck_assert(!gd_sparse_is_symmetric(sparse));
  gd_sparse_destroy(sparse);
}
END_TEST

START_TEST(need_arguments) {
  gd_sparse *entries = NULL;
  assert_fails(gd_sparse_read(NULL, path, NULL), GD_ERR_ARGUMENT, "gd_sparse_read: entries is NULL");
  assert_fails(gd_sparse_read(&entries, NULL, NULL), GD_ERR_ARGUMENT, "gd_sparse_read: path is NULL");
  gd_sparse_destroy(NULL);
  ck_assert(gd_sparse_rows(NULL) == 0 && gd_sparse_columns(NULL) == 0 && gd_sparse_count(NULL) == 0);
  ck_assert_ptr_null(gd_sparse_entries(NULL));
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_sparse *entries = NULL;
  (void)argument;
  const gd_status status = gd_sparse_read(&entries, path, env);
  ck_assert((status == GD_OK) == (entries != NULL));
  gd_sparse_destroy(entries);
  return status;
}

START_TEST(survive_every_refused_allocation) {
  gd_sparse *entries = NULL;
  char text[2048] = COORDINATE "100 1 100\n"; /* more than the first room, and backwards, so that they are sorted */
  for (size_t k = 100; k > 0; k--) snprintf(text + strlen(text), 16, "%zu 1 %zu\n", k, k);
  assert_ok(read_text(&entries, text));
  for (size_t k = 0; k < 100; k++) ck_assert_double_eq(gd_sparse_entries(entries)[k].value, (double)(k + 1));
  gd_sparse_destroy(entries);
  ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 4);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {stand_row_by_row,
                                have_their_mirror_images,
                                come_from_arrays_too,
                                may_be_of_a_matrix_larger_than_memory,
                                of_files_with_zero_bytes_or_long_lines_are_refused,
                                are_those_of_the_dense_matrix,
                                come_from_arrays_of_entries,
                                know_whether_they_are_symmetric,
                                need_arguments,
                                survive_every_refused_allocation};
  Suite *suite = suite_create("sparse");
  TCase *tcase = tcase_create("files");
  tcase_set_timeout(tcase, 300);
  tcase_add_checked_fixture(tcase, make_path, remove_path);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  tcase_add_loop_test(tcase, of_malformed_files_are_refused, 0, sizeof malformed / sizeof *malformed);
  suite_add_tcase(suite, tcase);
  return suite;
}
