/* SPDX-License-Identifier: BSD-3-Clause */
/* reductions.c -- whatever adds up over ranks: when its k-th reduction fails, for every k, it ends in that failure. */
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/game.h>
#include <gamedyn/run.h>

/* Two ranks, of which the other holds zeros and never asks for anything. */
typedef struct failing_comm {
  size_t calls, fail_at;
  gd_comm comm;
  gd_env env;
} failing_comm;

static int reduce(void *context, gd_reduction op, double *values, size_t count) {
  failing_comm *own = context;
  (void)op, (void)values, (void)count;
  return ++own->calls == own->fail_at ? 13 : 0;
}

typedef gd_status attempt(gd_game *game, double *x);

static gd_status dot(gd_game *game, double *x) { return gd_game_dot(game, x, x, &(double){0}); }
static gd_status norm(gd_game *game, double *x) { return gd_game_norm(game, x, &(double){0}); }
static gd_status check(gd_game *game, double *x) { return gd_game_check(game, x, 1, NULL); }

static gd_status difference(gd_game *game, double *x) {
  double out[8];
  return gd_game_jvp(game, x, (const double[8]){1, 1}, out);
}

static gd_status run_for(gd_game *game, double *x, const char *method, double tolerance) {
  gd_stepper *stepper = NULL;
  gd_trace *trace = NULL;
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = 3;
  options.check_every = 2;
  options.gradient_tolerance = tolerance;
  gd_status status = gd_stepper_create_named(&stepper, game, method);
  if (status >= 0) status = gd_stepper_set(stepper, GD_STEP_SIZE, 0.25);
  if (status >= 0) status = gd_trace_create(&trace, game, GD_TRACE_GRADIENT_NORM, NULL);
  const gd_observer observer = gd_trace_observer(trace);
  options.observers = &observer;
  options.n_observers = trace ? 1 : 0;
  if (status >= 0) status = gd_run(stepper, x, &options, NULL);
  if (status >= 0) status = gd_trace_status(trace);
  gd_trace_destroy(trace);
  gd_stepper_destroy(stepper);
  return status;
}

static gd_status run(gd_game *game, double *x) { return run_for(game, x, GD_SIMULTANEOUS, 1e-8); }
static gd_status run_without_looks(gd_game *game, double *x) { return run_for(game, x, GD_EXTRAGRADIENT, 0); }

static attempt *const attempts[] = {dot, norm, difference, check, run, run_without_looks};

static size_t fail_each_reduction(const test_game *kind, attempt *ask) {
  failing_comm own = {.comm = {sizeof(gd_comm), &own, 0, 2, reduce}};
  own.env = (gd_env){.struct_size = sizeof own.env, .comm = &own.comm};
  gd_game *game = create_test_game(kind, &own.env);
  for (size_t k = 1;; k++) {
    double x[8] = {0.5, 0.25, -0.5, 1, 0.125};
    own.calls = 0, own.fail_at = k;
    gd_fail(GD_ERR_REDUCE, "an older failure");
    const gd_status status = ask(game, x);
    if (own.calls < k) {
      assert_ok(status);
      gd_game_destroy(game);
      return k - 1;
    }
    ck_assert_msg(status == GD_ERR_REDUCE && strstr(gd_last_error(), "comm->reduce returned 13 on rank 0 of 2"),
                  "reduction %zu: %s (%s)", k, gd_status_name(status), gd_last_error());
  }
}

START_TEST(no_failed_reduction_ends_in_an_answer) {
  test_game kind = curved_game();
  kind.traits |= GD_PARTITIONED;
  kind.ops.jvp = NULL, kind.ops.vjp = NULL, kind.ops.jvp_many = NULL, kind.ops.jacobian = NULL;
  kind.ops.gradient_vjp = NULL;
  for (size_t k = 0; k < sizeof attempts / sizeof *attempts; k++)
    ck_assert_uint_ge(fail_each_reduction(&kind, attempts[k]), 1);
}
END_TEST

TEST_SUITE("reductions", no_failed_reduction_ends_in_an_answer)
