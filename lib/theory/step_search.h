/* SPDX-License-Identifier: BSD-3-Clause */
/* Step search: where a rate, the largest of several moduli as functions of the step size h, is below 1, and where it
 * is smallest.  It knows nothing of games: rates.c hands it stability functions, map_rates.c spectral radii. */
#ifndef GDI_THEORY_STEP_SEARCH_H
#define GDI_THEORY_STEP_SEARCH_H

#include <gamedyn/status.h>
#include <stddef.h>

typedef struct gdi_step_curves {
  size_t count;                                                                       /* of moduli, 1 or more */
  gd_status (*modulus)(const void *context, size_t index, double h, double *modulus); /* 0 or more; NaN: unstable */
  const void *context;
  const double *scale;    /* [count], > 0: the step size at which curve k has gone a fair way, 1/|lambda_k| */
  double noise;           /* relative error of a modulus */
  int octaves;            /* how far around its scale a curve is looked at: 2^-octaves to 2^octaves times */
  int samples_per_octave; /* and how closely */
} gdi_step_curves;

/* The largest modulus at h; `active`, may be NULL, becomes its index. */
gd_status gdi_step_rate(const gdi_step_curves *curves, double h, double *rate, size_t *active);

/* Supremum of the h such that the rate is < 1 on (0, h); 0 or INFINITY where that is the answer. */
gd_status gdi_step_largest_stable(const gdi_step_curves *curves, double *h);

/* The h of smallest rate and that rate; (0, 1) if no rate is < 1; (INFINITY, limit) if larger is always better. */
gd_status gdi_step_fastest(const gdi_step_curves *curves, double *h, double *rate);

#endif
