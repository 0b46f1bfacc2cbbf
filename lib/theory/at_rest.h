/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements about a stationary point are refused at other points. */
#ifndef GDI_THEORY_AT_REST_H
#define GDI_THEORY_AT_REST_H

#include "theory/linearisation.h"

/* GD_ERR_HYPOTHESIS, with a message that begins with `what`, unless |v| <= 1e-8 |J| max(1, |x|), |J| the Frobenius
 * norm.  Affine games always pass: their J is the same at their stationary points.  J must be a matrix. */
gd_status gdi_check_at_rest(gd_linearisation *at, const char *what);

#endif
