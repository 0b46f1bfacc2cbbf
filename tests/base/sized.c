/* SPDX-License-Identifier: BSD-3-Clause */
/* sized.c -- caller-filled structs of older and newer programs. */
#include "base/sized.h"

#include "support/suite.h"

typedef struct young {
  size_t struct_size;
  double first;
} young;

typedef struct grown {
  size_t struct_size;
  double first, second;
} grown;

static const grown defaults = {sizeof defaults, 1, 2};

START_TEST(an_older_program_leaves_the_tail_at_its_defaults) {
  const young callers = {sizeof callers, 7};
  grown own = defaults;
  assert_ok(gdi_sized_read(&own, sizeof own, &callers, sizeof(young), "grown"));
  ck_assert_double_eq(own.first, 7);
  ck_assert_double_eq(own.second, 2);
  ck_assert_uint_eq(own.struct_size, sizeof own);
}
END_TEST

START_TEST(a_newer_program_may_leave_what_is_unknown_at_zero_only) {
  grown callers = {sizeof callers, 7, 0};
  young own = {sizeof own, 1};
  assert_ok(gdi_sized_read(&own, sizeof own, &callers, sizeof own, "young"));
  ck_assert_double_eq(own.first, 7);
  callers.second = 3;
  own.first = 1;
  assert_fails(gdi_sized_read(&own, sizeof own, &callers, sizeof own, "young"), GD_ERR_UNSUPPORTED, "does not know");
  ck_assert_double_eq(own.first, 1);
}
END_TEST

START_TEST(a_forgotten_size_is_an_error) {
  const grown callers = {0, 7, 7};
  grown own = defaults;
  assert_fails(gdi_sized_read(&own, sizeof own, &callers, sizeof own, "grown"), GD_ERR_STRUCT, "struct_size is 0");
  assert_fails(gdi_sized_read(&own, sizeof own, NULL, sizeof own, "grown"), GD_ERR_ARGUMENT, "grown is NULL");
  ck_assert_double_eq(own.first, 1);
}
END_TEST

START_TEST(defaults_fill_structs_of_every_age) {
  young old;
  gdi_sized_write(&old, sizeof old, &defaults, sizeof defaults);
  ck_assert_uint_eq(old.struct_size, sizeof old);
  ck_assert_double_eq(old.first, 1);
  struct {
    grown known;
    double unknown;
  } newer = {.unknown = 5};
  gdi_sized_write(&newer, sizeof newer, &defaults, sizeof defaults);
  ck_assert_uint_eq(newer.known.struct_size, sizeof newer);
  ck_assert_double_eq(newer.known.second, 2);
  ck_assert_double_eq(newer.unknown, 0);
  gdi_sized_write(NULL, sizeof newer, &defaults, sizeof defaults); /* nothing to fill, no harm */
  size_t untouched = 9;
  gdi_sized_write(&untouched, 1, &defaults, sizeof defaults);
  ck_assert_uint_eq(untouched, 9);
}
END_TEST

TEST_SUITE("sized", an_older_program_leaves_the_tail_at_its_defaults,
           a_newer_program_may_leave_what_is_unknown_at_zero_only, a_forgotten_size_is_an_error,
           defaults_fill_structs_of_every_age)
