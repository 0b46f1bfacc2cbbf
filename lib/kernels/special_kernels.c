/* SPDX-License-Identifier: BSD-3-Clause */
/* special_kernels.c -- the loops of special.h, compiled once for each kind of CPU.
 *
 * exp and exp(-x^2 / 2) are those of simd_special.h.  Where |x| < 1/2, erfc(x) = 1 - x B(x^2); for x >= 1/2
 *
 *     erfc(x) = exp(-x^2) G(t) / (1 + 2 x),   t = (x - 7/2) / (x + 7/2),
 *
 * and erfc(-x) = 2 - erfc(x).  G goes smoothly from 1 at x = 0 to 2 / sqrt(pi) at infinity (the form is that of
 * Shepherd & Laframboise 1981, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity", Math. Comp.
 * 36).  Here G, of degree 22, meets its function at Chebyshev's nodes in t on 0 <= x <= 28, beyond which erfc is 0, and
 * B, of degree 8, on x^2 <= 1/4; solved for with 50 digits, then rounded.  G is then 3.1e-17 off, B 5e-18.
 *
 * 1 + 2 x, the quotient q = G / (1 + 2 x), e^r - 1 and the product of q and the power are carried with what their
 * rounding left.  There remain, in units of u = 2^-53: the table's error 1, that of G and of e^r 0.3 each, G's last
 * sums 1.3 and what t's three roundings do to it 0.8 at the most; and half an ulp of the result: 3.9 ulp for erfc just
 * below a power of two, as at x = 1/2.  Where |x| < 1/2 it is less than 1.5 ulp. */
#include "kernels/simd_special.h"
#include "kernels/special.h"

#define FARTHEST 28.0
#define MIDDLE 3.5

/* Coefficients, of the highest power first. */
static const double G[] = {
    0x1.89ffb87dd2723p-29, 0x1.8b89db69c8ebep-27,  -0x1.29f327252b2f9p-27, -0x1.9f4ff8ba9c9c7p-24,
    0x1.4f6c89cd2cc6cp-28, 0x1.450232c18e8e5p-21,  -0x1.d1a3620574a06p-25, -0x1.0041fcabd39f3p-18,
    0x1.392449ddd70b3p-19, 0x1.9710a312706f9p-16,  -0x1.66e5458b620aep-15, -0x1.fda9a4d98f490p-14,
    0x1.27e66ea2f237bp-11, -0x1.3cf361fd1566dp-12, -0x1.143c4ccd0c155p-8,  0x1.38ec666d92097p-6,
    -0x1.8ff5ef767d44ap-5, 0x1.686106047d895p-4,   -0x1.d76830c3549acp-4,  0x1.8f702ec6b2c29p-4,
    -0x1.59e2c284b0f5fp-7, -0x1.1ebd220ea5933p-3,  0x1.3e0a99a0ee914p+0,
};
static const double B[] = {
    0x1.8b4b60851826bp-20, -0x1.f224dfc5409afp-17, 0x1.f98db34e8872ep-14, -0x1.c02d4f6e4921ap-11, 0x1.565bcbf8e0365p-8,
    -0x1.b82ce30f2b28fp-6, 0x1.ce2f21a03d814p-4,   -0x1.812746b0379b5p-2, 0x1.20dd750429b6dp+0,
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

LANES_INLINE lanes minus(lanes a) { return subtract(splat(0), a); }

LANES_INLINE lanes erfc_near_zero(lanes x) {
  return multiply_add(minus(x), polynomial(COUNT(B), B, multiply(x, x)), splat(1));
}

/* G / (1 + 2 x), and its rounding error. */
LANES_INLINE void scaled_tail(lanes x, lanes *quotient, lanes *left) {
  const lanes value = polynomial(COUNT(G), G, divide(subtract(x, splat(MIDDLE)), add(x, splat(MIDDLE))));
  const lanes below = multiply_add(splat(2), x, splat(1));
  const lanes below_left = multiply_add(splat(2), x, subtract(splat(1), below));
  *quotient = divide(value, below);
  const lanes opposite = minus(*quotient);
  *left = divide(multiply_add(opposite, below_left, multiply_add(opposite, below, value)), below);
}

/* 1 / 2 <= x <= FARTHEST: power e^r q, as power q and a correction. */
LANES_INLINE lanes erfc_of_positive(lanes x) {
  reduced at;
  lanes slope, quotient, left;
  reduce(-1, true, 1, &x, &x, &at);
  slopes(-1, 1, at.r, &slope);
  scaled_tail(x, &quotient, &left);
  const lanes power = fraction_of_power(at.sixteenths[0]), product = multiply(power, quotient);
  const lanes rest = multiply_add(multiply(quotient, at.r[0]), slope, left);
  const lanes rounded = multiply_add(power, quotient, minus(product));
  return apply_power(at.sixteenths[0], add(product, multiply_add(power, rest, rounded)));
}

LANES_INLINE lanes exp_of(lanes x) { return exponential(1, true, x, splat(1)); }

/* NaN is not less than FARTHEST, nor is FARTHEST less than it. */
LANES_INLINE lanes erfc_of(lanes x) {
  const lanes size = absolute(x), near = choose(less(splat(FARTHEST), size), splat(FARTHEST), size);
  const lanes tail = erfc_of_positive(near), outside = choose(less(x, splat(0)), subtract(splat(2), tail), tail);
  return choose(less(size, splat(0.5)), erfc_near_zero(x), outside);
}

/* The last numbers are padded with zeros. */
#define EACH_NUMBER(name, function)                                                                                    \
  static void name(size_t n, const double *x, double *out) {                                                           \
    size_t i = 0;                                                                                                      \
    for (; i + LANES <= n; i += LANES) store(out + i, function(load(x + i)));                                          \
    if (i == n) return;                                                                                                \
    double last[LANES] = {0};                                                                                          \
    memcpy(last, x + i, (n - i) * sizeof *last);                                                                       \
    store(last, function(load(last)));                                                                                 \
    memcpy(out + i, last, (n - i) * sizeof *last);                                                                     \
  }

EACH_NUMBER(many_exp, exp_of)
EACH_NUMBER(many_gaussian, gaussian)
EACH_NUMBER(many_erfc, erfc_of)

const gdi_special_kernels GDI_FOR_CPU(gdi_special_kernels) = {many_exp, many_gaussian, many_erfc};
