/* SPDX-License-Identifier: BSD-3-Clause */
/* special.c -- which of the special functions' loops this CPU runs. */
#include "base/special.h"

#include "base/cpu.h"

const gdi_special_kernels *gdi_special_kernels_chosen = &gdi_special_kernels_plain;

/* As in vector.c. */
__attribute__((constructor)) static void choose_kernels(void) {
  static const gdi_special_kernels *const sets[] = GDI_CPU_KERNELS(gdi_special_kernels);
  gdi_special_kernels_chosen = sets[gdi_cpu_find()];
}
