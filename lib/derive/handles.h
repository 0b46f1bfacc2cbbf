/* SPDX-License-Identifier: BSD-3-Clause */
/* Lanes: handles on a base game with scratch beside them, so that one derived game can be
 * evaluated on several threads.  A callback takes a lane for as long as it runs; a lane is made
 * when all are taken, and kept from then on. */
#ifndef GDI_DERIVE_HANDLES_H
#define GDI_DERIVE_HANDLES_H

#include <gamedyn/game.h>

#include "base/memory.h"

#include <pthread.h>
#include <stdbool.h>

typedef struct gdi_handle {
  gd_game *base;
  double *scratch; /* [n by vectors], n apart */
  struct gdi_handle *next;
} gdi_handle;

/* What each lane has ready. */
typedef struct gdi_handle_needs {
  uint32_t quantities; /* as in gd_game_prepare */
  size_t vectors;      /* of scratch */
  size_t many;         /* points whose gradients are taken at once; 0: never */
} gdi_handle_needs;

typedef struct gdi_handles {
  const gdi_env *env;
  gd_game *pattern; /* never evaluated, so that it can be duplicated at any time */
  gdi_handle_needs needs;
  pthread_mutex_t lock;
  gdi_handle *idle;
} gdi_handles;

/* Make the first lane.  `env` must live as long.  After a failure gdi_handles_close() is due as
 * after success. */
gd_status gdi_handles_open(gdi_handles *lanes, const gdi_env *env, const gd_game *base, gdi_handle_needs needs);
void gdi_handles_close(gdi_handles *lanes);

/* A lane at this draw (NULL: exact). */
gd_status gdi_handles_take(gdi_handles *lanes, const gd_draw *draw, gdi_handle **lane);
void gdi_handles_return(gdi_handles *lanes, gdi_handle *lane);

#endif
