/* SPDX-License-Identifier: BSD-3-Clause */
/* solve.c -- the public linear solvers: reads options and checks arguments; the caller's x is changed only at the
 * end. */
#include "linear/solve.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "kernels/vector.h"
#include "linear/operator.h"

#include <math.h>
#include <string.h>

void gd_solve_options_init_sized(gd_solve_options *options, size_t size) {
  const gd_solve_options defaults = {
      .struct_size = sizeof defaults, .tolerance = 1e-10, .max_products = 10000, .restart = 50};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

static gd_status check_options(const char *name, const gd_operator *op, const gd_solve_options *options) {
  GDI_REQUIRE(options->tolerance >= 0 && options->tolerance < 1,
              "gd_solve_options: tolerance is %g, expected 0 <= tolerance < 1", options->tolerance);
  GDI_REQUIRE(options->max_products > 0, "gd_solve_options: max_products is 0, expected at least 1");
  GDI_REQUIRE(options->restart > 0, "gd_solve_options: restart is 0, expected at least 1");
  const gd_operator *preconditioner = options->preconditioner;
  GD_TRY(gdi_operator_check_whole(preconditioner, name));
  const size_t n = gd_operator_rows(op);
  GDI_REQUIRE(!preconditioner || (gd_operator_rows(preconditioner) == n && gd_operator_columns(preconditioner) == n),
              "gd_solve_options: the preconditioner is %zu by %zu, expected %zu by %zu",
              gd_operator_rows(preconditioner), gd_operator_columns(preconditioner), n, n);
  return GD_OK;
}

static gd_status check_vector(size_t n, const double *vector, const char *name) {
  const size_t k = gdi_vector_first_nonfinite(n, vector);
  if (k == n) return GD_OK;
  return gdi_fail(GD_ERR_NONFINITE, "entry %zu of %s is %g", k, name, vector[k]);
}

static gd_status run_gmres(const gdi_env *env, const gd_solve_options *options, const gdi_system *system, double *x,
                           gd_solve_result *result) {
  gdi_gmres gmres;
  gd_status status =
      gdi_gmres_create(env, &gmres, gd_operator_rows(system->op), options->restart, system->preconditioner != NULL);
  if (status == GD_OK) status = gdi_gmres_run(&gmres, system, x, result);
  gdi_gmres_destroy(env, &gmres);
  return status;
}

static gd_status run_conjugate_gradient(const gdi_env *env, const gd_solve_options *options, const gdi_system *system,
                                        double *x, gd_solve_result *result) {
  (void)options;
  return gdi_conjugate_gradient_run(env, system, x, result);
}

typedef gd_status solver(const gdi_env *env, const gd_solve_options *options, const gdi_system *system, double *x,
                         gd_solve_result *result);

/* Run the solver on a copy of x, which is copied back unless it failed. */
static gd_status solve(solver *run, gd_operator *op, const double *b, double *x, const gd_solve_options *options,
                       gd_solve_result *result) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op);
  const gdi_system system = {op, options->preconditioner, b, options->tolerance * gdi_vector_norm(n, b),
                             options->max_products};
  double *own = gdi_allocate(env, n, sizeof *own);
  if (!own) return GD_ERR_MEMORY;
  if (gdi_vector_norm(n, b) > 0) memcpy(own, x, n * sizeof *own); /* else 0 solves it */
  gd_solve_result found;
  const gd_status status = run(env, options, &system, own, &found);
  if (status >= 0) {
    memcpy(x, own, n * sizeof *x);
    if (result) *result = found;
  }
  gdi_release(env, own);
  return status;
}

/* The checks of arguments of both solvers. */
static gd_status check(const char *name, const gd_operator *op, const double *b, const double *x,
                       const gd_solve_options *options, gd_solve_options *own) {
  GDI_REQUIRE(op && b && x, "%s: %s is NULL", name, op ? b ? "x" : "b" : "op");
  GD_TRY(gdi_operator_check_whole(op, name));
  GDI_REQUIRE(gd_operator_rows(op) == gd_operator_columns(op), "%s: the operator is %zu by %zu, expected a square one",
              name, gd_operator_rows(op), gd_operator_columns(op));
  gd_solve_options_init(own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_solve_options, own, options));
  GD_TRY(check_options(name, op, own));
  GD_TRY(check_vector(gd_operator_rows(op), b, "b"));
  return check_vector(gd_operator_rows(op), x, "x");
}

gd_status gd_gmres_solve(gd_operator *op, const double *b, double *x, const gd_solve_options *options,
                         gd_solve_result *result) {
  gd_solve_options own;
  GD_TRY(check("gd_gmres_solve", op, b, x, options, &own));
  return solve(run_gmres, op, b, x, &own, result);
}

gd_status gd_conjugate_gradient_solve(gd_operator *op, const double *b, double *x, const gd_solve_options *options,
                                      gd_solve_result *result) {
  gd_solve_options own;
  GD_TRY(check("gd_conjugate_gradient_solve", op, b, x, options, &own));
  return solve(run_conjugate_gradient, op, b, x, &own, result);
}
