/* SPDX-License-Identifier: BSD-3-Clause */
/* The contents of an operator, for the files that implement its kinds. */
#ifndef GDI_LINEAR_OPERATOR_KINDS_H
#define GDI_LINEAR_OPERATOR_KINDS_H

#include "linear/operator.h"

#include <stdbool.h>

typedef struct gdi_operator_kind {
  gd_status (*apply)(gd_operator *op, const double *u, double *out);
  gd_status (*apply_transpose)(gd_operator *op, const double *w, double *out);
  gd_status (*assemble)(gd_operator *op, double *A, size_t lda);
  gd_status (*apply_many)(gd_operator *op, size_t k, const double *U, double *out); /* NULL: one by one */
} gdi_operator_kind;

struct gd_operator {
  gdi_env env;
  const gdi_operator_kind *kind;
  size_t rows, columns;
  const gd_game *spread; /* the partitioned game its vectors belong to; NULL: they are whole */
  /* user's functions */
  gd_apply_fn *forward, *transposed;
  void *context; /* also of the library's own */
  /* library's own */
  const gdi_operator_table *table;
  gdi_lift_fn *lift; /* NULL: it acts on x alone */
  size_t points;     /* length of x, with a lift; else 0 */
  /* dense */
  double *matrix; /* [rows by columns] */
  double doubt;   /* error of its entries, relative to its norm */
  /* of a game */
  gd_game *game;
  double *point, *scratch; /* [n] */
  const double *kept;      /* J at the point [n by n], borrowed; NULL: nobody has it */
  size_t i, j;             /* block */
  double sign;             /* +1 symmetric part, -1 antisymmetric part */
  gd_draw draw;
  bool has_draw;
};

/* An operator of this kind, otherwise empty. */
gd_status gdi_operator_make(gd_operator **op, const gdi_operator_kind *kind, const gd_env *env);

/* A whole matrix from `columns` products with the unit vectors. */
gd_status gdi_operator_assemble_by_columns(gd_operator *op, double *A, size_t lda);

#endif
