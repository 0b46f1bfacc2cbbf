/* SPDX-License-Identifier: BSD-3-Clause */
/* kinds.c -- points of every kind, seen through matrices and through products alone. */
#include <gamedyn/classify.h>
#include <gamedyn/models.h>
#include <gamedyn/rates.h>
#include <gamedyn/rng.h>

#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/linear_game.h"
#include "support/suite.h"

enum { MOST = 12 };
static const double origin[MOST] = {0};

static void forbid_matrices(gd_game *game) {
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 1;
  assert_ok(gd_game_configure(game, &options));
}

static gd_classification classify(gd_game *game, const double *x, bool densely) {
  gd_classification c;
  if (!densely) forbid_matrices(game);
  assert_ok(classify_at(game, x, NULL, &c));
  return c;
}

/* Of v = J x with blocks of p and q. */
static gd_classification classify_linear(size_t p, size_t q, const double *J, bool densely) {
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){p, q}, J, p + q, NULL, NULL));
  const gd_classification c = classify(game, origin, densely);
  gd_game_destroy(game);
  return c;
}

static void assert_counts(const gd_classification *c, size_t left, size_t zero, size_t imaginary, size_t right) {
  ck_assert(c->n_left == left && c->n_zero == zero && c->n_imaginary == imaginary && c->n_right == right);
}

/* [[-1, 4], [4, -1]]: 3 and -5, and each player content. */
START_TEST(knows_a_saddle) {
  const double J[] = {-1, 4, 4, -1};
  const gd_classification c = classify_linear(1, 1, J, true), far = classify_linear(1, 1, J, false);
  ck_assert(c.kind == GD_POINT_SADDLE && far.kind == GD_POINT_SADDLE && c.nash == GD_HOLDS_STRICTLY &&
            far.nash == GD_HOLDS_STRICTLY);
  assert_counts(&c, 1, 0, 0, 1);
  assert_close(far.spectral_abscissa, 3, 1e-12, 0);
  assert_close(far.own_curvature, -1, 1e-12, 0);
}
END_TEST

/* [[1, -2], [2, 1]]: 1 +- 2i. */
START_TEST(knows_a_repeller) {
  const double J[] = {1, 2, -2, 1};
  const gd_classification c = classify_linear(1, 1, J, true), far = classify_linear(1, 1, J, false);
  ck_assert(c.kind == GD_POINT_REPELLER && far.kind == GD_POINT_REPELLER);
  assert_counts(&c, 0, 0, 0, 2);
  ck_assert(far.n_right == GD_UNKNOWN_COUNT && !far.hurwitz);
}
END_TEST

/* A bilinear game with C = (3): +-3i, antisymmetric. */
START_TEST(knows_a_centre) {
  const double J[] = {0, 3, -3, 0};
  const gd_classification c = classify_linear(1, 1, J, true), far = classify_linear(1, 1, J, false);
  ck_assert(c.kind == GD_POINT_CENTRE && far.kind == GD_POINT_CENTRE);
  assert_counts(&c, 0, 0, 2, 0);
  ck_assert(far.n_left == 0 && far.n_right == 0 && far.n_imaginary == GD_UNKNOWN_COUNT);
  ck_assert(isinf(far.largest_imag_real_ratio) && far.spectral_abscissa == 0);
}
END_TEST

START_TEST(knows_a_stable_nash_point) {
  const double J[] = {-1, 2, -2, -1};
  const gd_classification c = classify_linear(1, 1, J, true), far = classify_linear(1, 1, J, false);
  ck_assert(c.kind == GD_POINT_STABLE_NASH && far.kind == GD_POINT_STABLE_NASH && far.stable_nash && far.hurwitz);
  assert_counts(&c, 2, 0, 0, 0);
  assert_counts(&far, 2, 0, 0, 0);
  assert_close(far.spectral_abscissa, -1, 1e-12, 0);
}
END_TEST

/* U = -x^2/2 + 3 x y - 2 y^2: x sits at the top of what she minimises, so no Nash point; but with y = 3x/4 answering
 * U = (-1/2 + 9/8) x^2 has its minimum there.  J = [[1, -3], [3, -4]] has trace -3 and determinant 5; with x leading
 * the curvature is 1 - 9/4.  y cannot lead: x's own block is positive. */
START_TEST(knows_a_local_minimax_point) {
  const double J[] = {1, 3, -3, -4};
  for (int densely = 0; densely < 2; densely++) {
    linear_game data = {.sizes = {1, 1}, .J = J};
    gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
    const gd_classification c = classify(game, origin, densely);
    ck_assert(c.kind == GD_POINT_LOCAL_MINIMAX && c.hurwitz && c.nash == GD_HOLDS_NOT);
    assert_close(c.leader_curvature[0], -1.25, 1e-12, 0);
    ck_assert(isnan(c.leader_curvature[1]));
    gd_game_destroy(game);
  }
}
END_TEST

/* min over x of -3 x^2 - y^2 + 4 x y and 3 x^2 + y^2 + 4 x y, y the maximiser: the origin is a minimax point of the
 * first
 * (-6 + 16/2 > 0), and of the second it is none, because y has no maximum (Wang, Zhang & Ba 2020, section 5). */
START_TEST(tells_the_first_quadratic_of_follow_the_ridge_from_the_second) {
  const double first[] = {6, 4, -4, -2}, second[] = {-6, 4, -4, 2};
  linear_game data = {.sizes = {1, 1}, .J = first}, other = {.sizes = {1, 1}, .J = second};
  gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL), *none = create_linear_game(&other, GD_ZERO_SUM, NULL);
  const gd_classification c = classify(game, origin, true), d = classify(none, origin, true);
  assert_close(c.leader_curvature[0], -2, 1e-14, 0);
  ck_assert(c.kind == GD_POINT_REPELLER); /* trace 4, determinant 4 */
  ck_assert(isnan(d.leader_curvature[0]));
  gd_game_destroy(none);
  gd_game_destroy(game);
}
END_TEST

/* The same J without the trait: what an answer changes is not known, so it is an attractor and no more. */
START_TEST(knows_an_attractor_that_is_no_nash_point) {
  const double J[] = {1, 3, -3, -4, 0, 0, 0, 0, 0}, three[] = {1, 3, 0, -3, -4, 0, 0, 0, -1};
  gd_game *game = NULL;
  linear_game data = {.sizes = {1, 1}, .J = J};
  game = create_linear_game(&data, 0, NULL);
  ck_assert_int_eq(classify(game, origin, true).kind, GD_POINT_ATTRACTOR);
  gd_game_destroy(game);
  assert_ok(gd_model_affine(&game, 3, (const size_t[]){1, 1, 1}, three, 3, NULL, NULL));
  ck_assert_int_eq(classify(game, origin, true).kind, GD_POINT_ATTRACTOR);
  ck_assert_int_eq(classify(game, origin, false).kind, GD_POINT_ATTRACTOR);
  gd_game_destroy(game);
}
END_TEST

/* ---- zero eigenvalues ---- */

/* One player climbs -(r^2 - 1)^2 / 4, whose tops are the unit circle; at (1, 0) J = diag(-2, 0). */
static int circle(void *data, const gd_draw *draw, const double *x, double *v) {
  const double excess = x[0] * x[0] + x[1] * x[1] - 1;
  (void)data, (void)draw;
  for (int k = 0; k < 2; k++) v[k] = -excess * x[k];
  return 0;
}

/* v = (-x, -y^3): J = diag(-1, 0) at the origin, which is the only equilibrium and attracts all of the plane. */
static int cubic(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[0];
  v[1] = -x[1] * x[1] * x[1];
  return 0;
}

/* The same, defined close to the origin only. */
static int confined(void *data, const gd_draw *draw, const double *x, double *v) {
  return fabs(x[1]) > 1e-4 ? 1 : cubic(data, draw, x, v);
}

static gd_classification classify_planar(int (*gradient)(void *, const gd_draw *, const double *, double *),
                                         const double *x) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = (const size_t[]){1, 1}};
  gd_game *game = NULL;
  assert_ok(gd_game_create(&game, &spec));
  gd_classification c;
  assert_ok(classify_at(game, x, NULL, &c));
  gd_game_destroy(game);
  return c;
}

START_TEST(tells_manifolds_from_degenerate_points) {
  const double on_circle[] = {1, 0}, elsewhere[] = {-0.6, 0.8};
  const gd_classification c = classify_planar(circle, on_circle), d = classify_planar(circle, elsewhere);
  ck_assert(c.kind == GD_POINT_MANIFOLD && d.kind == GD_POINT_MANIFOLD);
  assert_counts(&c, 1, 1, 0, 0);
  ck_assert(d.manifold_residual < 1e-10 && c.n_still == 1 && d.n_still == 1);
  const gd_classification alone = classify_planar(cubic, origin);
  ck_assert(alone.kind == GD_POINT_ATTRACTOR && alone.nash == GD_HOLDS_WEAKLY && !alone.hurwitz && alone.attracts);
  assert_counts(&alone, 1, 1, 0, 0);
  ck_assert(isnan(alone.manifold_residual) && alone.n_still == 0);
  ck_assert_int_eq(classify_planar(confined, origin).kind, GD_POINT_ATTRACTOR);
}
END_TEST

/* [[0, 1], [0, -1e-5]]: the null vectors (1, 0) and (1e-5, 1) are all but orthogonal, so that the zero is conditioned
 * 1e5 and cannot be told from one of a chain. */
START_TEST(a_zero_that_is_conditioned_badly_may_have_a_chain) {
  const double J[] = {0, 0, 1, -1e-5};
  const gd_classification c = classify_linear(1, 1, J, true);
  ck_assert(c.kind == GD_POINT_UNDECIDED && (c.undecided & GD_UNDECIDED_CHAIN));
  assert_counts(&c, 1, 1, 0, 0);
}
END_TEST

/* [[0, 1], [0, 0]] has one null vector for two zeros; [[-1, 0], [0, 0]] one for one, and nothing moves along it. */
START_TEST(counts_null_vectors_beside_zero_eigenvalues) {
  const double jordan[] = {0, 0, 1, 0}, line[] = {-1, 0, 0, 0}, nothing[] = {0, 0, 0, 0};
  const gd_classification c = classify_linear(1, 1, jordan, true);
  ck_assert(c.kind == GD_POINT_UNDECIDED && c.undecided == GD_UNDECIDED_CHAIN);
  assert_counts(&c, 0, 2, 0, 0);
  ck_assert_int_eq(classify_linear(1, 1, line, true).kind, GD_POINT_MANIFOLD);
  ck_assert_int_eq(classify_linear(1, 1, line, false).kind, GD_POINT_UNDECIDED); /* products do not count */
  ck_assert_int_eq(classify_linear(1, 1, nothing, true).kind, GD_POINT_MANIFOLD);
  ck_assert_int_eq(classify_linear(1, 1, nothing, false).kind, GD_POINT_UNDECIDED);
}
END_TEST

/* Full matrices in the plane: W antisymmetric and rotations of A leave the equilibrium where it is, a curved manifold;
 * 10 eigenvalues of 12 are on the left (Nagarajan & Kolter 2017, Theorem 3.1 with its projection). */
START_TEST(finds_the_manifold_of_the_linear_quadratic_gan) {
  const double S[] = {2, 0.5, 0.5, 1};
  const gd_lq_gan spec = {.struct_size = sizeof spec, .dimension = 2, .covariance = S, .ldc = 2};
  gd_game *game = NULL;
  double x[MOST];
  assert_ok(gd_model_lq_gan(&game, &spec, NULL));
  assert_ok(gd_game_solution(game, x));
  const gd_classification c = classify(game, x, true);
  ck_assert_int_eq(c.kind, GD_POINT_MANIFOLD);
  assert_counts(&c, 10, 2, 0, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_where_nothing_rests) {
  const double J[] = {-1, 0, 0, -1}, x[] = {3, 4};
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  ck_assert_int_eq(classify(game, x, true).kind, GD_POINT_NOT_STATIONARY);
  ck_assert_int_eq(classify(game, x, false).kind, GD_POINT_NOT_STATIONARY);
  gd_game_destroy(game);
}
END_TEST

/* ---- products against matrices ---- */

/* Random zero-sum games with own blocks of any sign; eigenvalues are counted by an own look at all of them. */
START_TEST(agrees_with_all_eigenvalues_on_random_games) {
  size_t seen[GD_POINT_UNSTABLE + 1] = {0};
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const size_t p = 1 + seed % 3, q = 1 + seed / 3 % 3, n = p + q;
    double A[9] = {0}, B[9] = {0}, C[9], J[36];
    gd_rng rng = gd_rng_make(seed, 0);
    const double up = seed % 2 ? 0.2 : 1; /* every other one mostly stable */
    for (size_t k = 0; k < p; k++) A[k + k * p] = uniform(&rng, -up, 2);
    for (size_t k = 0; k < q; k++) B[k + k * q] = uniform(&rng, -up, 2);
    gd_rng_fill_normal(&rng, p * q, C);
    zero_sum_jacobian(p, q, A, B, C, J);
    linear_game data = {.sizes = {p, q}, .J = J};
    gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
    gd_operator *op = NULL;
    gd_spectrum *spectrum = NULL;
    assert_ok(gd_operator_dense(&op, n, n, J, n, NULL));
    assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
    size_t left = 0;
    for (size_t k = 0; k < n; k++) left += gd_spectrum_real(spectrum)[k] < 0;
    const gd_classification c = classify(game, origin, true), far = classify(game, origin, false);
    ck_assert_uint_eq(c.n_left, left);
    ck_assert_uint_eq(c.n_right, n - left);
    ck_assert_int_eq(far.kind, c.kind);
    if (c.nash == GD_HOLDS_STRICTLY) ck_assert(c.minimax == GD_HOLDS_STRICTLY && far.minimax == GD_HOLDS_STRICTLY);
    assert_close(far.own_curvature, c.own_curvature, 1e-9, 1e-9);
    for (size_t i = 0; i < 2; i++) {
      const bool decided = c.nash == GD_HOLDS_STRICTLY; /* by the own blocks, so that products look no further */
      ck_assert(isnan(far.leader_curvature[i]) == (decided || isnan(c.leader_curvature[i])));
      if (!isnan(far.leader_curvature[i])) assert_close(far.leader_curvature[i], c.leader_curvature[i], 1e-6, 1e-6);
    }
    seen[c.kind]++;
    gd_spectrum_destroy(spectrum);
    gd_operator_destroy(op);
    gd_game_destroy(game);
  }
  ck_assert(seen[GD_POINT_SADDLE] > 50 && seen[GD_POINT_STABLE_NASH] > 50 && seen[GD_POINT_LOCAL_MINIMAX] > 50);
}
END_TEST

/* ---- field constants by products ---- */

START_TEST(measures_random_fields_by_products) {
  for (uint64_t seed = 0; seed < 300; seed++) {
    const size_t p = 1 + seed % 4, q = 1 + seed / 4 % 4, n = p + q;
    double J[64];
    gd_rng rng = gd_rng_make(seed, 1);
    gd_rng_fill_normal(&rng, n * n, J);
    gd_game *game = NULL;
    gd_field_constants c, far;
    gd_spectrum_options options;
    gd_spectrum_options_init(&options);
    assert_ok(gd_model_affine(&game, 2, (const size_t[]){p, q}, J, n, NULL, NULL));
    assert_ok(field_constants_at(game, origin, NULL, &c));
    options.dense_limit = 1;
    assert_ok(field_constants_at(game, origin, &options, &far));
    assert_close(far.lipschitz, c.lipschitz, 1e-10, 0);
    assert_close(far.monotonicity, c.monotonicity, 1e-9, 1e-10);
    assert_close(far.rotation, c.rotation, 1e-10, 0);
    assert_close(far.spectral_abscissa, c.spectral_abscissa, 1e-8, 1e-8);
    ck_assert(c.spectral_abscissa <= c.monotonicity + 1e-12 && c.monotonicity <= c.lipschitz + 1e-12);
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(asks_large_games_for_transposed_products) {
  const double J[] = {1, 3, -3, -4};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL); /* general-sum, no vjp */
  gd_classification c;
  forbid_matrices(game);
  assert_fails(classify_at(game, origin, NULL, &c), GD_ERR_UNSUPPORTED, "no transposed product");
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const double J[] = {1, 3, -3, -4};
  gd_game *game = NULL;
  gd_eval_options options;
  gd_classification c = {.gradient_norm = 7};
  gd_eval_options_init(&options);
  options.dense_limit = *(const size_t *)argument;
  linear_game data = {.sizes = {1, 1}, .J = J};
  game = create_linear_game(&data, GD_ZERO_SUM, env);
  gd_status status = gd_game_configure(game, &options);
  if (status == GD_OK) status = classify_at(game, origin, NULL, &c);
  ck_assert(status == GD_OK ? c.kind == GD_POINT_LOCAL_MINIMAX : c.gradient_norm == 7);
  gd_game_destroy(game);
  return status;
}

/* The game itself is made from the same memory, so that its own allocations are given to it first. */
static gd_status attempt_or_refuse(const gd_env *env, void *argument) {
  gd_game *game = NULL;
  const double C[] = {1};
  GD_TRY(gd_model_bilinear(&game, 1, 1, C, 1, env));
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = *(const size_t *)argument;
  gd_classification c;
  gd_status status = gd_game_configure(game, &options);
  if (status == GD_OK) status = classify_at(game, origin, NULL, &c);
  if (status == GD_OK) ck_assert_int_eq(c.kind, GD_POINT_CENTRE);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  size_t limits[] = {1, 100};
  for (size_t k = 0; k < 2; k++) ck_assert_uint_ge(refuse_each_allocation(attempt_or_refuse, &limits[k]), 12);
  ck_assert_int_eq(attempt(NULL, &limits[0]), GD_OK);
}
END_TEST

START_TEST(has_words_for_every_kind) {
  for (int kind = 0; kind <= GD_POINT_UNSTABLE; kind++) {
    ck_assert_str_ne(gd_point_kind_text((gd_point_kind)kind), "unknown");
    for (int other = 0; other < kind; other++)
      ck_assert_str_ne(gd_point_kind_text((gd_point_kind)kind), gd_point_kind_text((gd_point_kind)other));
  }
  ck_assert_str_eq(gd_point_kind_text((gd_point_kind)99), "unknown");
}
END_TEST

TEST_SUITE("kinds", knows_a_saddle, knows_a_repeller, knows_a_centre, knows_a_stable_nash_point,
           knows_a_local_minimax_point, tells_the_first_quadratic_of_follow_the_ridge_from_the_second,
           knows_an_attractor_that_is_no_nash_point, tells_manifolds_from_degenerate_points,
           a_zero_that_is_conditioned_badly_may_have_a_chain, counts_null_vectors_beside_zero_eigenvalues,
           finds_the_manifold_of_the_linear_quadratic_gan, says_where_nothing_rests,
           agrees_with_all_eigenvalues_on_random_games, measures_random_fields_by_products,
           asks_large_games_for_transposed_products, survives_every_refused_allocation, has_words_for_every_kind)
