/* SPDX-License-Identifier: BSD-3-Clause */
/* mixture_pairs.c -- total variation of random mixtures against quadrature, and their zeros against signs of F.
 *
 * Means are multiples of h = 1/64, so that one table of phi(h k) serves all pairs, and means coincide now and then.
 * The trapezoidal rule T for the integral of |F| is exact to rounding but for the kinks at the zeros.  One between
 * x_i and x_i + h at the fraction theta, of slope s, contributes 2 s h^2 B_2(theta) / 2 with B_2 = theta^2 - theta +
 * 1/6 (Euler & Maclaurin), where a straight line gives s h = |F_i| + |F_{i+1}| and theta = |F_i| / (s h).
 *
 * What is left per kink, with |F''| <= 0.8 = 2 max |phi''|: h^3 |F''| max|B_3| / 3 < 0.013 h^3 for the jump of the next
 * derivative, h |F''| / 2 in s times h^2 / 6 < 0.07 h^3, and h |F''| / (8 s) in theta times s h^2 < 0.1 h^3; and as
 * much for two zeros too close to be told apart.  TV is half the integral, three kinks at the most: h^3 / 2 in all. */
#include <gamedyn/mixture.h>
#include <gamedyn/rng.h>

#include "support/suite.h"

#include <stdbool.h>

enum { PER_UNIT = 64, SPREAD = 3 * PER_UNIT, TAIL = 9 * PER_UNIT, HALF = SPREAD + TAIL, PAIRS = 100000 };
#define STEP (1.0 / PER_UNIT)

static double table[2 * (HALF + SPREAD) + 1]; /* phi at h (k - HALF - SPREAD) */

static void fill_table(void) {
  for (int k = 0; k <= 2 * (HALF + SPREAD); k++) {
    const double x = STEP * (k - HALF - SPREAD);
    table[k] = exp(-x * x / 2) / sqrt(2 * acos(-1));
  }
}

static int any_mean(gd_rng *rng) {
  double unit;
  gd_rng_fill_uniform(rng, 1, &unit);
  return (int)floor((2 * unit - 1) * SPREAD + 0.5);
}

/* F on the grid from -HALF to HALF; 2 F is the sum of four. */
static void sample(const int *target, const int *model, double *F) {
  const double *const from[] = {table + SPREAD - target[0], table + SPREAD - target[1], table + SPREAD - model[0],
                                table + SPREAD - model[1]};
  for (int k = 0; k <= 2 * HALF; k++) F[k] = (from[0][k] + from[1][k] - (from[2][k] + from[3][k])) / 2;
}

static double quadrature(const double *F) {
  double sum = 0, kinks = 0;
  for (int k = 0; k < 2 * HALF; k++) {
    const double here = fabs(F[k]), next = fabs(F[k + 1]);
    sum += here;
    if ((F[k] < 0) != (F[k + 1] < 0)) {
      const double theta = here / (here + next);
      kinks += (here + next) * (theta * theta - theta + 1.0 / 6);
    }
  }
  return STEP * (sum + kinks) / 2;
}

/* F at a zero is rounding: sums of four densities below 0.4. */
static bool vanishes(const gd_mixture *target, const gd_mixture *model, double x) {
  double p, q;
  assert_ok(gd_mixture_evaluate(target, x, &p, NULL));
  assert_ok(gd_mixture_evaluate(model, x, &q, NULL));
  return fabs(p - q) <= 4e-16;
}

static void assert_pair(const int *target_steps, const int *model_steps, bool closely) {
  static double F[2 * HALF + 1];
  const double target_means[] = {STEP * target_steps[0], STEP * target_steps[1]};
  const double model_means[] = {STEP * model_steps[0], STEP * model_steps[1]};
  const gd_mixture target = {sizeof target, 2, target_means, NULL}, model = {sizeof model, 2, model_means, NULL};
  double distance, zeros[3];
  size_t count;
  sample(target_steps, model_steps, F);
  if (gd_mixture_total_variation(&target, &model, &distance) < 0) ck_abort_msg("%s", gd_last_error());
  const double expected = quadrature(F);
  if (fabs(distance - expected) > STEP * STEP * STEP / 2)
    ck_abort_msg("(%g, %g) and (%g, %g): %.17g, expected %.17g", target_means[0], target_means[1], model_means[0],
                 model_means[1], distance, expected);
  if (!closely) return;
  assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
  for (size_t k = 0; k < count; k++) {
    ck_assert(k == 0 || zeros[k - 1] < zeros[k]);
    ck_assert(vanishes(&target, &model, zeros[k]));
  }
}

START_TEST(random_pairs_agree_with_quadrature) {
  gd_rng rng = gd_rng_make(4, 1);
  fill_table();
  for (int k = 0; k < PAIRS; k++) {
    const int target[] = {any_mean(&rng), any_mean(&rng)};
    int model[] = {any_mean(&rng), any_mean(&rng)};
    if (k % 8 == 1) model[1] = model[0]; /* collapsed */
    if (k % 8 == 2) model[1] = target[0];
    if (k % 8 == 3) model[0] = target[0] + 1; /* nearly right */
    if (k % 64 == 3) model[1] = target[1] - 1;
    for (int j = 0; j < 2; j++)
      if (model[j] > SPREAD || model[j] < -SPREAD) model[j] = 0;
    assert_pair(target, model, k % 64 < 4);
  }
}
END_TEST

/* Components of general number and weights: TV is at least what any half-line says, at most 1, symmetric, and what
 * p - q is on the excess. */
START_TEST(general_mixtures_agree_with_their_excess) {
  gd_rng rng = gd_rng_make(4, 2);
  for (int trial = 0; trial < 2000; trial++) {
    double means[9], weights[9], sums[2] = {0, 0}, distance, back;
    gd_rng_fill_normal(&rng, 9, means);
    gd_rng_fill_uniform(&rng, 9, weights);
    for (int j = 0; j < 9; j++) sums[j / 5] += weights[j] += 0.01;
    for (int j = 0; j < 9; j++) means[j] *= 3, weights[j] /= sums[j / 5];
    const gd_mixture target = {sizeof target, 5, means, weights}, model = {sizeof model, 4, means + 5, weights + 5};
    gd_interval where[5];
    size_t count;
    assert_ok(gd_mixture_excess(&target, &model, where, &count));
    assert_ok(gd_mixture_total_variation(&target, &model, &distance));
    assert_ok(gd_mixture_total_variation(&model, &target, &back));
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
      double P[2], Q[2];
      for (int end = 0; end < 2; end++) {
        const double x = end ? where[k].right : where[k].left;
        assert_ok(gd_mixture_evaluate(&target, x, NULL, &P[end]));
        assert_ok(gd_mixture_evaluate(&model, x, NULL, &Q[end]));
      }
      sum += P[1] - P[0] - Q[1] + Q[0];
    }
    assert_close(distance, sum, 0, 1e-14);
    assert_close(distance, back, 0, 1e-14);
    for (double x = -9; x < 9; x += 0.25) {
      double P, Q;
      assert_ok(gd_mixture_evaluate(&target, x, NULL, &P));
      assert_ok(gd_mixture_evaluate(&model, x, NULL, &Q));
      ck_assert_double_ge(distance + 1e-15, fabs(P - Q));
    }
  }
}
END_TEST

TEST_SUITE("mixture_pairs", random_pairs_agree_with_quadrature, general_mixtures_agree_with_their_excess)
