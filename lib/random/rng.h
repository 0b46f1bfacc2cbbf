/* SPDX-License-Identifier: BSD-3-Clause */
/* Random numbers: the pure function under gd_rng, for the library and its tests. */
#ifndef GDI_RANDOM_RNG_H
#define GDI_RANDOM_RNG_H

#include <gamedyn/rng.h>

/* Philox4x64-10: four random words of a counter [4] and a key [2]. */
void gdi_philox(const uint64_t counter[4], const uint64_t key[2], uint64_t words[4]);

#endif
