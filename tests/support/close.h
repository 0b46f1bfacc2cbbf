/* SPDX-License-Identifier: BSD-3-Clause */
/* Assertions that two numbers or vectors agree, with the figures in the message. */
#ifndef TEST_CLOSE_H
#define TEST_CLOSE_H

#include <check.h>
#include <gamedyn/status.h>
#include <math.h>

/* |actual - expected| <= rel |expected| + abs; NaN never passes, and only infinity is close to infinity. */
#define assert_close(actual, expected, rel, abs_)                                                                      \
  do {                                                                                                                 \
    const double close_a_ = (actual), close_e_ = (expected);                                                           \
    ck_assert_msg((isfinite(close_e_) && fabs(close_a_ - close_e_) <= (rel)*fabs(close_e_) + (abs_)) ||                \
                      close_a_ == close_e_,                                                                            \
                  "%s = %.17g, expected %.17g (off by %.3g)", #actual, close_a_, close_e_, close_a_ - close_e_);       \
  } while (0)

/* A call succeeds; the message shows the library's own words when it does not. */
#define assert_ok(call)                                                                                                \
  do {                                                                                                                 \
    const gd_status ok_ = (call);                                                                                      \
    ck_assert_msg(ok_ == GD_OK, "%s: %s (%s)", #call, gd_status_name(ok_), gd_last_error());                           \
  } while (0)

/* A call fails with this status and says something that contains `words`. */
#define assert_fails(call, status, words)                                                                              \
  do {                                                                                                                 \
    const gd_status fails_ = (call);                                                                                   \
    ck_assert_msg(fails_ == (status), "%s: %s, expected %s (%s)", #call, gd_status_name(fails_), #status,              \
                  gd_last_error());                                                                                    \
    ck_assert_msg(strstr(gd_last_error(), (words)) != NULL, "%s said \"%s\", expected words \"%s\"", #call,            \
                  gd_last_error(), (words));                                                                           \
  } while (0)

#endif
