/* SPDX-License-Identifier: BSD-3-Clause */
/* normal.c -- which of the loops for normal numbers this CPU runs. */
#include "base/normal.h"

#include "base/cpu.h"

const gdi_normal_kernels *gdi_normal_kernels_chosen = &gdi_normal_kernels_plain;

/* As in vector.c. */
__attribute__((constructor)) static void choose_kernels(void) {
  static const gdi_normal_kernels *const sets[] = GDI_CPU_KERNELS(gdi_normal_kernels);
  gdi_normal_kernels_chosen = sets[gdi_cpu_find()];
}
