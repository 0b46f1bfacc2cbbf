/* SPDX-License-Identifier: BSD-3-Clause */
/* growth.c -- transient growth of flows and of steps: reads options, checks arguments, assembles the matrix. */
#include "base/error.h"
#include "base/first_sizes.h"
#include "linear/growth_search.h"
#include "linear/operator.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- steps ---- */

/* In the Schur form, T^k, where eigenvalues stay apart from the shear. */
static gd_status run_powers(gdi_growth_search *s, const gdi_growth_schur *form, double accuracy, gd_growth *growth) {
  s->slack = s->unit = 1;
  GD_TRY(gdi_growth_level(s, 0));
  memcpy(s->power[0], form->schur.T, s->n * s->n * sizeof(double));
  const gd_status status = gdi_growth_run(s, growth);
  if (status < 0) return status;
  const gd_status checked = gdi_growth_check_rounding(form, accuracy, growth->at, growth);
  return checked == GD_OK ? status : checked;
}

static gd_status run_steps(gdi_growth_search *s, const double *M, const gdi_growth_schur *form, double accuracy,
                           gd_growth *growth) {
  bool certain = false, possible = false;
  for (size_t k = 0; k < s->n; k++) {
    const double excess = hypot(form->schur.re[k], form->schur.im[k]) - 1;
    certain = certain || excess > form->doubts[k];
    possible = possible || excess > (double)s->n * DBL_EPSILON;
  }
  *growth = certain ? gdi_growth_endless : gdi_growth_unknown;
  if (certain || possible) return certain ? GD_OK : GD_NOT_CONVERGED;
  const size_t points = gdi_operator_points(s->op);
  if (points > 0 && points < s->n) return gdi_growth_of_distances(s, M, accuracy, growth);
  return run_powers(s, form, accuracy, growth);
}

/* Steps are counted exactly; the accuracy is what rounding may take. */
static gd_status grow_in_steps(gdi_growth_search *s, const double *M, double accuracy, gd_growth *growth) {
  gdi_growth_schur form;
  gd_status status = gdi_growth_factor(s, M, &form);
  if (status == GD_OK) status = run_steps(s, M, &form, accuracy, growth);
  gdi_growth_schur_destroy(s->env, &form);
  return status;
}

/* ---- public functions ---- */

void gd_growth_options_init_sized(gd_growth_options *options, size_t size) {
  const gd_growth_options defaults = {
      .struct_size = sizeof defaults, .accuracy = 0.01, .max_products = 20000, .dense_limit = 2000};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

typedef gd_status grow(gdi_growth_search *s, const double *A, double accuracy, gd_growth *growth);

static gd_status find(gd_operator *op, grow *in, const gd_growth_options *options, gd_growth *growth) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op);
  gdi_growth_search s = {.env = env, .op = op, .n = n, .products = options->max_products};
  double *A = gdi_allocate(env, gdi_times(n, n), sizeof *A);
  s.copy = gdi_allocate(env, gdi_times(n, n), sizeof *s.copy);
  s.values = gdi_allocate(env, n, sizeof *s.values);
  gd_growth found;
  gd_status status = A && s.copy && s.values ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_operator_assemble_finite(op, A);
  if (status == GD_OK) status = in(&s, A, options->accuracy, &found);
  if (status >= 0) *growth = found;
  gdi_growth_release(&s);
  gdi_release(env, s.values);
  gdi_release(env, s.copy);
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
  if (callers) GD_TRY(GDI_SIZED_READ(gd_growth_options, options, callers));
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
  return find(op, gdi_growth_of_flow, &own, growth);
}

gd_status gd_step_growth(gd_operator *op, const gd_growth_options *options, gd_growth *growth) {
  gd_growth_options own;
  GD_TRY(check("gd_step_growth", op, options, &own, growth));
  return find(op, grow_in_steps, &own, growth);
}
