/* SPDX-License-Identifier: BSD-3-Clause */
/* rows.c -- which loops over rows of costs this CPU runs. */
#include "base/rows.h"

static const gdi_row_kernels *kernels = &gdi_row_kernels_plain;

#if defined(__x86_64__)
/* As in vector.c. */
__attribute__((constructor)) static void choose_kernels(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f"))
    kernels = &gdi_row_kernels_avx512;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    kernels = &gdi_row_kernels_avx2;
}
#endif

gdi_least gdi_row_least(size_t n, const double *c, const double *v) { return kernels->least(n, c, v); }

size_t gdi_row_relax(size_t n, const double *c, const double *v, double shift, double row, double *distance,
                     double *via) {
  return kernels->relax(n, c, v, shift, row, distance, via);
}
