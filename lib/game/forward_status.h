/* SPDX-License-Identifier: BSD-3-Clause */
/* Games that evaluate other games: how a callback passes on why the inner game failed. */
#ifndef GDI_GAME_FORWARD_STATUS_H
#define GDI_GAME_FORWARD_STATUS_H

#include <gamedyn/status.h>

/* What a callback returns after a call on another game.  The outer game then fails with the same status and keeps the
 * inner words, because gdi_callback_code() finds that the inner failure has that very number.  A code alone says
 * nothing: a callback of a user's may return any number. */
static inline int gdi_forward_status(gd_status status) { return status >= 0 ? 0 : status; }

#endif
