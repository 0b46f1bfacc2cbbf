/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.c -- triangular systems solved at the speed of reading the factors.
 *
 *     L y = P b,   U x = y
 *
 * Eight unknowns are computed at a time, from a small triangle.  Then their eight columns are subtracted from the other
 * equations in one pass, as in one half of a sweep.  This comes closer to the bandwidth of memory than dtrsv
 * (docs/performance.md).  Columns are padded like those of a sweep, so whole lanes can be read everywhere. */
#include "dense/factors.h"

#include "dense/algebra.h"
#include "kernels/gemv_pair.h"

#define TOGETHER 8

gd_status gdi_factors_create(gdi_factors *factors, const gdi_env *env, size_t n) {
  *factors = (gdi_factors){.env = env, .n = n, .stride = gdi_gemv_pair_stride(n)};
  factors->entries = gdi_allocate(env, n + TOGETHER, factors->stride * sizeof *factors->entries);
  factors->pivots = gdi_allocate(env, n, sizeof *factors->pivots);
  return factors->entries && factors->pivots ? GD_OK : GD_ERR_MEMORY;
}

void gdi_factors_destroy(gdi_factors *factors) {
  if (!factors->env) return;
  gdi_release(factors->env, factors->pivots);
  gdi_release(factors->env, factors->entries);
}

gd_status gdi_factors_compute(gdi_factors *factors) {
  return gdi_lu_factor(factors->n, factors->entries, factors->stride, factors->pivots);
}

static void exchange_rows(const gdi_factors *f, double *b) {
  for (size_t k = 0; k < f->n; k++) {
    const size_t other = (size_t)f->pivots[k] - 1;
    const double kept = b[k];
    b[k] = b[other];
    b[other] = kept;
  }
}

/* Subtract the terms of `count` known unknowns, from `column` on, from `rows` right-hand sides y, from equation `row`
 * on. */
static void eliminate(const gdi_factors *f, size_t row, size_t rows, size_t column, size_t count, double *b) {
  const gdi_gemv_pair_block block = {rows, count, f->stride, f->entries + row + column * f->stride};
  const gdi_gemv_pair_vectors vectors = {.forward = -1, .w = b + column, .y = b + row};
  if (rows > 0) gdi_gemv_pair_run_block(&block, &vectors);
}

/* L has ones on its diagonal, which are not stored. */
static void solve_lower(const gdi_factors *f, double *b) {
  for (size_t start = 0; start < f->n; start += TOGETHER) {
    const size_t end = start + TOGETHER < f->n ? start + TOGETHER : f->n;
    for (size_t j = start; j < end; j++)
      for (size_t i = j + 1; i < end; i++) b[i] -= f->entries[i + j * f->stride] * b[j];
    eliminate(f, end, f->n - end, start, end - start, b);
  }
}

static void solve_upper(const gdi_factors *f, double *b) {
  for (size_t end = f->n, start; end > 0; end = start) {
    start = (end - 1) / TOGETHER * TOGETHER;
    for (size_t j = end; j-- > start;) {
      b[j] /= f->entries[j + j * f->stride];
      for (size_t i = start; i < j; i++) b[i] -= f->entries[i + j * f->stride] * b[j];
    }
    eliminate(f, 0, start, start, end - start, b);
  }
}

void gdi_factors_solve(const gdi_factors *factors, double *b) {
  exchange_rows(factors, b);
  solve_lower(factors, b);
  solve_upper(factors, b);
}
