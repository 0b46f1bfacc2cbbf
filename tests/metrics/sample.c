/* SPDX-License-Identifier: BSD-3-Clause */
/* sample.c -- distances between samples, densities and modes, where they are known in closed form. */
#include <gamedyn/rng.h>
#include <gamedyn/sample.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 200 };
static double a[3 * MOST], b[3 * MOST];

static double distance_of(size_t dimension, size_t count) {
  double distance = -1;
  assert_ok(gd_wasserstein_1(dimension, count, a, b, &distance, NULL, NULL));
  return distance;
}

static int compare(const void *left, const void *right) {
  const double x = *(const double *)left, y = *(const double *)right;
  return (x > y) - (x < y);
}

/* On the line, sorted points meet in their order: a pairing without crossings is optimal. */
START_TEST(pairs_sorted_points_on_the_line) {
  for (uint64_t seed = 0; seed < 100; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    const size_t count = 1 + seed;
    double sum = 0;
    gd_rng_fill_normal(&rng, count, a);
    gd_rng_fill_normal(&rng, count, b);
    const double found = distance_of(1, count);
    qsort(a, count, sizeof *a, compare);
    qsort(b, count, sizeof *b, compare);
    for (size_t k = 0; k < count; k++) sum += fabs(a[k] - b[k]);
    assert_close(found, sum / (double)count, 1e-13, 0);
  }
}
END_TEST

/* |mean difference| <= W_1 <= mean |a_k - b_k| for any pairing; both are |t| when one sample is the other moved by t.
 */
START_TEST(knows_how_far_a_sample_was_moved) {
  gd_rng rng = gd_rng_make(1, 1);
  size_t partner[MOST];
  double distance;
  gd_rng_fill_normal(&rng, 2 * MOST, a);
  for (size_t k = 0; k < MOST; k++) { /* moved by (3, -4), in another order */
    b[2 * k] = a[2 * (MOST - 1 - k)] + 3;
    b[2 * k + 1] = a[2 * (MOST - 1 - k) + 1] - 4;
  }
  assert_ok(gd_wasserstein_1(2, MOST, a, b, &distance, partner, NULL));
  assert_close(distance, 5, 1e-13, 0);
  double mean = 0;
  for (size_t k = 0; k < MOST; k++)
    mean += hypot(a[2 * partner[k]] - b[2 * k], a[2 * partner[k] + 1] - b[2 * k + 1]) / MOST;
  assert_close(mean, distance, 1e-13, 0);
}
END_TEST

START_TEST(is_a_distance) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    double third[3 * MOST], between[3];
    gd_rng rng = gd_rng_make(seed, 2);
    const size_t count = 5 + 3 * seed;
    gd_rng_fill_normal(&rng, 3 * count, a);
    gd_rng_fill_normal(&rng, 3 * count, b);
    gd_rng_fill_normal(&rng, 3 * count, third);
    assert_ok(gd_wasserstein_1(3, count, a, b, &between[0], NULL, NULL));
    assert_ok(gd_wasserstein_1(3, count, b, third, &between[1], NULL, NULL));
    assert_ok(gd_wasserstein_1(3, count, a, third, &between[2], NULL, NULL));
    ck_assert(between[2] <= (between[0] + between[1]) * (1 + 1e-14));
    double back;
    assert_ok(gd_wasserstein_1(3, count, b, a, &back, NULL, NULL));
    assert_close(back, between[0], 1e-13, 0);
    assert_ok(gd_wasserstein_1(3, count, a, a, &back, NULL, NULL));
    ck_assert(back == 0);
  }
}
END_TEST

/* One point at (1, 2): the density is that of the normal distribution around it. */
START_TEST(estimates_the_density_of_one_point) {
  const double point[] = {1, 2}, h = 0.5;
  const gd_grid grid = {3, 2, 0, 2, 2, 3};
  double density[6];
  assert_ok(gd_kernel_density(1, point, h, &grid, density, NULL));
  const double peak = 1 / (2 * acos(-1) * h * h);
  for (size_t j = 0; j < 2; j++)
    for (size_t i = 0; i < 3; i++) {
      const double dx = (double)i - 1, dy = (double)j;
      assert_close(density[i + 3 * j], peak * exp(-(dx * dx + dy * dy) / (2 * h * h)), 1e-14, 0);
    }
}
END_TEST

/* A density adds up to 1: on a grid that reaches 8 bandwidths beyond the sample, the trapezoidal sum does so too, but
 * for exp(-32) outside and exp(-2 pi^2 (h / dx)^2) of aliasing (Poisson's summation formula). */
START_TEST(estimates_densities_that_add_up_to_one) {
  gd_rng rng = gd_rng_make(3, 3);
  gd_rng_fill_uniform(&rng, 2 * MOST, a);
  const double h = 0.25;
  const gd_grid grid = {51, 41, -2, 3, -2, 3};
  static double density[51 * 41];
  double sum = 0;
  assert_ok(gd_kernel_density(MOST, a, h, &grid, density, NULL));
  for (size_t k = 0; k < 51 * 41; k++) sum += density[k];
  assert_close(sum * (5.0 / 50) * (5.0 / 40), 1, 1e-13, 0);
}
END_TEST

/* Modes at (0, 0), (10, 0), (0, 10); distances 0.5, 1, 1 + eps, 0.9 and sqrt(50), where the first two are as near. */
START_TEST(counts_modes_and_good_points) {
  const double modes[] = {0, 0, 10, 0, 0, 10};
  const double points[] = {0.5, 0, 0, -1, 0, 1 + 2 * DBL_EPSILON, 10, 0.9, 5, 5};
  size_t per_mode[3];
  gd_mode_report report;
  assert_ok(gd_mode_count(2, 5, points, 3, modes, 1, 1, per_mode, &report));
  ck_assert(per_mode[0] == 2 && per_mode[1] == 1 && per_mode[2] == 0);
  ck_assert(report.good == 3 && report.covered == 2);
  assert_ok(gd_mode_count(2, 5, points, 3, modes, 1, 2, per_mode, &report));
  ck_assert(report.good == 3 && report.covered == 1);
  assert_ok(gd_mode_count(2, 5, points, 3, modes, 8, 1, per_mode, &report));
  ck_assert(per_mode[0] == 4 && per_mode[1] == 1 && report.good == 5);
}
END_TEST

static gd_status measure(const gd_env *env, void *argument) {
  const gd_grid grid = {3, 2, 0, 2, 2, 3};
  double out[6];
  (void)argument;
  GD_TRY(gd_wasserstein_1(2, 3, a, b, out, NULL, env));
  return gd_kernel_density(1, a, 1, &grid, out, env);
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_eq(refuse_each_allocation(measure, NULL), 3 + 2 + 2); }
END_TEST

START_TEST(refuses_what_are_no_samples) {
  const double points[] = {0, 1, NAN, 3}, far[] = {-DBL_MAX, 0, DBL_MAX, 0};
  double out = 7;
  assert_fails(gd_wasserstein_1(0, 2, a, b, &out, NULL, NULL), GD_ERR_ARGUMENT, "dimension is 0");
  assert_fails(gd_wasserstein_1(2, 0, a, b, &out, NULL, NULL), GD_ERR_ARGUMENT, "count is 0");
  assert_fails(gd_wasserstein_1(2, SIZE_MAX / 2, a, b, &out, NULL, NULL), GD_ERR_ARGUMENT, "too many");
  assert_fails(gd_wasserstein_1(2, 2, NULL, b, &out, NULL, NULL), GD_ERR_ARGUMENT, "a is NULL");
  assert_fails(gd_wasserstein_1(2, 2, a, points, &out, NULL, NULL), GD_ERR_NONFINITE, "b[2] is");
  assert_fails(gd_wasserstein_1(2, 2, a, b, NULL, NULL, NULL), GD_ERR_ARGUMENT, "distance is NULL");
  assert_fails(gd_wasserstein_1(2, 2, far, far, &out, NULL, NULL), GD_ERR_NONFINITE, "overflows");
  ck_assert(out == 7);
}
END_TEST

START_TEST(refuses_what_is_no_grid) {
  const gd_grid fine = {2, 2, 0, 1, 0, 1}, thin = {1, 2, 0, 1, 0, 1}, turned = {2, 2, 1, 0, 0, 1},
                flat = {2, 2, 0, 1, 1, 1};
  const double points[] = {0, 1, NAN, 3};
  double out[4] = {7};
  assert_fails(gd_kernel_density(0, a, 1, &fine, out, NULL), GD_ERR_ARGUMENT, "count is 0");
  assert_fails(gd_kernel_density(1, a, 0, &fine, out, NULL), GD_ERR_ARGUMENT, "bandwidth is 0");
  assert_fails(gd_kernel_density(1, NULL, 1, &fine, out, NULL), GD_ERR_ARGUMENT, "points is NULL");
  assert_fails(gd_kernel_density(2, points, 1, &fine, out, NULL), GD_ERR_NONFINITE, "points[2]");
  assert_fails(gd_kernel_density(1, a, 1, NULL, out, NULL), GD_ERR_ARGUMENT, "grid is NULL");
  assert_fails(gd_kernel_density(1, a, 1, &thin, out, NULL), GD_ERR_ARGUMENT, "1 by 2 points");
  assert_fails(gd_kernel_density(1, a, 1, &turned, out, NULL), GD_ERR_ARGUMENT, "expected x0 < x1");
  assert_fails(gd_kernel_density(1, a, 1, &flat, out, NULL), GD_ERR_ARGUMENT, "expected y0 < y1");
  ck_assert(out[0] == 7);
}
END_TEST

START_TEST(refuses_what_are_no_modes) {
  const double points[] = {0, 1, NAN, 3};
  size_t per_mode[2];
  gd_mode_report report;
  assert_fails(gd_mode_count(0, 1, a, 1, b, 1, 1, per_mode, &report), GD_ERR_ARGUMENT, "dimension is 0");
  assert_fails(gd_mode_count(2, 0, a, 1, b, 1, 1, per_mode, &report), GD_ERR_ARGUMENT, "0 points");
  assert_fails(gd_mode_count(2, 1, a, 2, points, 1, 1, per_mode, &report), GD_ERR_NONFINITE, "modes[2]");
  assert_fails(gd_mode_count(2, 1, a, 1, NULL, 1, 1, per_mode, &report), GD_ERR_ARGUMENT, "modes is NULL");
  assert_fails(gd_mode_count(2, 1, a, 1, b, 0, 1, per_mode, &report), GD_ERR_ARGUMENT, "radius is 0");
  assert_fails(gd_mode_count(2, 1, a, 1, b, 1, 0, per_mode, &report), GD_ERR_ARGUMENT, "least is 0");
  assert_fails(gd_mode_count(2, 1, a, 1, b, 1, 1, NULL, &report), GD_ERR_ARGUMENT, "per_mode is NULL");
}
END_TEST

TEST_SUITE("sample", pairs_sorted_points_on_the_line, knows_how_far_a_sample_was_moved, is_a_distance,
           estimates_the_density_of_one_point, estimates_densities_that_add_up_to_one, counts_modes_and_good_points,
           survives_every_refused_allocation, refuses_what_are_no_samples, refuses_what_is_no_grid,
           refuses_what_are_no_modes)
