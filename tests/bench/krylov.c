/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov.c -- six eigenvalues of a large sparse operator from products; peer_scipy.py asks ARPACK for the same ones.
 *
 * Row i has ten entries sin(13 i + 78 k) in columns scattered by a linear congruence, and 6 (i/n)^3 on the diagonal. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NONZEROS 10

typedef struct problem {
  size_t n;
  uint32_t *columns; /* [n by NONZEROS] */
  double *values;    /* the same */
  gd_which which;
  uint64_t products;
} problem;

static int apply(void *context, const double *u, double *out) {
  const problem *p = context;
  for (size_t i = 0; i < p->n; i++) {
    const double part = (double)i / (double)p->n;
    double sum = 6 * part * part * part * u[i];
    for (size_t k = i * NONZEROS; k < (i + 1) * NONZEROS; k++) sum += p->values[k] * u[p->columns[k]];
    out[i] = sum;
  }
  return 0;
}

static void fill(problem *p, size_t n) {
  p->n = n;
  p->columns = malloc(n * NONZEROS * sizeof *p->columns);
  p->values = malloc(n * NONZEROS * sizeof *p->values);
  if (!p->columns || !p->values) must(GD_ERR_MEMORY);
  for (size_t at = 0; at < n * NONZEROS; at++) {
    p->columns[at] = (uint32_t)(((at * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407)) >> 33) % n);
    p->values[at] = sin(13.0 * (double)(at / NONZEROS) + 78.0 * (double)(at % NONZEROS));
  }
}

static void solve(void *context) {
  problem *p = context;
  gd_operator *op;
  gd_spectrum *spectrum;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = p->which;
  options.max_products = 100000;
  must(gd_operator_create(&op, p->n, apply, NULL, p, NULL));
  must(gd_spectrum_compute(&spectrum, op, &options));
  p->products = gd_spectrum_products(spectrum);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
}

static void run(size_t n, gd_which which, const char *name) {
  char prefix[64];
  problem p = {.which = which};
  fill(&p, n);
  snprintf(prefix, sizeof prefix, "krylov.%zu.%s", n, name);
  const contender contenders[] = {{"library", solve, &p}};
  measure(prefix, ONCE, 1, contenders, 1);
  printf("%s.library_products\t%" PRIu64 "\n", prefix, p.products);
  free(p.columns), free(p.values);
}

int main(void) {
  for (size_t n = 10000; n <= 100000; n *= 10) {
    run(n, GD_LARGEST_REAL, "LR");
    run(n, GD_LARGEST_MODULUS, "LM");
  }
  return EXIT_SUCCESS;
}
