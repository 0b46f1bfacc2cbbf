/* SPDX-License-Identifier: BSD-3-Clause */
/* The exponential of a small matrix. */
#ifndef GDI_BASE_EXPONENTIAL_H
#define GDI_BASE_EXPONENTIAL_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stddef.h>

/* E = exp(scale A); A, E [n by n], packed, distinct, A finite.  GD_ERR_MEMORY. */
gd_status gdi_matrix_exponential(const gdi_env *env, size_t n, double scale, const double *A, double *E);

#endif
