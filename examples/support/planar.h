/* SPDX-License-Identifier: BSD-3-Clause */
/* The planar GAN of Nagarajan & Kolter: x = (w, a), discriminator w y^2, generator a z, equilibrium (0, 1). */
#ifndef SUPPORT_PLANAR_H
#define SUPPORT_PLANAR_H

#include <gamedyn/game.h>
#include <gamedyn/models.h>

extern const double planar_equilibrium[2];

/* The game whose generator also descends eta |grad_D V|^2; the caller destroys it. */
gd_game *planar_game(gd_gan_loss loss, double eta);

/* Re(lambda) of a pair of eigenvalues at the equilibrium, by Lemma G.2 with Q + 2 eta P P' in place of Q, where it is
 * an equality; 0 without a Q. */
double planar_abscissa(gd_gan_loss loss, double eta);

/* H = w^2 + a^2/2 - ln|a|, which the WGAN conserves for eta = 0 and never lets grow for eta > 0:
 * dH/dt = -(4 eta / 9) (1 - a^2)^2. */
double planar_energy(const double *x);

#endif
