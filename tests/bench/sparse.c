/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse.c -- a product with a sparse Jacobian of a million entries, beside one with indices of 64 bits. */
#include "measure.h"

#include <gamedyn/sparse.h>
#include <stdlib.h>

enum { N = 200000, WIDTH = 5, COUNT = N * WIDTH };

typedef struct problem {
  gd_operator *op;
  size_t *first, *column; /* the same matrix as many keep it */
  double *value, *u, *out;
} problem;

static void library(void *context) {
  problem *p = context;
  must(gd_operator_apply(p->op, p->u, p->out));
}

static void plain(void *context) {
  problem *p = context;
  for (size_t i = 0; i < N; i++) {
    double sum = 0;
    for (size_t k = p->first[i]; k < p->first[i + 1]; k++) sum += p->value[k] * p->u[p->column[k]];
    p->out[i] = sum;
  }
}

/* Five entries a row: the diagonal and four at distances that do not stay in one line of cache. */
static void fill(problem *p) {
  static const size_t distances[WIDTH] = {0, 1, 7, 501, N - 3};
  double *numbers = make_numbers(COUNT, 1);
  gd_entry *entries = malloc(COUNT * sizeof *entries);
  gd_sparse *sparse = NULL;
  for (size_t k = 0; k < COUNT; k++)
    entries[k] = (gd_entry){k / WIDTH, (k / WIDTH + distances[k % WIDTH]) % N, numbers[k]};
  must(gd_sparse_create(&sparse, N, N, COUNT, entries, NULL));
  must(gd_operator_sparse(&p->op, sparse, NULL));
  p->first = malloc((N + 1) * sizeof *p->first);
  p->column = malloc(COUNT * sizeof *p->column);
  p->value = numbers;
  for (size_t k = 0; k < COUNT; k++) {
    p->column[k] = gd_sparse_entries(sparse)[k].column;
    p->value[k] = gd_sparse_entries(sparse)[k].value;
  }
  for (size_t i = 0; i <= N; i++) p->first[i] = i * WIDTH;
  p->u = make_numbers(N, 2);
  p->out = make_numbers(N, 3);
  gd_sparse_destroy(sparse);
  free(entries);
}

int main(void) {
  problem p = {0};
  fill(&p);
  const contender contenders[] = {{"library", library, &p}, {"plain", plain, &p}};
  measure("sparse.1000000", SETTLED, 20, contenders, 2);
  gd_operator_destroy(p.op);
  free(p.first), free(p.column), free(p.value), free(p.u), free(p.out);
}
