/* SPDX-License-Identifier: BSD-3-Clause */
/* Arithmetic with counts of evaluations. */
#ifndef GDI_GAME_COUNTS_H
#define GDI_GAME_COUNTS_H

#include <gamedyn/game.h>

/* What the handle counted since it had counted `before`. */
gd_counts gdi_counts_since(const gd_game *game, const gd_counts *before);

/* The sum, counter by counter. */
gd_counts gdi_counts_plus(const gd_counts *a, const gd_counts *b);

#endif
