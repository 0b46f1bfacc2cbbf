/* SPDX-License-Identifier: BSD-3-Clause */
/* Clouds: as many samples as one wants of a GAN's generator and data, and pictures of their density. */
#ifndef SUPPORT_CLOUD_H
#define SUPPORT_CLOUD_H

#include <gamedyn/neural.h>
#include <gamedyn/rng.h>
#include <stdio.h>

/* `count` samples [dimension by count], batch by batch, from the draws that begin with this one. */
void cloud_generate(gd_neural_gan *gan, const gd_draw *draw, const double *x, size_t count, double *samples);
void cloud_data(gd_neural_gan *gan, const gd_draw *draw, size_t count, double *samples);

/* A panel: the density of points in the plane [2 by count] over the square [-edge, edge]^2, as dark as dense. */
void cloud_draw(FILE *script, const char *title, size_t count, const double *points, double edge);

#endif
