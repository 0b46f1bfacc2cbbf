/* SPDX-License-Identifier: BSD-3-Clause */
/* Operator, seen from inside the library. */
#ifndef GDI_LINEAR_OPERATOR_H
#define GDI_LINEAR_OPERATOR_H

#include "base/memory.h"

#include <gamedyn/operator.h>

/* Hand the context of a gd_operator_create() operator over: `destroy` frees it with the operator. */
void gdi_operator_own_context(gd_operator *op, void (*destroy)(void *context));

/* The environment it was made with. */
const gdi_env *gdi_operator_env(const gd_operator *op);

/* A = the operator's matrix, packed; GD_ERR_NONFINITE, naming the entry, unless all of it is finite. */
gd_status gdi_operator_assemble_finite(gd_operator *op, double *A);

#endif
