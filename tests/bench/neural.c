/* SPDX-License-Identifier: BSD-3-Clause */
/* neural.c -- one training step of the papers' GANs of perceptrons, batch 512, fresh data each: simultaneous, and with
 * consensus (gamma 10), under RMSProp; in doubles, in floats, and on two threads; beside the matrix products that such
 * a step consists of, at the speed of dgemm.
 *
 * And all of the Jacobian of the first of these GANs, from products, n = 2003; then its eigenvalues.
 *
 * 16: Mescheder et al. 2017, four layers of 16, latent 16, standard loss.  128: Liang & Stokes 2019, four layers of
 * 128, latent 2, WGAN with a gradient penalty. */
#include "dense/algebra.h"
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 512, TURNS = 15, SIDE = 1024 };

/* How a step is taken. */
typedef struct setting {
  const char *prefix;
  size_t width;
  gd_precision precision;
  const gd_env *env;
} setting;

typedef struct training {
  gd_game *game;
  gd_stepper *stepper;
  double *x;
} training;

static gd_neural_gan *create_gan(const setting *how) {
  const size_t width = how->width;
  const bool wide = width > 16;
  const size_t latent = wide ? 2 : 16, G[] = {latent, width, width, width, width, 2},
               D[] = {2, width, width, width, width, 1};
  const gd_mlp generator = {.struct_size = sizeof generator, .layers = 5, .widths = G, .seed = 1};
  const gd_mlp discriminator = {.struct_size = sizeof discriminator, .layers = 5, .widths = D, .seed = 1};
  const gd_gaussian_ring ring = {.struct_size = sizeof ring, .count = 8, .radius = 1, .deviation = 0.03};
  gd_sampler data = {0}, noise = {0};
  gd_neural_gan *gan;
  must(gd_sampler_ring(&data, 0, &ring, NULL));
  must(gd_sampler_normal(&noise, 0, NULL));
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &generator,
                                   .discriminator = &discriminator,
                                   .batch = BATCH,
                                   .data = &data,
                                   .latent = &noise,
                                   .family = wide ? GD_FAMILY_WASSERSTEIN : GD_FAMILY_STANDARD,
                                   .gradient_penalty = wide ? 1 : 0,
                                   .precision = how->precision};
  must(gd_neural_gan_create(&gan, &spec, how->env));
  return gan;
}

static training prepare(const gd_neural_gan *gan, const char *method) {
  training t;
  gd_eval_options draws;
  gd_eval_options_init(&draws);
  draws.batch_size = BATCH;
  must(gd_game_dup(&t.game, gd_neural_gan_game(gan)));
  must(gd_game_configure(t.game, &draws));
  must(gd_stepper_create_named(&t.stepper, t.game, method));
  must(gd_stepper_set(t.stepper, GD_STEP_SIZE, 1e-4));
  must(gd_stepper_set_scaling(t.stepper, GD_SCALING_RMSPROP));
  t.x = make_numbers(gd_game_size(t.game), 1);
  must(gd_neural_gan_initial(gan, t.x));
  return t;
}

static void step(void *context) {
  training *t = context;
  must(gd_stepper_step(t->stepper, t->x));
}

static void finish(training *t) {
  gd_stepper_destroy(t->stepper);
  gd_game_destroy(t->game);
  free(t->x);
}

typedef struct matrix {
  training *t;
  double *J;
} matrix;

static void assemble(void *context) {
  matrix *m = context;
  must(gd_game_jacobian(m->t->game, m->t->x, m->J, gd_game_size(m->t->game)));
}

static void eigenvalues(void *context) {
  matrix *m = context;
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  const size_t n = gd_game_size(m->t->game);
  gd_spectrum_options_init(&options);
  options.dense_limit = n, options.residuals = false;
  must(gd_operator_dense(&op, n, n, m->J, n, NULL));
  must(gd_spectrum_compute(&spectrum, op, &options));
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
}

static void whole_matrix(const gd_neural_gan *gan) {
  training t = prepare(gan, GD_SIMULTANEOUS);
  gd_eval_options options;
  const size_t n = gd_game_size(t.game);
  gd_eval_options_init(&options);
  options.batch_size = BATCH, options.dense_limit = n;
  must(gd_game_configure(t.game, &options));
  matrix m = {.t = &t, .J = make_numbers(n * n, 1)};
  const contender contenders[] = {{"jacobian", assemble, &m}, {"eigenvalues", eigenvalues, &m}};
  measure("neural.16", SETTLED, 2, contenders, 2);
  free(m.J);
  finish(&t);
}

/* A dgemm of side 1024 has 128 times as many multiplications as one layer's product, 128 by 128 by 512. */
static void multiply(void *context) {
  double *A = context;
  const gdi_product product = {
      .rows = SIDE, .columns = SIDE, .inner = SIDE, .A = A, .B = A + SIDE * SIDE, .lda = SIDE, .ldb = SIDE};
  gdi_matrix_product(&product, A + 2 * SIDE * SIDE, SIDE);
}

static void compare(const setting *how) {
  gd_neural_gan *gan = create_gan(how);
  training simultaneous = prepare(gan, GD_SIMULTANEOUS), consensus = prepare(gan, GD_CONSENSUS);
  double *matrices = make_numbers(3 * SIDE * SIDE, 1);
  must(gd_stepper_set(consensus.stepper, "gamma", 10));
  const contender contenders[] = {
      {"simultaneous", step, &simultaneous}, {"consensus", step, &consensus}, {"dgemm", multiply, matrices}};
  measure(how->prefix, how->env ? ON_WALL : SETTLED, TURNS, contenders, how->width > 16 ? 3 : 2);
  finish(&simultaneous);
  finish(&consensus);
  free(matrices);
  if (how->width == 16) whole_matrix(gan);
  gd_neural_gan_destroy(gan);
}

int main(void) {
  gd_thread_pool *pool = NULL;
  must(gd_thread_pool_create(&pool, 2));
  const gd_executor executor = gd_thread_pool_executor(pool);
  const gd_env env = {.struct_size = sizeof env, .executor = &executor};
  compare(&(setting){"neural.16", 16, GD_PRECISION_DOUBLE, NULL});
  compare(&(setting){"neural.128", 128, GD_PRECISION_DOUBLE, NULL});
  compare(&(setting){"neural.single.128", 128, GD_PRECISION_SINGLE, NULL});
  compare(&(setting){"neural.two_threads.128", 128, GD_PRECISION_DOUBLE, &env});
  gd_thread_pool_destroy(pool);
  return EXIT_SUCCESS;
}
