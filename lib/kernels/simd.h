/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight doubles at a time, or sixteen floats with GDI_SINGLE: one register of 512 bits, two of 256 or four of 128,
 * depending on how the including file is compiled.  IEEE arithmetic lane by lane, so the bits are the same in each
 * case.  For the kernel files only.  Floats have arithmetic and selection; doubles also have operations on bits.
 *
 * It is a struct of registers and not one vector type of 512 bits: compilers keep the struct in registers, but keep the
 * vector type on the stack if the CPU has no register of this width. */
#ifndef GDI_KERNELS_SIMD_H
#define GDI_KERNELS_SIMD_H

#include "kernels/real.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#define REGISTER_BYTES 64
#elif defined(__AVX2__) && defined(__FMA__)
#define REGISTER_BYTES 32
#else
#define REGISTER_BYTES 16
#endif
#if REGISTER_BYTES > 16
#include <immintrin.h>
#endif

#if defined(GDI_SINGLE)
#define NUMBER_BYTES 4
#define LANES 16
typedef uint32_t lane_word;
#else
#define NUMBER_BYTES 8
#define LANES 8
typedef uint64_t lane_word;
#endif
#define ALL_LANES 0xffu
#define REGISTER_LANES (REGISTER_BYTES / NUMBER_BYTES)
#define REGISTERS (LANES / REGISTER_LANES)

/* Intrinsics of the widest registers, by what comes between _mm512_ and _pd: masks come after. */
#if defined(GDI_SINGLE) && REGISTER_BYTES == 64
#define WIDEST(name) _mm512_##name##_ps
#define WIDEST_COMPARE(a, b, how) _mm512_cmp_ps_mask((__m512)(a), (__m512)(b), how)
typedef __m512 widest;
#elif REGISTER_BYTES == 64
#define WIDEST(name) _mm512_##name##_pd
#define WIDEST_COMPARE(a, b, how) _mm512_cmp_pd_mask((__m512d)(a), (__m512d)(b), how)
typedef __m512d widest;
#elif defined(GDI_SINGLE) && REGISTER_BYTES == 32
#define WIDEST(name) _mm256_##name##_ps
typedef __m256 widest;
#elif REGISTER_BYTES == 32
#define WIDEST(name) _mm256_##name##_pd
typedef __m256d widest;
#endif

typedef gdi_real vector __attribute__((vector_size(REGISTER_BYTES)));
typedef lane_word vector_bits __attribute__((vector_size(REGISTER_BYTES)));
typedef gdi_real loose_vector __attribute__((vector_size(REGISTER_BYTES), aligned(NUMBER_BYTES), may_alias));
typedef uint64_t loose_bits __attribute__((vector_size(REGISTER_BYTES), aligned(8), may_alias));

typedef struct lanes {
  vector part[REGISTERS];
} lanes;

/* A kernel table's name with the CPU's: the build defines GDI_CPU for each compilation. */
#define GDI_FOR_CPU(name) GDI_JOIN(name, GDI_CPU)

#define LANES_INLINE static inline __attribute__((always_inline))
#define EACH_REGISTER _Pragma("GCC unroll 4") for (size_t r = 0; r < REGISTERS; r++)

/* LANES numbers from anywhere in an array; the compiler must not read them twice instead of
 * keeping them, which costs a tenth of a pass over a matrix. */
LANES_INLINE lanes load(const gdi_real *from) {
  lanes a;
  EACH_REGISTER {
    a.part[r] = *(const loose_vector *)(from + r * REGISTER_LANES);
#if REGISTER_BYTES == 64
    __asm__("" : "+v"(a.part[r]));
#elif defined(__x86_64__)
    __asm__("" : "+x"(a.part[r]));
#endif
  }
  return a;
}

LANES_INLINE void store(gdi_real *to, lanes a) { EACH_REGISTER *(loose_vector *)(to + r * REGISTER_LANES) = a.part[r]; }

LANES_INLINE lanes splat(gdi_real value) {
  lanes a;
  EACH_REGISTER a.part[r] = value - (vector){0}; /* -0 stays -0 */
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
#if REGISTER_BYTES > 16
    sum.part[r] = (vector)WIDEST(fmadd)((widest)a.part[r], (widest)b.part[r], (widest)sum.part[r]);
#elif defined(GDI_SINGLE)
    for (size_t k = 0; k < REGISTER_LANES; k++) sum.part[r][k] = fmaf(a.part[r][k], b.part[r][k], sum.part[r][k]);
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

/* ---- comparisons, and choices by them ---- */

#if REGISTER_BYTES == 64 && defined(GDI_SINGLE)
typedef __mmask16 register_mask;
#elif REGISTER_BYTES == 64
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
#if REGISTER_BYTES == 64
  EACH_REGISTER is.part[r] = WIDEST_COMPARE(a.part[r], b.part[r], _CMP_LT_OQ);
#else
  EACH_REGISTER is.part[r] = (vector_bits)(a.part[r] < b.part[r]);
#endif
  return is;
}

LANES_INLINE lane_mask at_most(lanes a, lanes b) {
  lane_mask is;
#if REGISTER_BYTES == 64
  EACH_REGISTER is.part[r] = WIDEST_COMPARE(a.part[r], b.part[r], _CMP_LE_OQ);
#else
  EACH_REGISTER is.part[r] = (vector_bits)(a.part[r] <= b.part[r]);
#endif
  return is;
}

/* a where it holds, else b. */
LANES_INLINE lanes choose(lane_mask is, lanes a, lanes b) {
#if REGISTER_BYTES == 64
  EACH_REGISTER a.part[r] = (vector)WIDEST(mask_blend)(is.part[r], (widest)b.part[r], (widest)a.part[r]);
#else
  EACH_REGISTER a.part[r] = (vector)(((vector_bits)a.part[r] & is.part[r]) | ((vector_bits)b.part[r] & ~is.part[r]));
#endif
  return a;
}

/* a, but 0 where a < 0; NaN stays. */
LANES_INLINE lanes rectify(lanes a) {
#if REGISTER_BYTES > 16
  EACH_REGISTER a.part[r] = (vector)WIDEST(max)((widest)(vector){0}, (widest)a.part[r]);
  return a;
#else
  return choose(less(a, splat(0)), splat(0), a);
#endif
}

/* The sum of the lanes, in halves: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)) of eight. */
LANES_INLINE gdi_real lane_sum(lanes a) {
  gdi_real s[LANES];
  memcpy(s, &a, sizeof s);
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t k = 0; k < half; k++) s[k] += s[k + half];
  return s[0];
}

#if !defined(GDI_SINGLE)

/* Rounded once, as IEEE has it. */
LANES_INLINE lanes square_root(lanes a) {
  EACH_REGISTER {
#if REGISTER_BYTES == 64
    a.part[r] = (vector)_mm512_sqrt_pd((__m512d)a.part[r]);
#elif REGISTER_BYTES == 32
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

/* ---- bits ---- */

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
#if REGISTER_BYTES == 64
    a.part[r] = (vector_bits)_mm512_unpacklo_epi64((__m512i)a.part[r], (__m512i)b.part[r]);
#elif REGISTER_BYTES == 32
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
#if REGISTER_BYTES == 64
    a.part[r] = (vector_bits)_mm512_unpackhi_epi64((__m512i)a.part[r], (__m512i)b.part[r]);
#elif REGISTER_BYTES == 32
    a.part[r] = (vector_bits)_mm256_unpackhi_epi64((__m256i)a.part[r], (__m256i)b.part[r]);
#else
    a.part[r] = (vector_bits){a.part[r][1], b.part[r][1]};
#endif
  }
  return a;
}

LANES_INLINE lanes absolute(lanes a) { return of_bits(mask_bits(bits_of(a), ~UINT64_C(0) >> 1)); }

/* Where bit `place` is set. */
LANES_INLINE lane_mask has_bit(lane_bits a, int place) {
  lane_mask is;
#if REGISTER_BYTES == 64
  EACH_REGISTER is.part[r] = _mm512_test_epi64_mask((__m512i)a.part[r], _mm512_set1_epi64((int64_t)1 << place));
#else
  EACH_REGISTER is.part[r] = 0 - (a.part[r] >> place & 1);
#endif
  return is;
}

/* Lane i has bit i. */
LANES_INLINE unsigned where(lane_mask is) {
  unsigned found = 0;
  EACH_REGISTER {
#if REGISTER_BYTES == 64
    found |= (unsigned)is.part[r];
#elif REGISTER_BYTES == 32
    found |= (unsigned)_mm256_movemask_pd((__m256d)is.part[r]) << r * REGISTER_LANES;
#else
    for (size_t lane = 0; lane < REGISTER_LANES; lane++)
      found |= (unsigned)(is.part[r][lane] & 1) << (r * REGISTER_LANES + lane);
#endif
  }
  return found;
}

#endif /* of doubles */

#endif
