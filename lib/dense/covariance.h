/* SPDX-License-Identifier: BSD-3-Clause */
/* Covariances from callers: checks and factors. */
#ifndef GDI_DENSE_COVARIANCE_H
#define GDI_DENSE_COVARIANCE_H

#include <gamedyn/status.h>
#include <stddef.h>

/* GD_OK if S [d by d], lds >= d, is finite and exactly symmetric, or NULL, which is the identity. */
gd_status gdi_covariance_check(size_t d, const double *S, size_t lds);

/* The lower Cholesky factor L [d by d], zeros above; GD_ERR_ARGUMENT, naming the pivot, if S is not positive definite.
 */
gd_status gdi_covariance_factor(size_t d, const double *S, size_t lds, double *L);

#endif
