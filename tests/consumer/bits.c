/* SPDX-License-Identifier: BSD-3-Clause */
/* bits.c -- prints random numbers of every kind to their last bit, for other_machines.py to compare. */
#include <gamedyn/rng.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#ifdef WITH_PLAIN_KERNELS
#include "kernels/normal.h"
gdi_kernel_table gdi_kernels = {.normal = &gdi_normal_kernels_plain};
#endif

enum { COUNT = 50 };

static void show(const double *values) {
  for (size_t k = 0; k < COUNT; k++) {
    uint64_t bits;
    memcpy(&bits, values + k, sizeof bits);
    printf("%016" PRIx64 "\n", bits);
  }
}

int main(void) {
  gd_rng rng = gd_rng_make(7, 9), child = gd_rng_split(&rng, 3);
  double values[COUNT];
  size_t indices[10];
  for (size_t k = 0; k < 7; k++) printf("%016" PRIx64 " %016" PRIx64 "\n", gd_rng_next(&rng), gd_rng_next(&child));
  gd_rng_fill_uniform(&rng, COUNT, values);
  show(values);
  gd_rng_fill_normal(&rng, COUNT, values);
  show(values);
  for (uint64_t bound = 1; bound < UINT64_MAX / 3; bound *= 3) printf("%" PRIu64 "\n", gd_rng_below(&rng, bound));
  if (gd_rng_subset(&rng, 1000, 10, indices) < 0) return 1;
  for (size_t k = 0; k < 10; k++) printf("%zu\n", indices[k]);
  return 0;
}
