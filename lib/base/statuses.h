/* SPDX-License-Identifier: BSD-3-Clause */
/* Statuses: one row each, of the constant, its name for <gamedyn/names.h> and what it means. */
#ifndef GDI_BASE_STATUSES_H
#define GDI_BASE_STATUSES_H

#include <gamedyn/status.h>

#define GDI_STATUSES(ROW)                                                                                              \
  ROW(GD_OK, "ok", "done")                                                                                             \
  ROW(GD_NOT_CONVERGED, "not_converged", "not converged; the best answer so far is returned")                          \
  ROW(GD_NOT_SYNCED, "not_synced", "written, but a power failure may undo it")                                         \
  ROW(GD_SCHEDULE_MISSING, "schedule_missing", "loaded, but its schedules are not set")                                \
  ROW(GD_ERR_ARGUMENT, "err_argument", "an argument is outside its documented range")                                  \
  ROW(GD_ERR_STRUCT, "err_struct", "a struct's size is missing or too small; its init was forgotten")                  \
  ROW(GD_ERR_MEMORY, "err_memory", "out of memory")                                                                    \
  ROW(GD_ERR_UNSUPPORTED, "err_unsupported", "the game lacks a callback, or the library a feature")                    \
  ROW(GD_ERR_CALLBACK, "err_callback", "a callback failed")                                                            \
  ROW(GD_ERR_DOMAIN, "err_domain", "a callback was called outside its domain")                                         \
  ROW(GD_ERR_NONFINITE, "err_nonfinite", "not a finite number where one is needed")                                    \
  ROW(GD_ERR_LAPACK, "err_lapack", "a LAPACK routine failed")                                                          \
  ROW(GD_ERR_REDUCE, "err_reduce", "the reduction over processes failed")                                              \
  ROW(GD_ERR_NAME, "err_name", "there is nothing with this name")                                                      \
  ROW(GD_ERR_FORMAT, "err_format", "a file or checkpoint that cannot be read")                                         \
  ROW(GD_ERR_HYPOTHESIS, "err_hypothesis", "the game does not meet the theorem's hypothesis")                          \
  ROW(GD_ERR_IO, "err_io", "the operating system refused a file")

#endif
