/* SPDX-License-Identifier: BSD-3-Clause */
/* operator.c -- products, transposes and assembly agree with the matrix they stand for. */
#include <gamedyn/operator.h>

#include "linear/operator.h"
#include "support/failing_memory.h"
#include "support/suite.h"

#include <math.h>

/* v = J x + (draw's index) J x for three players of sizes 1, 2, 1:  J scales with 1 + index. */
static const double J[16] = {1, 2, 3, 4, -5, 6, 7, 8, 9, -10, 11, 12, 13, 14, -15, 16};

static double scale_of(const gd_draw *draw) { return draw ? 1.0 + (double)draw->index : 1.0; }

static int times_J(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data;
  for (size_t i = 0; i < 4; i++) {
    v[i] = 0;
    for (size_t j = 0; j < 4; j++) v[i] += scale_of(draw) * J[i + 4 * j] * x[j];
  }
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  if (data && *(int *)data) return *(int *)data;
  (void)x;
  return times_J(data, draw, u, Ju);
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *out, size_t ldj) {
  (void)data, (void)x;
  for (size_t k = 0; k < 16; k++) out[k % 4 + k / 4 * ldj] = scale_of(draw) * J[k];
  return 0;
}

static gd_game *make_game(bool native_jacobian, int *code, const gd_env *env) {
  static const size_t sizes[] = {1, 2, 1};
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .gradient = times_J, .jvp = jvp, .jacobian = native_jacobian ? jacobian : NULL};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = code,
                             .n_players = 3,
                             .block_sizes = sizes,
                             .traits = GD_STOCHASTIC,
                             .env = env};
  gd_game *game;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

static const double origin[4] = {0};

/* Products with u and A'u and the assembled matrix are those of `matrix` [rows by columns]. */
static void check_is(gd_operator *op, size_t rows, size_t columns, const double *matrix) {
  const double u[4] = {1, -2, 0.5, 3};
  double out[4], assembled[20];
  ck_assert_uint_eq(gd_operator_rows(op), rows);
  ck_assert_uint_eq(gd_operator_columns(op), columns);
  assert_ok(gd_operator_apply(op, u, out));
  for (size_t i = 0; i < rows; i++) {
    double sum = 0;
    for (size_t j = 0; j < columns; j++) sum += matrix[i + j * rows] * u[j];
    assert_close(out[i], sum, 1e-15, 1e-14);
  }
  assert_ok(gd_operator_apply_transpose(op, u, out));
  for (size_t j = 0; j < columns; j++) {
    double sum = 0;
    for (size_t i = 0; i < rows; i++) sum += matrix[i + j * rows] * u[i];
    assert_close(out[j], sum, 1e-15, 1e-14);
  }
  assert_ok(gd_operator_assemble(op, assembled, rows + 1));
  for (size_t j = 0; j < columns; j++)
    for (size_t i = 0; i < rows; i++) assert_close(assembled[i + j * (rows + 1)], matrix[i + j * rows], 0, 0);
  gd_operator_destroy(op);
}

START_TEST(stands_for_a_dense_matrix_of_its_own) {
  double A[] = {1, 2, 99, 3, 4, 99, 5, 6, 99};
  const double packed[] = {1, 2, 3, 4, 5, 6};
  gd_operator *op;
  assert_ok(gd_operator_dense(&op, 2, 3, A, 3, NULL));
  A[0] = 77; /* a copy was made */
  check_is(op, 2, 3, packed);
}
END_TEST

static int double_it(void *context, const double *u, double *out) {
  const size_t n = *(size_t *)context;
  for (size_t k = 0; k < n; k++) out[k] = 2 * u[k] + (k ? u[k - 1] : 0);
  return 0;
}

static int double_it_transposed(void *context, const double *u, double *out) {
  const size_t n = *(size_t *)context;
  for (size_t k = 0; k < n; k++) out[k] = 2 * u[k] + (k + 1 < n ? u[k + 1] : 0);
  return 0;
}

START_TEST(stands_for_functions_of_the_users) {
  const double matrix[] = {2, 1, 0, 0, 2, 1, 0, 0, 2};
  size_t n = 3;
  gd_operator *op;
  assert_ok(gd_operator_create(&op, n, double_it, double_it_transposed, &n, NULL));
  check_is(op, 3, 3, matrix);
  double u[3] = {1, 2, 3}, out[3];
  assert_ok(gd_operator_create(&op, n, double_it, NULL, &n, NULL));
  assert_fails(gd_operator_apply_transpose(op, u, out), GD_ERR_UNSUPPORTED, "without a transposed product");
  gd_operator_destroy(op);
}
END_TEST

/* The Jacobian and its parts, whether the game hands J over whole or by products. */
START_TEST(stands_for_a_jacobian_and_its_parts) {
  double symmetric[16], antisymmetric[16];
  for (size_t k = 0; k < 16; k++) {
    const double transposed = J[k / 4 + k % 4 * 4];
    symmetric[k] = (J[k] + transposed) / 2;
    antisymmetric[k] = (J[k] - transposed) / 2;
  }
  for (int native = 0; native <= 1; native++) {
    gd_game *game = make_game(native, NULL, NULL);
    gd_operator *op;
    assert_ok(gd_operator_jacobian(&op, game, origin));
    check_is(op, 4, 4, J);
    assert_ok(gd_operator_symmetric(&op, game, origin));
    check_is(op, 4, 4, symmetric);
    assert_ok(gd_operator_antisymmetric(&op, game, origin));
    check_is(op, 4, 4, antisymmetric);
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(stands_for_one_block) {
  const double block_12[] = {14, -15}, block_21[] = {8, 12}; /* rows 1, 2 of column 3; row 3 of columns 1, 2 */
  for (int native = 0; native <= 1; native++) {
    gd_game *game = make_game(native, NULL, NULL);
    gd_operator *op;
    assert_ok(gd_operator_block(&op, game, 1, 2, origin));
    check_is(op, 2, 1, block_12);
    assert_ok(gd_operator_block(&op, game, 2, 1, origin));
    check_is(op, 1, 2, block_21);
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(stays_at_the_draw_it_was_made_at) {
  gd_game *game = make_game(false, NULL, NULL);
  gd_draw draw = {.seed = 1, .index = 4, .batch_size = 1}, now;
  gd_operator *op;
  double u[4] = {1, 0, 0, 0}, out[4];
  gd_game_set_draw(game, &draw);
  assert_ok(gd_operator_jacobian(&op, game, origin));
  gd_game_next_draw(game);
  assert_ok(gd_operator_apply(op, u, out));
  assert_close(out[0], 5 * J[0], 0, 0);
  ck_assert(gd_game_get_draw(game, &now));
  ck_assert_uint_eq(now.index, 5); /* the game's own draw is as it was */
  gd_game_set_draw(game, NULL);
  assert_ok(gd_operator_apply(op, u, out));
  assert_close(out[0], 5 * J[0], 0, 0);
  ck_assert(!gd_game_get_draw(game, &now));
  gd_operator_destroy(op);
  gd_game_destroy(game);
}
END_TEST

static int return_code(void *context, const double *u, double *out) {
  (void)u, (void)out;
  return *(int *)context;
}

START_TEST(passes_failures_of_callbacks_on) {
  int code = 3;
  double u[4] = {1, 0, 0, 0}, out[16];
  gd_operator *op;
  assert_ok(gd_operator_create(&op, 2, return_code, return_code, &code, NULL));
  assert_fails(gd_operator_apply(op, u, out), GD_ERR_DOMAIN, "outside its domain (it returned 3)");
  code = -2;
  assert_fails(gd_operator_apply_transpose(op, u, out), GD_ERR_CALLBACK, "failed (it returned -2)");
  assert_fails(gd_operator_assemble(op, out, 2), GD_ERR_CALLBACK, "failed");
  gd_operator_destroy(op);

  gd_game *game = make_game(false, &code, NULL);
  assert_ok(gd_operator_jacobian(&op, game, origin));
  assert_fails(gd_operator_apply(op, u, out), GD_ERR_CALLBACK, "jvp");
  assert_fails(gd_operator_apply_transpose(op, u, out), GD_ERR_CALLBACK, "jvp");
  assert_fails(gd_operator_assemble(op, out, 4), GD_ERR_CALLBACK, "jvp");
  gd_operator_destroy(op);
  assert_ok(gd_operator_symmetric(&op, game, origin));
  assert_fails(gd_operator_apply(op, u, out), GD_ERR_CALLBACK, "jvp");
  assert_fails(gd_operator_assemble(op, out, 4), GD_ERR_CALLBACK, "jvp");
  gd_operator_destroy(op);
  assert_ok(gd_operator_antisymmetric(&op, game, origin));
  assert_fails(gd_operator_apply_transpose(op, u, out), GD_ERR_CALLBACK, "jvp");
  gd_operator_destroy(op);
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_which_argument_is_wrong) {
  gd_operator *op = NULL;
  double A[4] = {0}, out[4];
  gd_game *game = make_game(true, NULL, NULL);
  assert_fails(gd_operator_create(NULL, 2, return_code, NULL, NULL, NULL), GD_ERR_ARGUMENT, "op is NULL");
  assert_fails(gd_operator_create(&op, 0, return_code, NULL, NULL, NULL), GD_ERR_ARGUMENT, "n is 0");
  assert_fails(gd_operator_create(&op, 2, NULL, NULL, NULL, NULL), GD_ERR_ARGUMENT, "apply is NULL");
  assert_fails(gd_operator_dense(NULL, 1, 1, A, 1, NULL), GD_ERR_ARGUMENT, "op is NULL");
  assert_fails(gd_operator_dense(&op, 0, 2, A, 1, NULL), GD_ERR_ARGUMENT, "0 by 2");
  assert_fails(gd_operator_dense(&op, 1, 1, NULL, 1, NULL), GD_ERR_ARGUMENT, "A is NULL");
  assert_fails(gd_operator_dense(&op, 2, 2, A, 1, NULL), GD_ERR_ARGUMENT, "lda is 1");
  /* 2^31 and 2^33: negative, and 0, as ints */
  for (int power = 31; power <= 33; power += 2) {
    const size_t side = (size_t)1 << power;
    assert_fails(gd_operator_dense(&op, side, 1, A, side, NULL), GD_ERR_UNSUPPORTED, "BLAS and LAPACK count to");
    assert_fails(gd_operator_dense(&op, 1, side, A, 1, NULL), GD_ERR_UNSUPPORTED, "BLAS and LAPACK count to");
  }
  assert_fails(gd_operator_jacobian(NULL, game, origin), GD_ERR_ARGUMENT, "op is NULL");
  assert_fails(gd_operator_jacobian(&op, NULL, origin), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_operator_symmetric(&op, game, NULL), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_operator_block(&op, NULL, 0, 0, origin), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_operator_block(&op, game, 0, 3, origin), GD_ERR_ARGUMENT,
               "block is (0, 3), expected numbers less than the number of players, 3");
  ck_assert_ptr_null(op);
  assert_ok(gd_operator_dense(&op, 2, 2, A, 2, NULL));
  assert_fails(gd_operator_apply(op, A, A), GD_ERR_ARGUMENT, "out overlaps u");
  assert_fails(gd_operator_apply(op, NULL, out), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_operator_apply_transpose(op, A, A), GD_ERR_ARGUMENT, "out overlaps w");
  assert_fails(gd_operator_apply_transpose(NULL, A, out), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_operator_assemble(op, NULL, 2), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_operator_assemble(op, out, 1), GD_ERR_ARGUMENT, "lda is 1");
  gd_operator_destroy(op);
  gd_operator_destroy(NULL);
  ck_assert_uint_eq(gd_operator_rows(NULL), 0);
  ck_assert_uint_eq(gd_operator_columns(NULL), 0);
  gd_game_destroy(game);
}
END_TEST

static gd_status out_of_order(void *context, const double *u, double *out) {
  (void)context, (void)u, (void)out;
  return GD_ERR_LAPACK;
}

static void free_context(void *context) { *(bool *)context = true; }

START_TEST(passes_the_librarys_own_statuses_on_and_frees_the_context) {
  bool freed = false;
  double u = 1, out;
  gd_operator *op;
  const gdi_operator_table table = {out_of_order, NULL, free_context};
  assert_ok(gdi_operator_create(&op, 1, 1, &table, &freed, NULL));
  ck_assert_int_eq(gd_operator_apply(op, &u, &out), GD_ERR_LAPACK);
  assert_fails(gd_operator_apply_transpose(op, &u, &out), GD_ERR_UNSUPPORTED, "without a transposed product");
  gd_operator_destroy(op);
  ck_assert(freed);
}
END_TEST

/* Make every kind of operator and a matrix of it; first failing status. */
static gd_status make_all(gd_game *game, const gd_env *env) {
  const double A[4] = {1, 2, 3, 4};
  double out[16];
  for (int kind = 0; kind < 4; kind++) {
    gd_operator *op = NULL;
    size_t n = 2;
    gd_status status = kind == 0   ? gd_operator_create(&op, n, double_it, NULL, &n, env)
                       : kind == 1 ? gd_operator_dense(&op, 2, 2, A, 2, env)
                       : kind == 2 ? gd_operator_symmetric(&op, game, origin)
                                   : gd_operator_block(&op, game, 1, 1, origin);
    if (status == GD_OK) status = gd_operator_assemble(op, out, 4);
    gd_operator_destroy(op);
    GD_TRY(status);
  }
  return GD_OK;
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  for (int native = 0; native <= 1; native++) {
    size_t fail_at = 1;
    for (bool done = false; !done; fail_at++) {
      failing_memory memory;
      failing_memory_init(&memory, 0);
      gd_game *game = make_game(native, NULL, &memory.env);
      memory.calls = 0;
      memory.fail_at = fail_at;
      const gd_status status = make_all(game, &memory.env);
      ck_assert_int_eq(status, memory.calls < fail_at ? GD_OK : GD_ERR_MEMORY);
      done = status == GD_OK;
      gd_game_destroy(game);
      ck_assert_uint_eq(memory.live, 0);
    }
    ck_assert_uint_gt(fail_at, 8);
  }
}
END_TEST

/* 0 * NaN, a NaN in the matrix, and a product beyond the largest double. */
START_TEST(products_that_are_no_numbers_are_told) {
  gd_operator *op = NULL, *large = NULL;
  double out[2];
  assert_ok(gd_operator_dense(&op, 2, 2, (const double[]){1, NAN, 0, 1}, 2, NULL));
  assert_ok(gd_operator_dense(&large, 1, 1, (const double[]){1e200}, 1, NULL));
  assert_fails(gd_operator_apply(op, (const double[]){1, 1}, out), GD_ERR_NONFINITE,
               "entry 1 of a product of the operator is nan");
  assert_fails(gd_operator_apply_transpose(op, (const double[]){1, NAN}, out), GD_ERR_NONFINITE,
               "of the operator is nan");
  assert_fails(gd_operator_apply(large, (const double[]){1e200}, out), GD_ERR_NONFINITE, "of the operator is inf");
  gd_operator_destroy(large);
  gd_operator_destroy(op);
}
END_TEST

TEST_SUITE("operator", stands_for_a_dense_matrix_of_its_own, stands_for_functions_of_the_users,
           stands_for_a_jacobian_and_its_parts, stands_for_one_block, stays_at_the_draw_it_was_made_at,
           passes_failures_of_callbacks_on, says_which_argument_is_wrong,
           passes_the_librarys_own_statuses_on_and_frees_the_context, leaks_nothing_when_memory_runs_out,
           products_that_are_no_numbers_are_told)
