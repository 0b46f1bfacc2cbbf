/* SPDX-License-Identifier: BSD-3-Clause */
/* vector_kernels.c -- the loops of vector.h, compiled once for each kind of CPU.
 *
 * Sums of n >= 16 terms: term k goes to accumulator (k / 8) mod 4, lane k mod 8; the
 * accumulators are added pairwise, then the lanes in halves, then the n mod 8 last terms one
 * by one.  Shorter sums run term by term. */
#include "base/lanes.h"
#include "base/vector.h"

#include <string.h>

#define SHORT 16 /* below this the lanes cost more than they save */
#define ACCUMULATORS 4

static inline double total(const lanes sums[ACCUMULATORS]) {
  return lane_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

static double dot(size_t n, const double *a, const double *b) {
  double sum = 0;
  size_t k = 0;
  if (n >= SHORT) {
    lanes sums[ACCUMULATORS] = {0};
    for (; k + ACCUMULATORS * LANES <= n; k += ACCUMULATORS * LANES)
      for (size_t j = 0; j < ACCUMULATORS; j++) sums[j] += load(a + k + j * LANES) * load(b + k + j * LANES);
    for (size_t j = 0; k + LANES <= n; k += LANES, j++) sums[j] += load(a + k) * load(b + k);
    sum = total(sums);
  }
  for (; k < n; k++) sum += a[k] * b[k];
  return sum;
}

static double norm_squared(size_t n, const double *x) { return dot(n, x, x); }

static inline lanes squared_difference(const double *a, const double *b) {
  const lanes difference = load(a) - load(b);
  return difference * difference;
}

static double distance_squared(size_t n, const double *a, const double *b) {
  double sum = 0;
  size_t k = 0;
  if (n >= SHORT) {
    lanes sums[ACCUMULATORS] = {0};
    for (; k + ACCUMULATORS * LANES <= n; k += ACCUMULATORS * LANES)
      for (size_t j = 0; j < ACCUMULATORS; j++) sums[j] += squared_difference(a + k + j * LANES, b + k + j * LANES);
    for (size_t j = 0; k + LANES <= n; k += LANES, j++) sums[j] += squared_difference(a + k, b + k);
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

static inline lane_bits overflow_bits(lanes x) { return ((lane_bits)x & MAGNITUDE) + EXPONENT_ONE; }

static inline uint64_t overflow_bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bits & MAGNITUDE) + EXPONENT_ONE;
}

static inline bool any_sign(lane_bits bits) {
  uint64_t either = 0;
  for (size_t lane = 0; lane < LANES; lane++) either |= bits[lane];
  return either >> 63;
}

static size_t first_nonfinite(size_t n, const double *x) {
  const size_t block = 8 * LANES;
  size_t k = 0;
  for (; k + block <= n; k += block) {
    lane_bits bits = {0};
    for (size_t j = 0; j < block; j += LANES) bits |= overflow_bits(load(x + k + j));
    if (any_sign(bits)) break;
  }
  while (k < n && !(overflow_bits_of(x[k]) >> 63)) k++;
  return k;
}

static void move(size_t n, double h, const double *from, const double *direction, double *to) {
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) store(to + k, load(from + k) + h * load(direction + k));
  for (; k < n; k++) to[k] = from[k] + h * direction[k];
}

static void optimistic(size_t n, double h, const double weights[2], const double *v, const double *previous,
                       double *x) {
  const double a = weights[0], b = weights[1];
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) store(x + k, load(x + k) + h * (a * load(v + k) - b * load(previous + k)));
  for (; k < n; k++) x[k] += h * (a * v[k] - b * previous[k]);
}

static gdi_vector_change change(size_t n, const double *x, const double *old, double *kept) {
  double norm = 0, distance = 0;
  uint64_t last_bits = 0;
  lane_bits bits = {0};
  size_t k = 0;
  if (n >= SHORT) {
    lanes norms[2] = {0}, distances[2] = {0};
    for (size_t j = 0; k + LANES <= n; k += LANES, j ^= 1) {
      const lanes now = load(x + k), moved = now - load(old + k);
      norms[j] += now * now;
      distances[j] += moved * moved;
      bits |= overflow_bits(now);
      store(kept + k, now);
    }
    norm = lane_sum(norms[0] + norms[1]);
    distance = lane_sum(distances[0] + distances[1]);
  }
  for (; k < n; k++) {
    norm += x[k] * x[k];
    distance += (x[k] - old[k]) * (x[k] - old[k]);
    last_bits |= overflow_bits_of(x[k]);
    kept[k] = x[k];
  }
  return (gdi_vector_change){norm, distance, !any_sign(bits) && !(last_bits >> 63)};
}

const gdi_vector_kernels GDI_FOR_CPU(gdi_vector_kernels) = {
    dot, norm_squared, distance_squared, first_nonfinite, move, optimistic, change,
};
