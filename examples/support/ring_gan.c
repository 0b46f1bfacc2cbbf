/* SPDX-License-Identifier: BSD-3-Clause */
/* ring_gan.c -- what mixtures on a circle are measured by. */
#include "support/ring_gan.h"

#include <gamedyn/sample.h>
#include <math.h>
#include <stdlib.h>

#include "support/cloud.h"
#include "support/die.h"

enum { DIMENSION = 2 };

gd_neural_gan *ring_gan_create(const gd_neural_gan_spec *spec, const gd_gaussian_ring *ring) {
  gd_sampler data = {0}, latent = {0};
  gd_neural_gan *gan = NULL;
  gd_neural_gan_spec own = *spec;
  must(gd_sampler_ring(&data, 0, ring, NULL));
  must(gd_sampler_normal(&latent, 0, NULL));
  own.data = &data, own.latent = &latent;
  must_for("--batch", gd_neural_gan_create(&gan, &own, NULL));
  return gan;
}

ring_measure ring_gan_measure(gd_neural_gan *gan, const gd_draw *draw, const double *x, const gd_gaussian_ring *ring) {
  double *real = new_matrix(2 * DIMENSION, RING_MEASURED), *fake = real + DIMENSION * RING_MEASURED;
  double *modes = new_matrix(DIMENSION, ring->count);
  size_t *per_mode = new_array(NULL, ring->count, sizeof *per_mode);
  const double radius = fmax(3 * ring->deviation, 0.03);
  gd_mode_report report = {0};
  ring_measure found = {NAN, NAN, NAN};
  cloud_generate(gan, draw, x, RING_MEASURED, fake);
  cloud_data(gan, draw, RING_MEASURED, real);
  must(gd_wasserstein_1(DIMENSION, RING_MEASURED, real, fake, &found.distance, NULL, NULL));
  must(gd_ring_modes(ring->count, ring->radius, modes));
  must(gd_mode_count(DIMENSION, RING_MEASURED, fake, ring->count, modes, radius, 1, per_mode, &report));
  found.covered = (double)report.covered;
  found.good = (double)report.good / RING_MEASURED;
  free(per_mode);
  free(modes);
  free(real);
  return found;
}

void ring_gan_mark(FILE *script, const gd_gaussian_ring *ring) {
  double *modes = new_matrix(DIMENSION, ring->count);
  must(gd_ring_modes(ring->count, ring->radius, modes));
  for (size_t k = 0; k < ring->count; k++)
    fprintf(script, "set object %zu circle at %g,%g size %g front fillstyle empty border rgb '#d55e00' linewidth 1.5\n",
            k + 1, modes[DIMENSION * k], modes[DIMENSION * k + 1], fmax(3 * ring->deviation, 0.06));
  free(modes);
}
