/* SPDX-License-Identifier: BSD-3-Clause */
/* Outline: the convex hull of the Ritz values, and the places near it where eigenvalues may be hidden. */
#ifndef GDI_LINEAR_OUTLINE_H
#define GDI_LINEAR_OUTLINE_H

#include "linear/order.h"

#include <stdbool.h>

typedef struct gdi_outline {
  size_t size;            /* Ritz values */
  const double *re, *im;  /* [size] */
  const double *residual; /* [size] */
  size_t n;               /* size of the operator */
  double radius;          /* a size of the operator */
  uint64_t degree;        /* products spent, per start */
} gdi_outline;

/* True if an eigenvalue that comes before `first`, the first one found, may have been missed. */
bool gdi_outline_may_hide(const gdi_outline *outline, const gd_spectrum_options *options, const gdi_unit *first);

#endif
