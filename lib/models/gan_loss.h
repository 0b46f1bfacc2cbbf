/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses of a GAN: the utilities as functions of the discriminator's output d, which is large for "real".
 *
 *     the discriminator maximises  E f(d(real)) + E f(-d(fake)),
 *     the generator minimises      E g(-d(fake)),  the game being zero-sum if g = f. */
#ifndef GDI_MODELS_GAN_LOSS_H
#define GDI_MODELS_GAN_LOSS_H

#include <gamedyn/models.h>
#include <stdbool.h>

/* f or g: twice differentiable, and a straight line at either end. */
typedef struct gdi_curve {
  void (*at)(double t, double out[3]); /* value, slope, curvature */
  double reach;                        /* for |t| beyond it the curve is its end to 1e-17 */
  struct {
    double level, slope; /* level + slope t */
  } ends[2];             /* for t < 0, for t > 0 */
  bool is_line;          /* t itself */
} gdi_curve;

typedef struct gdi_gan_loss {
  const gdi_curve *f, *g;
} gdi_gan_loss;

/* GD_ERR_ARGUMENT, with words, if there is no such loss. */
gd_status gdi_gan_loss_find(gd_gan_loss loss, gdi_gan_loss *found);

static inline bool gdi_gan_loss_is_zero_sum(const gdi_gan_loss *loss) { return loss->f == loss->g; }

#endif
