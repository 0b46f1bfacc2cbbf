/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Solve: linear systems A x = b and stationary points v(x) = 0, asked of products only.  Every solver starts from the x
 * it is given, leaves its best x there, and says why it stopped; started at the solution, it takes no iteration. */
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
  GD_SOLVE_PRODUCTS_SPENT = 1, /**< max_products */
  GD_SOLVE_STALLED = 2,        /**< the residual no longer falls: A is singular, or rounding is reached */
  GD_SOLVE_INDEFINITE = 3 /**< conjugate gradients met p with <p, A p> <= 0, to rounding, or the preconditioner did */
} gd_solve_stop;

typedef struct gd_solve_options {
  size_t struct_size;
  double tolerance;            /**< goal for |b - A x| / |b|; default 1e-10 */
  uint64_t max_products;       /**< of A; default 10000 */
  size_t restart;              /**< vectors GMRES keeps before it starts again; default 50 */
  gd_operator *preconditioner; /**< its products are those of an approximate inverse; borrowed; default NULL: none */
} gd_solve_options;

/** Fill in the defaults; use the macro gd_solve_options_init(&options). */
GD_API void gd_solve_options_init_sized(gd_solve_options *options, size_t size);
#define gd_solve_options_init(o) gd_solve_options_init_sized((o), sizeof *(o))

typedef struct gd_solve_result {
  gd_solve_stop stop;
  uint64_t iterations; /**< steps of the method */
  uint64_t products;   /**< of A: one per iteration and one per residual computed */
  double residual;     /**< |b - A x|, computed from x */
  uint64_t reserved[8];
} gd_solve_result;

/** Solve A x = b, A square, by the generalised minimal residual method, restarted, preconditioned on the right
 * (Saad & Schultz 1986).  The residual never grows, whatever A is: where A is singular and b not in its range, the
 * iteration ends as GD_SOLVE_STALLED, with the smallest residual that products of b and A reach to rounding.  Memory:
 * restart + 3 vectors of length n, two more with a preconditioner.
 * @param b [n].  @param x [n], the start; becomes the best solution found.
 * @param options NULL: defaults.  @param result may be NULL.
 * @return GD_NOT_CONVERGED for any stop but GD_SOLVE_CONVERGED; GD_ERR_NONFINITE; what products return. */
GD_API gd_status gd_gmres_solve(gd_operator *op, const double *b, double *x, const gd_solve_options *options,
                                gd_solve_result *result);

/** Solve A x = b, A symmetric and positive definite, by conjugate gradients (Hestenes & Stiefel 1952); a preconditioner
 * is to be symmetric and positive definite too.  The error falls in the norm of A at each step; the residual may rise
 * on the way, and where the products are spent before it falls again, it is left higher than at the start.  Where A is
 * not positive definite to rounding, or the iteration stalls, the residual is not larger than at the start.  Arguments
 * and statuses as gd_gmres_solve(); `restart` means nothing here.  Memory: 5 vectors of length n, one more with a
 * preconditioner. */
GD_API gd_status gd_conjugate_gradient_solve(gd_operator *op, const double *b, double *x,
                                             const gd_solve_options *options, gd_solve_result *result);

/** Why Newton's method stopped. */
typedef enum gd_newton_stop {
  GD_NEWTON_CONVERGED = 0,      /**< |v| <= tolerance at x, but not ahead */
  GD_NEWTON_ITERATIONS = 1,     /**< max_iterations */
  GD_NEWTON_PRODUCTS_SPENT = 2, /**< max_products */
  GD_NEWTON_ROUNDING = 3,       /**< the step is lost in the rounding of x: |v| is as small as it can be made */
  /** No part of the step makes |v| smaller, or GMRES finds no step: a minimum of |v| that is no zero, or J is singular
   * or wrong. */
  GD_NEWTON_LINE_SEARCH = 4,
  /** 0 < |v| <= tolerance at x, and so it is ahead, as GD_STOP_SMALL_FIELD of runs: the field is small, and x need not
   * be close to a zero of it.  Scale the utilities, or choose a smaller tolerance. */
  GD_NEWTON_SMALL_FIELD = 5
} gd_newton_stop;

typedef struct gd_newton_options {
  size_t struct_size;
  /** goal for |v|, in its units: choose it by the size of the field; default 1e-12.  Once it is reached, the field is
   * looked at ahead, as `gradient_tolerance` of gd_run_options says. */
  double tolerance;
  uint64_t max_iterations;     /**< default 100 */
  uint64_t max_products;       /**< of J, over all iterations; default 100000 */
  size_t restart;              /**< of the inner GMRES; default 50 */
  gd_operator *preconditioner; /**< of the inner GMRES; borrowed; default NULL: none */
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

/** Find a stationary point, v(x) = 0, by Newton's method: J s = -v is solved by GMRES as closely as the progress of |v|
 * deserves (Eisenstat & Walker 1996, choice 2), and x moves by the longest of s, s/2, s/4, ... that makes |v| smaller
 * by a part of what was promised.  Also the way to refine a point to the last digits.  The draw is held.  On the way x
 * may leave the game's feasible set, but a point outside is never the answer: a solution on the edge of a set is found
 * by steps, not by this function.  Memory: restart + 7 vectors of length n.
 * @param x [n], the start; becomes the point with the smallest |v| found.
 * @param options NULL: defaults.  @param result may be NULL.
 * @return GD_NOT_CONVERGED for any stop but GD_NEWTON_CONVERGED, GD_NEWTON_SMALL_FIELD with words in gd_last_error();
 * GD_ERR_UNSUPPORTED for a game whose x is spread over
 * processes; GD_ERR_DOMAIN if it ends outside the feasible set; what evaluating v and J u returns at the start. */
GD_API gd_status gd_newton_solve(gd_game *game, double *x, const gd_newton_options *options, gd_newton_result *result);

#ifdef __cplusplus
}
#endif
#endif
