/* SPDX-License-Identifier: BSD-3-Clause */
/* Curves: distances over steps, on a logarithmic axis, so that a constant rate is a line, and the distance to be reached.
 * Steps are on a logarithmic axis, too, where some runs are much shorter than others. */
#ifndef SUPPORT_CURVES_H
#define SUPPORT_CURVES_H

#include <stdio.h>

#include "support/history.h"

typedef struct curve {
  char title[80];
  const run_history *history;
  size_t colour; /* line type 1 to 8; of more than four curves the first four are wide, and show under another */
  bool dashed;
} curve;

typedef struct curve_panel {
  const char *name; /* of its data in the script, a letter or more */
  const char *title;
  const char *key;      /* where the legend goes: gnuplot's `set key` */
  double epsilon;       /* drawn as a line */
  double first;         /* distance at the start, the top of the picture but for a margin */
  double last_step;     /* right end; 0: where the longest curve ends */
  double promised_step; /* the promise, from `first` at step 0 to epsilon here at a constant rate; 0: none */
} curve_panel;

void curves_draw(FILE *script, const curve_panel *panel, const curve *curves, size_t count);

#endif
