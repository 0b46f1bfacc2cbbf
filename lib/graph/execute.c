/* SPDX-License-Identifier: BSD-3-Clause */
/* execute.c -- running a program: fused instructions tile by tile, products in BLAS, the rest by plain loops. */
#include "graph/program.h"

#include "base/cpu.h"
#include "base/small_product.h"
#include "graph/tile_kernels.h"

#include <string.h>

static const gdi_tile_kernels *const kernels_by_cpu[] = GDI_CPU_KERNELS(gdi_tile_kernels);
static const gdi_tile_kernels *kernels = &gdi_tile_kernels_plain;

__attribute__((constructor)) static void choose(void) { kernels = kernels_by_cpu[gdi_cpu_find()]; }

static const double *read_from(const gdi_frame *frame, gdi_place place) {
  return place.base == GDI_IN_CONSTANT ? place.constant : frame->base[place.base] + place.at;
}

static double *write_to(const gdi_frame *frame, gdi_place place) { return frame->arena + place.at; }

/* ---- fused instructions ---- */

/* Some rows of some columns: whole columns, or part of one. */
typedef struct tile {
  size_t row, rows, column, columns;
} tile;

typedef struct walk {
  const gdi_frame *frame;
  const gdi_instruction *in;
  const gdi_operand *operands;
  const gdi_step *steps;
  double *at[GDI_MOST_OPERANDS]; /* each operand's numbers in the current tile */
} walk;

static void spread_column(const tile *t, const double *from, double *to) {
  for (size_t j = 0; j < t->columns; j++) memcpy(to + j * t->rows, from + t->row, t->rows * sizeof *to);
}

static void spread_row(const tile *t, const double *from, double *to) {
  for (size_t j = 0; j < t->columns; j++) {
    const double value = from[t->column + j];
    for (size_t i = 0; i < t->rows; i++) to[j * t->rows + i] = value;
  }
}

static void spread_number(const tile *t, double value, double *to) {
  for (size_t k = 0; k < t->rows * t->columns; k++) to[k] = value;
}

/* What is the same in every tile is there already after the first, unless tiles are parts of columns. */
static void enter(walk *own, const tile *t, bool again) {
  for (size_t k = 0; k < own->in->operands; k++) {
    const gdi_operand *operand = own->operands + k;
    if (operand->spread == GDI_WHOLE) { /* written to only if it is the result of a step */
      own->at[k] = (double *)read_from(own->frame, operand->place) + t->row + t->column * own->in->rows;
      continue;
    }
    own->at[k] = own->frame->tiles + operand->slot * GDI_TILE;
    if (operand->spread == GDI_SLOT) continue;
    const double *from = read_from(own->frame, operand->place);
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
    kernels->of[step->op](n, step->p, own->at[step->a], own->at[step->b], own->at[step->out]);
  }
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static void run_fused(const gdi_program *program, const gdi_instruction *in, const gdi_frame *frame) {
  walk own = {.frame = frame,
              .in = in,
              .operands = (const gdi_operand *)program->operands.items + in->first_operand,
              .steps = (const gdi_step *)program->steps.items + in->first_step};
  const size_t columns = in->rows < GDI_TILE ? GDI_TILE / in->rows : 1, rows = least(in->rows, GDI_TILE);
  for (size_t j = 0; j < in->columns; j += columns)
    for (size_t i = 0; i < in->rows; i += rows) {
      const tile t = {i, least(rows, in->rows - i), j, least(columns, in->columns - j)};
      run_tile(&own, &t, i + j > 0);
    }
}

/* ---- matrices ---- */

static void multiply(const gdi_instruction *in, const gdi_frame *frame, double *out) {
  const gdi_node *left = &in->left, *right = &in->right;
  const bool ta = in->node.row, tb = in->node.column;
  const double *a = read_from(frame, in->a), *b = read_from(frame, in->b);
  gdi_product product = gdi_instruction_product(in);
  product.A = a, product.B = b;
  if (in->columns == 1) /* a vector is contiguous, transposed or not */
    gdi_matrix_vector(ta, left->rows, left->columns, 1, a, left->rows, b, out);
  else if (in->rows == 1)
    gdi_matrix_vector(!tb, right->rows, right->columns, 1, b, right->rows, a, out);
  else if (gdi_product_scratch(&product) < SIZE_MAX)
    gdi_product_small(&product, frame->tiles, out, in->rows);
  else
    gdi_matrix_product(&product, out, in->rows);
}

static void transpose(size_t rows, size_t columns, const double *a, double *out) {
  for (size_t j = 0; j < columns; j++)
    for (size_t i = 0; i < rows; i++) out[j + i * columns] = a[i + j * rows];
}

/* Columns of `rows` entries from one matrix to another. */
static void copy_columns(size_t rows, size_t columns, const double *from, size_t ld_from, double *to, size_t ld_to) {
  for (size_t j = 0; j < columns; j++) memcpy(to + j * ld_to, from + j * ld_from, rows * sizeof *to);
}

static void pad(const gdi_instruction *in, const double *a, double *out) {
  memset(out, 0, in->rows * in->columns * sizeof *out);
  copy_columns(in->left.rows, in->left.columns, a, in->left.rows, out + in->node.row + in->node.column * in->rows,
               in->rows);
}

static void join(const gdi_instruction *in, const double *a, const double *b, double *out) {
  const gdi_node *one = &in->left, *other = &in->right;
  double *second = out + (in->op == GDI_STACK ? one->rows : one->columns * in->rows);
  copy_columns(one->rows, one->columns, a, one->rows, out, in->rows);
  copy_columns(other->rows, other->columns, b, other->rows, second, in->rows);
}

static void run_single(const gdi_instruction *in, const gdi_frame *frame) {
  const double *a = read_from(frame, in->a), *b = in->node.b ? read_from(frame, in->b) : NULL;
  double *out = write_to(frame, in->out);
  switch (in->op) {
  case GDI_SUM_ROWS:
    kernels->sum_rows(in->left.rows, in->left.columns, a, out);
    break;
  case GDI_SUM_COLUMNS:
    kernels->sum_columns(in->left.rows, in->left.columns, a, out);
    break;
  case GDI_PRODUCT:
    multiply(in, frame, out);
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

static void run_some(const gdi_program *program, const gdi_frame *frame, size_t from, size_t to) {
  const gdi_instruction *instructions = program->instructions.items;
  for (size_t i = from; i < to; i++)
    if (instructions[i].op == GDI_NONE)
      run_fused(program, instructions + i, frame);
    else
      run_single(instructions + i, frame);
}

void gdi_program_run_shared(const gdi_program *program, const gdi_frame *frame) {
  run_some(program, frame, 0, program->shared);
}

void gdi_program_copy(const gdi_program *program, const gdi_frame *frame, size_t first, size_t count, double *result) {
  const gdi_output *outputs = program->outputs.items;
  for (size_t k = first; k < first + count; k++)
    memcpy(result + outputs[k].to, read_from(frame, outputs[k].from), outputs[k].count * sizeof *result);
}

void gdi_program_run_rest(const gdi_program *program, const gdi_frame *frame, double *result) {
  run_some(program, frame, program->shared, program->instructions.count);
  gdi_program_copy(program, frame, 0, program->outputs.count, result);
}
