/* SPDX-License-Identifier: BSD-3-Clause */
/* bidiagonal.c -- singular values of a large matrix; each step reads each column once.
 *
 * Householder bidiagonalization (Golub & Kahan 1965) in panels, as LAPACK's dgebrd: step i finds reflectors I - t v v'
 * from the left and I - s u u' from the right, and with y = t A'v, x = s A u the trailing matrix becomes A - v y' - x
 * u'.  Within a panel the stored A does not change; it stands for A - W Z' with W = [v x ...], Z = [y u ...].
 *
 * dgebrd is bound by memory: it reads A for A'v, and again for A u, since u depends on the row that A'v changes.  But u
 * is a combination of that row r and the first unit vector, so A u needs only A r, and r_j is known after the product
 * of column j with v.  So one pass computes the column's product with v and adds r_j times the column, which is still
 * in the cache, to A r (Howell, Demmel, Fulton, Hammarling & Marmol 2008, "Cache efficient bidiagonalization using BLAS
 * 2.5 operators"). */
#include "dense/bidiagonal.h"

#include "base/error.h"
#include "kernels/vector.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { PANEL = 16, WIDTH = 2 * PANEL };

typedef struct reduction {
  size_t rows, columns, lda, width; /* width: columns of W and Z in use */
  double *A;
  double *W;         /* [rows by WIDTH] */
  double *Zt;        /* [WIDTH by columns], Z transposed */
  double *diagonal;  /* [columns] */
  double *above;     /* [columns] */
  double *row, *met; /* [columns]: what W Z' takes from row i; Z W'v, then y */
  double *sum;       /* [rows], A r */
  double coefficients[WIDTH];
} reduction;

/* out = a - M b or (transposed) a - M'b, M [rows by columns]; out may be a. */
static void subtract_product(bool transposed, size_t rows, size_t columns, const double *M, size_t ld, const double *b,
                             size_t stride, double *out) {
  if (rows > 0 && columns > 0)
    cblas_dgemv(CblasColMajor, transposed ? CblasTrans : CblasNoTrans, (int)rows, (int)columns, -1, M, (int)ld, b,
                (int)stride, 1, out, 1);
}

/* The reflector I - t v v', v = (1, tail), that maps a = (head, tail) to (value, 0).  In: a; out: v and t; `value` and
 * `scale` such that v = (a - value e_1) scale.  If a is already of this form: t = 0, v = e_1. */
typedef struct reflector {
  double value, t, scale;
} reflector;

static reflector reflect(size_t n, double *a) {
  const double head = a[0], tail = gdi_vector_norm(n - 1, a + 1);
  a[0] = 1;
  if (tail == 0) return (reflector){head, 0, 0};
  const double value = -copysign(hypot(head, tail), head), scale = 1 / (head - value);
  for (size_t k = 1; k < n; k++) a[k] *= scale;
  return (reflector){value, (value - head) / value, scale};
}

/* Compute the current column i of A - W Z', reflect it, and store v in column `width` of W. */
static double reflect_column(reduction *m, size_t i, double *t) {
  const size_t length = m->rows - i;
  double *v = m->W + i + m->width * m->rows;
  memcpy(v, m->A + i + i * m->lda, length * sizeof *v);
  subtract_product(false, length, m->width, m->W + i, m->rows, m->Zt + i * WIDTH, 1, v);
  const reflector r = reflect(length, v);
  *t = r.t;
  return r.value;
}

/* Column i + 1 + j was multiplied by v: store y_j, and the entry of row i after the reflection. */
static inline void meet(reduction *m, size_t i, size_t j, double y) {
  m->Zt[m->width + (i + 1 + j) * WIDTH] = y;
  m->row[j] += m->A[i + (i + 1 + j) * m->lda] - y;
}

/* The pass: y = t A'v, the row r after the reflection, and sum = A r. */
static void meet_columns(reduction *m, size_t i, double t) {
  const size_t length = m->rows - i, first = i + 1, count = m->columns - first;
  const double *v = m->W + i + m->width * m->rows;
  memset(m->met, 0, count * sizeof *m->met);
  memset(m->row, 0, count * sizeof *m->row);
  memset(m->sum, 0, length * sizeof *m->sum);
  memset(m->coefficients, 0, sizeof m->coefficients);
  subtract_product(true, length, m->width, m->W + i, m->rows, v, 1, m->coefficients);
  for (size_t k = 0; k < m->width; k++) m->coefficients[k] = -m->coefficients[k];
  subtract_product(true, m->width, count, m->Zt + first * WIDTH, WIDTH, m->coefficients, 1, m->met);
  subtract_product(true, m->width, count, m->Zt + first * WIDTH, WIDTH, m->W + i, m->rows, m->row);
  size_t j = 0;
  for (; j + 4 <= count; j += 4) {
    const double *columns = m->A + i + (first + j) * m->lda;
    double dots[4];
    gdi_vector_four_dots(length, columns, m->lda, v, dots);
    for (size_t k = 0; k < 4; k++) meet(m, i, j + k, t * (dots[k] + m->met[j + k]));
    gdi_vector_add_four(length, columns, m->lda, m->row + j, m->sum);
  }
  for (; j < count; j++) {
    const double *column = m->A + i + (first + j) * m->lda;
    meet(m, i, j, t * (gdi_vector_dot(length, column, v) + m->met[j]));
    gdi_vector_axpy(length, m->row[j], column, m->sum);
  }
}

/* Reflect row i: u goes to column width + 1 of Z, and x = s (A - W Z') u to that of W. */
static double reflect_row(reduction *m, size_t i) {
  const size_t first = i + 1, count = m->columns - first, below = m->rows - first, used = m->width + 1;
  double *x = m->W + first + used * m->rows;
  const reflector r = reflect(count, m->row);
  for (size_t j = 0; j < count; j++) m->Zt[used + (first + j) * WIDTH] = m->row[j];
  memset(x, 0, below * sizeof *x);
  if (r.t == 0) return r.value;
  memcpy(x, m->sum + 1, below * sizeof *x);
  gdi_vector_axpy(below, -r.value, m->A + first + first * m->lda, x);
  for (size_t k = 0; k < below; k++) x[k] *= r.scale;
  memset(m->coefficients, 0, sizeof m->coefficients);
  cblas_dgemv(CblasColMajor, CblasNoTrans, (int)used, (int)count, 1, m->Zt + first * WIDTH, WIDTH, m->row, 1, 0,
              m->coefficients, 1);
  subtract_product(false, below, used, m->W + first, m->rows, m->coefficients, 1, x);
  for (size_t k = 0; k < below; k++) x[k] *= r.t;
  return r.value;
}

/* The panel is full: A becomes A - W Z', from row and column `first` on. */
static void apply_panel(reduction *m, size_t first) {
  if (first < m->columns)
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)(m->rows - first), (int)(m->columns - first),
                (int)m->width, -1, m->W + first, (int)m->rows, m->Zt + first * WIDTH, WIDTH, 1,
                m->A + first * (m->lda + 1), (int)m->lda);
  m->width = 0;
}

static void reduce(reduction *m) {
  for (size_t i = 0; i < m->columns; i++) {
    double t;
    m->diagonal[i] = reflect_column(m, i, &t);
    if (i + 1 == m->columns) return;
    meet_columns(m, i, t);
    m->above[i] = reflect_row(m, i);
    m->width += 2;
    if (m->width == WIDTH) apply_panel(m, i + 1);
  }
}

gd_status gdi_bidiagonal_singular_values(const gdi_env *env, size_t rows, size_t columns, double *A, size_t lda,
                                         double *values) {
  const size_t sizes[] = {rows * WIDTH, columns * WIDTH, rows, 3 * columns, 4 * columns};
  size_t total = 0;
  for (int k = 0; k < 5; k++) total += sizes[k];
  double *room = gdi_allocate(env, total, sizeof *room);
  if (!room) return GD_ERR_MEMORY;
  reduction m = {.rows = rows, .columns = columns, .lda = lda, .A = A, .W = room, .diagonal = values};
  m.Zt = m.W + sizes[0];
  m.sum = m.Zt + sizes[1];
  m.above = m.sum + sizes[2];
  m.row = m.above + columns;
  m.met = m.row + columns;
  reduce(&m);
  const int info = LAPACKE_dbdsqr_work(LAPACK_COL_MAJOR, 'U', (int)columns, 0, 0, 0, values, m.above, NULL, 1, NULL, 1,
                                       NULL, 1, m.met + columns);
  gdi_release(env, room);
  if (info != 0) return gdi_fail(GD_ERR_LAPACK, "dbdsqr failed on %zu values: info %d", columns, info);
  return GD_OK;
}
