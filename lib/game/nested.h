/* SPDX-License-Identifier: BSD-3-Clause */
/* Games that evaluate other games: how a callback passes on why the inner game failed. */
#ifndef GDI_GAME_NESTED_H
#define GDI_GAME_NESTED_H

#include <gamedyn/status.h>
#include <limits.h>
#include <stdbool.h>

/* Codes near INT_MIN, which no callback of a user's would return, stand for statuses. */
#define GDI_LEAST_STATUS (-255)

/* What a callback returns after a call on another game: the outer game then fails with the same
 * status, and gd_last_error() keeps the inner words. */
static inline int gdi_nested_code(gd_status status) { return status >= 0 ? 0 : INT_MIN - status; }

static inline bool gdi_nested_is(int code) { return code <= INT_MIN - GDI_LEAST_STATUS; }

static inline gd_status gdi_nested_status(int code) { return INT_MIN - code; }

#endif
