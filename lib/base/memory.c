/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- the caller's environment, copied; memory from its allocator.
 *
 * Each block begins with a 64-byte head that holds its size.  So releasing needs no size, and the alignment of 64 bytes
 * is kept. */
#include "base/memory.h"

#include "base/error.h"
#include "base/first_sizes.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HEAD 64
#define HUGE_PAGE ((size_t)2 << 20)
#define LARGE (2 * HUGE_PAGE) /* matrices: fewer pages to look up while they are swept */

static void *system_allocate(void *context, size_t bytes) {
  (void)context;
  const size_t unit = bytes < LARGE ? HEAD : HUGE_PAGE;
  void *memory = bytes <= SIZE_MAX / 2 ? aligned_alloc(unit, (bytes + unit - 1) / unit * unit) : NULL;
#if defined(MADV_HUGEPAGE)
  if (memory && bytes >= LARGE) madvise(memory, bytes, MADV_HUGEPAGE); /* advice: nothing depends on it */
#endif
  return memory;
}

static void system_release(void *context, void *memory, size_t bytes) {
  (void)context, (void)bytes;
  free(memory);
}

static const gd_allocator system_allocator = {sizeof(gd_allocator), NULL, system_allocate, system_release};

static gd_status check_list(const char *name, const void *tables, size_t count) {
  const void *const *list = tables;
  GDI_REQUIRE(list || count == 0, "gd_catalog: %s is NULL, but n_%s is %zu", name, name, count);
  for (size_t k = 0; k < count; k++) GDI_REQUIRE(list[k], "gd_catalog: %s[%zu] is NULL", name, k);
  return GD_OK;
}

static gd_status copy_catalog(gdi_env *own, const gd_catalog *catalog) {
  if (!catalog) return GD_OK;
  gd_catalog *known = &own->catalog;
  GD_TRY(GDI_SIZED_READ(gd_catalog, known, catalog));
  GD_TRY(check_list("methods", known->methods, known->n_methods));
  GD_TRY(check_list("models", known->models, known->n_models));
  GD_TRY(check_list("derivations", known->derivations, known->n_derivations));
  own->env.catalog = known;
  return GD_OK;
}

static gd_status copy_tables(gdi_env *own, const gd_env *env) {
  if (env->allocator) {
    GD_TRY(GDI_SIZED_READ(gd_allocator, &own->allocator, env->allocator));
    GDI_REQUIRE(own->allocator.allocate && own->allocator.release,
                "gd_allocator: allocate and release must both be set");
  }
  if (env->logger) {
    GD_TRY(GDI_SIZED_READ(gd_logger, &own->logger, env->logger));
    GDI_REQUIRE(own->logger.message, "gd_logger: message must be set");
    own->env.logger = &own->logger;
  }
  if (env->comm) {
    GD_TRY(GDI_SIZED_READ(gd_comm, &own->comm, env->comm));
    GDI_REQUIRE(own->comm.reduce && own->comm.rank >= 0 && own->comm.rank < own->comm.size,
                "gd_comm: reduce must be set and 0 <= rank < size");
    own->env.comm = &own->comm;
  }
  if (env->executor) {
    GD_TRY(GDI_SIZED_READ(gd_executor, &own->executor, env->executor));
    GDI_REQUIRE(own->executor.run_all, "gd_executor: run_all must be set");
    own->env.executor = &own->executor;
  }
  return copy_catalog(own, env->catalog);
}

gd_status gdi_env_copy(gdi_env *own, const gd_env *env) {
  memset(own, 0, sizeof *own);
  own->allocator = system_allocator;
  if (env) {
    gd_env known = {0};
    GD_TRY(GDI_SIZED_READ(gd_env, &known, env));
    GD_TRY(copy_tables(own, &known));
  }
  own->env.struct_size = sizeof own->env;
  own->env.allocator = &own->allocator;
  return GD_OK;
}

gd_catalog gdi_env_catalog(const gd_env *env) {
  gdi_env own;
  return gdi_env_copy(&own, env) == GD_OK ? own.catalog : (gd_catalog){0};
}

void *gdi_allocate(const gdi_env *env, size_t count, size_t size) {
  size_t bytes;
  unsigned char *block = NULL;
  if (!__builtin_mul_overflow(count, size, &bytes) && bytes <= SIZE_MAX / 2)
    block = env->allocator.allocate(env->allocator.context, bytes + HEAD);
  if (!block) {
    gdi_fail(GD_ERR_MEMORY, "out of memory: %zu objects of %zu bytes", count, size);
    return NULL;
  }
  memset(block, 0, bytes + HEAD);
  memcpy(block, &bytes, sizeof bytes);
  return block + HEAD;
}

void gdi_release(const gdi_env *env, void *memory) {
  if (!memory) return;
  unsigned char *block = (unsigned char *)memory - HEAD;
  size_t bytes;
  memcpy(&bytes, block, sizeof bytes);
  env->allocator.release(env->allocator.context, block, bytes + HEAD);
}

void *gdi_create(const gd_env *env, size_t size, size_t env_offset, gd_status *status) {
  gdi_env own;
  *status = gdi_env_copy(&own, env);
  if (*status < 0) return NULL;
  char *object = gdi_allocate(&own, 1, size);
  if (!object) {
    *status = GD_ERR_MEMORY;
    return NULL;
  }
  *status = gdi_env_copy((gdi_env *)(void *)(object + env_offset), env);
  return object;
}

void gdi_destroy(void *object, size_t env_offset) {
  if (!object) return;
  /* the tables' contexts stay valid after the object's own memory is gone */
  const gdi_env *env = (const gdi_env *)(void *)((char *)object + env_offset);
  const gdi_env last = *env;
  gdi_release(&last, object);
}

void gdi_log(const gdi_env *env, gd_log_level level, const char *format, ...) {
  if (!env->logger.message || level > env->logger.level) return;
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  env->logger.message(env->logger.context, level, text);
}
