/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors: how the library records what went wrong, in one line, for gd_last_error().
 *
 * Every failure leaves words where it begins.  A function of the user's may fail without words, and then the words
 * of an older failure must not be taken for its own.  So the library reads gdi_failures() before it calls such a
 * function, and hands the reading to gdi_callback_status() or gdi_callback_code() after a failure:
 *
 *     const uint64_t before = gdi_failures();
 *     const gd_status status = method->step(stepper, game, x);
 *     if (status < 0) return gdi_callback_status(before, status, "the step of method \"%s\"", method->name);
 */
#ifndef GDI_BASE_ERROR_H
#define GDI_BASE_ERROR_H

#include <gamedyn/status.h>
#include <stdint.h>

/* Record a formatted message for this thread and return `status`: `return gdi_fail(...)`. */
gd_status gdi_fail(gd_status status, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

/* Evaluations read the count each time.  Where the loader allows it, 8 bytes are had without a call. */
#if defined(__GLIBC__) && defined(__ELF__)
#define GDI_THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))
#else
#define GDI_THREAD_LOCAL _Thread_local
#endif
extern GDI_THREAD_LOCAL uint64_t gdi_failure_count;

/* How often something failed on this thread so far. */
static inline uint64_t gdi_failures(void) { return gdi_failure_count; }

/* A function of the user's that returns a status failed.  It is passed on.  Words that the function left since
 * `before` stay; without them it gets some: what it was (the format), and what it returned. */
gd_status gdi_callback_status(uint64_t before, gd_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* A callback returned a code that is not 0.  If a call within failed with that very number since `before`, the code is
 * its status.  Else a positive code is GD_ERR_DOMAIN and a negative one GD_ERR_CALLBACK.  Words that the callback left
 * for that status stay; else they are those given here, followed by those of a failure within. */
gd_status gdi_callback_code(uint64_t before, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* A function of the user's failed in a way that has one status: as above. */
gd_status gdi_callback_words(uint64_t before, gd_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* The path, or the end of a long one: messages have room for no more. */
const char *gdi_short_path(const char *path);

/* The one error macro: a public function's check of its arguments. */
#define GDI_REQUIRE(condition, ...)                                                                                    \
  do {                                                                                                                 \
    if (__builtin_expect(!(condition), 0)) return gdi_fail(GD_ERR_ARGUMENT, __VA_ARGS__);                              \
  } while (0)

#endif
