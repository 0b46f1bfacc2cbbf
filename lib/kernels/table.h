/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel table: the compilations that this process uses, of the kernels that are compiled several times.
 *
 * The table is filled once, when the library is loaded.  Code that runs earlier uses the plain kernels.  All kernels
 * give the same bits, so the choice affects only speed. */
#ifndef GDI_KERNELS_TABLE_H
#define GDI_KERNELS_TABLE_H

#include "kernels/cpu.h"

typedef struct gdi_kernel_table {
  gdi_cpu cpu; /* for the kernels of other rooms: an index into their GDI_CPU_KERNELS */
  const struct gdi_normal_kernels *normal;
  const struct gdi_row_kernels *rows;
  const struct gdi_scale_kernels *scale;
  const struct gdi_special_kernels *special;
  const struct gdi_gemv_pair_kernels *sweep;
  const struct gdi_vector_kernels *vector;
} gdi_kernel_table;

extern gdi_kernel_table gdi_kernels;

/* Fill the table with kernels for `most` or for this CPU, whichever has fewer instructions; GDI_CPU_AVX512 means no
 * limit.  For tests, while no other thread computes.  Returns the kind chosen. */
gdi_cpu gdi_kernels_choose(gdi_cpu most);

#endif
