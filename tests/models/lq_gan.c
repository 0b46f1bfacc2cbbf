/* SPDX-License-Identifier: BSD-3-Clause */
/* lq_gan.c -- the linear-quadratic GAN: closed forms of the Wasserstein game, what it conserves, the Jacobian at
 * equilibria against moments of the normal distribution, and the quadrature against integrals. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/models.h>
#include <gamedyn/operator.h>
#include <gamedyn/rng.h>
#include <gamedyn/spectrum.h>

enum { LOSSES = GD_GAN_TV + 1, D = 2, FULL = 2 * (D * D + D) };

static const double covariance[D * D] = {2, 0.6, 0.6, 1.3}, mean[D] = {0.5, -1.2};

static gd_lq_gan planar_spec(gd_gan_loss loss) {
  return (gd_lq_gan){.struct_size = sizeof(gd_lq_gan),
                     .dimension = D,
                     .mean = mean,
                     .covariance = covariance,
                     .ldc = D,
                     .loss = loss,
                     .nodes = 8};
}

static gd_game *create(const gd_lq_gan *spec) {
  gd_game *game = NULL;
  assert_ok(gd_model_lq_gan(&game, spec, NULL));
  return game;
}

static void random_point(uint64_t seed, size_t n, double *x) {
  gd_rng rng = gd_rng_make(seed, 0);
  gd_rng_fill_normal(&rng, n, x);
}

/* W' = Sigma + mu mu' - AA' - bb', w' = mu - b, A' = (W + W') A, b' = (W + W') b + w */
static void wasserstein_field(const double *x, double *v) {
  const double *W = x, *w = x + 4, *A = x + 6, *b = x + 10;
  for (int i = 0; i < D; i++) {
    double bent = w[i];
    for (int j = 0; j < D; j++) {
      double AA = 0, WA = 0;
      for (int k = 0; k < D; k++) {
        AA += A[i + D * k] * A[j + D * k];
        WA += (W[i + D * k] + W[k + D * i]) * A[k + D * j];
      }
      v[i + D * j] = covariance[i + D * j] + mean[i] * mean[j] - AA - b[i] * b[j];
      v[6 + i + D * j] = WA;
      bent += (W[i + D * j] + W[j + D * i]) * b[j];
    }
    v[4 + i] = mean[i] - b[i];
    v[10 + i] = bent;
  }
}

START_TEST(the_wasserstein_field_has_its_closed_form) {
  const gd_lq_gan spec = planar_spec(GD_GAN_WASSERSTEIN);
  gd_game *game = create(&spec);
  ck_assert_uint_eq(gd_game_size(game), FULL);
  for (uint64_t seed = 0; seed < 1000; seed++) {
    double x[FULL], v[FULL], expected[FULL];
    random_point(seed, FULL, x);
    wasserstein_field(x, expected);
    assert_ok(gd_game_gradient(game, x, v));
    for (int k = 0; k < FULL; k++) assert_close(v[k], expected[k], 1e-13, 1e-13);
  }
  gd_game_destroy(game);
}
END_TEST

/* Stored triangles (00, 10, 11) among the full matrices (00, 10, 01, 11): the same game where the rest is 0. */
START_TEST(a_triangular_game_is_the_full_one_restricted) {
  static const int places[10] = {0, 1, 3, 4, 5, 6, 7, 9, 10, 11};
  for (int loss = 0; loss < LOSSES; loss++) {
    gd_lq_gan spec = planar_spec((gd_gan_loss)loss);
    gd_game *full = create(&spec);
    spec.triangular = true;
    gd_game *game = create(&spec);
    ck_assert_uint_eq(gd_game_size(game), 10);
    ck_assert_uint_eq(gd_game_block_size(game, 0), 5);
    double x[10], x_full[FULL] = {0}, v[10], v_full[FULL], u[2], u_full[2];
    random_point(3, 10, x);
    for (int k = 0; k < 10; k++) x_full[places[k]] = x[k];
    assert_ok(gd_game_gradient(game, x, v));
    assert_ok(gd_game_gradient(full, x_full, v_full));
    assert_ok(gd_game_utilities(game, x, u));
    assert_ok(gd_game_utilities(full, x_full, u_full));
    for (int k = 0; k < 10; k++) assert_close(v[k], v_full[places[k]], 1e-13, 1e-13);
    for (int k = 0; k < 2; k++) assert_close(u[k], u_full[k], 1e-13, 1e-13);
    gd_game_destroy(game);
    gd_game_destroy(full);
  }
}
END_TEST

/* Along the Wasserstein field, in any dimension (here 3), mean 0, covariance s^2 I, b = w = 0, W symmetric:
 *     H = tr W^2 + tr AA' / 2 - s^2 log|det A|,   dH/dt = 2 <W, W'> + <A, A'> - s^2 tr(A^-1 A') = 0,
 * and with A^-1 A' = A^-1 (W + W') A the last trace is 2 tr W.  With one dimension, w^2 + a^2/2 - s^2 log|a|. */
START_TEST(the_wasserstein_game_conserves_its_function) {
  enum { E = 3, N = 2 * (E * E + E) };
  const double s = 1.5, scaled[E * E] = {s * s, 0, 0, 0, s * s, 0, 0, 0, s * s};
  const gd_lq_gan spec = {
      .struct_size = sizeof spec, .dimension = E, .covariance = scaled, .ldc = E, .loss = GD_GAN_WASSERSTEIN};
  gd_game *game = create(&spec);
  for (uint64_t seed = 0; seed < 200; seed++) {
    double x[N] = {0}, v[N], slope = 0;
    random_point(seed, E * E, x);
    random_point(seed + 1000, E * E, x + E * E + E);
    for (int j = 0; j < E; j++)
      for (int i = 0; i < j; i++) x[i + E * j] = x[j + E * i];
    assert_ok(gd_game_gradient(game, x, v));
    for (int k = 0; k < E * E; k++) slope += 2 * x[k] * v[k] + x[E * E + E + k] * v[E * E + E + k];
    slope -= 2 * s * s * (x[0] + x[1 + E] + x[2 + 2 * E]);
    assert_close(slope, 0, 0, 1e-12);
    for (int k = 0; k < E; k++) ck_assert(fabs(v[E * E + k]) < 1e-14 && fabs(v[N - E + k]) < 1e-14);
  }
  gd_game_destroy(game);
}
END_TEST

/* At W = 0, w = 0, A = the Cholesky factor, b = mean: v = 0 but for rounding, and A A' = covariance. */
START_TEST(the_solution_is_stationary_under_every_loss) {
  for (int k = 0; k < 2 * LOSSES; k++) {
    gd_lq_gan spec = planar_spec((gd_gan_loss)(k / 2));
    spec.triangular = k % 2;
    gd_game *game = create(&spec);
    double x[FULL], v[FULL];
    assert_ok(gd_game_solution(game, x));
    assert_ok(gd_game_gradient(game, x, v));
    for (size_t i = 0; i < gd_game_size(game); i++) assert_close(v[i], 0, 0, 1e-15);
    const double *A = x + gd_game_block_size(game, 0), last = A[spec.triangular ? 2 : 3];
    assert_close(A[0] * A[0], 2, 1e-15, 0);
    assert_close(A[0] * A[1], 0.6, 1e-15, 0);
    assert_close(A[1] * A[1] + last * last, 1.3, 1e-15, 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* With features phi = (yy', y) and mean 0, Isserlis: E y_i y_j y_k y_l = S_ij S_kl + S_ik S_jl + S_il S_jk and
 * E y_i y_j = S_ij, odd moments 0.  The columns of K_DG are, for dA = E, EA' + AE' and for db = e the vector e.  Then
 * J = [[2 f''(0) K_DD, -f'(0) K_DG], [f'(0) K_DG', 0]] with f'(0) = 1/2, f''(0) = -1/4. */
static void equilibrium_jacobian(const double *A, double J[FULL * FULL]) {
  const double *S = covariance;
  memset(J, 0, FULL * FULL * sizeof *J);
  for (int a = 0; a < 4; a++)
    for (int c = 0; c < 4; c++) {
      const int i = a % 2, j = a / 2, k = c % 2, l = c / 2;
      const double fourth = S[i + 2 * j] * S[k + 2 * l] + S[i + 2 * k] * S[j + 2 * l] + S[i + 2 * l] * S[j + 2 * k];
      J[a + FULL * c] = -0.5 * fourth;
      /* entry (i, j) of EA' + AE' for E = e_k e_l' */
      const double cross = (i == k ? A[j + 2 * l] : 0) + (j == k ? A[i + 2 * l] : 0);
      J[a + FULL * (6 + c)] = -0.5 * cross;
      J[6 + c + FULL * a] = 0.5 * cross;
    }
  for (int i = 0; i < 2; i++) {
    for (int k = 0; k < 2; k++) J[4 + i + FULL * (4 + k)] = -0.5 * S[i + 2 * k];
    J[4 + i + FULL * (10 + i)] = -0.5;
    J[10 + i + FULL * (4 + i)] = 0.5;
  }
}

START_TEST(the_jacobian_at_the_equilibrium_is_that_of_the_moments) {
  static const gd_gan_loss losses[] = {GD_GAN_LOGISTIC, GD_GAN_NON_SATURATING};
  for (int k = 0; k < 2; k++) {
    gd_lq_gan spec = planar_spec(losses[k]);
    spec.mean = NULL;
    for (spec.nodes = 3; spec.nodes <= 8; spec.nodes++) {
      gd_game *game = create(&spec);
      double x[FULL], J[FULL * FULL], expected[FULL * FULL];
      assert_ok(gd_game_solution(game, x));
      assert_ok(gd_game_jacobian(game, x, J, FULL));
      equilibrium_jacobian(x + 6, expected);
      for (int i = 0; i < FULL * FULL; i++) assert_close(J[i], expected[i], 0, 2e-14);
      gd_game_destroy(game);
    }
  }
}
END_TEST

/* Full: the antisymmetric W and the rotation of A make two zeros of twelve.  Triangular: none. */
START_TEST(the_equilibrium_is_stable_but_for_the_freedom_of_full_matrices) {
  for (int triangular = 0; triangular < 2; triangular++) {
    gd_lq_gan spec = planar_spec(GD_GAN_LOGISTIC);
    spec.triangular = triangular;
    gd_game *game = create(&spec);
    double x[FULL];
    gd_operator *J = NULL;
    gd_spectrum *spectrum = NULL;
    assert_ok(gd_game_solution(game, x));
    assert_ok(gd_operator_jacobian(&J, game, x));
    assert_ok(gd_spectrum_compute(&spectrum, J, NULL));
    int zeros = 0;
    for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
      const double re = gd_spectrum_real(spectrum)[k], im = gd_spectrum_imaginary(spectrum)[k];
      if (hypot(re, im) < 1e-12)
        zeros++;
      else
        ck_assert_double_lt(re, -1e-3);
    }
    ck_assert_int_eq(zeros, triangular ? 0 : 2);
    gd_spectrum_destroy(spectrum);
    gd_operator_destroy(J);
    gd_game_destroy(game);
  }
}
END_TEST

/* V = E f(D(y)) + E f(-D(G)) of the logistic game in one dimension by the trapezoidal rule on [-12, 12], whose error
 * for this analytic integrand is far below 1e-14. */
static double value_by_integration(const double *x, double mu, double sigma) {
  const double h = 1.0 / 64;
  double sum = 0;
  for (int k = -12 * 64; k <= 12 * 64; k++) {
    const double z = k * h, y = mu + sigma * z, G = x[2] * z + x[3];
    const double real = x[0] * y * y + x[1] * y, fake = x[0] * G * G + x[1] * G;
    sum += h * exp(-z * z / 2) / sqrt(2 * acos(-1)) * (-log1p(exp(-real)) - log1p(exp(fake)));
  }
  return sum;
}

START_TEST(the_quadrature_comes_to_the_integral) {
  const double mu = 0.3, variance = 0.64, x[4] = {0.2, -0.4, 1.1, 0.1};
  const double expected = value_by_integration(x, mu, 0.8);
  double before = 1;
  for (size_t nodes = 5; nodes <= 80; nodes *= 2) {
    const gd_lq_gan spec = {
        .struct_size = sizeof spec, .dimension = 1, .mean = &mu, .covariance = &variance, .ldc = 1, .nodes = nodes};
    gd_game *game = create(&spec);
    double u[2];
    assert_ok(gd_game_utilities(game, x, u));
    ck_assert_double_lt(fabs(u[0] - expected), fmax(0.2 * before, 1e-14));
    ck_assert(u[1] == -u[0]);
    before = fabs(u[0] - expected);
    gd_game_destroy(game);
  }
  ck_assert_double_lt(before, 1e-12);
}
END_TEST

START_TEST(passes_the_check_under_every_loss) {
  for (int k = 0; k < 2 * LOSSES; k++) {
    gd_lq_gan spec = planar_spec((gd_gan_loss)(k / 2));
    spec.triangular = k % 2;
    spec.nodes = 5;
    gd_game *game = create(&spec);
    double x[FULL];
    random_point((uint64_t)k, FULL, x);
    for (int i = 0; i < FULL; i++) x[i] /= 2;
    gd_game_check_report report;
    assert_ok(gd_game_check(game, x, 3, &report));
    ck_assert_double_ge(report.vjp_vs_jvp, 0);
    ck_assert_double_ge(report.jvp_many_vs_jvp, 0);
    ck_assert_double_ge(report.gradient_many_vs_gradient, 0);
    ck_assert_double_ge(report.player_gradient_vs_gradient, 0);
    ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
    const bool general = spec.loss == GD_GAN_NON_SATURATING || spec.loss == GD_GAN_KL;
    ck_assert_uint_eq(gd_game_traits(game), GD_THREAD_SAFE | (general ? 0 : GD_ZERO_SUM));
    gd_game_destroy(game);
  }
}
END_TEST

/* <w, J u> = <J'w, u> to rounding, where differences cannot see */
START_TEST(products_are_adjoint_to_rounding) {
  for (int loss = 0; loss < LOSSES; loss++) {
    const gd_lq_gan spec = planar_spec((gd_gan_loss)loss);
    gd_game *game = create(&spec);
    for (uint64_t seed = 0; seed < 50; seed++) {
      double all[3 * FULL], Ju[FULL], Jtw[FULL], forth, back, sizes[2];
      random_point(seed, 3 * FULL, all);
      assert_ok(gd_game_jvp(game, all, all + FULL, Ju));
      assert_ok(gd_game_vjp(game, all, all + 2 * FULL, Jtw));
      assert_ok(gd_game_dot(game, all + 2 * FULL, Ju, &forth));
      assert_ok(gd_game_dot(game, all + FULL, Jtw, &back));
      assert_ok(gd_game_norm(game, Ju, &sizes[0]));
      assert_ok(gd_game_norm(game, Jtw, &sizes[1]));
      assert_close(forth, back, 0, 1e-13 * 5 * (sizes[0] + sizes[1]));
    }
    gd_game_destroy(game);
  }
}
END_TEST

static void refuse(gd_lq_gan spec, gd_status status, const char *words) {
  gd_game *game = NULL;
  assert_fails(gd_model_lq_gan(&game, &spec, NULL), status, words);
  ck_assert_ptr_null(game);
}

START_TEST(refuses_what_makes_no_game) {
  const gd_lq_gan good = planar_spec(GD_GAN_LOGISTIC);
  const double odd[4] = {1, 0.5, 0.25, 1}, indefinite[4] = {1, 2, 2, 1}, broken[4] = {1, 0, NAN, 1};
  gd_game *game = NULL;
  gd_lq_gan spec = good;
  assert_fails(gd_model_lq_gan(NULL, &good, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_model_lq_gan(&game, NULL, NULL), GD_ERR_ARGUMENT, "gd_lq_gan is NULL");
  assert_fails(gd_model_lq_gan(&game, &good, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  spec.struct_size = 8, refuse(spec, GD_ERR_STRUCT, "gd_lq_gan");
  spec = good, spec.dimension = 0, refuse(spec, GD_ERR_ARGUMENT, "dimension is 0, expected 1 to 256");
  spec = good, spec.dimension = 257, refuse(spec, GD_ERR_ARGUMENT, "dimension is 257");
  spec = good, spec.loss = (gd_gan_loss)9, refuse(spec, GD_ERR_ARGUMENT, "loss is 9");
  spec = good, spec.mean = broken + 1, refuse(spec, GD_ERR_NONFINITE, "mean[1] is nan");
  spec = good, spec.covariance = broken, refuse(spec, GD_ERR_NONFINITE, "covariance[0, 1] is nan");
  spec = good, spec.covariance = odd, refuse(spec, GD_ERR_ARGUMENT, "covariance[0, 1] is 0.25 and covariance[1, 0] is");
  spec = good, spec.covariance = indefinite, refuse(spec, GD_ERR_ARGUMENT, "not positive definite: its pivot 1 is -3");
  spec = good, spec.ldc = 1, refuse(spec, GD_ERR_ARGUMENT, "the leading dimension of covariance is 1");
  spec = good, spec.nodes = 2, refuse(spec, GD_ERR_ARGUMENT, "nodes is 2, expected 3 to 100, or 0 for 24");
  spec = good, spec.nodes = 101, refuse(spec, GD_ERR_ARGUMENT, "nodes is 101");
  spec = (gd_lq_gan){.struct_size = sizeof spec, .dimension = 5};
  refuse(spec, GD_ERR_ARGUMENT, "24 nodes in each of 5 dimensions are more than 1000000 points");
}
END_TEST

static gd_status create_and_use(const gd_env *env, void *argument) {
  const gd_lq_gan spec = planar_spec(*(const gd_gan_loss *)argument);
  gd_game *game = NULL;
  double x[2 * FULL] = {1, 2, 3, 4}, v[2 * FULL];
  GD_TRY(gd_model_lq_gan(&game, &spec, env));
  const gd_status status = gd_game_gradient_many(game, 2, x, v);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  gd_gan_loss loss = GD_GAN_WASSERSTEIN;
  ck_assert_uint_ge(refuse_each_allocation(create_and_use, &loss), 9);
  loss = GD_GAN_LOGISTIC;
  ck_assert_uint_ge(refuse_each_allocation(create_and_use, &loss), 10);
}
END_TEST

TEST_SUITE("lq_gan", the_wasserstein_field_has_its_closed_form, a_triangular_game_is_the_full_one_restricted,
           the_wasserstein_game_conserves_its_function, the_solution_is_stationary_under_every_loss,
           the_jacobian_at_the_equilibrium_is_that_of_the_moments,
           the_equilibrium_is_stable_but_for_the_freedom_of_full_matrices, the_quadrature_comes_to_the_integral,
           passes_the_check_under_every_loss, products_are_adjoint_to_rounding, refuses_what_makes_no_game,
           survives_every_refused_allocation)
