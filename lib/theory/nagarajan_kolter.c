/* SPDX-License-Identifier: BSD-3-Clause */
/* nagarajan_kolter.c -- Nagarajan & Kolter 2017, "Gradient descent GAN optimization is locally stable": bounds for the
 * real parts of the eigenvalues of a GAN's Jacobian.
 *
 * Lemma G.2 is about J = [[-Q, P], [-P', 0]], Q > 0, P of full column rank.
 *
 * Theorem 3.1 is the lemma with Q = -2 f''(0) K_DD and P = -+f'(0) K_DG, on the complement of the equilibrium subspace.
 *
 * Theorem 3.2: with the generator's penalty J = [[-Q, P], [-P'(I - 2 eta Q), -2 eta P'P]].  With
 * u = th_G + 2 eta P' th_D this is the lemma's form for Q + 2 eta PP', Hurwitz for every eta >= 0.  A WGAN has Q = 0:
 * each eigenvalue s of P'P gives lambda^2 + 2 eta s lambda + s = 0. */
#include "base/error.h"

#include <gamedyn/stability.h>
#include <math.h>

gd_status gd_saddle_rate_bounds(double q_min, double q_max, double s_min, gd_rate_bounds *bounds) {
  GDI_REQUIRE(bounds, "gd_saddle_rate_bounds: bounds is NULL");
  if (!(q_min > 0 && q_min <= q_max && isfinite(q_max)))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Lemma G.2 needs Q > 0: its extreme eigenvalues are %g and %g", q_min, q_max);
  if (!(s_min > 0 && isfinite(s_min)))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Lemma G.2 needs P of full column rank: the least eigenvalue of P'P is %g",
                    s_min);
  *bounds = (gd_rate_bounds){.real = -q_min * s_min / (q_min * q_max + s_min), .non_real = -q_min / 2};
  return GD_OK;
}

gd_status gd_gan_rate_bounds(double f1, double f2, double kdd_min, double kdd_max, double kdg_min,
                             gd_rate_bounds *bounds) {
  GDI_REQUIRE(bounds, "gd_gan_rate_bounds: bounds is NULL");
  if (!(f2 < 0) || !(fabs(f1) > 0))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Theorem 3.1 needs f'(0) != 0 and f''(0) < 0: they are %g and %g", f1, f2);
  return gd_saddle_rate_bounds(-2 * f2 * kdd_min, -2 * f2 * kdd_max, f1 * f1 * kdg_min, bounds);
}

gd_status gd_wgan_rate_bounds(double f1, double eta, double kdg_min, double kdg_max, gd_rate_bounds *bounds) {
  GDI_REQUIRE(bounds, "gd_wgan_rate_bounds: bounds is NULL");
  if (!(eta > 0 && isfinite(eta)) || !(fabs(f1) > 0))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Theorem 3.2 needs f'(0) != 0 and eta > 0: they are %g and %g", f1, eta);
  if (!(kdg_min > 0 && kdg_min <= kdg_max && isfinite(kdg_max)))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Theorem 3.2 needs 0 < kdg_min <= kdg_max: they are %g and %g", kdg_min,
                    kdg_max);
  const double s_min = f1 * f1 * kdg_min, s_max = f1 * f1 * kdg_max;
  *bounds = (gd_rate_bounds){.real = -2 * eta * s_min / (4 * eta * eta * s_max + 1), .non_real = -eta * s_min};
  return GD_OK;
}

gd_status gd_wgan_eigenvalues(double eta, double s, double *re, double *im) {
  GDI_REQUIRE(re && im, "gd_wgan_eigenvalues: %s is NULL", re ? "im" : "re");
  GDI_REQUIRE(eta >= 0 && s >= 0 && isfinite(eta) && isfinite(s),
              "gd_wgan_eigenvalues: eta is %g and s is %g, expected 0 or more", eta, s);
  const double middle = eta * s, discriminant = s * (eta * middle - 1);
  const double root = sqrt(fabs(discriminant));
  const bool pair = discriminant < 0;
  /* of two real roots the one farther from 0 is a sum, and the other one follows from their product s, both without
   * cancellation */
  const double far = -(middle + root);
  re[0] = pair ? -middle : far < 0 ? s / far : 0;
  re[1] = pair ? -middle : far;
  im[0] = pair ? root : 0;
  im[1] = pair ? -root : 0;
  return GD_OK;
}
