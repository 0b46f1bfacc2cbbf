/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Random numbers by counter: Philox4x64-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1,
 * 2, 3").
 * A value is a pure function of (seed, stream, position), so runs replay on any thread or rank.  It is word
 * (position mod 4) of the block with key (seed, stream) and counter (position / 4, 0, 0, 0).
 * A draw names one minibatch.
 * A function that gets NULL for its generator or its array does nothing and returns 0. */
#ifndef GAMEDYN_RNG_H
#define GAMEDYN_RNG_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The whole state of a generator.  Copy it to replay the same numbers.  Frozen: its members never change. */
typedef struct gd_rng {
  uint64_t seed, stream, position;
} gd_rng;

/** The generator of (seed, stream) at position 0.  Streams of one seed are independent. */
GD_API gd_rng gd_rng_make(uint64_t seed, uint64_t stream);

/** An independent generator for `child`.  Equal parents (position included) and equal `child` give equal generators.
 * Its seed and stream are the first two words of the block with the parent's key and counter (position, child, 0, 1).
 * The parent's position does not change. */
GD_API gd_rng gd_rng_split(const gd_rng *parent, uint64_t child);

/** The next 64 random bits.  Advances one position. */
GD_API uint64_t gd_rng_next(gd_rng *rng);

/** An unbiased integer 0 <= r < bound; 0 if bound is 0.  It sometimes advances more than one position. */
GD_API uint64_t gd_rng_below(gd_rng *rng, uint64_t bound);

/** Fill out[count] with uniform numbers on [0, 1), multiples of 2^-53.  Advances one position for each number. */
GD_API void gd_rng_fill_uniform(gd_rng *rng, size_t count, double *out);

/** Fill out[count] with standard normal numbers, in pairs (Box & Muller 1958):
 *     sqrt(-2 log u) cos(2 pi a),  sqrt(-2 log u) sin(2 pi a)
 * u and a each use one position.  The bits are the same on every machine, and within 4.3 units in the last place of
 * these formulas.  Advances `count` positions, rounded up to an even number. */
GD_API void gd_rng_fill_normal(gd_rng *rng, size_t count, double *out);

/** Choose `count` distinct indices below `population`, in increasing order; every subset is equally likely.
 * @param indices [count]
 * @return GD_ERR_ARGUMENT if count > population. */
GD_API gd_status gd_rng_subset(gd_rng *rng, size_t population, size_t count, size_t *indices);

/** The name of one minibatch: equal draws must give equal results.  A callback gets NULL for exact (full-batch)
 * evaluation.  Frozen: its members never change. */
typedef struct gd_draw {
  uint64_t seed, stream, index;
  uint64_t batch_size;
} gd_draw;

/** The generator of a draw: a function of its seed, stream and index.  Its seed and stream are the first two words of
 * the block with key (seed, stream) and counter (index, 0, 0, 2). */
GD_API gd_rng gd_draw_rng(const gd_draw *draw);

#ifdef __cplusplus
}
#endif
#endif
