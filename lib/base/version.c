/* SPDX-License-Identifier: BSD-3-Clause */
/* version.c -- the version of the library. */
#include <gamedyn/version.h>

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

int gd_version(void) { return GD_VERSION; }

const char *gd_version_string(void) {
  return TEXT(GD_VERSION_MAJOR) "." TEXT(GD_VERSION_MINOR) "." TEXT(GD_VERSION_PATCH);
}
