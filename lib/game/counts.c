/* SPDX-License-Identifier: BSD-3-Clause */
/* counts.c -- gd_counts is an array of counters by construction. */
#include "game/counts.h"

#include <string.h>

enum { COUNTERS = sizeof(gd_counts) / sizeof(uint64_t) };

/* Counters wrap, so that times UINT64_MAX is minus. */
static gd_counts combine(const gd_counts *a, uint64_t times, const gd_counts *b) {
  uint64_t sums[COUNTERS], others[COUNTERS];
  gd_counts counts;
  memcpy(sums, a, sizeof sums);
  memcpy(others, b, sizeof others);
  for (size_t k = 0; k < COUNTERS; k++) sums[k] += times * others[k];
  memcpy(&counts, sums, sizeof counts);
  return counts;
}

gd_counts gdi_counts_since(const gd_game *game, const gd_counts *before) {
  gd_counts now;
  gd_game_counts(game, &now);
  return combine(&now, UINT64_MAX, before);
}

gd_counts gdi_counts_plus(const gd_counts *a, const gd_counts *b) { return combine(a, 1, b); }
