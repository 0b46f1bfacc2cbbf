/* SPDX-License-Identifier: BSD-3-Clause */
/* version.c -- the version compiled against is the one that runs, as a number and as text. */
#include <gamedyn/version.h>

#include "support/suite.h"

#include <stdio.h>

START_TEST(runs_with_the_version_it_was_compiled_against) {
  char text[40];
  snprintf(text, sizeof text, "%d.%d.%d", GD_VERSION_MAJOR, GD_VERSION_MINOR, GD_VERSION_PATCH);
  ck_assert_int_eq(gd_version(), GD_VERSION);
  ck_assert_str_eq(gd_version_string(), text);
}
END_TEST

TEST_SUITE("version", runs_with_the_version_it_was_compiled_against)
