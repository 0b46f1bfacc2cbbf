/* SPDX-License-Identifier: BSD-3-Clause */
/* The consensus field, for the derived game and the method of that name. */
#ifndef GDI_DERIVE_CONSENSUS_H
#define GDI_DERIVE_CONSENSUS_H

#include <gamedyn/game.h>

/* field = v - gamma J'v at x; `pull` [n] ends as J'v, and all three are distinct.  On failure
 * `pull` and `field` hold anything. */
gd_status gdi_consensus_field(gd_game *game, double gamma, const double *x, double *pull, double *field);

#endif
