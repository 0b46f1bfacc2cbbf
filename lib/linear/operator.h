/* SPDX-License-Identifier: BSD-3-Clause */
/* Operator: functions for the library's own use. */
#ifndef GDI_LINEAR_OPERATOR_H
#define GDI_LINEAR_OPERATOR_H

#include "base/memory.h"

#include <gamedyn/operator.h>

/* The functions of an operator made by the library; their statuses and messages are passed on. */
typedef struct gdi_operator_table {
  gd_status (*apply)(void *context, const double *u, double *out);
  gd_status (*apply_transpose)(void *context, const double *w, double *out); /* NULL: there is none */
  void (*destroy)(void *context);
} gdi_operator_table;

/* Create an operator [rows by columns].  The table is borrowed; the context is owned after success. */
gd_status gdi_operator_create(gd_operator **op, size_t rows, size_t columns, const gdi_operator_table *table,
                              void *context, const gd_env *env);

/* For the map of a step of z = (x, memory): out = the change of z by the first step when x is displaced by d.  Both
 * have the length of z; d is 0 beyond x. */
typedef gd_status gdi_lift_fn(void *context, const double *d, double *out);

/* Set the lift of an operator made by the library, for x [points]. */
void gdi_operator_set_lift(gd_operator *op, size_t points, gdi_lift_fn *lift);
size_t gdi_operator_points(const gd_operator *op); /* 0 without a lift */
gd_status gdi_operator_lift(gd_operator *op, const double *d, double *out);

/* Move an operator of a game to another point x [n], at the game's current draw. */
void gdi_operator_move(gd_operator *op, const double *x);

/* For an operator J of a game: use this matrix at the point [n by n], borrowed, from now on. */
void gdi_operator_keep(gd_operator *op, const double *J);

/* GD_ERR_UNSUPPORTED if the vectors of op (may be NULL) are spread over processes; the message begins with `what`.
 * Functions that sum, normalise or assemble check this first. */
gd_status gdi_operator_check_whole(const gd_operator *op, const char *what);

/* `op` is made from `from` (may be NULL): its vectors are spread over processes if those of `from` are. */
void gdi_operator_inherit(gd_operator *op, const gd_operator *from);

/* The error of its products beyond rounding, relative to its norm; nonzero if the products of its game are
 * differenced. */
double gdi_operator_doubt(const gd_operator *op);
/* Set this error for an operator that is not a game's; the default is 0. */
void gdi_operator_set_doubt(gd_operator *op, double doubt);

/* The environment it was made with. */
const gdi_env *gdi_operator_env(const gd_operator *op);

/* out [rows by k] = A U, U [columns by k], both packed: in one call if the game has jvp_many, else one by one. */
gd_status gdi_operator_apply_many(gd_operator *op, size_t k, const double *U, double *out);

/* A = the operator's matrix, packed; GD_ERR_NONFINITE, naming the entry, unless all of it is finite. */
gd_status gdi_operator_assemble_finite(gd_operator *op, double *A);

#endif
