/* SPDX-License-Identifier: BSD-3-Clause */
/* normal.c -- a thousand normal numbers, beside the same formula with libm on the same random words. */
#include "measure.h"

#include <gamedyn/rng.h>
#include <math.h>
#include <stdlib.h>

enum { COUNT = 1000, TURNS = 61 };

typedef struct sample {
  gd_rng rng;
  double values[COUNT];
} sample;

static void library(void *context) {
  sample *own = context;
  gd_rng_fill_normal(&own->rng, COUNT, own->values);
}

static void libm(void *context) {
  sample *own = context;
  double *const z = own->values;
  gd_rng_fill_uniform(&own->rng, COUNT, z);
  for (size_t k = 0; k < COUNT; k += 2) {
    const double radius = sqrt(-2 * log(1 - z[k])), angle = 6.283185307179586477 * z[k + 1];
    z[k] = radius * cos(angle);
    z[k + 1] = radius * sin(angle);
  }
}

int main(void) {
  static sample one, other;
  one.rng = other.rng = gd_rng_make(1, 0);
  const contender contenders[] = {{"library", library, &one}, {"libm", libm, &other}};
  measure("normal.thousand", SETTLED, TURNS, contenders, 2);
  return EXIT_SUCCESS;
}
