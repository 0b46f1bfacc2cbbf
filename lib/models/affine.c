/* SPDX-License-Identifier: BSD-3-Clause */
/* affine.c -- v(x) = J x + b, with utilities if its own blocks are symmetric.
 *
 *     u_i = x_i' J_ii x_i / 2 + x_i' (sum over j != i of J_ij x_j + b_i)
 *         = x_i' v_i - x_i' J_ii x_i / 2
 *     du_i/dx_i = v_i,   du_i/dx_j = J_ij' x_i,        J_ii symmetric.
 *
 * They add up to zero for all x if J_ii = 0, J_ij = -J_ji' and b = 0, and only then. */
#include "base/error.h"
#include "game/forward_status.h"
#include "kernels/vector.h"
#include "models/linear.h"

#include <gamedyn/models.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* The player's rows of J, some columns of them. */
static gdi_gemv_pair_window rows_of(const gdi_linear *l, size_t player) {
  const size_t first = l->starts[player];
  return (gdi_gemv_pair_window){first, l->starts[player + 1] - first, 0, l->n};
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  (void)draw;
  const gdi_linear *l = data;
  for (size_t i = 0; i < l->n_players; i++) {
    gdi_gemv_pair_window window = rows_of(l, i);
    const size_t first = window.row, size = window.rows;
    u[i] = gdi_gemv_pair_form(l->terms[0].sweep, window, x + first, x);
    window.column = first;
    window.columns = size;
    u[i] -= 0.5 * gdi_gemv_pair_form(l->terms[0].sweep, window, x + first, x + first);
    if (l->b) u[i] += gdi_vector_dot(size, l->b + first, x + first);
  }
  return 0;
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const gdi_linear *l = data;
  const gdi_gemv_pair_window window = rows_of(l, player);
  memset(g, 0, l->n * sizeof *g);
  const gdi_gemv_pair_vectors v = {.backward = 1, .t = x + window.row, .z = g};
  const gd_status status = gdi_gemv_pair_run_window(l->terms[0].sweep, window, &v);
  if (status < 0) return gdi_forward_status(status);
  return gdi_linear_player_gradient(data, draw, player, x, g + window.row);
}

static const gd_game_ops ops_without_utilities = {
    .struct_size = sizeof(gd_game_ops),
    .name = "affine",
    .destroy = gdi_linear_destroy,
    .gradient = gdi_linear_gradient,
    .player_gradient = gdi_linear_player_gradient,
    .jvp = gdi_linear_jvp,
    .vjp = gdi_linear_vjp,
    .jvp_many = gdi_linear_jvp_many,
    .gradient_many = gdi_linear_gradient_many,
    .jacobian = gdi_linear_jacobian,
    .solution = gdi_linear_solution,
};

/* The structure of J and b, found from their entries. */
typedef struct shape {
  bool symmetric;            /* J = J' */
  bool own_blocks_symmetric; /* J_ii = J_ii' */
  bool zero_sum;             /* J = -J', J_ii = 0, b = 0 */
} shape;

static shape find_shape(const gdi_linear *l, const double *J, size_t ldj) {
  shape found = {true, true, l->b == NULL};
  for (size_t player = 0; player < l->n_players; player++)
    for (size_t j = l->starts[player]; j < l->starts[player + 1]; j++)
      for (size_t i = 0; i < l->n; i++) {
        const double a = J[i + j * ldj], b = J[j + i * ldj];
        const bool own = i >= l->starts[player] && i < l->starts[player + 1];
        found.symmetric &= a == b;
        found.own_blocks_symmetric &= !own || a == b;
        found.zero_sum &= own ? a == 0 : a == -b;
      }
  return found;
}

static gd_status check_blocks(size_t n_players, const size_t *block_sizes, size_t *n) {
  GDI_REQUIRE(n_players > 0, "n_players is 0, expected 1 or more");
  GDI_REQUIRE(block_sizes, "block_sizes is NULL, expected %zu sizes", n_players);
  *n = 0;
  for (size_t i = 0; i < n_players; i++) {
    GDI_REQUIRE(block_sizes[i] > 0 && block_sizes[i] <= INT_MAX - *n,
                "block_sizes[%zu] is %zu, expected 1 or more, and %d variables or fewer in all", i, block_sizes[i],
                INT_MAX);
    *n += block_sizes[i];
  }
  return GD_OK;
}

static gd_status check_constant(size_t n, const double *b) {
  const size_t bad = b ? gdi_vector_first_nonfinite(n, b) : n;
  return bad == n ? GD_OK : gdi_fail(GD_ERR_NONFINITE, "b[%zu] is %g, expected a finite number", bad, b[bad]);
}

static bool is_zero(size_t n, const double *b) {
  size_t k = 0;
  while (b && k < n && b[k] == 0) k++;
  return !b || k == n;
}

static gd_status fill(gdi_linear *l, const double *J, size_t ldj, const double *b) {
  GD_TRY(gdi_linear_add(l, &(gdi_linear_place){0, l->n, 0, l->n, 1, 0}, J, ldj));
  if (is_zero(l->n, b)) return GD_OK;
  l->b = gdi_allocate(&l->env, l->n, sizeof *l->b);
  if (!l->b) return GD_ERR_MEMORY;
  memcpy(l->b, b, l->n * sizeof *b);
  return GD_OK;
}

gd_status gd_model_affine(gd_game **game, size_t n_players, const size_t *block_sizes, const double *J, size_t ldj,
                          const double *b, const gd_env *env) {
  size_t n = 0;
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  GD_TRY(check_blocks(n_players, block_sizes, &n));
  GD_TRY(gdi_check_matrix("J", n, n, J, ldj));
  GD_TRY(check_constant(n, b));
  gdi_linear *l;
  GD_TRY(gdi_linear_create(&l, n_players, block_sizes, env));
  const gd_status status = fill(l, J, ldj, b);
  if (status < 0) {
    gdi_linear_destroy(l);
    return status;
  }
  const shape found = find_shape(l, J, ldj);
  gd_game_ops ops = ops_without_utilities;
  if (found.own_blocks_symmetric) {
    ops.utilities = utilities;
    ops.utility_gradient = utility_gradient;
  }
  return gdi_linear_finish(game, l, block_sizes, &ops,
                           GD_AFFINE | GD_THREAD_SAFE | (found.symmetric ? GD_POTENTIAL : 0) |
                               (found.zero_sum ? GD_ZERO_SUM : 0));
}
