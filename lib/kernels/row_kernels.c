/* SPDX-License-Identifier: BSD-3-Clause */
/* row_kernels.c -- the loops of rows.h, compiled once for each kind of CPU.
 *
 * Entry k goes to lane k mod 16, together with its index as a double; the n mod 16 last entries follow one by one.  A
 * lane keeps the first of equal entries, and so does the final comparison of the lanes. */
#include "kernels/rows.h"
#include "kernels/simd.h"

#include <stdbool.h>

typedef struct entry {
  lanes value, at;
} entry;

/* Lane by lane, whichever is less; `kept` if they are equal. */
LANES_INLINE entry lesser(entry kept, entry other) {
  const lane_mask is = less(other.value, kept.value);
  return (entry){choose(is, other.value, kept.value), choose(is, other.at, kept.at)};
}

/* Lane by lane, the larger value. */
LANES_INLINE lanes larger(lanes a, lanes b) { return choose(less(a, b), b, a); }

static const double numbers[LANES] = {0, 1, 2, 3, 4, 5, 6, 7};

/* Add one entry; an infinite one is ignored. */
static inline void look(gdi_least *least, double value, size_t at) {
  const bool first = value < least->first || (value == least->first && at < least->at && value < INFINITY);
  const double loser = first ? least->first : value;
  if (loser < least->second) least->second = loser;
  if (first) {
    least->first = value;
    least->at = at;
  }
}

/* Of eight entries at a time, the two least in each lane. */
typedef struct two_least {
  entry first;
  lanes second;
} two_least;

LANES_INLINE two_least look_at(two_least seen, const double *c, const double *v, lanes at) {
  const entry now = {subtract(load(c), load(v)), at};
  const entry loser = {larger(now.value, seen.first.value), at};
  return (two_least){lesser(seen.first, now), lesser((entry){seen.second, at}, loser).value};
}

/* The same across the lanes. */
static gdi_least gather(gdi_least found, two_least seen) {
  double values[LANES], places[LANES], seconds[LANES];
  store(values, seen.first.value);
  store(places, seen.first.at);
  store(seconds, seen.second);
  for (size_t lane = 0; lane < LANES; lane++) {
    look(&found, values[lane], (size_t)places[lane]);
    if (seconds[lane] < found.second) found.second = seconds[lane];
  }
  return found;
}

/* Two groups of lanes alternate, so one need not wait for the other. */
static gdi_least least(size_t n, const double *c, const double *v) {
  const two_least none = {{splat(INFINITY), splat((double)n)}, splat(INFINITY)};
  two_least even = none, odd = none;
  lanes at = load(numbers);
  size_t k = 0;
  for (; k + 2 * LANES <= n; k += 2 * LANES) {
    even = look_at(even, c + k, v + k, at);
    odd = look_at(odd, c + k + LANES, v + k + LANES, add(at, splat(LANES)));
    at = add(at, splat(2 * LANES));
  }
  gdi_least found = gather(gather((gdi_least){INFINITY, INFINITY, n}, even), odd);
  for (; k < n; k++) look(&found, c[k] - v[k], k);
  return found;
}

/* The prefetch distance in a long column: one page, since processors do not prefetch across the end of a page. */
enum { AHEAD = 4096 / sizeof(double) };

typedef struct offer {
  lanes shift, row;
} offer;

LANES_INLINE entry relax_at(entry nearest, const double *c, const double *v, offer made, double *distance, double *via,
                            lanes at) {
  const entry offered = {add(subtract(load(c), load(v)), made.shift), made.row};
  const entry kept = lesser((entry){load(distance), load(via)}, offered);
  store(distance, kept.value);
  store(via, kept.at);
  return lesser(nearest, (entry){kept.value, at});
}

static size_t relax(size_t n, const double *c, const double *v, double shift, double row, double *distance,
                    double *via) {
  const offer made = {splat(shift), splat(row)};
  const entry none = {splat(INFINITY), splat((double)n)};
  entry even = none, odd = none;
  lanes at = load(numbers);
  size_t k = 0;
  for (; k + 2 * LANES <= n; k += 2 * LANES) {
    __builtin_prefetch(c + k + AHEAD);
    __builtin_prefetch(c + k + AHEAD + LANES);
    even = relax_at(even, c + k, v + k, made, distance + k, via + k, at);
    const size_t next = k + LANES;
    odd = relax_at(odd, c + next, v + next, made, distance + next, via + next, add(at, splat(LANES)));
    at = add(at, splat(2 * LANES));
  }
  gdi_least found = {INFINITY, INFINITY, n};
  found = gather(gather(found, (two_least){even, none.value}), (two_least){odd, none.value});
  for (; k < n; k++) {
    const double offered = c[k] - v[k] + shift;
    if (offered < distance[k]) {
      distance[k] = offered;
      via[k] = row;
    }
    look(&found, distance[k], k);
  }
  return found.at;
}

const gdi_row_kernels GDI_FOR_CPU(gdi_row_kernels) = {least, relax};
