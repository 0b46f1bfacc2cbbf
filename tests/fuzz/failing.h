/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory and the callbacks of a game that fail on demand, for the target of calls. */
#ifndef FUZZ_FAILING_H
#define FUZZ_FAILING_H

#include <gamedyn/game.h>
#include <math.h>
#include <string.h>

#include "fuzz/fuzz.h"

enum { N = 4 };

/* The allocation and the callback that are to fail, counted down; and whether they have. */
static struct {
  size_t allocations, callbacks;
  bool refused, aborted;
} fault;

static void *allocate(void *context, size_t bytes) {
  if (fault.allocations && --fault.allocations == 0) {
    fault.refused = true;
    return NULL;
  }
  const gd_allocator *allocator = fuzz_env()->allocator;
  return allocator->allocate(context, bytes);
}

static void release(void *context, void *memory, size_t bytes) {
  fuzz_env()->allocator->release(context, memory, bytes);
}

static const gd_allocator allocator = {sizeof allocator, NULL, allocate, release};
static const gd_env env = {.struct_size = sizeof env, .allocator = &allocator};

static int end(void) {
  if (!fault.callbacks || --fault.callbacks) return 0;
  fault.aborted = true;
  return -77;
}

/* v_k = sin(x_(k+1)) / 2 - x_k, cyclically; players with 1, 2 and 1 variables */
static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  for (size_t k = 0; k < N; k++) v[k] = sin(x[(k + 1) % N]) / 2 - x[k];
  return end();
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  double v[N];
  const int code = gradient(data, draw, x, v);
  memcpy(v_i, v + (player ? player + player - 1 : 0), (player == 1 ? 2 : 1) * sizeof *v);
  return code;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw;
  for (size_t k = 0; k < N; k++) Ju[k] = cos(x[(k + 1) % N]) / 2 * u[(k + 1) % N] - u[k];
  return end();
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  (void)data, (void)draw;
  for (size_t k = 0; k < N; k++) Jtw[k] = cos(x[k]) / 2 * w[(k + N - 1) % N] - w[k];
  return end();
}

/* Into a box. */
static int project(void *data, double *x) {
  (void)data;
  for (size_t k = 0; k < N; k++) x[k] = fmin(fmax(x[k], -2), 2);
  return end();
}

#endif
