/* SPDX-License-Identifier: BSD-3-Clause */
/* Sweeps: C w and C' t in one read of C (fused matrix-vector products).  A step of a bilinear game is one sweep.
 *
 * A matrix that is swept often is copied once into rows padded to whole lanes.  Every sum has
 * an order of its own that depends on the matrix's shape alone, so results are the same bits
 * on every CPU and for any number of threads. */
#ifndef GDI_KERNELS_GEMV_PAIR_H
#define GDI_KERNELS_GEMV_PAIR_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct gdi_gemv_pair gdi_gemv_pair;

/* Copy C [rows by columns], ldc >= rows, finite.  Large sweeps run on the environment's executor.
 * `env` is borrowed for the sweep's life.  GD_ERR_MEMORY. */
gd_status gdi_gemv_pair_create(gdi_gemv_pair **sweep, const gdi_env *env, size_t rows, size_t columns, const double *C,
                               size_t ldc);
void gdi_gemv_pair_destroy(gdi_gemv_pair *sweep); /* NULL is a no-op */

/* y += forward C w and z += backward C' t; either half is left out when its input is NULL.
 * w, z [columns]; t, y [rows]; outputs overlap nothing. */
typedef struct gdi_gemv_pair_vectors {
  double forward;
  const double *w;
  double *y;
  double backward;
  const double *t;
  double *z;
} gdi_gemv_pair_vectors;

/* May run on several threads at once.  What the executor fails with; outputs are then worth nothing. */
gd_status gdi_gemv_pair_run(gdi_gemv_pair *sweep, const gdi_gemv_pair_vectors *vectors);

/* A rectangle of the matrix; vectors that go with it start at its first row or column. */
typedef struct gdi_gemv_pair_window {
  size_t row, rows, column, columns;
} gdi_gemv_pair_window;

/* The same with a part of the matrix, one half at a time. */
gd_status gdi_gemv_pair_run_window(gdi_gemv_pair *sweep, gdi_gemv_pair_window window,
                                   const gdi_gemv_pair_vectors *vectors);

/* t' C w for a part of the matrix, on the calling thread. */
double gdi_gemv_pair_form(gdi_gemv_pair *sweep, gdi_gemv_pair_window window, const double *t, const double *w);

/* The same for eight points as lanes, on the calling thread: entry i of a vector is the eight
 * numbers from index i * distance on. */
void gdi_gemv_pair_run_points(const gdi_gemv_pair *sweep, const gdi_gemv_pair_vectors *vectors, size_t distance);

/* The entries copied out: out[i + j*ldout] = scale C[i, j], or of C' if transposed. */
void gdi_gemv_pair_copy(const gdi_gemv_pair *sweep, bool transposed, double scale, double *out, size_t ldout);

/* ---- For the kernels, and for matrices that are stored as a sweep's are. ---- */

/* Some rows of some columns; what fills the lanes beyond them can be read and is finite. */
typedef struct gdi_gemv_pair_block {
  size_t rows, columns, stride;
  const double *entries;
} gdi_gemv_pair_block;

typedef struct gdi_gemv_pair_kernels {
  void (*run)(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *vectors);
  void (*run_points)(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *vectors, size_t distance);
} gdi_gemv_pair_kernels;

/* The kernel of this CPU, on the calling thread. */
void gdi_gemv_pair_run_block(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *vectors);
/* Entries from column to column: `rows` in whole lanes, an odd number of them, so that columns start in different sets
 * of the cache. */
size_t gdi_gemv_pair_stride(size_t rows);

extern const gdi_gemv_pair_kernels gdi_gemv_pair_kernels_plain, gdi_gemv_pair_kernels_avx2,
    gdi_gemv_pair_kernels_avx512;

#endif
