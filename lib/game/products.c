/* SPDX-License-Identifier: BSD-3-Clause */
/* products.c -- products with the Jacobian and its blocks, and the Jacobian as a matrix. */
#include "base/error.h"
#include "base/overlap.h"
#include "dense/algebra.h"
#include "game/game.h"
#include "game/limits.h"

#include <string.h>

/* J(x) in the handle's own buffer; an affine game's is computed once. */
static gd_status own_matrix(gd_game *game, const double *x, double **J) {
  GD_TRY(gdi_game_slot(game, GDI_SLOT_MATRIX, J));
  if (game->matrix_kept) return GD_OK;
  GD_TRY(gd_game_jacobian(game, x, *J, game->n));
  game->matrix_kept = (game->shared->traits & GD_AFFINE) != 0;
  return GD_OK;
}

/* J u or J' u through the matrix. */
static gd_status matrix_product(gd_game *game, bool transposed, const double *x, const double *u, double *out) {
  double *J;
  GD_TRY(own_matrix(game, x, &J));
  const size_t n = game->n;
  gdi_matrix_vector(transposed, n, n, 1, J, n, u, out);
  return gdi_game_answer(game, transposed ? "vjp" : "jvp", GDI_COMPUTED, 0, n, out);
}

/* J U for the k columns of U */
static gd_status many_jvps(gd_game *game, const double *x, size_t k, const double *U, double *JU) {
  game->counts.jvps += k;
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.jvp_many(game->data, game->draw, x, k, U, JU);
  for (size_t column = 0; column < k; column++)
    GD_TRY(gdi_game_answer(game, "jvp_many", by, 0, game->n, JU + column * game->n));
  return GD_OK;
}

static gd_status check_product(const gd_game *game, const double *x, const double *in, const double *out) {
  GDI_REQUIRE(game && x && in && out, "a product's %s is NULL",
              !game ? "game"
              : !x  ? "x"
              : !in ? "direction"
                    : "output");
  return GD_OK;
}

/* x [n]; in, out [count]: `out` must not overlap the inputs. */
static gd_status check_apart(const gd_game *game, const double *x, size_t count, const double *in, const double *out) {
  const bool overlaps_x = gdi_overlap(count, out, game->n, x);
  GDI_REQUIRE(!overlaps_x && !gdi_overlap(count, out, count, in),
              "a product's output overlaps its %s; expected memory of its own", overlaps_x ? "x" : "direction");
  return GD_OK;
}

gd_status gd_game_jvp(gd_game *game, const double *x, const double *u, double *Ju) {
  GD_TRY(check_product(game, x, u, Ju));
  GD_TRY(check_apart(game, x, game->n, u, Ju));
  GD_TRY(gdi_game_need(game, GD_JVP));
  switch (game->plan[GD_JVP].route) {
  case GDI_ROUTE_MANY:
    return many_jvps(game, x, 1, u, Ju);
  case GDI_ROUTE_MATRIX:
    return matrix_product(game, false, x, u, Ju);
  case GDI_ROUTE_DIFFERENCES:
    return gdi_game_difference_jvp(game, x, u, Ju);
  default:
    break;
  }
  game->counts.jvps++;
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.jvp(game->data, game->draw, x, u, Ju);
  return gdi_game_answer(game, "jvp", by, 0, game->n, Ju);
}

gd_status gd_game_jvp_many(gd_game *game, const double *x, size_t k, const double *U, double *JU) {
  GD_TRY(check_product(game, x, U, JU));
  const size_t n = game->n, most = SIZE_MAX / 16 / (n ? n : 1);
  GDI_REQUIRE(k > 0 && k <= most, "gd_game_jvp_many: k is %zu, expected 1 to %zu", k, most);
  GD_TRY(check_apart(game, x, n * k, U, JU));
  GD_TRY(gdi_game_need(game, GD_JVP));
  if (game->shared->ops.jvp_many) return many_jvps(game, x, k, U, JU);
  double *answers;
  GD_TRY(gdi_game_many(game, k, &answers));
  for (size_t column = 0; column < k; column++) GD_TRY(gd_game_jvp(game, x, U + column * n, answers + column * n));
  memcpy(JU, answers, n * k * sizeof *JU);
  return GD_OK;
}

/* With two players and u_2 = -u_1 = -U the gradient is v = D grad U, D = diag(I, -I), so
 * J = D S with S = Hess U symmetric, and J' = S D = D (D S) D = D J D: the transpose costs one
 * product and two changes of sign. */
static gd_status mirror_vjp(gd_game *game, const double *x, const double *w, double *Jtw) {
  double *mirrored;
  GD_TRY(gdi_game_slot(game, GDI_SLOT_MIRROR, &mirrored));
  const size_t start = game->shared->starts[1], n = game->n;
  for (size_t k = 0; k < n; k++) mirrored[k] = k < start ? w[k] : -w[k];
  GD_TRY(gd_game_jvp(game, x, mirrored, Jtw));
  for (size_t k = start; k < n; k++) Jtw[k] = -Jtw[k];
  return GD_OK;
}

gd_status gd_game_vjp(gd_game *game, const double *x, const double *w, double *Jtw) {
  GD_TRY(check_product(game, x, w, Jtw));
  GD_TRY(check_apart(game, x, game->n, w, Jtw));
  GD_TRY(gdi_game_need(game, GD_VJP));
  switch (game->plan[GD_VJP].route) {
  case GDI_ROUTE_SYMMETRIC:
    return gd_game_jvp(game, x, w, Jtw);
  case GDI_ROUTE_MIRROR:
    return mirror_vjp(game, x, w, Jtw);
  case GDI_ROUTE_MATRIX:
    return matrix_product(game, true, x, w, Jtw);
  default:
    break;
  }
  game->counts.vjps++;
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.vjp(game->data, game->draw, x, w, Jtw);
  return gdi_game_answer(game, "vjp", by, 0, game->n, Jtw);
}

gd_status gd_game_gradient_vjp(gd_game *game, const double *x, double *v, double *Jtv) {
  GD_TRY(check_product(game, x, v, Jtv));
  GD_TRY(check_apart(game, x, game->n, v, Jtv));
  GDI_REQUIRE(!gdi_overlap(game->n, v, game->n, x), "gradient_vjp: v overlaps x");
  if (!game->shared->ops.gradient_vjp) {
    GD_TRY(gd_game_gradient(game, x, v));
    return gd_game_vjp(game, x, v, Jtv);
  }
  game->counts.gradients++;
  game->counts.vjps++;
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.gradient_vjp(game->data, game->draw, x, v, Jtv);
  GD_TRY(gdi_game_answer(game, "gradient_vjp", by, 0, game->n, v));
  return gdi_game_answer(game, "gradient_vjp", by, 0, game->n, Jtv);
}

typedef gd_status product(gd_game *game, const double *x, const double *in, double *out);

/* Block `to` of the product with the vector that is `in` on block `from` and zero elsewhere. */
static gd_status block_product(gd_game *game, product *whole, const double *x, const size_t from_to[2],
                               const double *in, double *out) {
  GDI_REQUIRE(game && x && in && out, "a block product's %s is NULL",
              !game ? "game"
              : !x  ? "x"
              : !in ? "direction"
                    : "output");
  const size_t from = from_to[0], to = from_to[1], players = game->shared->n_players;
  GDI_REQUIRE(from < players && to < players, "player is %zu, but the game has %zu players", from < players ? to : from,
              players);
  double *direction;
  GD_TRY(gdi_game_slot(game, GDI_SLOT_BLOCK, &direction));
  double *answer = direction + game->n;
  memset(direction, 0, game->n * sizeof *direction);
  memcpy(direction + game->shared->starts[from], in, gd_game_block_size(game, from) * sizeof *in);
  GD_TRY(whole(game, x, direction, answer));
  memcpy(out, answer + game->shared->starts[to], gd_game_block_size(game, to) * sizeof *out);
  return GD_OK;
}

gd_status gd_game_block_jvp(gd_game *game, size_t i, size_t j, const double *x, const double *u_j, double *out_i) {
  return block_product(game, gd_game_jvp, x, (const size_t[]){j, i}, u_j, out_i);
}

gd_status gd_game_block_vjp(gd_game *game, size_t i, size_t j, const double *x, const double *w_i, double *out_j) {
  return block_product(game, gd_game_vjp, x, (const size_t[]){i, j}, w_i, out_j);
}

/* `count` columns of J from `first` on, into `columns` [n by count]; `units` as large. */
static gd_status some_columns(gd_game *game, const double *x, size_t first, size_t count, double *units) {
  const size_t n = game->n;
  double *columns = units + GDI_COLUMN_CHUNK * n;
  memset(units, 0, count * n * sizeof *units);
  for (size_t k = 0; k < count; k++) units[first + k + k * n] = 1;
  if (game->shared->ops.jvp_many) return many_jvps(game, x, count, units, columns);
  for (size_t k = 0; k < count; k++) GD_TRY(gd_game_jvp(game, x, units + k * n, columns + k * n));
  return GD_OK;
}

static gd_status assemble(gd_game *game, const double *x, double *J, size_t ldj) {
  double *units;
  GD_TRY(gdi_game_slot(game, GDI_SLOT_COLUMNS, &units));
  const size_t n = game->n;
  for (size_t first = 0; first < n; first += GDI_COLUMN_CHUNK) {
    const size_t count = n - first < GDI_COLUMN_CHUNK ? n - first : GDI_COLUMN_CHUNK;
    GD_TRY(some_columns(game, x, first, count, units));
    for (size_t k = 0; k < count; k++) memcpy(J + (first + k) * ldj, units + (GDI_COLUMN_CHUNK + k) * n, n * sizeof *J);
  }
  return GD_OK;
}

gd_status gd_game_jacobian(gd_game *game, const double *x, double *J, size_t ldj) {
  GDI_REQUIRE(game && x && J, "jacobian: %s is NULL", !game ? "game" : !x ? "x" : "J");
  GDI_REQUIRE(ldj >= game->n, "ldj is %zu, expected at least n = %zu", ldj, game->n);
  GDI_REQUIRE(game->n == 0 || ldj <= SIZE_MAX / 16 / game->n, "ldj is %zu, expected at most %zu", ldj,
              SIZE_MAX / 16 / game->n);
  GDI_REQUIRE(!gdi_overlap(game->n ? (game->n - 1) * ldj + game->n : 0, J, game->n, x), "jacobian: J overlaps x");
  GD_TRY(gdi_game_need(game, GD_JACOBIAN));
  GD_TRY(gdi_game_check_point(game, x, "jacobian"));
  if (game->plan[GD_JACOBIAN].route == GDI_ROUTE_COLUMNS) return assemble(game, x, J, ldj);
  game->counts.jacobians++;
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.jacobian(game->data, game->draw, x, J, ldj);
  gd_status status = gdi_game_answer(game, "jacobian", by, 0, 0, J);
  for (size_t j = 0; j < game->n && status == GD_OK; j++)
    status = gdi_game_answer(game, "jacobian", GDI_COMPUTED, 0, game->n, J + j * ldj);
  return status;
}
