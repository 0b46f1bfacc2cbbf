/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations with one operand, for one number. */
#ifndef GDI_GRAPH_SCALAR_H
#define GDI_GRAPH_SCALAR_H

#include "graph/graph.h"

double gdi_scalar_unary(gdi_op op, double p, double a);

/* 1 / cosh(a)^2 to full relative precision: 4 e / (1 + e)^2 for e = e^(-2 |a|) */
double gdi_scalar_sech2(double a);
/* 1 / (1 + e^-a), never overflowing */
double gdi_scalar_sigmoid(double a);
/* log(1 + e^a), likewise */
double gdi_scalar_softplus(double a);

#endif
