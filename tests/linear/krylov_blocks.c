/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov_blocks.c -- eigenvalues from products of several vectors at a time: against LAPACK, and where they occur more
 * than once. */
#include <gamedyn/game.h>
#include <gamedyn/spectrum.h>

#include "support/failing_memory.h"
#include "support/matrices.h"
#include "support/suite.h"

#include <float.h>
#include <math.h>

enum { SIZE = 100, WANTED = 4 };
static double A[SIZE * SIZE];

/* v = A x for one player, who counts what is asked and fails at call number fail_at with `code`. */
typedef struct product {
  size_t singles, blocks, vectors, fail_at;
  int code;
} product;

static void multiply(const double *u, double *out) {
  for (size_t i = 0; i < SIZE; i++) out[i] = 0;
  for (size_t j = 0; j < SIZE; j++)
    for (size_t i = 0; i < SIZE; i++) out[i] += A[i + j * SIZE] * u[j];
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  multiply(x, v);
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)draw, (void)x;
  ((product *)data)->singles++;
  multiply(u, Ju);
  return 0;
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  product *p = data;
  (void)draw, (void)x;
  p->vectors += k;
  for (size_t c = 0; c < k; c++) multiply(U + c * SIZE, JU + c * SIZE);
  return ++p->blocks == p->fail_at ? p->code : 0;
}

static gd_operator *create(product *p, const gd_env *env, gd_game **game) {
  static const double origin[SIZE] = {0};
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient, .jvp = jvp, .jvp_many = jvp_many};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = p,
                             .n_players = 1,
                             .block_sizes = (const size_t[]){SIZE},
                             .env = env};
  gd_operator *op = NULL;
  assert_ok(gd_game_create(game, &spec));
  assert_ok(gd_operator_jacobian(&op, *game, origin));
  return op;
}

static gd_spectrum_options asking(gd_which which, size_t block) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = which;
  options.count = WANTED;
  options.block = block;
  options.subspace = 40;
  options.dense_limit = 0;
  options.confirm = false;
  return options;
}

/* The wanted ones one by one as LAPACK orders them; eigenvalues of these matrices are known to `accuracy`. */
static void check_kind(matrix_kind *kind, bool symmetric, double accuracy) {
  kind(SIZE, A);
  for (size_t block = 2; block <= 4; block++)
    for (int which = GD_LARGEST_MODULUS; which <= GD_SMALLEST_REAL; which++) {
      product p = {0};
      gd_game *game = NULL;
      gd_operator *op = create(&p, NULL, &game);
      gd_spectrum *some = NULL, *all = NULL;
      gd_spectrum_options options = asking((gd_which)which, block);
      options.symmetric = symmetric;
      assert_ok(gd_spectrum_compute(&some, op, &options));
      options.dense_limit = SIZE;
      assert_ok(gd_spectrum_compute(&all, op, &options));
      for (size_t k = 0; k < WANTED; k++) {
        const double re = gd_spectrum_real(some)[k], im = fabs(gd_spectrum_imaginary(some)[k]);
        const double wanted_re = gd_spectrum_real(all)[k], wanted_im = fabs(gd_spectrum_imaginary(all)[k]);
        assert_close(hypot(re, im), hypot(wanted_re, wanted_im), 0, accuracy);
        if (which != GD_LARGEST_MODULUS) assert_close(re, wanted_re, 0, accuracy); /* else -lambda may be as good */
        ck_assert(gd_spectrum_residual(some)[k] <= 1e-10 * hypot(re, im) + 1e-13);
      }
      gd_spectrum_destroy(all);
      gd_spectrum_destroy(some);
      gd_operator_destroy(op);
      gd_game_destroy(game);
    }
}

START_TEST(agrees_with_lapack_in_blocks) {
  check_kind(random_matrix, false, 1e-7);
  check_kind(zero_sum_matrix, false, 1e-7);
  check_kind(symmetric_matrix, true, 1e-9);
}
END_TEST

/* diag(9, 9, 9, 8, 1, ...): w starts see 9 at least w times, for more it takes luck, or rounding. */
START_TEST(finds_eigenvalues_as_often_as_they_occur) {
  for (size_t k = 0; k < SIZE * SIZE; k++) A[k] = 0;
  for (size_t k = 0; k < SIZE; k++) A[k * (SIZE + 1)] = k < 3 ? 9 : k == 3 ? 8 : (double)k / SIZE;
  for (size_t block = 1; block <= 4; block++)
    for (int symmetric = 0; symmetric < 2; symmetric++) {
      product p = {0};
      gd_game *game = NULL;
      gd_operator *op = create(&p, NULL, &game);
      gd_spectrum *some = NULL;
      gd_spectrum_options options = asking(GD_LARGEST_REAL, block);
      options.symmetric = symmetric;
      assert_ok(gd_spectrum_compute(&some, op, &options));
      for (size_t k = 0; k < block && k < 3; k++) assert_close(gd_spectrum_real(some)[k], 9, 1e-10, 0);
      if (block >= 3) assert_close(gd_spectrum_real(some)[3], 8, 1e-10, 0);
      gd_spectrum_destroy(some);
      gd_operator_destroy(op);
      gd_game_destroy(game);
    }
}
END_TEST

START_TEST(multiplies_blocks_at_a_time) {
  random_matrix(SIZE, A);
  product p = {0};
  gd_game *game = NULL;
  gd_operator *op = create(&p, NULL, &game);
  gd_spectrum *some = NULL;
  gd_spectrum_options options = asking(GD_LARGEST_MODULUS, 3);
  options.residuals = false;
  assert_ok(gd_spectrum_compute(&some, op, &options));
  ck_assert_uint_eq(p.singles, 0);
  ck_assert_uint_eq(p.vectors, 3 * p.blocks);
  ck_assert_uint_eq(gd_spectrum_products(some), p.vectors);
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
  gd_game_destroy(game);
}
END_TEST

START_TEST(passes_on_whichever_block_fails) {
  random_matrix(SIZE, A);
  for (size_t fail_at = 1;; fail_at++) {
    product p = {.fail_at = fail_at, .code = fail_at % 2 ? -1 : 1};
    failing_memory memory;
    failing_memory_init(&memory, 0);
    gd_game *game = NULL;
    gd_spectrum *some = NULL;
    gd_operator *op = create(&p, &memory.env, &game);
    const size_t live = memory.live;
    const gd_spectrum_options options = asking(GD_LARGEST_REAL, 3);
    const gd_status status = gd_spectrum_compute(&some, op, &options);
    const bool done = p.blocks < fail_at;
    ck_assert_int_eq(status, done ? GD_OK : fail_at % 2 ? GD_ERR_CALLBACK : GD_ERR_DOMAIN);
    if (!done) ck_assert(!some && memory.live == live);
    gd_spectrum_destroy(some);
    gd_operator_destroy(op);
    gd_game_destroy(game);
    if (done) break;
  }
}
END_TEST

/* No room for two blocks of four beside the subspace in a space of six: one vector at a time then. */
START_TEST(takes_smaller_blocks_on_small_operators) {
  const double small[36] = {6, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0,
                            0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1};
  gd_operator *op = NULL;
  gd_spectrum *some = NULL;
  gd_spectrum_options options = asking(GD_LARGEST_REAL, 4);
  options.subspace = 0;
  assert_ok(gd_operator_dense(&op, 6, 6, small, 6, NULL));
  assert_ok(gd_spectrum_compute(&some, op, &options));
  for (size_t k = 0; k < WANTED; k++) assert_close(gd_spectrum_real(some)[k], 6 - (double)k, 1e-12, 0);
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_operator *op = NULL;
  gd_spectrum *some = NULL;
  const gd_spectrum_options options = asking(GD_LARGEST_REAL, 3);
  (void)argument;
  GD_TRY(gd_operator_dense(&op, SIZE, SIZE, A, SIZE, env));
  const gd_status status = gd_spectrum_compute(&some, op, &options);
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  random_matrix(SIZE, A);
  ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 15);
}
END_TEST

START_TEST(refuses_senseless_wishes) {
  gd_operator *op = NULL;
  gd_spectrum *none = NULL;
  assert_ok(gd_operator_dense(&op, SIZE, SIZE, A, SIZE, NULL));
  gd_spectrum_options options = asking(GD_LARGEST_REAL, 0);
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "block is 0");
  options = asking(GD_CLOSEST, 2);
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "1 for GD_CLOSEST");
  options = asking(GD_LARGEST_REAL, 4);
  options.subspace = WANTED + 5;
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "at least count + 2 + block = 10");
  gd_operator_destroy(op);
}
END_TEST

START_TEST(games_multiply_many_vectors) {
  random_matrix(SIZE, A);
  static double U[3 * SIZE], JU[3 * SIZE], expected[SIZE];
  const double x[SIZE] = {0};
  product p = {0};
  gd_game *game = NULL;
  gd_operator *op = create(&p, NULL, &game);
  for (size_t k = 0; k < 3 * SIZE; k++) U[k] = sin((double)k);
  assert_ok(gd_game_jvp_many(game, x, 3, U, JU));
  ck_assert(p.blocks == 1 && p.vectors == 3 && p.singles == 0);
  for (size_t c = 0; c < 3; c++) {
    multiply(U + c * SIZE, expected);
    ck_assert_mem_eq(JU + c * SIZE, expected, sizeof expected);
  }
  assert_fails(gd_game_jvp_many(game, x, 0, U, JU), GD_ERR_ARGUMENT, "k is 0");
  assert_fails(gd_game_jvp_many(game, x, 3, U, U), GD_ERR_ARGUMENT, "output overlaps its direction");
  gd_operator_destroy(op);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("krylov_blocks", agrees_with_lapack_in_blocks, finds_eigenvalues_as_often_as_they_occur,
           multiplies_blocks_at_a_time, passes_on_whichever_block_fails, takes_smaller_blocks_on_small_operators,
           survives_every_refused_allocation, refuses_senseless_wishes, games_multiply_many_vectors)
