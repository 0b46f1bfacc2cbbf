/* SPDX-License-Identifier: BSD-3-Clause */
/* gemv_pair_kernels.c -- the loops of sweep.h, compiled once for each kind of CPU.
 *
 * Columns are taken several at a time, so that each entry of y is read and written once for
 * all of them, while each entry of C is read once for both products:
 *
 *     y_i = fma(C_ij, w_j, y_i)               in the order of j
 *     s_l = fma(C_ij, t_i, s_l), l = i mod 8  in the order of i;  z_j += lane_sum(s)
 *
 * fma rounds once, as C's fma() does on any machine; it is the CPU's instruction on all but
 * x86 older than 2013, where fma() is slow.  How many columns go together changes no bit. */
#include "kernels/gemv_pair.h"
#include "kernels/simd.h"

#include <stdbool.h>

#if REGISTER_LANES == 8
#define GROUP 8 /* columns at a time: 8 splats, 8 sums and a few more in 32 registers */
#else
#define GROUP 4 /* 16 registers */
#endif
#define POINT_ROWS 4 /* of eight points at a time, so that finding entries costs less than using them */
#define EACH_COLUMN _Pragma("GCC unroll 8") for (size_t g = 0; g < GROUP; g++)

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE __builtin_shufflevector
#endif
#endif

/* out[g] = lane_sum(sums[g]), several side by side where vectors can be shuffled. */
LANES_INLINE void group_sums(const lanes sums[GROUP], double out[GROUP]) {
#if !defined(SHUFFLE)
  EACH_COLUMN out[g] = lane_sum(sums[g]);
#elif REGISTER_LANES == 8
  vector half[4], pair[2];
  for (size_t k = 0; k < 4; k++) {
    const vector a = sums[k].part[0], b = sums[k + 4].part[0];
    half[k] = SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (size_t k = 0; k < 2; k++) {
    const vector a = half[k], b = half[k + 2];
    pair[k] = SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  *(loose_vector *)out =
      SHUFFLE(pair[0], pair[1], 0, 8, 2, 10, 4, 12, 6, 14) + SHUFFLE(pair[0], pair[1], 1, 9, 3, 11, 5, 13, 7, 15);
#elif REGISTER_LANES == 4
  vector half[4], pair[2];
  for (size_t k = 0; k < 4; k++) half[k] = sums[k].part[0] + sums[k].part[1];
  for (size_t k = 0; k < 2; k++) {
    const vector a = half[2 * k], b = half[2 * k + 1];
    pair[k] = SHUFFLE(a, b, 0, 1, 4, 5) + SHUFFLE(a, b, 2, 3, 6, 7);
  }
  *(loose_vector *)out = SHUFFLE(pair[0], pair[1], 0, 2, 4, 6) + SHUFFLE(pair[0], pair[1], 1, 3, 5, 7);
#else
  vector pair[4];
  for (size_t k = 0; k < 4; k++) pair[k] = (sums[k].part[0] + sums[k].part[2]) + (sums[k].part[1] + sums[k].part[3]);
  for (size_t k = 0; k < 4; k += 2)
    *(loose_vector *)(out + k) = SHUFFLE(pair[k], pair[k + 1], 0, 2) + SHUFFLE(pair[k], pair[k + 1], 1, 3);
#endif
}

typedef struct group {
  lanes w[GROUP], sums[GROUP];
} group;

/* Which of the two products are wanted; constant in each caller. */
typedef struct halves {
  bool forward, backward;
} halves;

/* Pointers of a half that is not wanted are NULL and stay so. */
#define T_AT(t, offset) (want.backward ? (t) + (offset) : NULL)
#define Y_AT(y, offset) (want.forward ? (y) + (offset) : NULL)

LANES_INLINE void sweep_rows(const double *C, size_t stride, halves want, group *state, const double *t, double *y) {
  lanes row_t = {0}, row_y = {0};
  if (want.backward) row_t = load(t);
  if (want.forward) row_y = load(y);
  EACH_COLUMN {
    const lanes entries = load(C + g * stride);
    if (want.forward) row_y = multiply_add(entries, state->w[g], row_y);
    if (want.backward) state->sums[g] = multiply_add(entries, row_t, state->sums[g]);
  }
  if (want.forward) store(y, row_y);
}

/* GROUP columns from column j on; `last` holds the rows that do not fill the lanes: t, then y. */
LANES_INLINE void sweep_group(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *v, halves want, size_t j,
                              double last[2 * LANES]) {
  const size_t full = block->rows / LANES * LANES, left = block->columns - j;
  const double *C = block->entries + j * block->stride;
  group state = {0};
  if (want.forward) EACH_COLUMN state.w[g] = splat(g < left ? v->forward * v->w[j + g] : 0.0);
  for (size_t i = 0; i < full; i += LANES) sweep_rows(C + i, block->stride, want, &state, T_AT(v->t, i), Y_AT(v->y, i));
  if (full < block->rows) sweep_rows(C + full, block->stride, want, &state, last, last + LANES);
  if (want.backward) {
    double sums[GROUP];
    group_sums(state.sums, sums);
    EACH_COLUMN if (g < left) v->z[j + g] += v->backward * sums[g];
  }
}

LANES_INLINE void sweep(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *v, halves want) {
  const size_t full = block->rows / LANES * LANES, rest = block->rows - full;
  double last[2 * LANES] = {0};
  for (size_t i = 0; i < rest; i++) {
    if (want.backward) last[i] = v->t[full + i];
    if (want.forward) last[LANES + i] = v->y[full + i];
  }
  for (size_t j = 0; j < block->columns; j += GROUP) sweep_group(block, v, want, j, last);
  if (want.forward)
    for (size_t i = 0; i < rest; i++) v->y[full + i] = last[LANES + i];
}

static void run(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *v) {
  if (!v->w)
    sweep(block, v, (halves){false, true});
  else if (!v->t)
    sweep(block, v, (halves){true, false});
  else
    sweep(block, v, (halves){true, true});
}

/* Some rows of eight points, one after the other in t and y: y_i and t_i are lanes, an entry of C is one number for
 * all of them. */
LANES_INLINE void sweep_point_rows(size_t rows, const double *C, size_t stride, halves want, group *state,
                                   const double *t, double *y, size_t distance) {
  lanes row_t[POINT_ROWS] = {0}, row_y[POINT_ROWS] = {0};
  for (size_t i = 0; i < rows; i++) {
    if (want.backward) row_t[i] = load(t + i * distance);
    if (want.forward) row_y[i] = load(y + i * distance);
  }
  EACH_COLUMN for (size_t i = 0; i < rows; i++) {
    const lanes entry = splat(C[i + g * stride]);
    if (want.forward) row_y[i] = multiply_add(entry, state->w[g], row_y[i]);
    if (want.backward) state->sums[g] = multiply_add(entry, row_t[i], state->sums[g]);
  }
  for (size_t i = 0; i < rows; i++)
    if (want.forward) store(y + i * distance, row_y[i]);
}

LANES_INLINE void sweep_point_group(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *v, halves want,
                                    size_t j, size_t distance) {
  const size_t rows = block->rows, stride = block->stride, left = block->columns - j;
  const double *C = block->entries + j * stride, *t = v->t;
  double *y = v->y;
  group state = {0};
  if (want.forward) EACH_COLUMN if (g < left) state.w[g] = multiply(splat(v->forward), load(v->w + (j + g) * distance));
  size_t i = 0;
  for (; i + POINT_ROWS <= rows; i += POINT_ROWS)
    sweep_point_rows(POINT_ROWS, C + i, stride, want, &state, T_AT(t, i * distance), Y_AT(y, i * distance), distance);
  for (; i < rows; i++)
    sweep_point_rows(1, C + i, stride, want, &state, T_AT(t, i * distance), Y_AT(y, i * distance), distance);
  if (want.backward) EACH_COLUMN if (g < left) {
      double *z = v->z + (j + g) * distance;
      store(z, add(load(z), multiply(splat(v->backward), state.sums[g])));
    }
}

LANES_INLINE void sweep_points(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *v, halves want,
                               size_t distance) {
  for (size_t j = 0; j < block->columns; j += GROUP) sweep_point_group(block, v, want, j, distance);
}

static void run_points(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *v, size_t distance) {
  if (!v->w)
    sweep_points(block, v, (halves){false, true}, distance);
  else if (!v->t)
    sweep_points(block, v, (halves){true, false}, distance);
  else
    sweep_points(block, v, (halves){true, true}, distance);
}

const gdi_gemv_pair_kernels GDI_FOR_CPU(gdi_gemv_pair_kernels) = {run, run_points};
