/* SPDX-License-Identifier: BSD-3-Clause */
/* exponential.c -- scaling and squaring (Moler & Van Loan 2003, method 3), with a Taylor polynomial.
 *
 *     exp(X) = (exp(X / 2^s))^(2^s),   a(X / 2^s) <= 1/2,   a(X) = min(|X|, max(|X^4|^(1/4), |X^5|^(1/5)))
 *
 * where 15 terms leave at most 2^-15 / 15! < 3e-17, because |X^k| <= a^k from k = 12 on (Al-Mohy & Higham 2009, Theorem
 * 4.2).  If X has large entries far from its diagonal, a is much smaller than |X|, and so s is smaller: each additional
 * squaring costs digits of small entries.
 *
 * If X is quasi-triangular, as LAPACK's Schur forms are, so are its exponential and all squares on the way.  At each
 * squaring the diagonal blocks are replaced by their exact value:
 *
 *     exp(t [[a, b], [c, a]]) = e^(ta) [[cos tw, b sin(tw) / w], [c sin(tw) / w, cos tw]],   w = sqrt(-b c), b c <
 * 0. */
#include "dense/exponential.h"

#include "dense/algebra.h"

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

/* a(X) */
static double reach(size_t n, const double *X, double *power, double *room) {
  multiply(n, X, X, room);
  multiply(n, room, room, power);
  const double fourth = one_norm(n, power);
  multiply(n, X, power, room);
  const double least = fmax(pow(fourth, 0.25), pow(one_norm(n, room), 0.2));
  return fmin(one_norm(n, X), isfinite(least) ? least : INFINITY);
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

static double entry(size_t n, const double *A, size_t i, size_t j) { return A[i + j * n]; }

/* A 2 by 2 block [[a, b], [c, a]], b c < 0, from row k on. */
static bool is_pair(size_t n, const double *A, size_t k) {
  return k + 1 < n && entry(n, A, k + 1, k) != 0 && entry(n, A, k, k) == entry(n, A, k + 1, k + 1) &&
         (entry(n, A, k + 1, k) > 0) != (entry(n, A, k, k + 1) > 0);
}

bool gdi_matrix_is_quasi_triangular(size_t n, const double *A) {
  for (size_t j = 0; j < n; j++)
    for (size_t i = j + 1; i < n; i++)
      if (entry(n, A, i, j) != 0 && (i > j + 1 || !is_pair(n, A, j) || (j > 0 && entry(n, A, j, j - 1) != 0)))
        return false;
  return true;
}

void gdi_exponential_blocks(size_t n, double t, const double *A, double *E) {
  for (size_t k = 0; k < n; k++) {
    const double size = exp(t * entry(n, A, k, k));
    E[k + k * n] = size;
    if (!is_pair(n, A, k)) continue;
    const double above = entry(n, A, k, k + 1), below = entry(n, A, k + 1, k);
    const double turn = sqrt(fabs(above)) * sqrt(fabs(below)), sine = size * sin(t * turn) / turn;
    E[k + k * n] = E[k + 1 + (k + 1) * n] = size * cos(t * turn);
    E[k + (k + 1) * n] = above * sine;
    E[k + 1 + k * n] = below * sine;
    k++;
  }
}

gd_status gdi_matrix_exponential(const gdi_env *env, size_t n, double scale, const double *A, double *E) {
  int squarings = 0;
  double *X = gdi_allocate(env, gdi_times(n, n), sizeof *X), *room = gdi_allocate(env, gdi_times(n, n), sizeof *room);
  const gd_status status = X && room ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    const bool blocks = gdi_matrix_is_quasi_triangular(n, A);
    for (size_t k = 0; k < n * n; k++) X[k] = scale * A[k];
    frexp(2 * reach(n, X, E, room), &squarings); /* a(X) is below 2^squarings / 2 */
    if (squarings < 0) squarings = 0;
    for (size_t k = 0; k < n * n; k++) X[k] = ldexp(X[k], -squarings);
    taylor(n, X, E, room);
    if (blocks) gdi_exponential_blocks(n, ldexp(scale, -squarings), A, E);
    for (; squarings > 0; squarings--) {
      multiply(n, E, E, room);
      memcpy(E, room, n * n * sizeof *E);
      if (blocks) gdi_exponential_blocks(n, ldexp(scale, 1 - squarings), A, E);
    }
  }
  gdi_release(env, room);
  gdi_release(env, X);
  return status;
}
