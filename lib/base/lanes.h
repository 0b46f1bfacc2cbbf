/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight doubles at a time: one register of 512 bits, two of 256 or four of 128, as the file
 * that includes this is compiled.  IEEE arithmetic lane by lane, so the same bits in each case.
 * For the kernel files only.
 *
 * A struct of registers and not one vector type of 512 bits: compilers keep the former in
 * registers, and the latter, where the CPU has none so wide, on the stack. */
#ifndef GDI_BASE_LANES_H
#define GDI_BASE_LANES_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#define REGISTER_LANES 8
#define REGISTER_OF(x)                                                                                                 \
  (vector) { x, x, x, x, x, x, x, x }
#elif defined(__AVX2__) && defined(__FMA__)
#define REGISTER_LANES 4
#define REGISTER_OF(x)                                                                                                 \
  (vector) { x, x, x, x }
#else
#define REGISTER_LANES 2
#define REGISTER_OF(x)                                                                                                 \
  (vector) { x, x }
#endif
#if REGISTER_LANES > 2
#include <immintrin.h>
#endif

#define LANES 8
#define ALL_LANES 0xffu
#define REGISTERS (LANES / REGISTER_LANES)

typedef double vector __attribute__((vector_size(8 * REGISTER_LANES)));
typedef uint64_t vector_bits __attribute__((vector_size(8 * REGISTER_LANES)));
typedef double loose_vector __attribute__((vector_size(8 * REGISTER_LANES), aligned(8), may_alias));
typedef uint64_t loose_bits __attribute__((vector_size(8 * REGISTER_LANES), aligned(8), may_alias));

typedef struct lanes {
  vector part[REGISTERS];
} lanes;

/* A kernel table's name with the CPU's: the build defines GDI_CPU for each compilation. */
#define GDI_JOIN_(name, cpu) name##_##cpu
#define GDI_JOIN(name, cpu) GDI_JOIN_(name, cpu)
#define GDI_FOR_CPU(name) GDI_JOIN(name, GDI_CPU)

#define LANES_INLINE static inline __attribute__((always_inline))
#define EACH_REGISTER _Pragma("GCC unroll 4") for (size_t r = 0; r < REGISTERS; r++)

/* Eight numbers from anywhere in an array; the compiler must not read them twice instead of
 * keeping them, which costs a tenth of a pass over a matrix. */
LANES_INLINE lanes load(const double *from) {
  lanes a;
  EACH_REGISTER {
    a.part[r] = *(const loose_vector *)(from + r * REGISTER_LANES);
#if REGISTER_LANES == 8
    __asm__("" : "+v"(a.part[r]));
#elif defined(__x86_64__)
    __asm__("" : "+x"(a.part[r]));
#endif
  }
  return a;
}

LANES_INLINE void store(double *to, lanes a) { EACH_REGISTER *(loose_vector *)(to + r * REGISTER_LANES) = a.part[r]; }

LANES_INLINE lanes splat(double value) {
  lanes a;
  EACH_REGISTER a.part[r] = REGISTER_OF(value);
  return a;
}

LANES_INLINE lanes add(lanes a, lanes b) {
  EACH_REGISTER a.part[r] += b.part[r];
  return a;
}

LANES_INLINE lanes subtract(lanes a, lanes b) {
  EACH_REGISTER a.part[r] -= b.part[r];
  return a;
}

LANES_INLINE lanes multiply(lanes a, lanes b) {
  EACH_REGISTER a.part[r] *= b.part[r];
  return a;
}

/* sum + a b, rounded once: C's fma(), by the CPU's instruction where there is one. */
LANES_INLINE lanes multiply_add(lanes a, lanes b, lanes sum) {
  EACH_REGISTER {
#if REGISTER_LANES == 8
    sum.part[r] = (vector)_mm512_fmadd_pd((__m512d)a.part[r], (__m512d)b.part[r], (__m512d)sum.part[r]);
#elif REGISTER_LANES == 4
    sum.part[r] = (vector)_mm256_fmadd_pd((__m256d)a.part[r], (__m256d)b.part[r], (__m256d)sum.part[r]);
#else
    const vector x = a.part[r], y = b.part[r], z = sum.part[r];
    sum.part[r] = (vector){fma(x[0], y[0], z[0]), fma(x[1], y[1], z[1])};
#endif
  }
  return sum;
}

LANES_INLINE lanes divide(lanes a, lanes b) {
  EACH_REGISTER a.part[r] /= b.part[r];
  return a;
}

/* Rounded once, as IEEE has it. */
LANES_INLINE lanes square_root(lanes a) {
  EACH_REGISTER {
#if REGISTER_LANES == 8
    a.part[r] = (vector)_mm512_sqrt_pd((__m512d)a.part[r]);
#elif REGISTER_LANES == 4
    a.part[r] = (vector)_mm256_sqrt_pd((__m256d)a.part[r]);
#else
    a.part[r] = (vector){sqrt(a.part[r][0]), sqrt(a.part[r][1])};
#endif
  }
  return a;
}

/* The sum of coefficients[j] x^(count - 1 - j), by Horner's rule. */
LANES_INLINE lanes polynomial(size_t count, const double *coefficients, lanes x) {
  lanes sum = splat(coefficients[0]);
  for (size_t j = 1; j < count; j++) sum = multiply_add(sum, x, splat(coefficients[j]));
  return sum;
}

/* ---- bits, and choices by them ---- */

typedef struct lane_bits {
  vector_bits part[REGISTERS];
} lane_bits;

LANES_INLINE lane_bits bits_of(lanes a) {
  lane_bits bits;
  EACH_REGISTER bits.part[r] = (vector_bits)a.part[r];
  return bits;
}

LANES_INLINE lanes of_bits(lane_bits bits) {
  lanes a;
  EACH_REGISTER a.part[r] = (vector)bits.part[r];
  return a;
}

LANES_INLINE lane_bits load_bits(const uint64_t *from) {
  lane_bits a;
  EACH_REGISTER a.part[r] = *(const loose_bits *)(from + r * REGISTER_LANES);
  return a;
}

LANES_INLINE lane_bits plus_bits(lane_bits a, lane_bits b) {
  EACH_REGISTER a.part[r] += b.part[r];
  return a;
}

LANES_INLINE lane_bits plus_number(lane_bits a, uint64_t number) {
  EACH_REGISTER a.part[r] += number;
  return a;
}

LANES_INLINE lane_bits join_bits(lane_bits a, uint64_t others) {
  EACH_REGISTER a.part[r] |= others;
  return a;
}

LANES_INLINE lane_bits mask_bits(lane_bits a, uint64_t mask) {
  EACH_REGISTER a.part[r] &= mask;
  return a;
}

LANES_INLINE lane_bits shift_up(lane_bits a, int by) {
  EACH_REGISTER a.part[r] <<= by;
  return a;
}

LANES_INLINE lane_bits shift_down(lane_bits a, int by) {
  EACH_REGISTER a.part[r] >>= by;
  return a;
}

/* a0 b0 a2 b2 a4 b4 a6 b6 */
LANES_INLINE lane_bits even_lanes(lane_bits a, lane_bits b) {
  EACH_REGISTER {
#if REGISTER_LANES == 8
    a.part[r] = (vector_bits)_mm512_unpacklo_epi64((__m512i)a.part[r], (__m512i)b.part[r]);
#elif REGISTER_LANES == 4
    a.part[r] = (vector_bits)_mm256_unpacklo_epi64((__m256i)a.part[r], (__m256i)b.part[r]);
#else
    a.part[r] = (vector_bits){a.part[r][0], b.part[r][0]};
#endif
  }
  return a;
}

/* a1 b1 a3 b3 a5 b5 a7 b7; even_lanes() and this of what they gave are a and b again. */
LANES_INLINE lane_bits odd_lanes(lane_bits a, lane_bits b) {
  EACH_REGISTER {
#if REGISTER_LANES == 8
    a.part[r] = (vector_bits)_mm512_unpackhi_epi64((__m512i)a.part[r], (__m512i)b.part[r]);
#elif REGISTER_LANES == 4
    a.part[r] = (vector_bits)_mm256_unpackhi_epi64((__m256i)a.part[r], (__m256i)b.part[r]);
#else
    a.part[r] = (vector_bits){a.part[r][1], b.part[r][1]};
#endif
  }
  return a;
}

LANES_INLINE lanes absolute(lanes a) { return of_bits(mask_bits(bits_of(a), ~UINT64_C(0) >> 1)); }

/* ---- comparisons, and choices by them ---- */

#if REGISTER_LANES == 8
typedef __mmask8 register_mask;
#else
typedef vector_bits register_mask; /* all ones or zeros */
#endif

/* Where a comparison holds; none does for NaN. */
typedef struct lane_mask {
  register_mask part[REGISTERS];
} lane_mask;

LANES_INLINE lane_mask less(lanes a, lanes b) {
  lane_mask is;
#if REGISTER_LANES == 8
  EACH_REGISTER is.part[r] = _mm512_cmp_pd_mask((__m512d)a.part[r], (__m512d)b.part[r], _CMP_LT_OQ);
#else
  EACH_REGISTER is.part[r] = (vector_bits)(a.part[r] < b.part[r]);
#endif
  return is;
}

LANES_INLINE lane_mask at_most(lanes a, lanes b) {
  lane_mask is;
#if REGISTER_LANES == 8
  EACH_REGISTER is.part[r] = _mm512_cmp_pd_mask((__m512d)a.part[r], (__m512d)b.part[r], _CMP_LE_OQ);
#else
  EACH_REGISTER is.part[r] = (vector_bits)(a.part[r] <= b.part[r]);
#endif
  return is;
}

/* Where bit `place` is set. */
LANES_INLINE lane_mask has_bit(lane_bits a, int place) {
  lane_mask is;
#if REGISTER_LANES == 8
  EACH_REGISTER is.part[r] = _mm512_test_epi64_mask((__m512i)a.part[r], _mm512_set1_epi64((int64_t)1 << place));
#else
  EACH_REGISTER is.part[r] = 0 - (a.part[r] >> place & 1);
#endif
  return is;
}

/* a where it holds, else b. */
LANES_INLINE lanes choose(lane_mask is, lanes a, lanes b) {
#if REGISTER_LANES == 8
  EACH_REGISTER a.part[r] = (vector)_mm512_mask_blend_pd(is.part[r], (__m512d)b.part[r], (__m512d)a.part[r]);
#else
  EACH_REGISTER a.part[r] = (vector)(((vector_bits)a.part[r] & is.part[r]) | ((vector_bits)b.part[r] & ~is.part[r]));
#endif
  return a;
}

/* Lane i has bit i. */
LANES_INLINE unsigned where(lane_mask is) {
  unsigned found = 0;
  EACH_REGISTER {
#if REGISTER_LANES == 8
    found |= (unsigned)is.part[r];
#elif REGISTER_LANES == 4
    found |= (unsigned)_mm256_movemask_pd((__m256d)is.part[r]) << r * REGISTER_LANES;
#else
    for (size_t lane = 0; lane < REGISTER_LANES; lane++)
      found |= (unsigned)(is.part[r][lane] & 1) << (r * REGISTER_LANES + lane);
#endif
  }
  return found;
}

/* The sum of the lanes, in halves: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)). */
LANES_INLINE double lane_sum(lanes a) {
  double s[LANES];
  memcpy(s, &a, sizeof s);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

#endif
