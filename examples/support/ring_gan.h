/* SPDX-License-Identifier: BSD-3-Clause */
/* Ring GAN: a GAN of perceptrons whose data are Gaussians around a circle, and how close its generator is to them. */
#ifndef SUPPORT_RING_GAN_H
#define SUPPORT_RING_GAN_H

#include <gamedyn/neural.h>
#include <stdio.h>

/* The GAN of the spec with data from the ring and standard normal latent numbers. */
gd_neural_gan *ring_gan_create(const gd_neural_gan_spec *spec, const gd_gaussian_ring *ring);

typedef struct ring_measure {
  double distance; /* Wasserstein-1 distance between RING_MEASURED samples of data and generator */
  double covered;  /* modes with at least one sample within three deviations, at least 0.03 */
  double good;     /* share of samples within as much of a mode */
} ring_measure;

enum { RING_MEASURED = 512 };

/* On samples of the draws from this one on. */
ring_measure ring_gan_measure(gd_neural_gan *gan, const gd_draw *draw, const double *x, const gd_gaussian_ring *ring);

/* Circles around the modes in the panels that follow, until `unset object`. */
void ring_gan_mark(FILE *script, const gd_gaussian_ring *ring);

#endif
