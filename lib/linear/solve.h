/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear solvers: what their files share. */
#ifndef GDI_LINEAR_SOLVE_H
#define GDI_LINEAR_SOLVE_H

#include "linear/gmres.h"

/* From the x given. */
gd_status gdi_conjugate_gradient_run(const gdi_env *env, const gdi_system *system, double *x, gd_solve_result *result);

#endif
