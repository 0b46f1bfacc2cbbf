/* SPDX-License-Identifier: BSD-3-Clause */
/* tasks.c -- runs each task once, whatever the executor does, and reports failures on the calling thread.
 *
 * The thread that sets a task's bit runs the task.  The bits are on the stack.  If there are more tasks than bits,
 * neighbouring tasks share a bit and run in order. */
#include "threads/tasks.h"

#include "base/error.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

enum { WORDS = 32, WORD_BITS = 64, MOST_SHARES = WORDS * WORD_BITS };

typedef struct tasks {
  gdi_task *task;
  void *argument;
  size_t count, length, shares; /* tasks, tasks in a share, shares */
  atomic_size_t done;           /* shares */
  atomic_flag failing;          /* held while the rest is changed */
  size_t failed;                /* the lowest task that failed; SIZE_MAX: none */
  gd_status status;
  char words[512];
  atomic_uint_fast64_t begun[WORDS];
} tasks;

static void note_failure(tasks *own, size_t k, gd_status status) {
  while (atomic_flag_test_and_set_explicit(&own->failing, memory_order_acquire)) continue;
  if (k < own->failed) {
    own->failed = k;
    own->status = status;
    snprintf(own->words, sizeof own->words, "%s", gd_last_error());
  }
  atomic_flag_clear_explicit(&own->failing, memory_order_release);
}

static gd_status run_some(tasks *own, size_t first, size_t last) {
  for (size_t k = first; k < last; k++) {
    const gd_status status = own->task(own->argument, k);
    if (status < 0) {
      note_failure(own, k, status);
      return status;
    }
  }
  return GD_OK;
}

static int run_share(void *argument, size_t share) {
  tasks *own = argument;
  if (share >= own->shares) return 0;
  const uint_fast64_t bit = (uint_fast64_t)1 << share % WORD_BITS;
  if (atomic_fetch_or_explicit(&own->begun[share / WORD_BITS], bit, memory_order_relaxed) & bit) return 0;
  const size_t first = share * own->length, rest = own->count - first;
  const gd_status status = run_some(own, first, first + (rest < own->length ? rest : own->length));
  atomic_fetch_add_explicit(&own->done, 1, memory_order_release);
  return status;
}

gd_status gdi_tasks_run(const gdi_env *env, size_t count, gdi_task *task, void *argument) {
  tasks own = {.task = task, .argument = argument, .count = count, .failing = ATOMIC_FLAG_INIT, .failed = SIZE_MAX};
  if (!env->executor.run_all) return run_some(&own, 0, count);
  own.length = count / MOST_SHARES + (count % MOST_SHARES > 0);
  own.shares = count ? count / own.length + (count % own.length > 0) : 0;
  const uint64_t before = gdi_failures();
  const int code = env->executor.run_all(env->executor.context, own.shares, run_share, &own);
  const size_t done = atomic_load_explicit(&own.done, memory_order_acquire);
  if (own.failed != SIZE_MAX) return gdi_fail(own.status, "%s", own.words);
  if (code) return gdi_callback_code(before, code < 0 ? code : INT_MIN, "executor->run_all returned %d", code);
  if (done < own.shares) return gdi_fail(GD_ERR_CALLBACK, "executor->run_all ran %zu of %zu tasks", done, own.shares);
  return GD_OK;
}
