/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes and weights for integrals. */
#ifndef GDI_MODELS_QUADRATURE_H
#define GDI_MODELS_QUADRATURE_H

#include "base/memory.h"

#include <stddef.h>

/* Gauss-Legendre on [0, 1]: the sum of weights[k] h(nodes[k]) is the integral of h, exactly for polynomials of degree
 * 2 count - 1.  Nodes ascend; both [count], count > 0. */
void gdi_gauss_legendre(size_t count, double *nodes, double *weights);

/* Gauss-Hermite for the standard normal distribution: the sum of weights[k] h(nodes[k]) is the expectation of h,
 * exactly for polynomials of degree 2 count - 1.  As above. GD_ERR_MEMORY, GD_ERR_LAPACK. */
gd_status gdi_gauss_hermite(const gdi_env *env, size_t count, double *nodes, double *weights);

#endif
