/* SPDX-License-Identifier: BSD-3-Clause */
/* norm_kernels.c -- Euclidean norms of columns and of rows: roots of sums of squares.
 *
 * A sum of squares between LEAST and MOST is exact to rounding: terms that underflowed are negligible, and nothing
 * overflowed.  Other sums are computed again, with numbers scaled by a power of two. */
#include "graph/tile_kernels.h"
#include "kernels/simd.h"

#include <float.h>
#include <math.h>

#if defined(GDI_SINGLE)
#define LEAST 0x1p-80f
#define MOST FLT_MAX
#else
#define LEAST 0x1p-900
#define MOST DBL_MAX
#endif

enum { AT_ONCE = 4 };

/* Of n numbers, `stride` apart. */
static __attribute__((cold, noinline)) gdi_real scaled_norm(size_t n, const gdi_real *a, size_t stride) {
  double most = 0, sum = 0;
  for (size_t k = 0; k < n; k++) {
    const double size = fabs((double)a[k * stride]);
    if (isnan(size)) return a[k * stride];
    if (size > most) most = size;
  }
  if (most == 0 || isinf(most)) return (gdi_real)most;
  const int exponent = ilogb(most);
  for (size_t k = 0; k < n; k++) {
    const double scaled = ldexp((double)a[k * stride], -exponent);
    sum += scaled * scaled;
  }
  return (gdi_real)ldexp(sqrt(sum), exponent);
}

static inline gdi_real root(gdi_real squares, size_t n, const gdi_real *a, size_t stride) {
  return squares >= LEAST && squares <= MOST ? (gdi_real)sqrt(squares) : scaled_norm(n, a, stride);
}

static gdi_real squares_of(size_t n, const gdi_real *a) {
  lanes sums = splat(0);
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) sums = add(sums, multiply(load(a + k), load(a + k)));
  gdi_real total = lane_sum(sums);
  for (; k < n; k++) total += a[k] * a[k];
  return total;
}

extern gdi_norm_rows GDI_FOR_CPU(GDI_REAL(gdi_norm_rows));
extern gdi_norm_columns GDI_FOR_CPU(GDI_REAL(gdi_norm_columns));

void GDI_FOR_CPU(GDI_REAL(gdi_norm_rows))(size_t rows, size_t columns, const gdi_real *a, gdi_real *out) {
  for (size_t j = 0; j < columns; j++) out[j] = root(squares_of(rows, a + j * rows), rows, a + j * rows, 1);
}

/* The sums of squares of LANES rows. */
static lanes squares_of_rows(size_t columns, const gdi_real *a, size_t lda) {
  lanes sums[AT_ONCE] = {splat(0), splat(0), splat(0), splat(0)};
  for (size_t j = 0; j < columns; j++) {
    const lanes entries = load(a + j * lda);
    sums[j % AT_ONCE] = add(sums[j % AT_ONCE], multiply(entries, entries));
  }
  return add(add(sums[0], sums[1]), add(sums[2], sums[3]));
}

/* The same of one. */
static gdi_real squares_of_row(size_t columns, const gdi_real *a, size_t lda) {
  gdi_real sums[AT_ONCE] = {0};
  for (size_t j = 0; j < columns; j++) sums[j % AT_ONCE] += a[j * lda] * a[j * lda];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void GDI_FOR_CPU(GDI_REAL(gdi_norm_columns))(size_t rows, size_t columns, const gdi_real *a, size_t lda,
                                             gdi_real *out) {
  size_t i = 0;
  for (; i + LANES <= rows; i += LANES) store(out + i, squares_of_rows(columns, a + i, lda));
  for (; i < rows; i++) out[i] = squares_of_row(columns, a + i, lda);
  for (i = 0; i < rows; i++) out[i] = root(out[i], columns, a + i, lda);
}
