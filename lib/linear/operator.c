/* SPDX-License-Identifier: BSD-3-Clause */
/* operator.c -- linear maps known by their products.
 *
 * The kinds here: the user's functions, the library's own functions, a dense matrix.  Operators of games are in
 * operator_game.c. */
#include "linear/operator_kinds.h"

#include "base/error.h"
#include "base/overlap.h"
#include "dense/algebra.h"
#include "game/limits.h"
#include "kernels/vector.h"

#include <string.h>

gd_status gdi_operator_assemble_by_columns(gd_operator *op, double *A, size_t lda) {
  double *unit = gdi_allocate(&op->env, op->columns, sizeof *unit);
  if (!unit) return GD_ERR_MEMORY;
  gd_status status = GD_OK;
  for (size_t k = 0; k < op->columns && status >= 0; k++) {
    unit[k] = 1.0;
    status = op->kind->apply(op, unit, A + k * lda);
    unit[k] = 0.0;
  }
  gdi_release(&op->env, unit);
  return status;
}

double gdi_operator_doubt(const gd_operator *op) { return op->game ? gdi_game_doubt(op->game) : op->doubt; }

void gdi_operator_set_doubt(gd_operator *op, double doubt) { op->doubt = doubt; }

/* ---- operators of the user ---- */

static gd_status callback_status(uint64_t before, int code, const char *product) {
  if (code == 0) return GD_OK;
  return gdi_callback_code(before, code,
                           code > 0 ? "the operator's %s is outside its domain (it returned %d)"
                                    : "the operator's %s failed (it returned %d)",
                           product, code);
}

static gd_status user_apply(gd_operator *op, const double *u, double *out) {
  const uint64_t before = gdi_failures();
  return callback_status(before, op->forward(op->context, u, out), "apply");
}

static gd_status no_transpose(void) {
  return gdi_fail(GD_ERR_UNSUPPORTED, "the operator was created without a transposed product");
}

static gd_status user_apply_transpose(gd_operator *op, const double *w, double *out) {
  if (!op->transposed) return no_transpose();
  const uint64_t before = gdi_failures();
  return callback_status(before, op->transposed(op->context, w, out), "apply_transpose");
}

static const gdi_operator_kind user_kind = {user_apply, user_apply_transpose, gdi_operator_assemble_by_columns, NULL};

/* ---- operators of the library ---- */

static gd_status own_apply(gd_operator *op, const double *u, double *out) {
  return op->table->apply(op->context, u, out);
}

static gd_status own_apply_transpose(gd_operator *op, const double *w, double *out) {
  return op->table->apply_transpose ? op->table->apply_transpose(op->context, w, out) : no_transpose();
}

static const gdi_operator_kind own_kind = {own_apply, own_apply_transpose, gdi_operator_assemble_by_columns, NULL};

/* ---- a matrix ---- */

static gd_status dense_apply(gd_operator *op, const double *u, double *out) {
  gdi_matrix_vector(false, op->rows, op->columns, 1.0, op->matrix, op->rows, u, out);
  return GD_OK;
}

static gd_status dense_apply_transpose(gd_operator *op, const double *w, double *out) {
  gdi_matrix_vector(true, op->rows, op->columns, 1.0, op->matrix, op->rows, w, out);
  return GD_OK;
}

static gd_status dense_assemble(gd_operator *op, double *A, size_t lda) {
  for (size_t k = 0; k < op->columns; k++) memcpy(A + k * lda, op->matrix + k * op->rows, op->rows * sizeof *A);
  return GD_OK;
}

static const gdi_operator_kind dense_kind = {dense_apply, dense_apply_transpose, dense_assemble, NULL};

/* ---- create and destroy ---- */

gd_status gdi_operator_make(gd_operator **op, const gdi_operator_kind *kind, const gd_env *env) {
  gd_status status;
  *op = gdi_create(env, sizeof **op, offsetof(gd_operator, env), &status);
  if (*op) (*op)->kind = kind;
  return status;
}

gd_status gd_operator_create(gd_operator **op, size_t n, gd_apply_fn *apply, gd_apply_fn *apply_transpose,
                             void *context, const gd_env *env) {
  GDI_REQUIRE(op, "gd_operator_create: op is NULL");
  GDI_REQUIRE(n > 0, "gd_operator_create: n is 0, expected at least 1");
  GDI_REQUIRE(apply, "gd_operator_create: apply is NULL");
  gd_operator *made;
  GD_TRY(gdi_operator_make(&made, &user_kind, env));
  made->rows = made->columns = n;
  made->forward = apply;
  made->transposed = apply_transpose;
  made->context = context;
  *op = made;
  return GD_OK;
}

gd_status gdi_operator_create(gd_operator **op, size_t rows, size_t columns, const gdi_operator_table *table,
                              void *context, const gd_env *env) {
  gd_operator *made;
  GD_TRY(gdi_operator_make(&made, &own_kind, env));
  made->rows = rows;
  made->columns = columns;
  made->table = table;
  made->context = context;
  *op = made;
  return GD_OK;
}

gd_status gd_operator_dense(gd_operator **op, size_t rows, size_t columns, const double *A, size_t lda,
                            const gd_env *env) {
  GDI_REQUIRE(op, "gd_operator_dense: op is NULL");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_operator_dense: the matrix is %zu by %zu, expected at least 1 by 1", rows,
              columns);
  GDI_REQUIRE(A, "gd_operator_dense: A is NULL");
  GDI_REQUIRE(lda >= rows, "gd_operator_dense: lda is %zu, expected at least rows = %zu", lda, rows);
  GD_TRY(gdi_matrix_check_side(rows));
  GD_TRY(gdi_matrix_check_side(columns));
  gd_operator *made;
  GD_TRY(gdi_operator_make(&made, &dense_kind, env));
  made->rows = rows;
  made->columns = columns;
  made->matrix = gdi_allocate(&made->env, gdi_times(rows, columns), sizeof *A);
  if (!made->matrix) {
    gd_operator_destroy(made);
    return GD_ERR_MEMORY;
  }
  for (size_t k = 0; k < columns; k++) memcpy(made->matrix + k * rows, A + k * lda, rows * sizeof *A);
  *op = made;
  return GD_OK;
}

void gd_operator_destroy(gd_operator *op) {
  if (!op) return;
  if (op->table) op->table->destroy(op->context);
  gdi_release(&op->env, op->matrix);
  gdi_release(&op->env, op->point);
  gdi_release(&op->env, op->scratch);
  gdi_destroy(op, offsetof(gd_operator, env));
}

gd_status gdi_operator_check_whole(const gd_operator *op, const char *what) {
  return op && op->spread ? gdi_game_check_whole(op->spread, what) : GD_OK;
}

void gdi_operator_inherit(gd_operator *op, const gd_operator *from) {
  if (from && from->spread) op->spread = from->spread;
}

void gdi_operator_set_lift(gd_operator *op, size_t points, gdi_lift_fn *lift) {
  op->lift = lift;
  op->points = points;
}

size_t gdi_operator_points(const gd_operator *op) { return op->points; }

gd_status gdi_operator_lift(gd_operator *op, const double *d, double *out) { return op->lift(op->context, d, out); }

const gdi_env *gdi_operator_env(const gd_operator *op) { return &op->env; }

/* ---- use ---- */

size_t gd_operator_rows(const gd_operator *op) { return op ? op->rows : 0; }

size_t gd_operator_columns(const gd_operator *op) { return op ? op->columns : 0; }

static gd_status check_product(size_t n, const double *out) {
  const size_t bad = gdi_vector_first_nonfinite(n, out);
  if (bad == n) return GD_OK;
  return gdi_fail(GD_ERR_NONFINITE, "entry %zu of a product of the operator is %g", bad, out[bad]);
}

gd_status gd_operator_apply(gd_operator *op, const double *u, double *out) {
  GDI_REQUIRE(op && u && out, "gd_operator_apply: op, u or out is NULL");
  GDI_REQUIRE(!gdi_overlap(op->columns, u, op->rows, out), "gd_operator_apply: out overlaps u");
  GD_TRY(op->kind->apply(op, u, out));
  return check_product(op->rows, out);
}

gd_status gd_operator_apply_transpose(gd_operator *op, const double *w, double *out) {
  GDI_REQUIRE(op && w && out, "gd_operator_apply_transpose: op, w or out is NULL");
  GDI_REQUIRE(!gdi_overlap(op->rows, w, op->columns, out), "gd_operator_apply_transpose: out overlaps w");
  GD_TRY(op->kind->apply_transpose(op, w, out));
  return check_product(op->columns, out);
}

gd_status gdi_operator_apply_many(gd_operator *op, size_t k, const double *U, double *out) {
  if (op->kind->apply_many) return op->kind->apply_many(op, k, U, out);
  for (size_t c = 0; c < k; c++) GD_TRY(op->kind->apply(op, U + c * op->columns, out + c * op->rows));
  return GD_OK;
}

gd_status gd_operator_assemble(gd_operator *op, double *A, size_t lda) {
  GDI_REQUIRE(op && A, "gd_operator_assemble: op or A is NULL");
  GD_TRY(gdi_operator_check_whole(op, "gd_operator_assemble"));
  GDI_REQUIRE(lda >= op->rows, "gd_operator_assemble: lda is %zu, expected at least rows = %zu", lda, op->rows);
  return op->kind->assemble(op, A, lda);
}

gd_status gdi_operator_assemble_finite(gd_operator *op, double *A) {
  GD_TRY(op->kind->assemble(op, A, op->rows));
  size_t row, column;
  if (!gdi_matrix_is_finite(op->rows, op->columns, A, op->rows, &row, &column))
    return gdi_fail(GD_ERR_NONFINITE, "entry (%zu, %zu) of the operator is %g", row, column,
                    A[row + column * op->rows]);
  return GD_OK;
}
