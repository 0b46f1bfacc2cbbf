/* SPDX-License-Identifier: BSD-3-Clause */
/* Pictures by gnuplot, through a pipe: svg, png or pdf by the ending of the file. */
#ifndef SUPPORT_PLOT_H
#define SUPPORT_PLOT_H

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

/* Finish; dies if gnuplot could not draw. */
void plot_close(gnuplot *picture);

#endif
