/* SPDX-License-Identifier: BSD-3-Clause */
/* The covariance-learning GAN, seen from inside: set up in covariance_gan.c, its closed form in covariance_gan_field.c,
 * the penalty in covariance_gan_penalty.c. */
#ifndef GDI_MODELS_COVARIANCE_GAN_H
#define GDI_MODELS_COVARIANCE_GAN_H

#include "base/memory.h"

#include <gamedyn/rng.h>

enum { GDI_COVARIANCE_MOST_DIMENSION = 64, GDI_COVARIANCE_MOST_LATENT = 256 }; /* vectors that fit on a stack */

typedef struct gdi_covariance_gan {
  gdi_env env;
  size_t d, k, h; /* dimensions of data and of z; number of units */
  double *S, *L;  /* [d by d] the covariance and its lower factor */
  double lambda;
  size_t points; /* without a draw */
} gdi_covariance_gan;

/* x, or a direction, or a gradient, in its parts; each may be NULL where it is not wanted. */
typedef struct gdi_covariance_parts {
  double *V; /* [d by k] */
  double *v; /* [h] */
  double *W; /* [d by h] */
} gdi_covariance_parts;

typedef struct gdi_covariance_point {
  const double *V, *v, *W;
} gdi_covariance_point;

/* Directions, as many as `count`, n apart from the first, of which V counts `generator` times. */
typedef struct gdi_covariance_directions {
  gdi_covariance_point first;
  size_t count, n;
  double generator;
} gdi_covariance_directions;

/* U, and the gradient of U, which is set; V or both v and W may be NULL. */
double gdi_covariance_value(const gdi_covariance_gan *gan, gdi_covariance_point x);
void gdi_covariance_gradient(const gdi_covariance_gan *gan, gdi_covariance_point x, gdi_covariance_parts out);
/* The Hessian of U times each direction, which are set, likewise n apart. */
void gdi_covariance_multiply(const gdi_covariance_gan *gan, gdi_covariance_point x, gdi_covariance_directions u,
                             gdi_covariance_parts out);

/* The penalty P; factor times its gradient in v and W, added; factor times its Hessian times u, added. */
double gdi_covariance_penalty(const gdi_covariance_gan *gan, const gd_draw *draw, gdi_covariance_point x);
void gdi_covariance_add_penalty_gradient(const gdi_covariance_gan *gan, const gd_draw *draw, double factor,
                                         gdi_covariance_point x, gdi_covariance_parts out);
void gdi_covariance_add_penalty_product(const gdi_covariance_gan *gan, const gd_draw *draw, double factor,
                                        gdi_covariance_point x, gdi_covariance_point u, gdi_covariance_parts out);

#endif
