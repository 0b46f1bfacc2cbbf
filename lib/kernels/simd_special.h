/* SPDX-License-Identifier: BSD-3-Clause */
/* exp for eight lanes, inline: for the kernel files only; special.h has functions over arrays.
 *
 *     exp(c a b) = 2^(k/16) e^r,  k the integer next to 16 c a b / log 2,  r = c a b - k log(2) / 16,  |r| < 0.0217,
 *
 * c a power of two, of either sign, known to the compiler: it goes into constants and costs nothing.  If it is to be
 * exact, log 2 = HIGH + LOW, HIGH having so few bits that k HIGH / 16 is exact: then a b - k HIGH / (16 c) is rounded
 * once, as if the product were exact.  Else the product is rounded first and log 2 is one double, which makes errors of
 * 1.4 |c a b| u, u = 2^-53, as C's exp(c * a * b) makes one of |c a b| u.  The 16 powers 2^(i/16) come from a table,
 * the rest of k / 16 goes into the exponent, and
 *
 *     e^r = 1 + r (1 + r (c_2 + c_3 r + ... + c_6 r^4)),
 *
 * where the inner polynomial meets ((e^r - 1) / r - 1) / r at Chebyshev's five nodes on |r| <= log(2) / 32; its
 * coefficients were solved for with 60 digits, then rounded.
 *
 * Errors: the last sum is off by half an ulp, the table by at most as much, the polynomial by 2.9e-17 and everything
 * else by |r| as much as that; together 1.4 ulp, or 2.1 u relative. */
#ifndef GDI_KERNELS_SIMD_SPECIAL_H
#define GDI_KERNELS_SIMD_SPECIAL_H

#include "kernels/simd.h"

#define NEAR 600.0          /* |c a b| below it: nothing on the way leaves the range of normal numbers */
#define FAR 760.0           /* |c a b| above it: the same as here, 0 or infinity */
#define SIXTEENTHS 0x1.8p48 /* a sum with it is a multiple of 1/16, whose integer number the lowest bits hold */
#define INTEGERS 0x1.8p52   /* likewise of 1 */
#define EXPONENT 52         /* where a double's exponent begins */

/* 2^(i/16), its bits less i times those of 2^48: so that those of 2^(k/16) are powers[k mod 16] and k 2^48. */
static const double powers[16] = {
    0x1.0000000000000p+0, 0x1.fb5586cf9890fp-1, 0x1.f72b83c7d517bp-1, 0x1.f387a6e756238p-1,
    0x1.f06fe0a31b715p-1, 0x1.edea64c123422p-1, 0x1.ebfdad5362a27p-1, 0x1.eab07dd485429p-1,
    0x1.ea09e667f3bcdp-1, 0x1.ea11473eb0187p-1, 0x1.eace5422aa0dbp-1, 0x1.ec49182a3f090p-1,
    0x1.ee89f995ad3adp-1, 0x1.f199bdd85529cp-1, 0x1.f5818dcfba487p-1, 0x1.fa4afa2a490dap-1,
};

/* powers[bits mod 16] */
LANES_INLINE lanes find_powers(lane_bits bits) {
  lanes found;
  EACH_REGISTER {
#if REGISTER_LANES == 8
    found.part[r] =
        (vector)_mm512_permutex2var_pd(_mm512_loadu_pd(powers), (__m512i)bits.part[r], _mm512_loadu_pd(powers + 8));
#elif REGISTER_LANES == 4
    const vector_bits at = bits.part[r] & 15;
    found.part[r] = (vector){powers[at[0]], powers[at[1]], powers[at[2]], powers[at[3]]};
#else
    found.part[r] = (vector){powers[bits.part[r][0] & 15], powers[bits.part[r][1] & 15]};
#endif
  }
  return found;
}

#define MOST_TOGETHER 2 /* exponentials that do not wait for each other */
#define EACH_OF(count) _Pragma("GCC unroll 2") for (size_t t = 0; t < (count); t++)

typedef struct reduced {
  lanes sixteenths[MOST_TOGETHER]; /* SIXTEENTHS + k / 16 */
  lanes r[MOST_TOGETHER];          /* r / c */
} reduced;

LANES_INLINE void reduce(double c, bool exact, size_t count, const lanes *a, const lanes *b, reduced *to) {
  const lanes inverse = splat(c * 0x1.71547652b82fep+0), log2 = splat(-0x1.62e42fefa39efp-1 / c);
  const lanes high = splat(-0x1.62e42fefap-1 / c), low = splat(-0x1.cf79abc9e3b3ap-40 / c);
  lanes product[MOST_TOGETHER], k[MOST_TOGETHER];
  EACH_OF(count) product[t] = multiply(a[t], b[t]);
  EACH_OF(count) to->sixteenths[t] = multiply_add(product[t], inverse, splat(SIXTEENTHS));
  EACH_OF(count) k[t] = subtract(to->sixteenths[t], splat(SIXTEENTHS));
  if (exact) {
    EACH_OF(count) to->r[t] = multiply_add(a[t], b[t], multiply(k[t], high));
    EACH_OF(count) to->r[t] = multiply_add(k[t], low, to->r[t]);
  } else
    EACH_OF(count) to->r[t] = multiply_add(k[t], log2, product[t]);
}

/* (e^(c r) - 1) / r */
LANES_INLINE void slopes(double c, size_t count, const lanes *r, lanes *p) {
  const double terms[] = {c * c * c * c * c * 0x1.11120af701e68p-7, c * c * c * c * 0x1.55555555194d2p-5,
                          c * c * c * 0x1.55555554dd44dp-3, c * c * 0.5, c};
  EACH_OF(count) p[t] = splat(c * c * c * c * c * c * 0x1.6c17bb51f23eap-10);
  for (size_t j = 0; j < sizeof terms / sizeof *terms; j++)
    EACH_OF(count) p[t] = multiply_add(p[t], r[t], splat(terms[j]));
}

/* exp(c a b) where |c a b| < NEAR */
LANES_INLINE void exponentials_near(double c, bool exact, size_t count, const lanes *a, const lanes *b, lanes *out) {
  reduced at;
  lanes p[MOST_TOGETHER], power[MOST_TOGETHER];
  reduce(c, exact, count, a, b, &at);
  EACH_OF(count) {
    const lane_bits k = bits_of(at.sixteenths[t]);
    power[t] = of_bits(plus_bits(bits_of(find_powers(k)), shift_up(k, EXPONENT - 4)));
  }
  slopes(c, count, at.r, p);
  EACH_OF(count) out[t] = multiply_add(multiply(power[t], at.r[t]), p[t], power[t]);
}

/* ---- anywhere ---- */

/* 2^(k mod 16 / 16) */
LANES_INLINE lanes fraction_of_power(lanes sixteenths) {
  const lane_bits k = bits_of(sixteenths);
  return of_bits(plus_bits(bits_of(find_powers(k)), shift_up(mask_bits(k, 15), EXPONENT - 4)));
}

LANES_INLINE lanes nearest_integer(lanes a) { return subtract(add(a, splat(INTEGERS)), splat(INTEGERS)); }

/* 2^n, n an integer in the range of exponents */
LANES_INLINE lanes power_of_two(lanes n) {
  return of_bits(shift_up(bits_of(add(n, splat(INTEGERS + 1023))), EXPONENT));
}

/* `a`, between 1/64 and 4, times the rest of the power, in two halves: only the last product can leave the range of
 * normal numbers, and rounds once. */
LANES_INLINE lanes apply_power(lanes sixteenths, lanes a) {
  const lanes exponent = subtract(sixteenths, splat(SIXTEENTHS));
  const lanes n = nearest_integer(subtract(exponent, splat(15.0 / 32))); /* rounded down */
  const lanes half = nearest_integer(multiply(n, splat(0.5)));
  return multiply(multiply(a, power_of_two(half)), power_of_two(subtract(n, half)));
}

/* exp(c a b).  Where c a b is beyond FAR, FAR takes its place; NaN remains. */
static __attribute__((noinline, unused)) lanes exponential_far(double c, bool exact, lanes a, lanes b) {
  const lanes product = multiply(splat(c), multiply(a, b)), most = splat(FAR / c), least = splat(-FAR / c);
  const lane_mask large = less(splat(FAR), product), small = less(product, splat(-FAR));
  const lanes near_a = choose(large, most, choose(small, least, a));
  const lanes near_b = choose(large, splat(1), choose(small, splat(1), b));
  reduced at;
  lanes p;
  reduce(c, exact, 1, &near_a, &near_b, &at);
  slopes(c, 1, at.r, &p);
  const lanes power = fraction_of_power(at.sixteenths[0]);
  return apply_power(at.sixteenths[0], multiply_add(multiply(power, at.r[0]), p, power));
}

LANES_INLINE lanes exponential(double c, bool exact, lanes a, lanes b) {
  const lanes size = absolute(multiply(a, b)), most = splat(NEAR / (c < 0 ? -c : c));
  if (where(less(size, most)) != ALL_LANES) return exponential_far(c, exact, a, b);
  lanes near;
  exponentials_near(c, exact, 1, &a, &b, &near);
  return near;
}

/* exp(-z^2 / 2): z is a difference, as a rule, and rounded already, which changes the result by z^2 u. */
LANES_INLINE void gaussians_near(size_t count, const lanes *z, lanes *out) {
  exponentials_near(-0.5, false, count, z, z, out);
}

LANES_INLINE lanes gaussian(lanes z) { return exponential(-0.5, false, z, z); }

#endif
