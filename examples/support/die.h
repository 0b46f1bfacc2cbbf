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

/* Numbers, all zero; dies when memory runs out. */
double *new_numbers(size_t count);
void *new_memory(void *old, size_t bytes);

/* Die unless the file can be written: before any work is done. */
void check_output(const char *option, const char *path);

/* A file to write; dies if it cannot be opened, or was not written in full. */
FILE *open_output(const char *option, const char *path);
void close_output(const char *option, const char *path, FILE *file);

#endif
