/* SPDX-License-Identifier: BSD-3-Clause */
/* rng.c -- random numbers by counter.
 *
 * Philox4x64-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2,
 * 3", SC '11, section 3.3, in the authors' Random123) maps a key of two words and a counter of
 * four to four random words.  Everything here is one of its values:
 *
 *     word at (seed, stream, position)    key (seed, stream), counter (position / 4, 0, 0, 0),
 *                                         word position mod 4
 *     child `c` of (seed, stream, position)    seed and stream are words 0 and 1 of
 *                                         key (seed, stream), counter (position, c, 0, 1)
 *     draw (seed, stream, index)          seed and stream are words 0 and 1 of
 *                                         key (seed, stream), counter (index, 0, 0, 2)
 *
 * The last counter word keeps the three uses apart, so that none repeats another's words.
 * Positions wrap around after 2^64.  Normal numbers are made of pairs of words, in normal_kernels.c. */
#include "random/rng.h"

#include "base/error.h"
#include "kernels/normal.h"

/* How Random123 multiplies words of 64 bits: by 128 where the compiler has that many, else in parts.  Left to itself it
 * knows a few processors, and on i386 takes an instruction that is not there. */
#if defined(__SIZEOF_INT128__)
#define R123_USE_GNU_UINT128 1
#else
#define R123_USE_GNU_UINT128 0
#define R123_USE_MULHILO64_ASM 0
#define R123_USE_MULHILO64_C99 1
#endif
#include <Random123/philox.h>
#include <stdbool.h>
#include <string.h>

enum { USE_WORDS = 0, USE_SPLIT = 1, USE_DRAW = 2 };

#define MOST_WORDS 256 /* at a time, even: 2 kB, which stay in the first-level cache */
#define TOGETHER 4     /* blocks */
#define EACH_BLOCK _Pragma("GCC unroll 4") for (size_t b = 0; b < TOGETHER; b++)
#define EACH_ROUND _Pragma("GCC unroll 10") for (int round = 0; round < philox4x64_rounds; round++)

void gdi_philox(const uint64_t counter[4], const uint64_t key[2], uint64_t words[4]) {
  const philox4x64_ctr_t in = {{counter[0], counter[1], counter[2], counter[3]}};
  const philox4x64_key_t by = {{key[0], key[1]}};
  const philox4x64_ctr_t out = philox4x64(in, by);
  memcpy(words, out.v, sizeof out.v);
}

gd_rng gd_rng_make(uint64_t seed, uint64_t stream) { return (gd_rng){seed, stream, 0}; }

static gd_rng derive(const uint64_t key[2], uint64_t first, uint64_t second, uint64_t use) {
  uint64_t words[4];
  gdi_philox((const uint64_t[4]){first, second, 0, use}, key, words);
  return gd_rng_make(words[0], words[1]);
}

gd_rng gd_rng_split(const gd_rng *parent, uint64_t child) {
  const gd_rng from = parent ? *parent : gd_rng_make(0, 0);
  return derive((const uint64_t[2]){from.seed, from.stream}, from.position, child, USE_SPLIT);
}

gd_rng gd_draw_rng(const gd_draw *draw) {
  if (!draw) return gd_rng_make(0, 0);
  return derive((const uint64_t[2]){draw->seed, draw->stream}, draw->index, 0, USE_DRAW);
}

/* The words of TOGETHER blocks from a block's first position on, round by round: the rounds of one block wait for each
 * other, those of different blocks do not. */
static void compute_blocks(const gd_rng *rng, uint64_t position, uint64_t *words) {
  philox4x64_key_t key = {{rng->seed, rng->stream}};
  philox4x64_ctr_t blocks[TOGETHER];
  EACH_BLOCK blocks[b] = (philox4x64_ctr_t){{(position + 4 * b) / 4, 0, 0, USE_WORDS}};
  EACH_ROUND {
    EACH_BLOCK blocks[b] = philox4x64_R(1, blocks[b], key);
    key.v[0] += PHILOX_W64_0;
    key.v[1] += PHILOX_W64_1;
  }
  EACH_BLOCK memcpy(words + 4 * b, blocks[b].v, sizeof blocks[b].v);
}

static void compute_block(const gd_rng *rng, uint64_t position, uint64_t words[4]) {
  gdi_philox((const uint64_t[]){position / 4, 0, 0, USE_WORDS}, (const uint64_t[]){rng->seed, rng->stream}, words);
}

uint64_t gd_rng_next(gd_rng *rng) {
  uint64_t block[4];
  if (!rng) return 0;
  compute_block(rng, rng->position, block);
  return block[rng->position++ % 4];
}

/* The words at position, as many as its block has left or are asked for; returns how many. */
static size_t read_block(const gd_rng *rng, uint64_t position, size_t count, uint64_t *words) {
  uint64_t block[4];
  size_t k = 0;
  compute_block(rng, position, block);
  for (size_t at = position % 4; at < 4 && k < count; at++) words[k++] = block[at];
  return k;
}

static void read_words(gd_rng *rng, size_t count, uint64_t *words) {
  const gd_rng from = *rng;
  size_t k = 0;
  while (k < count) {
    const uint64_t position = from.position + k;
    if (position % 4 == 0 && count - k >= 4 * TOGETHER) {
      compute_blocks(&from, position, words + k);
      k += 4 * TOGETHER;
    } else
      k += read_block(&from, position, count - k, words + k);
  }
  rng->position += count;
}

/* A word w gives r = floor(w bound / 2^64).  Each r owns floor or ceil(2^64 / bound) words; turning away
 * the words whose low product is below 2^64 mod bound leaves each the same number (Lemire 2019, "Fast random
 * integer generation in an interval", ACM Trans. Model. Comput. Simul. 29, algorithm 5). */
uint64_t gd_rng_below(gd_rng *rng, uint64_t bound) {
  if (!rng || bound == 0) return 0;
  uint64_t high, low = mulhilo64(gd_rng_next(rng), bound, &high);
  if (low < bound) {
    const uint64_t surplus = -bound % bound;
    while (low < surplus) low = mulhilo64(gd_rng_next(rng), bound, &high);
  }
  return high;
}

void gd_rng_fill_uniform(gd_rng *rng, size_t count, double *out) {
  uint64_t words[MOST_WORDS];
  if (!rng || !out) return;
  for (size_t done = 0, here; done < count; done += here) {
    here = count - done < MOST_WORDS ? count - done : MOST_WORDS;
    read_words(rng, here, words);
    for (size_t k = 0; k < here; k++) out[done + k] = (double)(words[k] >> 11) * 0x1p-53;
  }
}

void gd_rng_fill_normal(gd_rng *rng, size_t count, double *out) {
  uint64_t words[MOST_WORDS];
  if (!rng || !out) return;
  for (size_t done = 0, here; done < count; done += here) {
    here = count - done < MOST_WORDS ? count - done : MOST_WORDS;
    read_words(rng, here + here % 2, words);
    gdi_normals(here, words, out + done);
  }
}

/* Floyd's sample (Bentley & Floyd 1987, "A sample of brilliance", CACM 30(9)): for each top in
 * population - count .. population - 1, take a random index up to top, or top itself if that one is taken.
 * Insertion keeps the sample sorted: count^2 / 4 moves. */
static void sample_few(gd_rng *rng, size_t population, size_t count, size_t *indices) {
  for (size_t taken = 0; taken < count; taken++) {
    const size_t top = population - count + taken;
    const size_t pick = (size_t)gd_rng_below(rng, (uint64_t)top + 1);
    size_t place = taken;
    while (place > 0 && indices[place - 1] > pick) place--;
    const bool is_taken = place > 0 && indices[place - 1] == pick;
    if (is_taken) place = taken; /* top is larger than all before */
    memmove(indices + place + 1, indices + place, (taken - place) * sizeof *indices);
    indices[place] = is_taken ? top : pick;
  }
}

/* Selection sampling (Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm S): an index is
 * taken with probability wanted / left. */
static void sample_many(gd_rng *rng, size_t population, size_t count, size_t *indices) {
  size_t taken = 0;
  for (size_t index = 0; taken < count; index++)
    if (gd_rng_below(rng, population - index) < count - taken) indices[taken++] = index;
}

gd_status gd_rng_subset(gd_rng *rng, size_t population, size_t count, size_t *indices) {
  GDI_REQUIRE(rng, "gd_rng_subset: rng is NULL");
  GDI_REQUIRE(count <= population, "gd_rng_subset: count is %zu, expected at most the population, %zu", count,
              population);
  if (count == 0) return GD_OK;
  GDI_REQUIRE(indices, "gd_rng_subset: indices is NULL");
  if (count <= population / count)
    sample_few(rng, population, count, indices);
  else
    sample_many(rng, population, count, indices);
  return GD_OK;
}
