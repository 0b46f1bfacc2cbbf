/* SPDX-License-Identifier: BSD-3-Clause */
/* finite_points.c -- every question at a point refuses a point that is not finite, in words, also where J does not
 * depend on the point, and leaves its answer alone. */
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/bifurcation.h>
#include <gamedyn/classify.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/models.h>
#include <gamedyn/rates.h>
#include <gamedyn/run.h>
#include <gamedyn/solve.h>
#include <gamedyn/stability.h>
#include <gamedyn/stepper.h>
#include <string.h>

enum { N = 2, UNTOUCHED = 0x5a };

typedef struct subject {
  gd_game *game;
  gd_stepper *stepper;
  double x[N];
} subject;

typedef gd_status question(subject *s, void *out);

#define ASK(name, call)                                                                                                \
  static gd_status name(subject *s, void *out) {                                                                       \
    (void)out;                                                                                                         \
    return call;                                                                                                       \
  }

ASK(ask_gradient, gd_game_gradient(s->game, s->x, out))
ASK(ask_utilities, gd_game_utilities(s->game, s->x, out))
ASK(ask_jacobian, gd_game_jacobian(s->game, s->x, out, N))
ASK(ask_operator, gd_operator_jacobian(out, s->game, s->x))
ASK(ask_symmetric, gd_operator_symmetric(out, s->game, s->x))
ASK(ask_antisymmetric, gd_operator_antisymmetric(out, s->game, s->x))
ASK(ask_block, gd_operator_block(out, s->game, 0, 1, s->x))
ASK(ask_map, gd_stepper_map(out, s->stepper, s->x))
ASK(ask_map_at_rest, gd_stepper_map_at_rest(out, s->stepper, s->x))
ASK(ask_linearise, gd_linearise(out, s->game, s->x, NULL))
ASK(ask_newton, gd_newton_solve(s->game, s->x, NULL, out))
ASK(ask_step, gd_stepper_step(s->stepper, s->x))
ASK(ask_run, gd_run(s->stepper, s->x, NULL, NULL))

static question *const questions[] = {ask_gradient,      ask_utilities, ask_jacobian, ask_operator,    ask_symmetric,
                                      ask_antisymmetric, ask_block,     ask_map,      ask_map_at_rest, ask_linearise,
                                      ask_newton,        ask_step,      ask_run};

/* The rotation as an affine model, whose J is stored; and as a game with products of J that do not look at x. */
static void set_up(subject *s, int which) {
  static const size_t sizes[] = {1, 1};
  static const double J[] = {0, 1, -1, 0};
  const test_game kind = rotation_game();
  if (which == 0)
    assert_ok(gd_model_affine(&s->game, 2, sizes, J, N, NULL, NULL));
  else
    s->game = create_test_game(&kind, NULL);
  assert_ok(gd_stepper_create_named(&s->stepper, s->game, GD_OPTIMISTIC));
}

START_TEST(refuses_points_that_are_not_finite) {
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  for (int which = 0; which < 2; which++)
    for (size_t b = 0; b < 3; b++)
      for (size_t k = 0; k < sizeof questions / sizeof *questions; k++) {
        unsigned char out[2048];
        subject s = {.x = {1, bad[b]}};
        set_up(&s, which);
        memset(out, UNTOUCHED, sizeof out);
        gd_fail(GD_ERR_ARGUMENT, "an older failure");
        const gd_status status = questions[k](&s, out);
        ck_assert_msg(status == GD_ERR_NONFINITE || (status == GD_ERR_UNSUPPORTED && k == 1),
                      "game %d, question %zu: %s", which, k, gd_status_name(status));
        ck_assert_ptr_null(strstr(gd_last_error(), "older"));
        for (size_t i = 0; i < sizeof out && k > 1; i++) ck_assert_int_eq(out[i], UNTOUCHED);
        ck_assert(s.x[0] == 1);
        gd_stepper_destroy(s.stepper);
        gd_game_destroy(s.game);
      }
}
END_TEST

/* J of an affine game does not depend on x, so only the point tells. */
START_TEST(names_the_entry_of_the_point) {
  subject s = {.x = {1, NAN}};
  double J[N * N];
  set_up(&s, 0);
  assert_fails(gd_game_jacobian(s.game, s.x, J, N), GD_ERR_NONFINITE, "jacobian: x[1] is nan, expected a finite point");
  gd_linearisation *at = NULL;
  assert_fails(gd_linearise(&at, s.game, s.x, NULL), GD_ERR_NONFINITE,
               "gd_linearise: x[1] is nan, expected a finite point");
  gd_stepper_destroy(s.stepper);
  gd_game_destroy(s.game);
}
END_TEST

TEST_SUITE("finite_points", refuses_points_that_are_not_finite, names_the_entry_of_the_point)
