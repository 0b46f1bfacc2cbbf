/* SPDX-License-Identifier: BSD-3-Clause */
/* names.c -- values of enumerations have names and words, and names lead back. */
#include "support/suite.h"

#include <gamedyn/names.h>
#include <gamedyn/run.h>
#include <gamedyn/spectrum.h>

START_TEST(each_name_leads_back_to_its_value) {
  const char *type;
  size_t e = 0;
  for (; (type = gd_enum_at(e)); e++) {
    ck_assert_uint_ge(gd_enum_count(type), 2);
    for (size_t k = 0; k < gd_enum_count(type); k++) {
      int value, back = -1000;
      assert_ok(gd_enum_value_at(type, k, &value));
      assert_ok(gd_enum_find(type, gd_enum_name(type, value), &back));
      ck_assert_msg(back == value, "%s %s is %d, and back %d", type, gd_enum_name(type, value), value, back);
      ck_assert_msg(*gd_enum_text(type, value), "%s %s has no words", type, gd_enum_name(type, value));
    }
  }
  ck_assert_uint_ge(e, 20);
}
END_TEST

START_TEST(words_of_one_enumeration_differ) {
  const char *type;
  for (size_t e = 0; (type = gd_enum_at(e)); e++)
    for (size_t k = 0; k < gd_enum_count(type); k++)
      for (size_t j = 0; j < k; j++) {
        int a, b;
        assert_ok(gd_enum_value_at(type, j, &a));
        assert_ok(gd_enum_value_at(type, k, &b));
        ck_assert_int_ne(a, b);
        ck_assert_str_ne(gd_enum_text(type, a), gd_enum_text(type, b));
      }
}
END_TEST

START_TEST(names_are_those_of_the_constants) {
  int value = -1;
  ck_assert_str_eq(gd_enum_name("gd_stop", GD_STOP_DIVERGED), "diverged");
  ck_assert_str_eq(gd_enum_name("gd_which", GD_LARGEST_REAL), "largest_real");
  ck_assert_str_eq(gd_enum_name("gd_status", GD_ERR_MEMORY), "err_memory");
  ck_assert_str_eq(gd_enum_text("gd_status", GD_ERR_MEMORY), gd_status_text(GD_ERR_MEMORY));
  assert_ok(gd_enum_find("gd_stop", "seconds", &value));
  ck_assert_int_eq(value, GD_STOP_SECONDS);
}
END_TEST

START_TEST(says_what_there_is) {
  int value = 77;
  ck_assert_int_eq(gd_enum_find("gd_stop", "tired", &value), GD_ERR_NAME);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "gd_stop has no value \"tired\"; the values are steps, gradient,"));
  ck_assert_int_eq(gd_enum_find("gd_mood", "tired", &value), GD_ERR_NAME);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "no enumeration \"gd_mood\""));
  ck_assert_int_eq(gd_enum_find(NULL, "tired", &value), GD_ERR_NAME);
  ck_assert_int_eq(gd_enum_find("gd_stop", NULL, &value), GD_ERR_ARGUMENT);
  ck_assert_int_eq(gd_enum_value_at("gd_stop", 99, &value), GD_ERR_ARGUMENT);
  ck_assert_int_eq(value, 77);
}
END_TEST

START_TEST(unknown_values_have_no_name) {
  ck_assert_ptr_null(gd_enum_name("gd_stop", 99));
  ck_assert_ptr_null(gd_enum_text("gd_mood", 0));
  ck_assert_ptr_null(gd_enum_name(NULL, 0));
  ck_assert_uint_eq(gd_enum_count("gd_mood"), 0);
  ck_assert_str_eq(gd_stop_text((gd_stop)99), "unknown");
}
END_TEST

TEST_SUITE("names", each_name_leads_back_to_its_value, words_of_one_enumeration_differ,
           names_are_those_of_the_constants, says_what_there_is, unknown_values_have_no_name)
