/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan_lanes.c -- many points at once have the gradients they have alone, bit for bit, from every set of loops. */
#include "kernels/cpu.h"
#include "models/gmm_gan.h"
#include "support/suite.h"

#include <gamedyn/rng.h>

/* Those up to gdi_cpu_find() run here. */
static const gdi_gmm_gan_kernels *const sets[] = GDI_CPU_KERNELS(gdi_gmm_gan_kernels);

enum { MOST = 3 * GD_MIXTURE_MOST, POINTS = 40 };

/* Targets of any weights and of equal ones. */
static double target_means[GD_MIXTURE_MOST], some_weights[GD_MIXTURE_MOST], equal_weights[GD_MIXTURE_MOST];

static gdi_gmm_gan make_gan(size_t K, size_t N, size_t M, bool equal, gd_collapse collapse) {
  double sum = 0;
  for (size_t m = 0; m < M; m++) {
    target_means[m] = 0.75 * (double)m - 1;
    some_weights[m] = 1 + (double)(m % 3);
    equal_weights[m] = 1 / (double)M;
    sum += some_weights[m];
  }
  for (size_t m = 0; m < M; m++) some_weights[m] /= sum;
  const gd_mixture target = {sizeof target, M, target_means, equal ? equal_weights : some_weights};
  return (gdi_gmm_gan){target, K, N, collapse};
}

/* Points of all kinds side by side: lane 1 has infinite ends, lane 2 ends so far off that E is subnormal or 0, lane 3
 * equal ends, lane 4 a NaN in place of an end; a third of all intervals is turned round. */
static void fill(const gdi_gmm_gan *gan, size_t k, uint64_t seed, double *X) {
  const size_t K = gan->n_means, N = gan->n_intervals;
  gd_rng rng = gd_rng_make(seed, 5);
  gd_rng_fill_normal(&rng, k * (K + 2 * N), X);
  double *const left = X + k * K, *const right = left + k * N;
  for (size_t i = 0; i < k * N; i++) right[i] += 1;
  for (size_t i = 0; i < N; i++) {
    if (k > 1) left[1 + k * i] = -INFINITY;
    if (k > 1 && i % 2) right[1 + k * i] = INFINITY;
    if (k > 2) right[2 + k * i] = i % 2 ? 38.5 : 1e200;
    if (k > 3) right[3 + k * i] = left[3 + k * i];
    if (k > 4 && i == 0) right[4] = NAN;
  }
}

static void take_lane(size_t n, size_t k, size_t lane, const double *X, double *x) {
  for (size_t i = 0; i < n; i++) x[i] = X[lane + k * i];
}

/* NaN has many bits, of which none count. */
static bool is_same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b)); }

static void assert_lanes(const gdi_gmm_gan *gan, size_t k, const double *X, const double *V) {
  const size_t n = gdi_gmm_gan_size(gan), K = gan->n_means;
  double x[MOST], v[MOST], parts[MOST];
  for (size_t lane = 0; lane < k; lane++) {
    take_lane(n, k, lane, X, x);
    gdi_gmm_gan_gradient(gan, x, v);
    gdi_gmm_gan_player_gradient(gan, 0, x, parts);
    gdi_gmm_gan_player_gradient(gan, 1, x, parts + K);
    for (size_t i = 0; i < n; i++)
      ck_assert_msg(
          is_same(V[lane + k * i], v[i]) && is_same(parts[i], v[i]),
          "K, N, M = %zu, %zu, %zu, collapse %d, lane %zu of %zu, variable %zu: %.17g, alone %.17g, part %.17g", K,
          gan->n_intervals, gan->target.count, gan->collapse, lane, k, i, V[lane + k * i], v[i], parts[i]);
  }
}

/* Sizes, with the paper's among them, and numbers of points with and without a rest beyond eights. */
START_TEST(lanes_are_single_points) {
  static const size_t sizes[][3] = {{2, 2, 2}, {1, 1, 1}, {2, 2, 3}, {3, 1, 2}, {5, 3, 4}, {32, 32, 32}, {1, 7, 32}};
  static const size_t points[] = {1, 2, 5, 8, 11, 16, 40};
  static double X[MOST * POINTS], V[MOST * POINTS];
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (int kind = 0; kind < 6; kind++) {
      const gdi_gmm_gan gan = make_gan(sizes[s][0], sizes[s][1], sizes[s][2], kind % 2, (gd_collapse)(kind / 2));
      for (size_t p = 0; p < sizeof points / sizeof *points; p++) {
        fill(&gan, points[p], s, X);
        gdi_gmm_gan_gradient_many(&gan, points[p], X, V);
        assert_lanes(&gan, points[p], X, V);
      }
    }
}
END_TEST

START_TEST(all_sets_give_the_same_bits) {
  static double X[MOST * POINTS], V[MOST * POINTS];
  for (size_t K = 1; K <= 4; K++)
    for (int kind = 0; kind < 6; kind++) {
      const gdi_gmm_gan gan = make_gan(K, 2, 2, kind % 2, (gd_collapse)(kind / 2));
      fill(&gan, POINTS, K, X);
      for (size_t cpu = 0; cpu <= gdi_cpu_find(); cpu++) {
        sets[cpu]->gradient(&gan, POINTS / 8, POINTS, X, V);
        assert_lanes(&gan, POINTS, X, V);
      }
    }
}
END_TEST

/* Between 8 and 16 points eights and the rest meet: nothing beyond is touched. */
START_TEST(nothing_beyond_the_points_is_touched) {
  const gdi_gmm_gan gan = make_gan(2, 2, 2, true, GD_COLLAPSE_FREEZE);
  double X[6 * 11], V[6 * 11 + 1];
  for (size_t k = 1; k <= 11; k++) {
    fill(&gan, k, k, X);
    V[6 * k] = 17;
    gdi_gmm_gan_gradient_many(&gan, k, X, V);
    ck_assert_double_eq(V[6 * k], 17);
  }
}
END_TEST

/* At the target's means F is 0 everywhere, exactly, for any number of them. */
START_TEST(nothing_moves_at_the_target) {
  for (size_t K = 1; K <= GD_MIXTURE_MOST; K++) {
    const gdi_gmm_gan gan = make_gan(K, 1, K, true, GD_COLLAPSE_FREEZE);
    double x[GD_MIXTURE_MOST + 2], v[GD_MIXTURE_MOST + 2];
    memcpy(x, target_means, K * sizeof *x);
    x[K] = -0.3, x[K + 1] = 7.7;
    gdi_gmm_gan_gradient_many(&gan, 1, x, v);
    ck_assert(v[K] == 0 && v[K + 1] == 0);
  }
}
END_TEST

TEST_SUITE("gmm_gan_lanes", lanes_are_single_points, all_sets_give_the_same_bits, nothing_beyond_the_points_is_touched,
           nothing_moves_at_the_target)
