/* SPDX-License-Identifier: BSD-3-Clause */
/* archive.c -- one description that measures, writes, verifies and reads. */
#include "steppers/archive.h"

#include "support/suite.h"

#include <stdint.h>

typedef struct thing {
  const char *kind;
  size_t size;
  uint64_t number;
  double values[3];
} thing;

static gd_status describe(gdi_archive *archive, thing *it) {
  GD_TRY(gdi_archive_same_text(archive, "kind", it->kind));
  GD_TRY(gdi_archive_same_number(archive, "size", it->size));
  GD_TRY(gdi_archive_field(archive, "number", &it->number, sizeof it->number));
  GD_TRY(gdi_archive_field(archive, "nothing", NULL, 0));
  return gdi_archive_field(archive, "values", it->values, it->size * sizeof(double));
}

static unsigned char bytes[1024];

static size_t write_thing(thing *it) {
  gdi_archive archive = {.mode = GDI_ARCHIVE_COUNT};
  assert_ok(describe(&archive, it));
  const size_t size = archive.used;
  ck_assert_uint_lt(size, sizeof bytes);
  archive = (gdi_archive){.mode = GDI_ARCHIVE_WRITE, .bytes = bytes, .size = size};
  assert_ok(describe(&archive, it));
  ck_assert_uint_eq(archive.used, size);
  return size;
}

static gd_status look(gdi_archive_mode mode, size_t size, thing *it) {
  gdi_archive archive = {.mode = mode, .bytes = bytes, .size = size};
  return describe(&archive, it);
}

START_TEST(reads_what_it_wrote) {
  thing one = {"box", 3, 17, {1, -2, 0.5}}, other = {"box", 3, 0, {0}};
  const size_t size = write_thing(&one);
  assert_ok(look(GDI_ARCHIVE_VERIFY, size, &other));
  ck_assert_uint_eq(other.number, 0); /* verifying changes nothing */
  assert_ok(look(GDI_ARCHIVE_READ, size, &other));
  ck_assert_uint_eq(other.number, 17);
  ck_assert_mem_eq(other.values, one.values, sizeof one.values);
}
END_TEST

START_TEST(says_what_differs) {
  thing one = {"box", 3, 17, {1, -2, 0.5}}, ball = {"ball", 3, 0, {0}}, small = {"box", 2, 0, {0}};
  const size_t size = write_thing(&one);
  assert_fails(look(GDI_ARCHIVE_VERIFY, size, &ball), GD_ERR_FORMAT, "kind is box, expected ball");
  assert_fails(look(GDI_ARCHIVE_VERIFY, size, &small), GD_ERR_FORMAT, "size is 3, expected 2");
  assert_fails(look(GDI_ARCHIVE_READ, size, &small), GD_ERR_FORMAT, "expected values of 16 bytes, found values of 24");
}
END_TEST

START_TEST(texts_of_any_length_are_told_apart_as_far_as_they_are_kept) {
  char longer[200] = "", other[200] = "";
  memset(longer, 'a', 199);
  memset(other, 'a', 199);
  other[10] = 'b';
  thing one = {longer, 0, 0, {0}}, two = {other, 0, 0, {0}};
  const size_t size = write_thing(&one);
  assert_ok(look(GDI_ARCHIVE_VERIFY, size, &one));
  assert_fails(look(GDI_ARCHIVE_VERIFY, size, &two), GD_ERR_FORMAT, "kind is aaaa");
}
END_TEST

START_TEST(every_end_too_early_is_noticed) {
  thing one = {"box", 3, 17, {1, -2, 0.5}};
  const size_t size = write_thing(&one);
  for (size_t k = 0; k < size; k++) {
    assert_fails(look(GDI_ARCHIVE_VERIFY, k, &one), GD_ERR_FORMAT, "saved stepper: it ends");
    assert_fails(look(GDI_ARCHIVE_READ, k, &one), GD_ERR_FORMAT, "saved stepper: it ends too early");
  }
}
END_TEST

START_TEST(a_name_too_long_to_be_right_is_refused) {
  thing one = {"box", 3, 17, {1, -2, 0.5}};
  const size_t size = write_thing(&one);
  const uint64_t length = UINT64_MAX;
  memcpy(bytes, &length, sizeof length);
  assert_fails(look(GDI_ARCHIVE_VERIFY, size, &one), GD_ERR_FORMAT, "a name that is too long");
}
END_TEST

TEST_SUITE("archive", reads_what_it_wrote, says_what_differs,
           texts_of_any_length_are_told_apart_as_far_as_they_are_kept, every_end_too_early_is_noticed,
           a_name_too_long_to_be_right_is_refused)
