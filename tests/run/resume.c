/* SPDX-License-Identifier: BSD-3-Clause */
/* resume.c -- a run interrupted after any step, by any method with any scaling, continues bit for bit. */
#include <gamedyn/checkpoint.h>

#include "support/files.h"
#include "support/runs.h"

enum { STEPS = 4, MOST = 5 };

/* What a case runs: on exact gradients, or sampled on minibatches. */
typedef struct resume_case {
  test_game kind;
  bool samples;
  const gd_method *method;
  const char *scaling;
  char path[FILE_PATH_SIZE];
} resume_case;

static gd_stepper *make_stepper(const resume_case *of) {
  gd_stepper *stepper = steps_of(&of->kind, of->method->name, 0.05);
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.batch_size = of->samples ? 3 : 0;
  options.seed = 7;
  assert_ok(gd_game_configure(gd_stepper_game(stepper), &options));
  return stepper;
}

static void run_steps(gd_stepper *stepper, double *x, uint64_t steps) {
  const gd_run_options options = only_steps(steps);
  gd_run_result result;
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_msg(result.stop == GD_STOP_STEPS, "%s %s: %s (%s)", gd_stepper_method(stepper)->name,
                gd_stepper_scaling(stepper), gd_stop_text(result.stop), gd_last_error());
}

/* Near the curved game's stationary point, so that no method leaves for infinity. */
static void start_at(double *x) { memcpy(x, (const double[MOST]){0.6, -0.2, 0.9, -0.9, 0.2}, MOST * sizeof *x); }

/* A stepper that has lived another life takes over after `phase` steps. */
static void resume_at(const resume_case *of, uint64_t phase, const double *expected) {
  gd_stepper *first = make_stepper(of), *second = make_stepper(of);
  double x[MOST], y[MOST] = {0.5, -0.2, 1, -0.8, 0.1};
  start_at(x);
  assert_ok(gd_stepper_set_scaling(first, of->scaling));
  run_steps(first, x, phase);
  assert_ok(gd_checkpoint_write(of->path, first, x));
  assert_ok(gd_stepper_set(second, GD_STEP_SIZE, 0.01));
  run_steps(second, y, 2);
  assert_ok(gd_checkpoint_read(of->path, second, y));
  ck_assert_mem_eq(x, y, gd_game_size(gd_stepper_game(first)) * sizeof *x);
  ck_assert_uint_eq(gd_stepper_steps(second), phase);
  ck_assert_str_eq(gd_stepper_scaling(second), of->scaling);
  run_steps(second, y, STEPS - phase);
  for (size_t k = 0; k < gd_game_size(gd_stepper_game(first)); k++)
    ck_assert_msg(memcmp(&y[k], &expected[k], sizeof *y) == 0, "%s, %s, phase %d: x[%zu] = %.17g, expected %.17g",
                  of->method->name, of->scaling, (int)phase, k, y[k], expected[k]);
  release_steps(first);
  release_steps(second);
}

static void resume_at_every_phase(resume_case *of) {
  double expected[MOST];
  gd_stepper *stepper = make_stepper(of);
  start_at(expected);
  assert_ok(gd_stepper_set_scaling(stepper, of->scaling));
  run_steps(stepper, expected, STEPS);
  release_steps(stepper);
  for (uint64_t phase = 0; phase <= STEPS; phase++) resume_at(of, phase, expected);
}

static void resume_every_method(test_game kind, bool samples) {
  resume_case of = {.kind = kind, .samples = samples};
  size_t cases = 0;
  file_make(of.path);
  for (size_t m = 0; (of.method = gd_method_at(m)); m++)
    for (size_t s = kind.ops.project && of.method->traits & GD_METHOD_UNCONSTRAINED ? SIZE_MAX : 0;
         (of.scaling = gd_scaling_at(s)); s++, cases++)
      resume_at_every_phase(&of);
  unlink(of.path);
  ck_assert_uint_ge(cases, (kind.ops.project ? 6 : 8) * 3);
}

START_TEST(resumes_on_a_curved_game) { resume_every_method(curved_game(), false); }
END_TEST

START_TEST(resumes_on_minibatches) { resume_every_method(noisy_game(), true); }
END_TEST

START_TEST(resumes_on_a_feasible_set) { resume_every_method(boxed_game(), false); }
END_TEST

TEST_SUITE("resume", resumes_on_a_curved_game, resumes_on_minibatches, resumes_on_a_feasible_set)
