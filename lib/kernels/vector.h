/* SPDX-License-Identifier: BSD-3-Clause */
/* Vectors of doubles: elementwise work in one pass over memory, without a BLAS call.
 *
 * The loops are compiled once for each kind of CPU (vector_kernels.c) and chosen by the
 * kernel table.  Sums run in eight lanes whose order depends on n alone, so results are
 * the same bits on every CPU.  Nothing here checks arguments or allocates. */
#ifndef GDI_KERNELS_VECTOR_H
#define GDI_KERNELS_VECTOR_H

#include "kernels/table.h"

#include <stdbool.h>
#include <stddef.h>

/* The result of gdi_vector_track(), which runs use after each step. */
typedef struct gdi_vector_change {
  double norm_squared;     /* |x|^2, may overflow to infinity */
  double distance_squared; /* |x - old|^2, likewise */
  bool finite;             /* no entry of x is infinite or NaN */
} gdi_vector_change;

/* One set of loops for one kind of CPU. */
typedef struct gdi_vector_kernels {
  double (*dot)(size_t n, const double *a, const double *b);
  double (*norm_squared)(size_t n, const double *x);
  double (*distance_squared)(size_t n, const double *a, const double *b);
  size_t (*first_nonfinite)(size_t n, const double *x);
  void (*move)(size_t n, double h, const double *from, const double *direction, double *to);
  void (*optimistic)(size_t n, double h, const double weights[2], const double *v, const double *previous, double *x);
  gdi_vector_change (*change)(size_t n, const double *x, const double *old, double *kept);
  void (*four_dots)(size_t n, const double *columns, size_t ld, const double *v, double *dots);
  void (*add_four)(size_t n, const double *columns, size_t ld, const double *weights, double *z);
} gdi_vector_kernels;

extern const gdi_vector_kernels gdi_vector_kernels_plain, gdi_vector_kernels_avx2, gdi_vector_kernels_avx512;

/* <a, b>; a, b [n] */
static inline double gdi_vector_dot(size_t n, const double *a, const double *b) {
  return gdi_kernels.vector->dot(n, a, b);
}

/* |x|, Euclidean, without overflow or underflow on the way; NaN or infinite if an entry is. */
double gdi_vector_norm(size_t n, const double *x);

/* |a - b|, likewise. */
double gdi_vector_distance(size_t n, const double *a, const double *b);

/* Index of the first entry that is infinite or NaN; n if there is none. */
static inline size_t gdi_vector_first_nonfinite(size_t n, const double *x) {
  return gdi_kernels.vector->first_nonfinite(n, x);
}

static inline bool gdi_vector_is_finite(size_t n, const double *x) { return gdi_vector_first_nonfinite(n, x) == n; }

/* to = from + h direction; `to` may be `from`. */
static inline void gdi_vector_move(size_t n, double h, const double *from, const double *direction, double *to) {
  gdi_kernels.vector->move(n, h, from, direction, to);
}

/* y += a x */
static inline void gdi_vector_axpy(size_t n, double a, const double *x, double *y) {
  gdi_kernels.vector->move(n, a, y, x, y);
}

/* x += h a v - h b previous */
static inline void gdi_vector_extrapolate(size_t n, double h, double a, const double *v, double b,
                                          const double *previous, double *x) {
  gdi_kernels.vector->optimistic(n, h, (const double[2]){a, b}, v, previous, x);
}

/* dots[k] = <column k, v> of four columns ld apart, in one pass */
static inline void gdi_vector_four_dots(size_t n, const double *columns, size_t ld, const double *v, double dots[4]) {
  gdi_kernels.vector->four_dots(n, columns, ld, v, dots);
}

/* z += the sum of weights[k] column k, likewise */
static inline void gdi_vector_add_four(size_t n, const double *columns, size_t ld, const double weights[4], double *z) {
  gdi_kernels.vector->add_four(n, columns, ld, weights, z);
}

/* Compute the size of x, its distance from `old` and whether it is finite, and copy it to `kept`, all in one pass;
 * `kept` may be `old`.  If a sum overflows, x may still be finite; use gdi_vector_norm() then. */
static inline gdi_vector_change gdi_vector_track(size_t n, const double *x, const double *old, double *kept) {
  return gdi_kernels.vector->change(n, x, old, kept);
}

#endif
