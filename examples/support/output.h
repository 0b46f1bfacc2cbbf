/* SPDX-License-Identifier: BSD-3-Clause */
/* Output: files that programs write, and what they print.  What was not written in full ends the program with one line
 * and EXIT_BAD_INPUT, also where that shows only at the end. */
#ifndef SUPPORT_OUTPUT_H
#define SUPPORT_OUTPUT_H

#include <stdio.h>

/* Before anything is printed or opened: what is printed will be looked after when the program ends. */
void watch_output(void);

/* Die unless the file can be written: before any work is done.  The path is kept until forget_outputs(), which removes
 * the empty files that this has made. */
void check_output(const char *option, const char *path);
void forget_outputs(void);

/* Die if an output that was checked is the same file as this other one. */
void check_distinct(const char *option, const char *path, const char *other_option, const char *other_path);

/* A file to write; dies if it cannot be opened, or was not written in full. */
FILE *open_output(const char *option, const char *path);
void close_output(const char *option, const char *path, FILE *file);

#endif
