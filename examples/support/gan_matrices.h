/* SPDX-License-Identifier: BSD-3-Clause */
/* A GAN at its equilibrium as Nagarajan & Kolter see it: K_DD and K_DG, and the Jacobian made of them. */
#ifndef SUPPORT_GAN_MATRICES_H
#define SUPPORT_GAN_MATRICES_H

#include <gamedyn/game.h>
#include <gamedyn/rng.h>

enum { GAN_MOST = 6, GAN_SQUARE = GAN_MOST * GAN_MOST };

typedef struct gan_matrices {
  size_t d, g;             /* variables of discriminator and generator, g <= d <= GAN_MOST */
  double K_DD[GAN_SQUARE]; /* [d by d], symmetric positive definite */
  double K_DG[GAN_SQUARE]; /* [d by g], of full column rank */
  double kdd_min, kdd_max; /* extreme eigenvalues of K_DD */
  double kdg_min, kdg_max; /* of K_DG'K_DG */
} gan_matrices;

/* Random matrices; d and g are random too unless they are given. */
gan_matrices gan_matrices_draw(gd_rng *rng, size_t d, size_t g);

/* The planar GAN: discriminator w y^2, generator a z, data and z uniform on [-1, 1]. */
gan_matrices gan_matrices_planar(void);

/* v = J x with J = [[2 f2 K_DD, -f1 K_DG], [f1 K_DG', 0]], the discriminator first. */
gd_game *gan_matrices_game(const gan_matrices *it, double f1, double f2);

#endif
