/* SPDX-License-Identifier: BSD-3-Clause */
/* outputs.c -- outputs that overlap inputs are refused; of many answers all are given or none. */
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

enum { N = 4, FREE = 64 }; /* FREE: where nothing overlaps */

/* Each function with its output at `out` and its inputs at other places of one array; N variables, three players. */
typedef gd_status attempt(gd_game *game, double *array, size_t out);

static gd_status gradient(gd_game *game, double *a, size_t out) { return gd_game_gradient(game, a + 8, a + out); }
static gd_status player(gd_game *game, double *a, size_t out) {
  return gd_game_player_gradient(game, 0, a + 8, a + out); /* a block of one number */
}
static gd_status utilities(gd_game *game, double *a, size_t out) { return gd_game_utilities(game, a + 8, a + out); }
static gd_status utility(gd_game *game, double *a, size_t out) {
  return gd_game_utility_gradient(game, 0, a + 8, a + out);
}
static gd_status jvp(gd_game *game, double *a, size_t out) { return gd_game_jvp(game, a + 8, a + 32, a + out); }
static gd_status jvp_into_u(gd_game *game, double *a, size_t out) { return gd_game_jvp(game, a + 32, a + 8, a + out); }
static gd_status vjp(gd_game *game, double *a, size_t out) { return gd_game_vjp(game, a + 8, a + 32, a + out); }
static gd_status both(gd_game *game, double *a, size_t out) {
  return gd_game_gradient_vjp(game, a + 8, a + out, a + 32);
}
static gd_status both_into(gd_game *game, double *a, size_t out) {
  return gd_game_gradient_vjp(game, a + 8, a + 32, a + out);
}
static gd_status many(gd_game *game, double *a, size_t out) { return gd_game_gradient_many(game, 2, a + 8, a + out); }
static gd_status products(gd_game *game, double *a, size_t out) {
  return gd_game_jvp_many(game, a + 32, 2, a + 8, a + out);
}
static gd_status jacobian(gd_game *game, double *a, size_t out) { return gd_game_jacobian(game, a + 8, a + out, N); }

/* Inputs begin at number 8; each reaches up to before the number `end`, and outputs have `length`. */
static const struct {
  attempt *attempt;
  size_t end, length;
} attempts[] = {{gradient, 12, N},  {player, 12, 1},     {utilities, 12, 3},    {utility, 12, N},
                {jvp, 12, N},       {jvp_into_u, 12, N}, {vjp, 12, N},          {both, 12, N},
                {both_into, 12, N}, {many, 16, 2 * N},   {products, 16, 2 * N}, {jacobian, 12, N *N}};

START_TEST(an_output_that_overlaps_an_input_is_refused) {
  const test_game kind = general_game();
  gd_game *game = create_test_game(&kind, NULL);
  for (size_t k = 0; k < sizeof attempts / sizeof *attempts; k++) {
    const size_t length = attempts[k].length, end = attempts[k].end;
    double array[128] = {0};
    assert_ok(attempts[k].attempt(game, array, FREE));
    if (length <= 8) assert_ok(attempts[k].attempt(game, array, 8 - length)); /* right before */
    assert_ok(attempts[k].attempt(game, array, end));                         /* right after */
    for (size_t out = length <= 8 ? 9 - length : 0; out < end; out++)
      assert_fails(attempts[k].attempt(game, array, out), GD_ERR_ARGUMENT, "overlaps");
  }
  gd_game_destroy(game);
}
END_TEST

/* The rotation, whose call number fail_at fails. */
START_TEST(many_answers_are_all_there_or_none) {
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  gd_game *game = create_test_game(&kind, NULL);
  const double X[] = {1, 2, 3, 4, 5, 6};
  for (size_t k = 1; k <= 4; k++) {
    double V[6] = {9, 9, 9, 9, 9, 9};
    calls = (failing_calls){.fail_at = k, .code = -7};
    const gd_status status = gd_game_gradient_many(game, 3, X, V);
    ck_assert_int_eq(status, k <= 3 ? GD_ERR_CALLBACK : GD_OK);
    for (size_t i = 0; k <= 3 && i < 6; i++) ck_assert(V[i] == 9);
    /* v = (-omega, theta), a lane for each point */
    for (size_t i = 0; k == 4 && i < 3; i++) ck_assert(V[i] == -X[i + 3] && V[i + 3] == X[i]);
  }
  for (size_t k = 1; k <= 4; k++) {
    double JU[6] = {9, 9, 9, 9, 9, 9};
    calls = (failing_calls){.fail_at = k, .code = 3};
    const gd_status status = gd_game_jvp_many(game, (const double[]){0, 0}, 3, X, JU);
    ck_assert_int_eq(status, k <= 3 ? GD_ERR_DOMAIN : GD_OK);
    for (size_t i = 0; k <= 3 && i < 6; i++) ck_assert(JU[i] == 9);
    for (size_t c = 0; k == 4 && c < 3; c++) ck_assert(JU[2 * c] == -X[2 * c + 1] && JU[2 * c + 1] == X[2 * c]);
  }
  gd_game_destroy(game);
}
END_TEST

/* More points than there is memory for, and more than a size can count. */
START_TEST(numbers_of_points_that_cannot_be) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  const double x[] = {1, 0};
  double out[2] = {9, 9};
  assert_fails(gd_game_gradient_many(game, SIZE_MAX / 2, x, out), GD_ERR_ARGUMENT, "gradient_many: k is ");
  assert_fails(gd_game_jvp_many(game, x, SIZE_MAX / 2, x, out), GD_ERR_ARGUMENT, "k is ");
  double J[4];
  assert_fails(gd_game_jacobian(game, x, J, SIZE_MAX / 2), GD_ERR_ARGUMENT, "ldj is ");
  ck_assert(out[0] == 9 && out[1] == 9);
  gd_game_destroy(game);
}
END_TEST

/* Their room is asked for once, and again only for more points. */
static gd_status attempt_many(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  const double X[] = {1, 2, 3, 4, 5, 6};
  double V[6];
  gd_game *game = NULL;
  (void)argument;
  gd_status status = gd_game_create(&game, &spec);
  for (size_t k = 1; k <= 3 && status >= 0; k++) status = gd_game_gradient_many(game, k, X, V);
  for (size_t k = 1; k <= 3 && status >= 0; k++) status = gd_game_gradient_many(game, k, X, V);
  gd_game_destroy(game);
  return status;
}

/* Four for the game, one for a point, three for answers. */
START_TEST(room_for_many_answers_grows) { ck_assert_uint_eq(refuse_each_allocation(attempt_many, NULL), 8); }
END_TEST

TEST_SUITE("outputs", an_output_that_overlaps_an_input_is_refused, many_answers_are_all_there_or_none,
           numbers_of_points_that_cannot_be, room_for_many_answers_grows)
