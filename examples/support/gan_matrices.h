/* SPDX-License-Identifier: BSD-3-Clause */
/* A GAN at its equilibrium as Nagarajan & Kolter see it: K_DD and K_DG, and the Jacobian made of them. */
#ifndef SUPPORT_GAN_MATRICES_H
#define SUPPORT_GAN_MATRICES_H

#include <gamedyn/game.h>
#include <gamedyn/rng.h>
#include <stdbool.h>

#include "support/options.h"

enum { GAN_MOST = 6 }; /* variables of a player in a random GAN */

typedef struct gan_matrices {
  size_t d, g;             /* variables of discriminator and generator, g <= d */
  double *K_DD;            /* [d by d], symmetric positive definite */
  double *K_DG;            /* [d by g], of full column rank */
  double kdd_min, kdd_max; /* extreme eigenvalues of K_DD */
  double kdg_min, kdg_max; /* of K_DG'K_DG */
} gan_matrices;

/* Random matrices; d and g are random too unless they are given. */
gan_matrices gan_matrices_draw(gd_rng *rng, size_t d, size_t g);

/* Game 0 of the programs: K_DG from --matrix and K_DD from --matrix-a, refused if they are not as they should be;
 * without files the planar GAN, with discriminator w y^2, generator a z, data and z uniform on [-1, 1]. */
gan_matrices gan_matrices_first(const common_options *common);

void gan_matrices_destroy(gan_matrices *it);

/* What that is, such as "the planar GAN"; in text, of size bytes, if it has the name of a file. */
const char *gan_matrices_words(const common_options *common, char *text, size_t size);

/* v = J x with J = [[2 f2 K_DD, -f1 K_DG], [f1 K_DG', 0]], the discriminator first. */
gd_game *gan_matrices_game(const gan_matrices *it, double f1, double f2);

#endif
