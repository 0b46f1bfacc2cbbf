/* SPDX-License-Identifier: BSD-3-Clause */
/* liang_stokes.c -- the promises of the theorems of Liang & Stokes 2019, "Interaction Matters".
 *
 * The paper writes descent for min over theta, max over omega of U: xi = (U_theta, -U_omega) with derivative
 * M = [[A, C], [-C', B]], A = U_tt, B = -U_oo, C = U_to (its Eq. 4); the library's J is -M, and the step sizes are the
 * same.  With lM, lm the greatest and least eigenvalue of C C', for theta and omega of one size and C of full rank:
 *
 *     Theorem 1    convex-concave   h = sqrt(alpha)/beta       T >= 2 (beta/alpha) log(r/eps)
 *     Theorem 3    optimistic       h = 1/(2 sqrt(2 lM))       T >= 16 (lM/lm) log(4 sqrt2 r/eps)
 *     Theorem 4    predictive       h = g lm/(lM + g^2 lM^2)   T >= 2 ((g^2 lM^2 + lM)/(g^2 lm^2)) log(r/eps)
 *     Theorem 5    implicit         h = 1/sqrt(lM)             T >= (2 + sqrt2) (lM/lm) log(r/eps)
 *     Theorem 6    consensus        as Theorem 4: on bilinear games the two iterations are one
 *     Corollary 1  U = |theta|^2/2 - |omega|^2/2 + theta' C omega: |w'|^2 >= s/(1 + s) |w|^2 for every h, s = lm
 *
 * Theorem 1 is about strongly convex-concave games, Theorems 3 to 6 about bilinear ones. */
#include "base/error.h"

#include <gamedyn/guarantee.h>
#include <gamedyn/stepper.h>
#include <math.h>
#include <string.h>

/* The promise of `steps_factor` steps for each factor e. */
static gd_status promise(gd_guarantee *guarantee, const char *theorem, double step_size, double steps_factor,
                         double condition) {
  if (!(step_size > 0) || !isfinite(step_size) || !isfinite(steps_factor))
    return gdi_fail(GD_ERR_NONFINITE, "%s: a step size of %g and %g steps overflow", theorem, step_size, steps_factor);
  *guarantee = (gd_guarantee){.step_size = step_size,
                              .rate = exp(-1 / steps_factor),
                              .factor = 1,
                              .steps_factor = steps_factor,
                              .condition = condition,
                              .theorem = theorem,
                              .radius = INFINITY};
  return GD_OK;
}

static gd_status check_bilinear(const char *theorem, const gd_guarantee *guarantee, double lambda_min,
                                double lambda_max) {
  GDI_REQUIRE(guarantee, "%s: guarantee is NULL", theorem);
  GDI_REQUIRE(!isnan(lambda_min) && !isnan(lambda_max), "%s: lambda_min is %g and lambda_max %g, expected numbers",
              theorem, lambda_min, lambda_max);
  if (!(lambda_min > 0))
    return gdi_fail(GD_ERR_HYPOTHESIS,
                    "%s needs a square C of full rank: lambda_min = %g of C C', expected a positive number", theorem,
                    lambda_min);
  if (!(lambda_min <= lambda_max) || !isfinite(lambda_max))
    return gdi_fail(GD_ERR_HYPOTHESIS, "%s: lambda_max = %g, expected a finite number, lambda_min = %g or more",
                    theorem, lambda_max, lambda_min);
  return GD_OK;
}

gd_status gd_guarantee_simultaneous(gd_guarantee *guarantee, double alpha, double beta) {
  static const char theorem[] = "Liang & Stokes 2019, Theorem 1";
  GDI_REQUIRE(guarantee, "%s: guarantee is NULL", theorem);
  if (!(alpha > 0))
    return gdi_fail(GD_ERR_HYPOTHESIS,
                    "%s needs a strongly convex-concave game: alpha = %g, expected a positive number "
                    "(not one: A or B is not positive semidefinite)",
                    theorem, alpha);
  if (!(alpha <= beta) || !isfinite(beta))
    return gdi_fail(GD_ERR_HYPOTHESIS, "%s: beta = %g, expected a finite number, alpha = %g or more", theorem, beta,
                    alpha);
  return promise(guarantee, theorem, sqrt(alpha) / beta, 2 * beta / alpha, beta / alpha);
}

gd_status gd_guarantee_optimistic(gd_guarantee *guarantee, double lambda_min, double lambda_max) {
  static const char theorem[] = "Liang & Stokes 2019, Theorem 3";
  GD_TRY(check_bilinear(theorem, guarantee, lambda_min, lambda_max));
  const double condition = lambda_max / lambda_min;
  GD_TRY(promise(guarantee, theorem, 1 / (2 * sqrt(2 * lambda_max)), 16 * condition, condition));
  guarantee->factor = 4 * M_SQRT2;
  return GD_OK;
}

/* Theorems 4 and 6 differ in the method only. */
static gd_status predict(const char *theorem, gd_guarantee *guarantee, const double lambda[2], double gamma) {
  GD_TRY(check_bilinear(theorem, guarantee, lambda[0], lambda[1]));
  GDI_REQUIRE(gamma > 0 && isfinite(gamma), "%s: gamma is %g, expected a positive number", theorem, gamma);
  const double least = gamma * gamma * lambda[0] * lambda[0];
  const double greatest = lambda[1] + gamma * gamma * lambda[1] * lambda[1];
  return promise(guarantee, theorem, gamma * lambda[0] / greatest, 2 * greatest / least, lambda[1] / lambda[0]);
}

gd_status gd_guarantee_predictive(gd_guarantee *guarantee, double lambda_min, double lambda_max, double gamma) {
  return predict("Liang & Stokes 2019, Theorem 4", guarantee, (const double[]){lambda_min, lambda_max}, gamma);
}

gd_status gd_guarantee_consensus(gd_guarantee *guarantee, double lambda_min, double lambda_max, double gamma) {
  return predict("Liang & Stokes 2019, Theorem 6", guarantee, (const double[]){lambda_min, lambda_max}, gamma);
}

gd_status gd_guarantee_implicit(gd_guarantee *guarantee, double lambda_min, double lambda_max) {
  static const char theorem[] = "Liang & Stokes 2019, Theorem 5";
  GD_TRY(check_bilinear(theorem, guarantee, lambda_min, lambda_max));
  const double condition = lambda_max / lambda_min;
  return promise(guarantee, theorem, 1 / sqrt(lambda_max), (2 + M_SQRT2) * condition, condition);
}

/* log(radius/epsilon), also where the quotient is out of range. */
static double log_ratio(double radius, double epsilon) {
  const double quotient = radius / epsilon;
  return quotient > 0 && isfinite(quotient) ? log(quotient) : log(radius) - log(epsilon);
}

static gd_status check_distances(const char *function, double radius, double epsilon) {
  GDI_REQUIRE(radius > 0 && isfinite(radius), "%s: radius is %g, expected a positive number", function, radius);
  GDI_REQUIRE(epsilon > 0 && isfinite(epsilon), "%s: epsilon is %g, expected a positive number", function, epsilon);
  return GD_OK;
}

gd_status gd_guarantee_steps(const gd_guarantee *guarantee, double radius, double epsilon, double *steps) {
  GDI_REQUIRE(guarantee && steps, "gd_guarantee_steps: %s is NULL", guarantee ? "steps" : "guarantee");
  GD_TRY(check_distances("gd_guarantee_steps", radius, epsilon));
  if (!(radius <= guarantee->radius))
    return gdi_fail(GD_ERR_HYPOTHESIS, "%s: radius is %g, expected at most %g, up to which the hypothesis is known",
                    guarantee->theorem, radius, guarantee->radius);
  const double distance = log(guarantee->factor) + log_ratio(radius, epsilon);
  *steps = distance > 0 ? ceil(guarantee->steps_factor * distance) : 0;
  return GD_OK;
}

static gd_status check_corollary(double lambda_min) {
  static const char theorem[] = "Liang & Stokes 2019, Corollary 1";
  GDI_REQUIRE(!isnan(lambda_min), "%s: lambda_min is nan, expected a number", theorem);
  if (lambda_min > 0 && isfinite(lambda_min)) return GD_OK;
  return gdi_fail(GD_ERR_HYPOTHESIS,
                  "%s needs a square C of full rank: lambda_min = %g of C C', expected a positive number", theorem,
                  lambda_min);
}

gd_status gd_lower_bound_simultaneous(double lambda_min, double *per_step_factor) {
  GDI_REQUIRE(per_step_factor, "gd_lower_bound_simultaneous: per_step_factor is NULL");
  GD_TRY(check_corollary(lambda_min));
  *per_step_factor = sqrt(lambda_min / (1 + lambda_min));
  return GD_OK;
}

gd_status gd_lower_bound_steps(double lambda_min, double radius, double epsilon, double *steps) {
  GDI_REQUIRE(steps, "gd_lower_bound_steps: steps is NULL");
  GD_TRY(check_corollary(lambda_min));
  GD_TRY(check_distances("gd_lower_bound_steps", radius, epsilon));
  /* the factor of the squared distance is s/(1 + s), so its logarithm is -log1p(1/s) */
  *steps = fmax(0, 2 * log_ratio(radius, epsilon) / log1p(1 / lambda_min));
  return GD_OK;
}

/* ---- from a game ---- */

/* The centre counts as an equilibrium if |v| there, relative to |v| at the edge of the ball, is at most this. */
#define CENTRE 1e-6

static gd_status check_ball(const gd_game_constants *constants) {
  static const char theorem[] = "Liang & Stokes 2019, Theorem 1";
  if (!(constants->radius > 0))
    return gdi_fail(GD_ERR_HYPOTHESIS,
                    "%s needs constants for a ball, and these are for one point: give gd_game_constants_compute() a "
                    "radius",
                    theorem);
  if (isfinite(constants->radius) && !(constants->gradient_norm <= CENTRE * sqrt(constants->beta) * constants->radius))
    return gdi_fail(GD_ERR_HYPOTHESIS, "%s needs a ball around an equilibrium: |v| = %g at its centre", theorem,
                    constants->gradient_norm);
  return GD_OK;
}

static gd_status check_everywhere_bilinear(const gd_game_constants *constants) {
  if (constants->bilinear) return GD_OK;
  return gdi_fail(GD_ERR_HYPOTHESIS,
                  constants->flat
                      ? "Liang & Stokes 2019, Theorems 3 to 6 need a bilinear game: A and B are 0 where they "
                        "were computed, but the game lacks GD_AFFINE, so they need not be 0 everywhere"
                      : "Liang & Stokes 2019, Theorems 3 to 6 need a bilinear game: A or B is not 0");
}

/* ---- the theorem for a method ---- */

typedef gd_status theorem(gd_guarantee *guarantee, const gd_game_constants *constants, double gamma);

static gd_status theorem_1(gd_guarantee *guarantee, const gd_game_constants *constants, double gamma) {
  (void)gamma;
  GD_TRY(gd_guarantee_simultaneous(guarantee, constants->alpha, constants->beta));
  return check_ball(constants);
}

static gd_status theorem_3(gd_guarantee *guarantee, const gd_game_constants *constants, double gamma) {
  (void)gamma;
  GD_TRY(check_everywhere_bilinear(constants));
  return gd_guarantee_optimistic(guarantee, constants->lambda_min, constants->lambda_max);
}

static gd_status theorem_4(gd_guarantee *guarantee, const gd_game_constants *constants, double gamma) {
  GD_TRY(check_everywhere_bilinear(constants));
  return gd_guarantee_predictive(guarantee, constants->lambda_min, constants->lambda_max, gamma);
}

static gd_status theorem_5(gd_guarantee *guarantee, const gd_game_constants *constants, double gamma) {
  (void)gamma;
  GD_TRY(check_everywhere_bilinear(constants));
  return gd_guarantee_implicit(guarantee, constants->lambda_min, constants->lambda_max);
}

static gd_status theorem_6(gd_guarantee *guarantee, const gd_game_constants *constants, double gamma) {
  GD_TRY(check_everywhere_bilinear(constants));
  return gd_guarantee_consensus(guarantee, constants->lambda_min, constants->lambda_max, gamma);
}

static const struct {
  const char *method;
  theorem *promise;
} theorems[] = {{GD_SIMULTANEOUS, theorem_1},
                {GD_OPTIMISTIC, theorem_3},
                {GD_PREDICTIVE, theorem_4},
                {GD_IMPLICIT, theorem_5},
                {GD_CONSENSUS, theorem_6}};

static gd_status find_theorem(const char *method, theorem **about) {
  const gd_method *known = gd_method_find(method);
  if (!known)
    return gdi_fail(GD_ERR_NAME, "gd_guarantee_compute: there is no method \"%.64s\"; gd_method_at() lists the methods",
                    method);
  for (size_t k = 0; k < sizeof theorems / sizeof *theorems; k++)
    if (strcmp(known->name, theorems[k].method) == 0) {
      *about = theorems[k].promise;
      return GD_OK;
    }
  return gdi_fail(GD_ERR_HYPOTHESIS, "Liang & Stokes 2019 has no theorem about the method \"%s\"", known->name);
}

gd_status gd_guarantee_compute(gd_guarantee *guarantee, const char *method, const gd_game_constants *constants,
                               double gamma) {
  GDI_REQUIRE(guarantee && method && constants, "gd_guarantee_compute: %s is NULL",
              !guarantee ? "guarantee"
              : method   ? "constants"
                         : "method");
  theorem *about = NULL;
  gd_guarantee found;
  GD_TRY(find_theorem(method, &about));
  GD_TRY(about(&found, constants, gamma));
  found.radius = constants->radius;
  found.estimated = constants->estimated;
  *guarantee = found;
  return GD_OK;
}
