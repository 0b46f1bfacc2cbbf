/* SPDX-License-Identifier: BSD-3-Clause */
/* ring_figure.c -- from a plan to numbers and clouds. */
#include "support/ring_figure.h"

#include <stdlib.h>

#include "support/cloud.h"
#include "support/die.h"
#include "support/plot.h"

enum { SHOWN = 5 * 512, DIMENSION = 2, ROWS = 3 };
static const uint64_t JUDGING = 7; /* the stream */

size_t ring_figure_kind(const ring_figure *it, size_t run) { return run % it->kinds; }
uint64_t ring_figure_seed(const ring_figure *it, size_t run) { return it->seed + run / it->kinds; }
gd_draw ring_figure_draw(const ring_figure *it, uint64_t number) {
  return (gd_draw){it->seed, JUDGING, number, it->batch};
}

/* ---- a run ---- */

static void name_run(void *program, size_t run, char name[TRAINING_NAME]) {
  const ring_figure *it = program;
  snprintf(name, TRAINING_NAME, "%s-%llu", it->names[ring_figure_kind(it, run)],
           (unsigned long long)ring_figure_seed(it, run));
}

gd_game *ring_figure_open(const ring_figure *it, size_t run, gd_neural_gan *gan, training_run *own) {
  gd_game *game = gd_neural_gan_game(gan);
  gd_eval_options draws;
  own->own = gan;
  own->x = new_numbers(gd_game_size(game));
  must(gd_neural_gan_initial(gan, own->x));
  gd_eval_options_init(&draws);
  draws.seed = ring_figure_seed(it, run), draws.batch_size = it->batch, draws.dense_limit = gd_game_size(game);
  must(gd_game_configure(game, &draws));
  return game;
}

void ring_figure_measure(const ring_figure *it, training_run *own, double *row) {
  const gd_draw draw = ring_figure_draw(it, 0);
  const ring_measure found = ring_gan_measure(own->own, &draw, own->x, it->ring);
  row[RING_DISTANCE] = found.distance;
  row[RING_COVERED] = found.covered;
  row[RING_GOOD] = found.good;
}

bool ring_figure_keep(ring_figure *it, size_t run, training_run *own, uint64_t step) {
  const gd_draw draw = ring_figure_draw(it, 1);
  size_t panel = 0;
  if (run >= it->kinds) return false;
  while (it->panels[panel] != step) panel++;
  double **cloud = &it->clouds[ring_figure_kind(it, run)][panel];
  *cloud = new_matrix(DIMENSION, SHOWN);
  cloud_generate(own->own, &draw, own->x, SHOWN, *cloud);
  return true;
}

static void close_run(void *program, size_t run, training_run *own) {
  (void)program, (void)run;
  gd_stepper_destroy(own->stepper);
  gd_neural_gan_destroy(own->own);
  free(own->x);
}

/* ---- all of them ---- */

void ring_figure_run(ring_figure *it, const char *csv) {
  it->plan.name = name_run, it->plan.close = close_run;
  it->plan.kept = it->panels, it->plan.n_kept = RING_PANELS;
  it->measured = training_execute(&it->plan);
  if (csv) training_write(&it->plan, it->measured, csv);
}

void ring_figure_destroy(ring_figure *it) {
  for (size_t k = 0; k < RING_MOST_KINDS * RING_PANELS; k++) free(it->clouds[k / RING_PANELS][k % RING_PANELS]);
  free(it->measured);
}

/* ---- what came of it ---- */

double ring_figure_median(const ring_figure *it, size_t kind, size_t column) {
  return training_median(&it->plan, it->measured, (training_ends){kind, it->kinds, column});
}

size_t ring_figure_complete(const ring_figure *it, size_t kind) {
  const training_ends covered = {kind, it->kinds, RING_COVERED};
  return training_count(&it->plan, it->measured, covered, (double)it->ring->count);
}

void ring_figure_draw_row(FILE *script, const ring_figure *it, size_t kind) {
  for (size_t panel = 0; panel < RING_PANELS; panel++) {
    char title[80];
    if (!it->clouds[kind][panel]) continue;
    snprintf(title, sizeof title, "%s, %llu steps", it->names[kind], (unsigned long long)it->panels[panel]);
    plot_place_panel(script, RING_PANELS, ROWS, kind * RING_PANELS + panel);
    cloud_draw(script, title, SHOWN, it->clouds[kind][panel], it->edge);
  }
}

bool ring_figure_claim(const char *words, bool holds) {
  printf("  %-70s %s\n", words, holds ? "holds" : "BROKEN");
  return holds;
}
