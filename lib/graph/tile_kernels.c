/* SPDX-License-Identifier: BSD-3-Clause */
/* tile_kernels.c -- the loops.  The compiler vectorises most of them.  Exponentials come from special.h, eight at a
 * time; those of floats are computed in doubles.
 *
 * Sums over rows have LANES accumulators by row mod LANES, added in halves; sums over columns have four, by column, so
 * that no addition waits for the one before. */
#include "graph/tile_kernels.h"

#include "graph/checks.h"
#include "graph/scalar.h"
#include "kernels/simd.h"
#include "kernels/special.h"

/* Entries are independent of each other, although out may be a or b. */
#if defined(__clang__)
#define EACH_ENTRY for (size_t k = 0; k < n; k++)
#else
#define EACH_ENTRY _Pragma("GCC ivdep") for (size_t k = 0; k < n; k++)
#endif

#define TILE_KERNEL(name, expression)                                                                                  \
  static void name(size_t n, double p, const gdi_real *a, const gdi_real *b, gdi_real *out) {                          \
    const gdi_real q = (gdi_real)p;                                                                                    \
    (void)q, (void)a, (void)b;                                                                                         \
    EACH_ENTRY out[k] = (gdi_real)(expression);                                                                        \
  }

TILE_KERNEL(fill, q)
TILE_KERNEL(copy, a[k])
TILE_KERNEL(scale, q *a[k])
TILE_KERNEL(shift, a[k] + q)
TILE_KERNEL(step, a[k] > 0 ? 1 : q)
TILE_KERNEL(magnitude, fabs(a[k]))
TILE_KERNEL(nonnegative, a[k] >= 0 ? a[k] : (gdi_real)NAN)
TILE_KERNEL(ratio, b[k] == 0 ? 0 : a[k] / b[k] + (b[k] - b[k]))
TILE_KERNEL(square, a[k] * a[k])
TILE_KERNEL(root, sqrt(a[k]))
TILE_KERNEL(reciprocal, 1 / a[k])
TILE_KERNEL(sum, a[k] + b[k])
TILE_KERNEL(difference, a[k] - b[k])
TILE_KERNEL(product, a[k] * b[k])
TILE_KERNEL(logarithm, log(a[k]))
TILE_KERNEL(hyperbolic_tangent, tanh(a[k]))
TILE_KERNEL(power, pow(a[k], p))
TILE_KERNEL(softplus, gdi_scalar_softplus(a[k]))

/* a where b > 0, else p a, or 0 if it masks.  Without intrinsics the compiler would branch, to multiply only where
 * needed. */
LANES_INLINE void let_pass(size_t n, bool masks, gdi_real p, const gdi_real *a, const gdi_real *b, gdi_real *out) {
  const lanes slope = splat(p), zero = splat(0);
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) {
    const lanes x = load(a + k);
    store(out + k, choose(less(zero, load(b + k)), x, masks ? zero : multiply(slope, x)));
  }
  for (; k < n; k++) out[k] = b[k] > 0 ? a[k] : masks ? 0 : p * a[k];
}

static void gate(size_t n, double p, const gdi_real *a, const gdi_real *b, gdi_real *out) {
  const gdi_real q = (gdi_real)p;
  if (q == 0)
    let_pass(n, true, q, a, b, out);
  else
    let_pass(n, false, q, a, b, out);
}

static void rectify_all(size_t n, const gdi_real *a, gdi_real *out) {
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) store(out + k, rectify(load(a + k)));
  for (; k < n; k++) out[k] = a[k] < 0 ? 0 : a[k];
}

static void ramp(size_t n, double p, const gdi_real *a, const gdi_real *b, gdi_real *out) {
  const gdi_real q = (gdi_real)p;
  (void)b;
  if (q == 0)
    rectify_all(n, a, out);
  else
    let_pass(n, false, q, a, a, out);
}

enum { PART = 64 };

static size_t part_of(size_t n) { return n < PART ? n : PART; }

static void exponential(size_t n, double p, const gdi_real *a, const gdi_real *b, gdi_real *out) {
  (void)p, (void)b;
#if defined(GDI_SINGLE)
  double e[PART];
  for (size_t k = 0; k < n; k += PART) {
    const size_t part = part_of(n - k);
    for (size_t i = 0; i < part; i++) e[i] = (double)a[k + i];
    gdi_special_exp(part, e, e);
    for (size_t i = 0; i < part; i++) out[k + i] = (gdi_real)e[i];
  }
#else
  gdi_special_exp(n, a, out);
#endif
}

/* From e = e^-|a|: 1 / (1 + e), and e times that where a < 0. */
static void sigmoid(size_t n, double p, const gdi_real *a, const gdi_real *b, gdi_real *out) {
  double e[PART];
  (void)p, (void)b;
  for (size_t k = 0; k < n; k += PART) {
    const size_t part = part_of(n - k);
    for (size_t i = 0; i < part; i++) e[i] = -fabs((double)a[k + i]);
    gdi_special_exp(part, e, e);
    for (size_t i = 0; i < part; i++) {
      const double s = 1 / (1 + e[i]);
      out[k + i] = (gdi_real)(a[k + i] < 0 ? e[i] * s : s);
    }
  }
}

/* From e = e^(-2 |p a|): 4 e / (1 + e)^2, which keeps its relative precision as it goes to 0. */
static void squared_secant(size_t n, double p, const gdi_real *a, const gdi_real *b, gdi_real *out) {
  double e[PART];
  (void)b;
  for (size_t k = 0; k < n; k += PART) {
    const size_t part = part_of(n - k);
    for (size_t i = 0; i < part; i++) e[i] = -2 * fabs(p * (double)a[k + i]);
    gdi_special_exp(part, e, e);
    for (size_t i = 0; i < part; i++) out[k + i] = (gdi_real)(4 * e[i] / ((1 + e[i]) * (1 + e[i])));
  }
}

enum { AT_ONCE = 4 };

static gdi_real column_sum(size_t rows, const gdi_real *a) {
  lanes sums = splat(0);
  size_t i = 0;
  for (; i + LANES <= rows; i += LANES) sums = add(sums, load(a + i));
  gdi_real total = lane_sum(sums);
  for (; i < rows; i++) total += a[i];
  return total;
}

static void sum_rows(size_t rows, size_t columns, const gdi_real *a, gdi_real *out) {
  for (size_t j = 0; j < columns; j++) out[j] = column_sum(rows, a + j * rows);
}

/* The sums of LANES rows. */
static lanes row_sums(size_t columns, const gdi_real *a, size_t lda) {
  lanes sums[AT_ONCE] = {splat(0), splat(0), splat(0), splat(0)};
  size_t j = 0;
  for (; j + AT_ONCE <= columns; j += AT_ONCE)
    for (size_t c = 0; c < AT_ONCE; c++) sums[c] = add(sums[c], load(a + (j + c) * lda));
  for (; j < columns; j++) sums[0] = add(sums[0], load(a + j * lda));
  return add(add(sums[0], sums[1]), add(sums[2], sums[3]));
}

/* The same of one. */
static gdi_real row_sum(size_t columns, const gdi_real *a, size_t lda) {
  gdi_real sums[AT_ONCE] = {0};
  size_t j = 0;
  for (; j + AT_ONCE <= columns; j += AT_ONCE)
    for (size_t c = 0; c < AT_ONCE; c++) sums[c] += a[(j + c) * lda];
  for (; j < columns; j++) sums[0] += a[j * lda];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void sum_columns(size_t rows, size_t columns, const gdi_real *a, size_t lda, gdi_real *out) {
  if (lda == 1) {
    out[0] = column_sum(columns, a);
    return;
  }
  size_t i = 0;
  for (; i + LANES <= rows; i += LANES) store(out + i, row_sums(columns, a + i, lda));
  for (; i < rows; i++) out[i] = row_sum(columns, a + i, lda);
}

extern gdi_norm_rows GDI_FOR_CPU(GDI_REAL(gdi_norm_rows));
extern gdi_norm_columns GDI_FOR_CPU(GDI_REAL(gdi_norm_columns));

/* The number of n entries that violate the requirement, NaN included. */
#define UNFIT(name, fits)                                                                                              \
  static size_t name(size_t n, const gdi_real *a) {                                                                    \
    size_t unfit = 0;                                                                                                  \
    for (size_t k = 0; k < n; k++) unfit += !(fits);                                                                   \
    return unfit;                                                                                                      \
  }
UNFIT(not_positive, a[k] > 0)
UNFIT(negative, a[k] >= 0)
UNFIT(negative_or_infinite, a[k] >= 0 && a[k] - a[k] == 0)
UNFIT(zeros, a[k] != 0)

typedef size_t count_unfit(size_t n, const gdi_real *a);

static size_t first_unfit(size_t n, int requirement, const gdi_real *a) {
  static count_unfit *const counts[GDI_REQUIREMENTS] = {[GDI_POSITIVE] = not_positive,
                                                        [GDI_NOT_NEGATIVE] = negative,
                                                        [GDI_FINITE_NOT_NEGATIVE] = negative_or_infinite,
                                                        [GDI_NOT_ZERO] = zeros,
                                                        [GDI_NO_KINK] = zeros};
  if (requirement == GDI_ANYTHING || counts[requirement](n, a) == 0) return 0;
  size_t k = 0;
  while (counts[requirement](1, a + k) == 0) k++;
  return k + 1;
}

const gdi_tile_kernels GDI_FOR_CPU(GDI_REAL(gdi_tile_kernels)) = {
    .of = {[GDI_FILL] = fill,
           [GDI_WIDEN] = copy,
           [GDI_DETACH] = copy,
           [GDI_SAME] = copy,
           [GDI_SCALE] = scale,
           [GDI_SHIFT] = shift,
           [GDI_EXP] = exponential,
           [GDI_LOG] = logarithm,
           [GDI_TANH] = hyperbolic_tangent,
           [GDI_SECH2] = squared_secant,
           [GDI_SIGMOID] = sigmoid,
           [GDI_SOFTPLUS] = softplus,
           [GDI_RAMP] = ramp,
           [GDI_STEP] = step,
           [GDI_SQUARE] = square,
           [GDI_SQRT] = root,
           [GDI_POWER] = power,
           [GDI_RECIPROCAL] = reciprocal,
           [GDI_ABSOLUTE] = magnitude,
           [GDI_NONNEGATIVE] = nonnegative,
           [GDI_ADD] = sum,
           [GDI_SUBTRACT] = difference,
           [GDI_MULTIPLY] = product,
           [GDI_RATIO] = ratio,
           [GDI_CHECKED] = copy,
           [GDI_GATE] = gate},
    .sum_rows = sum_rows,
    .sum_columns = sum_columns,
    .first_unfit = first_unfit,
    .norm_rows = GDI_FOR_CPU(GDI_REAL(gdi_norm_rows)),
    .norm_columns = GDI_FOR_CPU(GDI_REAL(gdi_norm_columns)),
};
