/* SPDX-License-Identifier: BSD-3-Clause */
/* Sweeps: C w and C' t in one read of C (fused matrix-vector products).  A step of a bilinear game is one sweep.
 *
 * The matrix is copied once into rows padded to whole lanes.  The order of every sum depends on the matrix's shape
 * alone, so results are the same bits on every CPU and for any number of threads. */
#ifndef GDI_KERNELS_SWEEP_H
#define GDI_KERNELS_SWEEP_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct gdi_sweep gdi_sweep;

/* Copy C [rows by columns], ldc >= rows, finite.  Large sweeps run on the environment's executor.
 * `env` is borrowed for the sweep's life.  GD_ERR_MEMORY. */
gd_status gdi_sweep_create(gdi_sweep **sweep, const gdi_env *env, size_t rows, size_t columns, const double *C,
                           size_t ldc);
void gdi_sweep_destroy(gdi_sweep *sweep); /* NULL is a no-op */

/* y += forward C w and z += backward C' t; either half is left out when its input is NULL.
 * w, z [columns]; t, y [rows]; outputs overlap nothing. */
typedef struct gdi_sweep_vectors {
  double forward;
  const double *w;
  double *y;
  double backward;
  const double *t;
  double *z;
} gdi_sweep_vectors;

/* May be called on several threads at once.  Returns the executor's failure; the outputs are then undefined. */
gd_status gdi_sweep_run(gdi_sweep *sweep, const gdi_sweep_vectors *vectors);

/* A rectangle of the matrix; vectors that go with it start at its first row or column. */
typedef struct gdi_sweep_window {
  size_t row, rows, column, columns;
} gdi_sweep_window;

/* The same for a part of the matrix; only one of the two products at a time. */
gd_status gdi_sweep_run_window(gdi_sweep *sweep, gdi_sweep_window window, const gdi_sweep_vectors *vectors);

/* t' C w for a part of the matrix, on the calling thread. */
double gdi_sweep_form(gdi_sweep *sweep, gdi_sweep_window window, const double *t, const double *w);

/* The same for eight points at once, on the calling thread: entry i of a vector is the eight numbers from index i *
 * distance on. */
void gdi_sweep_run_points(const gdi_sweep *sweep, const gdi_sweep_vectors *vectors, size_t distance);

/* The entries copied out: out[i + j*ldout] = scale C[i, j], or of C' if transposed. */
void gdi_sweep_copy(const gdi_sweep *sweep, bool transposed, double scale, double *out, size_t ldout);

/* ---- For the kernels, and for matrices that are stored as a sweep's are. ---- */

/* A block of some rows and some columns.  The entries that pad the rows to whole lanes can be read and are finite. */
typedef struct gdi_sweep_block {
  size_t rows, columns, stride;
  const double *entries;
} gdi_sweep_block;

typedef struct gdi_sweep_kernels {
  void (*run)(const gdi_sweep_block *block, const gdi_sweep_vectors *vectors);
  void (*run_points)(const gdi_sweep_block *block, const gdi_sweep_vectors *vectors, size_t distance);
} gdi_sweep_kernels;

/* The kernel of this CPU, on the calling thread. */
void gdi_sweep_run_block(const gdi_sweep_block *block, const gdi_sweep_vectors *vectors);
/* The distance between columns, in entries: `rows` rounded up to an odd number of lanes, so columns start in different
 * sets of the cache. */
size_t gdi_sweep_stride(size_t rows);

extern const gdi_sweep_kernels gdi_sweep_kernels_plain, gdi_sweep_kernels_avx2, gdi_sweep_kernels_avx512;

#endif
