/* SPDX-License-Identifier: BSD-3-Clause */
/* Many points at once. */
#ifndef GDI_GAME_MANY_H
#define GDI_GAME_MANY_H

#include <gamedyn/game.h>

/* Like gd_game_prepare(): after this call gd_game_gradient_many() of k points allocates nothing. */
gd_status gdi_game_prepare_many(gd_game *game, size_t k);

#endif
