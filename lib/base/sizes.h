/* SPDX-License-Identifier: BSD-3-Clause */
/* Sizes: products and sums that do not wrap.  One that is too large is SIZE_MAX, for which there is never memory. */
#ifndef GDI_BASE_SIZES_H
#define GDI_BASE_SIZES_H

#include <stddef.h>
#include <stdint.h>

static inline size_t gdi_times(size_t a, size_t b) {
  size_t product;
  return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

static inline size_t gdi_plus(size_t a, size_t b) {
  size_t sum;
  return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

#endif
