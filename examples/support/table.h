/* SPDX-License-Identifier: BSD-3-Clause */
/* A table of words, printed with aligned columns: the first to the left, the others to the right. */
#ifndef SUPPORT_TABLE_H
#define SUPPORT_TABLE_H

#include <stdio.h>

typedef struct text_table text_table;

/* headings: column titles separated by '|'. */
text_table *table_create(const char *headings);

/* The next cell; rows fill from left to right. */
void table_cell(text_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next cell holds a number: "-" for NaN, "inf" for infinity, whole numbers in full. */
void table_number(text_table *table, double value);

/* The next cell holds a factor per step: eight decimals, or how far below 1 it is; "-" for NaN. */
void table_rate(text_table *table, double rate);

/* Print and destroy.  Where the screen is too narrow headings are broken into lines, and then columns are printed in
 * groups, each beside the first column. */
void table_print(text_table *table, FILE *file);

#endif
