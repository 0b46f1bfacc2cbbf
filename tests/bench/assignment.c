/* SPDX-License-Identifier: BSD-3-Clause */
/* assignment.c -- the exact Wasserstein distance between two clouds of points, distances included; peer_scipy.py does
 * the same with cdist and linear_sum_assignment, on points that both make from one formula. */
#include "measure.h"

#include <gamedyn/sample.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TURNS 5

typedef struct problem {
  size_t count;
  double *a, *b, distance;
} problem;

static void solve(void *context) {
  problem *p = context;
  must(gd_wasserstein_1(2, p->count, p->a, p->b, &p->distance, NULL, NULL));
}

/* Quasi-random points in the unit square: multiples of irrational numbers, whole parts left off. */
static double *make_points(size_t count, double first, double second) {
  double *points = malloc(2 * count * sizeof *points), whole;
  if (!points) must(GD_ERR_MEMORY);
  for (size_t k = 0; k < count; k++) {
    points[2 * k] = modf((double)(k + 1) * first, &whole);
    points[2 * k + 1] = modf((double)(k + 1) * second, &whole);
  }
  return points;
}

int main(void) {
  for (size_t count = 512; count <= 2048; count *= 4) {
    char prefix[40];
    problem p = {.count = count,
                 .a = make_points(count, 1.4142135623730951, 1.7320508075688772),
                 .b = make_points(count, 2.2360679774997896, 2.6457513110645907)};
    snprintf(prefix, sizeof prefix, "wasserstein.%zu", count);
    const contender contenders[] = {{"library", solve, &p}};
    measure(prefix, ONCE, TURNS, contenders, 1);
    printf("%s.library_distance\t%.12g\n", prefix, p.distance);
    free(p.a), free(p.b);
  }
  return EXIT_SUCCESS;
}
