/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Solve: linear systems A x = b and stationary points v(x) = 0, by products alone.  Every solver starts from the given
 * x, writes its best x there, and reports why it stopped.  Started at the solution, it takes no iteration. */
#ifndef GAMEDYN_SOLVE_H
#define GAMEDYN_SOLVE_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/operator.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Why a linear solver stopped. */
typedef enum gd_solve_stop {
  GD_SOLVE_CONVERGED = 0,      /**< |b - A x| <= tolerance |b| */
  GD_SOLVE_PRODUCTS_SPENT = 1, /**< max_products was reached */
  GD_SOLVE_STALLED = 2,        /**< the residual no longer falls: A is singular, or rounding is reached */
  GD_SOLVE_INDEFINITE = 3 /**< in conjugate gradients <p, A p> <= 0 to rounding, or the same for the preconditioner */
} gd_solve_stop;

typedef struct gd_solve_options {
  size_t struct_size;
  double tolerance;            /**< wanted |b - A x| / |b|; default 1e-10 */
  uint64_t max_products;       /**< most products with A; default 10000 */
  size_t restart;              /**< restart length of GMRES: vectors kept before a restart; default 50 */
  gd_operator *preconditioner; /**< an approximate inverse of A; borrowed; default NULL: none */
} gd_solve_options;

/** Fill in the defaults; use the macro gd_solve_options_init(&options). */
GD_API void gd_solve_options_init_sized(gd_solve_options *options, size_t size);
#define gd_solve_options_init(o) gd_solve_options_init_sized((o), sizeof *(o))

typedef struct gd_solve_result {
  gd_solve_stop stop;
  uint64_t iterations; /**< steps of the method */
  uint64_t products;   /**< products with A: one per iteration and one per residual computed */
  double residual;     /**< |b - A x|, computed from x */
  uint64_t reserved[8];
} gd_solve_result;

/** Solve A x = b, A square, by the restarted generalised minimal residual method with right preconditioning (Saad &
 * Schultz 1986).  The residual never grows, for any A.  If A is singular and b is not in its range, the iteration ends
 * as GD_SOLVE_STALLED, with the smallest residual that products of b and A reach to rounding.
 * Memory: restart + 3 vectors of length n, two more with a preconditioner.
 * @param b [n].  @param x [n], the start; set to the best solution found.
 * @param options NULL: defaults.  @param result may be NULL.
 * @return GD_NOT_CONVERGED for any stop but GD_SOLVE_CONVERGED; GD_ERR_NONFINITE; errors of products. */
GD_API gd_status gd_gmres_solve(gd_operator *op, const double *b, double *x, const gd_solve_options *options,
                                gd_solve_result *result);

/** Solve A x = b, A symmetric and positive definite, by conjugate gradients (Hestenes & Stiefel 1952).  A
 * preconditioner must be symmetric and positive definite, too.  The error in the norm of A falls at each step.  The
 * residual may rise on the way; if max_products is reached before it falls again, it may be larger than at the start.
 * If A is not positive definite to rounding, or the iteration stalls, the residual is not larger than at the start.
 * Arguments and statuses are those of gd_gmres_solve(); `restart` is ignored.
 * Memory: 5 vectors of length n, one more with a preconditioner. */
GD_API gd_status gd_conjugate_gradient_solve(gd_operator *op, const double *b, double *x,
                                             const gd_solve_options *options, gd_solve_result *result);

/** Why Newton's method stopped. */
typedef enum gd_newton_stop {
  GD_NEWTON_CONVERGED = 0,      /**< |v| <= tolerance at x, but not ahead of x: x is stationary */
  GD_NEWTON_ITERATIONS = 1,     /**< max_iterations was reached */
  GD_NEWTON_PRODUCTS_SPENT = 2, /**< max_products was reached */
  GD_NEWTON_ROUNDING = 3,       /**< the step is lost in the rounding of x: |v| cannot be made smaller */
  /** No part of the step makes |v| smaller, or GMRES finds no step.  x is a minimum of |v| with v not 0, or J is
   * singular or wrong. */
  GD_NEWTON_LINE_SEARCH = 4,
  /** 0 < |v| <= tolerance at x and also ahead of x, as GD_STOP_SMALL_FIELD of runs: the field is small, and x need not
   * be close to a zero of it.  Scale the utilities, or choose a smaller tolerance. */
  GD_NEWTON_SMALL_FIELD = 5
} gd_newton_stop;

typedef struct gd_newton_options {
  size_t struct_size;
  /** Wanted |v|, in the units of v: choose it by the size of the field; default 1e-12.  When it is reached, the field
   * is evaluated ahead of x, as described for `gradient_tolerance` of gd_run_options. */
  double tolerance;
  uint64_t max_iterations;     /**< most Newton steps; default 100 */
  uint64_t max_products;       /**< most products with J, over all iterations; default 100000 */
  size_t restart;              /**< restart length of the inner GMRES; default 50 */
  gd_operator *preconditioner; /**< preconditioner of the inner GMRES; borrowed; default NULL: none */
} gd_newton_options;

/** Fill in the defaults; use the macro gd_newton_options_init(&options). */
GD_API void gd_newton_options_init_sized(gd_newton_options *options, size_t size);
#define gd_newton_options_init(o) gd_newton_options_init_sized((o), sizeof *(o))

typedef struct gd_newton_result {
  gd_newton_stop stop;
  uint64_t iterations; /**< Newton steps taken */
  uint64_t gradients, products;
  double gradient_norm; /**< |v| at the x returned */
  uint64_t reserved[8];
} gd_newton_result;

/** Find a stationary point, v(x) = 0, by Newton's method.  J s = -v is solved by GMRES, with a tolerance that follows
 * the progress of |v| (Eisenstat & Walker 1996, choice 2).  x moves by the longest of s, s/2, s/4, ... that reduces |v|
 * by a fraction of the predicted reduction.  The function also refines a point to the last digits.
 * The draw does not change.  On the way x may leave the game's feasible set, but the result never lies outside.  A
 * solution on the edge of the set is found by steps, not by this function.
 * Memory: restart + 7 vectors of length n.
 * @param x [n], the start; set to the point with the smallest |v| found.
 * @param options NULL: defaults.  @param result may be NULL.
 * @return GD_NOT_CONVERGED for any stop but GD_NEWTON_CONVERGED; for GD_NEWTON_SMALL_FIELD gd_last_error() explains it.
 * GD_ERR_UNSUPPORTED for a partitioned game.  GD_ERR_DOMAIN if the end lies outside the feasible set.  Errors of v and
 * J u at the start. */
GD_API gd_status gd_newton_solve(gd_game *game, double *x, const gd_newton_options *options, gd_newton_result *result);

#ifdef __cplusplus
}
#endif
#endif
