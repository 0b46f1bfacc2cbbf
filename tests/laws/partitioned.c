/* SPDX-License-Identifier: BSD-3-Clause */
/* partitioned.c -- what looks at all of x refuses a game whose x is spread over processes, on every rank alike.
 *
 * A sum over one rank's slice is no inner product, so a solver by products would answer differently on each rank, or
 * wait for ever for the others.  Two ranks ask for everything; a lint test holds the table against the headers. */
#include "support/games.h"
#include "support/ranks.h"
#include "support/suite.h"

#include <gamedyn/bifurcation.h>
#include <gamedyn/classify.h>
#include <gamedyn/derive.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/mean_spectrum.h>
#include <gamedyn/nonnormal.h>
#include <gamedyn/path.h>
#include <gamedyn/rates.h>
#include <gamedyn/solve.h>
#include <gamedyn/spectrum.h>
#include <gamedyn/stability.h>
#include <gamedyn/stepper.h>

enum { N = 4, UNTOUCHED = 0x5a };

/* What one rank has: its slice of the rotation v = (-y, x), with every callback, and what is made from it. */
typedef struct slice {
  gd_game *game;
  gd_operator *J, *whole; /* whole: a matrix, no game's */
  gd_stepper *stepper;
  double x[N];
} slice;

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  for (size_t k = 0; k < N; k++) v[k] = k < N / 2 ? -x[k + N / 2] : x[k - N / 2];
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)x;
  return gradient(data, draw, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  jvp(data, draw, x, w, Jtw);
  for (size_t k = 0; k < N; k++) Jtw[k] = -Jtw[k];
  return 0;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  double unit[N] = {0};
  for (size_t k = 0; k < N; k++) {
    unit[k] = 1;
    jvp(data, draw, x, unit, J + k * ldj);
    unit[k] = 0;
  }
  return 0;
}

/* ---- everything that looks at all of x; out is room for what it answers ---- */

typedef gd_status question(slice *s, void *out);

#define ASK(name, call)                                                                                                \
  static gd_status name(slice *s, void *out) { return call; }

ASK(ask_spectrum, gd_spectrum_compute(out, s->J, NULL))
ASK(ask_off_null_space, gd_spectrum_nonzero(out, s->J, 0, (size_t *)out + 1))
ASK(ask_singular_values, gd_singular_values(s->J, NULL, out, NULL))
ASK(ask_nonnormality, gd_nonnormality_compute(s->J, NULL, out))
ASK(ask_flow_growth, gd_flow_growth(s->J, NULL, out))
ASK(ask_step_growth, gd_step_growth(s->J, NULL, out))
ASK(ask_gmres, gd_gmres_solve(s->J, s->x, out, NULL, NULL))
ASK(ask_conjugate_gradient, gd_conjugate_gradient_solve(s->J, s->x, out, NULL, NULL))
ASK(ask_assemble, gd_operator_assemble(s->J, out, N))
ASK(ask_jacobian, gd_game_jacobian(s->game, s->x, out, N))

static gd_status ask_linearise(slice *s, void *out) {
  gd_linearisation *at = NULL;
  (void)out;
  const gd_status status = gd_linearise(&at, s->game, s->x, NULL);
  gd_linearisation_destroy(at);
  return status;
}

ASK(ask_path_angle, gd_path_angle(s->game, s->x, s->x, 1, (double[]){0}, out, NULL))
ASK(ask_newton, gd_newton_solve(s->game, s->x, NULL, out))
ASK(ask_map, gd_stepper_map(out, s->stepper, s->x))
ASK(ask_map_at_rest, gd_stepper_map_at_rest(out, s->stepper, s->x))
ASK(ask_mean_eigenvalues,
    gd_mean_eigenvalues(s->game, s->x, &(gd_draw){1, 2, 3, 4}, 2, out, (double *)out + 4, NULL, NULL))
ASK(ask_copies, gd_derive_copies(out, s->game, 2))
ASK(ask_derive, gd_derive(out, s->game, gd_derivation_find("copies"), NULL))
ASK(ask_implicit, gd_stepper_create_named(out, s->game, GD_IMPLICIT))

/* A whole matrix, and a preconditioner that is not. */
static gd_status ask_preconditioned(slice *s, void *out) {
  gd_solve_options options;
  gd_solve_options_init(&options);
  options.preconditioner = s->J;
  return gd_gmres_solve(s->whole, s->x, out, &options, NULL);
}

static question *const questions[] = {
    ask_spectrum,    ask_path_angle,       ask_off_null_space, ask_singular_values, ask_nonnormality,
    ask_flow_growth, ask_step_growth,      ask_gmres,          ask_preconditioned,  ask_conjugate_gradient,
    ask_assemble,    ask_jacobian,         ask_linearise,      ask_newton,          ask_map,
    ask_map_at_rest, ask_mean_eigenvalues, ask_copies,         ask_derive,          ask_implicit};
enum { QUESTIONS = sizeof questions / sizeof *questions };

/* ---- asking ---- */

/* Room for whatever a question answers. */
typedef union room {
  unsigned char bytes[2 * N * N * sizeof(double)];
  gd_classification classification;
  gd_gan_report gan;
  gd_game_constants constants;
  void *object;
} room;

static void set_up(slice *s, const gd_env *env, uint32_t traits) {
  const test_game kind = {
      .ops = {.struct_size = sizeof kind.ops, .gradient = gradient, .jvp = jvp, .vjp = vjp, .jacobian = jacobian},
      .n_players = 2,
      .block_sizes = {N / 2, N / 2},
      .traits = GD_ZERO_SUM | GD_AFFINE | traits};
  const double A[N * N] = {[0] = 1, [5] = 1, [10] = 1, [15] = 1};
  *s = (slice){.game = create_test_game(&kind, env), .x = {1, 2, 3, 4}};
  assert_ok(gd_operator_jacobian(&s->J, s->game, s->x));
  assert_ok(gd_operator_dense(&s->whole, N, N, A, N, env));
  assert_ok(gd_stepper_create_named(&s->stepper, s->game, GD_OPTIMISTIC));
  assert_ok(gd_stepper_set(s->stepper, GD_STEP_SIZE, 0.1));
}

static void clear(slice *s) {
  gd_stepper_destroy(s->stepper);
  gd_operator_destroy(s->whole);
  gd_operator_destroy(s->J);
  gd_game_destroy(s->game);
}

/* Refused in words, with everything as it was. */
static void expect_refusals(slice *s) {
  for (size_t k = 0; k < QUESTIONS; k++) {
    room out;
    memset(&out, UNTOUCHED, sizeof out);
    const gd_status status = questions[k](s, &out);
    ck_assert_msg(status == GD_ERR_UNSUPPORTED && strstr(gd_last_error(), "spread over processes"),
                  "question %zu: %s, %s", k, gd_status_name(status), gd_last_error());
    for (size_t i = 0; i < sizeof out; i++)
      ck_assert_msg(((unsigned char *)&out)[i] == UNTOUCHED, "question %zu touched byte %zu", k, i);
    for (size_t i = 0; i < N; i++) assert_close(s->x[i], (double)(i + 1), 0, 0);
  }
}

/* Sums and shifts of what is spread are spread, on either side. */
static void expect_operators_made_from_it_to_refuse(slice *s) {
  gd_operator *made[4], *original = s->J;
  assert_ok(gd_operator_sum(made, 1, s->J, 2, s->whole, NULL));
  assert_ok(gd_operator_sum(made + 1, 1, s->whole, 2, s->J, NULL));
  assert_ok(gd_operator_shift(made + 2, 1, s->J, 1, NULL));
  assert_ok(gd_operator_shift(made + 3, 1, made[2], 1, NULL));
  for (size_t k = 0; k < 4; k++) {
    s->J = made[k];
    expect_refusals(s);
  }
  s->J = original;
  for (size_t k = 4; k-- > 0;) gd_operator_destroy(made[k]);
}

static void every_kind_of_operator(slice *s) {
  gd_operator *original = s->J, *made[4];
  assert_ok(gd_operator_symmetric(made, s->game, s->x));
  assert_ok(gd_operator_antisymmetric(made + 1, s->game, s->x));
  assert_ok(gd_operator_block(made + 2, s->game, 0, 0, s->x));
  assert_ok(gd_operator_block(made + 3, s->game, 1, 0, s->x));
  for (size_t k = 0; k < 4; k++) {
    s->J = made[k];
    expect_refusals(s);
    gd_operator_destroy(made[k]);
  }
  s->J = original;
}

static void ask_everything(const gd_env *env, void *argument) {
  slice s;
  (void)argument;
  set_up(&s, env, GD_PARTITIONED);
  expect_refusals(&s);
  expect_operators_made_from_it_to_refuse(&s);
  every_kind_of_operator(&s);
  clear(&s);
}

START_TEST(whatever_looks_at_all_of_x_refuses_a_slice) { on_two_ranks(ask_everything, (void *[2]){NULL, NULL}); }
END_TEST

/* Products act on slices: (-y, x) of this rank's slice, whatever the other rank's. */
static void multiply(const gd_env *env, void *argument) {
  slice s;
  double out[N];
  (void)argument;
  set_up(&s, env, GD_PARTITIONED);
  assert_ok(gd_operator_apply(s.J, (const double[N]){1, 2, 3, 4}, out));
  for (size_t k = 0; k < N; k++) assert_close(out[k], ((const double[N]){-3, -4, 1, 2})[k], 0, 0);
  assert_ok(gd_operator_apply_transpose(s.J, (const double[N]){1, 2, 3, 4}, out));
  for (size_t k = 0; k < N; k++) assert_close(out[k], ((const double[N]){3, 4, -1, -2})[k], 0, 0);
  clear(&s);
}

START_TEST(products_act_on_slices) { on_two_ranks(multiply, (void *[2]){NULL, NULL}); }
END_TEST

static void destroy_answer(question *asked, void *answer) {
  if (asked == ask_spectrum || asked == ask_off_null_space) gd_spectrum_destroy(*(gd_spectrum **)answer);
  if (asked == ask_map || asked == ask_map_at_rest) gd_operator_destroy(*(gd_operator **)answer);
  if (asked == ask_copies || asked == ask_derive) gd_game_destroy(*(gd_game **)answer);
  if (asked == ask_implicit) gd_stepper_destroy(*(gd_stepper **)answer);
}

/* The same game, whole on each rank, has an answer to all but conjugate gradients' first product and a GAN's report. */
static void ask_of_a_whole_game(const gd_env *env, void *argument) {
  (void)argument;
  for (size_t k = 0; k < QUESTIONS; k++) {
    slice s;
    room out = {{0}};
    set_up(&s, env, 0);
    const gd_status status = questions[k](&s, &out);
    ck_assert_msg(status >= 0 || !strstr(gd_last_error(), "spread"), "question %zu: %s", k, gd_last_error());
    if (status >= 0) destroy_answer(questions[k], &out);
    clear(&s);
  }
}

START_TEST(a_game_whole_on_each_rank_is_answered) { on_two_ranks(ask_of_a_whole_game, (void *[2]){NULL, NULL}); }
END_TEST

TEST_SUITE("partitioned", whatever_looks_at_all_of_x_refuses_a_slice, products_act_on_slices,
           a_game_whole_on_each_rank_is_answered)
