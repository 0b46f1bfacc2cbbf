/* SPDX-License-Identifier: BSD-3-Clause */
/* The GMM-GAN, for the game and for its best discriminator. */
#ifndef GDI_MODELS_GMM_GAN_H
#define GDI_MODELS_GMM_GAN_H

#include "metrics/mixture.h"

#include <gamedyn/gmm_gan.h>

/* A checked copy; `target` shares the caller's arrays. */
typedef struct gdi_gmm_gan {
  gd_mixture target;
  size_t n_means, n_intervals;
  gd_collapse collapse;
} gdi_gmm_gan;

gd_status gdi_gmm_gan_read(gdi_gmm_gan *own, const gd_gmm_gan *callers);

static inline size_t gdi_gmm_gan_size(const gdi_gmm_gan *gan) { return gan->n_means + 2 * gan->n_intervals; }

/* gmm_gan_field.c: first and second derivatives, which need the target's weights.
 * The gradient, one player's part of it, and the gradient at k points as lanes. */
void gdi_gmm_gan_gradient(const gdi_gmm_gan *gan, const double *x, double *v);
void gdi_gmm_gan_player_gradient(const gdi_gmm_gan *gan, size_t player, const double *x, double *v_i);
void gdi_gmm_gan_gradient_many(const gdi_gmm_gan *gan, size_t k, const double *X, double *V);
/* HU = H U, H the second derivatives of L; k columns n apart */
void gdi_gmm_gan_curve(const gdi_gmm_gan *gan, const double *x, size_t k, const double *U, double *HU);
/* Whether an interval takes part. */
bool gdi_gmm_gan_is_open(const gdi_gmm_gan *gan, const double *x, size_t interval);

/* ---- For the kernels: the gradient at `blocks` times eight points, of which entry i is at index i * distance. ---- */

typedef struct gdi_gmm_gan_kernels {
  void (*gradient)(const gdi_gmm_gan *gan, size_t blocks, size_t distance, const double *x, double *v);
} gdi_gmm_gan_kernels;

extern const gdi_gmm_gan_kernels gdi_gmm_gan_kernels_plain, gdi_gmm_gan_kernels_avx2, gdi_gmm_gan_kernels_avx512;

#endif
