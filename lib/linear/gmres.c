/* SPDX-License-Identifier: BSD-3-Clause */
/* gmres.c -- the generalised minimal residual method, restarted, preconditioned on the right.
 *
 *     A M V = [V v] H,   r = b - A x = |r| V e_1,   y minimises | |r| e_1 - H y |,   x <- x + M V y
 *
 * Saad & Schultz 1986.  Plane rotations make H triangular as it grows, and give the residual at each step.  At the end
 * of a cycle the residual is computed from x; only this residual ends the iteration.  A cycle that gains nothing ends
 * it as well, because the next one would be the same.
 *
 * Where A M is singular, the last columns of H can depend on those before them, to rounding (Brown & Walker 1997). Then
 * y is huge, and its rounding errors are larger than the predicted residual.  So a cycle uses the first k columns (k =
 * 0 included) for which the sum of the predicted residual and the rounding errors of y is least.  If the computed
 * residual of the new x is larger than before, the old x is restored. */
#include "linear/gmres.h"

#include "dense/algebra.h"
#include "kernels/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A cycle has stalled when it leaves more than this part of the residual. */
#define STALLED 0.999999
/* Rounding of products: the error of A M V y is this times sqrt n, |A M| and |y|. */
#define ROUNDING (4 * DBL_EPSILON)

gd_status gdi_gmres_create(const gdi_env *env, gdi_gmres *g, size_t n, size_t restart, bool preconditioned) {
  *g = (gdi_gmres){.n = n, .restart = restart < n ? restart : n};
  GD_TRY(gdi_basis_create(env, &g->basis, n, g->restart + 1));
  g->R = gdi_allocate(env, gdi_times(g->restart + 1, g->restart), sizeof *g->R);
  g->cosine = gdi_allocate(env, 5 * (g->restart + 1), sizeof *g->cosine);
  if (!g->R || !g->cosine) return GD_ERR_MEMORY;
  g->sine = g->cosine + g->restart + 1;
  g->target = g->sine + g->restart + 1;
  g->y = g->target + g->restart + 1;
  g->trial = g->y + g->restart + 1;
  if (!preconditioned) return GD_OK;
  g->spread = gdi_allocate(env, n, sizeof *g->spread);
  g->image = gdi_allocate(env, n, sizeof *g->image);
  return g->spread && g->image ? GD_OK : GD_ERR_MEMORY;
}

void gdi_gmres_destroy(const gdi_env *env, gdi_gmres *g) {
  gdi_release(env, g->image);
  gdi_release(env, g->spread);
  gdi_release(env, g->cosine);
  gdi_release(env, g->R);
  gdi_basis_destroy(env, &g->basis);
  *g = (gdi_gmres){0};
}

static bool is_zero(size_t n, const double *x) {
  for (size_t k = 0; k < n; k++)
    if (x[k] != 0) return false;
  return true;
}

gd_status gdi_residual(const gdi_system *system, const double *x, double *rest, gd_solve_result *result) {
  const size_t n = gd_operator_rows(system->op);
  double ignored;
  if (is_zero(n, x))
    memset(rest, 0, n * sizeof *rest);
  else {
    GD_TRY(gdi_finite_product(system->op, false, x, rest, &ignored));
    result->products++;
  }
  gdi_vector_move(n, -1, system->b, rest, rest);
  result->residual = gdi_vector_norm(n, rest);
  return GD_OK;
}

/* Vector j + 1 becomes A M v_j, orthogonalised; sets column j of H. */
static gd_status extend(gdi_gmres *g, const gdi_system *system, size_t j, gd_solve_result *result) {
  double *column = g->R + j * (g->restart + 1), norm;
  const double *u = gdi_basis_vector(&g->basis, j);
  if (system->preconditioner) {
    GD_TRY(gdi_finite_product(system->preconditioner, false, u, g->image, &norm));
    u = g->image;
  }
  GD_TRY(gdi_finite_product(system->op, false, u, gdi_basis_vector(&g->basis, j + 1), &norm));
  result->products++;
  result->iterations++;
  g->size = fmax(g->size, norm);
  column[j + 1] = gdi_basis_orthogonalise(&g->basis, j + 1, DBL_EPSILON * g->size, column);
  return GD_OK;
}

/* Turn column j of H into one of R, and the right-hand side with it. */
static void rotate(gdi_gmres *g, size_t j) {
  double *column = g->R + j * (g->restart + 1);
  for (size_t i = 0; i < j; i++) {
    const double upper = column[i], lower = column[i + 1];
    column[i] = g->cosine[i] * upper + g->sine[i] * lower;
    column[i + 1] = g->cosine[i] * lower - g->sine[i] * upper;
  }
  const double length = hypot(column[j], column[j + 1]);
  g->cosine[j] = length > 0 ? column[j] / length : 1;
  g->sine[j] = length > 0 ? column[j + 1] / length : 0;
  column[j] = length;
  g->target[j + 1] = -g->sine[j] * g->target[j];
  g->target[j] *= g->cosine[j];
}

/* trial = the y of the first k columns. */
static void solve_triangle(const gdi_gmres *g, size_t k) {
  memcpy(g->trial, g->target, k * sizeof *g->trial);
  for (size_t j = k; j-- > 0;) {
    const double *column = g->R + j * (g->restart + 1);
    g->trial[j] /= column[j];
    gdi_vector_axpy(j, -g->trial[j], column, g->trial);
  }
}

/* y for the number of columns with the smallest residual, including rounding; returns this number. */
static size_t choose_columns(const gdi_gmres *g, size_t columns) {
  const double rounding = ROUNDING * sqrt((double)g->n) * g->size;
  double promised = fabs(g->target[columns]), least = INFINITY;
  size_t chosen = columns;
  for (size_t k = columns; promised < least; promised = hypot(promised, g->target[--k])) {
    solve_triangle(g, k);
    const double found = hypot(promised, rounding * gdi_vector_norm(k, g->trial)); /* not finite: a pivot of 0 */
    if (found < least) {
      least = found;
      chosen = k;
      memcpy(g->y, g->trial, k * sizeof *g->y);
    }
    if (k == 0) break;
  }
  return chosen;
}

static gd_status update(gdi_gmres *g, const gdi_system *system, size_t columns, double *x) {
  const size_t n = g->n;
  double norm;
  if (columns == 0) return GD_OK;
  if (!system->preconditioner) {
    gdi_matrix_vector_add(n, columns, 1, g->basis.vectors, n, g->y, x);
    return GD_OK;
  }
  gdi_matrix_vector(false, n, columns, 1, g->basis.vectors, n, g->y, g->spread);
  GD_TRY(gdi_finite_product(system->preconditioner, false, g->spread, g->image, &norm));
  gdi_vector_axpy(n, 1, g->image, x);
  return GD_OK;
}

/* Compute columns of H from the residual in vector 0; one product is reserved for the final residual. */
static gd_status expand(gdi_gmres *g, const gdi_system *system, gd_solve_result *result, size_t *columns) {
  double *first = gdi_basis_vector(&g->basis, 0);
  memset(g->target, 0, (g->restart + 1) * sizeof *g->target);
  g->target[0] = result->residual;
  for (size_t i = 0; i < g->n; i++) first[i] /= result->residual;
  bool whole = false; /* A M maps the space into itself */
  size_t j = 0;
  while (j < g->restart && result->products + 1 < system->max_products && !whole && fabs(g->target[j]) > system->goal) {
    GD_TRY(extend(g, system, j, result));
    whole = g->R[j + 1 + j * (g->restart + 1)] == 0;
    rotate(g, j++);
  }
  *columns = j;
  return GD_OK;
}

/* From the residual in vector 0 to an x that is not worse, with its residual.  The old x is kept in the last vector,
 * which no update uses. */
static gd_status cycle(gdi_gmres *g, const gdi_system *system, double *x, gd_solve_result *result) {
  double *kept = gdi_basis_vector(&g->basis, g->restart);
  const double before = result->residual;
  size_t columns = 0;
  GD_TRY(expand(g, system, result, &columns));
  columns = choose_columns(g, columns);
  memcpy(kept, x, g->n * sizeof *x);
  gd_status status = update(g, system, columns, x);
  if (status >= 0) status = gdi_residual(system, x, gdi_basis_vector(&g->basis, 0), result);
  if (status >= 0 && result->residual <= before) return status;
  memcpy(x, kept, g->n * sizeof *x);
  result->residual = before;
  return status;
}

gd_status gdi_gmres_run(gdi_gmres *g, const gdi_system *system, double *x, gd_solve_result *result) {
  double *rest = gdi_basis_vector(&g->basis, 0);
  *result = (gd_solve_result){.stop = GD_SOLVE_CONVERGED};
  g->size = 0;
  GD_TRY(gdi_residual(system, x, rest, result));
  while (result->residual > system->goal) {
    const double before = result->residual;
    if (result->stop == GD_SOLVE_STALLED) return GD_NOT_CONVERGED;
    if (result->products + 1 >= system->max_products) {
      result->stop = GD_SOLVE_PRODUCTS_SPENT;
      return GD_NOT_CONVERGED;
    }
    GD_TRY(cycle(g, system, x, result));
    if (result->residual > STALLED * before && result->products + 1 < system->max_products)
      result->stop = GD_SOLVE_STALLED;
  }
  result->stop = GD_SOLVE_CONVERGED;
  return GD_OK;
}
