/* SPDX-License-Identifier: BSD-3-Clause */
/* lanes.c -- a list of idle handles behind a lock. */
#include "derive/lanes.h"

#include "game/many.h"

static void destroy_lane(gdi_lanes *lanes, gdi_lane *lane) {
  gd_game_destroy(lane->base);
  gdi_release(lanes->env, lane->scratch);
  gdi_release(lanes->env, lane);
}

static gd_status create_lane(gdi_lanes *lanes, gdi_lane **created) {
  gdi_lane *lane = gdi_allocate(lanes->env, 1, sizeof *lane);
  if (!lane) return GD_ERR_MEMORY;
  gd_status status = gd_game_dup(&lane->base, lanes->pattern);
  if (status == GD_OK) status = gd_game_prepare(lane->base, lanes->needs.quantities);
  if (status == GD_OK && lanes->needs.many) status = gdi_game_prepare_many(lane->base, lanes->needs.many);
  if (status == GD_OK) {
    lane->scratch = gdi_allocate(lanes->env, gd_game_size(lane->base), lanes->needs.vectors * sizeof *lane->scratch);
    if (!lane->scratch) status = GD_ERR_MEMORY;
  }
  if (status == GD_OK)
    *created = lane;
  else
    destroy_lane(lanes, lane);
  return status;
}

gd_status gdi_lanes_open(gdi_lanes *lanes, const gdi_env *env, const gd_game *base, gdi_lane_needs needs) {
  *lanes = (gdi_lanes){.env = env, .needs = needs};
  pthread_mutex_init(&lanes->lock, NULL); /* cannot fail without attributes */
  GD_TRY(gd_game_dup(&lanes->pattern, base));
  return create_lane(lanes, &lanes->idle);
}

void gdi_lanes_close(gdi_lanes *lanes) {
  while (lanes->idle) {
    gdi_lane *lane = lanes->idle;
    lanes->idle = lane->next;
    destroy_lane(lanes, lane);
  }
  gd_game_destroy(lanes->pattern);
  pthread_mutex_destroy(&lanes->lock);
}

gd_status gdi_lanes_take(gdi_lanes *lanes, const gd_draw *draw, gdi_lane **taken) {
  pthread_mutex_lock(&lanes->lock);
  gdi_lane *lane = lanes->idle;
  if (lane) lanes->idle = lane->next;
  pthread_mutex_unlock(&lanes->lock);
  if (!lane) GD_TRY(create_lane(lanes, &lane));
  gd_game_set_draw(lane->base, draw);
  *taken = lane;
  return GD_OK;
}

void gdi_lanes_return(gdi_lanes *lanes, gdi_lane *lane) {
  pthread_mutex_lock(&lanes->lock);
  lane->next = lanes->idle;
  lanes->idle = lane;
  pthread_mutex_unlock(&lanes->lock);
}
