/* SPDX-License-Identifier: BSD-3-Clause */
/* Step search: a rate is the largest of several moduli, as functions of the step size h.  The search finds the step
 * sizes at which it is below 1, and the one at which it is smallest.  It does not depend on games: rates.c passes
 * stability functions to it, map_rates.c spectral radii. */
#ifndef GDI_THEORY_STEP_SEARCH_H
#define GDI_THEORY_STEP_SEARCH_H

#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

enum { GDI_STEP_TESTS_MAX = 3 };

/* A function of h that is smooth where the method is, and 0 where the modulus passes 1. */
typedef struct gdi_step_test {
  int sign;
  double log_size; /* log of the absolute value; -INFINITY at a root */
  double doubt;    /* relative error of the value */
} gdi_step_test;

/* One curve at one step size. */
typedef struct gdi_step_look {
  double modulus; /* 0 or more; INFINITY where there is no step */
  gdi_step_test tests[GDI_STEP_TESTS_MAX];
} gdi_step_look;

typedef struct gdi_step_curves {
  size_t count;                                                                       /* number of moduli, 1 or more */
  gd_status (*modulus)(const void *context, size_t index, double h, double *modulus); /* 0 or more; NaN: unstable */
  /* The modulus divided by `level`, with its tests; NULL: the one test is (modulus / level)^2 - 1. */
  gd_status (*look)(const void *context, size_t index, double h, double level, gdi_step_look *look);
  size_t n_tests; /* 0: a curve is known by samples alone */
  double level;   /* > 0: what counts as 1, by which every modulus is divided */
  const void *context;
  const double *scale;    /* [count], > 0: the step size at which curve k has gone a fair way, 1/|lambda_k| */
  double noise;           /* relative error of a modulus near the level */
  double resolution;      /* windows of stability wider than this part of their step size are found */
  uint64_t looks;         /* at one curve, before the resolution is given up */
  int octaves;            /* range of a curve around its scale: 2^-octaves to 2^octaves times */
  int samples_per_octave; /* samples of the rate in searches for its minimum, and of curves without tests */
} gdi_step_curves;

/* A modulus this close to 1 counts as 1. */
double gdi_step_neutral_band(const gdi_step_curves *curves);

/* One curve at h. */
gd_status gdi_step_look_at(const gdi_step_curves *curves, size_t index, double h, gdi_step_look *look);

/* A point within rounding of where a curve passes `height` between low and high, where it lies on different sides. */
gd_status gdi_step_find_crossing(const gdi_step_curves *curves, size_t index, double height, double low, double high,
                                 double *crossing);

/* The largest modulus at h; `active`, may be NULL, becomes its index. */
gd_status gdi_step_rate(const gdi_step_curves *curves, double h, double *rate, size_t *active);

/* The supremum of the h such that the rate is < 1 on (0, h); it may be 0 or INFINITY.  GD_NOT_CONVERGED: as
 * gdi_stable_set_find(). */
gd_status gdi_step_largest_stable(const gdi_step_curves *curves, double *h);

/* The h with the smallest rate, and that rate; (0, 1) if no rate is < 1; (INFINITY, limit) if larger steps are always
 * better.  For curves with tests, at level 1, there is no lower rate on an interval wider than the resolution.
 * GD_NOT_CONVERGED: as gdi_stable_set_find(). */
gd_status gdi_step_fastest(const gdi_step_curves *curves, double *h, double *rate);

#endif
