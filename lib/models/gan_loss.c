/* SPDX-License-Identifier: BSD-3-Clause */
/* gan_loss.c -- the losses of generative adversarial networks, one curve or two each.
 *
 * Goodfellow et al. 2014 (logistic, non-saturating), Arjovsky, Chintala & Bottou 2017 (Wasserstein, without the
 * constraint), Nowozin, Cseke & Tomioka 2016 (KL, total variation); signs as in the published code of Mescheder,
 * Nowozin & Geiger 2017. */
#include "models/gan_loss.h"

#include "base/error.h"

#include <math.h>

/* 1 / (1 + e^-t), to full relative precision at both ends */
static double sigmoid(double t) {
  const double e = exp(-fabs(t));
  return (t < 0 ? e : 1) / (1 + e);
}

/* -log(1 + e^-t) */
static void logistic(double t, double out[3]) {
  out[0] = fmin(t, 0) - log1p(exp(-fabs(t)));
  out[1] = sigmoid(-t);
  out[2] = -sigmoid(t) * sigmoid(-t);
}

/* log(1 + e^t), minus the logistic curve at -t */
static void non_saturating(double t, double out[3]) {
  logistic(-t, out);
  out[0] = -out[0];
  out[2] = -out[2];
}

static void line(double t, double out[3]) {
  out[0] = t;
  out[1] = 1;
  out[2] = 0;
}

static void hyperbolic_tangent(double t, double out[3]) {
  const double cosine = cosh(t);
  out[0] = tanh(t);
  out[1] = 1 / cosine / cosine;
  out[2] = -2 * out[0] * out[1];
}

/* e^-40 = 4e-18 */
static const gdi_curve logistic_curve = {logistic, 40, {{0, 1}, {0, 0}}, false};
static const gdi_curve non_saturating_curve = {non_saturating, 40, {{0, 0}, {0, 1}}, false};
static const gdi_curve tangent_curve = {hyperbolic_tangent, 20, {{-1, 0}, {1, 0}}, false};
static const gdi_curve line_curve = {line, 1, {{0, 1}, {0, 1}}, true};

static const gdi_gan_loss losses[] = {
    [GD_GAN_LOGISTIC] = {&logistic_curve, &logistic_curve},
    [GD_GAN_WASSERSTEIN] = {&line_curve, &line_curve},
    [GD_GAN_NON_SATURATING] = {&logistic_curve, &non_saturating_curve},
    [GD_GAN_KL] = {&logistic_curve, &line_curve},
    [GD_GAN_TV] = {&tangent_curve, &tangent_curve},
};

gd_status gdi_gan_loss_find(gd_gan_loss loss, gdi_gan_loss *found) {
  const size_t count = sizeof losses / sizeof *losses;
  GDI_REQUIRE((size_t)loss < count, "loss is %d, expected a gd_gan_loss, 0 to %zu", (int)loss, count - 1);
  *found = losses[loss];
  return GD_OK;
}
