/* SPDX-License-Identifier: BSD-3-Clause */
/* training.c -- training a GAN of perceptrons: the same bits whenever it is repeated, on another thread too, and what
 * the methods promise of any game holds on a neural one. */
#include "support/suite.h"

#include <gamedyn/data.h>
#include <gamedyn/neural.h>
#include <gamedyn/stepper.h>
#include <pthread.h>
#include <string.h>

enum { BATCH = 32, STEPS = 40, MOST = 512 };

static gd_neural_gan *create_gan(void) {
  static const size_t G[] = {4, 12, 2}, D[] = {2, 12, 1};
  const gd_mlp generator = {.struct_size = sizeof generator, .layers = 2, .widths = G, .seed = 3};
  const gd_mlp discriminator = {.struct_size = sizeof discriminator, .layers = 2, .widths = D, .seed = 3};
  const gd_gaussian_ring ring = {.struct_size = sizeof ring, .count = 8, .radius = 1, .deviation = 0.03};
  gd_sampler data = {0}, latent = {0};
  gd_neural_gan *gan = NULL;
  assert_ok(gd_sampler_ring(&data, 0, &ring, NULL));
  assert_ok(gd_sampler_normal(&latent, 0, NULL));
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &generator,
                                   .discriminator = &discriminator,
                                   .batch = BATCH,
                                   .data = &data,
                                   .latent = &latent,
                                   .family = GD_FAMILY_NON_SATURATING,
                                   .gradient_penalty = 0.5};
  assert_ok(gd_neural_gan_create(&gan, &spec, NULL));
  return gan;
}

typedef struct training {
  gd_game *game; /* a handle of its own */
  const char *method;
  double x[MOST];
  gd_status status;
} training;

static gd_status train(training *t) {
  gd_eval_options draws;
  gd_stepper *stepper = NULL;
  gd_eval_options_init(&draws);
  draws.batch_size = BATCH, draws.seed = 11;
  GD_TRY(gd_game_configure(t->game, &draws));
  GD_TRY(gd_stepper_create_named(&stepper, t->game, t->method));
  gd_status status = gd_stepper_set_scaling(stepper, GD_SCALING_RMSPROP);
  if (status == GD_OK) status = gd_stepper_set(stepper, GD_STEP_SIZE, 1e-3);
  for (int k = 0; k < STEPS && status == GD_OK; k++) status = gd_stepper_step(stepper, t->x);
  gd_stepper_destroy(stepper);
  return status;
}

static void *train_there(void *argument) {
  training *t = argument;
  t->status = train(t);
  return NULL;
}

/* Two trainings at the same time from one GAN, and a third of another GAN that was made alike. */
START_TEST(training_is_the_same_bits_on_any_thread_and_any_time) {
  static const char *const methods[] = {GD_SIMULTANEOUS, GD_ALTERNATING, GD_OPTIMISTIC, GD_CONSENSUS};
  for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
    gd_neural_gan *gan = create_gan(), *other = create_gan();
    training t[3] = {{0}};
    pthread_t threads[2];
    for (size_t k = 0; k < 3; k++) {
      t[k].method = methods[m];
      assert_ok(gd_game_dup(&t[k].game, gd_neural_gan_game(k < 2 ? gan : other)));
      ck_assert_uint_le(gd_game_size(t[k].game), MOST);
      assert_ok(gd_neural_gan_initial(gan, t[k].x));
    }
    const double before = t[0].x[0];
    for (size_t k = 0; k < 2; k++) ck_assert_int_eq(pthread_create(threads + k, NULL, train_there, t + k), 0);
    for (size_t k = 0; k < 2; k++) ck_assert_int_eq(pthread_join(threads[k], NULL), 0);
    assert_ok(t[0].status);
    assert_ok(t[1].status);
    assert_ok(train(&t[2]));
    ck_assert(t[0].x[0] != before);
    ck_assert(memcmp(t[0].x, t[1].x, sizeof t[0].x) == 0);
    ck_assert(memcmp(t[0].x, t[2].x, sizeof t[0].x) == 0);
    for (size_t k = 0; k < 3; k++) gd_game_destroy(t[k].game);
    gd_neural_gan_destroy(gan);
    gd_neural_gan_destroy(other);
  }
}
END_TEST

/* A step of size 0 moves nothing, whatever the method. */
START_TEST(a_step_of_no_size_moves_nothing) {
  gd_neural_gan *gan = create_gan();
  double x[MOST], start[MOST];
  assert_ok(gd_neural_gan_initial(gan, start));
  const size_t bytes = gd_game_size(gd_neural_gan_game(gan)) * sizeof *x;
  for (size_t m = 0; gd_method_at(m); m++) {
    gd_stepper *stepper = NULL;
    assert_ok(gd_stepper_create(&stepper, gd_neural_gan_game(gan), gd_method_at(m)));
    assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0));
    memcpy(x, start, bytes);
    for (int k = 0; k < 3; k++) assert_ok(gd_stepper_step(stepper, x));
    ck_assert_msg(memcmp(x, start, bytes) == 0, "%s moved", gd_method_at(m)->name);
    gd_stepper_destroy(stepper);
  }
  gd_neural_gan_destroy(gan);
}
END_TEST

TEST_SUITE("training", training_is_the_same_bits_on_any_thread_and_any_time, a_step_of_no_size_moves_nothing)
