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

/* A longer message than there is room for ends early; a status that is no failure is refused. */
START_TEST(users_say_why) {
  char long_name[600];
  memset(long_name, 'x', sizeof long_name - 1);
  long_name[sizeof long_name - 1] = '\0';
  ck_assert_int_eq(gd_fail(GD_ERR_DOMAIN, "theta is %g", 0.5), GD_ERR_DOMAIN);
  ck_assert_str_eq(gd_last_error(), "theta is 0.5");
  ck_assert_int_eq(gd_fail(GD_ERR_NAME, "%s, then %s", gd_last_error(), long_name), GD_ERR_NAME);
  ck_assert_uint_eq(strlen(gd_last_error()), 511);
  ck_assert_ptr_eq(strstr(gd_last_error(), "theta is 0.5, then xxx"), gd_last_error());
  assert_fails(gd_fail(GD_OK, "nothing"), GD_ERR_ARGUMENT, "gd_fail: status is 0, expected a negative one");
  assert_fails(gd_fail(GD_ERR_IO, NULL), GD_ERR_ARGUMENT, "gd_fail: format is NULL");
}
END_TEST

TEST_SUITE("error", names_every_status, remembers_the_last_message, users_say_why)
