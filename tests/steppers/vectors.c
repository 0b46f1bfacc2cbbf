/* SPDX-License-Identifier: BSD-3-Clause */
/* vectors.c -- scratch and memory: asked for in init, exchanged, forgotten or kept. */
#include "steppers/at_work.h"
#include "support/failing_memory.h"

#include <stdint.h>

typedef struct counter_params {
  const double *step_size;
} counter_params;

typedef struct counter_state {
  double *scratch, *memory, *other;
} counter_state;

static const gd_param counter_table[] = {GD_PARAM_STEP_SIZE(counter_params)};

/* memory += 1, x = memory */
static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  counter_state *state = gd_stepper_state(stepper);
  for (size_t k = 0; k < gd_game_size(game); k++) x[k] = state->scratch[k] = state->memory[k] + 1;
  gd_stepper_swap(stepper, &state->scratch, &state->memory);
  return GD_OK;
}

static gd_status init(gd_stepper *stepper) {
  counter_state *state = gd_stepper_state(stepper);
  state->scratch = gd_stepper_scratch(stepper);
  state->memory = gd_stepper_memory(stepper, "count");
  return GD_OK;
}

static const gd_method counter = {GD_METHOD_HEAD(counter, counter_table), .init = init, .step = step};

static gd_status create(gd_stepper **stepper, gd_game *game, gd_status (*its_init)(gd_stepper *)) {
  static gd_method method; /* must outlive the stepper */
  method = counter;
  method.init = its_init;
  return gd_stepper_create(stepper, game, &method);
}

START_TEST(memory_begins_at_zero_is_aligned_and_survives_swaps) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_ok(create(&stepper, game, init));
  const counter_state *state = gd_stepper_state(stepper);
  ck_assert_uint_eq((uintptr_t)state->memory % 64, 0);
  double x[5];
  for (int t = 1; t <= 5; t++) {
    assert_ok(gd_stepper_step(stepper, x));
    for (int k = 0; k < 5; k++) ck_assert(x[k] == t);
  }
  gd_stepper_reset(stepper);
  assert_ok(gd_stepper_step(stepper, x));
  ck_assert(x[0] == 1);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(swapping_what_is_no_vector_does_nothing) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_ok(create(&stepper, game, init));
  counter_state *state = gd_stepper_state(stepper);
  double mine[2], *pointer = mine, *memory = state->memory;
  gd_stepper_swap(stepper, &state->memory, &pointer);
  gd_stepper_swap(stepper, &state->memory, NULL);
  gd_stepper_swap(stepper, NULL, &state->memory);
  gd_stepper_swap(NULL, &state->memory, &state->scratch);
  gd_stepper_swap(stepper, &state->memory, &state->memory);
  ck_assert_ptr_eq(pointer, mine);
  ck_assert_ptr_eq(state->memory, memory);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(vectors_are_refused_outside_init) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_ok(create(&stepper, game, init));
  ck_assert_ptr_null(gd_stepper_scratch(stepper));
  ck_assert_str_eq(gd_last_error(), "vectors of a stepper can be created only in init");
  ck_assert_ptr_null(gd_stepper_memory(stepper, "late"));
  ck_assert_ptr_null(gd_stepper_scratch(NULL));
  ck_assert_ptr_null(gd_stepper_memory(NULL, "nobody's"));
  double x[2];
  assert_ok(gd_stepper_step(stepper, x)); /* no harm done */
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

static gd_status init_nameless(gd_stepper *stepper) {
  ck_assert_ptr_null(gd_stepper_memory(stepper, NULL));
  ck_assert_ptr_null(gd_stepper_memory(stepper, ""));
  return GD_OK;
}

static gd_status init_many(gd_stepper *stepper) {
  for (int k = 0; k < 100; k++) gd_stepper_scratch(stepper);
  return GD_OK;
}

static gd_status init_long_name(gd_stepper *stepper) {
  char name[65] = ""; /* one character more than there is room for */
  memset(name, 'm', 64);
  ck_assert_ptr_null(gd_stepper_memory(stepper, name));
  return GD_OK;
}

static gd_status init_same_name(gd_stepper *stepper) {
  ck_assert_ptr_nonnull(gd_stepper_memory(stepper, "kept"));
  ck_assert_ptr_null(gd_stepper_memory(stepper, "kept"));
  return GD_OK;
}

static gd_status init_goes_on(gd_stepper *stepper) {
  ck_assert_ptr_null(gd_stepper_memory(stepper, NULL));
  return gd_fail(GD_ERR_LAPACK, "a later failure");
}

/* Even if init overlooks it. */
START_TEST(what_cannot_be_given_fails_create) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_fails(create(&stepper, game, init_nameless), GD_ERR_ARGUMENT, "name is missing");
  assert_fails(create(&stepper, game, init_many), GD_ERR_UNSUPPORTED, "\"counter\" asks for more than 32 vectors");
  assert_fails(create(&stepper, game, init_long_name), GD_ERR_ARGUMENT, "shorter than 64");
  assert_fails(create(&stepper, game, init_same_name), GD_ERR_ARGUMENT, "\"kept\" twice");
  assert_fails(create(&stepper, game, init_goes_on), GD_ERR_ARGUMENT, "went on after a vector was refused");
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  (void)argument;
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = create(&stepper, game, init);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return status;
}

START_TEST(an_init_that_overlooks_missing_memory_is_caught) {
  ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 8);
}
END_TEST

TEST_SUITE("vectors", memory_begins_at_zero_is_aligned_and_survives_swaps, swapping_what_is_no_vector_does_nothing,
           vectors_are_refused_outside_init, what_cannot_be_given_fails_create,
           an_init_that_overlooks_missing_memory_is_caught)
