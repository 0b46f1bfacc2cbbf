/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight doubles at a time, in GNU C vector types: one 512-bit register, two of 256 or four of
 * 128 bits, as the file that includes this is compiled; IEEE arithmetic lane by lane, so the
 * same bits in each case.  For the kernel files only. */
#ifndef GDI_BASE_LANES_H
#define GDI_BASE_LANES_H

#include <stddef.h>
#include <stdint.h>

#define LANES 8

typedef double lanes __attribute__((vector_size(64)));
typedef uint64_t lane_bits __attribute__((vector_size(64)));
typedef double loose_lanes __attribute__((vector_size(64), aligned(8), may_alias)); /* anywhere in an array */

/* A kernel table's name with the CPU's: the build defines GDI_CPU for each compilation. */
#define GDI_JOIN_(name, cpu) name##_##cpu
#define GDI_JOIN(name, cpu) GDI_JOIN_(name, cpu)
#define GDI_FOR_CPU(name) GDI_JOIN(name, GDI_CPU)

static inline lanes load(const double *from) { return *(const loose_lanes *)from; }
static inline void store(double *to, lanes values) { *(loose_lanes *)to = values; }
static inline lanes splat(double value) { return (lanes){value, value, value, value, value, value, value, value}; }

/* The sum of the lanes, in halves. */
static inline double lane_sum(lanes s) { return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])); }

#endif
