/* SPDX-License-Identifier: BSD-3-Clause */
/* Screen: how wide what is printed may be, text broken to fit, and whether a line can be drawn over. */
#ifndef SUPPORT_SCREEN_H
#define SUPPORT_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

/* Columns: those of the environment's COLUMNS, else of the terminal that the file is, else 80. */
int screen_columns(FILE *file);

/* Is the file a terminal on which a line can be drawn over the last one?  One with TERM=dumb is not. */
bool screen_redraws(FILE *file);

/* Print words, broken where the next is beyond the last column; `used` columns of the first line are taken, and the
 * other lines begin after `indent` blanks.  Ends with a line break. */
void screen_print_words(FILE *file, int used, int indent, const char *text);

/* Print paragraphs.  Lines that do not begin with a blank are joined and broken anew.  One that does, such as
 * "  name   meaning", stays a line of its own; it is broken below the text after its last run of blanks. */
void screen_print_text(FILE *file, const char *text);

#endif
