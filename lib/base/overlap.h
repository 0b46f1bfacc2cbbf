/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays that share memory: an output that overlaps an input is an argument to refuse. */
#ifndef GDI_BASE_OVERLAP_H
#define GDI_BASE_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a [a_count] and b [b_count] have a number in common. */
static inline bool gdi_overlap(size_t a_count, const double *a, size_t b_count, const double *b) {
  return (uintptr_t)a < (uintptr_t)b + b_count * sizeof *b && (uintptr_t)b < (uintptr_t)a + a_count * sizeof *a;
}

#endif
