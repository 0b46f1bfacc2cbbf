/* SPDX-License-Identifier: BSD-3-Clause */
/* The kind of this CPU, for kernels that are compiled several times. */
#ifndef GDI_KERNELS_CPU_H
#define GDI_KERNELS_CPU_H

/* Each kind can also run the kernels of the kinds before it. */
typedef enum gdi_cpu {
  GDI_CPU_PLAIN = 0,
  GDI_CPU_AVX2 = 1,  /* with fma */
  GDI_CPU_AVX512 = 2 /* the foundation, with fma */
} gdi_cpu;

/* The compilations of a kernel, as an array indexed by gdi_cpu. */
#if defined(__x86_64__)
#define GDI_CPU_KERNELS_(name)                                                                                         \
  { [GDI_CPU_PLAIN] = &name##_plain, [GDI_CPU_AVX2] = &name##_avx2, [GDI_CPU_AVX512] = &name##_avx512 }
#else
#define GDI_CPU_KERNELS_(name)                                                                                         \
  { [GDI_CPU_PLAIN] = &name##_plain }
#endif
#define GDI_CPU_KERNELS(name) GDI_CPU_KERNELS_(name)

/* Never changes. */
static inline gdi_cpu gdi_cpu_find(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("fma")) return GDI_CPU_PLAIN;
  if (__builtin_cpu_supports("avx512f")) return GDI_CPU_AVX512;
  if (__builtin_cpu_supports("avx2")) return GDI_CPU_AVX2;
#endif
  return GDI_CPU_PLAIN;
}

#endif
