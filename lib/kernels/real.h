/* SPDX-License-Identifier: BSD-3-Clause */
/* The type that a file computes in: double, or float where it is compiled once more with GDI_SINGLE defined, under
 * names that end in _single. */
#ifndef GDI_KERNELS_REAL_H
#define GDI_KERNELS_REAL_H

#define GDI_JOIN_(name, ending) name##_##ending
#define GDI_JOIN(name, ending) GDI_JOIN_(name, ending)

#if defined(GDI_SINGLE)
typedef float gdi_real;
#define GDI_REAL(name) GDI_JOIN(name, single)
#else
typedef double gdi_real;
#define GDI_REAL(name) name
#endif

#endif
