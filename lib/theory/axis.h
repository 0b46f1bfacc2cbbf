/* SPDX-License-Identifier: BSD-3-Clause */
/* The sides of the imaginary axis on which eigenvalues lie, with error bounds. */
#ifndef GDI_THEORY_AXIS_H
#define GDI_THEORY_AXIS_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>

/* Condition numbers [n] of n eigenvalues, from their vectors as in gdi_eigen_solve(), which are overwritten.  They are
 * infinite if the vectors are dependent. */
gd_status gdi_axis_conditions(const gdi_env *env, size_t n, const double *im, double *vectors, double *conditions);

/* True if no J + E with |E|_2 <= d has an eigenvalue on the axis; J [n by n], packed.  It takes one eigenproblem of
 * size 2 n; `level` accounts for its rounding.  False also if it is undecided. */
gd_status gdi_axis_is_clear(const gdi_env *env, size_t n, const double *J, double d, double level, bool *clear);

#endif
