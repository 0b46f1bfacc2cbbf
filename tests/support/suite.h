/* SPDX-License-Identifier: BSD-3-Clause */
/* What every test program defines: its suite.  main() is in support/main.c. */
#ifndef TEST_SUITE_H
#define TEST_SUITE_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/close.h"

Suite *make_suite(void);

/* How many instances a test over random instances tries: `quick` in every run, `full` where GAMEDYN_TESTS=full, as
 * `make campaign` sets it. */
static inline size_t test_instances(size_t quick, size_t full) {
  const char *extent = getenv("GAMEDYN_TESTS");
  return extent && strcmp(extent, "full") == 0 ? full : quick;
}

/* A suite with one case of these tests, a generous timeout, for most files:
 * TEST_SUITE("error", names_every_status, remembers_the_last_message) */
#define TEST_SUITE(name, ...)                                                                                          \
  Suite *make_suite(void) {                                                                                            \
    const TTest *const tests[] = {__VA_ARGS__};                                                                        \
    Suite *suite = suite_create(name);                                                                                 \
    TCase *tcase = tcase_create(name);                                                                                 \
    tcase_set_timeout(tcase, 300);                                                                                     \
    for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);                         \
    suite_add_tcase(suite, tcase);                                                                                     \
    return suite;                                                                                                      \
  }

#endif
