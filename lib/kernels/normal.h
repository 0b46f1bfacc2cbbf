/* SPDX-License-Identifier: BSD-3-Clause */
/* Normal numbers from random words, with the same bits on every CPU and machine.
 *
 * The loops are compiled once for each kind of CPU (normal_kernels.c); the kernel table chooses one.  A pair of numbers
 * depends on its own two words alone, so one pair at a time gives the same bits as many. */
#ifndef GDI_KERNELS_NORMAL_H
#define GDI_KERNELS_NORMAL_H

#include "kernels/table.h"

#include <stddef.h>
#include <stdint.h>

typedef struct gdi_normal_kernels {
  /* out[count] of words[count, rounded up to even]: out[2 i] and out[2 i + 1] are independent standard normals if
   * words 2 i and 2 i + 1 are random.  Finite whatever the words. */
  void (*of_words)(size_t count, const uint64_t *words, double *out);
} gdi_normal_kernels;

extern const gdi_normal_kernels gdi_normal_kernels_plain, gdi_normal_kernels_avx2, gdi_normal_kernels_avx512;

static inline void gdi_normals(size_t count, const uint64_t *words, double *out) {
  gdi_kernels.normal->of_words(count, words, out);
}

#endif
