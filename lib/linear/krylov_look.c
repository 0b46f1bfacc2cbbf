/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov_look.c -- Ritz values of a Krylov decomposition, harmonic ones too, and their residuals. */
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "linear/krylov.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* If |g| exceeds this, tau is itself a Ritz value, and harmonic extraction is skipped for one cycle. */
#define LARGEST_SHIFT 1e8

/* b_j, of the block's vector l */
static double spike_entry(const gdi_krylov *k, size_t j, size_t l) { return k->H[k->size + l + j * (k->m + k->width)]; }

/* g of harmonic extraction, or zeros. */
static void find_shift(gdi_krylov *k) {
  const size_t s = k->size, ld = k->schur.capacity;
  double *room = k->schur.X;
  for (size_t j = 0; j < s; j++) {
    memcpy(room + j * ld, k->H + j * (k->m + k->width), s * sizeof *room);
    room[j + j * ld] -= k->options->target_re;
    k->shift[j] = spike_entry(k, j, 0);
  }
  const bool solved = gdi_lu_factor(s, room, ld, k->pivots) == GD_OK;
  if (solved) gdi_lu_solve(true, s, room, ld, k->pivots, k->shift);
  k->shifted = solved ? hypot(1, gdi_vector_norm(s, k->shift)) : INFINITY;
  if (k->shifted <= LARGEST_SHIFT) return;
  memset(k->shift, 0, s * sizeof *k->shift);
  k->shifted = 1;
}

gd_status gdi_krylov_factor(gdi_krylov *k, bool symmetric) {
  const size_t s = k->size, ld = k->schur.capacity;
  for (size_t j = 0; j < s; j++) {
    double *column = k->schur.T + j * ld;
    memcpy(column, k->H + j * (k->m + k->width), s * sizeof *column);
    gdi_vector_axpy(s, spike_entry(k, j, 0), k->shift, column);
  }
  return gdi_schur_factor(&k->schur, s, symmetric);
}

void gdi_krylov_find_spike(gdi_krylov *k, size_t kept) {
  for (size_t l = 0; l < k->width; l++)
    for (size_t i = 0; i < kept; i++) {
      double sum = 0;
      for (size_t j = 0; j < k->size; j++) sum += k->schur.Q[j + i * k->schur.capacity] * spike_entry(k, j, l);
      k->spike[i + l * k->m] = fabs(sum) > DBL_EPSILON * k->largest ? sum : 0;
    }
}

/* |b'x| of a vector of T, or of the real and imaginary part of one. */
static double spike_norm(const gdi_krylov *k, size_t count, const double *x, bool pair) {
  double norm = 0;
  for (size_t l = 0; l < k->width; l++) {
    norm = hypot(norm, gdi_vector_dot(count, k->spike + l * k->m, x));
    if (pair) norm = hypot(norm, gdi_vector_dot(count, k->spike + l * k->m, x + k->schur.capacity));
  }
  return norm;
}

void gdi_krylov_estimate(gdi_krylov *k, size_t count) {
  gdi_schur_vectors(&k->schur, count);
  for (size_t i = 0; i < count; i++) {
    const bool pair = k->schur.im[i] != 0 && i + 1 < count;
    k->estimate[i] = k->shifted * spike_norm(k, count, k->schur.X + i * k->schur.capacity, pair);
    if (pair) k->estimate[i + 1] = k->estimate[i];
    i += pair;
  }
}

double gdi_krylov_goal(const gdi_krylov *k, size_t i) {
  return fmax(k->options->tolerance * hypot(k->schur.re[i], k->schur.im[i]), 16 * DBL_EPSILON * k->largest);
}

gd_status gdi_krylov_look(gdi_krylov *k) {
  const bool harmonic = k->options->which == GD_CLOSEST;
  if (harmonic) find_shift(k);
  GD_TRY(gdi_krylov_factor(k, k->options->symmetric && !harmonic));
  gdi_krylov_find_spike(k, k->size);
  gdi_krylov_estimate(k, k->size);
  k->n_units = gdi_order_units(k->size, k->schur.re, k->schur.im, k->options, k->units);
  return GD_OK;
}
