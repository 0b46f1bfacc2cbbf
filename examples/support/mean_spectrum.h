/* SPDX-License-Identifier: BSD-3-Clause */
/* Mean spectrum: all eigenvalues of a stochastic game's mean Jacobian. */
#ifndef SUPPORT_MEAN_SPECTRUM_H
#define SUPPORT_MEAN_SPECTRUM_H

#include <gamedyn/game.h>
#include <stdint.h>
#include <stdio.h>

typedef struct mean_spectrum {
  size_t n;        /* 0: not known */
  double *re, *im; /* [n] */
} mean_spectrum;

/* At x, the mean over so many draws from this one on; the Jacobians are assembled from the game's products. */
mean_spectrum mean_spectrum_of(const gd_game *game, const gd_draw *first, uint64_t draws, const double *x);
void mean_spectrum_destroy(mean_spectrum *it);

double mean_spectrum_abscissa(const mean_spectrum *it);
/* Of the eigenvalues that are not 0, the share next to the imaginary axis: |re| < |im| / 10. */
double mean_spectrum_share_narrow(const mean_spectrum *it);
/* Of all eigenvalues, the share whose real part is not positive. */
double mean_spectrum_share_left(const mean_spectrum *it);

/* A panel, placed by the caller, with the axes of Mescheder, Nowozin & Geiger 2017: real parts are clipped at -3.5. */
void mean_spectrum_draw(FILE *script, const mean_spectrum *it, const char *title);

#endif
