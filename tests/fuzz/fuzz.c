/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz.c -- what every fuzz target shares. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 64 << 20 };

static size_t allocated;

void fuzz_broken(const char *file, int line, const char *condition) {
  fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
  abort();
}

const char *fuzz_file(const uint8_t *bytes, size_t count) {
  static int descriptor = -1;
  static char path[64];
  if (descriptor < 0) descriptor = memfd_create("fuzz", MFD_CLOEXEC);
  FUZZ_CHECK(descriptor >= 0 && ftruncate(descriptor, 0) == 0);
  FUZZ_CHECK(pwrite(descriptor, bytes, count, 0) == (ssize_t)count);
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  return path;
}

static void *allocate(void *context, size_t bytes) {
  (void)context;
  if (bytes > MOST - allocated) return NULL;
  void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64 * (bytes == 0));
  if (memory) allocated += bytes;
  return memory;
}

static void release(void *context, void *memory, size_t bytes) {
  (void)context;
  if (memory) allocated -= bytes;
  free(memory);
}

const gd_env *fuzz_env(void) {
  static const gd_allocator allocator = {sizeof allocator, NULL, allocate, release};
  static const gd_env env = {.struct_size = sizeof env, .allocator = &allocator};
  return &env;
}

size_t fuzz_allocated(void) { return allocated; }
