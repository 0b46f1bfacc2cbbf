/* SPDX-License-Identifier: BSD-3-Clause */
/* Running means and mean squares: the loops of the scalings RMSProp, Adam and AMSGrad, in one pass over memory.
 *
 * Every array is [n].  The new means may be the old ones. */
#ifndef GDI_KERNELS_SCALE_H
#define GDI_KERNELS_SCALE_H

#include "kernels/table.h"

#include <stdbool.h>
#include <stddef.h>

/* m' = mean_decay m + (1 - mean_decay) d,  v' = square_decay v + (1 - square_decay) d^2,
 * out = factor m' / (sqrt(v') + offset) */
typedef struct gdi_adam_numbers {
  double mean_decay, square_decay, factor, offset;
} gdi_adam_numbers;

/* v' = decay v + (1 - decay) d^2,  out = d / sqrt(v' + epsilon), or d / (sqrt(v') + epsilon) unless `inside` */
typedef struct gdi_rmsprop_numbers {
  double decay, epsilon;
  bool inside;
} gdi_rmsprop_numbers;

/* Where the result goes: it is written to `out`, which may be d; or x += h result, if x is not NULL. */
typedef struct gdi_scale_target {
  double *out;
  double h, *x;
} gdi_scale_target;

typedef struct gdi_scale_kernels {
  void (*adam)(const gdi_adam_numbers *p, size_t n, const double *d, const double *const before[2],
               double *const after[2], gdi_scale_target to);
  /* before[2] is the largest v' so far, which takes the place of v' in `out` */
  void (*amsgrad)(const gdi_adam_numbers *p, size_t n, const double *d, const double *const before[3],
                  double *const after[3], gdi_scale_target to);
  void (*rmsprop)(const gdi_rmsprop_numbers *p, size_t n, const double *d, const double *before, double *after,
                  gdi_scale_target to);
} gdi_scale_kernels;

extern const gdi_scale_kernels gdi_scale_kernels_plain, gdi_scale_kernels_avx2, gdi_scale_kernels_avx512;

#endif
