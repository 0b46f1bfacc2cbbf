/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse.c -- sparse games are those of the same dense matrices, and say what does not fit. */
#include <gamedyn/models.h>
#include <gamedyn/rng.h>
#include <gamedyn/sparse.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <math.h>
#include <stdint.h>

enum { N = 7, P = 3, Q = 4 };

/* A sparse copy of a dense matrix, without its zeros. */
static gd_sparse *sparse_of(size_t rows, size_t columns, const double *A) {
  gd_entry entries[N * N];
  size_t count = 0;
  gd_sparse *sparse = NULL;
  for (size_t j = columns; j-- > 0;)
    for (size_t i = 0; i < rows; i++)
      if (A[i + j * rows] != 0) entries[count++] = (gd_entry){i, j, A[i + j * rows]};
  assert_ok(gd_sparse_create(&sparse, rows, columns, count, entries, NULL));
  return sparse;
}

/* About half of the entries are 0. */
static void random_matrix(gd_rng *rng, size_t count, double *A) {
  gd_rng_fill_normal(rng, count, A);
  for (size_t k = 0; k < count; k++)
    if (A[k] < 0.2 && A[k] > -0.5) A[k] = 0;
}

static void assert_same_vector(size_t n, const double *one, const double *other) {
  for (size_t k = 0; k < n; k++) assert_close(one[k], other[k], 1e-14, 1e-14);
}

static void assert_same_game(gd_game *sparse, gd_game *dense, gd_rng *rng) {
  const size_t n = gd_game_size(dense);
  double x[N], u[N], one[N], other[N], J[N * N], K[N * N];
  gd_rng_fill_normal(rng, n, x);
  gd_rng_fill_normal(rng, n, u);
  assert_ok(gd_game_check(sparse, x, 1, NULL));
  assert_ok(gd_game_gradient(sparse, x, one));
  assert_ok(gd_game_gradient(dense, x, other));
  assert_same_vector(n, one, other);
  for (size_t i = 0; i < gd_game_players(dense); i++) {
    assert_ok(gd_game_player_gradient(sparse, i, x, one));
    assert_ok(gd_game_player_gradient(dense, i, x, other));
    assert_same_vector(gd_game_block_size(dense, i), one, other);
  }
  assert_ok(gd_game_jvp(sparse, x, u, one));
  assert_ok(gd_game_jvp(dense, x, u, other));
  assert_same_vector(n, one, other);
  assert_ok(gd_game_vjp(sparse, x, u, one));
  assert_ok(gd_game_vjp(dense, x, u, other));
  assert_same_vector(n, one, other);
  assert_ok(gd_game_jacobian(sparse, x, J, n));
  assert_ok(gd_game_jacobian(dense, x, K, n));
  assert_same_vector(n * n, J, K);
  if (gd_game_source(dense, GD_UTILITIES) == GD_SOURCE_NONE) return;
  assert_ok(gd_game_utilities(sparse, x, one));
  assert_ok(gd_game_utilities(dense, x, other));
  assert_same_vector(gd_game_players(dense), one, other);
}

START_TEST(is_the_affine_game_of_its_matrix) {
  const size_t sizes[] = {2, 1, 4};
  for (uint64_t seed = 0; seed < 20; seed++) {
    gd_rng rng = gd_rng_make(seed, 1);
    double J[N * N], b[N], x[N];
    random_matrix(&rng, N * N, J);
    gd_rng_fill_normal(&rng, N, b);
    if (seed % 2) /* own blocks become symmetric, so that there are utilities */
      for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
          if ((i < 2) == (j < 2) && (i < 3) == (j < 3)) J[j + i * N] = J[i + j * N];
    gd_sparse *A = sparse_of(N, N, J);
    gd_game *sparse = NULL, *dense = NULL;
    assert_ok(gd_model_sparse(&sparse, 3, sizes, A, b, 0, NULL));
    assert_ok(gd_model_affine(&dense, 3, sizes, J, N, b, NULL));
    gd_sparse_destroy(A);
    assert_same_game(sparse, dense, &rng);
    ck_assert(gd_game_source(sparse, GD_UTILITIES) == (seed % 2 ? GD_SOURCE_NATIVE : GD_SOURCE_NONE));
    ck_assert_int_eq(gd_game_solution(sparse, x), GD_ERR_UNSUPPORTED);
    gd_game_destroy(dense);
    gd_game_destroy(sparse);
  }
}
END_TEST

START_TEST(is_the_quadratic_game_of_its_blocks) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    gd_rng rng = gd_rng_make(seed, 2);
    double A[P * P], B[Q * Q], C[P * Q], x[N];
    random_matrix(&rng, P * P, A), random_matrix(&rng, Q * Q, B), random_matrix(&rng, P * Q, C);
    for (size_t i = 0; i < P; i++)
      for (size_t j = 0; j < i; j++) A[j + i * P] = A[i + j * P];
    for (size_t i = 0; i < Q; i++)
      for (size_t j = 0; j < i; j++) B[j + i * Q] = B[i + j * Q];
    gd_sparse *a = sparse_of(P, P, A), *b = sparse_of(Q, Q, B), *c = sparse_of(P, Q, C);
    gd_game *sparse = NULL, *dense = NULL;
    assert_ok(gd_model_sparse_quadratic(&sparse, a, b, seed % 2 ? c : NULL, NULL));
    assert_ok(gd_model_quadratic(&dense, P, Q, A, P, B, Q, seed % 2 ? C : NULL, P, NULL));
    assert_same_game(sparse, dense, &rng);
    ck_assert(gd_game_traits(sparse) & GD_ZERO_SUM);
    assert_ok(gd_game_solution(sparse, x));
    for (size_t k = 0; k < N; k++) ck_assert(x[k] == 0);
    gd_game_destroy(dense);
    gd_game_destroy(sparse);
    gd_sparse_destroy(c);
    gd_sparse_destroy(b);
    gd_sparse_destroy(a);
  }
}
END_TEST

static void assert_refuses(gd_status status, gd_status expected, const char *words) {
  ck_assert_int_eq(status, expected);
  ck_assert_msg(strstr(gd_last_error(), words), "\"%s\" lacks \"%s\"", gd_last_error(), words);
}

START_TEST(says_what_does_not_fit) {
  const size_t ones[] = {1, 1}, three[] = {1, 2}, none[] = {2, 0};
  const double turn[] = {0, 1, -1, 0}, lopsided[] = {0, 1, -2, 0}, b[] = {0, NAN};
  gd_sparse *J = sparse_of(2, 2, turn), *K = sparse_of(2, 2, lopsided);
  gd_game *game = NULL;
  assert_refuses(gd_model_sparse(&game, 2, ones, NULL, NULL, 0, NULL), GD_ERR_ARGUMENT, "J is NULL");
  assert_refuses(gd_model_sparse(&game, 2, three, J, NULL, 0, NULL), GD_ERR_ARGUMENT, "the players have 3 variables");
  assert_refuses(gd_model_sparse(&game, 2, none, J, NULL, 0, NULL), GD_ERR_ARGUMENT, "block_sizes[1] is 0");
  assert_refuses(gd_model_sparse(&game, 2, ones, J, b, 0, NULL), GD_ERR_NONFINITE, "b[1] is nan");
  assert_refuses(gd_model_sparse(&game, 2, ones, J, NULL, GD_POTENTIAL, NULL), GD_ERR_ARGUMENT, "not symmetric");
  assert_refuses(gd_model_sparse(&game, 2, ones, K, NULL, GD_ZERO_SUM, NULL), GD_ERR_ARGUMENT, "J_21 is not -J_12'");
  assert_refuses(gd_model_sparse(&game, 1, (size_t[]){2}, J, NULL, GD_ZERO_SUM, NULL), GD_ERR_ARGUMENT, "1 players");
  assert_refuses(gd_model_sparse(&game, 2, ones, J, NULL, GD_STOCHASTIC, NULL), GD_ERR_ARGUMENT, "traits");
  assert_refuses(gd_model_sparse_quadratic(&game, K, NULL, J, NULL), GD_ERR_ARGUMENT, "A is not symmetric");
  assert_refuses(gd_model_sparse_quadratic(&game, NULL, NULL, NULL, NULL), GD_ERR_ARGUMENT, "C is NULL");
  ck_assert_ptr_null(game);
  assert_ok(gd_model_sparse(&game, 2, ones, J, NULL, GD_ZERO_SUM, NULL));
  gd_game_destroy(game);
  gd_sparse_destroy(K);
  gd_sparse_destroy(J);
}
END_TEST

static gd_status make_and_evaluate(const gd_env *env, void *argument) {
  const gd_entry entries[] = {{1, 0, 2}, {0, 1, 3}};
  const double x[] = {1, 2, 3, 4};
  double v[4];
  gd_sparse *C = NULL;
  gd_game *game = NULL;
  (void)argument;
  gd_status status = gd_sparse_create(&C, 2, 2, 2, entries, env);
  if (status == GD_OK) status = gd_model_sparse_quadratic(&game, NULL, NULL, C, env);
  if (status == GD_OK) status = gd_game_gradient(game, x, v);
  gd_game_destroy(game);
  gd_sparse_destroy(C);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  ck_assert_uint_ge(refuse_each_allocation(make_and_evaluate, NULL), 10);
}
END_TEST

TEST_SUITE("sparse", is_the_affine_game_of_its_matrix, is_the_quadratic_game_of_its_blocks, says_what_does_not_fit,
           survives_every_refused_allocation)
