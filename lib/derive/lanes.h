/* SPDX-License-Identifier: BSD-3-Clause */
/* Lanes: handles on a base game with scratch beside them, so that one derived game can be
 * evaluated on several threads.  A callback takes a lane for as long as it runs; a lane is made
 * when all are taken, and kept from then on. */
#ifndef GDI_DERIVE_LANES_H
#define GDI_DERIVE_LANES_H

#include <gamedyn/game.h>

#include "base/memory.h"

#include <pthread.h>
#include <stdbool.h>

typedef struct gdi_lane {
  gd_game *base;
  double *scratch; /* [n by vectors], n apart */
  struct gdi_lane *next;
} gdi_lane;

/* What each lane has ready. */
typedef struct gdi_lane_needs {
  uint32_t quantities; /* as in gd_game_prepare */
  size_t vectors;      /* of scratch */
  size_t many;         /* points whose gradients are taken at once; 0: never */
} gdi_lane_needs;

typedef struct gdi_lanes {
  const gdi_env *env;
  gd_game *pattern; /* never evaluated, so that it can be duplicated at any time */
  gdi_lane_needs needs;
  pthread_mutex_t lock;
  gdi_lane *idle;
} gdi_lanes;

/* Make the first lane.  `env` must live as long.  After a failure gdi_lanes_close() is due as
 * after success. */
gd_status gdi_lanes_open(gdi_lanes *lanes, const gdi_env *env, const gd_game *base, gdi_lane_needs needs);
void gdi_lanes_close(gdi_lanes *lanes);

/* A lane at this draw (NULL: exact). */
gd_status gdi_lanes_take(gdi_lanes *lanes, const gd_draw *draw, gdi_lane **lane);
void gdi_lanes_return(gdi_lanes *lanes, gdi_lane *lane);

#endif
