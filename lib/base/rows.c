/* SPDX-License-Identifier: BSD-3-Clause */
/* rows.c -- which loops over rows of costs this CPU runs. */
#include "base/rows.h"

#include "base/cpu.h"

static const gdi_row_kernels *kernels = &gdi_row_kernels_plain;

/* As in vector.c. */
__attribute__((constructor)) static void choose_kernels(void) {
  static const gdi_row_kernels *const sets[] = GDI_CPU_KERNELS(gdi_row_kernels);
  kernels = sets[gdi_cpu_find()];
}

gdi_least gdi_row_least(size_t n, const double *c, const double *v) { return kernels->least(n, c, v); }

size_t gdi_row_relax(size_t n, const double *c, const double *v, double shift, double row, double *distance,
                     double *via) {
  return kernels->relax(n, c, v, shift, row, distance, via);
}
