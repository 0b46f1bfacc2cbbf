/* SPDX-License-Identifier: BSD-3-Clause */
/* growth.c -- the largest norm among the powers of a matrix, or among its exponentials, bracketed by halving.
 *
 * Let f(a) = |P^a|, P = exp(unit A) or M, a >= 0, and G_k an upper bound of f on [0, 2^k).  Because f(a + r) <= f(a)
 * f(r),
 *
 *     on [a, a + 2^k)   f <= f(a) G_k,
 *
 * and if f(2^k) <= 1, everything beyond 2^k repeats, no larger, what was on [0, 2^k).  So [0, 1), [1, 2), [2, 4), [4,
 * 8), ... are explored in turn until f(2^k) <= 1: an interval that cannot hold more than is known is left alone, others
 * are halved. Within a unit an iteration has nothing, G_0 = 1; a flow has f <= exp(omega unit), omega the numerical
 * abscissa, and the unit is chosen such that this is the accuracy wanted. */
#include "base/dense.h"
#include "base/error.h"
#include "base/exponential.h"
#include "base/schur.h"
#include "base/sized.h"
#include "linear/operator.h"

#include <float.h>
#include <gamedyn/nonnormal.h>
#include <math.h>
#include <string.h>

#define LEVELS 64

typedef struct search {
  const gdi_env *env;
  size_t n;
  double unit, slack;                   /* of time; G_0 */
  uint64_t products;                    /* left */
  double *power[LEVELS], *room[LEVELS]; /* P^(2^k); what begins the second half of an interval of length 2^k */
  double within[LEVELS];                /* G_k */
  double *copy, *values;                /* [n by n], [n]: for norms */
  double largest, at, open;             /* f so far, its a; largest bound of what was not explored */
} search;

static void multiply(const search *s, const double *A, const double *B, double *out) {
  const gdi_product product = {.rows = s->n, .columns = s->n, .inner = s->n, .A = A, .lda = s->n, .B = B, .ldb = s->n};
  gdi_matrix_product(&product, out, s->n);
}

/* *norm = |E| = f(at), and a look whether it is the largest. */
static gd_status look(search *s, const double *E, double at, double *norm) {
  memcpy(s->copy, E, s->n * s->n * sizeof *E);
  size_t row, column;
  if (!gdi_matrix_is_finite(s->n, s->n, s->copy, s->n, &row, &column)) {
    *norm = s->largest = s->at = INFINITY;
    return GD_OK;
  }
  GD_TRY(gdi_singular_values(s->env, s->n, s->n, s->copy, s->n, s->values, NULL, NULL));
  *norm = s->values[0];
  if (*norm > s->largest) {
    s->largest = *norm;
    s->at = at;
  }
  return GD_OK;
}

/* [at, at + 2^level), which begins with E of norm f. */
static gd_status explore(search *s, size_t level, const double *E, double f, double at) {
  const double most = f * s->within[level];
  if (most <= s->largest * s->slack) return GD_OK;
  if (level > 0) GD_TRY(explore(s, level - 1, E, f, at));
  if (level == 0 || s->products == 0) { /* perhaps spent just now: the second half stays unexplored */
    s->open = fmax(s->open, most);
    return GD_OK;
  }
  const double middle = at + ldexp(1, (int)level - 1);
  double *half = s->room[level], norm;
  s->products--;
  multiply(s, s->power[level - 1], E, half);
  GD_TRY(look(s, half, middle, &norm));
  return explore(s, level - 1, half, norm, middle);
}

static gd_status allocate_level(search *s, size_t level) {
  const size_t entries = s->n * s->n;
  s->power[level] = gdi_allocate(s->env, entries, sizeof *s->power[level]);
  s->room[level] = gdi_allocate(s->env, entries, sizeof *s->room[level]);
  return s->power[level] && s->room[level] ? GD_OK : GD_ERR_MEMORY;
}

/* From power[0] on.  GD_NOT_CONVERGED if f never comes down to 1. */
static gd_status run(search *s) {
  double f;
  s->largest = 1;
  s->within[0] = s->slack;
  GD_TRY(look(s, s->power[0], 1, &f));
  for (size_t k = 0; f > 1 + (double)s->n * DBL_EPSILON; k++) {
    if (k + 1 == LEVELS || isinf(s->largest)) return GD_NOT_CONVERGED;
    GD_TRY(explore(s, k, s->power[k], f, ldexp(1, (int)k)));
    s->within[k + 1] = fmax(s->largest * s->slack, s->open);
    GD_TRY(allocate_level(s, k + 1));
    multiply(s, s->power[k], s->power[k], s->power[k + 1]);
    GD_TRY(look(s, s->power[k + 1], ldexp(1, (int)k + 1), &f));
  }
  return s->products == 0 ? GD_NOT_CONVERGED : GD_OK;
}

static void release(search *s) {
  for (size_t k = 0; k < LEVELS; k++) {
    gdi_release(s->env, s->room[k]);
    gdi_release(s->env, s->power[k]);
  }
  gdi_release(s->env, s->values);
  gdi_release(s->env, s->copy);
}

static gd_growth answer_of(const search *s, gd_status status) {
  const bool endless = status == GD_NOT_CONVERGED && s->products > 0;
  return (gd_growth){s->largest, endless ? INFINITY : fmax(s->largest * s->slack, s->open), s->at * s->unit, {0}};
}

/* ---- what the eigenvalues say ---- */

/* Largest real part, and largest modulus. */
static gd_status find_extremes(search *s, const double *A, double *abscissa, double *radius) {
  gdi_schur schur;
  gd_status status = gdi_schur_create(s->env, &schur, s->n);
  if (status == GD_OK) {
    memcpy(schur.T, A, s->n * s->n * sizeof *A);
    status = gdi_schur_factor(&schur, s->n, false);
  }
  *abscissa = -INFINITY;
  *radius = 0;
  for (size_t k = 0; k < s->n && status == GD_OK; k++) {
    *abscissa = fmax(*abscissa, schur.re[k]);
    *radius = fmax(*radius, hypot(schur.re[k], schur.im[k]));
  }
  gdi_schur_destroy(s->env, &schur);
  return status;
}

static gd_status find_numerical_abscissa(search *s, const double *A, double *abscissa) {
  for (size_t j = 0; j < s->n; j++)
    for (size_t i = j; i < s->n; i++) s->copy[i + j * s->n] = 0.5 * A[i + j * s->n] + 0.5 * A[j + i * s->n];
  GD_TRY(gdi_eigen_symmetric(s->env, s->n, s->copy, s->n, false, s->values));
  *abscissa = s->values[s->n - 1];
  return GD_OK;
}

/* Rounding of eigenvalues of A: what lies this close to the limit may lie on either side. */
static double rounding_of(const search *s, double norm) { return (double)s->n * DBL_EPSILON * norm; }

static const gd_growth endless = {INFINITY, INFINITY, INFINITY, {0}}, none = {1, 1, 0, {0}};

static gd_status grow_in_time(search *s, const double *A, double accuracy, gd_growth *growth) {
  double abscissa, radius, omega;
  GD_TRY(find_extremes(s, A, &abscissa, &radius));
  GD_TRY(find_numerical_abscissa(s, A, &omega));
  const double rounding = rounding_of(s, fmax(radius, fabs(omega)));
  *growth = omega <= rounding ? none : endless;
  if (omega <= rounding || abscissa > rounding) return GD_OK;
  s->slack = 1 + accuracy;
  s->unit = log1p(accuracy) / omega;
  GD_TRY(gdi_matrix_exponential(s->env, s->n, s->unit, A, s->power[0]));
  const gd_status status = run(s);
  *growth = answer_of(s, status);
  return status;
}

static gd_status grow_in_steps(search *s, const double *M, double accuracy, gd_growth *growth) {
  double abscissa, radius;
  (void)accuracy;
  GD_TRY(find_extremes(s, M, &abscissa, &radius));
  *growth = endless;
  if (radius > 1 + rounding_of(s, 1)) return GD_OK;
  s->slack = s->unit = 1;
  memcpy(s->power[0], M, s->n * s->n * sizeof *M);
  const gd_status status = run(s);
  *growth = answer_of(s, status);
  return status;
}

/* ---- doors ---- */

void gd_growth_options_init_sized(gd_growth_options *options, size_t size) {
  const gd_growth_options defaults = {
      .struct_size = sizeof defaults, .accuracy = 0.01, .max_products = 20000, .dense_limit = 2000};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

typedef gd_status grow(search *s, const double *A, double accuracy, gd_growth *growth);

static gd_status find(gd_operator *op, grow *in, const gd_growth_options *options, gd_growth *growth) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op);
  search s = {.env = env, .n = n, .products = options->max_products};
  double *A = gdi_allocate(env, gdi_times(n, n), sizeof *A);
  s.copy = gdi_allocate(env, gdi_times(n, n), sizeof *s.copy);
  s.values = gdi_allocate(env, n, sizeof *s.values);
  gd_growth found;
  gd_status status = A && s.copy && s.values ? allocate_level(&s, 0) : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_operator_assemble_finite(op, A);
  if (status == GD_OK) status = in(&s, A, options->accuracy, &found);
  if (status >= 0) *growth = found;
  release(&s);
  gdi_release(env, A);
  return status;
}

static gd_status check(const char *name, const gd_operator *op, const gd_growth_options *callers,
                       gd_growth_options *options, const gd_growth *growth) {
  GDI_REQUIRE(op && growth, "%s: %s is NULL", name, op ? "growth" : "op");
  GD_TRY(gdi_operator_check_whole(op, name));
  const size_t n = gd_operator_rows(op), columns = gd_operator_columns(op);
  GDI_REQUIRE(n == columns, "%s: the operator is %zu by %zu, expected a square one", name, n, columns);
  gd_growth_options_init(options);
  if (callers) GD_TRY(gdi_sized_read(options, sizeof *options, callers, sizeof *options, "gd_growth_options"));
  GDI_REQUIRE(options->accuracy > 0 && options->accuracy <= 1, "%s: accuracy is %g, expected 0 < accuracy <= 1", name,
              options->accuracy);
  GDI_REQUIRE(options->max_products > 0, "%s: max_products is 0, expected at least 1", name);
  if (n > options->dense_limit)
    return gdi_fail(GD_ERR_UNSUPPORTED, "%s: n = %zu is larger than dense_limit = %zu", name, n, options->dense_limit);
  return GD_OK;
}

gd_status gd_flow_growth(gd_operator *op, const gd_growth_options *options, gd_growth *growth) {
  gd_growth_options own;
  GD_TRY(check("gd_flow_growth", op, options, &own, growth));
  return find(op, grow_in_time, &own, growth);
}

gd_status gd_step_growth(gd_operator *op, const gd_growth_options *options, gd_growth *growth) {
  gd_growth_options own;
  GD_TRY(check("gd_step_growth", op, options, &own, growth));
  return find(op, grow_in_steps, &own, growth);
}
