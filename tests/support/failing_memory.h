/* SPDX-License-Identifier: BSD-3-Clause */
/* An environment whose k-th allocation fails, and which knows what was not given back. */
#ifndef TEST_FAILING_MEMORY_H
#define TEST_FAILING_MEMORY_H

#include <gamedyn/env.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct failing_memory {
  size_t calls;   /* allocations asked for so far */
  size_t fail_at; /* the one that fails, counted from 1; 0: none does */
  size_t live;    /* blocks not given back */
  gd_allocator allocator;
  gd_env env; /* to be handed to the library; must not move */
} failing_memory;

static inline void *failing_memory_allocate(void *context, size_t bytes) {
  failing_memory *memory = context;
  if (++memory->calls == memory->fail_at || bytes > SIZE_MAX / 4) return NULL;
  memory->live++;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static inline void failing_memory_release(void *context, void *block, size_t bytes) {
  failing_memory *memory = context;
  (void)bytes;
  memory->live--;
  free(block);
}

static inline void failing_memory_init(failing_memory *memory, size_t fail_at) {
  *memory = (failing_memory){.fail_at = fail_at};
  memory->allocator = (gd_allocator){.struct_size = sizeof memory->allocator,
                                     .context = memory,
                                     .allocate = failing_memory_allocate,
                                     .release = failing_memory_release};
  memory->env = (gd_env){.struct_size = sizeof memory->env, .allocator = &memory->allocator};
}

#endif
