/* SPDX-License-Identifier: BSD-3-Clause */
/* null_directions.c -- directions along which nothing moves are known as such, across players, and left out. */
#include <gamedyn/models.h>
#include <gamedyn/rates.h>
#include <gamedyn/stability.h>

#include "support/at_point.h"
#include "support/linear_game.h"
#include "support/suite.h"

enum { MOST = 9 };

static gd_spectrum *spectrum_of(size_t n, const double *J) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_operator_dense(&op, n, n, J, n, NULL));
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  gd_operator_destroy(op);
  return spectrum;
}

/* A stepper on any game of two: rates ask for the method and its parameters alone. */
typedef struct bench {
  gd_game *game;
  gd_stepper *stepper;
} bench;

static bench bench_of(const char *method) {
  bench it = {0};
  assert_ok(gd_model_bilinear(&it.game, 1, 1, (const double[]){1}, 1, NULL));
  assert_ok(gd_stepper_create_named(&it.stepper, it.game, method));
  return it;
}

static void close_bench(bench *it) {
  gd_stepper_destroy(it->stepper);
  gd_game_destroy(it->game);
}

/* J = Q D Q', D of pairs +-i s[k] and a 0: antisymmetric to rounding of the product. */
static size_t antisymmetric(gd_rng *rng, size_t pairs, const double *s, double *J) {
  const size_t n = 2 * pairs + 1;
  double Q[MOST * MOST];
  random_orthogonal(rng, n, Q);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      J[i + j * n] = 0;
      for (size_t k = 0; k < pairs; k++)
        J[i + j * n] += s[k] * (Q[i + (2 * k + 1) * n] * Q[j + 2 * k * n] - Q[i + 2 * k * n] * Q[j + (2 * k + 1) * n]);
    }
  return n;
}

/* |1/(1 - i h s)| = 1/sqrt(1 + h^2 s^2), largest for the least s, and falling for ever: so implicit steps have no
 * fastest one, and h = 1e16 with rate 0 is none of theirs. */
START_TEST(an_antisymmetric_matrix_of_odd_size_has_one) {
  bench implicit = bench_of(GD_IMPLICIT), optimistic = bench_of(GD_OPTIMISTIC);
  for (uint64_t seed = 0; seed < 50; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    const size_t pairs = 1 + seed % 4;
    double s[4], J[MOST * MOST], least = INFINITY, largest = 0, rate, step;
    for (size_t k = 0; k < pairs; k++) {
      s[k] = log_uniform(&rng, 0.1, 3);
      least = fmin(least, s[k]);
      largest = fmax(largest, s[k]);
    }
    const size_t n = antisymmetric(&rng, pairs, s, J);
    gd_spectrum *spectrum = spectrum_of(n, J);
    ck_assert_uint_eq(gd_spectrum_null_directions(spectrum), 1);
    assert_ok(spectrum_rate(implicit.stepper, spectrum, 0.5, &rate));
    assert_close(rate, 1 / sqrt(1 + 0.25 * least * least), 1e-12, 0);
    assert_ok(spectrum_fastest_step(implicit.stepper, spectrum, &step, &rate));
    ck_assert(isinf(step));
    assert_ok(spectrum_largest_stable_step(optimistic.stepper, spectrum, &step));
    assert_close(step, 1 / (sqrt(3) * largest), 1e-9, 0); /* stable for h s < 1/sqrt 3 */
    gd_spectrum_destroy(spectrum);
  }
  close_bench(&optimistic);
  close_bench(&implicit);
}
END_TEST

/* J = -M with M = B B', B [n by r]: n - r of them, symmetric only to rounding where M is summed in two orders. */
START_TEST(a_team_game_short_of_rank_has_some) {
  bench simultaneous = bench_of(GD_SIMULTANEOUS);
  for (uint64_t seed = 0; seed < 50; seed++) {
    enum { N = 6 };
    gd_rng rng = gd_rng_make(seed, 1);
    const size_t r = 1 + seed % (N - 1);
    double Q[N * N], d[N] = {0}, J[N * N], largest = 0, step;
    random_orthogonal(&rng, N, Q);
    for (size_t k = 0; k < r; k++) d[k] = -log_uniform(&rng, 0.1, 3), largest = fmax(largest, -d[k]);
    compose(N, N, Q, d, Q, J);
    gd_spectrum *spectrum = spectrum_of(N, J);
    ck_assert_uint_eq(gd_spectrum_null_directions(spectrum), N - r);
    assert_ok(spectrum_largest_stable_step(simultaneous.stepper, spectrum, &step));
    assert_close(step, 2 / largest, 1e-9, 0);
    gd_spectrum_destroy(spectrum);
  }
  close_bench(&simultaneous);
}
END_TEST

/* [[-1, 1], [1, -1]]: 0 along (1, 1), which is of both players, and -2. */
START_TEST(two_players_may_share_one) {
  const double J[] = {-1, 1, 1, -1};
  bench simultaneous = bench_of(GD_SIMULTANEOUS), implicit = bench_of(GD_IMPLICIT);
  gd_spectrum *spectrum = spectrum_of(2, J);
  double step, rate;
  ck_assert_uint_eq(gd_spectrum_null_directions(spectrum), 1);
  assert_ok(spectrum_largest_stable_step(simultaneous.stepper, spectrum, &step));
  assert_close(step, 1, 1e-12, 0);
  assert_ok(spectrum_fastest_step(simultaneous.stepper, spectrum, &step, &rate));
  assert_close(step, 0.5, 1e-9, 0);
  assert_close(rate, 0, 0, 1e-9);
  assert_ok(spectrum_rate(implicit.stepper, spectrum, 1, &rate));
  assert_close(rate, 1.0 / 3, 1e-14, 0);
  assert_ok(gd_spectrum_largest_euler_step(spectrum, &step));
  assert_close(step, 1, 1e-14, 0);
  gd_spectrum_destroy(spectrum);
  close_bench(&implicit);
  close_bench(&simultaneous);
}
END_TEST

/* [[0, 1], [0, 0]] beside -1, in other coordinates: one null direction for two zeros, and points drift along it. */
START_TEST(a_chain_holds_the_rate_at_1) {
  const char *const methods[] = {GD_SIMULTANEOUS, GD_IMPLICIT, GD_OPTIMISTIC, GD_EXTRAGRADIENT};
  for (uint64_t seed = 0; seed < 50; seed++) {
    gd_rng rng = gd_rng_make(seed, 2);
    double Q[9], J[9];
    random_orthogonal(&rng, 3, Q);
    for (size_t i = 0; i < 3; i++)
      for (size_t j = 0; j < 3; j++) J[i + j * 3] = Q[i] * Q[j + 3] - Q[i + 6] * Q[j + 6];
    gd_spectrum *spectrum = spectrum_of(3, J);
    ck_assert_uint_eq(gd_spectrum_null_directions(spectrum), 1);
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++) {
      bench it = bench_of(methods[k]);
      double step, rate;
      assert_ok(spectrum_rate(it.stepper, spectrum, 0.1, &rate));
      assert_close(rate, 1, 0, 0);
      assert_ok(spectrum_largest_stable_step(it.stepper, spectrum, &step));
      assert_close(step, 0, 0, 0);
      close_bench(&it);
    }
    gd_spectrum_destroy(spectrum);
  }
}
END_TEST

START_TEST(where_nothing_moves_the_rate_is_1) {
  const double J[4] = {0};
  bench it = bench_of(GD_SIMULTANEOUS);
  gd_spectrum *spectrum = spectrum_of(2, J);
  double rate;
  ck_assert_uint_eq(gd_spectrum_null_directions(spectrum), 2);
  assert_ok(spectrum_rate(it.stepper, spectrum, 0.1, &rate));
  assert_close(rate, 1, 0, 0);
  ck_assert_uint_eq(gd_spectrum_null_directions(NULL), 0);
  gd_spectrum_destroy(spectrum);
  close_bench(&it);
}
END_TEST

/* v = -(x - y)^3 / 3 - (x - y), and its negative: differenced, J is [[-1, 1], [1, -1]] to 1e-10 or so. */
static int differenced_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const double d = x[0] - x[1];
  (void)data, (void)draw;
  v[0] = -d - d * d * d / 3;
  v[1] = -v[0];
  return 0;
}

START_TEST(differencing_hides_none) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = differenced_gradient};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = (const size_t[]){1, 1}};
  gd_game *game = NULL;
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_game_create(&game, &spec));
  assert_ok(gd_operator_jacobian(&op, game, (const double[]){0.7, 0.7}));
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  ck_assert_uint_eq(gd_spectrum_null_directions(spectrum), 1);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  gd_game_destroy(game);
}
END_TEST

/* On the axis but for a 0, J has an infinite ratio; i s becomes i s - gamma s^2, with the ratio 1 / (gamma s). */
START_TEST(consensus_reports_take_no_ratio_of_rounding) {
  for (uint64_t seed = 0; seed < 50; seed++) {
    gd_rng rng = gd_rng_make(seed, 3);
    const size_t pairs = 1 + seed % 4;
    double s[4], J[MOST * MOST], least = INFINITY;
    for (size_t k = 0; k < pairs; k++) s[k] = log_uniform(&rng, 0.1, 3), least = fmin(least, s[k]);
    const size_t n = antisymmetric(&rng, pairs, s, J);
    const double origin[MOST] = {0};
    gd_game *game = NULL;
    gd_consensus_report report;
    assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, n - 1}, J, n, NULL, NULL));
    assert_ok(consensus_report_at(game, origin, 0.5, &report));
    ck_assert(isinf(report.ratio) && !report.hypothesis);
    assert_close(report.consensus_ratio, 1 / (0.5 * least), 1e-9, 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* x then y moves on [[-1, 1], [1, -1]]: each move has the determinant 1 - h, and the round keeps (1, 1), so that its
 * other eigenvalue is (1 - h)^2.  Steps in the derivative's own way agree for simultaneous play: 1 - 2 h. */
START_TEST(rates_of_maps_leave_them_out) {
  const double J[] = {-1, 1, 1, -1}, x[2] = {0};
  const char *const methods[] = {GD_ALTERNATING, GD_SIMULTANEOUS, GD_OPTIMISTIC};
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  gd_spectrum *spectrum = spectrum_of(2, J);
  for (size_t k = 0; k < 3; k++) {
    gd_stepper *stepper = NULL;
    double rate, step, expected = 0.49, longest = 2;
    assert_ok(gd_stepper_create_named(&stepper, game, methods[k]));
    if (k > 0) assert_ok(spectrum_rate(stepper, spectrum, 0.3, &expected));
    if (k > 0) assert_ok(spectrum_largest_stable_step(stepper, spectrum, &longest));
    assert_ok(by_map_rate(stepper, x, 0.3, &rate));
    assert_close(rate, expected, 1e-9, 0);
    assert_ok(by_map_largest_stable_step(stepper, x, &step));
    assert_close(step, longest, 1e-6, 0);
    gd_stepper_destroy(stepper);
  }
  gd_spectrum_destroy(spectrum);
  gd_game_destroy(game);
}
END_TEST

/* A chain drifts: what is left of M - I has a 0. */
START_TEST(maps_keep_the_zero_of_a_chain) {
  const double J[] = {0, 0, 1, 0}, x[2] = {0};
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  double rate;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(by_map_rate(stepper, x, 0.3, &rate));
  assert_close(rate, 1, 1e-7, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("null_directions", an_antisymmetric_matrix_of_odd_size_has_one, a_team_game_short_of_rank_has_some,
           two_players_may_share_one, a_chain_holds_the_rate_at_1, where_nothing_moves_the_rate_is_1,
           differencing_hides_none, consensus_reports_take_no_ratio_of_rounding, rates_of_maps_leave_them_out,
           maps_keep_the_zero_of_a_chain)
