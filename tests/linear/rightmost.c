/* SPDX-License-Identifier: BSD-3-Clause */
/* rightmost.c -- the rightmost eigenvalues of games with little damping, by products against LAPACK.
 *
 * J = [[-D, -C], [C', -E]], D and E diagonal with entries log-uniform between 1e-4 or more and 1, C a diagonal and a
 * scattered permutation.  The eigenvalues crowd along the imaginary axis, from which they differ by a thousandth of
 * their size: the right edge of the spectrum is almost a line, and Krylov methods find its ends first.  The answer may
 * be right, or say by its status that it holds of what was found; it is never wrong without a word. */
#include <gamedyn/rng.h>
#include <gamedyn/spectrum.h>

#include "support/suite.h"

#include <math.h>
#include <stdio.h>

typedef struct damped {
  size_t p, stride, offset;
  double coupling, *curvature, *strength; /* [2 p], [p] */
} damped;

static size_t partner(const damped *g, size_t i) { return (i * g->stride + g->offset) % g->p; }

static int apply(void *context, const double *u, double *out) {
  const damped *g = context;
  const size_t p = g->p;
  for (size_t i = 0; i < p; i++) {
    out[i] = -g->curvature[i] * u[i] - g->strength[i] * u[p + i] - g->coupling * u[p + partner(g, i)];
    out[p + i] = g->strength[i] * u[i] - g->curvature[p + i] * u[p + i];
  }
  for (size_t i = 0; i < p; i++) out[p + partner(g, i)] += g->coupling * u[i];
  return 0;
}

static size_t common_divisor(size_t a, size_t b) { return b ? common_divisor(b, a % b) : a; }

static damped *make_game(uint64_t seed, size_t least, size_t most) {
  gd_rng rng = gd_rng_make(seed, 7);
  double u[8];
  gd_rng_fill_uniform(&rng, 8, u);
  damped *g = calloc(1, sizeof *g);
  const size_t p = g->p = least + (size_t)(u[0] * (double)(most - least + 1));
  g->curvature = calloc(2 * p, sizeof *g->curvature), g->strength = calloc(p, sizeof *g->strength);
  g->coupling = 0.5 * u[4];
  g->stride = 3 + (size_t)(20 * u[5]);
  while (common_divisor(g->stride, p) != 1) g->stride++;
  g->offset = (size_t)(u[6] * (double)p);
  gd_rng_fill_uniform(&rng, 2 * p, g->curvature);
  gd_rng_fill_uniform(&rng, p, g->strength);
  for (size_t i = 0; i < 2 * p; i++) g->curvature[i] = pow(10, (2 * u[1] - 4) * g->curvature[i]);
  for (size_t i = 0; i < p && u[7] < 0.5; i++) g->curvature[p + i] = g->curvature[i]; /* both players' alike */
  for (size_t i = 0; i < p; i++) g->strength[i] = 0.5 + 2 * u[2] + 2 * u[3] * g->strength[i];
  return g;
}

static void destroy_game(damped *g) { free(g->curvature), free(g->strength), free(g); }

typedef struct tally {
  size_t right, caveated;
} tally;

/* Eigenvalues this close are the same: J is near to normal (a condition below 1e4 all in all), and residuals are 1e-10
 * relative. */
static bool is_right(double found, double expected) { return fabs(found - expected) <= 1e-6 * fabs(expected) + 1e-10; }

static void check_game(uint64_t seed, size_t least, size_t most, tally *count) {
  damped *g = make_game(seed, least, most);
  gd_operator *op = NULL;
  gd_spectrum *some = NULL, *all = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_REAL, options.dense_limit = 0;
  assert_ok(gd_operator_create(&op, 2 * g->p, apply, NULL, g, NULL));
  const gd_status status = gd_spectrum_compute(&some, op, &options);
  ck_assert_int_ge(status, 0);
  options.which = GD_SPECTRUM_ALL, options.dense_limit = 2 * g->p, options.residuals = false;
  assert_ok(gd_spectrum_compute(&all, op, &options));
  const double found = gd_spectrum_abscissa(some), expected = gd_spectrum_abscissa(all);
  if (status == GD_OK)
    ck_assert_msg(is_right(found, expected), "game %zu, n = %zu: abscissa %.9g with GD_OK, expected %.9g", (size_t)seed,
                  2 * g->p, found, expected);
  ck_assert(gd_spectrum_complete(all));
  ck_assert(status == GD_OK || !gd_spectrum_complete(some));
  *(status == GD_OK ? &count->right : &count->caveated) += 1;
  gd_spectrum_destroy(some), gd_spectrum_destroy(all);
  gd_operator_destroy(op);
  destroy_game(g);
}

START_TEST(is_never_missed_without_a_word_on_small_games) {
  const size_t games = test_instances(4, 150);
  tally count = {0};
  for (size_t k = 0; k < games; k++) check_game(k, 40, games > 4 ? 400 : 90, &count);
  ck_assert_uint_eq(count.right, games); /* all n vectors are within reach here */
}
END_TEST

START_TEST(is_never_missed_without_a_word_on_large_games) {
  const size_t games = test_instances(0, 50);
  tally count = {0};
  for (size_t k = 0; k < games; k++) check_game(1000 + k, 700, k < 40 ? 1000 : 2000, &count);
  if (games) printf("games up to 4000 variables: %zu right, %zu with a caveat\n", count.right, count.caveated);
}
END_TEST

/* A game of 160 variables, 12 vectors.  Fewer than 32 times those are within reach of a second search in all of space,
 * after a first one of at most 2 n products; 3 more are for residuals in each. */
START_TEST(ends_in_all_of_space_where_that_is_small) {
  damped *g = make_game(2, 80, 80);
  gd_operator *op = NULL;
  gd_spectrum *some = NULL, *all = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_REAL, options.count = 2;
  assert_ok(gd_operator_create(&op, 2 * g->p, apply, NULL, g, NULL));
  assert_ok(gd_spectrum_compute(&all, op, &options));
  options.subspace = 12, options.dense_limit = 0;
  assert_ok(gd_spectrum_compute(&some, op, &options));
  ck_assert(gd_spectrum_complete(some));
  ck_assert_uint_eq(gd_spectrum_converged(some), gd_spectrum_count(some));
  ck_assert_uint_le(gd_spectrum_products(some), 3 * 160 + 3 + 13);
  for (size_t k = 0; k < 2; k++) ck_assert(is_right(gd_spectrum_real(some)[k], gd_spectrum_real(all)[k]));
  gd_spectrum_destroy(some), gd_spectrum_destroy(all);
  /* too few products for a second one: the answer is of what was found, and says so */
  options.max_products = 100;
  ck_assert_int_eq(gd_spectrum_compute(&some, op, &options), GD_NOT_CONVERGED);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "about the eigenvalues that were found"));
  ck_assert(!gd_spectrum_complete(some));
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
  destroy_game(g);
}
END_TEST

TEST_SUITE("rightmost", is_never_missed_without_a_word_on_small_games, is_never_missed_without_a_word_on_large_games,
           ends_in_all_of_space_where_that_is_small)
