/* SPDX-License-Identifier: BSD-3-Clause */
/* error.c -- statuses have names and words; the last message is this thread's. */
#include "base/error.h"

#include "support/suite.h"

START_TEST(names_every_status) {
  for (gd_status status = GD_ERR_IO; status <= GD_NOT_CONVERGED; status++) {
    ck_assert_str_ne(gd_status_name(status), "GD_UNKNOWN");
    ck_assert_uint_gt(strlen(gd_status_text(status)), 3);
  }
  ck_assert_str_eq(gd_status_name(GD_ERR_MEMORY), "GD_ERR_MEMORY");
  ck_assert_str_eq(gd_status_name(12345), "GD_UNKNOWN");
}
END_TEST

START_TEST(remembers_the_last_message) {
  ck_assert_str_eq(gd_last_error(), "");
  ck_assert_int_eq(gdi_fail(GD_ERR_ARGUMENT, "x[%d] is wrong", 3), GD_ERR_ARGUMENT);
  ck_assert_str_eq(gd_last_error(), "x[3] is wrong");
}
END_TEST

TEST_SUITE("error", names_every_status, remembers_the_last_message)
