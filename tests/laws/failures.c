/* SPDX-License-Identifier: BSD-3-Clause */
/* failures.c -- a step whose k-th callback fails, for every k, changes neither x nor the stepper nor the draw; tried
 * again it does what it would have done. */
#include "laws/every.h"
#include "laws/through.h"
#include "steppers/bytes.h"

/* A step, the first or the third, with the draws and the future before and after it. */
typedef struct scene {
  through t;
  every_way way;
  gd_game *game;
  gd_stepper *stepper;
  size_t n;
  double start[EVERY_N], end[EVERY_N]; /* when nothing fails */
  bytes before, after;
} scene;

/* A stepper that has made nothing yet of what it may keep besides its memory, before the step. */
static void set_stepper(scene *s) {
  gd_stepper_destroy(s->stepper);
  s->stepper = every_stepper(s->game, &s->way, 0.0625);
  if (bytes_load(&s->before, s->stepper) != GD_OK) ck_abort_msg("cannot be loaded: %s", gd_last_error());
}

static scene *set_scene(gd_game *base, const every_way *way, int phase) {
  static scene s;
  s = (scene){.t = through_plain(base), .way = *way, .n = gd_game_size(base)};
  s.game = through_create(&s.t);
  if (gd_game_traits(s.game) & GD_STOCHASTIC) gd_game_set_draw(s.game, &(gd_draw){3, 1, 0, 2});
  s.stepper = every_stepper(s.game, way, 0.0625);
  every_point(base, 0.125, 9, s.start);
  for (int t = 0; t < phase; t++) assert_step(s.stepper, s.start, every_label(s.game, way));
  bytes_save(&s.before, s.stepper);
  memcpy(s.end, s.start, sizeof s.end);
  set_stepper(&s);
  s.t.calls = (failing_calls){0};
  assert_step(s.stepper, s.end, every_label(s.game, way));
  bytes_save(&s.after, s.stepper);
  return &s;
}

static void clear_scene(scene *s) {
  gd_stepper_destroy(s->stepper);
  gd_game_destroy(s->game);
}

/* The step with its k-th call failing.  True if it failed; a method that looks for a better point may recover from
 * a point outside the domain. */
static bool fails_unchanged(scene *s, size_t k, int code, const char *label) {
  double x[EVERY_N];
  set_stepper(s);
  memcpy(x, s->start, sizeof x);
  s->t.calls = (failing_calls){.fail_at = k, .code = code};
  const gd_status status = gd_stepper_step(s->stepper, x);
  const bool reached = s->t.calls.calls >= k;
  s->t.calls = (failing_calls){0};
  if (status >= 0) {
    if (code < 0 && reached) ck_abort_msg("%s: call %zu aborts and nobody cares", label, k);
    return false;
  }
  const gd_status expected = code < 0 ? GD_ERR_CALLBACK : code > 0 ? GD_ERR_DOMAIN : GD_ERR_NONFINITE;
  if (status != expected) ck_abort_msg("%s: call %zu: %s", label, k, gd_status_name(status));
  assert_bits(s->n, x, s->start, label);
  assert_saved_as(&s->before, s->stepper);
  return true;
}

static void assert_retried(scene *s, const char *label) {
  double x[EVERY_N];
  memcpy(x, s->start, sizeof x);
  assert_step(s->stepper, x, label);
  assert_bits(s->n, x, s->end, label);
  assert_saved_as(&s->after, s->stepper);
}

static void assert_failures_harmless(scene *s, size_t *failures) {
  const char *label = every_label(s->game, &s->way);
  const size_t calls = s->t.calls.calls;
  for (size_t k = 1; k <= calls; k++) {
    const int codes[] = {-1, k % 2}; /* abort; leave the domain, or answer with a NaN */
    for (size_t which = 0; which < 2; which++)
      if (fails_unchanged(s, k, codes[which], label)) {
        assert_retried(s, label);
        ++*failures;
      }
  }
  clear_scene(s);
}

START_TEST(a_failing_call_changes_nothing) {
  every_game it = {0};
  every_way way;
  size_t failures = 0;
  for (EVERY_GAME(it))
    for (size_t k = 0; every_way_at(&way, k); k++)
      for (int phase = every_refuses(it.game, &way) ? 3 : 0; phase < 3; phase += 2)
        assert_failures_harmless(set_scene(it.game, &way, phase), &failures);
  ck_assert_uint_gt(failures, 1000);
}
END_TEST

TEST_SUITE("failures", a_failing_call_changes_nothing)
