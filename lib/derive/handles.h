/* SPDX-License-Identifier: BSD-3-Clause */
/* Handles on a base game with scratch beside them, so that one derived game can be evaluated on several threads.  A
 * callback takes a handle for as long as it runs. */
#ifndef GDI_DERIVE_HANDLES_H
#define GDI_DERIVE_HANDLES_H

#include "base/memory.h"
#include "threads/pool.h"

#include <gamedyn/derivation.h>

typedef struct gdi_handle {
  gdi_pooled pooled;
  gd_derived at;
} gdi_handle;

typedef struct gdi_handles {
  gdi_pool pool;
  const gdi_env *env;
  gd_game *pattern; /* never evaluated, so that it can be duplicated at any time */
  uint32_t needs;   /* as in gd_game_prepare() */
  size_t scratch, points;
  const void *params;
} gdi_handles;

/* Make the first handle as the plan asks; `env` and `params` must live as long.  After a failure gdi_handles_close() is
 * due as after success. */
gd_status gdi_handles_open(gdi_handles *handles, const gdi_env *env, const gd_game *base,
                           const gd_derivation_plan *plan, const void *params);
void gdi_handles_close(gdi_handles *handles);

/* A handle at this draw (NULL: exact). */
gd_status gdi_handles_take(gdi_handles *handles, const gd_draw *draw, gdi_handle **handle);
void gdi_handles_return(gdi_handles *handles, gdi_handle *handle);

#endif
