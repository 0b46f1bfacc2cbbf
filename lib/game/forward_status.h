/* SPDX-License-Identifier: BSD-3-Clause */
/* For games that evaluate other games: a callback passes on the failure of the inner game. */
#ifndef GDI_GAME_FORWARD_STATUS_H
#define GDI_GAME_FORWARD_STATUS_H

#include <gamedyn/status.h>

/* The code to return after a call on another game.  The outer game then fails with the same status and keeps the inner
 * message, because gdi_callback_code() finds that the inner failure has this number.  The number alone would not be
 * enough: a user's callback may return any number. */
static inline int gdi_forward_status(gd_status status) { return status >= 0 ? 0 : status; }

#endif
