/* SPDX-License-Identifier: BSD-3-Clause */
/* scale.c -- every set of loops of the scalings gives the bits of their formulas, entry by entry, also in place. */
#include "kernels/scale.h"

#include "kernels/cpu.h"
#include "support/suite.h"

#include <gamedyn/rng.h>

#define MOST 67

static const size_t lengths[] = {0, 1, 7, 8, 9, 16, 31, 64, MOST};
static const gdi_scale_kernels *const sets[] = GDI_CPU_KERNELS(gdi_scale_kernels);

typedef struct vectors {
  double d[MOST], moments[3][MOST];
} vectors;

static vectors make_vectors(uint64_t seed) {
  vectors v;
  gd_rng rng = gd_rng_make(seed, 0);
  gd_rng_fill_normal(&rng, MOST, v.d);
  for (size_t k = 0; k < 3; k++) gd_rng_fill_uniform(&rng, MOST, v.moments[k]);
  v.d[3] = 0, v.moments[1][3] = 0, v.moments[2][3] = 0;
  v.d[5] = 1e200; /* whose square is infinite */
  return v;
}

/* Entry k of the result by the formulas of scale.h; the moments become the new ones. */
static double adam_at(const gdi_adam_numbers *p, bool keeps_largest, size_t k, vectors *v) {
  const double d = v->d[k];
  v->moments[0][k] = p->mean_decay * v->moments[0][k] + (1 - p->mean_decay) * d;
  v->moments[1][k] = p->square_decay * v->moments[1][k] + (1 - p->square_decay) * d * d;
  if (!(v->moments[2][k] > v->moments[1][k])) v->moments[2][k] = v->moments[1][k];
  return p->factor * v->moments[0][k] / (sqrt(v->moments[keeps_largest ? 2 : 1][k]) + p->offset);
}

static double rmsprop_at(const gdi_rmsprop_numbers *p, size_t k, vectors *v) {
  const double d = v->d[k], square = p->decay * v->moments[0][k] + (1 - p->decay) * d * d;
  v->moments[0][k] = square;
  return d / (p->inside ? sqrt(square + p->epsilon) : sqrt(square) + p->epsilon);
}

static void check_adam(const gdi_scale_kernels *set, size_t n, bool keeps_largest) {
  const gdi_adam_numbers p = {0.9, 0.99, 0.75, 1e-3};
  vectors before = make_vectors(n), expected = before, after = before;
  double out[MOST] = {0};
  const double *const from[] = {before.moments[0], before.moments[1], before.moments[2]};
  double *const to[] = {after.moments[0], after.moments[1], after.moments[2]};
  const double *const same[] = {to[0], to[1], to[2]};
  (keeps_largest ? set->amsgrad : set->adam)(&p, n, before.d, from, to, (gdi_scale_target){.out = out});
  for (size_t k = 0; k < n; k++) {
    ck_assert_double_eq(out[k], adam_at(&p, keeps_largest, k, &expected));
    for (size_t j = 0; j < (keeps_largest ? 3 : 2); j++)
      ck_assert_double_eq(after.moments[j][k], expected.moments[j][k]);
  }
  for (size_t k = n; k < MOST; k++) ck_assert(out[k] == 0 && after.moments[0][k] == before.moments[0][k]);
  (keeps_largest ? set->amsgrad : set->adam)(&p, n, after.d, same, to, (gdi_scale_target){.out = after.d});
  for (size_t k = 0; k < n; k++) ck_assert_double_eq(after.d[k], adam_at(&p, keeps_largest, k, &expected));
}

static void check_rmsprop(const gdi_scale_kernels *set, size_t n, bool inside) {
  const gdi_rmsprop_numbers p = {0.9, 1e-3, inside};
  vectors expected = make_vectors(n), found = expected;
  double out[MOST] = {0}, x[MOST];
  for (size_t k = 0; k < MOST; k++) x[k] = 3;
  set->rmsprop(&p, n, found.d, found.moments[0], found.moments[0], (gdi_scale_target){.out = out});
  for (size_t k = 0; k < n; k++) {
    ck_assert_double_eq(out[k], rmsprop_at(&p, k, &expected));
    ck_assert_double_eq(found.moments[0][k], expected.moments[0][k]);
  }
  for (size_t k = n; k < MOST; k++) ck_assert(out[k] == 0 && found.moments[0][k] == expected.moments[0][k]);
  set->rmsprop(&p, n, found.d, found.moments[0], found.moments[0], (gdi_scale_target){.h = 0.5, .x = x});
  for (size_t k = 0; k < n; k++) ck_assert_double_eq(x[k], 3 + 0.5 * rmsprop_at(&p, k, &expected));
  for (size_t k = n; k < MOST; k++) ck_assert(x[k] == 3);
}

START_TEST(every_cpu_gives_the_bits_of_the_formulas) {
  for (int cpu = 0; cpu <= (int)gdi_cpu_find(); cpu++)
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
      for (int which = 0; which < 2; which++) {
        check_adam(sets[cpu], lengths[i], which);
        check_rmsprop(sets[cpu], lengths[i], which);
      }
}
END_TEST

TEST_SUITE("scale", every_cpu_gives_the_bits_of_the_formulas)
