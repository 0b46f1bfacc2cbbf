/* SPDX-License-Identifier: BSD-3-Clause */
/* The errors of v and J at a point. */
#ifndef GDI_THEORY_RESOLUTION_H
#define GDI_THEORY_RESOLUTION_H

#include "base/memory.h"

#include <gamedyn/game.h>
#include <stdbool.h>

/* Errors are taken as this multiple of the measured noise. */
#define GDI_RESOLUTION_FACTOR 8

/* Measures the noise of v on a game, with its own scratch memory. */
typedef struct gdi_noise {
  const gdi_env *env;
  gd_game *game;
  size_t n;
  double *point, *first, *second, *signs; /* [n] */
} gdi_noise;

/* To be followed by gdi_noise_destroy(), also on failure. */
gd_status gdi_noise_create(gdi_noise *noise, const gdi_env *env, gd_game *game);
void gdi_noise_destroy(gdi_noise *noise);

/* largest [rows] = the noise seen in each entry of L'v at x, v [n] being v(x); L [n by rows], or NULL for |v| alone
 * (rows 1).  `room` [rows]. */
gd_status gdi_noise_of_gradient(gdi_noise *noise, const double *x, const double *v, size_t rows, const double *L,
                                double *largest);

/* An estimate of |E|_2, E the error of the J that the game offers at x.
 * @param gradient the noise of |v| there.  @param norm |J|_2. */
gd_status gdi_noise_of_jacobian(gdi_noise *noise, const double *x, double gradient, double norm, double *error);

#endif
