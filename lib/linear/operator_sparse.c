/* SPDX-License-Identifier: BSD-3-Clause */
/* operator_sparse.c -- a sparse matrix as an operator. */
#include "base/error.h"
#include "linear/compressed.h"
#include "linear/operator.h"

#include <gamedyn/sparse.h>

typedef struct sparse_operator {
  gdi_env env;
  gdi_compressed matrix;
} sparse_operator;

static gd_status apply(void *context, const double *u, double *out) {
  const sparse_operator *own = context;
  gdi_compressed_multiply(&own->matrix, 0, own->matrix.rows, u, out);
  return GD_OK;
}

static gd_status apply_transpose(void *context, const double *w, double *out) {
  const sparse_operator *own = context;
  gdi_compressed_multiply_transposed(&own->matrix, w, out);
  return GD_OK;
}

static void destroy(void *context) {
  sparse_operator *own = context;
  gdi_compressed_destroy(&own->matrix, &own->env);
  gdi_destroy(own, offsetof(sparse_operator, env));
}

gd_status gd_operator_sparse(gd_operator **op, const gd_sparse *sparse, const gd_env *env) {
  static const gdi_operator_table table = {apply, apply_transpose, destroy};
  gd_status status;
  GDI_REQUIRE(op && sparse, "gd_operator_sparse: %s is NULL", op ? "sparse" : "op");
  GDI_REQUIRE(gd_sparse_rows(sparse) > 0 && gd_sparse_columns(sparse) > 0,
              "gd_operator_sparse: the matrix is %zu by %zu, expected a row and a column at least",
              gd_sparse_rows(sparse), gd_sparse_columns(sparse));
  sparse_operator *own = gdi_create(env, sizeof *own, offsetof(sparse_operator, env), &status);
  if (!own) return status;
  status = gdi_compressed_create(&own->matrix, &own->env, sparse);
  if (status == GD_OK) status = gdi_operator_create(op, own->matrix.rows, own->matrix.columns, &table, own, env);
  if (status < 0) destroy(own);
  return status;
}
