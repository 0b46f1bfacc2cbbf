/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- the most memory that six eigenvalues of an operator of ten million variables take at a time, in vectors
 * of that length, counted by the allocator. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <stdio.h>
#include <stdlib.h>

#define N ((size_t)10000000)
#define SUBSPACE 20

typedef struct meter {
  size_t now, most;
} meter;

static void *allocate(void *context, size_t bytes) {
  meter *m = context;
  m->now += bytes;
  if (m->now > m->most) m->most = m->now;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void release(void *context, void *memory, size_t bytes) {
  meter *m = context;
  m->now -= bytes;
  free(memory);
}

/* Six of the eigenvalues stand apart: 7, 6, ..., 2 above the rest in [0, 1]. */
static int apply(void *context, const double *u, double *out) {
  (void)context;
  for (size_t k = 0; k < N; k++) out[k] = (k < 6 ? (double)(7 - k) : (double)k / (double)N) * u[k];
  return 0;
}

int main(void) {
  meter m = {0};
  const gd_allocator allocator = {sizeof allocator, &m, allocate, release};
  const gd_env env = {.struct_size = sizeof env, .allocator = &allocator};
  gd_operator *op;
  gd_spectrum *spectrum;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_REAL;
  options.subspace = SUBSPACE;
  must(gd_operator_create(&op, N, apply, NULL, NULL, &env));
  must(gd_spectrum_compute(&spectrum, op, &options));
  printf("memory.%zu.library_vectors\t%.4f\n", N, (double)m.most / (double)(N * sizeof(double)));
  printf("memory.%zu.allowed_vectors\t%d\n", N, SUBSPACE + 4);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return EXIT_SUCCESS;
}
