/* SPDX-License-Identifier: BSD-3-Clause */
/* Play: the GMM-GAN of Li, Madry, Peebles & Schmidt with two Gaussians and two intervals, under one of the paper's
 * three dynamics.  Points are x = (mu1, mu2, l1, l2, r1, r2), interval i being [l_i, r_i]. */
#ifndef SUPPORT_GMM_PLAY_H
#define SUPPORT_GMM_PLAY_H

#include <gamedyn/gmm_gan.h>
#include <gamedyn/rng.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { GMM_MEANS = 2, GMM_INTERVALS = 2, GMM_LEFT = 2, GMM_RIGHT = 4, GMM_SIZE = 6 };

typedef enum gmm_kind {
  GMM_FIRST_ORDER, /* both players take gradient steps (Eqs. 9 to 11) */
  GMM_UNROLLED,    /* the generator sees through `unrolled` steps of the discriminator */
  GMM_OPTIMAL      /* the discriminator is always the best one (Eqs. 7 and 8) */
} gmm_kind;

typedef struct gmm_plan {
  gmm_kind kind;
  double target[GMM_MEANS];
  double generator_step, discriminator_step; /* step sizes */
  uint64_t unrolled;                         /* steps, each of size discriminator_step */
  int collapse;                              /* a gd_collapse */
  const gd_env *env;                         /* of the games; may be NULL */
} gmm_plan;

typedef struct gmm_play gmm_play;

gmm_play *gmm_create(const gmm_plan *plan);
void gmm_destroy(gmm_play *play);

/* The game that is stepped on, by simultaneous steps: of x, or of mu alone if the dynamics are optimal. */
gd_game *gmm_game(gmm_play *play);

/* Total variation between the target and the generator of x. */
double gmm_distance(const gmm_play *play, const double *x);

/* The norm of its gradient in mu. */
double gmm_steepness(const gmm_play *play, const double *x);

/* L(x) - 1, what the discriminator of x makes of the difference; at most the distance. */
double gmm_gain(gmm_play *play, const double *x);

/* Put the best discriminator into x. */
void gmm_answer(gmm_play *play, double *x);

/* Whether l < r. */
bool gmm_is_open(const double *x, size_t interval);
bool gmm_both_closed(const double *x);

/* The law of the four ends of intervals that are drawn. */
typedef enum gmm_law { GMM_UNIFORM /* on [-width, width] */, GMM_NORMAL /* with deviation width */ } gmm_law;

/* Draw the ends, sort them, and put them into x as l1 <= r1 <= l2 <= r2. */
void gmm_draw_intervals(gd_rng *rng, gmm_law law, double width, double *x);

/* Where a run went: every step of it. */
typedef struct gmm_path {
  uint64_t steps;
  double *x;         /* [steps + 1][GMM_SIZE]; of optimal dynamics with the discriminator answered to */
  double *distances; /* [steps + 1] */
} gmm_path;

/* Take that many steps from `start`, fewer if the run diverges; shows progress as `what`. */
gmm_path gmm_follow(gmm_play *play, const char *what, const double *start, uint64_t steps);
void gmm_path_destroy(gmm_path *path);

const double *gmm_path_at(const gmm_path *path, uint64_t step);
const double *gmm_path_end(const gmm_path *path);

/* The last step at which the interval was open, if it is not at the end; NaN if it is. */
double gmm_path_collapse(const gmm_path *path, size_t interval);

/* Lines `prefix`,step,mu1,mu2,l1,r1,l2,r2,distance with 17 significant digits. */
#define GMM_PATH_COLUMNS "step,mu1,mu2,l1,r1,l2,r2,distance"
void gmm_path_write(const gmm_path *path, FILE *file, const char *prefix);

#endif
