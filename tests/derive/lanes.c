/* SPDX-License-Identifier: BSD-3-Clause */
/* lanes.c -- lanes are made when all are taken, kept, and fail without harm. */
#include "derive/lanes.h"

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

/* Two lanes at once at different draws, then again. */
static gd_status take_two(const gd_env *env, void *argument) {
  const test_game kind = noisy_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  const gd_draw draw = {1, 2, 3, 4};
  size_t *made = argument;
  gdi_env own;
  gd_game *base = NULL;
  GD_TRY(gdi_env_copy(&own, env));
  GD_TRY(gd_game_create(&base, &spec));
  gdi_lanes lanes;
  gd_status status = gdi_lanes_open(&lanes, &own, base, (gdi_lane_needs){.quantities = 1u << GD_VJP, .vectors = 1});
  gd_game_destroy(base);
  for (int round = 0; round < 2 && status == GD_OK; round++) {
    gdi_lane *first = NULL, *second = NULL;
    status = gdi_lanes_take(&lanes, NULL, &first);
    if (status == GD_OK) {
      status = gdi_lanes_take(&lanes, &draw, &second);
      ck_assert_ptr_ne(first, second);
      ck_assert(!gd_game_get_draw(first->base, NULL));
      if (status == GD_OK) ck_assert(gd_game_get_draw(second->base, NULL));
      gdi_lanes_return(&lanes, first);
      if (second) gdi_lanes_return(&lanes, second);
    }
  }
  *made = 0;
  for (const gdi_lane *lane = lanes.idle; lane; lane = lane->next) ++*made;
  gdi_lanes_close(&lanes);
  return status;
}

START_TEST(makes_a_lane_only_when_all_are_taken) {
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

TEST_SUITE("lanes", makes_a_lane_only_when_all_are_taken, survives_every_refused_allocation)
