/* SPDX-License-Identifier: BSD-3-Clause */
/* What all derived games share: lanes on the base, parameters, and a game around them whose blocks,
 * feasible set and solution are the base's, unless it has its own. */
#ifndef GDI_DERIVE_DERIVED_H
#define GDI_DERIVE_DERIVED_H

#include "derive/handles.h"

/* What a callback was asked, for the function that answers it on a lane. */
typedef struct gdi_request {
  const void *params; /* of the derivation; filled in by gdi_derived_handle */
  size_t player;
  const double *x, *direction;
  double *answer;
} gdi_request;

typedef gd_status gdi_handler(const gdi_handle *lane, const gdi_request *asked);

/* What a callback of a derived game does: takes a lane at the draw, answers, and turns the status
 * into a code that the outer game turns back. */
int gdi_derived_handle(void *data, const gd_draw *draw, gdi_handler *how, gdi_request asked);

/* How a game is made from another. */
typedef struct gdi_derivation {
  const char *name; /* the game is called name(base) */
  const void *params;
  size_t params_size;
  gd_game_ops ops; /* gradient, and what else there is; the rest is filled in */
  gdi_handle_needs needs;
  uint32_t traits;
  bool without_solution; /* where the base stands still the derived game may not */
  bool corrects;         /* the field is v and a correction that vanishes with v: not on the edge of a feasible set */
  size_t block_factor;   /* how many times as large blocks are; 0: as large */
} gdi_derivation;

/* The derived game; `params` are copied. */
gd_status gdi_derive(gd_game **game, const gd_game *base, const gdi_derivation *how);

/* Products of an affine base are had, so that those of its derived game are exact. */
bool gdi_derived_is_affine(const gd_game *base);

#endif
