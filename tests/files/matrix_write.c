/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_write.c -- matrices are written so that they come back bit for bit, in any locale, and a file is replaced as a
 * whole or not at all. */
#include <gamedyn/matrix.h>
#include <gamedyn/rng.h>

#include "support/comma.h"
#include "support/folder.h"
#include "support/suite.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define ARRAY "%%MatrixMarket matrix array real general\n"

static test_folder folder;
static char *path;

static void make_path(void) {
  folder_make(&folder);
  path = folder_path(&folder, "matrix.mtx");
}

static void remove_path(void) { folder_remove(&folder); }

START_TEST(comes_back_bit_for_bit) {
  double A[4 * 3];
  gd_rng rng = gd_rng_make(1, 0);
  gd_rng_fill_normal(&rng, 12, A);
  A[0] = DBL_MAX, A[1] = -0x1p-1074, A[2] = -0.0, A[4] = 0.1, A[3] = NAN; /* row 3 is not written */
  A[7] = A[11] = INFINITY;
  assert_ok(gd_matrix_write(path, 3, 3, A, 4));
  gd_matrix *matrix = NULL;
  assert_ok(gd_matrix_read(&matrix, path, NULL));
  ck_assert_uint_eq(gd_matrix_rows(matrix), 3);
  for (size_t column = 0; column < 3; column++)
    ck_assert_mem_eq(gd_matrix_values(matrix) + 3 * column, A + 4 * column, 3 * sizeof *A);
  gd_matrix_destroy(matrix);
}
END_TEST

START_TEST(writes_nothing_that_could_not_be_read) {
  const double A[] = {1, 2, NAN, 4};
  file_write(path, "old", 3);
  assert_fails(gd_matrix_write(path, 2, 2, A, 2), GD_ERR_NONFINITE, "A[0, 1] is nan");
  assert_fails(gd_matrix_write(path, 0, 2, A, 2), GD_ERR_ARGUMENT, "A is 0 by 2");
  assert_fails(gd_matrix_write(path, 2, 1, A, 1), GD_ERR_ARGUMENT, "lda is 1");
  assert_fails(gd_matrix_write(path, 2, 1, NULL, 2), GD_ERR_ARGUMENT, "A is NULL");
  assert_fails(gd_matrix_write(NULL, 2, 1, A, 2), GD_ERR_ARGUMENT, "path is NULL");
  char bytes[8];
  ck_assert_uint_eq(file_read(path, bytes, sizeof bytes), 3);
  assert_fails(gd_matrix_write(P_tmpdir, 1, 1, A, 1), GD_ERR_IO, "cannot be written: Is a directory");
  assert_fails(gd_matrix_write("/dev/full", 1, 1, A, 1), GD_ERR_IO, "cannot be written: No space left");
}
END_TEST

/* The numbers of a file that is written in a locale with a decimal comma have points, and are read back there. */
START_TEST(does_not_care_about_a_decimal_comma) {
  if (!comma_locale(&folder)) return;
  const double values[] = {0.5, -1.25e-300};
  assert_ok(gd_matrix_write(path, 2, 1, values, 2));
  char text[100] = "";
  file_read(path, text, sizeof text - 1);
  ck_assert_str_eq(text, ARRAY "2 1\n0.5\n-1.25e-300\n");
  gd_matrix *matrix = NULL;
  assert_ok(gd_matrix_read(&matrix, path, NULL));
  ck_assert_mem_eq(gd_matrix_values(matrix), values, sizeof values);
  gd_matrix_destroy(matrix);
  file_write(path, ARRAY "1 1\n0,5\n", strlen(ARRAY) + 8);
  assert_fails(gd_matrix_read(&matrix, path, NULL), GD_ERR_FORMAT, ":3: '0,5', expected a finite decimal number");
}
END_TEST

START_TEST(keeps_the_mode_of_the_file_it_replaces) {
  const double one = 1;
  struct stat facts;
  file_write(path, "old", 3);
  ck_assert_int_eq(chmod(path, 0600), 0);
  assert_ok(gd_matrix_write(path, 1, 1, &one, 1));
  ck_assert_int_eq(stat(path, &facts), 0);
  ck_assert_int_eq(facts.st_mode & 0777, 0600);
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

/* No file may have more than 100 bytes; the matrix would have 20,000. */
START_TEST(leaves_the_old_file_when_the_disk_is_full) {
  double A[1000];
  gd_rng rng = gd_rng_make(4, 0);
  gd_rng_fill_normal(&rng, 1000, A);
  file_write(path, "old", 3);
  signal(SIGXFSZ, SIG_IGN);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, 100}), 0);
  assert_fails(gd_matrix_write(path, 1000, 1, A, 1000), GD_ERR_IO, "matrix.mtx: cannot be written: File too large");
  char text[8] = "";
  ck_assert_uint_eq(file_read(path, text, sizeof text), 3);
  ck_assert_str_eq(text, "old");
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {comes_back_bit_for_bit, writes_nothing_that_could_not_be_read,
                                does_not_care_about_a_decimal_comma, keeps_the_mode_of_the_file_it_replaces,
                                leaves_the_old_file_when_the_disk_is_full};
  Suite *suite = suite_create("matrix_write");
  TCase *tcase = tcase_create("files");
  tcase_set_timeout(tcase, 300);
  tcase_add_checked_fixture(tcase, make_path, remove_path);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  suite_add_tcase(suite, tcase);
  return suite;
}
