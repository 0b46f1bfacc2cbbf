/* SPDX-License-Identifier: BSD-3-Clause */
/* operator_game.c -- operators of a game: J, its symmetric or antisymmetric part, one block.
 *
 * Each keeps the draw at which it was created.  Products are evaluated at that draw, and the game's own draw is
 * restored afterwards.  So a solver sees one matrix while the game's draw advances. */
#include "base/error.h"
#include "game/limits.h"
#include "linear/operator_kinds.h"

#include <string.h>

/* ---- J ---- */

/* Set the game to the operator's draw; `before` keeps its own draw. */
typedef struct draw_of_before {
  gd_draw draw;
  bool has_draw;
} draw_of_before;

static draw_of_before enter_draw(gd_operator *op) {
  draw_of_before before = {0};
  before.has_draw = gd_game_get_draw(op->game, &before.draw);
  gd_game_set_draw(op->game, op->has_draw ? &op->draw : NULL);
  return before;
}

static void leave_draw(gd_operator *op, const draw_of_before *before) {
  gd_game_set_draw(op->game, before->has_draw ? &before->draw : NULL);
}

static gd_status jacobian_apply(gd_operator *op, const double *u, double *out) {
  const draw_of_before before = enter_draw(op);
  const gd_status status = gd_game_jvp(op->game, op->point, u, out);
  leave_draw(op, &before);
  return status;
}

static gd_status jacobian_apply_transpose(gd_operator *op, const double *w, double *out) {
  const draw_of_before before = enter_draw(op);
  const gd_status status = gd_game_vjp(op->game, op->point, w, out);
  leave_draw(op, &before);
  return status;
}

static gd_status jacobian_assemble(gd_operator *op, double *A, size_t lda) {
  for (size_t k = 0; op->kept && k < op->columns; k++)
    memcpy(A + k * lda, op->kept + k * op->rows, op->rows * sizeof *A);
  if (op->kept) return GD_OK;
  const draw_of_before before = enter_draw(op);
  const gd_status status = gd_game_jacobian(op->game, op->point, A, lda);
  leave_draw(op, &before);
  return status;
}

static gd_status jacobian_apply_many(gd_operator *op, size_t k, const double *U, double *out) {
  const draw_of_before before = enter_draw(op);
  const gd_status status = gd_game_jvp_many(op->game, op->point, k, U, out);
  leave_draw(op, &before);
  return status;
}

static const gdi_operator_kind jacobian_kind = {jacobian_apply, jacobian_apply_transpose, jacobian_assemble,
                                                jacobian_apply_many};

/* ---- its symmetric and antisymmetric part ---- */

/* (J u + sign J'u)/2 */
static gd_status part_apply(gd_operator *op, const double *u, double *out) {
  GD_TRY(jacobian_apply_transpose(op, u, op->scratch));
  GD_TRY(jacobian_apply(op, u, out));
  for (size_t k = 0; k < op->rows; k++) out[k] = 0.5 * out[k] + 0.5 * op->sign * op->scratch[k];
  return GD_OK;
}

/* The part's transpose is sign times the part. */
static gd_status part_apply_transpose(gd_operator *op, const double *w, double *out) {
  GD_TRY(part_apply(op, w, out));
  for (size_t k = 0; k < op->rows; k++) out[k] *= op->sign;
  return GD_OK;
}

static gd_status part_assemble(gd_operator *op, double *A, size_t lda) {
  GD_TRY(jacobian_assemble(op, A, lda));
  for (size_t k = 0; k < op->columns; k++)
    for (size_t l = 0; l <= k; l++) {
      const double half = 0.5 * A[l + k * lda] + 0.5 * op->sign * A[k + l * lda];
      A[l + k * lda] = half;
      A[k + l * lda] = op->sign * half;
    }
  return GD_OK;
}

static const gdi_operator_kind part_kind = {part_apply, part_apply_transpose, part_assemble, NULL};

/* ---- one block ---- */

static gd_status block_apply(gd_operator *op, const double *u, double *out) {
  const draw_of_before before = enter_draw(op);
  const gd_status status = gd_game_block_jvp(op->game, op->i, op->j, op->point, u, out);
  leave_draw(op, &before);
  return status;
}

static gd_status block_apply_transpose(gd_operator *op, const double *w, double *out) {
  const draw_of_before before = enter_draw(op);
  const gd_status status = gd_game_block_vjp(op->game, op->i, op->j, op->point, w, out);
  leave_draw(op, &before);
  return status;
}

/* Copy the block from the whole Jacobian if the game has a callback for it; else assemble it column by column. */
static gd_status block_assemble(gd_operator *op, double *A, size_t lda) {
  if (gd_game_source(op->game, GD_JACOBIAN) != GD_SOURCE_NATIVE) return gdi_operator_assemble_by_columns(op, A, lda);
  const size_t n = gd_game_size(op->game);
  double *J = gdi_allocate(&op->env, gdi_times(n, n), sizeof *J);
  if (!J) return GD_ERR_MEMORY;
  const gd_status status = jacobian_assemble(op, J, n);
  const double *corner = J + gd_game_block_start(op->game, op->i) + gd_game_block_start(op->game, op->j) * n;
  for (size_t k = 0; k < op->columns && status >= 0; k++) memcpy(A + k * lda, corner + k * n, op->rows * sizeof *A);
  gdi_release(&op->env, J);
  return status;
}

static const gdi_operator_kind block_kind = {block_apply, block_apply_transpose, block_assemble, NULL};

/* ---- create and destroy ---- */

/* An operator of `game` at x, [rows by columns], with scratch. */
static gd_status create_of_game(gd_operator **op, const gdi_operator_kind *kind, gd_game *game, const double *x) {
  GDI_REQUIRE(op, "gd_operator: op is NULL");
  GDI_REQUIRE(game, "gd_operator: game is NULL");
  GDI_REQUIRE(x, "gd_operator: x is NULL");
  GD_TRY(gdi_game_check_point(game, x, "gd_operator"));
  const size_t n = gd_game_size(game);
  gd_operator *made;
  GD_TRY(gdi_operator_make(&made, kind, gd_game_env(game)));
  made->rows = made->columns = n;
  made->game = game;
  if (gd_game_traits(game) & GD_PARTITIONED) made->spread = game;
  made->has_draw = gd_game_get_draw(game, &made->draw);
  made->point = gdi_allocate(&made->env, n, sizeof *made->point);
  made->scratch = gdi_allocate(&made->env, n, sizeof *made->scratch);
  if (!made->point || !made->scratch) {
    gd_operator_destroy(made);
    return GD_ERR_MEMORY;
  }
  memcpy(made->point, x, n * sizeof *x);
  *op = made;
  return GD_OK;
}

gd_status gd_operator_jacobian(gd_operator **op, gd_game *game, const double *x) {
  return create_of_game(op, &jacobian_kind, game, x);
}

static gd_status create_part(gd_operator **op, gd_game *game, const double *x, double sign) {
  GD_TRY(create_of_game(op, &part_kind, game, x));
  (*op)->sign = sign;
  return GD_OK;
}

gd_status gd_operator_symmetric(gd_operator **op, gd_game *game, const double *x) {
  return create_part(op, game, x, 1.0);
}

gd_status gd_operator_antisymmetric(gd_operator **op, gd_game *game, const double *x) {
  return create_part(op, game, x, -1.0);
}

gd_status gd_operator_block(gd_operator **op, gd_game *game, size_t i, size_t j, const double *x) {
  GDI_REQUIRE(op && game, "gd_operator_block: op or game is NULL");
  const size_t players = gd_game_players(game);
  GDI_REQUIRE(i < players && j < players,
              "gd_operator_block: block is (%zu, %zu), expected numbers less than the number of players, %zu", i, j,
              players);
  const size_t rows = gd_game_block_size(game, i), columns = gd_game_block_size(game, j);
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_operator_block: block (%zu, %zu) is empty here", i, j);
  GD_TRY(create_of_game(op, &block_kind, game, x));
  (*op)->i = i;
  (*op)->j = j;
  (*op)->rows = rows;
  (*op)->columns = columns;
  return GD_OK;
}

void gdi_operator_keep(gd_operator *op, const double *J) { op->kept = J; }

void gdi_operator_move(gd_operator *op, const double *x) {
  op->kept = NULL;
  memcpy(op->point, x, gd_game_size(op->game) * sizeof *x);
  op->has_draw = gd_game_get_draw(op->game, &op->draw);
}
