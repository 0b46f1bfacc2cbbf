/* SPDX-License-Identifier: BSD-3-Clause */
/* handles.c -- a pool of handles on the base. */
#include "derive/handles.h"

#include "game/many.h"

static void destroy_handle(void *context, gdi_pooled *pooled) {
  const gdi_handles *handles = context;
  gdi_handle *handle = (gdi_handle *)pooled;
  gd_game_destroy(handle->at.base);
  gdi_release(handles->env, handle->at.scratch);
  gdi_release(handles->env, handle);
}

static gd_status fill_handle(const gdi_handles *handles, gd_derived *at) {
  at->params = handles->params;
  GD_TRY(gd_game_dup(&at->base, handles->pattern));
  GD_TRY(gd_game_prepare(at->base, handles->needs));
  if (handles->points) GD_TRY(gdi_game_prepare_many(at->base, handles->points));
  if (!handles->scratch) return GD_OK;
  at->scratch = gdi_allocate(handles->env, handles->scratch, sizeof *at->scratch);
  return at->scratch ? GD_OK : GD_ERR_MEMORY;
}

static gd_status create_handle(void *context, gdi_pooled **created) {
  gdi_handles *handles = context;
  gdi_handle *handle = gdi_allocate(handles->env, 1, sizeof *handle);
  if (!handle) return GD_ERR_MEMORY;
  const gd_status status = fill_handle(handles, &handle->at);
  if (status == GD_OK)
    *created = &handle->pooled;
  else
    destroy_handle(handles, &handle->pooled);
  return status;
}

gd_status gdi_handles_open(gdi_handles *handles, const gdi_env *env, const gd_game *base,
                           const gd_derivation_plan *plan, const void *params) {
  *handles = (gdi_handles){
      .env = env, .needs = plan->needs, .scratch = plan->scratch, .points = plan->points, .params = params};
  gdi_pool_open(&handles->pool, create_handle, destroy_handle, handles);
  GD_TRY(gd_game_dup(&handles->pattern, base));
  return gdi_pool_fill(&handles->pool);
}

void gdi_handles_close(gdi_handles *handles) {
  if (!handles->env) return; /* never opened */
  gdi_pool_close(&handles->pool);
  gd_game_destroy(handles->pattern);
}

gd_status gdi_handles_take(gdi_handles *handles, const gd_draw *draw, gdi_handle **taken) {
  gdi_pooled *pooled;
  GD_TRY(gdi_pool_take(&handles->pool, &pooled));
  *taken = (gdi_handle *)pooled;
  gd_game_set_draw((*taken)->at.base, draw);
  return GD_OK;
}

void gdi_handles_return(gdi_handles *handles, gdi_handle *handle) { gdi_pool_return(&handles->pool, &handle->pooled); }
