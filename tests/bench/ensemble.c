/* SPDX-License-Identifier: BSD-3-Clause */
/* ensemble.c -- independent runs on two threads beside the same on one: first-order dynamics of the GMM-GAN, whose
 * steps are arithmetic alone. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <stdlib.h>

#define TURNS 41
#define MEMBERS 64
#define STEPS 200

typedef struct contest {
  gd_game *game;
  gd_ensemble_options options;
} contest;

static gd_status prepare(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  const size_t n = gd_game_size(gd_stepper_game(stepper));
  (void)context, (void)member;
  gd_rng_fill_uniform(rng, n, x);
  for (size_t k = 4; k < n; k++) x[k] += 1; /* right ends, to the right of the left ones */
  return GD_OK;
}

static void run_all(void *context) {
  const contest *c = context;
  gd_ensemble *ensemble;
  must(gd_ensemble_run(&ensemble, c->game, gd_method_find(GD_SIMULTANEOUS), &c->options));
  gd_ensemble_destroy(ensemble);
}

static contest make_contest(const gd_run_options *run, const gd_gmm_gan *gan, const gd_env *env) {
  contest c;
  must(gd_model_gmm_gan(&c.game, gan, env));
  gd_ensemble_options_init(&c.options);
  c.options.members = MEMBERS;
  c.options.run = run;
  c.options.prepare = prepare;
  return c;
}

int main(void) {
  gd_thread_pool *pool = NULL;
  gd_run_options run;
  gd_gmm_gan gan;
  gd_run_options_init(&run);
  gd_gmm_gan_init(&gan);
  run.max_steps = STEPS;
  run.gradient_tolerance = 0;
  must(gd_thread_pool_create(&pool, 2));
  const gd_executor executor = gd_thread_pool_executor(pool);
  const gd_env env = {.struct_size = sizeof env, .executor = &executor};
  contest alone = make_contest(&run, &gan, NULL), together = make_contest(&run, &gan, &env);
  const contender contenders[] = {{"alone", run_all, &alone}, {"two_threads", run_all, &together}};
  measure("ensemble", ON_WALL, TURNS, contenders, 2);
  gd_game_destroy(together.game);
  gd_game_destroy(alone.game);
  gd_thread_pool_destroy(pool);
  return EXIT_SUCCESS;
}
