/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan_optimal.c -- the best discriminator and the statements of Li, Madry, Peebles & Schmidt about its dynamics. */
#include <gamedyn/gmm_gan.h>

#include "support/suite.h"

#include <gamedyn/rng.h>

static const double paper_target[] = {-0.5, 0.5};

static gd_gmm_gan paper_gan(void) {
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  return gan;
}

static double utility_at(const gd_gmm_gan *gan, const double *x) {
  gd_game *game = NULL;
  double u[2];
  assert_ok(gd_model_gmm_gan(&game, gan, NULL));
  assert_ok(gd_game_utilities(game, x, u));
  gd_game_destroy(game);
  return u[1];
}

static void any_means(gd_rng *rng, size_t n, double width, double *mu) {
  gd_rng_fill_uniform(rng, n, mu);
  for (size_t j = 0; j < n; j++) mu[j] = width * (2 * mu[j] - 1);
}

/* L = 1 + TV at the answer, where the ends stand still and the generator goes down the gradient of TV. */
START_TEST(the_answer_attains_total_variation) {
  gd_gmm_gan gan = paper_gan();
  gd_rng rng = gd_rng_make(1, 1);
  gd_game *game = NULL;
  assert_ok(gd_model_gmm_gan(&game, &gan, NULL));
  for (int trial = 0; trial < 500; trial++) {
    double x[6], distance, gradient[2], u[2], v[6];
    any_means(&rng, 2, 2, x);
    ck_assert_int_eq(gd_gmm_gan_respond(&gan, x, x + 2), 0);
    assert_ok(gd_gmm_gan_distance(&gan, x, &distance, gradient));
    assert_ok(gd_game_utilities(game, x, u));
    assert_close(u[1], 1 + distance, 4e-16, 0);
    assert_ok(gd_game_gradient(game, x, v));
    for (int j = 0; j < 2; j++) assert_close(v[j], -gradient[j], 0, 1e-15);
    for (int e = 2; e < 6; e++) assert_close(v[e], 0, 0, 4e-16);
  }
  gd_game_destroy(game);
}
END_TEST

/* The envelope theorem: the central difference with h = 1e-5 is off by h^2 |f'''| / 6 and 1e-16 / h.  Third derivatives
 * of f grow as zeros of F come together; a millionth of the points may be as bad as that, none of these is. */
START_TEST(the_gradient_is_that_of_total_variation) {
  gd_gmm_gan gan = paper_gan();
  const double h = 1e-5;
  gd_rng rng = gd_rng_make(1, 2);
  for (int trial = 0; trial < 500; trial++) {
    double mu[2], gradient[2];
    any_means(&rng, 2, 2, mu);
    if (gd_gmm_gan_in_rect(2, mu, paper_target, 0.01)) continue;
    assert_ok(gd_gmm_gan_distance(&gan, mu, NULL, gradient));
    for (int j = 0; j < 2; j++) {
      double up[] = {mu[0], mu[1]}, down[] = {mu[0], mu[1]}, above, below;
      up[j] += h, down[j] -= h;
      assert_ok(gd_gmm_gan_distance(&gan, up, &above, NULL));
      assert_ok(gd_gmm_gan_distance(&gan, down, &below, NULL));
      assert_close((above - below) / (2 * h), gradient[j], 0, 1e-9);
    }
  }
}
END_TEST

/* THEORY: mu = (-1, 2.5) against (-2, 2). */
START_TEST(knows_the_answer_of_figure_2) {
  const double target_means[] = {-2, 2}, mu[] = {-1, 2.5};
  const gd_mixture target = {sizeof target, 2, target_means, NULL};
  gd_gmm_gan gan = paper_gan();
  double y[4], distance;
  gan.target = &target;
  ck_assert_int_eq(gd_gmm_gan_respond(&gan, mu, y), 0);
  ck_assert(y[0] == -INFINITY);
  assert_close(y[2], -1.49788619829811306, 1e-14, 0);
  assert_close(y[1], 0.659259989470465888, 1e-14, 0);
  assert_close(y[3], 2.23939514885478359, 1e-14, 0);
  assert_ok(gd_gmm_gan_distance(&gan, mu, &distance, NULL));
  assert_close(distance, 0.239663732643500286, 0, 1e-15);
}
END_TEST

/* Ends of the best intervals are zeros of F or infinite: all choices of ends for one interval, tried out. */
START_TEST(too_few_intervals_do_what_they_can) {
  gd_gmm_gan gan = paper_gan();
  const double target_means[] = {-4, 0, 3};
  const gd_mixture target = {sizeof target, 3, target_means, NULL};
  gan.target = &target;
  gan.n_means = 3;
  gan.n_intervals = 1;
  gd_rng rng = gd_rng_make(1, 3);
  for (int trial = 0; trial < 100; trial++) {
    double x[5], ends[7] = {-INFINITY}, best = 0;
    size_t count;
    any_means(&rng, 3, 5, x);
    const gd_mixture model = {sizeof model, 3, x, NULL};
    assert_ok(gd_mixture_zeros(&target, &model, ends + 1, &count));
    ends[++count] = INFINITY;
    for (size_t i = 0; i <= count; i++)
      for (size_t k = i + 1; k <= count; k++) {
        x[3] = ends[i], x[4] = ends[k];
        best = fmax(best, utility_at(&gan, x));
      }
    ck_assert_int_eq(gd_gmm_gan_respond(&gan, x, x + 3), 0);
    assert_close(utility_at(&gan, x), best, 4e-16, 0);
  }
}
END_TEST

/* At the target there is nothing to tell apart; a single pair needs one half-line, and the other interval is empty. */
START_TEST(intervals_not_needed_are_empty) {
  gd_gmm_gan gan = paper_gan();
  double y[4], distance, gradient[2];
  ck_assert_int_eq(gd_gmm_gan_respond(&gan, paper_target, y), 0);
  for (int e = 0; e < 4; e++) ck_assert(y[e] == 0);
  assert_ok(gd_gmm_gan_distance(&gan, paper_target, &distance, gradient));
  ck_assert(distance == 0 && gradient[0] == 0 && gradient[1] == 0);
  const double shared[] = {-0.5, 1};
  ck_assert_int_eq(gd_gmm_gan_respond(&gan, shared, y), 0);
  ck_assert(y[0] == -INFINITY && y[2] == 0.75 && y[1] == 0 && y[3] == 0);
}
END_TEST

START_TEST(tells_the_papers_sets) {
  const double mu[] = {0.6, -0.4}, nan[] = {NAN, NAN};
  ck_assert(gd_gmm_gan_in_rect(2, mu, paper_target, 0.1 + 1e-15));
  ck_assert(!gd_gmm_gan_in_rect(2, mu, paper_target, 0.09));
  ck_assert(gd_gmm_gan_in_rect(2, (const double[]){0.5, 3}, paper_target, 0)); /* the first like the second */
  ck_assert(gd_gmm_gan_in_opt(2, mu, paper_target, 0.11));                     /* in increasing order */
  ck_assert(!gd_gmm_gan_in_opt(2, mu, paper_target, 0.09));
  ck_assert(!gd_gmm_gan_in_opt(2, (const double[]){0.5, 0.5}, paper_target, 0.9));
  ck_assert(gd_gmm_gan_in_opt(2, (const double[]){0, 0}, paper_target, 0.6));
  ck_assert(gd_gmm_gan_in_box(2, mu, 0.6) && !gd_gmm_gan_in_box(2, mu, 0.5));
  ck_assert(gd_gmm_gan_in_sep(2, mu, 0.99) && !gd_gmm_gan_in_sep(2, mu, 1));
  ck_assert(!gd_gmm_gan_in_sep(3, (const double[]){0, 5, 0.5}, 1));
  ck_assert(!gd_gmm_gan_in_rect(2, nan, mu, 1) && !gd_gmm_gan_in_opt(2, nan, nan, 1));
  ck_assert(!gd_gmm_gan_in_box(2, nan, 1) && !gd_gmm_gan_in_sep(2, nan, 1));
  ck_assert(!gd_gmm_gan_in_rect(2, NULL, mu, 1) && !gd_gmm_gan_in_opt(2, mu, NULL, 1));
  ck_assert(!gd_gmm_gan_in_box(2, NULL, 1) && !gd_gmm_gan_in_sep(2, NULL, 1));
}
END_TEST

/* f(mu - eta g) - f(mu) <= -eta (1 - c) |g|^2 with c < 1 from Lemma 4.1.  Samples see c up to their spacing, which the
 * bound is given back; and 1/2 is what Lemma 4.3 promises for small steps. */
START_TEST(steps_go_down_as_lemma_4_1_promises) {
  gd_gmm_gan gan = paper_gan();
  gd_rng rng = gd_rng_make(1, 4);
  int tried = 0;
  for (int trial = 0; trial < 500; trial++) {
    const double step_size = 0.01;
    double mu[2], next[2], gradient[2], before, after, c;
    any_means(&rng, 2, 1, mu);
    if (gd_gmm_gan_in_rect(2, mu, paper_target, 0.05) || !gd_gmm_gan_in_sep(2, mu, 0.1)) continue;
    assert_ok(gd_gmm_gan_distance(&gan, mu, &before, gradient));
    assert_ok(gd_gmm_gan_gradient_change(&gan, mu, step_size, 33, &c));
    ck_assert_double_le(c, 0.5);
    for (int j = 0; j < 2; j++) next[j] = mu[j] - step_size * gradient[j];
    assert_ok(gd_gmm_gan_distance(&gan, next, &after, NULL));
    const double square = gradient[0] * gradient[0] + gradient[1] * gradient[1];
    ck_assert_double_le(after - before, -step_size * (1 - c * 33 / 32) * square + 1e-15);
    tried++;
  }
  ck_assert_int_ge(tried, 300);
}
END_TEST

/* Lemmas 4.2, 4.4 and 4.5, whose constants the paper does not give, on a grid off Rect(0): the gradient does not
 * vanish, and a small step leaves neither Sep(delta) nor the box of twice the target's size. */
START_TEST(gradients_neither_vanish_nor_lead_astray) {
  gd_gmm_gan gan = paper_gan();
  const double step_size = 0.001, delta = 0.01;
  for (double a = -0.99; a < 1; a += 0.06)
    for (double b = -1.02; b < 1; b += 0.06) {
      const double mu[] = {a, b};
      double gradient[2], next[2];
      if (gd_gmm_gan_in_rect(2, mu, paper_target, 1e-9) || !gd_gmm_gan_in_sep(2, mu, delta)) continue;
      assert_ok(gd_gmm_gan_distance(&gan, mu, NULL, gradient));
      ck_assert_double_ge(hypot(gradient[0], gradient[1]), 1e-3);
      for (int j = 0; j < 2; j++) next[j] = mu[j] - step_size * gradient[j];
      ck_assert(gd_gmm_gan_in_sep(2, next, delta));
      ck_assert(gd_gmm_gan_in_box(2, next, 1.02));
    }
}
END_TEST

START_TEST(refuses_what_cannot_be_answered) {
  gd_gmm_gan gan = paper_gan(), wrong = paper_gan();
  const double mu[] = {0, NAN}, fine[] = {0, 1};
  double y[4], out = 7;
  wrong.n_means = 0;
  ck_assert_int_lt(gd_gmm_gan_respond(&gan, mu, y), 0);
  ck_assert_int_lt(gd_gmm_gan_respond(&wrong, fine, y), 0);
  ck_assert_int_lt(gd_gmm_gan_respond(NULL, fine, y), 0);
  ck_assert_int_lt(gd_gmm_gan_respond(&gan, fine, NULL), 0);
  assert_fails(gd_gmm_gan_distance(&gan, mu, &out, NULL), GD_ERR_NONFINITE, "mu: means[1] is nan");
  assert_fails(gd_gmm_gan_distance(&gan, NULL, &out, NULL), GD_ERR_ARGUMENT, "mu is NULL");
  assert_fails(gd_gmm_gan_distance(&wrong, fine, &out, NULL), GD_ERR_ARGUMENT, "n_means is 0");
  assert_fails(gd_gmm_gan_gradient_change(&gan, fine, 0, 3, &out), GD_ERR_ARGUMENT, "step_size is 0");
  assert_fails(gd_gmm_gan_gradient_change(&gan, fine, 1, 1, &out), GD_ERR_ARGUMENT, "samples is 1");
  assert_fails(gd_gmm_gan_gradient_change(&gan, fine, 1, 2, NULL), GD_ERR_ARGUMENT, "c is NULL");
  assert_fails(gd_gmm_gan_gradient_change(&gan, NULL, 1, 2, &out), GD_ERR_ARGUMENT, "mu is NULL");
  ck_assert(out == 7);
  assert_ok(gd_gmm_gan_gradient_change(&gan, paper_target, 1, 2, &out));
  ck_assert(out == 0);
}
END_TEST

TEST_SUITE("gmm_gan_optimal", the_answer_attains_total_variation, the_gradient_is_that_of_total_variation,
           knows_the_answer_of_figure_2, too_few_intervals_do_what_they_can, intervals_not_needed_are_empty,
           tells_the_papers_sets, steps_go_down_as_lemma_4_1_promises, gradients_neither_vanish_nor_lead_astray,
           refuses_what_cannot_be_answered)
