/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- the most memory that six eigenvalues of an operator of ten million variables take at a time, in vectors
 * of that length, counted by the allocator. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <stdio.h>
#include <stdlib.h>

#define N ((size_t)10000000)
#define SUBSPACE 20

/* Six of the eigenvalues stand apart: 7, 6, ..., 2 above the rest in [0, 1]. */
static int apply(void *context, const double *u, double *out) {
  (void)context;
  for (size_t k = 0; k < N; k++) out[k] = (k < 6 ? (double)(7 - k) : (double)k / (double)N) * u[k];
  return 0;
}

int main(void) {
  meter m;
  start_meter(&m);
  gd_operator *op;
  gd_spectrum *spectrum;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_REAL;
  options.subspace = SUBSPACE;
  must(gd_operator_create(&op, N, apply, NULL, NULL, &m.env));
  must(gd_spectrum_compute(&spectrum, op, &options));
  printf("memory.%zu.library_vectors\t%.4f\n", N, (double)m.most / (double)(N * sizeof(double)));
  printf("memory.%zu.allowed_vectors\t%d\n", N, SUBSPACE + 4);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return EXIT_SUCCESS;
}
