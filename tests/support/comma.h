/* SPDX-License-Identifier: BSD-3-Clause */
/* A locale with a decimal comma, made for the occasion: most machines have none installed. */
#ifndef TEST_COMMA_H
#define TEST_COMMA_H

#include "support/folder.h"

#include <locale.h>
#include <stdlib.h>

/* Set it for this program, from a file in the folder's subfolder `comma`; false, with a line that says so, where
 * localedef or its sources are missing. */
static inline bool comma_locale(test_folder *folder) {
  char command[512];
  static const char *const sources[] = {"de_DE", "fr_FR", "it_IT"};
  for (size_t k = 0; k < sizeof sources / sizeof *sources; k++) {
    snprintf(command, sizeof command, "localedef --no-archive -c -i %s -f ISO-8859-1 '%s/comma' >'%s/said' 2>&1",
             sources[k], folder->path, folder->path);
    const int status = system(command);
    setenv("LOCPATH", folder->path, 1);
    if (status == 0 && setlocale(LC_ALL, "comma") && strcmp(localeconv()->decimal_point, ",") == 0) return true;
  }
  printf("no locale with a decimal comma can be made here\n");
  return false;
}

#endif
