/* SPDX-License-Identifier: BSD-3-Clause */
/* matrices.c -- the test matrices, from their definitions. */
#include "support/matrices.h"

#include <gamedyn/rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void random_matrix(size_t n, double *A) {
  gd_rng rng = gd_rng_make(11, 0);
  gd_rng_fill_normal(&rng, n * n, A);
  for (size_t k = 0; k < n * n; k++) A[k] /= sqrt((double)n);
}

/* Gram-Schmidt, twice, on normal columns. */
void orthogonal_matrix(size_t n, uint64_t seed, double *Q) {
  gd_rng rng = gd_rng_make(seed, 0);
  gd_rng_fill_normal(&rng, n * n, Q);
  for (size_t j = 0; j < n; j++)
    for (int pass = 0; pass < 2; pass++) {
      double norm = 0;
      for (size_t k = 0; k < j; k++) {
        double dot = 0;
        for (size_t i = 0; i < n; i++) dot += Q[i + k * n] * Q[i + j * n];
        for (size_t i = 0; i < n; i++) Q[i + j * n] -= dot * Q[i + k * n];
      }
      for (size_t i = 0; i < n; i++) norm += Q[i + j * n] * Q[i + j * n];
      for (size_t i = 0; i < n; i++) Q[i + j * n] /= sqrt(norm);
    }
}

/* A <- Q A Q' */
static void turn(size_t n, double *A) {
  double *Q = calloc(2 * n * n, sizeof *Q), *QA = Q + n * n;
  orthogonal_matrix(n, 5, Q);
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < n; k++)
      for (size_t i = 0; i < n; i++) QA[i + j * n] += Q[i + k * n] * A[k + j * n];
  memset(A, 0, n * n * sizeof *A);
  for (size_t k = 0; k < n; k++)
    for (size_t j = 0; j < n; j++)
      for (size_t i = 0; i < n; i++) A[i + j * n] += QA[i + k * n] * Q[j + k * n];
  free(Q);
}

/* The k-th of n points spread evenly inside (-1, 1). */
static double spread(size_t k, size_t n) { return 2 * ((double)k + 0.5) / (double)n - 1; }

void clustered_matrix(size_t n, double *A) {
  random_matrix(n, A);
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) A[i + j * n] *= i < j ? 0.1 : 0;
    A[j + j * n] = j < 8 ? 2 + 1e-3 * spread(j, 8) : spread(j - 8, n - 8);
  }
  turn(n, A);
}

void grcar_matrix(size_t n, double *A) {
  memset(A, 0, n * n * sizeof *A);
  for (size_t j = 0; j < n; j++)
    for (size_t i = j > 3 ? j - 3 : 0; i <= j + 1 && i < n; i++) A[i + j * n] = i > j ? -1 : 1;
}

void kahan_matrix(size_t n, double *A) {
  const double c = 0.25, s = sqrt(1 - c * c);
  memset(A, 0, n * n * sizeof *A);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i <= j; i++) A[i + j * n] = pow(s, (double)i) * (i < j ? -c : 1);
}

void jordan_matrix(size_t n, double *A) {
  memset(A, 0, n * n * sizeof *A);
  for (size_t j = 0; j < n; j++) A[j + j * n] = j < 2 ? 3 : spread(j - 2, n - 2);
  A[n] = 1;
  turn(n, A);
}

void zero_sum_matrix(size_t n, double *A) {
  random_matrix(n, A);
  const size_t half = n / 2;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i <= j; i++) {
      const bool same = (i < half) == (j < half);
      A[j + i * n] = same ? 0 : -A[i + j * n];
      if (same) A[i + j * n] = 0;
      if (i == j) A[i + j * n] = -1 - 0.5 * spread(j, n);
    }
}

void symmetric_matrix(size_t n, double *A) {
  memset(A, 0, n * n * sizeof *A);
  for (size_t j = 0; j < n; j++) /* no two of one modulus, so that the largest are what they are to rounding, too */
    A[j + j * n] = sin(1.5707963267948966 * pow(spread(j, n), 3)) + 0.5 * spread(j, n) + 0.02;
  turn(n, A);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < j; i++) A[i + j * n] = A[j + i * n];
}
