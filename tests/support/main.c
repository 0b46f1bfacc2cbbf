/* SPDX-License-Identifier: BSD-3-Clause */
/* main.c -- runs the suite of one test program; fails when no check ran. */
#include "support/suite.h"

#include <stdio.h>

int main(void) {
  SRunner *runner = srunner_create(make_suite());
  srunner_run_all(runner, CK_NORMAL);
  const int ran = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  printf("%d passed, %d failed\n", ran - failed, failed);
  return ran == 0 || failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
