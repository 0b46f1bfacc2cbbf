/* SPDX-License-Identifier: BSD-3-Clause */
/* exponential.c -- scaling and squaring (Moler & Van Loan 2003, method 3), with a Taylor polynomial.
 *
 *     exp(X) = (exp(X / 2^s))^(2^s),   |X / 2^s|_1 <= 1/2,
 *
 * where 15 terms leave 2^-15 / 15! < 3e-17. */
#include "base/exponential.h"

#include "base/dense.h"

#include <math.h>
#include <string.h>

#define DEGREE 14

static double one_norm(size_t n, const double *A) {
  double largest = 0;
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += fabs(A[i + j * n]);
    largest = fmax(largest, sum);
  }
  return largest;
}

static void multiply(size_t n, const double *A, const double *B, double *out) {
  const gdi_product product = {.rows = n, .columns = n, .inner = n, .A = A, .lda = n, .B = B, .ldb = n};
  gdi_matrix_product(&product, out, n);
}

static void add_identity(size_t n, double *A) {
  for (size_t k = 0; k < n; k++) A[k + k * n] += 1;
}

/* E = I + X (I + X/2 (I + X/3 (...))), innermost first. */
static void taylor(size_t n, const double *X, double *E, double *room) {
  memset(E, 0, n * n * sizeof *E);
  add_identity(n, E);
  for (int term = DEGREE; term >= 1; term--) {
    multiply(n, X, E, room);
    for (size_t k = 0; k < n * n; k++) E[k] = room[k] / term;
    add_identity(n, E);
  }
}

gd_status gdi_matrix_exponential(const gdi_env *env, size_t n, double scale, const double *A, double *E) {
  int squarings = 0;
  double *X = gdi_allocate(env, gdi_times(n, n), sizeof *X), *room = gdi_allocate(env, gdi_times(n, n), sizeof *room);
  const gd_status status = X && room ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    frexp(2 * fabs(scale) * one_norm(n, A), &squarings); /* the norm is below 2^squarings / 2 */
    if (squarings < 0) squarings = 0;
    for (size_t k = 0; k < n * n; k++) X[k] = ldexp(scale * A[k], -squarings);
    taylor(n, X, E, room);
    for (; squarings > 0; squarings--) {
      multiply(n, E, E, room);
      memcpy(E, room, n * n * sizeof *E);
    }
  }
  gdi_release(env, room);
  gdi_release(env, X);
  return status;
}
