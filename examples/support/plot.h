/* SPDX-License-Identifier: BSD-3-Clause */
/* Pictures by gnuplot, through a pipe: svg, png or pdf by the ending of the file. */
#ifndef SUPPORT_PLOT_H
#define SUPPORT_PLOT_H

#include <stddef.h>
#include <stdio.h>

typedef struct gnuplot gnuplot;

/* Die unless the ending is known and gnuplot is installed: before any work is done. */
void plot_check(const char *path);

/* Start a picture of that many pixels (pdf: 125 to the inch). */
gnuplot *plot_open(const char *path, int width, int height);

/* Where gnuplot's commands go.  Line types 1 to 8 are colours that the colour-blind can tell apart. */
FILE *plot_script(gnuplot *picture);

/* Write text as a word of gnuplot's, quoted. */
void plot_quote(FILE *script, const char *text);

/* In a multiplot: place panel k of so many columns and rows, counted as one reads, with a title above all of them. */
void plot_place_panel(FILE *script, size_t columns, size_t rows, size_t k);

/* Then: place a plot without axes at the foot of the page, whose key serves all panels. */
void plot_place_key(FILE *script);

/* Finish; dies if gnuplot could not draw. */
void plot_close(gnuplot *picture);

#endif
