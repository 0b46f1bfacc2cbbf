/* SPDX-License-Identifier: BSD-3-Clause */
/* scale_kernels.c -- the loops of scale.h, compiled once for each kind of CPU.  The n mod 8 last entries are computed
 * in eight lanes, too, of which the others are zeros. */
#include "kernels/scale.h"
#include "kernels/simd.h"

LANES_INLINE lanes read(size_t count, const double *from) {
  if (count == LANES) return load(from);
  double all[LANES] = {0};
  for (size_t k = 0; k < count; k++) all[k] = from[k];
  return load(all);
}

LANES_INLINE void write(size_t count, double *to, lanes a) {
  if (count == LANES) {
    store(to, a);
    return;
  }
  double all[LANES];
  store(all, a);
  for (size_t k = 0; k < count; k++) to[k] = all[k];
}

LANES_INLINE void deliver(size_t count, size_t k, const gdi_scale_target *to, lanes result) {
  if (to->x)
    write(count, to->x + k, add(read(count, to->x + k), multiply(splat(to->h), result)));
  else
    write(count, to->out + k, result);
}

static inline size_t count_at(size_t k, size_t n) { return n - k < LANES ? n - k : LANES; }

/* decay m + weight x */
LANES_INLINE lanes mix(double decay, lanes m, double weight, lanes x) {
  return add(multiply(splat(decay), m), multiply(splat(weight), x));
}

/* The mean square: the weight times d comes first, then times d. */
LANES_INLINE lanes mix_square(double decay, lanes v, lanes d) {
  return add(multiply(splat(decay), v), multiply(multiply(splat(1 - decay), d), d));
}

LANES_INLINE lanes adam_quotient(const gdi_adam_numbers *p, lanes mean, lanes square) {
  return divide(multiply(splat(p->factor), mean), add(square_root(square), splat(p->offset)));
}

static void adam(const gdi_adam_numbers *p, size_t n, const double *d, const double *const before[2],
                 double *const after[2], gdi_scale_target to) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t count = count_at(k, n);
    const lanes at = read(count, d + k);
    const lanes mean = mix(p->mean_decay, read(count, before[0] + k), 1 - p->mean_decay, at);
    const lanes square = mix_square(p->square_decay, read(count, before[1] + k), at);
    write(count, after[0] + k, mean);
    write(count, after[1] + k, square);
    deliver(count, k, &to, adam_quotient(p, mean, square));
  }
}

static void amsgrad(const gdi_adam_numbers *p, size_t n, const double *d, const double *const before[3],
                    double *const after[3], gdi_scale_target to) {
  for (size_t k = 0; k < n; k += LANES) {
    const size_t count = count_at(k, n);
    const lanes at = read(count, d + k), most = read(count, before[2] + k);
    const lanes mean = mix(p->mean_decay, read(count, before[0] + k), 1 - p->mean_decay, at);
    const lanes square = mix_square(p->square_decay, read(count, before[1] + k), at);
    const lanes largest = choose(less(square, most), most, square);
    write(count, after[0] + k, mean);
    write(count, after[1] + k, square);
    write(count, after[2] + k, largest);
    deliver(count, k, &to, adam_quotient(p, mean, largest));
  }
}

static void rmsprop(const gdi_rmsprop_numbers *p, size_t n, const double *d, const double *before, double *after,
                    gdi_scale_target to) {
  const lanes epsilon = splat(p->epsilon);
  for (size_t k = 0; k < n; k += LANES) {
    const size_t count = count_at(k, n);
    const lanes at = read(count, d + k), square = mix_square(p->decay, read(count, before + k), at);
    const lanes divisor = p->inside ? square_root(add(square, epsilon)) : add(square_root(square), epsilon);
    write(count, after + k, square);
    deliver(count, k, &to, divide(at, divisor));
  }
}

const gdi_scale_kernels GDI_FOR_CPU(gdi_scale_kernels) = {adam, amsgrad, rmsprop};
