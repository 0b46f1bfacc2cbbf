/* SPDX-License-Identifier: BSD-3-Clause */
/* mixture.c -- densities, zeros of differences and total variation of Gaussian mixtures at points known in closed form
 * or to many digits, degenerate ones included. */
#include <gamedyn/mixture.h>

#include "support/suite.h"

static gd_mixture pair_of(const double *means) {
  return (gd_mixture){.struct_size = sizeof(gd_mixture), .count = 2, .means = means};
}

static gd_mixture single(const double *mean) {
  return (gd_mixture){.struct_size = sizeof(gd_mixture), .count = 1, .means = mean};
}

static double distance_of(const gd_mixture *target, const gd_mixture *model) {
  double distance = -1;
  assert_ok(gd_mixture_total_variation(target, model, &distance));
  return distance;
}

/* 2 Phi(d / 2) - 1 = erf(d / sqrt(8)) */
static double single_distance(double d) { return erf(d / sqrt(8)); }

typedef struct known {
  double model[2], target[2];
  size_t count;
  double zeros[3], distance;
} known;

static void assert_known(const known *it) {
  const gd_mixture target = pair_of(it->target), model = pair_of(it->model);
  double zeros[3];
  size_t count = 9;
  assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
  ck_assert_uint_eq(count, it->count);
  for (size_t k = 0; k < count; k++) assert_close(zeros[k], it->zeros[k], 1e-14, 1e-14);
  assert_close(distance_of(&target, &model), it->distance, 0, 1e-14);
  assert_ok(gd_mixture_zeros(&model, &target, zeros, &count)); /* -F changes sign at the same places */
  ck_assert_uint_eq(count, it->count);
  for (size_t k = 0; k < count; k++) assert_close(zeros[k], it->zeros[k], 1e-14, 1e-14);
  assert_close(distance_of(&model, &target), it->distance, 0, 1e-14);
}

/* Computed with 40 digits by bisection of F and the error function; the last by symmetry about 1. */
START_TEST(knows_zeros_and_distances_to_rounding) {
  static const known all[] = {
      {{-1, 2.5}, {-2, 2}, 3, {-1.49788619829811306, 0.659259989470465888, 2.23939514885478359}, 0.239663732643500286},
      {{-0.3, 1.1}, {-0.5, 0.5}, 1, {0.584482293394444004}, 0.139855155772705179},
      {{0, 0}, {-0.5, 0.5}, 2, {-1.02095769100425401, 1.02095769100425401}, 0.0580588657313685936},
      {{0.2, 0.2}, {-0.5, 0.5}, 2, {-0.417064601090736502, 2.35963705297157241}, 0.0890995622458978061},
      {{-8, 9}, {-7, 10}, 3, {-7.5, 1, 9.5}, 0.382924922548026},
  };
  for (size_t k = 0; k < sizeof all / sizeof *all; k++) assert_known(&all[k]);
}
END_TEST

/* p(x) = sum w_j phi(x - m_j) with phi(0) = 1/sqrt(2 pi), phi(1) = phi(0) / sqrt(e); Phi(0) = 1/2. */
START_TEST(evaluates_densities_and_probabilities) {
  const double means[] = {0, 1}, weights[] = {0.25, 0.75}, peak = 1 / sqrt(2 * acos(-1));
  const gd_mixture mixture = {sizeof mixture, 2, means, weights};
  double density, cumulative;
  assert_ok(gd_mixture_evaluate(&mixture, 0, &density, &cumulative));
  assert_close(density, peak * (0.25 + 0.75 * exp(-0.5)), 4e-16, 0);
  assert_close(cumulative, 0.125 + 0.375 * erfc(sqrt(0.5)), 4e-16, 0);
  assert_ok(gd_mixture_evaluate(&mixture, INFINITY, &density, &cumulative));
  ck_assert(density == 0 && cumulative == 1);
  assert_ok(gd_mixture_evaluate(&mixture, -INFINITY, NULL, &cumulative));
  assert_ok(gd_mixture_evaluate(&mixture, -INFINITY, &density, NULL));
  ck_assert(density == 0 && cumulative == 0);
}
END_TEST

/* Single Gaussians differ by a half-line that ends half way. */
START_TEST(single_gaussians_part_at_the_midpoint) {
  for (double d = 1e-9; d < 100; d *= 7) {
    const double left = 3, right = 3 + d;
    const gd_mixture target = single(&right), model = single(&left);
    gd_interval where[1];
    size_t count;
    assert_ok(gd_mixture_excess(&target, &model, where, &count));
    ck_assert_uint_eq(count, 1);
    assert_close(where[0].left, 3 + d / 2, 4e-16, 0);
    ck_assert_double_eq(where[0].right, INFINITY);
    assert_close(distance_of(&target, &model), single_distance(d), 0, 1e-15);
  }
}
END_TEST

/* Where a component at -far is nothing, F = 0 is phi(x - 3) = phi(x - 4) + phi(x - 5): with u = exp(x - 7/2),
 * 1 = u + u^2 / e. */
START_TEST(a_far_component_does_not_blur_the_zeros_of_the_others) {
  const double u = (sqrt(1 + 4 / exp(1)) - 1) * exp(1) / 2, target_means[] = {4, 5};
  for (double far = 1e2; far < 1e100; far *= 1e4) {
    const double model_means[] = {-far, 3};
    const gd_mixture target = pair_of(target_means), model = pair_of(model_means);
    double zeros[3];
    size_t count;
    assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
    ck_assert_uint_eq(count, 1);
    assert_close(zeros[0], 3.5 + log(u), 1e-15, 0);
  }
}
END_TEST

/* Half of each mixture is the same Gaussian: what remains is half the distance of two single ones. */
START_TEST(a_shared_mean_cancels) {
  const double target_means[] = {-0.5, 0.5}, model_means[] = {0.5, -1.25};
  const gd_mixture target = pair_of(target_means), model = pair_of(model_means);
  double zeros[3];
  size_t count;
  assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
  ck_assert_uint_eq(count, 1);
  assert_close(zeros[0], -0.875, 4e-16, 0);
  assert_close(distance_of(&target, &model), single_distance(0.75) / 2, 1e-14, 0);
}
END_TEST

START_TEST(equal_mixtures_do_not_differ) {
  const double means[] = {0.25, -1, 0.25}, turned[] = {-1, 0.25}, weights[] = {0.1, 0.7, 0.2},
               merged[] = {0.7, 0.1 + 0.2};
  const gd_mixture target = {sizeof target, 3, means, weights}, model = {sizeof model, 2, turned, merged};
  gd_interval where[3];
  double zeros[4];
  size_t count = 9, intervals = 9;
  assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
  assert_ok(gd_mixture_excess(&target, &model, where, &intervals));
  ck_assert(count == 0 && intervals == 0);
  ck_assert_double_eq(distance_of(&target, &model), 0);
}
END_TEST

/* With F > 0 on both outer sides both intervals are unbounded, and TV is a difference of tails:
 * 2 [Phi*(-z) - Phi(-z)] at z = 1.02095769100425401. */
START_TEST(a_collapsed_model_lacks_both_tails) {
  const double target_means[] = {-0.5, 0.5}, model_means[] = {0, 0}, z = 1.02095769100425401;
  const gd_mixture target = pair_of(target_means), model = pair_of(model_means);
  gd_interval where[2];
  size_t count;
  assert_ok(gd_mixture_excess(&target, &model, where, &count));
  ck_assert_uint_eq(count, 2);
  ck_assert(where[0].left == -INFINITY && where[1].right == INFINITY);
  assert_close(where[0].right, -z, 1e-14, 0);
  assert_close(where[1].left, z, 1e-14, 0);
}
END_TEST

/* Moved by e and 2 e the difference is -e (phi'(x + 1/2) + 2 phi'(x - 1/2)) / 2 + O(e^2), which vanishes where
 * (x + 1/2) exp(-x) = -2 (x - 1/2): once, between the means. */
START_TEST(near_coincident_means_keep_their_zeros) {
  for (double e = 1e-3; e > 1e-13; e /= 10) {
    const double target_means[] = {-0.5, 0.5}, model_means[] = {-0.5 + e, 0.5 + 2 * e};
    const gd_mixture target = pair_of(target_means), model = pair_of(model_means);
    double zeros[3], low = 0, high = 0.5;
    size_t count;
    while (high - low > 1e-15) {
      const double x = (low + high) / 2;
      *((x + 0.5) * exp(-x) + 2 * (x - 0.5) > 0 ? &high : &low) = x;
    }
    assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
    ck_assert_uint_ge(count, 1);
    double best = INFINITY;
    for (size_t k = 0; k < count; k++) best = fmin(best, fabs(zeros[k] - low));
    /* rounding of the means is of relative size DBL_EPSILON / e in their differences */
    ck_assert_double_le(best, 4 * e + 4e-16 / e);
    /* TV = e (phi(low + 1/2) + 2 phi(low - 1/2)) / 2 + O(e^2) */
    const double slope =
        (exp(-(low + 0.5) * (low + 0.5) / 2) + 2 * exp(-(low - 0.5) * (low - 0.5) / 2)) / sqrt(8 * acos(-1));
    assert_close(distance_of(&target, &model), e * slope, 4 * e, 1e-15);
  }
}
END_TEST

/* Pairs so far apart that they do not see each other.  In between F > 0, since the target's means are nearer. */
START_TEST(far_apart_pairs_are_single_gaussians) {
  const double target_means[] = {-1e6, 1e6}, model_means[] = {-1e6 - 2, 1e6 + 1};
  const gd_mixture target = pair_of(target_means), model = pair_of(model_means);
  double zeros[3];
  size_t count;
  assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
  ck_assert_uint_eq(count, 2);
  assert_close(zeros[0], -1e6 - 1, 4e-16, 0);
  assert_close(zeros[1], 1e6 + 0.5, 4e-16, 0);
  assert_close(distance_of(&target, &model), (single_distance(2) + single_distance(1)) / 2, 0, 1e-15);
  const double left[] = {-1e99, -1e98}, right[] = {1e98, 1e99};
  const gd_mixture far_left = pair_of(left), far_right = pair_of(right);
  assert_close(distance_of(&far_left, &far_right), 1, 0, 1e-15);
}
END_TEST

/* w phi(x) = (1 - w) phi(x - m) on both sides of the balance: x = m / 2 + log(w_0 / w_1) / m, w the weights that
 * remain. */
START_TEST(weights_move_the_zeros) {
  const double means[] = {0, 2}, mine[] = {0.8, 0.2}, middle = 1;
  const gd_mixture target = {sizeof target, 2, means, mine}, model = single(&middle);
  double zeros[2];
  size_t count;
  assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
  ck_assert_uint_eq(count, 2);
  /* with t = exp(x - 1): 0.8 exp(-1/2) / t + 0.2 exp(-1/2) t = 1 */
  const double s = exp(0.5), root = sqrt(s * s - 0.64);
  assert_close(zeros[0], 1 + log((s - root) / 0.4), 2e-15, 0);
  assert_close(zeros[1], 1 + log((s + root) / 0.4), 2e-15, 0);
}
END_TEST

/* Means 0 and 1 against d = 1e-210 and 1, weights (.5, .5) and (.6, .4): F = phi(x) / 2 - .6 phi(x - d) + phi(x - 1) /
 * 10 vanishes where phi(x - 1) = phi(x), and again where exp(d x) = 5 / 6, off any map; TV = (2 Phi(1/2) - 1) / 10. And
 * with two terms, (1/4, 3/4) against (3/4, 1/4) on 0 and d: exp(d x) = 1, at d / 2. */
START_TEST(zeros_off_the_map_stand_at_its_edge) {
  const double d = 1e-210, target_means[] = {0, 1}, model_means[] = {d, 1}, close_means[] = {0, d};
  const double weights[] = {0.6, 0.4}, light[] = {0.25, 0.75}, heavy[] = {0.75, 0.25};
  const gd_mixture target = pair_of(target_means), model = {sizeof model, 2, model_means, weights};
  double zeros[3];
  size_t count;
  for (int turned = 0; turned < 2; turned++) {
    assert_ok(gd_mixture_zeros(turned ? &model : &target, turned ? &target : &model, zeros, &count));
    ck_assert_uint_eq(count, 2);
    ck_assert_double_eq(zeros[0], -1e200);
    assert_close(zeros[1], 0.5, 1e-15, 0);
    assert_close(distance_of(turned ? &model : &target, turned ? &target : &model), single_distance(1) / 10, 0, 1e-16);
  }
  const gd_mixture first = {sizeof first, 2, close_means, light}, second = {sizeof second, 2, close_means, heavy};
  assert_ok(gd_mixture_zeros(&first, &second, zeros, &count));
  ck_assert_uint_eq(count, 1);
  assert_close(zeros[0], d / 2, 1e-15, 0);
}
END_TEST

/* Thirty-two and thirty-two components: the largest there are, each pair apart from all others. */
START_TEST(many_components_are_no_matter) {
  double target_means[GD_MIXTURE_MOST], model_means[GD_MIXTURE_MOST], zeros[2 * GD_MIXTURE_MOST];
  size_t count;
  for (int j = 0; j < GD_MIXTURE_MOST; j++) {
    target_means[j] = 100 * j;
    model_means[j] = 100 * j + 1;
  }
  const gd_mixture target = {sizeof target, GD_MIXTURE_MOST, target_means, NULL};
  const gd_mixture model = {sizeof model, GD_MIXTURE_MOST, model_means, NULL};
  assert_ok(gd_mixture_zeros(&target, &model, zeros, &count));
  ck_assert_uint_eq(count, 2 * GD_MIXTURE_MOST - 1);
  for (size_t k = 0; k < count; k += 2) assert_close(zeros[k], 50.0 * (double)k + 0.5, 4e-15, 4e-15);
  assert_close(distance_of(&target, &model), single_distance(1), 0, 4e-15);
}
END_TEST

START_TEST(refuses_what_is_no_mixture) {
  const double means[] = {0, NAN}, large[] = {0, 2e100}, fine[] = {0, 1}, negative[] = {-1, 2}, heavy[] = {1, 1};
  const double nan_weight[] = {0.5, NAN};
  const gd_mixture good = pair_of(fine), bad = pair_of(means), far = pair_of(large);
  const gd_mixture wrong[] = {{sizeof good, 0, fine, NULL},
                              {sizeof good, 33, fine, NULL},
                              {sizeof good, 2, NULL, NULL},
                              {sizeof good, 2, fine, negative},
                              {sizeof good, 2, fine, heavy},
                              {sizeof good, 2, fine, nan_weight},
                              {0, 2, fine, NULL}};
  double out = 7, zeros[3];
  size_t count = 7;
  gd_interval where[2];
  assert_fails(gd_mixture_total_variation(&good, &bad, &out), GD_ERR_NONFINITE, "model: means[1]");
  assert_fails(gd_mixture_total_variation(&bad, &good, &out), GD_ERR_NONFINITE, "target: means[1]");
  assert_fails(gd_mixture_total_variation(&good, &far, &out), GD_ERR_ARGUMENT, "at most 1e+100");
  assert_fails(gd_mixture_zeros(&good, &wrong[0], zeros, &count), GD_ERR_ARGUMENT, "count is 0, expected 1 to 32");
  assert_fails(gd_mixture_zeros(&good, &wrong[1], zeros, &count), GD_ERR_ARGUMENT, "count is 33");
  assert_fails(gd_mixture_excess(&wrong[2], &good, where, &count), GD_ERR_ARGUMENT, "means is NULL");
  assert_fails(gd_mixture_excess(&wrong[3], &good, where, &count), GD_ERR_ARGUMENT, "weights[0] is -1");
  assert_fails(gd_mixture_excess(&wrong[4], &good, where, &count), GD_ERR_ARGUMENT, "add up to 2");
  assert_fails(gd_mixture_evaluate(&wrong[5], 0, &out, NULL), GD_ERR_NONFINITE, "weights[1]");
  assert_fails(gd_mixture_evaluate(&wrong[6], 0, &out, NULL), GD_ERR_STRUCT, "gd_mixture");
  assert_fails(gd_mixture_evaluate(NULL, 0, &out, NULL), GD_ERR_ARGUMENT, "mixture is NULL");
  assert_fails(gd_mixture_evaluate(&good, NAN, &out, NULL), GD_ERR_NONFINITE, "x is ");
  assert_fails(gd_mixture_zeros(&good, &good, NULL, &count), GD_ERR_ARGUMENT, "zeros is NULL");
  assert_fails(gd_mixture_excess(&good, &good, where, NULL), GD_ERR_ARGUMENT, "count is NULL");
  assert_fails(gd_mixture_total_variation(&good, &good, NULL), GD_ERR_ARGUMENT, "distance is NULL");
  ck_assert(out == 7 && count == 7);
}
END_TEST

TEST_SUITE("mixture", knows_zeros_and_distances_to_rounding, evaluates_densities_and_probabilities,
           single_gaussians_part_at_the_midpoint, a_far_component_does_not_blur_the_zeros_of_the_others,
           a_shared_mean_cancels, equal_mixtures_do_not_differ, a_collapsed_model_lacks_both_tails,
           near_coincident_means_keep_their_zeros, far_apart_pairs_are_single_gaussians, weights_move_the_zeros,
           zeros_off_the_map_stand_at_its_edge, many_components_are_no_matter, refuses_what_is_no_mixture)
