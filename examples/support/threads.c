/* SPDX-License-Identifier: BSD-3-Clause */
/* threads.c -- the library's pool of threads, as an environment. */
#include "support/threads.h"

#include <unistd.h>

#include "support/die.h"

void threads_start(worker_threads *threads, uint64_t count) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (count == 0) count = processors > 0 ? (uint64_t)processors : 1;
  must_for("--threads", gd_thread_pool_create(&threads->pool, (size_t)count));
  threads->executor = gd_thread_pool_executor(threads->pool);
  threads->env = (gd_env){.struct_size = sizeof threads->env, .executor = &threads->executor};
}

void threads_stop(worker_threads *threads) { gd_thread_pool_destroy(threads->pool); }
