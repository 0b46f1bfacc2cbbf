/* SPDX-License-Identifier: BSD-3-Clause */
/* On which side of the imaginary axis eigenvalues are, and how surely. */
#ifndef GDI_THEORY_AXIS_H
#define GDI_THEORY_AXIS_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>

/* Condition numbers [n] of n eigenvalues from their vectors, as gdi_eigen_solve() gives them; these are used up.
 * Infinite where the vectors are dependent. */
gd_status gdi_axis_conditions(const gdi_env *env, size_t n, const double *im, double *vectors, double *conditions);

/* Whether no J + E with |E|_2 <= d has an eigenvalue on the axis; J [n by n], packed.  By one eigenproblem of side 2 n,
 * whose rounding is taken for `level`: false if that does not tell. */
gd_status gdi_axis_is_clear(const gdi_env *env, size_t n, const double *J, double d, double level, bool *clear);

#endif
