/* SPDX-License-Identifier: BSD-3-Clause */
/* normal_kernels.c -- the loops of normal.h, compiled once for each kind of CPU.
 *
 * Box & Muller 1958, "A note on the generation of random normal deviates": with u and a uniform,
 *
 *     sqrt(-2 log u) cos(2 pi a),   sqrt(-2 log u) sin(2 pi a)
 *
 * are independent standard normals.  Here u = (floor(word / 2^11) + 1) / 2^53, in (0, 1] so that its logarithm is
 * finite, and a = floor(next word / 2^11) / 2^53, in [0, 1).
 *
 * Radius: u = 2^-k (1 + x) with 1 + x from sqrt(1/2) to sqrt(2), and
 *
 *     -2 log u = 2 log(2) k - 2 x + x^2 P(x),   P = (2 x - 2 log(1 + x)) / x^2,
 *
 * 2 log 2 being two doubles.  P has degree 20 and is summed in two halves, of even and of odd powers.
 *
 * Angle: a = q / 4 + b with q whole and -1/8 <= b < 1/8, exactly, since both are bits of the word; with z = b^2,
 *
 *     sin(2 pi b) = b (2 pi + z S(z)),   cos(2 pi b) = 1 + z C(z),
 *
 * and q says which is which, with which sign.  2 pi is two doubles.  S has degree 5 and C 6.
 *
 * P, S and C interpolate their functions at Chebyshev nodes in x and z; the coefficients were computed with 80 digits,
 * then rounded.  The remaining relative errors of -2 log u, the sine and the cosine are 0.05, 0.13 and 0.24 in units of
 * 2^-53; all errors here are in these units.
 *
 * Errors: x^2 P is off by 4.2 of itself at the most, and is at most 0.16 of -2 log u if k = 0, which is then off by
 * 1.6.  If k > 0, the last two sums make 0.5 and half an ulp, x^2 P is off by 0.7 absolutely: most for k = 1 and x =
 * 0.41, where -2 log u = 0.69 is off by 2.5.  The square root halves that and adds half an ulp: at most 1.9, as 1.25
 * and 0.6 there, or 0.8 and 1 next to a power of two.  The cosine is off by 0.24, by 2.15 of z C, which is at most
 * 0.29, and by half an ulp: 1.9 at the most, for b = -1/8; the sine, whose small z S is off by 4.2 of itself, by 1.4.
 * Together, with half an ulp for the product: 4.3 ulp. */
#include "kernels/normal.h"
#include "kernels/simd.h"

#define LOST 11 /* bits of a word that do not count */

/* Doubles and their parts as bits. */
#define ONE UINT64_C(0x3ff0000000000000)
#define HALF UINT64_C(0x3fe0000000000000)      /* the unit in its last place is 2^-53 */
#define TWO_TO_20 UINT64_C(0x4130000000000000) /* ... 2^-32 */
#define TWO_TO_52 UINT64_C(0x4330000000000000) /* ... 1 */
#define ROOT_OF_HALF UINT64_C(0x3fe6a09e667f3bcd)
#define SIGN (UINT64_C(1) << 63)
#define LOWEST(count) ((UINT64_C(1) << (count)) - 1)
#define EXPONENT 52 /* where it begins */
#define BIAS 1023   /* that of 1 */

/* Coefficients, of the highest power first. */
static const double P_EVEN[] = {
    0x1.8e8f5f6d78efbp-5, 0x1.fc84a09888c57p-4, 0x1.b635ac30a3dacp-4, 0x1.00b0e81fd59f4p-3,
    0x1.248b2a78bff20p-3, 0x1.55556c388aeddp-3, 0x1.99999a6364b62p-3, 0x1.fffffff7e955cp-3,
    0x1.5555555561dddp-2, 0x1.fffffffffff34p-2, 0x1.0000000000000p+0,
};
static const double P_ODD[] = {
    -0x1.ceab3eecb74d9p-4, -0x1.bb08e0be73d94p-4, -0x1.dd3093b701211p-4, -0x1.115b4daceee38p-3, -0x1.3b0eda8f5d75cp-3,
    -0x1.745d460eacbc4p-3, -0x1.c71c70c1303cbp-3, -0x1.249249261f2ccp-2, -0x1.999999999772bp-2, -0x1.555555555555cp-1,
};
static const double C[] = {
    -0x1.b2f3eb054afcdp+0, 0x1.f9ce245cada0bp+2, -0x1.a6d1eef479be1p+4, 0x1.e1f5068688d5bp+5,
    -0x1.55d3c7e3cb241p+6, 0x1.03c1f081b5ac0p+6, -0x1.3bd3cc9be45dep+4,
};
static const double Z_S[] = {
    /* z S, and what 2 pi lacks */
    0x1.e4a9d9166f052p+1, -0x1.e3027dea82bd7p+3, 0x1.50783208843ebp+5,  -0x1.32d2cce500387p+6,
    0x1.466bc6775a476p+6, -0x1.4abbce625be52p+5, 0x1.1a62633145c07p-52,
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- the radius ---- */

/* u, from the word's upper 32 bits and the next 21. */
LANES_INLINE lanes unit_of(lane_bits word) {
  const lane_bits upper = shift_down(word, 32), lower = mask_bits(shift_down(word, LOST), LOWEST(21));
  const lanes high = subtract(of_bits(join_bits(upper, TWO_TO_20)), splat(0x1p20));
  return add(high, subtract(of_bits(join_bits(lower, HALF)), splat(0.5 - 0x1p-53)));
}

LANES_INLINE lanes minus_twice_log(lanes u) {
  const lane_bits moved = plus_number(bits_of(u), ONE - ROOT_OF_HALF); /* as if 1 + x began at 1 */
  const lanes power = of_bits(join_bits(shift_down(moved, EXPONENT), TWO_TO_52));
  const lanes k = subtract(splat(0x1p52 + BIAS), power);
  const lanes x = subtract(of_bits(plus_number(mask_bits(moved, LOWEST(EXPONENT)), ROOT_OF_HALF)), splat(1));
  const lanes y = multiply(x, x);
  const lanes p = multiply_add(x, polynomial(COUNT(P_ODD), P_ODD, y), polynomial(COUNT(P_EVEN), P_EVEN, y));
  const lanes rest = multiply_add(y, p, multiply(k, splat(0x1.abc9e3b39803fp-55)));
  return multiply_add(k, splat(0x1.62e42fefa39efp+0), multiply_add(x, splat(-2), rest));
}

/* ---- the angle ---- */

/* Change the sign by the top bit: adding the top bit to itself clears it. */
LANES_INLINE lanes flip_by_top_bit(lanes a, lane_bits by) {
  return of_bits(plus_bits(bits_of(a), mask_bits(by, SIGN)));
}

/* Of a + 1/8 in units of 2^-64, the two top bits are q and the others b + 1/8.  q = 1 and 3 exchange sine and cosine;
 * the sine is negative for q = 2 and 3, the cosine for 1 and 2. */
LANES_INLINE void find_direction(lane_bits word, lanes *cosine, lanes *sine) {
  const lane_bits moved = plus_number(word, SIGN / 4);
  const lane_bits within = mask_bits(shift_down(moved, LOST), LOWEST(51));
  const lanes b = subtract(of_bits(join_bits(within, HALF)), splat(0.5 + 0.125)), z = multiply(b, b);
  const lanes near_one = multiply_add(z, polynomial(COUNT(C), C, z), splat(1));
  const lanes below = multiply(b, polynomial(COUNT(Z_S), Z_S, z));
  const lanes near_zero = multiply_add(b, splat(0x1.921fb54442d18p+2), below);
  const lane_mask exchanged = has_bit(moved, 62);
  *cosine = flip_by_top_bit(choose(exchanged, near_zero, near_one), plus_number(moved, SIGN / 2));
  *sine = flip_by_top_bit(choose(exchanged, near_one, near_zero), moved);
}

/* ---- pairs ---- */

#define NUMBERS (2 * LANES)

LANES_INLINE void eight_pairs(const uint64_t *words, double *out) {
  const lane_bits a = load_bits(words), b = load_bits(words + LANES);
  const lanes radius = square_root(minus_twice_log(unit_of(even_lanes(a, b))));
  lanes cosine, sine;
  find_direction(odd_lanes(a, b), &cosine, &sine);
  const lane_bits first = bits_of(multiply(radius, cosine)), second = bits_of(multiply(radius, sine));
  store(out, of_bits(even_lanes(first, second)));
  store(out + LANES, of_bits(odd_lanes(first, second)));
}

/* The last numbers are padded with zeros. */
static void of_words(size_t count, const uint64_t *words, double *out) {
  size_t i = 0;
  for (; i + NUMBERS <= count; i += NUMBERS) eight_pairs(words + i, out + i);
  if (i == count) return;
  uint64_t last[NUMBERS] = {0};
  double numbers[NUMBERS];
  memcpy(last, words + i, (count - i + count % 2) * sizeof *last);
  eight_pairs(last, numbers);
  memcpy(out + i, numbers, (count - i) * sizeof *out);
}

const gdi_normal_kernels GDI_FOR_CPU(gdi_normal_kernels) = {of_words};
