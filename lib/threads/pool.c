/* SPDX-License-Identifier: BSD-3-Clause */
/* pool.c -- a list of idle items behind a lock. */
#include "threads/pool.h"

void gdi_pool_open(gdi_pool *pool, gdi_pool_create *create, gdi_pool_destroy *destroy, void *context) {
  *pool = (gdi_pool){.create = create, .destroy = destroy, .context = context};
  pthread_mutex_init(&pool->lock, NULL); /* cannot fail without attributes */
}

gd_status gdi_pool_fill(gdi_pool *pool) { return pool->create(pool->context, &pool->idle); }

void gdi_pool_close(gdi_pool *pool) {
  while (pool->idle) {
    gdi_pooled *item = pool->idle;
    pool->idle = item->next;
    pool->destroy(pool->context, item);
  }
  pthread_mutex_destroy(&pool->lock);
}

gd_status gdi_pool_take(gdi_pool *pool, gdi_pooled **item) {
  pthread_mutex_lock(&pool->lock);
  gdi_pooled *idle = pool->idle;
  if (idle) pool->idle = idle->next;
  pthread_mutex_unlock(&pool->lock);
  if (!idle) return pool->create(pool->context, item);
  *item = idle;
  return GD_OK;
}

void gdi_pool_return(gdi_pool *pool, gdi_pooled *item) {
  pthread_mutex_lock(&pool->lock);
  item->next = pool->idle;
  pool->idle = item;
  pthread_mutex_unlock(&pool->lock);
}
