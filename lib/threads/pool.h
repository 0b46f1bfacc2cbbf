/* SPDX-License-Identifier: BSD-3-Clause */
/* Pools: items that threads take for as long as they work, and give back.  An item is made when all are taken, and kept
 * from then on. */
#ifndef GDI_THREADS_POOL_H
#define GDI_THREADS_POOL_H

#include <gamedyn/status.h>
#include <pthread.h>

/* The first member of an item. */
typedef struct gdi_pooled {
  struct gdi_pooled *next;
} gdi_pooled;

typedef gd_status gdi_pool_create(void *context, gdi_pooled **item);
typedef void gdi_pool_destroy(void *context, gdi_pooled *item);

typedef struct gdi_pool {
  gdi_pool_create *create; /* may run on several threads at once */
  gdi_pool_destroy *destroy;
  void *context;
  pthread_mutex_t lock;
  gdi_pooled *idle;
} gdi_pool;

/* An empty pool.  It must not move. */
void gdi_pool_open(gdi_pool *pool, gdi_pool_create *create, gdi_pool_destroy *destroy, void *context);

/* Make the first item, so that what is lacking is known before any work. */
gd_status gdi_pool_fill(gdi_pool *pool);

/* Destroy the idle items; nobody may have one. */
void gdi_pool_close(gdi_pool *pool);

gd_status gdi_pool_take(gdi_pool *pool, gdi_pooled **item);
void gdi_pool_return(gdi_pool *pool, gdi_pooled *item);

#endif
