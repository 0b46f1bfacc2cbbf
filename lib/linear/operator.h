/* SPDX-License-Identifier: BSD-3-Clause */
/* Operator, seen from inside the library. */
#ifndef GDI_LINEAR_OPERATOR_H
#define GDI_LINEAR_OPERATOR_H

#include "base/memory.h"

#include <gamedyn/operator.h>

/* What an operator of the library's own does; statuses and their words come through. */
typedef struct gdi_operator_table {
  gd_status (*apply)(void *context, const double *u, double *out);
  gd_status (*apply_transpose)(void *context, const double *w, double *out); /* NULL: there is none */
  void (*destroy)(void *context);
} gdi_operator_table;

/* [rows by columns]; the table is borrowed, the context is owned once this has succeeded. */
gd_status gdi_operator_create(gd_operator **op, size_t rows, size_t columns, const gdi_operator_table *table,
                              void *context, const gd_env *env);

/* Of a map of steps z = (x, memory): out = what the first of them makes of a distance d of x, both of the length of z,
 * d 0 beyond x. */
typedef gd_status gdi_lift_fn(void *context, const double *d, double *out);

/* Give an operator of the library's own a lift of x [points]. */
void gdi_operator_set_lift(gd_operator *op, size_t points, gdi_lift_fn *lift);
size_t gdi_operator_points(const gd_operator *op); /* 0 without a lift */
gd_status gdi_operator_lift(gd_operator *op, const double *d, double *out);

/* Move an operator of a game to another point x [n], and to the game's draw of now. */
void gdi_operator_move(gd_operator *op, const double *x);

/* An operator J of a game: its matrix at the point [n by n], borrowed, is handed out from now on. */
void gdi_operator_keep(gd_operator *op, const double *J);

/* GD_ERR_UNSUPPORTED, in the name of `what`, if the vectors of op, which may be NULL, are spread over processes:
 * whoever adds up, normalises or assembles asks this first. */
gd_status gdi_operator_check_whole(const gd_operator *op, const char *what);

/* `op` is made from `from`, which may be NULL: its vectors are spread where those are. */
void gdi_operator_inherit(gd_operator *op, const gd_operator *from);

/* How much its products may be off, relative to its norm, beyond rounding: a game's that is differenced is. */
double gdi_operator_doubt(const gd_operator *op);
/* The same of an operator that is not a game's: 0 unless set. */
void gdi_operator_set_doubt(gd_operator *op, double doubt);

/* The environment it was made with. */
const gdi_env *gdi_operator_env(const gd_operator *op);

/* out [rows by k] = A U, U [columns by k], both packed: at once where a game offers that, else one by one. */
gd_status gdi_operator_apply_many(gd_operator *op, size_t k, const double *U, double *out);

/* A = the operator's matrix, packed; GD_ERR_NONFINITE, naming the entry, unless all of it is finite. */
gd_status gdi_operator_assemble_finite(gd_operator *op, double *A);

#endif
