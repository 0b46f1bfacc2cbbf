/* SPDX-License-Identifier: BSD-3-Clause */
/* scalar.c -- the operations of one operand, one number at a time. */
#include "graph/scalar.h"

#include <math.h>

double gdi_scalar_sigmoid(double a) {
  const double e = exp(-fabs(a));
  return a < 0 ? e / (1 + e) : 1 / (1 + e);
}

double gdi_scalar_sech2(double a) {
  const double e = exp(-2 * fabs(a)), sum = 1 + e;
  return 4 * e / (sum * sum);
}

double gdi_scalar_softplus(double a) { return (a > 0 ? a : 0) + log1p(exp(-fabs(a))); }

static double linear(gdi_op op, double p, double a) {
  switch (op) {
  case GDI_SCALE:
    return p * a;
  case GDI_SHIFT:
    return a + p;
  case GDI_RAMP:
    return a > 0 ? a : p == 0 && a < 0 ? 0 : p * a; /* as for masks, 0 whatever there was */
  case GDI_STEP:
    return a > 0 ? 1 : p;
  default: /* GDI_DETACH, GDI_WIDEN */
    return a;
  }
}

double gdi_scalar_unary(gdi_op op, double p, double a) {
  switch (op) {
  case GDI_EXP:
    return exp(a);
  case GDI_LOG:
    return log(a);
  case GDI_TANH:
    return tanh(a);
  case GDI_SECH2:
    return gdi_scalar_sech2(p * a);
  case GDI_SIGMOID:
    return gdi_scalar_sigmoid(a);
  case GDI_SOFTPLUS:
    return gdi_scalar_softplus(a);
  case GDI_SQUARE:
    return a * a;
  case GDI_SQRT:
    return sqrt(a);
  case GDI_POWER:
    return pow(a, p);
  case GDI_RECIPROCAL:
    return 1 / a;
  case GDI_ABSOLUTE:
    return fabs(a);
  case GDI_NONNEGATIVE:
    return a >= 0 ? a : (double)NAN;
  default:
    return linear(op, p, a);
  }
}
