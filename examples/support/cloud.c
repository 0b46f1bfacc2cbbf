/* SPDX-License-Identifier: BSD-3-Clause */
/* cloud.c -- samples by batches, and their density as an image. */
#include "support/cloud.h"

#include <gamedyn/sample.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/plot.h"

/* From a batch to as many samples: `x` is NULL for data. */
static void collect(gd_neural_gan *gan, const gd_draw *draw, const double *x, size_t count, double *samples) {
  const size_t dimension = gd_neural_gan_dimension(gan), batch = gd_neural_gan_batch(gan);
  double *room = new_matrix(dimension, batch);
  gd_draw own = *draw;
  own.index *= (count + batch - 1) / batch;
  for (size_t done = 0; done < count; done += batch, own.index++) {
    const size_t now = count - done < batch ? count - done : batch;
    must(x ? gd_neural_gan_generate(gan, &own, x, room) : gd_neural_gan_data(gan, &own, room));
    memcpy(samples + done * dimension, room, now * dimension * sizeof *room);
  }
  free(room);
}

void cloud_generate(gd_neural_gan *gan, const gd_draw *draw, const double *x, size_t count, double *samples) {
  collect(gan, draw, x, count, samples);
}

void cloud_data(gd_neural_gan *gan, const gd_draw *draw, size_t count, double *samples) {
  collect(gan, draw, NULL, count, samples);
}

void cloud_draw(FILE *script, const char *title, size_t count, const double *points, double edge) {
  enum { SIDE = 121 };
  static unsigned pictures;
  const gd_grid grid = {SIDE, SIDE, -edge, edge, -edge, edge};
  double *density = new_matrix(SIDE, SIDE), highest = 0;
  must(gd_kernel_density(count, points, edge / 40, &grid, density, NULL));
  fprintf(script, "$cloud%u << EOD\n", pictures);
  for (size_t k = 0; k < SIDE * SIDE; k++) {
    highest = density[k] > highest ? density[k] : highest;
    fprintf(script, "%.4g%c", density[k], k % SIDE == SIDE - 1 ? '\n' : ' ');
  }
  fprintf(script, "EOD\nset title ");
  plot_quote(script, title);
  fprintf(script,
          " font ',13'\nunset key\nunset colorbox\nunset grid\nset xlabel ''\nset ylabel ''\nunset logscale\n"
          "set size ratio -1\nset format y '%%g'\n"
          "set palette defined (0 '#ffffff', 0.1 '#deebf7', 0.3 '#9ecae1', 0.6 '#3182bd', 1 '#08224c')\n"
          "set xrange [-%g:%g]\nset yrange [-%g:%g]\nset cbrange [0:%g]\n"
          "plot $cloud%u matrix using (($1 / %d.0 - 1) * %g):(($2 / %d.0 - 1) * %g):3 with image\n"
          "set size noratio\nunset title\n",
          edge, edge, edge, edge, highest > 0 ? highest : 1, pictures++, SIDE / 2, edge, SIDE / 2, edge);
  free(density);
}
