/* SPDX-License-Identifier: BSD-3-Clause */
/* step_growth.c -- what steps make of a distance, whatever the unit of what they remember. */
#include <gamedyn/nonnormal.h>
#include <gamedyn/stepper.h>

#include "support/linear_game.h"
#include "support/suite.h"

enum { N = 4, STEPS = 400 };

/* A stable zero-sum game of 2 + 2 variables, J = [[-A, -C], [C', -B]] times `unit`. */
static void make_jacobian(uint64_t seed, double unit, double *J) {
  gd_rng rng = gd_rng_make(seed, 0);
  double A[4] = {0}, B[4] = {0}, C[4];
  A[0] = uniform(&rng, 0.2, 1), A[3] = uniform(&rng, 0.2, 1);
  B[0] = uniform(&rng, 0.2, 1), B[3] = uniform(&rng, 0.2, 1);
  gd_rng_fill_normal(&rng, 4, C);
  for (size_t k = 0; k < 4; k++) C[k] /= 2;
  zero_sum_jacobian(2, 2, A, B, C, J);
  for (size_t k = 0; k < N * N; k++) J[k] *= unit;
}

typedef struct work {
  double J[N * N];
  linear_game data;
  gd_game *game;
  gd_stepper *stepper;
} work;

static void set_up(work *w, uint64_t seed, const char *method, double step_size, double unit) {
  *w = (work){.data = {.sizes = {2, 2}}};
  make_jacobian(seed, unit, w->J);
  w->data.J = w->J;
  w->game = create_linear_game(&w->data, GD_ZERO_SUM, NULL);
  assert_ok(gd_stepper_create_named(&w->stepper, w->game, method));
  assert_ok(gd_stepper_set(w->stepper, GD_STEP_SIZE, step_size / unit));
}

static void clear(work *w) {
  gd_stepper_destroy(w->stepper);
  gd_game_destroy(w->game);
}

typedef gd_status make_map(gd_operator **op, gd_stepper *stepper, const double *x);

static gd_growth growth_of(work *w, make_map *map) {
  const double origin[N] = {0};
  gd_operator *op = NULL;
  gd_growth growth;
  assert_ok(map(&op, w->stepper, origin));
  assert_ok(gd_step_growth(op, NULL, &growth));
  gd_operator_destroy(op);
  return growth;
}

/* |X|_2, X [N by N], by LAPACK through the library's own door. */
static double norm_of(const double *X) {
  gd_operator *op = NULL;
  double values[N];
  assert_ok(gd_operator_dense(&op, N, N, X, N, NULL));
  assert_ok(gd_singular_values(op, NULL, values, NULL));
  gd_operator_destroy(op);
  return values[0];
}

/* The game is linear: runs from the unit vectors are the columns of what becomes of any start. */
static gd_growth growth_of_runs(work *w) {
  static double runs[STEPS][N * N];
  gd_growth growth = {.largest = 1};
  for (size_t k = 0; k < N; k++) {
    double x[N] = {0};
    x[k] = 1;
    gd_stepper_reset(w->stepper);
    for (size_t t = 0; t < STEPS; t++) {
      assert_ok(gd_stepper_step(w->stepper, x));
      memcpy(runs[t] + k * N, x, sizeof x);
    }
  }
  gd_stepper_reset(w->stepper);
  for (size_t t = 0; t < STEPS; t++) {
    const double norm = norm_of(runs[t]);
    if (norm > growth.largest) growth = (gd_growth){.largest = norm, .at = (double)t + 1};
  }
  ck_assert_double_lt(norm_of(runs[STEPS - 1]), 0.1); /* and so nothing comes after */
  return growth;
}

static const char *const methods[] = {GD_SIMULTANEOUS, GD_OPTIMISTIC, GD_EXTRAGRADIENT, GD_ALTERNATING};
enum { METHODS = sizeof methods / sizeof *methods };

/* From the first step on, whose memory is that of no step before. */
START_TEST(is_what_runs_do) {
  for (uint64_t seed = 0; seed < 5; seed++)
    for (size_t m = 0; m < METHODS; m++) {
      work w;
      set_up(&w, seed, methods[m], 0.1, 1);
      const gd_growth runs = growth_of_runs(&w);
      make_map *const maps[] = {gd_stepper_map, gd_stepper_map_at_rest};
      for (size_t k = 0; k < 2; k++) {
        const gd_growth found = growth_of(&w, maps[k]);
        assert_close(found.largest, runs.largest, 1e-10, 0);
        assert_close(found.bound, found.largest, 1e-12, 0);
        if (runs.largest > 1 + 1e-9) assert_close(found.at, runs.at, 0, 0);
      }
      clear(&w);
    }
}
END_TEST

/* v times c and h over c take the same steps; what optimistic steps remember, a gradient, is c times as large. */
START_TEST(depends_on_no_unit) {
  for (uint64_t seed = 0; seed < 5; seed++)
    for (size_t m = 0; m < METHODS; m++) {
      work w;
      set_up(&w, seed, methods[m], 0.1, 1);
      const gd_growth one = growth_of(&w, gd_stepper_map_at_rest);
      clear(&w);
      for (double unit = 1e-6; unit < 1e7; unit *= 1e3) {
        set_up(&w, seed, methods[m], 0.1, unit);
        const gd_growth other = growth_of(&w, gd_stepper_map_at_rest);
        assert_close(other.largest, one.largest, 1e-9, 0);
        assert_close(other.bound, one.bound, 1e-9, 0);
        if (one.largest > 1 + 1e-9) assert_close(other.at, one.at, 0, 0);
        clear(&w);
      }
    }
}
END_TEST

/* In the middle of a run the memory is there, and stays as it is: optimistic steps then begin by x + 2 h J d, at their
 * start by x + h J d.  With J the rotation, z = i h = i/2 and d = 1 as complex numbers, x'' = (1 + 2 z) x' - z x:
 *
 *     at the start   1, 1 + z = 1 + i/2, 1/2 + i, -1/4 + i, ...     largest sqrt(5/4)
 *     later          1, 1 + 2 z = 1 + i, 3i/2, -1 + i, ...          largest 3/2, after two steps; no z x the first time
 */
START_TEST(goes_on_from_where_the_stepper_stands) {
  const double J[4] = {0, 1, -1, 0}, origin[2] = {0};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.5));
  for (int steps = 0; steps < 2; steps++) {
    gd_operator *map = NULL;
    gd_growth growth;
    double x[2] = {0};
    assert_ok(gd_stepper_map(&map, stepper, origin));
    assert_ok(gd_step_growth(map, NULL, &growth));
    assert_close(growth.largest, steps ? 1.5 : sqrt(1.25), 1e-12, 0);
    if (steps) assert_close(growth.at, 2, 0, 0);
    gd_operator_destroy(map);
    assert_ok(gd_stepper_step(stepper, x));
  }
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("step_growth", is_what_runs_do, depends_on_no_unit, goes_on_from_where_the_stepper_stands)
