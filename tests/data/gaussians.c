/* SPDX-License-Identifier: BSD-3-Clause */
/* gaussians.c -- Gaussians and their mixtures have the moments and the shares of their components that they should. */
#include <gamedyn/data.h>
#include <gamedyn/sample.h>

#include "data/sample_moments.h"
#include "support/suite.h"

enum { MANY = 40000 };
static double samples[3 * MANY];

/* Fill `samples`, [rows by columns], and be done with the sampler. */
static void take(gd_sampler *sampler, size_t rows, size_t columns) {
  assert_ok(gd_sampler_fill(sampler, &(gd_draw){3, 1, 4, 0}, rows, columns, samples));
  gd_sampler_destroy(sampler);
}

/* Of a Gaussian, (x_a - m_a) (x_b - m_b) has mean S_ab and variance S_aa S_bb + S_ab^2 (Isserlis 1918). */
START_TEST(a_gaussian_has_its_mean_and_covariance) {
  const double mean[] = {1, -2, 30}, S[] = {4, 1, -2, 9, 1, 2, 0.5, 9, -2, 0.5, 3}; /* ldc = 4 */
  const gd_gaussian spec = {sizeof spec, 3, mean, S, 4};
  gd_sampler sampler = {0};
  assert_ok(gd_sampler_gaussian(&sampler, 0, &spec, NULL));
  ck_assert_uint_eq(sampler.rows, 3);
  take(&sampler, 3, MANY);
  for (size_t i = 0; i < 3; i++) {
    assert_sample_mean(samples, 3, MANY, i, mean[i], sqrt(S[5 * i]));
    for (size_t j = 0; j <= i; j++)
      assert_product_moment(samples, 3, MANY, i, j, mean, S[i + 4 * j],
                            sqrt(S[5 * i] * S[5 * j] + S[i + 4 * j] * S[i + 4 * j]));
  }
}
END_TEST

/* L of [[4, 2], [2, 5]] is [[2, 0], [1, 2]]. */
START_TEST(a_gaussian_is_mean_and_cholesky_factor_times_the_normal) {
  double noise[2 * 10];
  const double mean[] = {0.5, -8}, S[] = {4, 2, 2, 5};
  gd_gaussian spec = {sizeof spec, 2, NULL, NULL, 0};
  gd_sampler sampler = {0};
  assert_ok(gd_sampler_gaussian(&sampler, 6, &spec, NULL));
  take(&sampler, 2, 10);
  memcpy(noise, samples, sizeof noise);
  assert_ok(gd_sampler_normal(&sampler, 6, NULL));
  take(&sampler, 2, 10);
  ck_assert_mem_eq(samples, noise, sizeof noise);
  spec.mean = mean, spec.covariance = S, spec.ldc = 2;
  assert_ok(gd_sampler_gaussian(&sampler, 6, &spec, NULL));
  take(&sampler, 2, 10);
  for (size_t j = 0; j < 10; j++) {
    ck_assert_double_eq(samples[2 * j], 0.5 + 2 * noise[2 * j]);
    ck_assert_double_eq(samples[2 * j + 1], -8 + (noise[2 * j] + 2 * noise[2 * j + 1]));
  }
}
END_TEST

/* On the line, weights p_k, means m_k, deviations s_k: mean sum p m, variance sum p (s^2 + m^2) - mean^2.  The square
 * of x about 0 has second moment sum p (m^4 + 6 m^2 s^2 + 3 s^4). */
START_TEST(a_mixture_has_the_moments_of_its_components) {
  const double means[] = {-1, 2, 4}, deviations[] = {0.5, 1, 0}, weights[] = {0.5, 0.3, 0.2}, zero = 0;
  const gd_gaussian_mixture spec = {sizeof spec, 1, 3, means, deviations, weights, false};
  double mean = 0, square = 0, fourth = 0;
  gd_sampler sampler = {0};
  for (size_t k = 0; k < 3; k++) {
    const double m = means[k] * means[k], s = deviations[k] * deviations[k];
    mean += weights[k] * means[k];
    square += weights[k] * (m + s);
    fourth += weights[k] * (m * m + 6 * m * s + 3 * s * s);
  }
  assert_ok(gd_sampler_mixture(&sampler, 0, &spec, NULL));
  take(&sampler, 1, MANY);
  assert_sample_mean(samples, 1, MANY, 0, mean, sqrt(square - mean * mean));
  assert_product_moment(samples, 1, MANY, 0, 0, &zero, square, sqrt(fourth - square * square));
}
END_TEST

/* With deviations 0, samples are the means 0, 1, 2, ... of their components. */
static void count_components(const double *weights, size_t count, bool balanced, size_t n, size_t *counts) {
  double means[16], deviations[16] = {0};
  for (size_t k = 0; k < 16; k++) means[k] = (double)k, counts[k] = 0;
  const gd_gaussian_mixture spec = {sizeof spec, 1, count, means, deviations, weights, balanced};
  gd_sampler sampler = {0};
  assert_ok(gd_sampler_mixture(&sampler, 0, &spec, NULL));
  take(&sampler, 1, n);
  for (size_t j = 0; j < n; j++) counts[(size_t)samples[j]]++;
}

START_TEST(components_are_drawn_by_their_weights) {
  const double weights[] = {0.05, 0.5, 0.01, 0.14, 0.3};
  size_t counts[16];
  count_components(weights, 5, false, MANY, counts);
  for (size_t k = 0; k < 5; k++)
    assert_close((double)counts[k] / MANY, weights[k], 0, 5 * sqrt(weights[k] * (1 - weights[k]) / MANY));
  count_components(NULL, 7, false, MANY, counts);
  for (size_t k = 0; k < 7; k++) assert_close((double)counts[k] / MANY, 1 / 7.0, 0, 5 * sqrt(6 / 49.0 / MANY));
}
END_TEST

START_TEST(balanced_components_take_turns_if_their_weights_are_equal) {
  size_t counts[16];
  count_components(NULL, 8, true, 512, counts);
  for (size_t k = 0; k < 8; k++) ck_assert_uint_eq(counts[k], 64);
  for (size_t j = 0; j < 512; j++) ck_assert_double_eq(samples[j], (double)(j % 8));
  count_components(NULL, 8, true, 13, counts);
  for (size_t k = 0; k < 8; k++) ck_assert_uint_eq(counts[k], k < 5 ? 2 : 1);
}
END_TEST

START_TEST(balanced_components_have_exactly_their_share_where_it_is_whole) {
  const double weights[] = {0.29, 0.01, 0.1, 0.3, 0.3};
  size_t counts[16];
  for (size_t n = 100; n <= 10000; n += 100) {
    count_components(weights, 5, true, n, counts);
    for (size_t k = 0; k < 5; k++) ck_assert_uint_eq(counts[k], (size_t)round(weights[k] * (double)n));
  }
}
END_TEST

START_TEST(balanced_components_miss_their_share_by_less_than_one) {
  gd_rng rng = gd_rng_make(1, 1);
  for (size_t trial = 0; trial < 200; trial++) {
    double weights[16], sum = 0;
    size_t counts[16], count = 1 + (size_t)gd_rng_below(&rng, 16), n = 1 + (size_t)gd_rng_below(&rng, 500), total = 0;
    gd_rng_fill_uniform(&rng, 16, weights);
    for (size_t k = 0; k < count; k++) sum += weights[k] += 1e-3;
    for (size_t k = 0; k < count; k++) weights[k] /= sum;
    count_components(weights, count, true, n, counts);
    for (size_t k = 0; k < count; k++) {
      ck_assert_double_lt(fabs((double)counts[k] - weights[k] * (double)n), 1);
      total += counts[k];
    }
    ck_assert_uint_eq(total, n);
  }
}
END_TEST

/* Li, Madry, Peebles & Schmidt 2018 and Metz et al. 2017: 8 Gaussians of deviation .02 around radius 2; the
 * distance from the nearest, in units of .02, is Rayleigh: within 3 with probability 1 - exp(-9/2). */
START_TEST(a_ring_has_its_modes_around_the_circle) {
  const gd_gaussian_ring spec = {sizeof spec, 8, 2, 0.02, false};
  double modes[16];
  size_t per_mode[8];
  gd_mode_report report;
  gd_sampler sampler = {0};
  assert_ok(gd_ring_modes(8, 2, modes));
  for (size_t k = 0; k < 8; k++) assert_close(hypot(modes[2 * k], modes[2 * k + 1]), 2, 1e-15, 0);
  ck_assert_double_eq(modes[0], 2);
  assert_close(modes[2], sqrt(2), 1e-15, 0);
  assert_close(modes[4], 0, 0, 1e-15);
  assert_ok(gd_sampler_ring(&sampler, 0, &spec, NULL));
  take(&sampler, 2, MANY);
  assert_ok(gd_mode_count(2, MANY, samples, 8, modes, 3 * 0.02, 1, per_mode, &report));
  const double inside = 1 - exp(-4.5);
  assert_close((double)report.good / MANY, inside, 0, 5 * sqrt(inside * (1 - inside) / MANY));
  for (size_t k = 0; k < 8; k++)
    assert_close((double)per_mode[k] / MANY, inside / 8, 0, 5 * sqrt(inside / 8 * (1 - inside / 8) / MANY));
}
END_TEST

START_TEST(a_grid_has_its_centre_at_the_origin) {
  const gd_gaussian_grid spec = {sizeof spec, 3, 2, 0, true};
  const double expected[] = {-2, -2, 0, -2, 2, -2, -2, 0, 0, 0, 2, 0, -2, 2, 0, 2, 2, 2};
  double modes[18];
  gd_sampler sampler = {0};
  assert_ok(gd_grid_modes(3, 2, modes));
  for (size_t k = 0; k < 18; k++) ck_assert_double_eq(modes[k], expected[k]);
  assert_ok(gd_sampler_grid(&sampler, 0, &spec, NULL));
  take(&sampler, 2, 18);
  for (size_t k = 0; k < 36; k++) ck_assert_double_eq(samples[k], expected[k % 18]);
  assert_ok(gd_grid_modes(2, 1, modes));
  for (size_t k = 0; k < 8; k++) ck_assert_double_eq(fabs(modes[k]), 0.5);
}
END_TEST

START_TEST(a_ring_is_the_mixture_of_its_modes) {
  double modes[16], expected[2 * 100], deviations[8];
  for (size_t k = 0; k < 8; k++) deviations[k] = 0.3;
  const gd_gaussian_mixture mixture = {sizeof mixture, 2, 8, modes, deviations, NULL, false};
  const gd_gaussian_ring ring = {sizeof ring, 8, 1, 0.3, false};
  gd_sampler sampler = {0};
  assert_ok(gd_ring_modes(8, 1, modes));
  assert_ok(gd_sampler_mixture(&sampler, 9, &mixture, NULL));
  take(&sampler, 2, 100);
  memcpy(expected, samples, sizeof expected);
  assert_ok(gd_sampler_ring(&sampler, 9, &ring, NULL));
  take(&sampler, 2, 100);
  ck_assert_mem_eq(samples, expected, sizeof expected);
}
END_TEST

/* Components are chosen many at a time. */
START_TEST(a_sample_does_not_depend_on_those_after_it) {
  double first[200];
  const double means[] = {1, 2, 3}, weights[] = {0.5, 0.25, 0.25}, deviations[] = {0.1, 0.1, 0.1};
  const gd_gaussian_mixture spec = {sizeof spec, 1, 3, means, deviations, weights, false};
  gd_sampler sampler = {0};
  assert_ok(gd_sampler_mixture(&sampler, 5, &spec, NULL));
  take(&sampler, 1, 200);
  memcpy(first, samples, sizeof first);
  for (size_t count = 1; count < 200; count++) {
    assert_ok(gd_sampler_mixture(&sampler, 5, &spec, NULL));
    take(&sampler, 1, count);
    ck_assert_mem_eq(samples, first, count * sizeof *samples);
  }
}
END_TEST

static gd_sampler nothing;

static void assert_wrong_mixture(const gd_gaussian_mixture *spec, gd_status status, const char *words) {
  assert_fails(gd_sampler_mixture(&nothing, 0, spec, NULL), status, words);
}

START_TEST(a_mixture_checks_its_arguments) {
  const double means[] = {0, 1, NAN}, deviations[] = {1, -1, NAN}, weights[] = {0.5, 0.4, 0};
  const double off[] = {0.5, 0.5 + 1.5e-12}; /* 1e-12 is forgiven */
  assert_fails(gd_sampler_mixture(NULL, 0, NULL, NULL), GD_ERR_ARGUMENT, "sampler is NULL");
  assert_wrong_mixture(NULL, GD_ERR_ARGUMENT, "mixture is NULL");
  gd_gaussian_mixture spec = {0, 1, 2, means, NULL, NULL, false};
  assert_wrong_mixture(&spec, GD_ERR_STRUCT, "gd_gaussian_mixture");
  spec.struct_size = sizeof spec;
  spec.dimension = 0;
  assert_wrong_mixture(&spec, GD_ERR_ARGUMENT, "dimension is 0");
  spec.dimension = 1, spec.count = 0;
  assert_wrong_mixture(&spec, GD_ERR_ARGUMENT, "count is 0");
  spec.count = 3;
  assert_wrong_mixture(&spec, GD_ERR_NONFINITE, "means[0, 2] is nan");
  spec.count = 2, spec.means = NULL;
  assert_wrong_mixture(&spec, GD_ERR_ARGUMENT, "means is NULL");
  spec.means = means, spec.deviations = deviations;
  assert_wrong_mixture(&spec, GD_ERR_ARGUMENT, "deviations[1] is -1");
  spec.deviations = NULL, spec.weights = weights;
  assert_wrong_mixture(&spec, GD_ERR_ARGUMENT, "weights add up to 0.9");
  spec.weights = off;
  assert_wrong_mixture(&spec, GD_ERR_ARGUMENT, "weights add up to 1.0000000000015");
  spec.weights = weights + 1;
  assert_wrong_mixture(&spec, GD_ERR_ARGUMENT, "weights[1] is 0");
  ck_assert(!nothing.fill);
}
END_TEST

START_TEST(a_gaussian_checks_its_arguments) {
  const double mean[] = {0, INFINITY}, crooked[] = {1, 0.5, 0.4, 1}, indefinite[] = {1, 2, 2, 1};
  gd_gaussian spec = {sizeof spec, 2, mean, NULL, 0};
  assert_fails(gd_sampler_gaussian(NULL, 0, &spec, NULL), GD_ERR_ARGUMENT, "sampler is NULL");
  assert_fails(gd_sampler_gaussian(&nothing, 0, NULL, NULL), GD_ERR_ARGUMENT, "gaussian is NULL");
  assert_fails(gd_sampler_gaussian(&nothing, 0, &(gd_gaussian){0}, NULL), GD_ERR_STRUCT, "gd_gaussian");
  assert_fails(gd_sampler_gaussian(&nothing, 0, &spec, NULL), GD_ERR_NONFINITE, "mean[1, 0] is inf");
  spec.mean = NULL, spec.covariance = crooked, spec.ldc = 2;
  assert_fails(gd_sampler_gaussian(&nothing, 0, &spec, NULL), GD_ERR_ARGUMENT, "expected a symmetric matrix");
  spec.covariance = indefinite;
  assert_fails(gd_sampler_gaussian(&nothing, 0, &spec, NULL), GD_ERR_ARGUMENT, "not positive definite");
  ck_assert(!nothing.fill);
}
END_TEST

START_TEST(rings_and_grids_check_their_arguments) {
  double modes[2];
  gd_gaussian_ring ring = {sizeof ring, 1, -1, 1, false};
  gd_gaussian_grid grid = {sizeof grid, 0, 1, 1, false};
  assert_fails(gd_ring_modes(1, 1, NULL), GD_ERR_ARGUMENT, "modes is NULL");
  assert_fails(gd_grid_modes(1, 1, NULL), GD_ERR_ARGUMENT, "modes is NULL");
  assert_fails(gd_ring_modes(0, 1, modes), GD_ERR_ARGUMENT, "count is 0");
  assert_fails(gd_ring_modes(1, INFINITY, modes), GD_ERR_ARGUMENT, "radius is inf");
  assert_fails(gd_grid_modes(1, NAN, modes), GD_ERR_ARGUMENT, "spacing is nan");
  assert_fails(gd_sampler_ring(&nothing, 0, NULL, NULL), GD_ERR_ARGUMENT, "ring is NULL");
  assert_fails(gd_sampler_grid(NULL, 0, &grid, NULL), GD_ERR_ARGUMENT, "sampler is NULL");
  assert_fails(gd_sampler_ring(&nothing, 0, &ring, NULL), GD_ERR_ARGUMENT, "radius is -1");
  assert_fails(gd_sampler_grid(&nothing, 0, &grid, NULL), GD_ERR_ARGUMENT, "side is 0, expected 1 to 32767");
  ring.radius = 1, ring.deviation = -2, grid.side = 1, grid.deviation = NAN;
  assert_fails(gd_sampler_ring(&nothing, 0, &ring, NULL), GD_ERR_ARGUMENT, "deviation is -2");
  assert_fails(gd_sampler_grid(&nothing, 0, &grid, NULL), GD_ERR_ARGUMENT, "deviation is nan");
  ck_assert(!nothing.fill);
}
END_TEST

TEST_SUITE("gaussians", a_gaussian_has_its_mean_and_covariance, a_gaussian_is_mean_and_cholesky_factor_times_the_normal,
           a_mixture_has_the_moments_of_its_components, components_are_drawn_by_their_weights,
           balanced_components_take_turns_if_their_weights_are_equal,
           balanced_components_have_exactly_their_share_where_it_is_whole,
           balanced_components_miss_their_share_by_less_than_one, a_ring_has_its_modes_around_the_circle,
           a_grid_has_its_centre_at_the_origin, a_ring_is_the_mixture_of_its_modes,
           a_sample_does_not_depend_on_those_after_it, a_mixture_checks_its_arguments, a_gaussian_checks_its_arguments,
           rings_and_grids_check_their_arguments)
