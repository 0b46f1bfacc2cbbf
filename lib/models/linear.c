/* SPDX-License-Identifier: BSD-3-Clause */
/* linear.c -- v(x) = J x + b term by term.
 *
 * A term M at (row, column) with factors f and g stands for f M there and g M' at (column, row):
 *
 *     J u:   (rows) += f M u(columns),   (columns) += g M' u(rows)
 *     J' w:  (rows) += g M w(columns),   (columns) += f M' w(rows)
 *
 * so that the transposed product is the same sweep with the factors exchanged. */
#include "models/linear.h"

#include "base/error.h"
#include "dense/algebra.h"
#include "game/forward_status.h"
#include "kernels/vector.h"

#include <string.h>

gd_status gdi_linear_create(gdi_linear **linear, size_t n_players, const size_t *block_sizes, const gd_env *env) {
  gd_status status;
  gdi_linear *l = gdi_create(env, sizeof *l, offsetof(gdi_linear, env), &status);
  if (!l) return status;
  l->n_players = n_players;
  l->starts = gdi_allocate(&l->env, n_players + 1, sizeof *l->starts);
  if (!l->starts) {
    gdi_linear_destroy(l);
    return GD_ERR_MEMORY;
  }
  for (size_t i = 0; i < n_players; i++) l->starts[i + 1] = l->starts[i] + block_sizes[i];
  l->n = l->starts[n_players];
  *linear = l;
  return GD_OK;
}

void gdi_linear_destroy(void *linear) {
  gdi_linear *l = linear;
  if (!l) return;
  for (size_t k = 0; k < l->n_terms; k++) gdi_gemv_pair_destroy(l->terms[k].sweep);
  gdi_release(&l->env, l->b);
  gdi_release(&l->env, l->starts);
  gdi_destroy(l, offsetof(gdi_linear, env));
}

gd_status gdi_linear_add(gdi_linear *l, const gdi_linear_place *place, const double *M, size_t ldm) {
  gdi_linear_term *term = &l->terms[l->n_terms];
  GD_TRY(gdi_gemv_pair_create(&term->sweep, &l->env, place->rows, place->columns, M, ldm));
  term->place = *place;
  l->n_terms++;
  return GD_OK;
}

gd_status gdi_linear_finish(gd_game **game, gdi_linear *l, const size_t *block_sizes, const gd_game_ops *ops,
                            uint32_t traits) {
  const gd_game_spec spec = {sizeof spec, ops, l, l->n_players, block_sizes, traits, &l->env.env};
  return gd_game_create(game, &spec);
}

/* out += J u, or J' u if transposed */
static gd_status apply(const gdi_linear *l, bool transposed, const double *u, double *out) {
  for (size_t k = 0; k < l->n_terms; k++) {
    const gdi_linear_place *at = &l->terms[k].place;
    const double forward = transposed ? at->backward : at->forward;
    const double backward = transposed ? at->forward : at->backward;
    const gdi_gemv_pair_vectors v = {forward,  forward != 0 ? u + at->column : NULL, out + at->row,
                                     backward, backward != 0 ? u + at->row : NULL,   out + at->column};
    GD_TRY(gdi_gemv_pair_run(l->terms[k].sweep, &v));
  }
  return GD_OK;
}

/* Where a sum starts: at some of b, or at zero. */
static void start(const gdi_linear *l, size_t first, size_t count, double *out) {
  if (l->b)
    memcpy(out, l->b + first, count * sizeof *out);
  else
    memset(out, 0, count * sizeof *out);
}

int gdi_linear_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  const gdi_linear *l = data;
  start(l, 0, l->n, v);
  return gdi_forward_status(apply(l, false, x, v));
}

int gdi_linear_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)draw, (void)x;
  const gdi_linear *l = data;
  memset(Ju, 0, l->n * sizeof *Ju);
  return gdi_forward_status(apply(l, false, u, Ju));
}

int gdi_linear_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  (void)draw, (void)x;
  const gdi_linear *l = data;
  memset(Jtw, 0, l->n * sizeof *Jtw);
  return gdi_forward_status(apply(l, true, w, Jtw));
}

/* The rows of f M that are the player's, or g M' if that is the player's. */
static gd_status apply_block(const gdi_linear_term *term, size_t first, size_t size, const double *x, double *v_i) {
  const gdi_linear_place *at = &term->place;
  gdi_gemv_pair_window window = {0, at->rows, 0, at->columns};
  if (at->forward != 0 && at->row <= first && first < at->row + at->rows) {
    window.row = first - at->row;
    window.rows = size;
    return gdi_gemv_pair_run_window(term->sweep, window,
                                    &(gdi_gemv_pair_vectors){.forward = at->forward, .w = x + at->column, .y = v_i});
  }
  if (at->backward != 0 && at->column == first)
    return gdi_gemv_pair_run_window(term->sweep, window,
                                    &(gdi_gemv_pair_vectors){.backward = at->backward, .t = x + at->row, .z = v_i});
  return GD_OK;
}

int gdi_linear_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  (void)draw;
  const gdi_linear *l = data;
  const size_t first = l->starts[player], size = l->starts[player + 1] - first;
  start(l, first, size, v_i);
  gd_status status = GD_OK;
  for (size_t k = 0; k < l->n_terms && status == GD_OK; k++) status = apply_block(&l->terms[k], first, size, x, v_i);
  return gdi_forward_status(status);
}

static void add_matrix(const gdi_linear_term *term, double *J, size_t ldj) {
  const gdi_linear_place *at = &term->place;
  if (at->forward != 0) gdi_gemv_pair_copy(term->sweep, false, at->forward, J + at->row + at->column * ldj, ldj);
  if (at->backward != 0) gdi_gemv_pair_copy(term->sweep, true, at->backward, J + at->column + at->row * ldj, ldj);
}

int gdi_linear_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  (void)draw, (void)x;
  const gdi_linear *l = data;
  for (size_t j = 0; j < l->n; j++) memset(J + j * ldj, 0, l->n * sizeof *J);
  for (size_t k = 0; k < l->n_terms; k++) add_matrix(&l->terms[k], J, ldj);
  return 0;
}

/* Whether |J x + b| is small beside |J| |x| + |b|, in norms that bound the rounding of a solution. */
static gd_status look_at(const gdi_linear *l, const double *J, const double *x, double *residual, bool *solves) {
  start(l, 0, l->n, residual);
  const double scale = gdi_vector_norm(l->n * l->n, J) * gdi_vector_norm(l->n, x) + gdi_vector_norm(l->n, residual);
  GD_TRY(apply(l, false, x, residual));
  *solves = gdi_vector_norm(l->n, residual) <= 1e-10 * scale;
  return GD_OK;
}

/* The x of least norm among those of least |J x + b|: x = -V S^+ U' b; J is overwritten. */
static gd_status solve_by_singular_values(const gdi_linear *l, double *J, double *x) {
  const size_t n = l->n;
  double *U = gdi_allocate(&l->env, gdi_times(n, n), sizeof *U),
         *Vt = gdi_allocate(&l->env, gdi_times(n, n), sizeof *Vt);
  double *values = gdi_allocate(&l->env, n, sizeof *values), *along = gdi_allocate(&l->env, n, sizeof *along);
  gd_status status = U && Vt && values && along ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_singular_values(&l->env, n, n, J, n, values, U, Vt);
  if (status == GD_OK) {
    gdi_matrix_vector(true, n, n, -1.0, U, n, l->b, along);
    for (size_t k = 0; k < n; k++) along[k] = values[k] > 1e-12 * values[0] ? along[k] / values[k] : 0;
    gdi_matrix_vector(true, n, n, 1.0, Vt, n, along, x);
  }
  gdi_release(&l->env, along), gdi_release(&l->env, values);
  gdi_release(&l->env, Vt), gdi_release(&l->env, U);
  return status;
}

/* GD_ERR_LAPACK if J, which is overwritten, is singular. */
static gd_status solve_by_factors(const gdi_linear *l, double *J, double *x) {
  int *pivots = gdi_allocate(&l->env, l->n, sizeof *pivots);
  gd_status status = pivots ? gdi_lu_factor(l->n, J, l->n, pivots) : GD_ERR_MEMORY;
  if (status == GD_OK) {
    for (size_t k = 0; k < l->n; k++) x[k] = -l->b[k];
    gdi_lu_solve(false, l->n, J, l->n, pivots, x);
  }
  gdi_release(&l->env, pivots);
  return status;
}

/* By factors, or by singular values if those do not solve it; GD_ERR_DOMAIN if nothing does. */
static gd_status solve_stationary(const gdi_linear *l, double *J, double *work, double *x) {
  const size_t n = l->n;
  double *residual = work + n * n;
  gdi_linear_jacobian((gdi_linear *)l, NULL, x, J, n);
  memcpy(work, J, n * n * sizeof *J);
  gd_status status = solve_by_factors(l, work, x);
  if (status == GD_ERR_MEMORY) return status;
  bool solves = false;
  if (status == GD_OK && gdi_vector_is_finite(n, x)) GD_TRY(look_at(l, J, x, residual, &solves));
  if (solves) return GD_OK;
  memcpy(work, J, n * n * sizeof *J);
  GD_TRY(solve_by_singular_values(l, work, x));
  GD_TRY(look_at(l, J, x, residual, &solves));
  return solves ? GD_OK
                : gdi_fail(GD_ERR_DOMAIN, "solution: J x = -b has no solution, so there is no stationary point");
}

/* 0 where b = 0; else J x = -b by LU factors, or by singular values if J is singular: GD_ERR_DOMAIN then if there is no
 * stationary point. */
int gdi_linear_solution(void *data, double *x) {
  const gdi_linear *l = data;
  memset(x, 0, l->n * sizeof *x);
  if (!l->b) return 0;
  const size_t n = l->n;
  double *J = gdi_allocate(&l->env, gdi_times(n, n), sizeof *J),
         *work = gdi_allocate(&l->env, gdi_times(n, n + 1), sizeof *work);
  const gd_status status = J && work ? solve_stationary(l, J, work, x) : GD_ERR_MEMORY;
  gdi_release(&l->env, work), gdi_release(&l->env, J);
  return gdi_forward_status(status);
}
