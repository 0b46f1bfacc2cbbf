/* SPDX-License-Identifier: BSD-3-Clause */
/* operator.c -- linear maps known by their products.
 *
 * The kinds: the user's functions, the library's own, a dense matrix, and three that ask a game: all of J, its
 * symmetric or antisymmetric part, one block.  A game's operator keeps the draw it was made at: each product is
 * evaluated there and the game is handed back with the draw it had, so that a solver sees one matrix while the game
 * moves on. */
#include "linear/operator.h"

#include "base/dense.h"
#include "base/error.h"

#include <string.h>

typedef struct operator_kind {
  gd_status (*apply)(gd_operator *op, const double *u, double *out);
  gd_status (*apply_transpose)(gd_operator *op, const double *w, double *out);
  gd_status (*assemble)(gd_operator *op, double *A, size_t lda);
  gd_status (*apply_many)(gd_operator *op, size_t k, const double *U, double *out); /* NULL: one by one */
} operator_kind;

struct gd_operator {
  gdi_env env;
  const operator_kind *kind;
  size_t rows, columns;
  /* user's functions */
  gd_apply_fn *forward, *transposed;
  void *context; /* also of the library's own */
  /* library's own */
  const gdi_operator_table *table;
  /* dense */
  double *matrix; /* [rows by columns] */
  /* of a game */
  gd_game *game;
  double *point, *scratch; /* [n] */
  size_t i, j;             /* block */
  double sign;             /* +1 symmetric part, -1 antisymmetric part */
  gd_draw draw;
  bool has_draw;
};

/* A whole matrix from `columns` products with the unit vectors. */
static gd_status assemble_by_columns(gd_operator *op, double *A, size_t lda) {
  double *unit = gdi_allocate(&op->env, op->columns, sizeof *unit);
  if (!unit) return GD_ERR_MEMORY;
  gd_status status = GD_OK;
  for (size_t k = 0; k < op->columns && status >= 0; k++) {
    unit[k] = 1.0;
    status = op->kind->apply(op, unit, A + k * lda);
    unit[k] = 0.0;
  }
  gdi_release(&op->env, unit);
  return status;
}

/* ---- the user's own ---- */

static gd_status callback_status(uint64_t before, int code, const char *product) {
  if (code == 0) return GD_OK;
  return gdi_callback_code(before, code,
                           code > 0 ? "the operator's %s is outside its domain (it returned %d)"
                                    : "the operator's %s failed (it returned %d)",
                           product, code);
}

static gd_status user_apply(gd_operator *op, const double *u, double *out) {
  const uint64_t before = gdi_failures();
  return callback_status(before, op->forward(op->context, u, out), "apply");
}

static gd_status no_transpose(void) {
  return gdi_fail(GD_ERR_UNSUPPORTED, "the operator was created without a transposed product");
}

static gd_status user_apply_transpose(gd_operator *op, const double *w, double *out) {
  if (!op->transposed) return no_transpose();
  const uint64_t before = gdi_failures();
  return callback_status(before, op->transposed(op->context, w, out), "apply_transpose");
}

static const operator_kind user_kind = {user_apply, user_apply_transpose, assemble_by_columns, NULL};

/* ---- the library's own ---- */

static gd_status own_apply(gd_operator *op, const double *u, double *out) {
  return op->table->apply(op->context, u, out);
}

static gd_status own_apply_transpose(gd_operator *op, const double *w, double *out) {
  return op->table->apply_transpose ? op->table->apply_transpose(op->context, w, out) : no_transpose();
}

static const operator_kind own_kind = {own_apply, own_apply_transpose, assemble_by_columns, NULL};

/* ---- a matrix ---- */

static gd_status dense_apply(gd_operator *op, const double *u, double *out) {
  gdi_matrix_vector(false, op->rows, op->columns, 1.0, op->matrix, op->rows, u, out);
  return GD_OK;
}

static gd_status dense_apply_transpose(gd_operator *op, const double *w, double *out) {
  gdi_matrix_vector(true, op->rows, op->columns, 1.0, op->matrix, op->rows, w, out);
  return GD_OK;
}

static gd_status dense_assemble(gd_operator *op, double *A, size_t lda) {
  for (size_t k = 0; k < op->columns; k++) memcpy(A + k * lda, op->matrix + k * op->rows, op->rows * sizeof *A);
  return GD_OK;
}

static const operator_kind dense_kind = {dense_apply, dense_apply_transpose, dense_assemble, NULL};

/* ---- a game's Jacobian ---- */

/* Put the game at the operator's draw; `before` remembers where it was. */
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

static const operator_kind jacobian_kind = {jacobian_apply, jacobian_apply_transpose, jacobian_assemble,
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

static const operator_kind part_kind = {part_apply, part_apply_transpose, part_assemble, NULL};

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

/* Out of the whole Jacobian where the game gives it in one call, else column by column. */
static gd_status block_assemble(gd_operator *op, double *A, size_t lda) {
  if (gd_game_source(op->game, GD_JACOBIAN) != GD_SOURCE_NATIVE) return assemble_by_columns(op, A, lda);
  const size_t n = gd_game_size(op->game);
  double *J = gdi_allocate(&op->env, n * n, sizeof *J);
  if (!J) return GD_ERR_MEMORY;
  const gd_status status = jacobian_assemble(op, J, n);
  const double *corner = J + gd_game_block_start(op->game, op->i) + gd_game_block_start(op->game, op->j) * n;
  for (size_t k = 0; k < op->columns && status >= 0; k++) memcpy(A + k * lda, corner + k * n, op->rows * sizeof *A);
  gdi_release(&op->env, J);
  return status;
}

static const operator_kind block_kind = {block_apply, block_apply_transpose, block_assemble, NULL};

/* ---- life ---- */

static gd_status create(gd_operator **op, const operator_kind *kind, const gd_env *env) {
  gd_status status;
  *op = gdi_create(env, sizeof **op, offsetof(gd_operator, env), &status);
  if (*op) (*op)->kind = kind;
  return status;
}

gd_status gd_operator_create(gd_operator **op, size_t n, gd_apply_fn *apply, gd_apply_fn *apply_transpose,
                             void *context, const gd_env *env) {
  GDI_REQUIRE(op, "gd_operator_create: op is NULL");
  GDI_REQUIRE(n > 0, "gd_operator_create: n is 0, expected at least 1");
  GDI_REQUIRE(apply, "gd_operator_create: apply is NULL");
  gd_operator *made;
  GD_TRY(create(&made, &user_kind, env));
  made->rows = made->columns = n;
  made->forward = apply;
  made->transposed = apply_transpose;
  made->context = context;
  *op = made;
  return GD_OK;
}

gd_status gdi_operator_create(gd_operator **op, size_t rows, size_t columns, const gdi_operator_table *table,
                              void *context, const gd_env *env) {
  gd_operator *made;
  GD_TRY(create(&made, &own_kind, env));
  made->rows = rows;
  made->columns = columns;
  made->table = table;
  made->context = context;
  *op = made;
  return GD_OK;
}

gd_status gd_operator_dense(gd_operator **op, size_t rows, size_t columns, const double *A, size_t lda,
                            const gd_env *env) {
  GDI_REQUIRE(op, "gd_operator_dense: op is NULL");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_operator_dense: the matrix is %zu by %zu, expected at least 1 by 1", rows,
              columns);
  GDI_REQUIRE(A, "gd_operator_dense: A is NULL");
  GDI_REQUIRE(lda >= rows, "gd_operator_dense: lda is %zu, expected at least rows = %zu", lda, rows);
  gd_operator *made;
  GD_TRY(create(&made, &dense_kind, env));
  made->rows = rows;
  made->columns = columns;
  made->matrix = gdi_allocate(&made->env, rows * columns, sizeof *A);
  if (!made->matrix) {
    gd_operator_destroy(made);
    return GD_ERR_MEMORY;
  }
  for (size_t k = 0; k < columns; k++) memcpy(made->matrix + k * rows, A + k * lda, rows * sizeof *A);
  *op = made;
  return GD_OK;
}

/* An operator of `game` at x, [rows by columns], with scratch. */
static gd_status create_of_game(gd_operator **op, const operator_kind *kind, gd_game *game, const double *x) {
  GDI_REQUIRE(op, "gd_operator: op is NULL");
  GDI_REQUIRE(game, "gd_operator: game is NULL");
  GDI_REQUIRE(x, "gd_operator: x is NULL");
  const size_t n = gd_game_size(game);
  gd_operator *made;
  GD_TRY(create(&made, kind, gd_game_env(game)));
  made->rows = made->columns = n;
  made->game = game;
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
  GDI_REQUIRE(i < players && j < players, "gd_operator_block: block (%zu, %zu) of a game with %zu players", i, j,
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

void gd_operator_destroy(gd_operator *op) {
  if (!op) return;
  if (op->table) op->table->destroy(op->context);
  gdi_release(&op->env, op->matrix);
  gdi_release(&op->env, op->point);
  gdi_release(&op->env, op->scratch);
  gdi_destroy(op, offsetof(gd_operator, env));
}

void gdi_operator_move(gd_operator *op, const double *x) {
  memcpy(op->point, x, gd_game_size(op->game) * sizeof *x);
  op->has_draw = gd_game_get_draw(op->game, &op->draw);
}

const gdi_env *gdi_operator_env(const gd_operator *op) { return &op->env; }

/* ---- use ---- */

size_t gd_operator_rows(const gd_operator *op) { return op ? op->rows : 0; }

size_t gd_operator_columns(const gd_operator *op) { return op ? op->columns : 0; }

gd_status gd_operator_apply(gd_operator *op, const double *u, double *out) {
  GDI_REQUIRE(op && u && out, "gd_operator_apply: op, u or out is NULL");
  GDI_REQUIRE(u != out, "gd_operator_apply: out must not be u");
  return op->kind->apply(op, u, out);
}

gd_status gd_operator_apply_transpose(gd_operator *op, const double *w, double *out) {
  GDI_REQUIRE(op && w && out, "gd_operator_apply_transpose: op, w or out is NULL");
  GDI_REQUIRE(w != out, "gd_operator_apply_transpose: out must not be w");
  return op->kind->apply_transpose(op, w, out);
}

gd_status gdi_operator_apply_many(gd_operator *op, size_t k, const double *U, double *out) {
  if (op->kind->apply_many) return op->kind->apply_many(op, k, U, out);
  for (size_t c = 0; c < k; c++) GD_TRY(op->kind->apply(op, U + c * op->columns, out + c * op->rows));
  return GD_OK;
}

gd_status gd_operator_assemble(gd_operator *op, double *A, size_t lda) {
  GDI_REQUIRE(op && A, "gd_operator_assemble: op or A is NULL");
  GDI_REQUIRE(lda >= op->rows, "gd_operator_assemble: lda is %zu, expected at least rows = %zu", lda, op->rows);
  return op->kind->assemble(op, A, lda);
}

gd_status gdi_operator_assemble_finite(gd_operator *op, double *A) {
  GD_TRY(op->kind->assemble(op, A, op->rows));
  size_t row, column;
  if (!gdi_matrix_is_finite(op->rows, op->columns, A, op->rows, &row, &column))
    return gdi_fail(GD_ERR_NONFINITE, "entry (%zu, %zu) of the operator is %g", row, column,
                    A[row + column * op->rows]);
  return GD_OK;
}
