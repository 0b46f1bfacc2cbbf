/* SPDX-License-Identifier: BSD-3-Clause */
/* Small GANs for tests. */
#ifndef TESTS_GRAPH_GAN_RECIPE_H
#define TESTS_GRAPH_GAN_RECIPE_H

#include "support/suite.h"

#include <gamedyn/neural.h>
#include <gamedyn/rng.h>

enum { MOST = 64 };

/* Specs of a GAN, together with what they point at. */
typedef struct recipe {
  gd_neural_gan_spec spec;
  gd_mlp generator, discriminator;
  size_t generator_widths[3], discriminator_widths[3];
  gd_sampler data, latent;
} recipe;

/* Smooth: two latent numbers, two layers each.  Data and latent numbers have the same stream, on purpose. */
static inline void smooth_recipe(recipe *own, const gd_env *env) {
  *own = (recipe){.generator_widths = {2, 3, 2}, .discriminator_widths = {2, 3, 1}};
  own->generator = (gd_mlp){
      .struct_size = sizeof(gd_mlp), .layers = 2, .widths = own->generator_widths, .activation = GD_ACTIVATION_TANH};
  own->discriminator = (gd_mlp){.struct_size = sizeof(gd_mlp),
                                .layers = 2,
                                .widths = own->discriminator_widths,
                                .activation = GD_ACTIVATION_SOFTPLUS,
                                .input_scale = 0.5};
  own->spec = (gd_neural_gan_spec){.struct_size = sizeof own->spec,
                                   .generator = &own->generator,
                                   .discriminator = &own->discriminator,
                                   .batch = 3,
                                   .data = &own->data,
                                   .latent = &own->latent};
  if (gd_sampler_normal(&own->data, 0, env) < 0) return;
  if (gd_sampler_normal(&own->latent, 0, env) < 0) gd_sampler_destroy(&own->data);
}

static inline gd_neural_gan *create(const recipe *own) {
  gd_neural_gan *gan = NULL;
  assert_ok(gd_neural_gan_create(&gan, &own->spec, NULL));
  return gan;
}

static inline void random_point(const gd_game *game, uint64_t seed, double *x) {
  gd_rng rng = gd_rng_make(seed, 3);
  ck_assert_uint_le(gd_game_size(game), MOST);
  gd_rng_fill_normal(&rng, gd_game_size(game), x);
}

/* None, one, or all of the penalties; or an unrolled discriminator, with some of them. */
enum { PENALTIES = 8 };
static inline void set_penalties(gd_neural_gan_spec *spec, int which) {
  if (which == 1 || which == 5) spec->gradient_penalty = 0.8;
  if (which == 2 || which == 5) spec->r1 = 0.6;
  if (which == 3 || which == 5) spec->r2 = 0.7;
  if (which == 4 || which == 5) spec->generator_penalty = 0.3;
  if (which == 6 || which == 5) spec->consensus_penalty = 0.4;
  if (which == 7) spec->unrolled_steps = 2, spec->unrolled_step_size = 0.3, spec->r1 = 0.5;
}

static inline void gradient_under(gd_game *game, const gd_draw *draw, const double *x, double *v) {
  gd_game_set_draw(game, draw);
  assert_ok(gd_game_gradient(game, x, v));
}

/* All that is done with a GAN where memory may run out: its samplers, itself, a gradient. */
static inline gd_status ask_once(recipe *own, const gd_env *env) {
  double x[MOST] = {0}, v[MOST];
  gd_neural_gan *gan = NULL;
  gd_status status = gd_neural_gan_create(&gan, &own->spec, env);
  if (status == GD_OK) status = gd_neural_gan_initial(gan, x);
  if (status == GD_OK) status = gd_game_gradient(gd_neural_gan_game(gan), x, v);
  gd_neural_gan_destroy(gan);
  return status;
}

#endif
