/* SPDX-License-Identifier: BSD-3-Clause */
/* arrays.c -- IDX files and NumPy's become matrices, byte for byte as their formats say, or are refused with byte and
 * reason, whatever their headers claim. */
#include <gamedyn/data.h>
#include <gamedyn/rng.h>

#include "support/failing_memory.h"
#include "support/files.h"
#include "support/suite.h"

static char path[FILE_PATH_SIZE];

static void make_path(void) { file_make(path); }
static void remove_path(void) { unlink(path); }

/* The bytes of a literal, zeros included. */
#define BYTES(literal) literal, sizeof(literal) - 1

static gd_status read_bytes(gd_matrix **matrix, const char *bytes, size_t count) {
  file_write(path, bytes, count);
  return gd_matrix_read_samples(matrix, path, NULL);
}

static void assert_holds(const char *bytes, size_t count, size_t rows, size_t columns, const double *values) {
  gd_matrix *matrix = NULL;
  assert_ok(read_bytes(&matrix, bytes, count));
  ck_assert_uint_eq(gd_matrix_rows(matrix), rows);
  ck_assert_uint_eq(gd_matrix_columns(matrix), columns);
  for (size_t k = 0; k < rows * columns; k++) ck_assert_double_eq(gd_matrix_values(matrix)[k], values[k]);
  gd_matrix_destroy(matrix);
}

/* ---- IDX ---- */

START_TEST(reads_every_type_of_idx) {
  assert_holds(BYTES("\0\0\x08\1\0\0\0\2\0\xff"), 1, 2, (double[]){0, 255});
  assert_holds(BYTES("\0\0\x09\1\0\0\0\3\x7f\x80\xff"), 1, 3, (double[]){127, -128, -1});
  assert_holds(BYTES("\0\0\x0b\1\0\0\0\2\x01\x02\x80\x00"), 1, 2, (double[]){258, -32768});
  assert_holds(BYTES("\0\0\x0c\1\0\0\0\2\x00\x01\x00\x00\xff\xff\xff\xfe"), 1, 2, (double[]){65536, -2});
  assert_holds(BYTES("\0\0\x0d\1\0\0\0\2\x3f\xc0\x00\x00\xc0\x00\x00\x00"), 1, 2, (double[]){1.5, -2});
  assert_holds(BYTES("\0\0\x0e\1\0\0\0\1\x3f\xb9\x99\x99\x99\x99\x99\x9a"), 1, 1, (double[]){0.1});
}
END_TEST

/* Two pictures of 2 by 3: the first axis counts them, the others are one sample's numbers in the file's order. */
START_TEST(a_picture_of_idx_is_a_sample) {
  const double values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  assert_holds(BYTES("\0\0\x08\3\0\0\0\2\0\0\0\2\0\0\0\3\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c"), 6, 2, values);
}
END_TEST

#define HUGE "\xff\xff\xff\xff"

static const struct {
  const char *bytes;
  size_t count;
  const char *words;
} malformed[] = {
    {BYTES("\0"), "byte 0: only 1 bytes follow, expected 4"},
    {BYTES("\0\0\x08"), "byte 0: only 3 bytes follow"},
    {BYTES("\0\1\x08\1\0\0\0\1\7"), "byte 0: 00 01, expected the two zero bytes"},
    {BYTES("\0\0\x0a\1\0\0\0\1\7"), "byte 2: type 0a, expected one of IDX"},
    {BYTES("\0\0\x08\0\7"), "byte 3: 0 axes, expected at least 1"},
    {BYTES("\0\0\x08\2\0\0\0\1\0\0"), "byte 8: only 2 bytes follow, expected 4"},
    {BYTES("\0\0\x08\xff\0\0\0\1"), "byte 8: only 0 bytes follow, expected 4"},
    {BYTES("\0\0\x08\1\0\0\0\0"), "byte 8: 0 samples of 1 numbers, expected at least 1 of 1"},
    {BYTES("\0\0\x08\2\0\0\0\1\0\0\0\0"), "byte 12: 1 samples of 0 numbers"},
    {BYTES("\0\0\x08\1\0\0\0\3\1\2"), "byte 8: 2 bytes of numbers, expected 3: 3 samples of 1 numbers of 1"},
    {BYTES("\0\0\x08\1\0\0\0\1\1\2"), "byte 8: 2 bytes of numbers, expected 1"},
    {BYTES("\0\0\x0e\1\0\0\0\1\1\2"), "byte 8: 2 bytes of numbers, expected 8"},
    {BYTES("\0\0\x08\1" HUGE "\1"), "byte 8: 1 bytes of numbers, expected 4294967295"},
    {BYTES("\0\0\x0e\2" HUGE HUGE "\1"), "byte 12: 4294967295 samples of 4294967295 numbers are more than"},
    {BYTES("\0\0\x08\3" HUGE HUGE HUGE "\1"), "byte 16: 4294967295 samples of 18446744065119617025 numbers are more"},
    {BYTES("\0\0\x08\4" HUGE HUGE HUGE HUGE "\1"), "byte 16: the axes are longer than this machine can address"},
    {BYTES("\0\0\x0d\1\0\0\0\2\x3f\xc0\x00\x00\x7f\xc0\x00\x00"), "byte 12: nan, expected a finite number"},
    {BYTES("\0\0\x0e\1\0\0\0\1\xff\xf0\0\0\0\0\0\0"), "byte 8: -inf, expected a finite number"},
};

START_TEST(says_what_is_wrong_with_idx) {
  gd_matrix *matrix = NULL;
  assert_fails(read_bytes(&matrix, malformed[_i].bytes, malformed[_i].count), GD_ERR_FORMAT, malformed[_i].words);
  ck_assert_ptr_null(matrix);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
}
END_TEST

/* ---- NumPy ---- */

/* A file of this version, header and numbers; its length. */
static size_t write_npy(char *file, int version, const char *header, const char *numbers, size_t count) {
  const size_t length = strlen(header), start = version == 1 ? 10 : 12;
  memcpy(file, "\x93NUMPY\0\0\0\0\0\0", 12);
  file[6] = (char)version;
  file[8] = (char)(length & 0xff), file[9] = (char)(length >> 8);
  memcpy(file + start, header, length);
  memcpy(file + start + length, numbers, count);
  return start + length + count;
}

static void assert_npy(const char *header, const char *numbers, size_t count, size_t rows, size_t columns,
                       const double *values) {
  char file[512];
  for (int version = 1; version <= 3; version++)
    assert_holds(file, write_npy(file, version, header, numbers, count), rows, columns, values);
}

#define HEADER(type, order, shape) "{'descr': '" type "', 'fortran_order': " order ", 'shape': " shape ", }   \n"
#define TYPE(type) HEADER(type, "False", "(2,)")

START_TEST(reads_every_type_of_npy) {
  assert_npy(TYPE("|u1"), BYTES("\x01\xff"), 1, 2, (double[]){1, 255});
  assert_npy(TYPE("|i1"), BYTES("\x01\xff"), 1, 2, (double[]){1, -1});
  assert_npy(TYPE("|b1"), BYTES("\x01\x00"), 1, 2, (double[]){1, 0});
  assert_npy(TYPE("<u2"), BYTES("\x01\x02\xff\xff"), 1, 2, (double[]){513, 65535});
  assert_npy(TYPE(">i2"), BYTES("\x01\x02\xff\xff"), 1, 2, (double[]){258, -1});
  assert_npy(TYPE("<i4"), BYTES("\x01\x00\x00\x00\x00\x00\x00\x80"), 1, 2, (double[]){1, -0x1p31});
  assert_npy(TYPE(">u4"), BYTES("\x00\x00\x00\x01\x80\x00\x00\x00"), 1, 2, (double[]){1, 0x1p31});
  assert_npy(TYPE("<i8"), BYTES("\xfe\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x80"), 1, 2, (double[]){-2, -0x1p63});
  assert_npy(TYPE("<u8"), BYTES("\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80"), 1, 2, (double[]){2, 0x1p63});
  assert_npy(TYPE("<f4"), BYTES("\x00\x00\xc0\x3f\x00\x00\x00\xc0"), 1, 2, (double[]){1.5, -2});
  assert_npy(TYPE(">f4"), BYTES("\x3f\xc0\x00\x00\xc0\x00\x00\x00"), 1, 2, (double[]){1.5, -2});
  assert_npy(TYPE("<f8"), BYTES("\x9a\x99\x99\x99\x99\x99\xb9\x3f\0\0\0\0\0\0\0\x80"), 1, 2, (double[]){0.1, -0.0});
  assert_npy(TYPE(">f8"), BYTES("\x3f\xb9\x99\x99\x99\x99\x99\x9a\x40\0\0\0\0\0\0\0"), 1, 2, (double[]){0.1, 2});
}
END_TEST

/* [[1, 2, 3], [4, 5, 6]]: two samples, row by row in C order, column by column in Fortran's. */
START_TEST(reads_both_orders_and_any_axes_of_npy) {
  const double values[] = {1, 2, 3, 4, 5, 6};
  assert_npy(HEADER("|u1", "False", "(2, 3)"), BYTES("\1\2\3\4\5\6"), 3, 2, values);
  assert_npy(HEADER("|u1", "True", "(2, 3)"), BYTES("\1\4\2\5\3\6"), 3, 2, values);
  assert_npy(HEADER("|u1", "True", "(6,)"), BYTES("\1\2\3\4\5\6"), 1, 6, values);
  assert_npy(HEADER("|u1", "False", "(1, 3, 2)"), BYTES("\1\2\3\4\5\6"), 6, 1, values);
}
END_TEST

START_TEST(reads_headers_as_python_would) {
  const double values[] = {1, 2};
  assert_npy("{\"shape\":(2L , ),'descr':\"|u1\",'fortran_order':False}", BYTES("\1\2"), 1, 2, values);
  assert_npy("  {'fortran_order': True, 'shape': (2), 'descr': '<u1',}\n", BYTES("\1\2"), 1, 2, values);
}
END_TEST

#define SHAPE(shape) HEADER("|u1", "False", shape)

static const struct {
  const char *header;
  gd_status status;
  const char *words;
} wrong_headers[] = {
    {"", GD_ERR_FORMAT, "byte 10: '' in the header, expected '{'"},
    {"[]", GD_ERR_FORMAT, "byte 10: '[]' in the header, expected '{'"},
    {"{", GD_ERR_FORMAT, "byte 11: '' in the header, expected a quoted word"},
    {"{}", GD_ERR_FORMAT, "byte 12: the header ends without 'descr'"},
    {"{'descr': '|u1'}", GD_ERR_FORMAT, "the header ends without 'fortran_order'"},
    {"{'descr': '|u1', 'fortran_order': False}", GD_ERR_FORMAT, "the header ends without 'shape'"},
    {"{'descr': '|u1', 'descr': '|u1'}", GD_ERR_FORMAT, "byte 27: 'descr' was given before"},
    {"{'colour': 1}", GD_ERR_FORMAT, "byte 11: 'colour' in the header, expected 'descr', 'fortran_order' or 'shape'"},
    {"{'descr' '|u1'}", GD_ERR_FORMAT, "byte 19: ''|u1'}' in the header, expected ':'"},
    {"{'descr", GD_ERR_FORMAT, "byte 11: ''descr' in the header, expected a quoted word"},
    {"{'a name of too many letters': 1}", GD_ERR_FORMAT, "byte 11: ''a name of too many ' in the header"},
    {TYPE("f8"), GD_ERR_FORMAT, "byte 20: type 'f8', expected one that begins with <, > or |"},
    {TYPE(""), GD_ERR_FORMAT, "byte 20: type '', expected one that begins with"},
    {TYPE("<c16"), GD_ERR_UNSUPPORTED, "byte 20: type '<c16' is not supported, expected whole numbers"},
    {TYPE("|f8"), GD_ERR_UNSUPPORTED, "type '|f8' is not supported"},
    {TYPE("|O"), GD_ERR_UNSUPPORTED, "type '|O' is not supported"},
    {TYPE("<f2"), GD_ERR_UNSUPPORTED, "type '<f2' is not supported"},
    {TYPE("<f16"), GD_ERR_UNSUPPORTED, "type '<f16' is not supported"},
    {"{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,)}", GD_ERR_UNSUPPORTED,
     "byte 20: records are not supported"},
    {HEADER("|u1", "Maybe", "(2,)"), GD_ERR_FORMAT, "' in the header, expected 'False'"},
    {SHAPE("()"), GD_ERR_FORMAT, "the shape has no axes, expected 1 or more"},
    {SHAPE("2"), GD_ERR_FORMAT, "in the header, expected '('"},
    {SHAPE("(-2,)"), GD_ERR_FORMAT, "in the shape, expected a whole number"},
    {SHAPE("(2 2)"), GD_ERR_FORMAT, "in the header, expected ')'"},
    {SHAPE("(,)"), GD_ERR_FORMAT, "in the shape, expected a whole number"},
    {SHAPE("(18446744073709551616,)"), GD_ERR_FORMAT,
     "'18446744073709551616' in the shape, expected a whole number up to"},
    {SHAPE("(111111111111111111111111111111,)"), GD_ERR_FORMAT, "in the shape, expected a whole number up to"},
    {SHAPE("(2, 4294967296, 4294967296)"), GD_ERR_FORMAT, "the axes are longer than this machine can address"},
    {SHAPE("(4294967296, 4294967296)"), GD_ERR_FORMAT, "numbers are more than this machine can address"},
    {HEADER("<f8", "False", "(4611686018427387905,)"), GD_ERR_FORMAT, "are more than this machine can address"},
    {SHAPE("(0,)"), GD_ERR_FORMAT, "0 samples of 1 numbers, expected at least 1 of 1"},
    {SHAPE("(0, 99)"), GD_ERR_FORMAT, "0 samples of 99 numbers"},
    {SHAPE("(3,)"), GD_ERR_FORMAT, "2 bytes of numbers, expected 3"},
    {SHAPE("(1,)"), GD_ERR_FORMAT, "2 bytes of numbers, expected 1"},
    {SHAPE("(1000000000000,)"), GD_ERR_FORMAT, "2 bytes of numbers, expected 1000000000000"},
    {HEADER("|u1", "True", "(1, 1, 2)"), GD_ERR_UNSUPPORTED, "3 axes in Fortran order, expected at most 2"},
    {SHAPE("(2,)") "more", GD_ERR_FORMAT, "more in the header, expected its end"},
};

START_TEST(says_what_is_wrong_with_npy_headers) {
  char file[512];
  gd_matrix *matrix = NULL;
  const size_t length = write_npy(file, 1, wrong_headers[_i].header, BYTES("\1\2"));
  assert_fails(read_bytes(&matrix, file, length), wrong_headers[_i].status, wrong_headers[_i].words);
  ck_assert_ptr_null(matrix);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
}
END_TEST

START_TEST(says_what_is_wrong_around_npy_headers) {
  char file[512];
  gd_matrix *matrix = NULL;
  assert_fails(read_bytes(&matrix, BYTES("\x93NUMP")), GD_ERR_FORMAT, "byte 0: only 5 bytes follow");
  assert_fails(read_bytes(&matrix, BYTES("\x93NUMPIE\1\0\0")), GD_ERR_FORMAT, "byte 0: expected 93 'NUMPY'");
  assert_fails(read_bytes(&matrix, BYTES("\x93NUMPY\4\0\2\0{}")), GD_ERR_UNSUPPORTED, "byte 6: version 4.0");
  assert_fails(read_bytes(&matrix, BYTES("\x93NUMPY\1\0\2")), GD_ERR_FORMAT, "byte 8: only 1 bytes follow");
  assert_fails(read_bytes(&matrix, BYTES("\x93NUMPY\1\0\3\0{}")), GD_ERR_FORMAT, "byte 10: only 2 bytes follow");
  assert_fails(read_bytes(&matrix, BYTES("\x93NUMPY\2\0\xff\xff\xff\xff{}")), GD_ERR_FORMAT,
               "byte 8: a header of 4294967295 bytes, expected at most 10000");
  const size_t length = write_npy(file, 1, TYPE("<f4"), BYTES("\0\0\x80\x3f\0\0\x80\x7f"));
  assert_fails(read_bytes(&matrix, file, length), GD_ERR_FORMAT, "inf, expected a finite number");
  const char hidden[] =
      "\x93NUMPY\1\0\x40\0{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}\0\0\0\0\0\0\0\0\1\2";
  assert_fails(read_bytes(&matrix, BYTES(hidden)), GD_ERR_FORMAT, "more in the header, expected its end");
  ck_assert_ptr_null(matrix);
}
END_TEST

/* ---- both ---- */

static gd_status attempt(const gd_env *env, void *argument) {
  gd_matrix *matrix = NULL;
  const gd_status status = gd_matrix_read_samples(&matrix, path, env);
  (void)argument;
  gd_matrix_destroy(matrix);
  return status;
}

START_TEST(survives_every_failing_allocation) {
  file_write(path, BYTES("\0\0\x08\1\0\0\0\2\0\xff"));
  ck_assert_uint_eq(refuse_each_allocation(attempt, NULL), 2);
}
END_TEST

/* 5000 numbers are read in several pieces; NaN in the last takes back what was read. */
START_TEST(reads_long_files_in_pieces) {
  static char file[8 + 2 * 5000] = "\0\0\x0b\1\0\0\x13\x88";
  gd_matrix *matrix = NULL;
  for (size_t k = 0; k < 5000; k++) file[8 + 2 * k] = (char)(k >> 8), file[9 + 2 * k] = (char)(k & 0xff);
  assert_ok(read_bytes(&matrix, file, sizeof file));
  for (size_t k = 0; k < 5000; k++) ck_assert_double_eq(gd_matrix_values(matrix)[k], (double)k);
  gd_matrix_destroy(matrix);
  matrix = NULL;
  memcpy(file, "\0\0\x0d\1\0\0\x09\xc4", 8); /* the same as 2500 floats: the last is NaN */
  memcpy(file + sizeof file - 4, "\x7f\xff\xff\xff", 4);
  assert_fails(read_bytes(&matrix, file, sizeof file), GD_ERR_FORMAT, "byte 10004: nan, expected a finite number");
  ck_assert_ptr_null(matrix);
}
END_TEST

START_TEST(never_stumbles_over_damaged_files) {
  char sources[3][256] = {"\0\0\x0d\2\0\0\0\2\0\0\0\1\x3f\xc0\x00\x00\xc0\x00\x00\x00"};
  const size_t lengths[] = {20, write_npy(sources[1], 1, HEADER("<i2", "True", "(2, 2)"), BYTES("\1\0\2\0\3\0\4\0")),
                            write_npy(sources[2], 2, HEADER(">f4", "False", "(1, 1)"), BYTES("\x3f\xc0\0\0"))};
  size_t accepted = 0, refused = 0;
  gd_rng rng = gd_rng_make(4, 0);
  for (size_t trial = 0; trial < 3000; trial++) {
    char file[256];
    size_t length = lengths[trial % 3];
    memcpy(file, sources[trial % 3], length);
    for (uint64_t changes = 1 + gd_rng_below(&rng, 2); changes > 0; changes--)
      file[gd_rng_below(&rng, length)] ^= (char)(1 << gd_rng_below(&rng, 8));
    if (gd_rng_below(&rng, 4) == 0) length = (size_t)gd_rng_below(&rng, length);
    gd_matrix *matrix = NULL;
    const gd_status status = read_bytes(&matrix, file, length);
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
  const TTest *const tests[] = {reads_every_type_of_idx,           a_picture_of_idx_is_a_sample,
                                reads_every_type_of_npy,           reads_both_orders_and_any_axes_of_npy,
                                reads_headers_as_python_would,     says_what_is_wrong_around_npy_headers,
                                survives_every_failing_allocation, reads_long_files_in_pieces,
                                never_stumbles_over_damaged_files};
  Suite *suite = suite_create("arrays");
  TCase *tcase = tcase_create("arrays");
  tcase_add_checked_fixture(tcase, make_path, remove_path);
  tcase_set_timeout(tcase, 300);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  tcase_add_loop_test(tcase, says_what_is_wrong_with_idx, 0, sizeof malformed / sizeof *malformed);
  tcase_add_loop_test(tcase, says_what_is_wrong_with_npy_headers, 0, sizeof wrong_headers / sizeof *wrong_headers);
  suite_add_tcase(suite, tcase);
  return suite;
}
