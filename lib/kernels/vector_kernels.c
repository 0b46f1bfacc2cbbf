/* SPDX-License-Identifier: BSD-3-Clause */
/* vector_kernels.c -- the loops of vector.h, compiled once for each kind of CPU.
 *
 * Sums of n >= 16 terms: term k goes to accumulator (k / 8) mod 4, lane k mod 8; the
 * accumulators are added pairwise, then the lanes in halves, then the n mod 8 last terms one
 * by one.  Shorter sums run term by term.  (change() has two accumulators, and n mod 16 last
 * terms.) */
#include "kernels/simd.h"
#include "kernels/vector.h"

#include <string.h>

#define SHORT 16 /* below this the lanes cost more than they save */
#define ACCUMULATORS 4
#define EACH_ACCUMULATOR _Pragma("GCC unroll 4") for (size_t j = 0; j < ACCUMULATORS; j++)

LANES_INLINE double total(const lanes sums[ACCUMULATORS]) {
  return lane_sum(add(add(sums[0], sums[1]), add(sums[2], sums[3])));
}

LANES_INLINE lanes product_sum(lanes sum, const double *a, const double *b) {
  return add(sum, multiply(load(a), load(b)));
}

static double dot(size_t n, const double *a, const double *b) {
  double sum = 0;
  size_t k = 0;
  if (n >= SHORT) {
    lanes sums[ACCUMULATORS] = {0};
    for (; k + ACCUMULATORS * LANES <= n; k += ACCUMULATORS * LANES)
      EACH_ACCUMULATOR sums[j] = product_sum(sums[j], a + k + j * LANES, b + k + j * LANES);
    EACH_ACCUMULATOR if (k + LANES <= n) {
      sums[j] = product_sum(sums[j], a + k, b + k);
      k += LANES;
    }
    sum = total(sums);
  }
  for (; k < n; k++) sum += a[k] * b[k];
  return sum;
}

static double norm_squared(size_t n, const double *x) { return dot(n, x, x); }

LANES_INLINE lanes distance_sum(lanes sum, const double *a, const double *b) {
  const lanes difference = subtract(load(a), load(b));
  return add(sum, multiply(difference, difference));
}

static double distance_squared(size_t n, const double *a, const double *b) {
  double sum = 0;
  size_t k = 0;
  if (n >= SHORT) {
    lanes sums[ACCUMULATORS] = {0};
    for (; k + ACCUMULATORS * LANES <= n; k += ACCUMULATORS * LANES)
      EACH_ACCUMULATOR sums[j] = distance_sum(sums[j], a + k + j * LANES, b + k + j * LANES);
    EACH_ACCUMULATOR if (k + LANES <= n) {
      sums[j] = distance_sum(sums[j], a + k, b + k);
      k += LANES;
    }
    sum = total(sums);
  }
  for (; k < n; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

/* A double is infinite or NaN when its exponent bits are all ones: then, the sign cleared, one
 * more at the exponent's last place carries into the sign.  So the sign of the OR over many
 * entries tells whether any is. */
#define MAGNITUDE (~UINT64_C(0) >> 1)
#define EXPONENT_ONE (UINT64_C(1) << 52)

LANES_INLINE lane_bits gather_overflow(lane_bits bits, lanes x) {
  EACH_REGISTER bits.part[r] |= ((vector_bits)x.part[r] & MAGNITUDE) + EXPONENT_ONE;
  return bits;
}

LANES_INLINE bool any_overflow(lane_bits bits) {
  uint64_t either = 0;
  EACH_REGISTER for (size_t lane = 0; lane < REGISTER_LANES; lane++) either |= bits.part[r][lane];
  return either >> 63;
}

static inline uint64_t overflow_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bits & MAGNITUDE) + EXPONENT_ONE;
}

/* Looks at everything at once, then for the place only if there is one: 0 x is 0, or NaN if x is infinite or NaN. */
static size_t first_nonfinite(size_t n, const double *x) {
  lanes sums[ACCUMULATORS] = {0};
  double last = 0;
  size_t k = 0;
  for (; k + ACCUMULATORS * LANES <= n; k += ACCUMULATORS * LANES)
    EACH_ACCUMULATOR sums[j] = add(sums[j], multiply(splat(0), load(x + k + j * LANES)));
  for (; k + LANES <= n; k += LANES) sums[0] = add(sums[0], multiply(splat(0), load(x + k)));
  for (; k < n; k++) last += 0 * x[k];
  if (last == 0 && (n < LANES || total(sums) == 0)) return n;
  for (k = 0; isfinite(x[k]);) k++;
  return k;
}

static void move(size_t n, double h, const double *from, const double *direction, double *to) {
  const lanes step = splat(h);
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) store(to + k, add(load(from + k), multiply(step, load(direction + k))));
  for (; k < n; k++) to[k] = from[k] + h * direction[k];
}

static void optimistic(size_t n, double h, const double weights[2], const double *v, const double *previous,
                       double *x) {
  const double a = h * weights[0], b = -h * weights[1];
  const lanes as = splat(a), bs = splat(b);
  size_t k = 0;
  for (; k + LANES <= n; k += LANES)
    store(x + k, multiply_add(bs, load(previous + k), multiply_add(as, load(v + k), load(x + k))));
  for (; k < n; k++) x[k] = fma(b, previous[k], fma(a, v[k], x[k]));
}

typedef struct change_sums {
  lanes norm, distance;
} change_sums;

LANES_INLINE change_sums change_step(change_sums sums, lanes now, lanes old) {
  const lanes moved = subtract(now, old);
  return (change_sums){add(sums.norm, multiply(now, now)), add(sums.distance, multiply(moved, moved))};
}

static gdi_vector_change change(size_t n, const double *x, const double *old, double *kept) {
  double norm = 0, distance = 0;
  uint64_t last_bits = 0;
  lane_bits bits = {0};
  size_t k = 0;
  if (n >= SHORT) {
    change_sums even = {0}, odd = {0};
    for (; k + 2 * LANES <= n; k += 2 * LANES) {
      const lanes first = load(x + k), second = load(x + k + LANES);
      even = change_step(even, first, load(old + k));
      odd = change_step(odd, second, load(old + k + LANES));
      bits = gather_overflow(gather_overflow(bits, first), second);
      store(kept + k, first);
      store(kept + k + LANES, second);
    }
    norm = lane_sum(add(even.norm, odd.norm));
    distance = lane_sum(add(even.distance, odd.distance));
  }
  for (; k < n; k++) {
    norm += x[k] * x[k];
    distance += (x[k] - old[k]) * (x[k] - old[k]);
    last_bits |= overflow_bits(x[k]);
    kept[k] = x[k];
  }
  return (gdi_vector_change){norm, distance, !any_overflow(bits) && !(last_bits >> 63)};
}

/* Term k of each of the four sums goes to lane k mod 8, the n mod 8 last terms one by one. */
static void four_dots(size_t n, const double *columns, size_t ld, const double *v, double *dots) {
  lanes sums[4] = {0};
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) {
    const lanes with = load(v + k);
    _Pragma("GCC unroll 4") for (size_t j = 0; j < 4; j++) sums[j] =
        add(sums[j], multiply(load(columns + k + j * ld), with));
  }
  for (size_t j = 0; j < 4; j++) {
    dots[j] = lane_sum(sums[j]);
    for (size_t i = k; i < n; i++) dots[j] += columns[i + j * ld] * v[i];
  }
}

static void add_four(size_t n, const double *columns, size_t ld, const double *weights, double *z) {
  const lanes weight[4] = {splat(weights[0]), splat(weights[1]), splat(weights[2]), splat(weights[3])};
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) {
    lanes sum = load(z + k);
    _Pragma("GCC unroll 4") for (size_t j = 0; j < 4; j++) sum =
        add(sum, multiply(weight[j], load(columns + k + j * ld)));
    store(z + k, sum);
  }
  for (; k < n; k++)
    for (size_t j = 0; j < 4; j++) z[k] += weights[j] * columns[k + j * ld];
}

const gdi_vector_kernels GDI_FOR_CPU(gdi_vector_kernels) = {
    dot, norm_squared, distance_squared, first_nonfinite, move, optimistic, change, four_dots, add_four,
};
