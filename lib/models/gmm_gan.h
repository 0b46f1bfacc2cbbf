/* SPDX-License-Identifier: BSD-3-Clause */
/* The GMM-GAN's numbers, for the game and for what is known of its best discriminator. */
#ifndef GDI_MODELS_GMM_GAN_H
#define GDI_MODELS_GMM_GAN_H

#include "metrics/mixture.h"

#include <gamedyn/gmm_gan.h>

/* A checked copy; `target` shares the caller's arrays. */
typedef struct gdi_gmm_gan {
  gd_mixture target;
  size_t n_means, n_intervals;
  gd_closing closing;
} gdi_gmm_gan;

gd_status gdi_gmm_gan_read(gdi_gmm_gan *own, const gd_gmm_gan *callers);

#endif
