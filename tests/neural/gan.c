/* SPDX-License-Identifier: BSD-3-Clause */
/* gan.c -- whole GANs: every family with every penalty agrees with its own derivatives; linear ones by hand. */
#include "neural/gan_recipe.h"
#include "support/failing_memory.h"
#include "support/suite.h"

enum { FAMILIES = GD_FAMILY_F_TOTAL_VARIATION + 1 };

/* Linear: G(z) = A z + a of as many latent numbers as data, D(x) = s w'x + b. */
static void linear_recipe(recipe *own, size_t dimension, size_t batch) {
  smooth_recipe(own, NULL);
  own->generator.layers = own->discriminator.layers = 1;
  own->generator_widths[0] = own->generator_widths[1] = own->discriminator_widths[0] = dimension;
  own->discriminator_widths[1] = 1;
  own->spec.batch = batch, own->spec.family = GD_FAMILY_WASSERSTEIN;
}

static bool is_zero_sum(int family) {
  return family != GD_FAMILY_NON_SATURATING && family != GD_FAMILY_JS && family != GD_FAMILY_KL &&
         family != GD_FAMILY_LEAST_SQUARES && family != GD_FAMILY_HINGE;
}

START_TEST(every_family_with_every_penalty_agrees_with_its_derivatives) {
  for (int family = 0; family < FAMILIES; family++)
    for (int which = 0; which < PENALTIES; which++) {
      recipe own;
      double x[MOST];
      gd_game_check_report report;
      smooth_recipe(&own, NULL);
      own.spec.family = (gd_gan_family)family;
      set_penalties(&own.spec, which);
      gd_neural_gan *gan = create(&own);
      gd_game *game = gd_neural_gan_game(gan);
      random_point(game, (uint64_t)(family * PENALTIES + which), x);
      const gd_status status = gd_game_check(game, x, 1, &report);
      ck_assert_msg(status == GD_OK, "family %d, penalty %d: %s", family, which, gd_last_error());
      ck_assert(report.gradient_vjp_vs_both >= 0);
      ck_assert_int_eq((gd_game_traits(game) & GD_ZERO_SUM) != 0, which == 0 && is_zero_sum(family));
      ck_assert(gd_game_traits(game) & GD_STOCHASTIC);
      gd_neural_gan_destroy(gan);
    }
}
END_TEST

/* ---- linear ones ---- */

/* u_D = mean of w'r s - mean of w'f s, of the samples that the draw is said to have. */
START_TEST(the_game_sees_the_samples_of_the_draw) {
  enum { D = 2, N = 5 };
  const gd_draw draws[] = {{1, 2, 3, 0}, {1, 2, 4, 0}};
  const double x[] = {1.5, 0.5, -1, 2, 0.1, -0.2, /* A, a */ 0.7, -1.1, 0.3 /* w, b */};
  recipe own;
  linear_recipe(&own, D, N);
  gd_neural_gan *gan = create(&own);
  ck_assert_uint_eq(gd_neural_gan_dimension(gan), D);
  ck_assert_uint_eq(gd_neural_gan_batch(gan), N);
  double real[2][D * N], fake[2][D * N], u[2];
  for (size_t t = 0; t < 2; t++) {
    double expected = 0;
    assert_ok(gd_neural_gan_data(gan, draws + t, real[t]));
    assert_ok(gd_neural_gan_generate(gan, draws + t, x, fake[t]));
    for (size_t k = 0; k < D * N; k++) expected += 0.5 * x[6 + k % D] * (real[t][k] - fake[t][k]) / N;
    gd_game_set_draw(gd_neural_gan_game(gan), draws + t);
    assert_ok(gd_game_utilities(gd_neural_gan_game(gan), x, u));
    assert_close(u[1], expected, 1e-13, 1e-15);
    ck_assert_double_eq(u[0], -u[1]);
  }
  ck_assert_mem_ne(real[0], real[1], sizeof real[0]);
  ck_assert_mem_ne(fake[0], fake[1], sizeof fake[0]);
  gd_neural_gan_destroy(gan);
}
END_TEST

/* With A = I, a = 0 generated samples are the latent numbers.  Of n pairs of independent standard normal numbers the
 * mean product has deviation 1/sqrt(n). */
START_TEST(data_and_latent_numbers_of_one_stream_are_independent) {
  enum { N = 40000 };
  static double real[N], fake[N];
  const double x[] = {1, 0, 1, 0};
  recipe own;
  linear_recipe(&own, 1, N);
  gd_neural_gan *gan = create(&own);
  assert_ok(gd_neural_gan_data(gan, NULL, real));
  assert_ok(gd_neural_gan_generate(gan, NULL, x, fake));
  double product = 0, squares = 0;
  for (size_t k = 0; k < N; k++) product += real[k] * fake[k] / N, squares += fake[k] * fake[k] / N;
  assert_close(product, 0, 0, 5 / sqrt(N));
  assert_close(squares, 1, 5 * sqrt(2.0 / N), 0);
  gd_neural_gan_destroy(gan);
}
END_TEST

START_TEST(the_discriminator_judges_any_number_of_points) {
  const double x[] = {1, 0, 0, 1, 0, 0, 0.7, -1.1, 0.3};
  double points[2 * 8], out[8] = {0};
  recipe own;
  linear_recipe(&own, 2, 3);
  gd_neural_gan *gan = create(&own);
  for (size_t k = 0; k < 16; k++) points[k] = (double)k * (double)k / 10 - 3;
  for (size_t count = 0; count < 8; count++) {
    out[count] = 77;
    assert_ok(gd_neural_gan_discriminate(gan, x, count, points, out));
    for (size_t k = 0; k < count; k++)
      assert_close(out[k], 0.5 * (0.7 * points[2 * k] - 1.1 * points[2 * k + 1]) + 0.3, 1e-14, 1e-15);
    ck_assert_double_eq(out[count], 77);
  }
  assert_ok(gd_neural_gan_discriminate(gan, x, 0, NULL, NULL));
  gd_neural_gan_destroy(gan);
}
END_TEST

/* Tanh and linear in every layer: the pictures' discriminator is the game's.  u_D = mean D(r) - mean D(f). */
START_TEST(the_game_has_the_discriminator_of_the_pictures) {
  double x[MOST], real[6], fake[6], of_real[3], of_fake[3], u[2], expected = 0;
  recipe own;
  smooth_recipe(&own, NULL);
  own.spec.family = GD_FAMILY_WASSERSTEIN;
  gd_neural_gan *gan = create(&own);
  random_point(gd_neural_gan_game(gan), 8, x);
  assert_ok(gd_neural_gan_data(gan, NULL, real));
  assert_ok(gd_neural_gan_generate(gan, NULL, x, fake));
  assert_ok(gd_neural_gan_discriminate(gan, x, 3, real, of_real));
  assert_ok(gd_neural_gan_discriminate(gan, x, 3, fake, of_fake));
  for (size_t k = 0; k < 3; k++) expected += (of_real[k] - of_fake[k]) / 3;
  assert_ok(gd_game_utilities(gd_neural_gan_game(gan), x, u));
  assert_close(u[1], expected, 1e-13, 1e-14);
  gd_neural_gan_destroy(gan);
}
END_TEST

/* (u r + (1 - u) f) is where the gradient penalty is taken: of D(x) = v tanh(w x) on the line, with r = 1 and f = 0,
 * its mean over many u is the integral of (|v w| (1 - tanh^2(w u)) - 1)^2 over u in [0, 1]. */
static int fill_ones(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  (void)context, (void)draw;
  for (size_t k = 0; k < rows * columns; k++) out[k] = 1;
  return 0;
}

START_TEST(the_gradient_penalty_is_taken_all_the_way_between) {
  enum { N = 20000, STEPS = 1000 };
  const double w = 1.3, v = 2, x[] = {0, 0, w, 0, v, 0};
  recipe own;
  smooth_recipe(&own, NULL);
  own.generator.layers = 1, own.generator_widths[0] = own.generator_widths[1] = 1;
  own.discriminator_widths[0] = own.discriminator_widths[1] = 1;
  own.discriminator.activation = GD_ACTIVATION_TANH, own.discriminator.input_scale = 1;
  gd_sampler_destroy(&own.data);
  own.data = (gd_sampler){.struct_size = sizeof own.data, .fill = fill_ones};
  own.spec.batch = N, own.spec.gradient_penalty = 1, own.spec.family = GD_FAMILY_WASSERSTEIN;
  gd_neural_gan *gan = create(&own);
  double u[2], mean = 0, squares = 0;
  for (size_t k = 0; k < STEPS; k++) { /* midpoints: off by less than 1e-5 */
    const double t = tanh(w * ((double)k + 0.5) / STEPS), miss = v * w * (1 - t * t) - 1;
    mean += miss * miss / STEPS, squares += miss * miss * miss * miss / STEPS;
  }
  assert_ok(gd_game_utilities(gd_neural_gan_game(gan), x, u));
  assert_close(-u[0] - u[1], mean, 0, 5 * sqrt((squares - mean * mean) / N));
  gd_neural_gan_destroy(gan);
}
END_TEST

START_TEST(starts_where_the_networks_do) {
  double x[MOST];
  recipe own;
  smooth_recipe(&own, NULL);
  own.generator.initialisation = GD_INITIAL_ORTHOGONAL, own.generator.gain = 0.8;
  gd_neural_gan *gan = create(&own);
  ck_assert_uint_eq(gd_game_size(gd_neural_gan_game(gan)), (6 + 3 + 6 + 2) + (6 + 3 + 3 + 1));
  ck_assert_uint_eq(gd_game_block_size(gd_neural_gan_game(gan), 0), 17);
  assert_ok(gd_neural_gan_initial(gan, x));
  assert_close(x[0] * x[0] + x[1] * x[1] + x[2] * x[2], 0.64, 1e-14, 0);
  for (size_t k = 6; k < 9; k++) ck_assert_double_eq(x[k], 0);
  for (size_t k = 17; k < 23; k++) ck_assert(x[k] != 0 && fabs(x[k]) <= sqrt(6.0 / 5));
  gd_neural_gan_destroy(gan);
}
END_TEST

/* ---- ownership, and what is wrong ---- */

static int destroyed;
static void count_destruction(void *context) {
  (void)context;
  destroyed++;
}

static gd_sampler counted_sampler(size_t rows) {
  return (gd_sampler){.struct_size = sizeof(gd_sampler), .fill = fill_ones, .destroy = count_destruction, .rows = rows};
}

static void assert_wrong(recipe *own, const char *words) {
  gd_neural_gan *gan = NULL;
  destroyed = 0;
  assert_fails(gd_neural_gan_create(&gan, &own->spec, NULL), GD_ERR_ARGUMENT, words);
  ck_assert_ptr_null(gan);
  ck_assert_int_eq(destroyed, (own->spec.data != NULL) + (own->spec.latent != NULL));
}

static recipe counted_recipe(void) {
  recipe own;
  smooth_recipe(&own, NULL);
  gd_sampler_destroy(&own.data);
  gd_sampler_destroy(&own.latent);
  own.data = own.latent = counted_sampler(0);
  return own;
}

/* As struct copies must not point at the old ones. */
static void refresh(recipe *own, const recipe *good) {
  *own = *good;
  own->generator.widths = own->generator_widths, own->discriminator.widths = own->discriminator_widths;
  own->spec.generator = &own->generator, own->spec.discriminator = &own->discriminator;
  own->spec.data = &own->data, own->spec.latent = &own->latent;
}

START_TEST(malformed_gans_are_named_and_samplers_destroyed) {
  const recipe good = counted_recipe();
  recipe own;
  refresh(&own, &good);
  destroyed = 0;
  gd_neural_gan_destroy(create(&own));
  ck_assert_int_eq(destroyed, 2);
#define WRONG(words, ...) refresh(&own, &good), (void)(__VA_ARGS__), assert_wrong(&own, words)
  WRONG("generator is NULL", own.spec.generator = NULL);
  WRONG("discriminator: layers is 0", own.discriminator.layers = 0);
  WRONG("generator: activation is 17", own.generator.activation = (gd_activation)17);
  WRONG("the discriminator has 2 outputs, expected 1", own.discriminator_widths[2] = 2);
  WRONG("makes samples of 5 numbers, expected 2", own.generator_widths[2] = 5);
  WRONG("batch is 0", own.spec.batch = 0);
  WRONG("data is NULL", own.spec.data = NULL);
  WRONG("latent is NULL", own.spec.latent = NULL);
  WRONG("data has samples of 3 numbers, expected 2", own.data.rows = 3);
  WRONG("latent has samples of 1 numbers", own.latent.rows = 1);
  WRONG("data is not a valid sampler", own.data.fill = NULL);
  WRONG("family is 99", own.spec.family = (gd_gan_family)99);
  WRONG("gradient_penalty is -1", own.spec.gradient_penalty = -1);
  WRONG("r1 is nan", own.spec.r1 = NAN);
  WRONG("r2 is inf", own.spec.r2 = INFINITY);
  WRONG("unrolled_step_size is -0.5", own.spec.unrolled_step_size = -0.5);
  WRONG("generator_penalty is -0.5", own.spec.generator_penalty = -0.5);
  WRONG("consensus_penalty is -2", own.spec.consensus_penalty = -2);
#undef WRONG
  refresh(&own, &good);
  destroyed = 0;
  assert_fails(gd_neural_gan_create(NULL, &own.spec, NULL), GD_ERR_ARGUMENT, "gan is NULL");
  ck_assert_int_eq(destroyed, 2);
  gd_neural_gan *gan = NULL;
  assert_fails(gd_neural_gan_create(&gan, NULL, NULL), GD_ERR_ARGUMENT, "gd_neural_gan_spec is NULL");
}
END_TEST

START_TEST(questions_check_their_arguments) {
  double x[MOST] = {0}, out[MOST];
  recipe own;
  smooth_recipe(&own, NULL);
  gd_neural_gan *gan = create(&own);
  assert_fails(gd_neural_gan_generate(NULL, NULL, x, out), GD_ERR_ARGUMENT, "gan is NULL");
  assert_fails(gd_neural_gan_generate(gan, NULL, NULL, out), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_neural_gan_generate(gan, NULL, x, NULL), GD_ERR_ARGUMENT, "samples is NULL");
  assert_fails(gd_neural_gan_data(NULL, NULL, out), GD_ERR_ARGUMENT, "gan is NULL");
  assert_fails(gd_neural_gan_data(gan, NULL, NULL), GD_ERR_ARGUMENT, "samples is NULL");
  assert_fails(gd_neural_gan_discriminate(NULL, x, 1, x, out), GD_ERR_ARGUMENT, "gan is NULL");
  assert_fails(gd_neural_gan_discriminate(gan, NULL, 1, x, out), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_neural_gan_discriminate(gan, x, 1, NULL, out), GD_ERR_ARGUMENT, "points is NULL");
  assert_fails(gd_neural_gan_discriminate(gan, x, 1, x, NULL), GD_ERR_ARGUMENT, "out is NULL");
  assert_fails(gd_neural_gan_initial(NULL, x), GD_ERR_ARGUMENT, "gan is NULL");
  assert_fails(gd_neural_gan_initial(gan, NULL), GD_ERR_ARGUMENT, "x is NULL");
  ck_assert(!gd_neural_gan_game(NULL) && !gd_neural_gan_dimension(NULL) && !gd_neural_gan_batch(NULL));
  gd_neural_gan_destroy(NULL);
  gd_neural_gan_destroy(gan);
}
END_TEST

static gd_status make_and_ask(const gd_env *env, void *argument) {
  recipe own;
  (void)argument;
  smooth_recipe(&own, env);
  if (!own.data.fill || !own.latent.fill) return GD_ERR_MEMORY;
  set_penalties(&own.spec, 5);
  own.spec.unrolled_steps = 2;
  return ask_once(&own, env);
}

START_TEST(survives_any_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(make_and_ask, NULL), 30); }
END_TEST

TEST_SUITE("gan", every_family_with_every_penalty_agrees_with_its_derivatives, the_game_sees_the_samples_of_the_draw,
           data_and_latent_numbers_of_one_stream_are_independent, the_discriminator_judges_any_number_of_points,
           the_game_has_the_discriminator_of_the_pictures, the_gradient_penalty_is_taken_all_the_way_between,
           starts_where_the_networks_do, malformed_gans_are_named_and_samplers_destroyed,
           questions_check_their_arguments, survives_any_refused_allocation)
