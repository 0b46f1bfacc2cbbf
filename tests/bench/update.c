/* SPDX-License-Identifier: BSD-3-Clause */
/* update.c -- the optimistic update alone, beside the calls to BLAS it replaces:
 *
 *     x += 2 h v;  x -= h previous;  previous = v      three passes
 *     x += h (2 v - previous), exchange pointers       one */
#include "measure.h"

#include "kernels/vector.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

#define TURNS 61
#define STEP_SIZE 1e-12

typedef struct problem {
  size_t n;
  double *x, *v, *previous;
} problem;

static void one_pass(void *context) {
  problem *p = context;
  gdi_vector_extrapolate(p->n, STEP_SIZE, 2, p->v, 1, p->previous, p->x);
  double *const v = p->v;
  p->v = p->previous;
  p->previous = v;
}

static void three_passes(void *context) {
  const problem *p = context;
  cblas_daxpy((int)p->n, 2 * STEP_SIZE, p->v, 1, p->x, 1);
  cblas_daxpy((int)p->n, -STEP_SIZE, p->previous, 1, p->x, 1);
  cblas_dcopy((int)p->n, p->v, 1, p->previous, 1);
}

int main(void) {
  for (size_t n = 1000; n <= 10000000; n *= 10) {
    problem p = {n, make_numbers(n, 1), make_numbers(n, 2), make_numbers(n, 3)};
    char prefix[40];
    snprintf(prefix, sizeof prefix, "update.%zu", n);
    const contender contenders[] = {{"one_pass", one_pass, &p}, {"blas", three_passes, &p}};
    measure(prefix, SETTLED, n < 10000000 ? TURNS : TURNS / 6, contenders, 2);
    free(p.x), free(p.v), free(p.previous);
  }
  return EXIT_SUCCESS;
}
