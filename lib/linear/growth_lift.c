/* SPDX-License-Identifier: BSD-3-Clause */
/* growth_lift.c -- the largest factor by which steps with memory multiply a displacement of x.
 *
 * A step takes z = (x, memory) to M z.  Memory may have any unit (a gradient, an average), so |M^k| has no meaning.  A
 * displacement d of x has a meaning: the first step maps it to L d, and the factor after k steps is
 *
 *     f(k) = |P M^(k-1) L|,   P (x, memory) = x,   f(0) = 1.
 *
 * With X_k the sum of M'^j P'P M^j over j < 2^k, which doubles as X_(k+1) = X_k + M'^(2^k) X_k M^(2^k),
 *
 *     for a <= j < a + 2^k   f(j + 1)^2 <= |Z' X_k Z|,   Z = M^a L,
 *
 * since the right side is their sum.  X_k is doubled until it no longer changes; then it holds for all j >= a.
 * Intervals that cannot exceed the largest value known are finished; others are bisected.  Nothing here depends on
 * units of memory. */
#include "dense/algebra.h"
#include "linear/basis.h"
#include "linear/growth_search.h"
#include "linear/operator.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { LEVELS = 32 };

typedef struct lifted {
  gdi_growth_search *s;
  size_t n, size;         /* sizes of x and of z */
  double *power[LEVELS];  /* M^(2^k) [size by size] */
  double *energy[LEVELS]; /* X_k [size by size] */
  double *room[LEVELS];   /* start of the second half of an interval [size by n] */
  double *start;          /* L [size by n] */
  double *weighted;       /* [size by size] */
  size_t levels;          /* made so far */
} lifted;

static void multiply(const lifted *l, bool transposed, const double *A, const double *B, size_t columns, double *out) {
  const gdi_product product = {.transpose_a = transposed,
                               .rows = l->size,
                               .columns = columns,
                               .inner = l->size,
                               .A = A,
                               .lda = l->size,
                               .B = B,
                               .ldb = l->size};
  gdi_matrix_product(&product, out, l->size);
}

/* ---- bounds ---- */

/* Compute f(at), and update the largest value. */
static gd_status look(lifted *l, const double *Z, double at, double *norm) {
  gdi_growth_search *s = l->s;
  size_t row, column;
  for (size_t j = 0; j < l->n; j++) memcpy(s->copy + j * l->n, Z + j * l->size, l->n * sizeof *Z);
  *norm = INFINITY;
  if (gdi_matrix_is_finite(l->n, l->n, s->copy, l->n, &row, &column)) {
    GD_TRY(gdi_singular_values(s->env, l->n, l->n, s->copy, l->n, s->values, NULL, NULL));
    *norm = s->values[0];
  }
  if (*norm > s->largest) {
    s->largest = *norm;
    s->at = at;
  }
  return GD_OK;
}

/* sqrt |Z' X Z| */
static gd_status bound_of(lifted *l, size_t level, const double *Z, double *most) {
  gdi_growth_search *s = l->s;
  const gdi_product square = {.transpose_a = true,
                              .rows = l->n,
                              .columns = l->n,
                              .inner = l->size,
                              .A = Z,
                              .lda = l->size,
                              .B = l->weighted,
                              .ldb = l->size};
  size_t row, column;
  multiply(l, false, l->energy[level], Z, l->n, l->weighted);
  gdi_matrix_product(&square, s->copy, l->n);
  *most = INFINITY;
  if (!gdi_matrix_is_finite(l->n, l->n, s->copy, l->n, &row, &column)) return GD_OK;
  GD_TRY(gdi_eigen_symmetric(s->env, l->n, s->copy, l->n, false, s->values));
  *most = sqrt(fmax(s->values[l->n - 1], 0));
  return GD_OK;
}

/* 2^level steps from number `at` on, whose first has the lifted Z of norm f. */
typedef struct interval {
  const double *Z;
  double f, at;
} interval;

/* *most becomes a bound of f on the interval. */
static gd_status explore(lifted *l, size_t level, interval i, double *most) {
  gdi_growth_search *s = l->s;
  *most = i.f;
  if (level == 0) return GD_OK;
  GD_TRY(bound_of(l, level, i.Z, most));
  if (*most <= s->largest || s->products == 0) return GD_OK;
  double left, right;
  GD_TRY(explore(l, level - 1, i, &left));
  if (s->products == 0) return GD_OK; /* spent just now: the second half stays unexplored */
  interval half = {.Z = l->room[level], .at = i.at + ldexp(1, (int)level - 1)};
  s->products--;
  multiply(l, false, l->power[level - 1], i.Z, l->n, l->room[level]);
  GD_TRY(look(l, half.Z, half.at, &half.f));
  GD_TRY(explore(l, level - 1, half, &right));
  *most = fmin(*most, fmax(left, right));
  return GD_OK;
}

/* ---- powers ---- */

static gd_status add_level(lifted *l) {
  const gdi_env *env = l->s->env;
  const size_t k = l->levels++;
  l->power[k] = gdi_allocate(env, l->size * l->size, sizeof(double));
  l->energy[k] = gdi_allocate(env, l->size * l->size, sizeof(double));
  l->room[k] = gdi_allocate(env, l->size * l->n, sizeof(double));
  return l->power[k] && l->energy[k] && l->room[k] ? GD_OK : GD_ERR_MEMORY;
}

static double trace(size_t n, const double *A) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += A[k + k * n];
  return sum;
}

/* X_(k+1) and M^(2^(k+1)) from those of k; *change: by how much X grew. */
static gd_status double_up(lifted *l, double *change) {
  const size_t k = l->levels - 1, entries = l->size * l->size;
  GD_TRY(add_level(l));
  double *energy = l->energy[k + 1], *power = l->power[k + 1];
  multiply(l, false, l->energy[k], l->power[k], l->size, power);
  multiply(l, true, l->power[k], power, l->size, energy);
  *change = trace(l->size, energy);
  for (size_t i = 0; i < entries; i++) energy[i] += l->energy[k][i];
  multiply(l, false, l->power[k], l->power[k], l->size, power);
  return GD_OK;
}

/* *settled: X no longer changes. */
static gd_status prepare(lifted *l, const double *M, bool *settled) {
  GD_TRY(add_level(l));
  memcpy(l->power[0], M, l->size * l->size * sizeof *M);
  for (size_t k = 0; k < l->n; k++) l->energy[0][k + k * l->size] = 1;
  *settled = false;
  while (!*settled && l->levels < LEVELS) {
    double change;
    GD_TRY(double_up(l, &change));
    *settled = change <= DBL_EPSILON * DBL_EPSILON * trace(l->size, l->energy[l->levels - 1]);
    if (!isfinite(change)) break;
  }
  return GD_OK;
}

static gd_status search(lifted *l, const double *M, gd_growth *growth) {
  gdi_growth_search *s = l->s;
  bool settled;
  double f, most;
  s->largest = 1;
  GD_TRY(prepare(l, M, &settled));
  GD_TRY(look(l, l->start, 1, &f));
  GD_TRY(explore(l, l->levels - 1, (interval){l->start, f, 1}, &most));
  if (isinf(s->largest)) {
    *growth = gdi_growth_unknown;
    return GD_NOT_CONVERGED;
  }
  *growth = (gd_growth){s->largest, settled ? fmax(most, s->largest) : INFINITY, s->at, {0}};
  return settled && s->products > 0 ? GD_OK : GD_NOT_CONVERGED;
}

/* Check f at the step found, step by step: powers by doubling lose digits if M is strongly sheared. */
static gd_status check(lifted *l, const double *M, double accuracy, gd_growth *growth) {
  gdi_growth_search *s = l->s;
  double *Z = l->start, *next = l->weighted, f;
  if (growth->at == 0) return GD_OK;
  bool agrees = growth->at <= (double)s->products;
  for (double step = 1; step < growth->at && agrees; step++) {
    multiply(l, false, M, Z, l->n, next);
    memcpy(Z, next, l->size * l->n * sizeof *Z);
  }
  GD_TRY(look(l, Z, growth->at, &f));
  agrees = agrees && fabs(f - growth->largest) <= accuracy * f;
  if (!agrees) *growth = gdi_growth_unknown;
  return agrees ? GD_OK : GD_NOT_CONVERGED;
}

/* ---- create and destroy ---- */

/* L, column by column. */
static gd_status lift(lifted *l) {
  double *unit = l->weighted; /* not needed yet */
  for (size_t k = 0; k < l->n; k++) {
    double norm;
    unit[k] = 1;
    GD_TRY(gdi_operator_lift(l->s->op, unit, l->start + k * l->size));
    unit[k] = 0;
    GD_TRY(gdi_check_product(l->size, l->start + k * l->size, &norm));
  }
  return GD_OK;
}

gd_status gdi_growth_of_distances(gdi_growth_search *s, const double *M, double accuracy, gd_growth *growth) {
  lifted l = {.s = s, .n = gdi_operator_points(s->op), .size = s->n};
  l.start = gdi_allocate(s->env, l.size * l.n, sizeof *l.start);
  l.weighted = gdi_allocate(s->env, l.size * l.size, sizeof *l.weighted);
  gd_status status = l.start && l.weighted ? lift(&l) : GD_ERR_MEMORY;
  if (status == GD_OK) status = search(&l, M, growth);
  const gd_status checked = status < 0 ? status : check(&l, M, accuracy, growth);
  if (checked != GD_OK) status = checked;
  for (size_t k = 0; k < l.levels; k++) {
    gdi_release(s->env, l.room[k]);
    gdi_release(s->env, l.energy[k]);
    gdi_release(s->env, l.power[k]);
  }
  gdi_release(s->env, l.weighted);
  gdi_release(s->env, l.start);
  return status;
}
