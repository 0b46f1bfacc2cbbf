/* SPDX-License-Identifier: BSD-3-Clause */
/* handles.c -- handles are made when all are taken, kept, and fail without harm. */
#include "derive/handles.h"

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

/* Two handles at once at different draws, then again. */
static gd_status take_two(const gd_env *env, void *argument) {
  const test_game kind = noisy_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  const gd_draw draw = {1, 2, 3, 4};
  size_t *made = argument;
  gdi_env own;
  gd_game *base = NULL;
  GD_TRY(gdi_env_copy(&own, env));
  GD_TRY(gd_game_create(&base, &spec));
  const gd_derivation_plan plan = {.needs = 1u << GD_VJP, .scratch = gd_game_size(base)};
  gdi_handles handles;
  gd_status status = gdi_handles_open(&handles, &own, base, &plan, NULL);
  gd_game_destroy(base);
  for (int round = 0; round < 2 && status == GD_OK; round++) {
    gdi_handle *first = NULL, *second = NULL;
    status = gdi_handles_take(&handles, NULL, &first);
    if (status == GD_OK) {
      status = gdi_handles_take(&handles, &draw, &second);
      ck_assert_ptr_ne(first, second);
      ck_assert(!gd_game_get_draw(first->at.base, NULL));
      if (status == GD_OK) ck_assert(gd_game_get_draw(second->at.base, NULL));
      gdi_handles_return(&handles, first);
      if (second) gdi_handles_return(&handles, second);
    }
  }
  *made = 0;
  for (const gdi_pooled *item = handles.pool.idle; item; item = item->next) ++*made;
  gdi_handles_close(&handles);
  return status;
}

START_TEST(makes_a_handle_only_when_all_are_taken) {
  size_t made = 0;
  assert_ok(take_two(NULL, &made));
  ck_assert_uint_eq(made, 2);
}
END_TEST

START_TEST(survives_every_refused_allocation) {
  size_t made = 0;
  ck_assert_uint_ge(refuse_each_allocation(take_two, &made), 4 + 1 + 2 * 3);
}
END_TEST

TEST_SUITE("handles", makes_a_handle_only_when_all_are_taken, survives_every_refused_allocation)
