/* SPDX-License-Identifier: BSD-3-Clause */
/* conjugate_gradient.c -- the method of conjugate gradients, preconditioned.
 *
 *     z = M r,  p <- z + (<r, z> / <r, z of before>) p,  a = <r, z> / <p, A p>,  x <- x + a p,  r <- r - a A p
 *
 * Hestenes & Stiefel 1952.  When the recursive r is small enough, the residual is computed from x.  If that is too
 * large, the iteration restarts from it, until a restart gains nothing.
 *
 * The error in the norm of A falls at each step, but the residual need not.  This holds only if A is positive definite:
 * if <p, A p> is not positive, or the iteration stalls, x is reset to the last start unless the new residual is
 * smaller.  <p, A p> is positive if it is more than the rounding of a product, n eps |A| |p|^2. */
#include "kernels/vector.h"
#include "linear/gmres.h"
#include "linear/operator.h"
#include "linear/solve.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The iteration has stalled if a restart leaves more than this part of the residual. */
#define STALLED 0.999999

typedef struct conjugate {
  const gdi_system *system;
  size_t n;
  double *rest, *scaled, *direction, *image; /* r, M r (r itself without M), p, A p; [n] */
  double *start;                             /* x of the last start [n] */
  double size;                               /* the largest |A p| / |p| so far */
  gd_solve_result *result;
} conjugate;

/* z = M r and <r, z> */
static gd_status scale(conjugate *c, double *size) {
  double norm;
  if (c->system->preconditioner)
    GD_TRY(gdi_finite_product(c->system->preconditioner, false, c->rest, c->scaled, &norm));
  *size = gdi_vector_dot(c->n, c->rest, c->scaled);
  return GD_OK;
}

/* A p, and *curvature = <p, A p>; 0 where rounding hides it. */
static gd_status bend(conjugate *c, double *curvature) {
  double norm;
  GD_TRY(gdi_finite_product(c->system->op, false, c->direction, c->image, &norm));
  c->result->products++;
  const double length = gdi_vector_norm(c->n, c->direction);
  if (length > 0) c->size = fmax(c->size, norm / length);
  *curvature = gdi_vector_dot(c->n, c->direction, c->image);
  if (fabs(*curvature) <= (double)c->n * DBL_EPSILON * c->size * length * length) *curvature = 0;
  return GD_OK;
}

/* One step; the new <r, z>. */
static gd_status advance(conjugate *c, double *x, double *size) {
  double curvature, next;
  GD_TRY(bend(c, &curvature));
  if (!(curvature > 0) || !(*size > 0)) {
    c->result->stop = GD_SOLVE_INDEFINITE;
    return GD_OK;
  }
  c->result->iterations++;
  gdi_vector_axpy(c->n, *size / curvature, c->direction, x);
  gdi_vector_axpy(c->n, -*size / curvature, c->image, c->rest);
  GD_TRY(scale(c, &next));
  gdi_vector_move(c->n, next / *size, c->scaled, c->direction, c->direction);
  *size = next;
  return GD_OK;
}

/* Iterate from the residual of x until the recursive r reaches the goal. */
static gd_status descend(conjugate *c, double *x) {
  const double least = fmax(c->system->goal, DBL_EPSILON * c->result->residual); /* below, r means nothing */
  double size;
  GD_TRY(scale(c, &size));
  memcpy(c->direction, c->scaled, c->n * sizeof *c->direction);
  while (c->result->stop == GD_SOLVE_CONVERGED && c->result->products + 1 < c->system->max_products &&
         gdi_vector_norm(c->n, c->rest) > least)
    GD_TRY(advance(c, x, &size));
  return GD_OK;
}

/* One restart: from x to a new x and its residual; see above for when x is reset. */
static gd_status start(conjugate *c, double *x) {
  gd_solve_result *result = c->result;
  const double before = result->residual;
  memcpy(c->start, x, c->n * sizeof *x);
  GD_TRY(descend(c, x));
  GD_TRY(gdi_residual(c->system, x, c->rest, result));
  if (result->stop == GD_SOLVE_CONVERGED && result->products + 1 < c->system->max_products &&
      result->residual > STALLED * before)
    result->stop = GD_SOLVE_STALLED;
  if (result->stop == GD_SOLVE_CONVERGED || result->residual <= before) return GD_OK;
  memcpy(x, c->start, c->n * sizeof *x);
  result->residual = before;
  return GD_OK;
}

static gd_status run(conjugate *c, double *x) {
  gd_solve_result *result = c->result;
  GD_TRY(gdi_residual(c->system, x, c->rest, result));
  while (result->residual > c->system->goal) {
    if (result->stop == GD_SOLVE_CONVERGED && result->products + 1 >= c->system->max_products)
      result->stop = GD_SOLVE_PRODUCTS_SPENT;
    if (result->stop != GD_SOLVE_CONVERGED) return GD_NOT_CONVERGED;
    GD_TRY(start(c, x));
  }
  result->stop = GD_SOLVE_CONVERGED;
  return GD_OK;
}

gd_status gdi_conjugate_gradient_run(const gdi_env *env, const gdi_system *system, double *x, gd_solve_result *result) {
  const size_t n = gd_operator_rows(system->op), vectors = system->preconditioner ? 5 : 4;
  double *room = gdi_allocate(env, gdi_times(vectors, n), sizeof *room);
  if (!room) return GD_ERR_MEMORY;
  *result = (gd_solve_result){.stop = GD_SOLVE_CONVERGED};
  conjugate c = {.system = system, .n = n, .rest = room, .scaled = room, .result = result};
  c.direction = room + n;
  c.image = room + 2 * n;
  c.start = room + 3 * n;
  if (system->preconditioner) c.scaled = room + 4 * n;
  const gd_status status = run(&c, x);
  gdi_release(env, room);
  return status;
}
