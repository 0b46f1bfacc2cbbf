/* SPDX-License-Identifier: BSD-3-Clause */
/* gan_derived.c -- penalties and unrolling in a GAN's graph beside derived games, which know nothing of networks. */
#include "neural/gan_recipe.h"
#include "support/suite.h"

#include <gamedyn/derive.h>

/* A GAN's field beside that of a game derived from another. */
static void compare_and_destroy(gd_neural_gan *own, gd_neural_gan *base, gd_game *derived, uint64_t seed) {
  const gd_draw draw = {5, 6, 7, 1};
  double x[MOST], v[MOST], expected[MOST];
  random_point(derived, seed, x);
  gradient_under(derived, &draw, x, expected);
  gradient_under(gd_neural_gan_game(own), &draw, x, v);
  for (size_t k = 0; k < gd_game_size(derived); k++) assert_close(v[k], expected[k], 1e-12, 1e-14);
  gd_game_destroy(derived);
  gd_neural_gan_destroy(own);
  gd_neural_gan_destroy(base);
}

/* Nagarajan & Kolter's penalty is that of gd_derive_gradient_penalty() on the game without it. */
START_TEST(the_generators_penalty_is_that_of_the_derived_game) {
  for (int which = 0; which < 4; which++) {
    recipe with, without;
    gd_game *derived = NULL;
    smooth_recipe(&with, NULL), smooth_recipe(&without, NULL);
    set_penalties(&with.spec, which), set_penalties(&without.spec, which);
    with.spec.generator_penalty = 0.5;
    gd_neural_gan *own = create(&with), *base = create(&without);
    assert_ok(gd_derive_gradient_penalty(&derived, gd_neural_gan_game(base), 0, 1, 0.5));
    compare_and_destroy(own, base, derived, (uint64_t)which);
  }
}
END_TEST

/* Metz et al.'s GAN is gd_derive_unrolled() of the game without, which knows nothing of networks; without steps, the
 * game itself. */
START_TEST(an_unrolled_discriminator_is_that_of_the_derived_game) {
  for (size_t steps = 0; steps < 4; steps++)
    for (int which = 0; which < 4; which++) { /* penalties at data, samples and between are unrolled, too */
      recipe with, without;
      gd_game *derived = NULL;
      smooth_recipe(&with, NULL), smooth_recipe(&without, NULL);
      set_penalties(&with.spec, which), set_penalties(&without.spec, which);
      with.spec.family = without.spec.family = GD_FAMILY_NON_SATURATING;
      with.spec.unrolled_steps = steps, with.spec.unrolled_step_size = 0.4;
      gd_neural_gan *own = create(&with), *base = create(&without);
      assert_ok(gd_derive_unrolled(&derived, gd_neural_gan_game(base), 0, 1, steps, 0.4));
      compare_and_destroy(own, base, derived, (uint64_t)which);
    }
}
END_TEST

/* The consensus penalty adds to v what gd_derive_consensus() adds to the v of the game without any penalty. */
START_TEST(the_consensus_penalty_is_that_of_the_derived_game) {
  const gd_draw draw = {5, 6, 7, 1};
  for (int which = 0; which < 2; which++) {
    recipe with, without, plain;
    double x[MOST], v[MOST], penalised[MOST], field[MOST], pulled[MOST];
    gd_game *derived = NULL;
    smooth_recipe(&with, NULL), smooth_recipe(&without, NULL), smooth_recipe(&plain, NULL);
    set_penalties(&with.spec, which), set_penalties(&without.spec, which);
    with.spec.consensus_penalty = 0.5;
    gd_neural_gan *gans[] = {create(&with), create(&without), create(&plain)};
    assert_ok(gd_derive_consensus(&derived, gd_neural_gan_game(gans[2]), 0.5));
    random_point(derived, (uint64_t)which, x);
    gradient_under(derived, &draw, x, pulled);
    double *const answers[] = {v, penalised, field};
    for (size_t k = 0; k < 3; k++) gradient_under(gd_neural_gan_game(gans[k]), &draw, x, answers[k]);
    for (size_t k = 0; k < gd_game_size(derived); k++)
      assert_close(v[k], penalised[k] + pulled[k] - field[k], 1e-12, 1e-14);
    gd_game_destroy(derived);
    for (size_t k = 0; k < 3; k++) gd_neural_gan_destroy(gans[k]);
  }
}
END_TEST

TEST_SUITE("gan_derived", the_generators_penalty_is_that_of_the_derived_game,
           the_consensus_penalty_is_that_of_the_derived_game, an_unrolled_discriminator_is_that_of_the_derived_game)
