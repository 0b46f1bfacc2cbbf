/* SPDX-License-Identifier: BSD-3-Clause */
/* A panel with the eigenvalues of a game's Jacobian before and after consensus. */
#ifndef SUPPORT_SPECTRUM_PANEL_H
#define SUPPORT_SPECTRUM_PANEL_H

#include <stdio.h>

#include <gamedyn/spectrum.h>

/* The commands for one panel, to be placed by the caller. */
void spectrum_panel_draw(FILE *script, const gd_spectrum *spectrum, const gd_spectrum *consensus, double gamma);

#endif
