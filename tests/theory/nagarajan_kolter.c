/* SPDX-License-Identifier: BSD-3-Clause */
/* nagarajan_kolter.c -- Lemma G.2 and Theorems 3.1 and 3.2 against the eigenvalues they bound. */
#include "dense/algebra.h"
#include "support/suite.h"

#include <gamedyn/gamedyn.h>
#include <gamedyn/stability.h>

enum { INSTANCES = 1000, SIDE = 5, WHOLE = 2 * SIDE };

/* What a random saddle matrix is made of: Q = G G' + d I [m by m], P [m by k], k <= m. */
typedef struct saddle {
  size_t m, k;
  double Q[SIDE * SIDE], P[SIDE * SIDE], PtP[SIDE * SIDE];
} saddle;

/* Q = G G' + shift I */
static void fill_Q(saddle *s, const double *G, double shift) {
  for (size_t j = 0; j < s->m; j++)
    for (size_t i = 0; i < s->m; i++) {
      s->Q[i + j * s->m] = i == j ? shift : 0;
      for (size_t l = 0; l < s->m; l++) s->Q[i + j * s->m] += G[i + l * s->m] * G[j + l * s->m];
    }
}

static void fill_PtP(saddle *s) {
  for (size_t j = 0; j < s->k; j++)
    for (size_t i = 0; i < s->k; i++) {
      s->PtP[i + j * s->k] = 0;
      for (size_t l = 0; l < s->m; l++) s->PtP[i + j * s->k] += s->P[l + i * s->m] * s->P[l + j * s->m];
    }
}

static void draw_saddle(gd_rng *rng, saddle *s) {
  double G[SIDE * SIDE], log_shift;
  s->m = 1 + gd_rng_below(rng, SIDE);
  s->k = 1 + gd_rng_below(rng, s->m);
  gd_rng_fill_normal(rng, s->m * s->m, G);
  gd_rng_fill_normal(rng, s->m * s->k, s->P);
  gd_rng_fill_normal(rng, 1, &log_shift);
  fill_Q(s, G, exp(2 * log_shift));
  fill_PtP(s);
}

static gdi_env default_env(void) {
  gdi_env env;
  assert_ok(gdi_env_copy(&env, NULL));
  return env;
}

static void extremes(const double *A, size_t n, double *least, double *greatest) {
  double copy[SIDE * SIDE], values[SIDE];
  const gdi_env env = default_env();
  memcpy(copy, A, n * n * sizeof *A);
  assert_ok(gdi_eigen_symmetric(&env, n, copy, n, false, values));
  *least = values[0];
  *greatest = values[n - 1];
}

/* Eigenvalues of J = [[D, P], [-P', E]]; D and E may be NULL for zero. */
static void eigenvalues(const saddle *s, const double *D, const double *E, double *re, double *im) {
  const size_t n = s->m + s->k, m = s->m;
  double J[WHOLE * WHOLE] = {0};
  for (size_t j = 0; j < m; j++)
    for (size_t i = 0; D && i < m; i++) J[i + j * n] = D[i + j * m];
  for (size_t j = 0; j < s->k; j++)
    for (size_t i = 0; i < m; i++) {
      J[i + (m + j) * n] = s->P[i + j * m];
      J[m + j + i * n] = -s->P[i + j * m];
    }
  for (size_t j = 0; j < s->k; j++)
    for (size_t i = 0; E && i < s->k; i++) J[m + i + (m + j) * n] = E[i + j * s->k];
  const gdi_env env = default_env();
  assert_ok(gdi_eigen_general(&env, n, J, n, re, im, NULL));
}

/* Every eigenvalue obeys its bound, but for the error of a backward stable solver: some eps |J|, amplified where
 * eigenvalues nearly coincide; double eigenvalues of a 2 by 2 move by sqrt(eps), hence 1e-7 of the scale. */
static void assert_bounded(size_t n, const double *re, const double *im, const gd_rate_bounds *bounds) {
  double scale = 0;
  for (size_t k = 0; k < n; k++) scale = fmax(scale, hypot(re[k], im[k]));
  for (size_t k = 0; k < n; k++) {
    const double bound = im[k] == 0 ? bounds->real : bounds->non_real;
    ck_assert_msg(re[k] <= bound + 1e-7 * scale, "Re = %.17g, Im = %.17g, bound %.17g", re[k], im[k], bound);
  }
}

START_TEST(lemma_G2_bounds_random_saddles) {
  gd_rng rng = gd_rng_make(32, 0);
  for (int instance = 0; instance < INSTANCES; instance++) {
    saddle s;
    double q_min, q_max, s_min, s_max, minus_Q[SIDE * SIDE], re[WHOLE], im[WHOLE];
    gd_rate_bounds bounds;
    draw_saddle(&rng, &s);
    extremes(s.Q, s.m, &q_min, &q_max);
    extremes(s.PtP, s.k, &s_min, &s_max);
    if (s_min < 1e-6 * s_max) continue;
    for (size_t k = 0; k < s.m * s.m; k++) minus_Q[k] = -s.Q[k];
    eigenvalues(&s, minus_Q, NULL, re, im);
    assert_ok(gd_saddle_rate_bounds(q_min, q_max, s_min, &bounds));
    assert_bounded(s.m + s.k, re, im, &bounds);
  }
}
END_TEST

/* The planar GAN of THEORY 3.5 at its equilibrium: f1 = 1/2, f2 = -1/4, K_DD = E x^4 = 1/5, K_DG = 2/3, so that
 * J = [[-1/10, -1/3], [1/3, 0]] with eigenvalues -0.05 +- 0.329562i: the bound f2 K_DD = -0.05 is met. */
START_TEST(theorem_3_1_is_met_by_the_planar_gan) {
  gd_rate_bounds bounds;
  assert_ok(gd_gan_rate_bounds(0.5, -0.25, 0.2, 0.2, 4.0 / 9, &bounds));
  assert_close(bounds.non_real, -0.05, 1e-15, 0);
  /* -0.1 * (1/9) / (0.01 + 1/9) */
  assert_close(bounds.real, -0.1 / 9 / (0.01 + 1.0 / 9), 1e-15, 0);
}
END_TEST

/* The planar WGAN: J = [[0, -2/3], [2/3, -8 eta/9]], s = 4/9; THEORY's eigenvalues to its six digits. */
START_TEST(wgan_eigenvalues_are_those_of_the_planar_system) {
  const double golden[3][3] = {{0.25, -0.111111, 0.657342}, {0.5, -0.222222, 0.628539}, {1, -0.444444, 0.496904}};
  for (size_t k = 0; k < 3; k++) {
    double re[2], im[2];
    assert_ok(gd_wgan_eigenvalues(golden[k][0], 4.0 / 9, re, im));
    assert_close(re[0], golden[k][1], 0, 5e-7);
    assert_close(im[0], golden[k][2], 0, 5e-7);
    ck_assert_double_eq(re[1], re[0]);
    ck_assert_double_eq(im[1], -im[0]);
  }
}
END_TEST

/* Vieta: the roots of l^2 + 2 eta s l + s add up to -2 eta s and multiply to s, also when they are far apart. */
START_TEST(wgan_eigenvalues_obey_their_polynomial) {
  gd_rng rng = gd_rng_make(33, 0);
  for (int instance = 0; instance < INSTANCES; instance++) {
    double draw[2], re[2], im[2];
    gd_rng_fill_normal(&rng, 2, draw);
    const double eta = exp(3 * draw[0]), s = exp(3 * draw[1]);
    assert_ok(gd_wgan_eigenvalues(eta, s, re, im));
    assert_close(re[0] + re[1], -2 * eta * s, 1e-14, 0);
    assert_close(re[0] * re[1] - im[0] * im[1], s, 1e-13, 0);
  }
  double re[2], im[2];
  assert_ok(gd_wgan_eigenvalues(1, 0, re, im));
  ck_assert_double_eq(re[0], 0);
  ck_assert_double_eq(re[1], 0);
}
END_TEST

START_TEST(theorem_3_2_bounds_random_wgans) {
  gd_rng rng = gd_rng_make(34, 0);
  for (int instance = 0; instance < INSTANCES; instance++) {
    saddle s;
    double s_min, s_max, log_eta, E[SIDE * SIDE], re[WHOLE], im[WHOLE];
    gd_rate_bounds bounds;
    draw_saddle(&rng, &s);
    s.m = s.k; /* square: the complement of the equilibrium subspace */
    fill_PtP(&s);
    extremes(s.PtP, s.k, &s_min, &s_max);
    if (s_min < 1e-6 * s_max) continue;
    gd_rng_fill_normal(&rng, 1, &log_eta);
    const double eta = exp(log_eta);
    for (size_t k = 0; k < s.k * s.k; k++) E[k] = -2 * eta * s.PtP[k];
    eigenvalues(&s, NULL, E, re, im);
    assert_ok(gd_wgan_rate_bounds(1, eta, s_min, s_max, &bounds));
    assert_bounded(s.m + s.k, re, im, &bounds);
  }
}
END_TEST

START_TEST(failed_hypotheses_are_not_numbers) {
  gd_rate_bounds bounds = {.real = 7};
  double re[2], im[2];
  assert_fails(gd_saddle_rate_bounds(0, 1, 1, &bounds), GD_ERR_HYPOTHESIS, "Q > 0");
  assert_fails(gd_saddle_rate_bounds(2, 1, 1, &bounds), GD_ERR_HYPOTHESIS, "2 and 1");
  assert_fails(gd_saddle_rate_bounds(1, 2, 0, &bounds), GD_ERR_HYPOTHESIS, "full column rank");
  assert_fails(gd_gan_rate_bounds(0, -1, 1, 1, 1, &bounds), GD_ERR_HYPOTHESIS, "f'(0)");
  assert_fails(gd_gan_rate_bounds(1, 0, 1, 1, 1, &bounds), GD_ERR_HYPOTHESIS, "f''(0)");
  assert_fails(gd_wgan_rate_bounds(1, 0, 1, 1, &bounds), GD_ERR_HYPOTHESIS, "eta > 0");
  assert_fails(gd_wgan_rate_bounds(1, 1, 2, 1, &bounds), GD_ERR_HYPOTHESIS, "2 and 1");
  assert_fails(gd_wgan_eigenvalues(-1, 1, re, im), GD_ERR_ARGUMENT, "eta is -1");
  assert_fails(gd_wgan_eigenvalues(1, 1, NULL, im), GD_ERR_ARGUMENT, "re is NULL");
  assert_fails(gd_saddle_rate_bounds(1, 1, 1, NULL), GD_ERR_ARGUMENT, "bounds is NULL");
  assert_fails(gd_gan_rate_bounds(1, -1, 1, 1, 1, NULL), GD_ERR_ARGUMENT, "bounds is NULL");
  assert_fails(gd_wgan_rate_bounds(1, 1, 1, 1, NULL), GD_ERR_ARGUMENT, "bounds is NULL");
  ck_assert_double_eq(bounds.real, 7);
}
END_TEST

TEST_SUITE("nagarajan_kolter", lemma_G2_bounds_random_saddles, theorem_3_1_is_met_by_the_planar_gan,
           wgan_eigenvalues_are_those_of_the_planar_system, wgan_eigenvalues_obey_their_polynomial,
           theorem_3_2_bounds_random_wgans, failed_hypotheses_are_not_numbers)
