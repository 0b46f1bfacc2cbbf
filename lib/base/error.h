/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors: how the library records what went wrong, in one line, for gd_last_error().
 *
 * Every failure sets the message at the place where it begins.  A user's function may fail without a message; then the
 * message of an older failure must not be attributed to it.  So the library reads gdi_failures() before it calls such a
 * function, and passes this number to gdi_callback_status() or gdi_callback_code() after a failure:
 *
 *     const uint64_t before = gdi_failures();
 *     const gd_status status = method->step(stepper, game, x);
 *     if (status < 0) return gdi_callback_status(before, status, "the step of method \"%s\"", method->name); */
#ifndef GDI_BASE_ERROR_H
#define GDI_BASE_ERROR_H

#include <gamedyn/status.h>
#include <stdint.h>

/* Record a formatted message for this thread and return `status`: `return gdi_fail(...)`. */
gd_status gdi_fail(gd_status status, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

/* Every evaluation reads the count.  Where the loader allows it, these 8 bytes are read without a function call. */
#if defined(__GLIBC__) && defined(__ELF__)
#define GDI_THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))
#else
#define GDI_THREAD_LOCAL _Thread_local
#endif
extern GDI_THREAD_LOCAL uint64_t gdi_failure_count;

/* The number of failures on this thread so far. */
static inline uint64_t gdi_failures(void) { return gdi_failure_count; }

/* For a user's function that returned a negative status: returns that status.  A message that the function set since
 * `before` is kept.  Otherwise the message says which function it was (the format) and what it returned. */
gd_status gdi_callback_status(uint64_t before, gd_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* For a callback that returned a code other than 0: returns its status.  If a call inside failed with this number since
 * `before`, the code is the status.  Otherwise a positive code is GD_ERR_DOMAIN and a negative one GD_ERR_CALLBACK.  A
 * message that the callback set for that status is kept.  Otherwise the message is the one given here, followed by the
 * message of a failure inside. */
gd_status gdi_callback_code(uint64_t before, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* For a user's function whose failure has one status: the message is chosen as above. */
gd_status gdi_callback_words(uint64_t before, gd_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* The path, or its last 200 characters, for messages. */
const char *gdi_short_path(const char *path);

/* Check an argument of a public function: fail with GD_ERR_ARGUMENT and the message unless the condition holds. */
#define GDI_REQUIRE(condition, ...)                                                                                    \
  do {                                                                                                                 \
    if (__builtin_expect(!(condition), 0)) return gdi_fail(GD_ERR_ARGUMENT, __VA_ARGS__);                              \
  } while (0)

#endif
