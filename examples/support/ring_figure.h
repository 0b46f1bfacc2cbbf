/* SPDX-License-Identifier: BSD-3-Clause */
/* Ring figure: runs of several kinds of updates on a ring of Gaussians, as many seeds of each; how close they come,
 * and, for a picture, what the generators of the first seed make at certain steps. */
#ifndef SUPPORT_RING_FIGURE_H
#define SUPPORT_RING_FIGURE_H

#include <gamedyn/neural.h>
#include <stdio.h>

#include "support/ring_gan.h"
#include "support/training.h"

enum { RING_PANELS = 5, RING_MOST_KINDS = 3 };
enum { RING_DISTANCE, RING_COVERED, RING_GOOD, RING_COLUMNS }; /* what is measured first, as in ring_measure */

/* The first member of a program's own figure, so that a pointer to that, as callbacks of the plan get it, points to
 * this as well.  The program sets what comes before `plan`, and in the plan all but name, close and what is kept. */
typedef struct ring_figure {
  const gd_gaussian_ring *ring;
  const char *const *names; /* of the kinds */
  size_t kinds;             /* of which run k is number k mod kinds */
  double edge;              /* of the pictures' squares, from the middle */
  uint64_t seed, batch;     /* of the first run; the next seeds follow */
  training_plan plan;
  char words[256];              /* the plan's settings */
  uint64_t panels[RING_PANELS]; /* the steps of the picture, the program's */
  double *measured;
  double *clouds[RING_MOST_KINDS][RING_PANELS]; /* NULL until then */
} ring_figure;

size_t ring_figure_kind(const ring_figure *it, size_t run);
uint64_t ring_figure_seed(const ring_figure *it, size_t run);
/* The draw of what is judged, which no step sees: number 0 is for measurements, 1 for pictures, others are free. */
gd_draw ring_figure_draw(const ring_figure *it, uint64_t number);

/* For the plan's open: the run begins at the GAN's initial weights, with draws of its seed.  The figure owns the GAN.
 */
gd_game *ring_figure_open(const ring_figure *it, size_t run, gd_neural_gan *gan, training_run *own);
/* For the plan's measure: the first RING_COLUMNS columns. */
void ring_figure_measure(const ring_figure *it, training_run *own, double *row);
/* For the plan's keep: the cloud, if the run is of the first seed; false if it is not. */
bool ring_figure_keep(ring_figure *it, size_t run, training_run *own, uint64_t step);

/* Run everything, or what is left of it, and write --csv if it is not NULL. */
void ring_figure_run(ring_figure *it, const char *csv);
void ring_figure_destroy(ring_figure *it);

/* At the end of the runs of one kind: the median of a column, and how many cover all modes. */
double ring_figure_median(const ring_figure *it, size_t kind, size_t column);
size_t ring_figure_complete(const ring_figure *it, size_t kind);

/* The clouds of a kind as row number `kind` of panels. */
void ring_figure_draw_row(FILE *script, const ring_figure *it, size_t kind);

/* Print a claim and whether it holds; returns that. */
bool ring_figure_claim(const char *words, bool holds);

#endif
