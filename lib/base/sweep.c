/* SPDX-License-Identifier: BSD-3-Clause */
/* sweep.c -- how a sweep is cut into blocks, in memory and over threads.
 *
 * Rows go in blocks whose parts of t and y stay in the nearest cache.  Large matrices are cut
 * into chunks of columns, by their shape alone.  Each chunk makes its own part of y, and the
 * parts are added in order: on one thread block by block with the part on the stack, on
 * several threads at the end, with the same bits.  Each chunk owns its entries of z.  A sweep
 * with one half only is cut so that nothing needs adding. */
#include "base/sweep.h"

#include "base/vector.h"

#include <stdatomic.h>
#include <string.h>

#define LANES 8
#define BLOCK_ROWS 4096
#define BLOCK_POINT_ROWS 128
#define CHUNK_ENTRIES 32768 /* below this a thread is not worth waking */
#define MOST_CHUNKS 16

struct gdi_sweep {
  const gdi_env *env;
  size_t rows, columns, stride;
  size_t chunks, chunk_columns, chunk_rows;
  double *entries;
  double *parts;    /* [chunks] parts of y, `stride` apart, when an executor may make them at once */
  atomic_flag busy; /* whoever sets it has the parts */
};

static const gdi_sweep_kernels *kernels = &gdi_sweep_kernels_plain;

#if defined(__x86_64__)
/* As in vector.c. */
__attribute__((constructor)) static void choose_kernels(void) {
  __builtin_cpu_init();
  const bool fma = __builtin_cpu_supports("fma");
  if (fma && __builtin_cpu_supports("avx512f"))
    kernels = &gdi_sweep_kernels_avx512;
  else if (fma && __builtin_cpu_supports("avx2"))
    kernels = &gdi_sweep_kernels_avx2;
}
#endif

static size_t round_up(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }
static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Rows padded to an odd number of lanes: columns then start in different sets of the cache. */
static void set_shape(gdi_sweep *s, size_t rows, size_t columns) {
  s->rows = rows;
  s->columns = columns;
  s->stride = (round_up(rows, LANES) / LANES | 1) * LANES;
  s->chunks = 1;
  const double entries = (double)rows * (double)columns;
  while (s->chunks < MOST_CHUNKS && entries >= 2.0 * CHUNK_ENTRIES * (double)s->chunks) s->chunks *= 2;
  s->chunk_columns = round_up((columns + s->chunks - 1) / s->chunks, LANES);
  s->chunk_rows = round_up((rows + s->chunks - 1) / s->chunks, LANES);
}

gd_status gdi_sweep_create(gdi_sweep **sweep, const gdi_env *env, size_t rows, size_t columns, const double *C,
                           size_t ldc) {
  gdi_sweep *s = gdi_allocate(env, 1, sizeof *s);
  if (!s) return GD_ERR_MEMORY;
  s->env = env;
  atomic_flag_clear(&s->busy);
  set_shape(s, rows, columns);
  s->entries = gdi_allocate(env, round_up(columns, LANES), s->stride * sizeof(double));
  if (s->chunks > 1 && env->executor.run_all) s->parts = gdi_allocate(env, s->chunks, s->stride * sizeof(double));
  if (!s->entries || (s->chunks > 1 && env->executor.run_all && !s->parts)) {
    gdi_sweep_destroy(s);
    return GD_ERR_MEMORY;
  }
  for (size_t j = 0; j < columns; j++) memcpy(s->entries + j * s->stride, C + j * ldc, rows * sizeof *C);
  *sweep = s;
  return GD_OK;
}

void gdi_sweep_destroy(gdi_sweep *sweep) {
  if (!sweep) return;
  gdi_release(sweep->env, sweep->parts);
  gdi_release(sweep->env, sweep->entries);
  gdi_release(sweep->env, sweep);
}

/* A rectangle of a sweep. */
typedef struct window {
  size_t row, rows, column, columns;
} window;

static gdi_sweep_block block_at(const gdi_sweep *s, window at) {
  return (gdi_sweep_block){at.rows, at.columns, s->stride, s->entries + at.row + at.column * s->stride};
}

/* The vectors seen from a window; `y` starts at the window's first row already. */
static gdi_sweep_vectors vectors_at(const gdi_sweep_vectors *v, window at, double *y) {
  return (gdi_sweep_vectors){v->forward,  v->w ? v->w + at.column : NULL, y,
                             v->backward, v->t ? v->t + at.row : NULL,    v->z ? v->z + at.column : NULL};
}

static void run_window(const gdi_sweep *s, const gdi_sweep_vectors *v, window at, double *y) {
  const gdi_sweep_block block = block_at(s, at);
  const gdi_sweep_vectors seen = vectors_at(v, at, y);
  kernels->run(&block, &seen);
}

static window chunk_window(const gdi_sweep *s, size_t chunk) {
  const size_t column = least(chunk * s->chunk_columns, s->columns);
  return (window){0, s->rows, column, least(s->chunk_columns, s->columns - column)};
}

/* All row blocks of a window, y starting at the window's first row. */
static void run_blocks(const gdi_sweep *s, const gdi_sweep_vectors *v, window all, double *y) {
  for (size_t row = 0; row < all.rows; row += BLOCK_ROWS) {
    const window at = {all.row + row, least(BLOCK_ROWS, all.rows - row), all.column, all.columns};
    run_window(s, v, at, y ? y + row : NULL);
  }
}

/* Both halves on one thread: each chunk's part of a block of y, one after the other. */
static void run_both_alone(const gdi_sweep *s, const gdi_sweep_vectors *v) {
  double part[BLOCK_ROWS];
  for (size_t row = 0; row < s->rows; row += BLOCK_ROWS) {
    const size_t rows = least(BLOCK_ROWS, s->rows - row);
    for (size_t chunk = 0; chunk < s->chunks; chunk++) {
      window at = chunk_window(s, chunk);
      at.row = row;
      at.rows = rows;
      memset(part, 0, rows * sizeof *part);
      run_window(s, v, at, part);
      gdi_vector_axpy(rows, 1.0, part, v->y + row);
    }
  }
}

typedef struct job {
  gdi_sweep *sweep;
  const gdi_sweep_vectors *vectors;
} job;

static int run_both_chunk(void *argument, size_t chunk) {
  const job *j = argument;
  double *part = j->sweep->parts + chunk * j->sweep->stride;
  memset(part, 0, j->sweep->rows * sizeof *part);
  run_blocks(j->sweep, j->vectors, chunk_window(j->sweep, chunk), part);
  return 0;
}

static int run_backward_chunk(void *argument, size_t chunk) {
  const job *j = argument;
  run_blocks(j->sweep, j->vectors, chunk_window(j->sweep, chunk), NULL);
  return 0;
}

static int run_forward_chunk(void *argument, size_t chunk) {
  const job *j = argument;
  const gdi_sweep *s = j->sweep;
  const size_t row = least(chunk * s->chunk_rows, s->rows);
  const window rows = {row, least(s->chunk_rows, s->rows - row), 0, s->columns};
  run_blocks(s, j->vectors, rows, j->vectors->y + row);
  return 0;
}

/* Only one caller at a time can have the threads' memory; others do the same work alone. */
static void run_on_threads(gdi_sweep *s, const gdi_sweep_vectors *v) {
  const gd_executor *executor = &s->env->executor;
  job work = {s, v};
  if (!v->t) {
    executor->run_all(executor->context, s->chunks, run_forward_chunk, &work);
  } else if (!v->w) {
    executor->run_all(executor->context, s->chunks, run_backward_chunk, &work);
  } else if (atomic_flag_test_and_set_explicit(&s->busy, memory_order_acquire)) {
    run_both_alone(s, v);
  } else {
    executor->run_all(executor->context, s->chunks, run_both_chunk, &work);
    for (size_t chunk = 0; chunk < s->chunks; chunk++)
      gdi_vector_axpy(s->rows, 1.0, s->parts + chunk * s->stride, v->y);
    atomic_flag_clear_explicit(&s->busy, memory_order_release);
  }
}

void gdi_sweep_run(gdi_sweep *s, const gdi_sweep_vectors *v) {
  const window all = {0, s->rows, 0, s->columns};
  if (s->parts)
    run_on_threads(s, v);
  else if (s->chunks > 1 && v->w && v->t)
    run_both_alone(s, v);
  else
    run_blocks(s, v, all, v->y);
}

void gdi_sweep_run_points(const gdi_sweep *s, const gdi_sweep_vectors *v, size_t distance) {
  for (size_t row = 0; row < s->rows; row += BLOCK_POINT_ROWS) {
    const window at = {row, least(BLOCK_POINT_ROWS, s->rows - row), 0, s->columns};
    const gdi_sweep_block block = block_at(s, at);
    gdi_sweep_vectors seen = *v;
    if (v->y) seen.y += row * distance;
    if (v->t) seen.t += row * distance;
    kernels->run_points(&block, &seen, distance);
  }
}

void gdi_sweep_copy(const gdi_sweep *s, bool transposed, double scale, double *out, size_t ldout) {
  for (size_t j = 0; j < s->columns; j++)
    for (size_t i = 0; i < s->rows; i++)
      out[transposed ? j + i * ldout : i + j * ldout] = scale * s->entries[i + j * s->stride];
}

const double *gdi_sweep_entries(const gdi_sweep *s, size_t *stride) {
  *stride = s->stride;
  return s->entries;
}
