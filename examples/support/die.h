/* SPDX-License-Identifier: BSD-3-Clause */
/* How a program ends when it cannot go on: one line on stderr, and an exit code that says why. */
#ifndef SUPPORT_DIE_H
#define SUPPORT_DIE_H

#include <gamedyn/status.h>
#include <stddef.h>
#include <stdio.h>

enum { EXIT_CLAIM_FAILED = 1, EXIT_BAD_INPUT = 2 };

/* The program's name, from argv[0]: it begins every message. */
void set_program_name(const char *argv0);
const char *program_name(void);

/* The last part of a path. */
const char *file_name(const char *path);

/* "program: message", then exit with EXIT_BAD_INPUT. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Die with the library's own words unless the call succeeded. */
void must(gd_status status);

/* The same for a call that uses an option's value: the message names the option. */
void must_for(const char *option, gd_status status);

/* Products and sums of sizes; SIZE_MAX if too large, for which there is never memory. */
size_t size_times(size_t a, size_t b);
size_t size_plus(size_t a, size_t b);

/* Memory for `count` objects of `size` bytes, of which the first are those of `old` (NULL: none); numbers, and a matrix
 * of them, all zero.  They die when memory runs out. */
void *new_array(void *old, size_t count, size_t size);
double *new_numbers(size_t count);
double *new_matrix(size_t rows, size_t columns);

#endif
