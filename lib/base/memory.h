/* SPDX-License-Identifier: BSD-3-Clause */
/* Environment and memory: a private copy of the caller's gd_env, and allocation through it. */
#ifndef GDI_BASE_MEMORY_H
#define GDI_BASE_MEMORY_H

#include "base/sizes.h"

#include <gamedyn/catalog.h>
#include <gamedyn/env.h>
#include <stddef.h>

/* A self-contained copy: `env` is what public functions take, and points at the members after
 * it (or is NULL there), so it must not be copied by assignment. */
typedef struct gdi_env {
  gd_env env;
  gd_allocator allocator; /* always usable */
  gd_logger logger;
  gd_comm comm;
  gd_executor executor;
  gd_catalog catalog; /* empty if the caller gave none */
} gdi_env;

/* Copy and check an environment; NULL gives the defaults. */
gd_status gdi_env_copy(gdi_env *own, const gd_env *env);

/* The caller's catalogue, empty if there is none or the environment cannot be read. */
gd_catalog gdi_env_catalog(const gd_env *env);

/* Zeroed memory for count objects of `size` bytes, aligned to 64; NULL (and a message) when there is none or the
 * product overflows; so that nothing wraps before, `count` is made of gdi_times() and gdi_plus().  Zero bytes give a
 * valid pointer. */
void *gdi_allocate(const gdi_env *env, size_t count, size_t size);
/* Release memory from gdi_allocate(); NULL is a no-op. */
void gdi_release(const gdi_env *env, void *memory);

/* For objects that own their environment: allocate from the caller's env before the copy exists. */
void *gdi_create(const gd_env *env, size_t size, size_t env_offset, gd_status *status);
/* Release such an object: its env is inside it. */
void gdi_destroy(void *object, size_t env_offset);

/* Send a message to the logger if it wants that level. */
void gdi_log(const gdi_env *env, gd_log_level level, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
