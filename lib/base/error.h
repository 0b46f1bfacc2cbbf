/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors: how the library records what went wrong, in one line, for gd_last_error(). */
#ifndef GDI_BASE_ERROR_H
#define GDI_BASE_ERROR_H

#include <gamedyn/status.h>

/* Record a formatted message for this thread and return `status`: `return gdi_fail(...)`. */
gd_status gdi_fail(gd_status status, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

/* The path, or the end of a long one: messages have room for no more. */
const char *gdi_short_path(const char *path);

/* The one error macro: a public function's check of its arguments. */
#define GDI_REQUIRE(condition, ...)                                                                                    \
  do {                                                                                                                 \
    if (__builtin_expect(!(condition), 0)) return gdi_fail(GD_ERR_ARGUMENT, __VA_ARGS__);                              \
  } while (0)

#endif
