/* SPDX-License-Identifier: BSD-3-Clause */
/* sweep.c -- divides a sweep into blocks, in memory and over threads.
 *
 * Rows go in blocks whose parts of t and y stay in the nearest cache.  Large matrices are cut
 * into chunks of columns, by their shape alone.  Each chunk makes its own part of y, and the
 * parts are added in order: on one thread block by block with the part on the stack, on
 * several threads at the end, with the same bits.  Each chunk owns its entries of z.  A sweep
 * with one half only is cut so that nothing needs adding. */
#include "kernels/gemv_pair.h"

#include "kernels/table.h"
#include "kernels/vector.h"
#include "threads/tasks.h"

#include <stdatomic.h>
#include <string.h>

#define LANES 8
#define BLOCK_ROWS 4096
#define BLOCK_POINT_ROWS 256
#define FORM_COLUMNS 64
#define CHUNK_ENTRIES 65536 /* below this a thread is not worth waking */
#define MOST_CHUNKS 16

struct gdi_gemv_pair {
  const gdi_env *env;
  size_t rows, columns, stride;
  size_t chunks; /* number of chunks: of columns for both products, else of the output */
  double *entries;
  double *parts;    /* [chunks] parts of y, `stride` apart, when an executor may make them at once */
  atomic_flag busy; /* whoever sets it has the parts */
};

static size_t round_up(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }
static size_t least(size_t a, size_t b) { return a < b ? a : b; }

size_t gdi_gemv_pair_stride(size_t rows) { return (round_up(rows, LANES) / LANES | 1) * LANES; }

void gdi_gemv_pair_run_block(const gdi_gemv_pair_block *block, const gdi_gemv_pair_vectors *vectors) {
  gdi_kernels.sweep->run(block, vectors);
}

static void set_shape(gdi_gemv_pair *s, size_t rows, size_t columns) {
  s->rows = rows;
  s->columns = columns;
  s->stride = gdi_gemv_pair_stride(rows);
  s->chunks = 1;
  const double entries = (double)rows * (double)columns;
  while (s->chunks < MOST_CHUNKS && entries >= 2.0 * CHUNK_ENTRIES * (double)s->chunks) s->chunks *= 2;
}

gd_status gdi_gemv_pair_create(gdi_gemv_pair **sweep, const gdi_env *env, size_t rows, size_t columns, const double *C,
                               size_t ldc) {
  gdi_gemv_pair *s = gdi_allocate(env, 1, sizeof *s);
  if (!s) return GD_ERR_MEMORY;
  s->env = env;
  atomic_flag_clear(&s->busy);
  set_shape(s, rows, columns);
  /* a window may begin anywhere and is read in whole lanes */
  s->entries = gdi_allocate(env, gdi_times(columns + LANES, s->stride), sizeof(double));
  if (s->chunks > 1 && env->executor.run_all) s->parts = gdi_allocate(env, s->chunks, s->stride * sizeof(double));
  if (!s->entries || (s->chunks > 1 && env->executor.run_all && !s->parts)) {
    gdi_gemv_pair_destroy(s);
    return GD_ERR_MEMORY;
  }
  for (size_t j = 0; j < columns; j++) memcpy(s->entries + j * s->stride, C + j * ldc, rows * sizeof *C);
  *sweep = s;
  return GD_OK;
}

void gdi_gemv_pair_destroy(gdi_gemv_pair *sweep) {
  if (!sweep) return;
  gdi_release(sweep->env, sweep->parts);
  gdi_release(sweep->env, sweep->entries);
  gdi_release(sweep->env, sweep);
}

static gdi_gemv_pair_block block_at(const gdi_gemv_pair *s, gdi_gemv_pair_window at) {
  return (gdi_gemv_pair_block){at.rows, at.columns, s->stride, s->entries + at.row + at.column * s->stride};
}

/* Work on vectors that belong to a window. */
typedef struct job {
  gdi_gemv_pair *sweep;
  gdi_gemv_pair_window window;
  const gdi_gemv_pair_vectors *vectors;
} job;

/* Some of the window's rows and columns; `y` starts at the first of these rows. */
static void run_part(const job *j, gdi_gemv_pair_window part, double *y) {
  const gdi_gemv_pair_vectors *v = j->vectors;
  const size_t row = part.row - j->window.row, column = part.column - j->window.column;
  const gdi_gemv_pair_block block = block_at(j->sweep, part);
  const gdi_gemv_pair_vectors seen = {v->forward,  v->w ? v->w + column : NULL, y,
                                      v->backward, v->t ? v->t + row : NULL,    v->z ? v->z + column : NULL};
  gdi_kernels.sweep->run(&block, &seen);
}

/* The same, block by block. */
static void run_blocks(const job *j, gdi_gemv_pair_window part, double *y) {
  for (size_t row = 0; row < part.rows; row += BLOCK_ROWS) {
    const gdi_gemv_pair_window block = {part.row + row, least(BLOCK_ROWS, part.rows - row), part.column, part.columns};
    run_part(j, block, y ? y + row : NULL);
  }
}

/* Chunk number `chunk` of `count` things: where it starts and how long it is. */
static size_t cut(size_t count, size_t chunks, size_t chunk, size_t *start) {
  const size_t length = round_up((count + chunks - 1) / chunks, LANES);
  *start = least(chunk * length, count);
  return least(length, count - *start);
}

static gdi_gemv_pair_window column_chunk(const job *j, size_t chunk) {
  gdi_gemv_pair_window part = j->window;
  size_t start;
  part.columns = cut(part.columns, j->sweep->chunks, chunk, &start);
  part.column += start;
  return part;
}

/* Both halves on one thread: each chunk's part of a block of y, one after the other. */
static void run_both_alone(const job *j) {
  double part_of_y[BLOCK_ROWS];
  for (size_t row = 0; row < j->window.rows; row += BLOCK_ROWS)
    for (size_t chunk = 0; chunk < j->sweep->chunks; chunk++) {
      gdi_gemv_pair_window part = column_chunk(j, chunk);
      part.row += row;
      part.rows = least(BLOCK_ROWS, j->window.rows - row);
      memset(part_of_y, 0, part.rows * sizeof *part_of_y);
      run_part(j, part, part_of_y);
      gdi_vector_axpy(part.rows, 1.0, part_of_y, j->vectors->y + row);
    }
}

static gd_status run_both_chunk(void *argument, size_t chunk) {
  const job *j = argument;
  double *part_of_y = j->sweep->parts + chunk * j->sweep->stride;
  memset(part_of_y, 0, j->window.rows * sizeof *part_of_y);
  run_blocks(j, column_chunk(j, chunk), part_of_y);
  return GD_OK;
}

static gd_status run_backward_chunk(void *argument, size_t chunk) {
  const job *j = argument;
  run_blocks(j, column_chunk(j, chunk), NULL);
  return GD_OK;
}

static gd_status run_forward_chunk(void *argument, size_t chunk) {
  const job *j = argument;
  gdi_gemv_pair_window part = j->window;
  size_t start;
  part.rows = cut(part.rows, j->sweep->chunks, chunk, &start);
  part.row += start;
  run_blocks(j, part, j->vectors->y + start);
  return GD_OK;
}

/* Only one caller at a time can use the threads' memory; others do the same work on their own thread. */
static gd_status run_both_on_threads(job *j) {
  gdi_gemv_pair *s = j->sweep;
  if (atomic_flag_test_and_set_explicit(&s->busy, memory_order_acquire)) {
    run_both_alone(j);
    return GD_OK;
  }
  const gd_status status = gdi_tasks_run(s->env, s->chunks, run_both_chunk, j);
  for (size_t chunk = 0; status == GD_OK && chunk < s->chunks; chunk++)
    gdi_vector_axpy(j->window.rows, 1.0, s->parts + chunk * s->stride, j->vectors->y);
  atomic_flag_clear_explicit(&s->busy, memory_order_release);
  return status;
}

gd_status gdi_gemv_pair_run_window(gdi_gemv_pair *s, gdi_gemv_pair_window window, const gdi_gemv_pair_vectors *v) {
  job j = {s, window, v};
  const bool both = v->w && v->t;
  if (s->chunks == 1 || !(both || s->parts))
    run_blocks(&j, window, v->y);
  else if (!s->parts)
    run_both_alone(&j);
  else if (both)
    return run_both_on_threads(&j);
  else
    return gdi_tasks_run(s->env, s->chunks, v->w ? run_forward_chunk : run_backward_chunk, &j);
  return GD_OK;
}

gd_status gdi_gemv_pair_run(gdi_gemv_pair *s, const gdi_gemv_pair_vectors *v) {
  return gdi_gemv_pair_run_window(s, (gdi_gemv_pair_window){0, s->rows, 0, s->columns}, v);
}

double gdi_gemv_pair_form(gdi_gemv_pair *s, gdi_gemv_pair_window window, const double *t, const double *w) {
  double z[FORM_COLUMNS], sum = 0;
  for (size_t column = 0; column < window.columns; column += FORM_COLUMNS) {
    gdi_gemv_pair_window part = window;
    part.column += column;
    part.columns = least(FORM_COLUMNS, window.columns - column);
    memset(z, 0, sizeof z);
    const gdi_gemv_pair_vectors v = {.backward = 1, .t = t, .z = z};
    run_blocks(&(job){s, part, &v}, part, NULL);
    sum += gdi_vector_dot(part.columns, z, w + column);
  }
  return sum;
}

void gdi_gemv_pair_run_points(const gdi_gemv_pair *s, const gdi_gemv_pair_vectors *v, size_t distance) {
  for (size_t row = 0; row < s->rows; row += BLOCK_POINT_ROWS) {
    const gdi_gemv_pair_window at = {row, least(BLOCK_POINT_ROWS, s->rows - row), 0, s->columns};
    const gdi_gemv_pair_block block = block_at(s, at);
    gdi_gemv_pair_vectors seen = *v;
    if (v->y) seen.y += row * distance;
    if (v->t) seen.t += row * distance;
    gdi_kernels.sweep->run_points(&block, &seen, distance);
  }
}

/* Some columns at a time, so that either side's cache lines are used whole. */
void gdi_gemv_pair_copy(const gdi_gemv_pair *s, bool transposed, double scale, double *out, size_t ldout) {
  const size_t to_row = transposed ? ldout : 1, to_column = transposed ? 1 : ldout;
  for (size_t first = 0; first < s->columns; first += LANES)
    for (size_t i = 0; i < s->rows; i++)
      for (size_t j = first; j < least(first + LANES, s->columns); j++)
        out[i * to_row + j * to_column] = scale * s->entries[i + j * s->stride];
}
