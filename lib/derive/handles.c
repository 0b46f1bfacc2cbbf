/* SPDX-License-Identifier: BSD-3-Clause */
/* lanes.c -- a list of idle handles behind a lock. */
#include "derive/handles.h"

#include "game/many.h"

static void destroy_lane(gdi_handles *lanes, gdi_handle *lane) {
  gd_game_destroy(lane->base);
  gdi_release(lanes->env, lane->scratch);
  gdi_release(lanes->env, lane);
}

static gd_status create_lane(gdi_handles *lanes, gdi_handle **created) {
  gdi_handle *lane = gdi_allocate(lanes->env, 1, sizeof *lane);
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

gd_status gdi_handles_open(gdi_handles *lanes, const gdi_env *env, const gd_game *base, gdi_handle_needs needs) {
  *lanes = (gdi_handles){.env = env, .needs = needs};
  pthread_mutex_init(&lanes->lock, NULL); /* cannot fail without attributes */
  GD_TRY(gd_game_dup(&lanes->pattern, base));
  return create_lane(lanes, &lanes->idle);
}

void gdi_handles_close(gdi_handles *lanes) {
  while (lanes->idle) {
    gdi_handle *lane = lanes->idle;
    lanes->idle = lane->next;
    destroy_lane(lanes, lane);
  }
  gd_game_destroy(lanes->pattern);
  pthread_mutex_destroy(&lanes->lock);
}

gd_status gdi_handles_take(gdi_handles *lanes, const gd_draw *draw, gdi_handle **taken) {
  pthread_mutex_lock(&lanes->lock);
  gdi_handle *lane = lanes->idle;
  if (lane) lanes->idle = lane->next;
  pthread_mutex_unlock(&lanes->lock);
  if (!lane) GD_TRY(create_lane(lanes, &lane));
  gd_game_set_draw(lane->base, draw);
  *taken = lane;
  return GD_OK;
}

void gdi_handles_return(gdi_handles *lanes, gdi_handle *lane) {
  pthread_mutex_lock(&lanes->lock);
  lane->next = lanes->idle;
  lanes->idle = lane;
  pthread_mutex_unlock(&lanes->lock);
}
