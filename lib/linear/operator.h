/* SPDX-License-Identifier: BSD-3-Clause */
/* Operator, seen from inside the library. */
#ifndef GDI_LINEAR_OPERATOR_H
#define GDI_LINEAR_OPERATOR_H

#include "base/memory.h"

#include <gamedyn/operator.h>

/* out = A u, with a status of its own. */
typedef gd_status gdi_apply_fn(void *context, const double *u, double *out);

/* A square operator of the library's own, without a transposed product, which owns its context. */
gd_status gdi_operator_create(gd_operator **op, size_t n, gdi_apply_fn *apply, void *context,
                              void (*destroy)(void *context), const gd_env *env);

/* Move an operator of a game to another point x [n], and to the game's draw of now. */
void gdi_operator_move(gd_operator *op, const double *x);

/* The environment it was made with. */
const gdi_env *gdi_operator_env(const gd_operator *op);

/* A = the operator's matrix, packed; GD_ERR_NONFINITE, naming the entry, unless all of it is finite. */
gd_status gdi_operator_assemble_finite(gd_operator *op, double *A);

#endif
