/* SPDX-License-Identifier: BSD-3-Clause */
/* custom.c -- derivations of one's own: weight decay, v - c x, and a game without its second player. */
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/derivation.h>
#include <gamedyn/game.h>

/* ---- weight decay: U_i - c |x_i|^2 / 2, so that v - c x and J - c I ---- */

typedef struct decay {
  double rate;
} decay;

static double rate_of(const gd_derived *at) { return ((const decay *)at->params)->rate; }

static gd_status decay_plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  const double rate = ((const decay *)params)->rate;
  (void)base;
  if (!(rate >= 0)) return gd_fail(GD_ERR_ARGUMENT, "decay: rate is %g, expected 0 or more", rate);
  plan->needs = 1u << GD_JVP;
  plan->has_solution = false;
  return GD_OK;
}

static gd_status decay_gradient(const gd_derived *at, const double *x, double *v) {
  GD_TRY(gd_game_gradient(at->base, x, v));
  for (size_t k = 0; k < gd_game_size(at->base); k++) v[k] -= rate_of(at) * x[k];
  return GD_OK;
}

static gd_status decay_jvp(const gd_derived *at, const double *x, const double *u, double *Ju) {
  GD_TRY(gd_game_jvp(at->base, x, u, Ju));
  for (size_t k = 0; k < gd_game_size(at->base); k++) Ju[k] -= rate_of(at) * u[k];
  return GD_OK;
}

static const gd_derivation weight_decay = {.struct_size = sizeof(gd_derivation),
                                           .name = "weight_decay",
                                           .params_size = sizeof(decay),
                                           .plan = decay_plan,
                                           .gradient = decay_gradient,
                                           .jvp = decay_jvp};

/* On v = (-omega, theta) at (2, 3) with c = 1/2: v = (-3 - 1, 2 - 3/2) and J (1, 1) = (-1 - 1/2, 1 - 1/2). */
START_TEST(computes_what_the_table_says) {
  const test_game kind = rotation_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  decay params = {0.5};
  const double x[] = {2, 3}, u[] = {1, 1};
  double v[2], Ju[2], s[2];
  assert_ok(gd_derive(&game, base, &weight_decay, &params));
  params.rate = 100; /* the game has a copy */
  gd_game_destroy(base);
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_jvp(game, x, u, Ju));
  ck_assert(v[0] == -4 && v[1] == 0.5);
  ck_assert(Ju[0] == -1.5 && Ju[1] == 0.5);
  ck_assert_str_eq(gd_game_name(game), "weight_decay(rotation)");
  ck_assert_int_lt(gd_game_solution(game, s), 0);
  gd_game_destroy(game);
}
END_TEST

/* ---- the first player alone, the other one's variables held at 1 ---- */

static gd_status alone_plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  (void)params;
  plan->block_sizes[1] = 0;
  plan->traits = 0;
  plan->scratch = 2 * gd_game_size(base);
  plan->offers = ~0u; /* what the table lacks is not offered all the same */
  return GD_OK;
}

static gd_status alone_gradient(const gd_derived *at, const double *x, double *v) {
  double *all = at->scratch, *answer = all + gd_game_size(at->base);
  all[0] = x[0];
  all[1] = 1;
  GD_TRY(gd_game_gradient(at->base, all, answer));
  v[0] = answer[0];
  return GD_OK;
}

static const gd_derivation alone = {
    .struct_size = sizeof(gd_derivation), .name = "alone", .plan = alone_plan, .gradient = alone_gradient};

START_TEST(leaves_out_a_player) {
  const test_game kind = rotation_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  const double x[] = {7};
  double v[] = {0}, s[] = {0};
  assert_ok(gd_derive(&game, base, &alone, NULL));
  ck_assert_uint_eq(gd_game_players(game), 1);
  ck_assert_uint_eq(gd_game_size(game), 1);
  assert_ok(gd_game_gradient(game, x, v));
  ck_assert(v[0] == -1); /* -omega */
  ck_assert_int_eq(gd_game_solution(game, s), GD_ERR_UNSUPPORTED);
  ck_assert_int_eq(gd_game_source(game, GD_UTILITIES), GD_SOURCE_NONE);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

/* ---- mistakes ---- */

static void assert_refused(gd_game *base, const gd_derivation *table, const void *params, gd_status status,
                           const char *words) {
  gd_game *game = NULL;
  ck_assert_int_eq(gd_derive(&game, base, table, params), status);
  ck_assert_msg(strstr(gd_last_error(), words), "\"%s\" lacks \"%s\"", gd_last_error(), words);
  ck_assert_ptr_null(game);
}

START_TEST(says_what_is_wrong_with_a_table) {
  const test_game kind = rotation_game(), box = boxed_game();
  gd_game *base = create_test_game(&kind, NULL), *boxed = create_test_game(&box, NULL);
  const decay half = {0.5}, negative = {-1};
  gd_derivation table = weight_decay;
  assert_refused(base, NULL, &half, GD_ERR_ARGUMENT, "derivation is NULL");
  assert_refused(base, &weight_decay, NULL, GD_ERR_ARGUMENT, "params is NULL");
  assert_refused(base, &weight_decay, &negative, GD_ERR_ARGUMENT, "rate is -1, expected 0 or more");
  assert_refused(NULL, &weight_decay, &half, GD_ERR_ARGUMENT, "base is NULL");
  assert_refused(boxed, &alone, NULL, GD_ERR_UNSUPPORTED, "a projection of its own");
  table.gradient = NULL;
  assert_refused(base, &table, &half, GD_ERR_ARGUMENT, "has no gradient");
  table = weight_decay;
  table.name = "";
  assert_refused(base, &table, &half, GD_ERR_ARGUMENT, "name");
  table = weight_decay;
  table.corrects = true;
  assert_refused(boxed, &table, &half, GD_ERR_UNSUPPORTED, "feasible set");
  table.struct_size = 1;
  assert_refused(base, &table, &half, GD_ERR_STRUCT, "struct_size");
  gd_game_destroy(boxed);
  gd_game_destroy(base);
}
END_TEST

static gd_status derive_and_evaluate(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  const double x[] = {2, 3};
  gd_game *base = NULL, *game = NULL;
  GD_TRY(gd_game_create(&base, &spec));
  gd_status status = gd_derive(&game, base, &weight_decay, argument);
  gd_game_destroy(base);
  double v[2];
  if (status == GD_OK) status = gd_game_gradient(game, x, v);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  decay half = {0.5};
  ck_assert_uint_ge(refuse_each_allocation(derive_and_evaluate, &half), 6);
}
END_TEST

/* ---- the registry ---- */

START_TEST(lists_names_once_and_finds_each) {
  const gd_derivation *derivation;
  size_t count = 0;
  for (; (derivation = gd_derivation_at(count)); count++) {
    ck_assert_ptr_eq(gd_derivation_find(derivation->name), derivation);
    ck_assert(derivation->text && *derivation->text);
  }
  ck_assert_uint_eq(count, 9);
  ck_assert_ptr_null(gd_derivation_find("weight_decay"));
  ck_assert_ptr_null(gd_derivation_find(NULL));
}
END_TEST

TEST_SUITE("custom", computes_what_the_table_says, leaves_out_a_player, says_what_is_wrong_with_a_table,
           survives_every_refused_allocation, lists_names_once_and_finds_each)
