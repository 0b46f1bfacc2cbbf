/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan.c -- first-order steps of the GMM-GAN from many starts: copies of the game in lanes, beside plain C with
 * libm; and the ensemble behind Figure 3 of Li et al. (2018), or as many of its grid points as there is patience for.
 *
 * The 120 trials of one grid point are 120 copies: both players' steps, frozen intervals and all.  Steps are so short
 * that all intervals stay open, which is when a step costs most. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

enum { TRIALS = 120, N = 6, TURNS = 61, STEPS = 3000, SIDE = 41, LANES = 120 };
#define SHORT_STEP 1e-12
#define PAPERS_STEP 0.3

typedef struct problem {
  double *x; /* [TRIALS by N], as lanes */
  gd_stepper *stepper;
} problem;

static void order(double *a, double *b) {
  const double less = fmin(*a, *b);
  *b = fmax(*a, *b);
  *a = less;
}

/* Four draws from [-2, 2], in increasing order l1 <= r1 <= l2 <= r2. */
static void draw_intervals(gd_rng *rng, double *l1, double *l2, double *r1, double *r2) {
  double u[4];
  gd_rng_fill_uniform(rng, 4, u);
  order(u, u + 1), order(u + 2, u + 3), order(u, u + 2), order(u + 1, u + 3), order(u + 1, u + 2);
  *l1 = 4 * u[0] - 2, *r1 = 4 * u[1] - 2, *l2 = 4 * u[2] - 2, *r2 = 4 * u[3] - 2;
}

static double *make_starts(void) {
  double *x = make_numbers(TRIALS * N, 1); /* the means stay as they are */
  gd_rng rng = gd_rng_make(1, 1);
  for (double *at = x; at < x + TRIALS; at++)
    draw_intervals(&rng, at + 2 * TRIALS, at + 3 * TRIALS, at + 4 * TRIALS, at + 5 * TRIALS);
  return x;
}

static void step(void *context) {
  const problem *p = context;
  must(gd_stepper_step(p->stepper, p->x));
}

/* ---- the peer ---- */

static double density(double z) { return 0.39894228040143267794 * exp(-z * z / 2); }

/* One end: what it adds to the means' gradients, with the sign it enters L by, and its own. */
static double meet(double end, double sign, const double *mu, double *gradient) {
  const double one = density(end - mu[0]), other = density(end - mu[1]);
  gradient[0] += sign * one / 2;
  gradient[1] += sign * other / 2;
  return sign * (density(end + 0.5) + density(end - 0.5) - one - other) / 2;
}

static void plain_step(void *context) {
  double *const x = ((problem *)context)->x;
  for (size_t t = 0; t < TRIALS; t++) {
    const double mu[] = {x[t], x[t + TRIALS]};
    double gradient[] = {0, 0};
    for (size_t i = 0; i < 2; i++) {
      double *const left = x + t + (2 + i) * TRIALS, *const right = left + 2 * TRIALS;
      if (*right <= *left) continue;
      const double at_left = meet(*left, -1, mu, gradient), at_right = meet(*right, 1, mu, gradient);
      *left += SHORT_STEP * at_left;
      *right += SHORT_STEP * at_right;
    }
    x[t] -= SHORT_STEP * gradient[0];
    x[t + TRIALS] -= SHORT_STEP * gradient[1];
  }
}

static void measure_steps(gd_game *game) {
  gd_game *copies;
  problem own = {.x = make_starts()}, plain = {.x = make_starts()};
  must(gd_derive_copies(&copies, game, TRIALS));
  must(gd_stepper_create(&own.stepper, copies, gd_method_find(GD_SIMULTANEOUS)));
  must(gd_stepper_set(own.stepper, GD_STEP_SIZE, SHORT_STEP));
  const contender contenders[] = {{"step", step, &own}, {"libm", plain_step, &plain}};
  measure("gmm_gan", SETTLED, TURNS, contenders, 2);
  gd_stepper_destroy(own.stepper);
  gd_game_destroy(copies);
  free(own.x), free(plain.x);
}

/* ---- the map ---- */

static gd_status prepare(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  const size_t point = member / TRIALS;
  (void)context;
  x[0] = -1 + 2 * (double)(point / SIDE) / (SIDE - 1);
  x[1] = -1 + 2 * (double)(point % SIDE) / (SIDE - 1);
  draw_intervals(rng, x + 2, x + 3, x + 4, x + 5);
  return gd_stepper_set(stepper, GD_STEP_SIZE, PAPERS_STEP);
}

static void run_map(void *context) {
  gd_ensemble *ensemble;
  gd_run_options run;
  gd_run_options_init(&run);
  run.max_steps = STEPS;
  run.gradient_tolerance = 0;
  gd_ensemble_options options;
  gd_ensemble_options_init(&options);
  options.members = SIDE * SIDE * TRIALS;
  options.run = &run;
  options.prepare = prepare;
  options.lanes = LANES;
  must(gd_ensemble_run(&ensemble, context, gd_method_find(GD_SIMULTANEOUS), &options));
  gd_ensemble_destroy(ensemble);
}

static void measure_map(const gd_gmm_gan *gan) {
  gd_thread_pool *pool;
  gd_game *game;
  must(gd_thread_pool_create(&pool, 2));
  const gd_executor executor = gd_thread_pool_executor(pool);
  const gd_env env = {.struct_size = sizeof env, .executor = &executor};
  must(gd_model_gmm_gan(&game, gan, &env));
  const contender contenders[] = {{"map", run_map, game}};
  measure("gmm_gan", ONCE_ON_WALL, 1, contenders, 1);
  gd_game_destroy(game);
  gd_thread_pool_destroy(pool);
}

int main(void) {
  gd_gmm_gan gan;
  gd_game *game;
  gd_gmm_gan_init(&gan);
  must(gd_model_gmm_gan(&game, &gan, NULL));
  measure_steps(game);
  gd_game_destroy(game);
  measure_map(&gan);
  return EXIT_SUCCESS;
}
