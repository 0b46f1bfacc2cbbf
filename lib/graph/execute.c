/* SPDX-License-Identifier: BSD-3-Clause */
/* execute.c -- runs one instruction: fused ones tile by tile, products by multiply.c, others by plain loops.
 *
 * The pieces of an instruction are tiles, columns or rows that do not depend on each other. */
#include "graph/engine.h"
#include "graph/tile_kernels.h"
#include "kernels/table.h"

#include <string.h>

static const gdi_tile_kernels *const kernels[] = GDI_CPU_KERNELS(GDI_REAL(gdi_tile_kernels));

/* ---- fused instructions ---- */

/* Some rows of some columns: whole columns, or part of one. */
typedef struct tile {
  size_t row, rows, column, columns;
} tile;

typedef struct walk {
  const gdi_frame *frame;
  const gdi_instruction *in;
  gdi_real *scratch;
  const gdi_operand *operands;
  const gdi_step *steps;
  gdi_real *at[GDI_MOST_OPERANDS]; /* each operand's numbers in the current tile */
} walk;

static void spread_column(const tile *t, const gdi_real *from, gdi_real *to) {
  for (size_t j = 0; j < t->columns; j++) memcpy(to + j * t->rows, from + t->row, t->rows * sizeof *to);
}

static void spread_row(const tile *t, const gdi_real *from, gdi_real *to) {
  for (size_t j = 0; j < t->columns; j++) {
    const gdi_real value = from[t->column + j];
    for (size_t i = 0; i < t->rows; i++) to[j * t->rows + i] = value;
  }
}

static void spread_number(const tile *t, gdi_real value, gdi_real *to) {
  for (size_t k = 0; k < t->rows * t->columns; k++) to[k] = value;
}

/* Operands that are the same in every tile are spread once, unless tiles are parts of columns. */
static void enter(walk *own, const tile *t, bool again) {
  for (size_t k = 0; k < own->in->operands; k++) {
    const gdi_operand *operand = own->operands + k;
    if (operand->spread == GDI_WHOLE) { /* written to only if it is the result of a step */
      own->at[k] = (gdi_real *)read_from(own->frame, operand->place) + t->row + t->column * own->in->rows;
      continue;
    }
    own->at[k] = own->scratch + operand->slot * GDI_TILE;
    if (operand->spread == GDI_SLOT) continue;
    const gdi_real *from = read_from(own->frame, operand->place);
    if (operand->spread == GDI_ROW) spread_row(t, from, own->at[k]);
    if (operand->spread == GDI_COLUMN && !(again && t->rows == own->in->rows)) spread_column(t, from, own->at[k]);
    if (operand->spread == GDI_NUMBER && !again) spread_number(t, *from, own->at[k]);
  }
}

static void run_tile(walk *own, const tile *t, bool again) {
  const size_t n = t->rows * t->columns;
  enter(own, t, again);
  for (size_t k = 0; k < own->in->steps; k++) {
    const gdi_step *step = own->steps + k;
    kernels[gdi_kernels.cpu]->of[step->op](n, step->p, own->at[step->a], own->at[step->b], own->at[step->out]);
  }
}

/* Columns shorter than a tile are grouped into tiles of whole columns; longer ones are divided into several tiles. */
static size_t tiles_in_column(const gdi_instruction *in) { return ceiling(in->rows, GDI_TILE); }
static size_t columns_in_tile(const gdi_instruction *in) { return in->rows < GDI_TILE ? GDI_TILE / in->rows : 1; }

static tile tile_number(const gdi_instruction *in, size_t k) {
  const size_t blocks = tiles_in_column(in), columns = columns_in_tile(in);
  const size_t row = k % blocks * GDI_TILE, column = k / blocks * columns;
  return (tile){row, least(GDI_TILE, in->rows - row), column, least(columns, in->columns - column)};
}

static void run_fused(const gdi_program *program, walk *own, size_t first, size_t last) {
  own->operands = (const gdi_operand *)program->operands.items + own->in->first_operand;
  own->steps = (const gdi_step *)program->steps.items + own->in->first_step;
  for (size_t k = first; k < last; k++) {
    const tile t = tile_number(own->in, k);
    run_tile(own, &t, k > first);
  }
}

/* ---- other matrices ---- */

enum { SUM_GRAIN = 16 };

static void sum_rows(const gdi_instruction *in, const gdi_real *a, gdi_real *out, size_t first, size_t last) {
  const size_t start = first * SUM_GRAIN, end = least(in->columns, last * SUM_GRAIN);
  kernels[gdi_kernels.cpu]->sum_rows(in->left.rows, end - start, a + start * in->left.rows, out + start);
}

static void sum_columns(const gdi_instruction *in, const gdi_real *a, gdi_real *out, size_t first, size_t last) {
  const size_t start = first * SUM_GRAIN, end = least(in->rows, last * SUM_GRAIN);
  kernels[gdi_kernels.cpu]->sum_columns(end - start, in->left.columns, a + start, in->rows, out + start);
}

static void find_norms(const gdi_instruction *in, const gdi_real *a, gdi_real *out, size_t first, size_t last) {
  const size_t start = first * SUM_GRAIN, rows = in->left.rows, columns = in->left.columns;
  if (in->node.row == GD_OVER_ALL)
    kernels[gdi_kernels.cpu]->norm_rows(rows * columns, 1, a, out);
  else if (in->node.row == GD_OVER_ROWS)
    kernels[gdi_kernels.cpu]->norm_rows(rows, least(columns, last * SUM_GRAIN) - start, a + start * rows, out + start);
  else
    kernels[gdi_kernels.cpu]->norm_columns(least(rows, last * SUM_GRAIN) - start, columns, a + start, rows,
                                           out + start);
}

static void transpose(size_t rows, size_t columns, const gdi_real *a, gdi_real *out) {
  for (size_t j = 0; j < columns; j++)
    for (size_t i = 0; i < rows; i++) out[j + i * columns] = a[i + j * rows];
}

/* Columns of `rows` entries from one matrix to another. */
static void copy_columns(size_t rows, size_t columns, const gdi_real *from, size_t ld_from, gdi_real *to,
                         size_t ld_to) {
  for (size_t j = 0; j < columns; j++) memcpy(to + j * ld_to, from + j * ld_from, rows * sizeof *to);
}

static void pad(const gdi_instruction *in, const gdi_real *a, gdi_real *out) {
  memset(out, 0, in->rows * in->columns * sizeof *out);
  copy_columns(in->left.rows, in->left.columns, a, in->left.rows, out + in->node.row + in->node.column * in->rows,
               in->rows);
}

static void join(const gdi_instruction *in, const gdi_real *a, const gdi_real *b, gdi_real *out) {
  const gdi_node *one = &in->left, *other = &in->right;
  gdi_real *second = out + (in->op == GDI_STACK ? one->rows : one->columns * in->rows);
  copy_columns(one->rows, one->columns, a, one->rows, out, in->rows);
  copy_columns(other->rows, other->columns, b, other->rows, second, in->rows);
}

static void run_single(const gdi_instruction *in, const gdi_frame *frame, size_t first, size_t last) {
  const gdi_real *a = read_from(frame, in->a), *b = in->node.b ? read_from(frame, in->b) : NULL;
  gdi_real *out = write_to(frame, in->out);
  switch (in->op) {
  case GDI_SUM_ROWS:
    sum_rows(in, a, out, first, last);
    break;
  case GDI_SUM_COLUMNS:
    sum_columns(in, a, out, first, last);
    break;
  case GDI_NORM:
    find_norms(in, a, out, first, last);
    break;
  case GDI_CHECK:
    *out = (gdi_real)kernels[gdi_kernels.cpu]->first_unfit(in->left.rows * in->left.columns, (int)in->node.row, a);
    break;
  case GDI_TRANSPOSE:
    transpose(in->left.rows, in->left.columns, a, out);
    break;
  case GDI_SLICE:
    copy_columns(in->rows, in->columns, a + in->node.row + in->node.column * in->left.rows, in->left.rows, out,
                 in->rows);
    break;
  case GDI_PAD:
    pad(in, a, out);
    break;
  default: /* GDI_STACK, GDI_BESIDE */
    join(in, a, b, out);
  }
}

/* ---- the engine ---- */

static size_t units(const gdi_instruction *in) {
  if (in->op == GDI_NONE) return tiles_in_column(in) * ceiling(in->columns, columns_in_tile(in));
  if (in->op == GDI_PRODUCT) return GDI_REAL(gdi_multiply_units)(in);
  if (in->op == GDI_SUM_ROWS || in->op == GDI_SUM_COLUMNS || in->op == GDI_NORM)
    return ceiling(in->rows * in->columns, SUM_GRAIN); /* one of both is 1 */
  return 1;
}

static void run(const gdi_program *program, const gdi_instruction *in, const gdi_frame *frame, void *scratch,
                size_t first, size_t last) {
  walk own = {.frame = frame, .in = in, .scratch = scratch};
  if (in->op == GDI_NONE)
    run_fused(program, &own, first, last);
  else if (in->op == GDI_PRODUCT)
    GDI_REAL(gdi_multiply)(program, in, frame, scratch, first, last);
  else
    run_single(in, frame, first, last);
}

static void from_doubles(size_t n, const double *from, void *to) {
  gdi_real *own = to;
  for (size_t k = 0; k < n; k++) own[k] = (gdi_real)from[k];
}

static void to_doubles(size_t n, const void *from, double *to) {
  const gdi_real *own = from;
  for (size_t k = 0; k < n; k++) to[k] = (double)own[k];
}

const gdi_engine GDI_REAL(gdi_graph_engine) = {sizeof(gdi_real),
                                               GDI_REAL(gdi_multiply_finishes),
                                               GDI_REAL(gdi_multiply_sums),
                                               GDI_REAL(gdi_multiply_scratch),
                                               units,
                                               run,
                                               from_doubles,
                                               to_doubles};
