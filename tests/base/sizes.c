/* SPDX-License-Identifier: BSD-3-Clause */
/* sizes.c -- products and sums of sizes are exact or SIZE_MAX, and nothing is allocated for what would wrap. */
#include "base/sizes.h"

#include "base/memory.h"
#include "support/suite.h"

static const size_t sizes[] = {0,
                               1,
                               2,
                               3,
                               ((size_t)1 << 31) - 1,
                               (size_t)1 << 31,
                               ((size_t)1 << 31) + 1,
                               ((size_t)1 << 32) - 1,
                               (size_t)1 << 32,
                               ((size_t)1 << 32) + 1,
                               (size_t)1 << 33,
                               (size_t)1 << 60,
                               (size_t)1 << 63,
                               SIZE_MAX - 1,
                               SIZE_MAX};
enum { N_SIZES = sizeof sizes / sizeof *sizes };

/* b > SIZE_MAX / a if and only if a b > SIZE_MAX, and a > SIZE_MAX - b if and only if a + b > SIZE_MAX. */
START_TEST(are_multiplied_and_added_exactly_or_not_at_all) {
  for (size_t i = 0; i < N_SIZES; i++)
    for (size_t j = 0; j < N_SIZES; j++) {
      const size_t a = sizes[i], b = sizes[j];
      ck_assert_uint_eq(gdi_times(a, b), a > 0 && b > SIZE_MAX / a ? SIZE_MAX : a * b);
      ck_assert_uint_eq(gdi_plus(a, b), a > SIZE_MAX - b ? SIZE_MAX : a + b);
    }
}
END_TEST

static void *count_bytes(void *context, size_t bytes) {
  *(size_t *)context = bytes;
  return NULL;
}

static void release(void *context, void *memory, size_t bytes) { (void)context, (void)memory, (void)bytes; }

/* 2^32 by 2^32 numbers are 2^67 bytes: nobody is asked for the 0 that is left of them, nor for the 2^63 of 2^30 by
 * 2^30. */
START_TEST(that_wrap_ask_for_no_memory) {
  static const size_t sides[] = {(size_t)1 << 30, (size_t)1 << 31, (size_t)1 << 32, ((size_t)1 << 32) + 1,
                                 (size_t)1 << 60};
  size_t asked = 0;
  const gd_allocator allocator = {sizeof allocator, &asked, count_bytes, release};
  const gd_env env = {.struct_size = sizeof env, .allocator = &allocator};
  gdi_env own;
  assert_ok(gdi_env_copy(&own, &env));
  for (size_t k = 0; k < sizeof sides / sizeof *sides; k++) {
    asked = 0;
    ck_assert_ptr_null(gdi_allocate(&own, gdi_times(sides[k], sides[k]), sizeof(double)));
    ck_assert_uint_eq(asked, 0);
  }
  ck_assert_ptr_null(gdi_allocate(&own, gdi_times((size_t)1 << 29, (size_t)1 << 29), sizeof(double)));
  ck_assert_uint_ge(asked, (size_t)1 << 61); /* these can be asked for, and are */
}
END_TEST

TEST_SUITE("sizes", are_multiplied_and_added_exactly_or_not_at_all, that_wrap_ask_for_no_memory)
