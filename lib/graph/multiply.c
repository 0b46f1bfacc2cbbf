/* SPDX-License-Identifier: BSD-3-Clause */
/* multiply.c -- runs a product: by the library's own kernel, which also applies the finishing operations, or by BLAS.
 *
 * BLAS always gets the same pieces, since it may round whole matrices and parts of them differently. */
#include "graph/engine.h"

/* How a product is computed, and what a piece of it is. */
typedef enum way {
  MATRIX_VECTOR, /* all at once */
  VECTOR_MATRIX, /* some columns of the second factor */
  SMALL_COLUMNS, /* some columns of the result, by our own kernel */
  SMALL_ROWS,    /* some rows, so that each thread rearranges what it needs of a large first factor */
  BLAS_COLUMNS
} way;
static const size_t GRAIN[] = {
    [MATRIX_VECTOR] = SIZE_MAX, [VECTOR_MATRIX] = 128, [SMALL_COLUMNS] = 4, [SMALL_ROWS] = 16, [BLAS_COLUMNS] = 256};

/* The finishing operation for an operation on entries, where the product's entry is its first operand or, reversed, its
 * second. */
static gdi_finish_op finish_by(gdi_op op, gdi_real p, bool reversed) {
  static const gdi_finish_op BY_OP[GDI_OPS] = {
      [GDI_SCALE] = GDI_FINISH_SCALE,       [GDI_RAMP] = GDI_FINISH_RAMP,         [GDI_ADD] = GDI_FINISH_ADD,
      [GDI_SUBTRACT] = GDI_FINISH_SUBTRACT, [GDI_MULTIPLY] = GDI_FINISH_MULTIPLY, [GDI_GATE] = GDI_FINISH_GATE};
  if (reversed && op == GDI_SUBTRACT) return GDI_FINISH_SUBTRACT_FROM;
  if (reversed && op != GDI_ADD && op != GDI_MULTIPLY) return GDI_FINISH_NONE;
  if (p == 0 && op == GDI_RAMP) return GDI_FINISH_RECTIFY;
  if (p == 0 && op == GDI_GATE) return GDI_FINISH_MASK;
  return BY_OP[op];
}

bool GDI_REAL(gdi_multiply_finishes)(const gdi_product *shape, gdi_op op, bool reversed) {
  return shape->columns > 1 && GDI_REAL(gdi_product_finishes)(shape) && finish_by(op, 1, reversed) != GDI_FINISH_NONE;
}

bool GDI_REAL(gdi_multiply_sums)(const gdi_product *shape) {
  return shape->rows > 1 && shape->columns > 1 && GDI_REAL(gdi_product_sums)(shape);
}

static way way_of(const gdi_instruction *in, const gdi_product *product) {
  if (in->columns == 1) return MATRIX_VECTOR; /* a vector is contiguous, transposed or not */
  if (in->rows == 1) return VECTOR_MATRIX;
  const size_t scratch = GDI_REAL(gdi_product_scratch)(product);
  if (scratch == SIZE_MAX) return BLAS_COLUMNS;
  return scratch > 0 && product->inner >= product->columns ? SMALL_ROWS : SMALL_COLUMNS;
}

size_t GDI_REAL(gdi_multiply_units)(const gdi_instruction *in) {
  const gdi_product shape = gdi_instruction_product(in);
  const way how = way_of(in, &shape);
  if (how == MATRIX_VECTOR) return 1;
  return ceiling(how == SMALL_ROWS ? in->rows : in->columns, GRAIN[how]);
}

size_t GDI_REAL(gdi_multiply_scratch)(const gdi_instruction *in) {
  if (in->op != GDI_PRODUCT) return 0;
  const gdi_product shape = gdi_instruction_product(in);
  const size_t scratch = GDI_REAL(gdi_product_scratch)(&shape);
  return scratch < SIZE_MAX ? scratch : 0;
}

/* Some rows of a product, or some columns, and where they go. */
typedef struct part {
  gdi_finished_product of;
  gdi_finish finish[GDI_MOST_FINISHES]; /* finishing operations of `of` */
  gdi_real *out;
  size_t ldout;
} part;

/* The entry that a step combines the product's with: the step's other operand, or none. */
static gdi_finish finish_of(const gdi_step *step, const gdi_operand *operands, const gdi_frame *frame, size_t rows) {
  const uint16_t other = step->a ? step->a : step->b;
  gdi_finish own = {.op = finish_by(step->op, (gdi_real)step->p, step->a != 0), .p = (gdi_real)step->p};
  if (!other) return own;
  own.with = read_from(frame, operands[other].place);
  own.ldwith = operands[other].spread == GDI_COLUMN ? 0 : rows;
  return own;
}

static void start_whole(part *own, const gdi_product *shape, const gdi_program *program, const gdi_instruction *in,
                        const gdi_frame *frame) {
  const gdi_step *steps = (const gdi_step *)program->steps.items + in->first_step;
  const gdi_operand *operands = (const gdi_operand *)program->operands.items + in->first_operand;
  own->of = (gdi_finished_product){.shape = *shape,
                                   .A = read_from(frame, in->a),
                                   .B = read_from(frame, in->b),
                                   .finish = own->finish,
                                   .finishes = in->steps,
                                   .sums = in->has_sums ? write_to(frame, in->sums) : NULL};
  for (size_t k = 0; k < in->steps; k++) own->finish[k] = finish_of(steps + k, operands, frame, in->rows);
  own->out = write_to(frame, in->out);
  own->ldout = in->rows;
}

static void narrow_to(part *own, bool rows, size_t start, size_t count) {
  gdi_product *shape = &own->of.shape;
  if (rows) {
    own->of.A += start * (shape->transpose_a ? shape->lda : 1);
    shape->rows = count;
  } else {
    own->of.B += start * (shape->transpose_b ? 1 : shape->ldb);
    shape->columns = count;
  }
  own->out += start * (rows ? 1 : own->ldout);
  if (own->of.sums) own->of.sums = rows ? own->of.sums + start : start ? NULL : own->of.sums; /* by the first columns */
  for (gdi_finish *f = own->finish; f < own->finish + own->of.finishes; f++)
    if (f->with) f->with += start * (rows ? 1 : f->ldwith);
}

/* out = A x, A [rows by columns], or A' x */
typedef struct vector_product {
  bool transposed;
  size_t rows, columns, lda;
} vector_product;

static void by_blas(const part *p) {
#if defined(GDI_SINGLE)
  gdi_matrix_product_single(&p->of.shape, p->of.A, p->of.B, p->out, p->ldout);
#else
  gdi_product whole = p->of.shape;
  whole.A = p->of.A, whole.B = p->of.B;
  gdi_matrix_product(&whole, p->out, p->ldout);
#endif
}

static void by_vector(vector_product of, const gdi_real *A, const gdi_real *x, gdi_real *out) {
#if defined(GDI_SINGLE)
  gdi_matrix_vector_single(of.transposed, of.rows, of.columns, A, of.lda, x, out);
#else
  gdi_matrix_vector(of.transposed, of.rows, of.columns, 1, A, of.lda, x, out);
#endif
}

static void multiply_part(way how, const gdi_instruction *in, const part *p, gdi_real *scratch) {
  const gdi_product *shape = &p->of.shape;
  const vector_product left = {shape->transpose_a, in->left.rows, in->left.columns, shape->lda};
  const vector_product right = {!shape->transpose_b, shape->transpose_b ? shape->columns : shape->inner,
                                shape->transpose_b ? shape->inner : shape->columns, shape->ldb};
  switch (how) {
  case MATRIX_VECTOR:
    by_vector(left, p->of.A, p->of.B, p->out);
    break;
  case VECTOR_MATRIX:
    by_vector(right, p->of.B, p->of.A, p->out);
    break;
  case BLAS_COLUMNS:
    by_blas(p);
    break;
  default:
    GDI_REAL(gdi_product_small)(&p->of, scratch, p->out, p->ldout);
  }
}

void GDI_REAL(gdi_multiply)(const gdi_program *program, const gdi_instruction *in, const gdi_frame *frame,
                            void *scratch, size_t first, size_t last) {
  const gdi_product shape = gdi_instruction_product(in);
  const way how = way_of(in, &shape);
  const bool by_rows = how == SMALL_ROWS, ours = by_rows || how == SMALL_COLUMNS;
  const size_t all = how == MATRIX_VECTOR ? 1 : by_rows ? in->rows : in->columns, grain = least(GRAIN[how], all);
  for (size_t k = first; k < last; k = ours ? last : k + 1) { /* the bits of ours do not depend on the pieces */
    const size_t start = k * grain, end = least(all, (ours ? last : k + 1) * grain);
    part p;
    start_whole(&p, &shape, program, in, frame);
    narrow_to(&p, by_rows, start, end - start);
    multiply_part(how, in, &p, scratch);
  }
}
