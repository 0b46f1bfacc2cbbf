/* SPDX-License-Identifier: BSD-3-Clause */
/* The difference of two mixtures that have been checked. */
#ifndef GDI_METRICS_MIXTURE_H
#define GDI_METRICS_MIXTURE_H

#include <gamedyn/mixture.h>

#define GDI_MIXTURE_TERMS (2 * GD_MIXTURE_MOST)

/* F(x) = sum_j weight_j phi(x - mean_j), means strictly increasing, no weight zero; no terms: F = 0. */
typedef struct gdi_mixture_difference {
  size_t count;
  double means[GDI_MIXTURE_TERMS], weights[GDI_MIXTURE_TERMS];
} gdi_mixture_difference;

/* GD_OK if the caller's mixture is one; `own` is then a copy that shares its arrays. */
gd_status gdi_mixture_read(gd_mixture *own, const gd_mixture *callers, const char *name);

/* The weight of component j. */
static inline double gdi_mixture_weight(const gd_mixture *mixture, size_t j) {
  return mixture->weights ? mixture->weights[j] : 1 / (double)mixture->count;
}

/* target - model */
void gdi_mixture_subtract(gdi_mixture_difference *difference, const gd_mixture *target, const gd_mixture *model);

/* zeros.c: where F changes sign, increasing; zeros [count - 1]. */
size_t gdi_mixture_zeros(const gdi_mixture_difference *difference, double *zeros);

/* Where F > 0; intervals [(count + 1) / 2]. */
size_t gdi_mixture_excess(const gdi_mixture_difference *difference, gd_interval *intervals);

/* The integral of F over an interval. */
double gdi_mixture_mass(const gdi_mixture_difference *difference, gd_interval over);

#define GDI_NORMAL_PEAK 0.39894228040143267794 /* 1 / sqrt(2 pi), the standard normal's density at 0 */

/* The normal density around each of n means at x, and the probability of an interval; infinities are welcome.
 * densities, masses [n], n up to GDI_MIXTURE_TERMS. */
void gdi_normal_densities(double x, size_t n, const double *means, double *densities);
void gdi_normal_masses(gd_interval over, size_t n, const double *means, double *masses);

#endif
