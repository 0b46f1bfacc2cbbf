/* SPDX-License-Identifier: BSD-3-Clause */
/* table.c -- chooses the compilation of all kernels. */
#include "kernels/table.h"

#include "kernels/gemv_pair.h"
#include "kernels/normal.h"
#include "kernels/rows.h"
#include "kernels/scale.h"
#include "kernels/special.h"
#include "kernels/vector.h"

gdi_kernel_table gdi_kernels = {GDI_CPU_PLAIN,
                                &gdi_normal_kernels_plain,
                                &gdi_row_kernels_plain,
                                &gdi_scale_kernels_plain,
                                &gdi_special_kernels_plain,
                                &gdi_gemv_pair_kernels_plain,
                                &gdi_vector_kernels_plain};

gdi_cpu gdi_kernels_choose(gdi_cpu most) {
  static const gdi_normal_kernels *const normal[] = GDI_CPU_KERNELS(gdi_normal_kernels);
  static const gdi_row_kernels *const rows[] = GDI_CPU_KERNELS(gdi_row_kernels);
  static const gdi_scale_kernels *const scale[] = GDI_CPU_KERNELS(gdi_scale_kernels);
  static const gdi_special_kernels *const special[] = GDI_CPU_KERNELS(gdi_special_kernels);
  static const gdi_gemv_pair_kernels *const sweep[] = GDI_CPU_KERNELS(gdi_gemv_pair_kernels);
  static const gdi_vector_kernels *const vector[] = GDI_CPU_KERNELS(gdi_vector_kernels);
  const gdi_cpu best = gdi_cpu_find(), cpu = most < best ? most : best;
  gdi_kernels = (gdi_kernel_table){cpu, normal[cpu], rows[cpu], scale[cpu], special[cpu], sweep[cpu], vector[cpu]};
  return cpu;
}

__attribute__((constructor)) static void fill_table(void) { gdi_kernels_choose(GDI_CPU_AVX512); }
