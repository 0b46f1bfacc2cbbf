/* SPDX-License-Identifier: BSD-3-Clause */
/* The linear-quadratic GAN, seen from inside: its data, set up in lq_gan.c and evaluated in lq_gan_field.c. */
#ifndef GDI_MODELS_LQ_GAN_H
#define GDI_MODELS_LQ_GAN_H

#include "base/memory.h"
#include "models/gan_loss.h"
#include "models/lq_forms.h"

#define GDI_LQ_MOST_DIMENSION 256 /* vectors of that length fit on a stack */

typedef struct gdi_lq_gan {
  gdi_env env;
  gdi_lq_shape shape;
  gdi_gan_loss loss;
  size_t count;        /* number of points that represent the normal distribution */
  double *z, *weights; /* [d by count], [count] */
  double *y;           /* [d by count] the data: images of z */
  double *equilibrium; /* [one block] of the generator: the data's own map */
} gdi_lq_gan;

/* The callbacks that evaluate; data is a gdi_lq_gan. */
int gdi_lq_gradient(void *data, const gd_draw *draw, const double *x, double *v);
int gdi_lq_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i);
int gdi_lq_utilities(void *data, const gd_draw *draw, const double *x, double *u);
int gdi_lq_utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g);
int gdi_lq_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU);
int gdi_lq_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju);
int gdi_lq_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw);

#endif
