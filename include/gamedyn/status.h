/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Status: the result of every function that can fail.
 *   zero      done
 *   positive  an answer with a caveat
 *   negative  no answer; outputs are unchanged
 * One exception: an output array that was passed on to a user's callback holds what the callback wrote into it. */
#ifndef GAMEDYN_STATUS_H
#define GAMEDYN_STATUS_H

#include <gamedyn/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An int, so that new codes never change the ABI. */
typedef int gd_status;

enum {
  GD_OK = 0,
  GD_NOT_CONVERGED = 1,    /**< the best answer so far is returned */
  GD_NOT_SYNCED = 2,       /**< the file is written, but may be the old one again after a loss of power */
  GD_SCHEDULE_MISSING = 3, /**< loaded, but the saved stepper had schedules; set them again to continue the same run */
  GD_ERR_ARGUMENT = -1,    /**< a value outside its documented range */
  GD_ERR_STRUCT = -2,      /**< struct_size zero or too small: init forgotten */
  GD_ERR_MEMORY = -3,      /**< the allocator returned NULL */
  GD_ERR_UNSUPPORTED = -4, /**< the game lacks a callback, or the library a feature */
  GD_ERR_CALLBACK = -5,    /**< a user callback returned a negative number */
  GD_ERR_DOMAIN = -6,      /**< a user callback returned a positive number: x is outside its domain */
  GD_ERR_NONFINITE = -7,   /**< NaN or infinity where a number is needed */
  GD_ERR_LAPACK = -8,      /**< a LAPACK routine failed: a singular matrix, or an iteration without convergence */
  GD_ERR_REDUCE = -9,      /**< comm->reduce failed */
  GD_ERR_NAME = -10,       /**< no method, scaling, model or parameter of that name */
  GD_ERR_FORMAT = -11,     /**< a file or checkpoint that cannot be read */
  GD_ERR_HYPOTHESIS = -12, /**< the game does not meet a theorem's hypothesis, so the theorem promises nothing */
  GD_ERR_IO = -13          /**< the operating system refused to open, read, write or rename a file */
};

/** The constant's own name, such as "GD_ERR_MEMORY"; "GD_UNKNOWN" for numbers that are no status. */
GD_API const char *gd_status_name(gd_status status);

/** One English clause for the status; static storage. */
GD_API const char *gd_status_text(gd_status status);

/** What went wrong in this thread's last failing call, in one line; "" if no call has failed.
 * Every failing call sets this text.  A successful call does not change it.
 * The pointer is valid until this thread's next failing call. */
GD_API const char *gd_last_error(void);

/** Say why a function of your own fails: `return gd_fail(GD_ERR_DOMAIN, "theta is %g, expected more than 0", theta);`
 * For methods, games and other callbacks.  The text becomes this thread's gd_last_error().
 *
 * A function that returns gd_status, such as a method's step, returns the result of gd_fail().  A callback that returns
 * an int may also return it: the library's caller then gets that status and that text.  Any other negative code becomes
 * GD_ERR_CALLBACK and any positive one GD_ERR_DOMAIN.  Such a code keeps the text of a gd_fail() with the same status;
 * the text of a failure with another status is quoted in the library's message.
 * Call gd_fail() last: a later failure replaces the text.
 * @param status negative; any other value is an error itself, GD_ERR_ARGUMENT.
 * @param format as for printf; the text is cut after 511 characters.
 * @return status. */
GD_API gd_status gd_fail(gd_status status, const char *format, ...) GD_PRINTF(2, 3);

/** Return from the enclosing gd_status function when a call fails; for method and game writers. */
#define GD_TRY(call)                                                                                                   \
  do {                                                                                                                 \
    const gd_status gd_try_ = (call);                                                                                  \
    if (gd_try_ < 0) return gd_try_;                                                                                   \
  } while (0)

#ifdef __cplusplus
}
#endif
#endif
