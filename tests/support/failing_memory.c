/* SPDX-License-Identifier: BSD-3-Clause */
/* failing_memory.c -- aligned memory from the C library, counted, one allocation refused. */
#include "support/failing_memory.h"

#include "base/error.h"
#include "support/suite.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static void *allocate(void *context, size_t bytes) {
  failing_memory *memory = context;
  if (atomic_fetch_add(&memory->calls, 1) + 1 == memory->fail_at || bytes > SIZE_MAX / 4) return NULL;
  void *block = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!block) return NULL;
  atomic_fetch_add(&memory->live, 1);
  atomic_fetch_add(&memory->bytes, bytes);
  return block;
}

/* Check notes every assertion it sees, and a test may release a million blocks. */
static void release(void *context, void *block, size_t bytes) {
  failing_memory *memory = context;
  const bool known = atomic_fetch_sub(&memory->live, 1) > 0 && atomic_fetch_sub(&memory->bytes, bytes) >= bytes;
  if (!block || !known) ck_abort_msg("released %zu bytes at %p, which were not allocated so", bytes, block);
  free(block);
}

void failing_memory_init(failing_memory *memory, size_t fail_at) {
  *memory = (failing_memory){.fail_at = fail_at};
  memory->allocator = (gd_allocator){sizeof(gd_allocator), memory, allocate, release};
  memory->env = (gd_env){.struct_size = sizeof(gd_env), .allocator = &memory->allocator};
}

size_t refuse_each_allocation(memory_attempt *attempt, void *argument) {
  failing_memory memory;
  for (size_t k = 1;; k++) {
    failing_memory_init(&memory, k);
    gdi_fail(GD_ERR_MEMORY, "an older failure");
    const gd_status status = attempt(&memory.env, argument);
    ck_assert_msg(memory.live == 0 && memory.bytes == 0, "with allocation %zu refused, %zu blocks (%zu bytes) leaked",
                  k, (size_t)memory.live, (size_t)memory.bytes);
    if (memory.calls < k) {
      assert_ok(status);
      return k - 1;
    }
    assert_fails(status, GD_ERR_MEMORY, "memory");
  }
}
