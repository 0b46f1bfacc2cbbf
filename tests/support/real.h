/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests that are compiled for doubles and, with GDI_SINGLE defined, once more for floats. */
#ifndef TESTS_SUPPORT_REAL_H
#define TESTS_SUPPORT_REAL_H

#include "kernels/real.h"

#include <float.h>
#include <gamedyn/rng.h>

#if defined(GDI_SINGLE)
#define SUITE_NAME(name) name "_single"
#define EPSILON ((double)FLT_EPSILON)
#else
#define SUITE_NAME(name) name
#define EPSILON DBL_EPSILON
#endif

static inline void fill_normal(uint64_t seed, uint64_t stream, size_t count, gdi_real *out) {
  gd_rng rng = gd_rng_make(seed, stream);
  for (size_t k = 0; k < count; k++) {
    double number;
    gd_rng_fill_normal(&rng, 1, &number);
    out[k] = (gdi_real)number;
  }
}

#endif
