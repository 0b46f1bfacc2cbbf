/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines: reads a text file line by line and word by word, and keeps the position, so every message can name file and
 * line. */
#ifndef GDI_FILES_LINES_H
#define GDI_FILES_LINES_H

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { GDI_LINE_LENGTH = 1024 }; /* the longest line unless widened, as NISTIR 5935 has it */

typedef struct gdi_lines {
  FILE *file;
  const char *path; /* borrowed */
  size_t number;    /* number of the current line; 1, 2, ... */
  char *rest;       /* the part of the current line that was not read yet */
  size_t longest;   /* line that has room in text */
  char *text;       /* the current line */
  char own_text[GDI_LINE_LENGTH + 1];
} gdi_lines;

/* GD_ERR_IO if the file cannot be opened.  The struct then points into itself and must not move. */
gd_status gdi_lines_open(gdi_lines *lines, const char *path);
/* Lines of up to `longest` characters from now on, kept in text [longest + 1], which is borrowed. */
void gdi_lines_widen(gdi_lines *lines, char *text, size_t longest);
void gdi_lines_close(gdi_lines *lines);

/* Go to the next line; or to the next line that is not blank and does not begin with the character `comment` (0: no
 * comments).  At the end of the file *is_end becomes true.  GD_ERR_IO, GD_ERR_FORMAT (too long, a zero byte, or a
 * carriage return without a line feed). */
gd_status gdi_lines_next(gdi_lines *lines, bool *is_end);
gd_status gdi_lines_next_data(gdi_lines *lines, char comment, bool *is_end);

/* The next word of the present line, cut out of it in place; NULL when there is none. */
char *gdi_lines_word(gdi_lines *lines);

/* False if the file is too short for `count` lines with this number of words; true also if the size is unknown. */
bool gdi_lines_can_hold(const gdi_lines *lines, size_t count, size_t words);
/* Bytes of the whole file; SIZE_MAX where that cannot be known, as of a pipe. */
size_t gdi_lines_size(const gdi_lines *lines);

/* Record a message that begins with file and line, and return `status`. */
gd_status gdi_lines_fail(const gdi_lines *lines, gd_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* Parse a size_t, or a finite double, written in decimal and with nothing else.  If it is not valid: false, and the
 * output is unchanged.  The decimal point is a point in every locale. */
bool gdi_parse_size(const char *word, size_t *size);
bool gdi_parse_real(const char *word, double *real);
bool gdi_is_integer(const char *word); /* a sign or none, then digits */

#endif
