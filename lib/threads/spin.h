/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for another thread without going to sleep. */
#ifndef GDI_THREADS_SPIN_H
#define GDI_THREADS_SPIN_H

/* Let the processor's other half work for a moment. */
static inline void gdi_spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

#endif
