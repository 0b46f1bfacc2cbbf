/* SPDX-License-Identifier: BSD-3-Clause */
/* tables.c -- tables in text become matrices, whatever separates their fields, or are refused with line and reason. */
#include <gamedyn/data.h>
#include <gamedyn/rng.h>

#include "support/failing_memory.h"
#include "support/files.h"
#include "support/suite.h"

#include <locale.h>
#include <stdint.h>

static char path[FILE_PATH_SIZE];

static void make_path(void) { file_make(path); }
static void remove_path(void) { unlink(path); }

static gd_status read_text(gd_matrix **matrix, const char *text) {
  file_write(path, text, strlen(text));
  return gd_matrix_read_samples(matrix, path, NULL);
}

static void assert_reads(const char *text, size_t rows, size_t columns, const double *values) {
  gd_matrix *matrix = NULL;
  assert_ok(read_text(&matrix, text));
  ck_assert_uint_eq(gd_matrix_rows(matrix), rows);
  ck_assert_uint_eq(gd_matrix_columns(matrix), columns);
  for (size_t k = 0; k < rows * columns; k++) ck_assert_double_eq(gd_matrix_values(matrix)[k], values[k]);
  gd_matrix_destroy(matrix);
}

static const double six[] = {1, -2.5, 30, 4, 0.5, 6};

START_TEST(reads_any_separator) {
  assert_reads("1,-2.5,3e1\n4,.5,6\n", 3, 2, six);
  assert_reads("1;-2.5;3e1\n4;.5;6\n", 3, 2, six);
  assert_reads("1\t-2.5\t3e1\n4\t.5\t 6 \n", 3, 2, six);
  assert_reads("1 -2.5 3e1\n4 .5 6\n", 3, 2, six);
  assert_reads("1\n-2.5\n3e1\n4\n.5\n6\n", 1, 6, six);
  assert_reads("1 , -2.5,\t3e1\n  4,.5 ,6  \n", 3, 2, six);
  assert_reads("  1   -2.5  3e1 \n4\t.5  6\n", 3, 2, six);
  assert_reads("5", 1, 1, (double[]){5});
}
END_TEST

START_TEST(passes_over_names_comments_blank_lines_and_marks) {
  assert_reads("x,y,z\n1,-2.5,3e1\n4,.5,6\n", 3, 2, six);
  assert_reads("\"petal width\"\tb\tc\n1\t-2.5\t3e1\n4\t.5\t6\n", 3, 2, six);
  assert_reads("# written by hand\n\n1,-2.5,3e1 # the first\n   # and\n\n4,.5,6\n\n", 3, 2, six);
  assert_reads("# made 2 of 3\r\nx y z\r\n1 -2.5 3e1\r\n\r\n4 .5 6\r\n", 3, 2, six);
  assert_reads("\xef\xbb\xbf"
               "1,-2.5,3e1\n4,.5,6",
               3, 2, six);
  assert_reads("\xce\xbb,\xd0\xb6,\xe6\x95\xb0\n1,-2.5,3e1\n4,.5,6", 3, 2, six); /* Greek, Cyrillic, Chinese */
  assert_reads("\xd7\x90,\xd7\x91,\xd7\x92\n1,-2.5,3e1\n4,.5,6", 3, 2, six); /* Hebrew: the last that begins so low */
  assert_reads("t,f,_true\n1,-2.5,3e1\n4,.5,6", 3, 2, six);
  assert_reads("\xef\xbb\xbf# note\nname,\xc3\xa9,(z)\n1,-2.5,3e1\n4,.5,6", 3, 2, six);
}
END_TEST

START_TEST(reads_rows_of_many_fields_and_many_rows) {
  enum { FIELDS = 5000, ROWS = 1000 };
  static char text[2 * FIELDS + 16];
  for (size_t k = 0; k < FIELDS; k++) text[2 * k] = (char)('0' + k % 10), text[2 * k + 1] = ',';
  text[2 * FIELDS - 1] = '\n';
  gd_matrix *matrix = NULL;
  assert_ok(read_text(&matrix, text));
  ck_assert_uint_eq(gd_matrix_rows(matrix), FIELDS);
  ck_assert_double_eq(gd_matrix_values(matrix)[FIELDS - 1], 9);
  gd_matrix_destroy(matrix);
  text[0] = 0;
  for (size_t k = 0; k < ROWS; k++) snprintf(text + strlen(text), 10, "%zu %zu\n", k, k % 7);
  assert_ok(read_text(&matrix, text));
  ck_assert_uint_eq(gd_matrix_columns(matrix), ROWS);
  for (size_t k = 0; k < ROWS; k++) {
    ck_assert_double_eq(gd_matrix_values(matrix)[2 * k], (double)k);
    ck_assert_double_eq(gd_matrix_values(matrix)[2 * k + 1], (double)(k % 7));
  }
  gd_matrix_destroy(matrix);
}
END_TEST

static const struct {
  const char *text, *words;
} malformed[] = {
    {"", ":1: the file ends before the first row of numbers"},
    {"\n# nothing\n", ":3: the file ends before the first row of numbers"},
    {"x,y\n", ":2: the file ends before the first row of numbers"},
    {"1,2\n3,4,5\n", ":2: 3 fields, expected 2"},
    {"1,2\n\n# three\n3\n", ":4: 1 fields, expected 2"},
    {"x,y,z\n1,2\n", ":2: 2 fields, expected 3"},
    {"1 2\n3 4 5\n", ":2: 3 fields, expected 2"},
    {"1,2,\n", ":1: field 3 is empty, expected a number"},
    {",1\n", ":1: field 1 is empty, expected a number"},
    {"1,,2\n", ":1: field 2 is empty, expected a number"},
    {"1,2\n3,\n", ":2: field 2 is empty, expected a number"},
    {"\t1\n", ":1: field 1 is empty, expected a number"},
    {"1\t\t2\n", ":1: field 2 is empty, expected a number"},
    {"setosa,1,2\n", ":1: 'setosa', expected a finite decimal number such as -1.5e-3"},
    {"x,y\nz,w\n", ":2: 'z', expected a finite decimal number"},
    {"1,two\n", ":1: 'two', expected a finite decimal number"},
    {"nan,nan\n1,2\n", ":1: 'nan', expected a finite decimal number"},
    {"NA,Inf\n1,2\n", ":1: 'NA', expected a finite decimal number"},
    {"1,2\n-inf,3\n", ":2: '-inf', expected a finite decimal number"},
    {"1,1e999\n", ":1: '1e999', expected a finite decimal number"},
    {"0x10,1\n", ":1: '0x10', expected a finite decimal number"},
    {"1,5;2,5\n", ":1: '1,5', expected a finite decimal number"},
    {"1\n2,3\n", ":2: '2,3', expected a finite decimal number"},
    {"1,\"2\"\n", ":1: '\"2\"', expected a finite decimal number"},
    {"1,\x1b[2J\n", ":1: '?[2J', expected a finite decimal number"},
    /* a first line that is no line of names is a sample, and a malformed one is not passed over */
    {"\"1.5\",\"2.5\"\n1,2\n", ":1: '\"1.5\"', expected a finite decimal number"},
    {"'1.5' '2.5'\n1 2\n", ":1: ''1.5'', expected a finite decimal number"},
    {"(1.5),(2)\n1,2\n", ":1: '(1.5)', expected a finite decimal number"},
    {"$1,$2\n1,2\n", ":1: '$1', expected a finite decimal number"},
    {"<1,~2\n1,2\n", ":1: '<1', expected a finite decimal number"},
    {"TRUE,FALSE\n1,2\n", ":1: 'TRUE', expected a finite decimal number"},
    {"\"true\",n/a\n1,2\n", ":1: '\"true\"', expected a finite decimal number"},
    {"\xe2\x88\x92"
     "1.5,\xe2\x88\x92"
     "2\n1,2\n",
     ":1: '???1.5', expected a finite decimal number"}, /* U+2212 */
    {"\xef\xbc\x91,\xef\xbc\x92\n1,2\n", ":1: '??"
                                         "?', expected a finite decimal number"}, /* full-width digits */
    {"\xd9\xa1,\xd9\xa2\n1,2\n", ":1: '?"
                                 "?', expected a finite decimal number"}, /* Arabic digits */
    {"\xc2\xbd,\xc2\xb2\n1,2\n", ":1: '?"
                                 "?', expected a finite decimal number"}, /* a half and a square */
    {"\"\",x\n1,2\n", ":1: '\"\"', expected a finite decimal number"},
    /* lines that end in a carriage return alone are one line to us, of which a comment would hide all */
    {"# note\r1,2\r3,4\r", ":1: a carriage return alone, expected lines that end in LF or CR LF"},
    {"1 2\r3 4\r\n", ":1: a carriage return alone"},
    {"1,2\r", ":1: a carriage return alone"},
    {"1,2 3\n", ":1: '2 3', expected a finite decimal number"},
};

START_TEST(says_what_is_wrong_and_where) {
  gd_matrix *matrix = NULL;
  assert_fails(read_text(&matrix, malformed[_i].text), GD_ERR_FORMAT, malformed[_i].words);
  ck_assert_ptr_null(matrix);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
}
END_TEST

START_TEST(refuses_endless_lines_and_zero_bytes) {
  static char text[(1 << 20) + 3];
  gd_matrix *matrix = NULL;
  memset(text, '1', (1 << 20) + 1);
  text[1] = '.';
  assert_fails(read_text(&matrix, text), GD_ERR_FORMAT, ":1: the line has more than 1048576 characters");
  text[1 << 20] = 0; /* 1.11...1, the longest line there may be */
  assert_reads(text, 1, 1, (double[]){10 / 9.0});
  file_write(path, "1,2\n3\0,4\n", 9);
  assert_fails(gd_matrix_read_samples(&matrix, path, NULL), GD_ERR_FORMAT, ":2: a zero byte, expected text");
}
END_TEST

START_TEST(names_files_that_cannot_be_read) {
  gd_matrix *matrix = NULL;
  assert_fails(gd_matrix_read_samples(&matrix, P_tmpdir, NULL), GD_ERR_IO, "cannot be read: Is a directory");
  unlink(path);
  assert_fails(gd_matrix_read_samples(&matrix, path, NULL), GD_ERR_IO, "cannot be opened: No such file");
  assert_fails(gd_matrix_read_samples(NULL, path, NULL), GD_ERR_ARGUMENT, "matrix is NULL");
  assert_fails(gd_matrix_read_samples(&matrix, NULL, NULL), GD_ERR_ARGUMENT, "path is NULL");
  file_write(path, "\x1f\x8b\x08", 3);
  assert_fails(gd_matrix_read_samples(&matrix, path, NULL), GD_ERR_UNSUPPORTED,
               "a compressed file; decompress it with gunzip");
  file_write(path, "1,2\n", 4);
  assert_fails(gd_matrix_read_samples(&matrix, path, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  ck_assert_ptr_null(matrix);
}
END_TEST

/* Text may come through a pipe; a file whose length matters may not. */
START_TEST(reads_text_from_a_pipe) {
  static const char *const texts[] = {"1,-2.5,3e1\n4,.5,6\n", "\x93NUMPY"};
  for (size_t k = 0; k < 2; k++) {
    gd_matrix *matrix = NULL;
    int ends[2];
    char name[32];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], texts[k], strlen(texts[k])), strlen(texts[k]));
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    if (k == 0) {
      assert_ok(gd_matrix_read_samples(&matrix, name, NULL));
      ck_assert_mem_eq(gd_matrix_values(matrix), six, sizeof six);
    } else
      assert_fails(gd_matrix_read_samples(&matrix, name, NULL), GD_ERR_UNSUPPORTED, "expected a regular file");
    gd_matrix_destroy(matrix);
    close(ends[0]);
  }
}
END_TEST

START_TEST(does_not_care_about_the_locale) {
  if (!setlocale(LC_ALL, "de_DE.UTF-8")) setlocale(LC_ALL, "C.UTF-8");
  assert_reads("1,-2.5,3e1\n4,.5,6\n", 3, 2, six);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_matrix *matrix = NULL;
  const gd_status status = gd_matrix_read_samples(&matrix, path, env);
  (void)argument;
  gd_matrix_destroy(matrix);
  return status;
}

/* The line, room for 64 samples and for 128, the matrix and its numbers. */
START_TEST(survives_every_failing_allocation) {
  char text[2 * 65];
  for (size_t k = 0; k < 65; k++) text[2 * k] = '7', text[2 * k + 1] = '\n';
  file_write(path, text, sizeof text);
  ck_assert_uint_eq(refuse_each_allocation(attempt, NULL), 5);
}
END_TEST

START_TEST(never_stumbles_over_damaged_files) {
  static const char *const valid[] = {"# note\nx,y\n1,-2.5\n3e1,4\n", "1 2 3\n 4 5 6 \n", "a;b\r\n1;2\r\n",
                                      ("\xef\xbb\xbf"
                                       "1\t2\n")};
  size_t accepted = 0, refused = 0;
  gd_rng rng = gd_rng_make(3, 0);
  for (size_t trial = 0; trial < 2000; trial++) {
    char text[64];
    const char *source = valid[trial % 4];
    size_t length = strlen(source);
    memcpy(text, source, length);
    for (uint64_t changes = 1 + gd_rng_below(&rng, 3); changes > 0; changes--) {
      const size_t place = (size_t)gd_rng_below(&rng, length);
      text[place] = gd_rng_below(&rng, 2) ? (char)gd_rng_below(&rng, 256) : " \n,;\t#\r0.e-"[gd_rng_below(&rng, 11)];
    }
    if (gd_rng_below(&rng, 4) == 0) length = (size_t)gd_rng_below(&rng, length);
    file_write(path, text, length);
    gd_matrix *matrix = NULL;
    const gd_status status = gd_matrix_read_samples(&matrix, path, NULL);
    if (status == GD_OK) {
      const size_t count = gd_matrix_rows(matrix) * gd_matrix_columns(matrix);
      for (size_t k = 0; k < count; k++) ck_assert(isfinite(gd_matrix_values(matrix)[k]));
      accepted++;
    } else {
      ck_assert(status == GD_ERR_FORMAT || status == GD_ERR_UNSUPPORTED);
      ck_assert_ptr_null(matrix);
      refused++;
    }
    gd_matrix_destroy(matrix);
  }
  ck_assert_uint_gt(accepted, 100);
  ck_assert_uint_gt(refused, 100);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {reads_any_separator,
                                passes_over_names_comments_blank_lines_and_marks,
                                reads_rows_of_many_fields_and_many_rows,
                                refuses_endless_lines_and_zero_bytes,
                                names_files_that_cannot_be_read,
                                reads_text_from_a_pipe,
                                does_not_care_about_the_locale,
                                survives_every_failing_allocation,
                                never_stumbles_over_damaged_files};
  Suite *suite = suite_create("tables");
  TCase *tcase = tcase_create("tables");
  tcase_add_checked_fixture(tcase, make_path, remove_path);
  tcase_set_timeout(tcase, 300);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  tcase_add_loop_test(tcase, says_what_is_wrong_and_where, 0, sizeof malformed / sizeof *malformed);
  suite_add_tcase(suite, tcase);
  return suite;
}
