/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan_kernels.c -- the GMM-GAN's gradient at eight points at a time, compiled once for each kind of CPU.
 *
 * With E = exp(-z^2 / 2) for each pair of an end and a centre, centres being the K means and then the target's,
 *
 *     v_e    = +-(sum_m K w_m E - sum_j E) / (K sqrt(2 pi))      + for right ends,
 *     v_mu_j = sum over intervals (E at the left - E at the right) / (K sqrt(2 pi)),
 *
 * so that each E serves both players: 16 exponentials for two means against two and two intervals.  A closed interval's
 * right end goes to its left one, where it pulls nothing.  Sums run over centres and intervals as they come;
 * gmm_gan_field.c has the same for one point. */
#include "kernels/simd_special.h"
#include "models/gmm_gan.h"

enum { LEFT, RIGHT, ENDS };
#define CENTRES 4 /* at a time, with both ends */
#define TOGETHER (ENDS * CENTRES)
#define EACH_END _Pragma("GCC unroll 2") for (size_t e = 0; e < ENDS; e++)
#define EACH_CENTRE _Pragma("GCC unroll 4") for (size_t g = 0; g < CENTRES; g++)

/* Compile-time constants: the paper's sizes have their own compilation, so a whole point stays in registers. */
typedef struct kind {
  size_t means, intervals, targets;
  bool equal;   /* K w_m = 1 for all m */
  bool freezes; /* closed intervals */
  bool far;     /* ends may be anywhere; else the answer is of use only if they are near all centres */
} kind;

/* Eight points: entry i of x and v is eight numbers from index i * distance on. */
typedef struct eight {
  const gdi_gmm_gan *gan;
  size_t distance;
  const double *x;
  double *v;
} eight;

/* The centres for an interval. */
typedef struct meeting {
  lanes ends[ENDS];
  lanes generator[ENDS], target[ENDS]; /* sums of E at either end */
  unsigned near;                       /* ALL_LANES as long as the ends are near the centres */
} meeting;

LANES_INLINE lanes unit_of(const kind *of) { return splat(GDI_NORMAL_PEAK / (double)of->means); }

LANES_INLINE lanes centre_at(const kind *of, const eight *at, size_t c) {
  if (c < of->means) return load(at->x + c * at->distance);
  if (c < of->means + of->targets) return splat(at->gan->target.means[c - of->means]);
  return splat(0);
}

/* A call of exponential_far() makes the compiler keep everything in memory, so it is skipped if no argument is far. */
LANES_INLINE void gaussians(const kind *of, const lanes *z, lanes *E, unsigned *near) {
  lanes squares = splat(0);
  for (size_t k = 0; k < TOGETHER; k++) squares = add(squares, multiply(z[k], z[k]));
  *near &= where(less(squares, splat(2 * NEAR)));
  if (of->far) {
    for (size_t k = 0; k < TOGETHER; k++) E[k] = gaussian(z[k]);
    return;
  }
  gaussians_near(2, z, E), gaussians_near(2, z + 2, E + 2); /* not in a loop, which compilers may keep */
  gaussians_near(2, z + 4, E + 4), gaussians_near(2, z + 6, E + 6);
}

LANES_INLINE void meet_centre(const kind *of, const eight *at, size_t c, const lanes E[ENDS], meeting *with,
                              lanes *pull) {
  if (c < of->means) {
    pull[c] = add(pull[c], subtract(E[LEFT], E[RIGHT]));
    EACH_END with->generator[e] = add(with->generator[e], E[e]);
  } else if (c < of->means + of->targets) {
    const double weight = of->equal ? 1 : (double)of->means * at->gan->target.weights[c - of->means];
    EACH_END with->target[e] = add(with->target[e], of->equal ? E[e] : multiply(splat(weight), E[e]));
  }
}

LANES_INLINE void meet_centres(const kind *of, const eight *at, meeting *with, lanes *pull) {
  for (size_t first = 0; first < of->means + of->targets; first += CENTRES) {
    lanes z[TOGETHER], E[TOGETHER];
    EACH_CENTRE EACH_END z[ENDS * g + e] = subtract(with->ends[e], centre_at(of, at, first + g));
    gaussians(of, z, E, &with->near);
    EACH_CENTRE meet_centre(of, at, first + g, E + ENDS * g, with, pull);
  }
}

/* Add an interval's contributions to v at both ends and at the means; returns whether the result is valid. */
LANES_INLINE bool meet_interval(const kind *of, const eight *at, size_t left, size_t right, lanes *pull) {
  meeting with = {.ends = {load(at->x + left), load(at->x + right)}, .near = ALL_LANES};
  const lane_mask closed = at_most(with.ends[RIGHT], with.ends[LEFT]);
  if (of->freezes && where(closed) == ALL_LANES) {
    store(at->v + left, splat(0));
    store(at->v + right, splat(0));
    return true;
  }
  if (of->freezes) with.ends[RIGHT] = choose(closed, with.ends[LEFT], with.ends[RIGHT]);
  EACH_END with.generator[e] = with.target[e] = splat(0);
  meet_centres(of, at, &with, pull);
  const lanes at_left = multiply(unit_of(of), subtract(with.generator[LEFT], with.target[LEFT]));
  const lanes at_right = multiply(unit_of(of), subtract(with.target[RIGHT], with.generator[RIGHT]));
  store(at->v + left, of->freezes ? choose(closed, splat(0), at_left) : at_left);
  store(at->v + right, of->freezes ? choose(closed, splat(0), at_right) : at_right);
  return with.near == ALL_LANES;
}

/* Returns whether the result is valid. */
LANES_INLINE bool gradient_of_eight(const kind *of, const eight *at) {
  lanes pull[GD_MIXTURE_MOST];
  bool useful = true;
  for (size_t j = 0; j < of->means; j++) pull[j] = splat(0);
  for (size_t i = 0; i < of->intervals; i++) {
    const size_t left = (of->means + i) * at->distance, right = left + of->intervals * at->distance;
    useful = meet_interval(of, at, left, right, pull) && useful;
  }
  for (size_t j = 0; j < of->means; j++) store(at->v + j * at->distance, multiply(unit_of(of), pull[j]));
  return useful;
}

static __attribute__((noinline)) void gradient_of_far_eight(const kind *of, const eight *at) {
  kind far = *of;
  far.far = true;
  gradient_of_eight(&far, at);
}

LANES_INLINE void run(const kind *of, eight at, size_t blocks) {
  for (size_t block = 0; block < blocks; block++, at.x += LANES, at.v += LANES)
    if (!gradient_of_eight(of, &at)) gradient_of_far_eight(of, &at);
}

static bool has_equal_weights(const gdi_gmm_gan *gan) {
  for (size_t m = 0; m < gan->target.count; m++)
    if ((double)gan->n_means * gan->target.weights[m] != 1) return false;
  return true;
}

static void gradient(const gdi_gmm_gan *gan, size_t blocks, size_t distance, const double *x, double *v) {
  const eight at = {gan, distance, x, v};
  const bool freezes = gan->collapse == GD_COLLAPSE_FREEZE, equal = has_equal_weights(gan);
  const kind of = {gan->n_means, gan->n_intervals, gan->target.count, false, freezes, false};
  if (of.means == 2 && of.intervals == 2 && of.targets == 2 && equal && freezes)
    run(&(kind){2, 2, 2, true, true, false}, at, blocks);
  else
    run(&of, at, blocks);
}

const gdi_gmm_gan_kernels GDI_FOR_CPU(gdi_gmm_gan_kernels) = {gradient};
