/* SPDX-License-Identifier: BSD-3-Clause */
/* bifurcation.c -- bifurcations where closed forms have them. */
#include <gamedyn/bifurcation.h>

#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/linear_game.h"
#include "support/suite.h"

enum { MOST = 8 };
static const double origin[6] = {0};

typedef struct found {
  gd_bifurcation bifurcations[MOST];
  size_t count;
} found;

/* Of `method` on v = J x with two players of one variable each. */
static found find(const double *J, const char *method, const char *param, size_t player, double low, double high) {
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_stepper *stepper = NULL;
  found f;
  assert_ok(gd_stepper_create_named(&stepper, game, method));
  if (strcmp(param, GD_STEP_SIZE) != 0) assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.5));
  assert_ok(bifurcation_at(stepper, origin, param, player, low, high, 50, f.bifurcations, MOST, &f.count));
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return f;
}

/* `slope` of the radius there; where two eigenvalues part on the circle it is infinite, and the modulus goes by the
 * root. */
static void assert_bifurcation(const found *f, size_t k, gd_bifurcation_kind kind, double value, double slope,
                               bool loses) {
  ck_assert_uint_gt(f->count, k);
  ck_assert_msg(f->bifurcations[k].kind == kind, "a %s at %g, expected a %s at %g",
                gd_bifurcation_kind_text(f->bifurcations[k].kind), f->bifurcations[k].value,
                gd_bifurcation_kind_text(kind), value);
  assert_close(f->bifurcations[k].value, value, 1e-10, 1.1e-9 / slope);
  ck_assert(f->bifurcations[k].loses == loses);
  assert_close(hypot(f->bifurcations[k].re, f->bifurcations[k].im), 1, isinf(slope) ? 1e-5 : 1e-8, 0);
}

/* Eigenvalues -a +- i b: |1 + h (-a + i b)| = 1 at h = 2 a / (a^2 + b^2), Lemma 4 of Mescheder et al. 2017; the
 * argument is that of 1 - h a + i h b. */
START_TEST(turns_where_lemma_4_says) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    const double a = log_uniform(&rng, 0.1, 3), b = log_uniform(&rng, 0.1, 3), J[] = {-a, b, -b, -a};
    const double h = 2 * a / (a * a + b * b);
    const found f = find(J, GD_SIMULTANEOUS, GD_STEP_SIZE, GD_ALL_PLAYERS, h / 4, 3 * h);
    ck_assert_uint_eq(f.count, 1);
    assert_bifurcation(&f, 0, GD_BIFURCATION_NEIMARK_SACKER, h, a, true); /* d|.|/dh = -a + h (a^2 + b^2) */
    assert_close(f.bifurcations[0].angle, atan2(h * b, 1 - h * a), 1e-6, 0);
  }
}
END_TEST

/* J = [[-a, -1], [1, -a]] near the axis: |1 + h (-a + i)| = 1 at h = 2a / (1 + a^2), where the modulus rises by a per
 * unit of h.  It is known to a few eps, so that h is known to some eps / a, which is said. */
START_TEST(is_right_near_the_imaginary_axis) {
  for (double a = 1e-2; a > 5e-8; a /= 10) {
    const double J[] = {-a, 1, -1, -a}, h = 2 * a / (1 + a * a);
    const found f = find(J, GD_SIMULTANEOUS, GD_STEP_SIZE, GD_ALL_PLAYERS, h / 100, 10 * h);
    ck_assert_uint_eq(f.count, 1);
    ck_assert_int_eq(f.bifurcations[0].kind, GD_BIFURCATION_NEIMARK_SACKER);
    assert_close(f.bifurcations[0].value, h, 1e-10, 40 * DBL_EPSILON / a); /* 20 eps |M|_F, which is 1.5, over a */
    ck_assert_double_le(fabs(f.bifurcations[0].value - h), f.bifurcations[0].uncertainty);
    ck_assert_double_le(f.bifurcations[0].uncertainty, 100 * DBL_EPSILON / a + 1e-11 * h);
  }
}
END_TEST

/* The same in a game that is not affine, v = J x (1 - |x|^2), whose derivative is differenced: the modulus is known to
 * 1e-9, so h to 1e-9 / a.  Where that is little the value is right; where it is much, it says so. */
static int bent_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const double a = *(const double *)data, size = 1 - x[0] * x[0] - x[1] * x[1];
  (void)draw;
  v[0] = size * (-a * x[0] - x[1]);
  v[1] = size * (x[0] - a * x[1]);
  return 0;
}

START_TEST(says_how_well_a_differenced_bifurcation_is_known) {
  for (double a = 1e-1; a > 5e-6; a /= 10) {
    const double h = 2 * a / (1 + a * a);
    const test_game kind = {.ops = {.struct_size = sizeof kind.ops, .gradient = bent_gradient},
                            .data = (void *)&a,
                            .n_players = 2,
                            .block_sizes = {1, 1}};
    gd_game *game = create_test_game(&kind, NULL);
    gd_stepper *stepper = NULL;
    gd_bifurcation bifurcation;
    size_t count;
    assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
    assert_ok(
        bifurcation_at(stepper, origin, GD_STEP_SIZE, GD_ALL_PLAYERS, h / 100, 10 * h, 50, &bifurcation, 1, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_double_le(fabs(bifurcation.value - h), bifurcation.uncertainty);
    if (a > 5e-3) assert_close(bifurcation.value, h, 1e-4, 0);
    gd_stepper_destroy(stepper);
    gd_game_destroy(game);
  }
}
END_TEST

/* A potential game, eigenvalues -a and -b: 1 - h a = -1 at h = 2 / max(a, b). */
START_TEST(flips_where_steps_overshoot) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    gd_rng rng = gd_rng_make(seed, 1);
    const double a = log_uniform(&rng, 0.1, 3), b = log_uniform(&rng, 0.1, 3), J[] = {-a, 0, 0, -b};
    const double h = 2 / fmax(a, b);
    const found f = find(J, GD_SIMULTANEOUS, GD_STEP_SIZE, GD_ALL_PLAYERS, h / 10, 5 * h);
    ck_assert_uint_eq(f.count, 1);
    assert_bifurcation(&f, 0, GD_BIFURCATION_FLIP, h, fmax(a, b), true);
    assert_close(f.bifurcations[0].angle, acos(-1), 0, 0);
  }
}
END_TEST

/* U = sigma theta omega.  Extragradient: |1 + z + z^2|^2 = 1 - s^2 + s^4 with s = h sigma, 1 at s = 1.  Alternating: a
 * pair on the circle until h_1 h_2 sigma^2 = 4, where it meets at -1 and parts. */
START_TEST(knows_bilinear_games) {
  for (double sigma = 0.25; sigma <= 4; sigma *= 2) {
    const double J[] = {0, sigma, -sigma, 0};
    const found f = find(J, GD_EXTRAGRADIENT, GD_STEP_SIZE, GD_ALL_PLAYERS, 0.1 / sigma, 1.9 / sigma);
    ck_assert_uint_eq(f.count, 1);
    assert_bifurcation(&f, 0, GD_BIFURCATION_NEIMARK_SACKER, 1 / sigma, sigma, true);
    const found g = find(J, GD_ALTERNATING, GD_STEP_SIZE, GD_ALL_PLAYERS, 0.1 / sigma, 3.3 / sigma);
    ck_assert_uint_eq(g.count, 1);
    assert_bifurcation(&g, 0, GD_BIFURCATION_FLIP, 2 / sigma, INFINITY, true);
  }
}
END_TEST

/* The same with one player's step size alone, the other's being 0.01: h_2 = 4 / (0.01 sigma^2), a ratio of time scales.
 */
START_TEST(varies_one_players_step_size) {
  const double sigma = 2, J[] = {0, sigma, -sigma, 0}, h = 4 / (0.01 * sigma * sigma);
  const found f = find(J, GD_ALTERNATING, GD_STEP_SIZE, 1, 1, 1.5 * h);
  ck_assert_uint_eq(f.count, 1);
  assert_bifurcation(&f, 0, GD_BIFURCATION_FLIP, h, INFINITY, true);
}
END_TEST

/* Predictive with gamma on an eigenvalue -1: 1 - h + h gamma = 1 at gamma = 1: a fold.  With h = 1/2 it is 1/2 +
 * gamma/2. */
START_TEST(folds_where_looking_ahead_turns_the_step_round) {
  const double J[] = {-1, 0, 0, -0.5};
  const found f = find(J, GD_PREDICTIVE, "gamma", GD_ALL_PLAYERS, 0, 1.5);
  ck_assert_uint_eq(f.count, 1);
  assert_bifurcation(&f, 0, GD_BIFURCATION_FOLD, 1, 0.5, true);
  assert_close(f.bifurcations[0].angle, 0, 0, 0);
}
END_TEST

/* Consensus on a rotation, h = 1/2: |1 - gamma/2 + i/2|^2 = 1 where (1 - gamma/2)^2 = 3/4: stable between
 * gamma = 2 - sqrt 3 and 2 + sqrt 3. */
START_TEST(finds_where_stability_begins_and_ends) {
  const double J[] = {0, 1, -1, 0};
  const found f = find(J, GD_CONSENSUS, "gamma", GD_ALL_PLAYERS, 0, 6);
  ck_assert_uint_eq(f.count, 2);
  assert_bifurcation(&f, 0, GD_BIFURCATION_NEIMARK_SACKER, 2 - sqrt(3), sqrt(3) / 4, false);
  assert_bifurcation(&f, 1, GD_BIFURCATION_NEIMARK_SACKER, 2 + sqrt(3), sqrt(3) / 4, true);
  assert_close(f.bifurcations[0].angle, atan2(0.5, sqrt(0.75)), 1e-6, 0);
  assert_close(f.bifurcations[1].angle, atan2(0.5, -sqrt(0.75)), 1e-6, 0);
}
END_TEST

/* An eigenvalue 0 of J holds one of the derivative at 1; the other, -1, flips at 2 all the same. */
START_TEST(is_not_hidden_by_what_never_moves) {
  const double J[] = {-1, 0, 0, 0};
  const found f = find(J, GD_SIMULTANEOUS, GD_STEP_SIZE, GD_ALL_PLAYERS, 0.1, 5);
  ck_assert_uint_eq(f.count, 1);
  assert_bifurcation(&f, 0, GD_BIFURCATION_FLIP, 2, 1, true);
}
END_TEST

START_TEST(leaves_the_stepper_as_it_was_and_counts_what_does_not_fit) {
  const double J[] = {0, 1, -1, 0}, sizes[] = {0.25, 0.5};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_stepper *stepper = NULL;
  gd_bifurcation first;
  size_t count;
  double value;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_CONSENSUS));
  assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, sizes));
  assert_ok(gd_stepper_set(stepper, "gamma", 0.125));
  assert_ok(bifurcation_at(stepper, origin, "gamma", GD_ALL_PLAYERS, 0, 20, 50, &first, 1, &count));
  ck_assert_uint_eq(count, 2);
  ck_assert(!first.loses);
  assert_ok(bifurcation_at(stepper, origin, GD_STEP_SIZE, 1, 0.1, 4, 50, NULL, 0, &count));
  for (size_t player = 0; player < 2; player++) {
    assert_ok(gd_stepper_get(stepper, GD_STEP_SIZE, player, &value));
    ck_assert(value == sizes[player]);
  }
  assert_ok(gd_stepper_get(stepper, "gamma", 0, &value));
  ck_assert(value == 0.125);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* ---- a step that cannot be taken ---- */

typedef struct bounded_params {
  const double *step_size;
  double reach;
} bounded_params;

typedef struct bounded_state {
  int unused;
} bounded_state;

/* x' = x/2 up to reach = 3; beyond, no step. */
static gd_status bounded_step(gd_stepper *stepper, gd_game *game, double *x) {
  if (((const bounded_params *)gd_stepper_params(stepper))->reach > 3) return GD_ERR_DOMAIN;
  for (size_t k = 0; k < gd_game_size(game); k++) x[k] /= 2;
  return GD_OK;
}

START_TEST(says_where_no_step_can_be_taken) {
  static const gd_param table[] = {GD_PARAM_STEP_SIZE(bounded_params), GD_PARAM(bounded_params, reach, GD_KIND_REAL, 1,
                                                                                0, 9, "how far steps can be taken")};
  static const gd_method bounded = {GD_METHOD_HEAD(bounded, table), .step = bounded_step};
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  gd_bifurcation bifurcation;
  size_t count;
  assert_ok(gd_stepper_create(&stepper, game, &bounded));
  assert_ok(bifurcation_at(stepper, origin, "reach", GD_ALL_PLAYERS, 1, 4, 10, &bifurcation, 1, &count));
  ck_assert_uint_eq(count, 1);
  ck_assert(bifurcation.kind == GD_BIFURCATION_UNKNOWN && isnan(bifurcation.re) && bifurcation.loses);
  assert_close(bifurcation.value, 3, 1e-11, 0); /* the resolution is 1e-12 of the interval */
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const double J[] = {-1, 1, -1, -1};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  size_t count = 77;
  (void)argument;
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = linear_gradient};
  data.n = 2;
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .data = &data, .n_players = 2, .block_sizes = data.sizes, .env = env};
  GD_TRY(gd_game_create(&game, &spec));
  gd_status status = gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS);
  gd_bifurcation bifurcation;
  if (status == GD_OK) status = bifurcation_at(stepper, origin, GD_STEP_SIZE, 0, 0.9, 1.1, 1, &bifurcation, 1, &count);
  if (status != GD_OK) ck_assert_uint_eq(count, 77);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 12); }
END_TEST

START_TEST(says_which_argument_is_wrong) {
  const double J[] = {0, 1, -1, 0};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_stepper *s = NULL;
  gd_bifurcation bifurcation;
  size_t count = 7;
  assert_ok(gd_stepper_create_named(&s, game, GD_ALTERNATING));
  const size_t all = GD_ALL_PLAYERS;
  gd_linearisation *at = NULL;
  assert_ok(gd_linearise(&at, game, origin, NULL));
  assert_fails(gd_bifurcations_compute(NULL, at, "x", all, 0, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT,
               "stepper is NULL");
  assert_fails(gd_bifurcations_compute(s, NULL, "x", all, 0, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT,
               "linearisation is NULL");
  gd_linearisation_destroy(at);
  assert_fails(bifurcation_at(s, NULL, "x", all, 0, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(bifurcation_at(s, origin, NULL, all, 0, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT,
               "param is NULL");
  assert_fails(bifurcation_at(s, origin, "x", all, 0, 1, 1, NULL, 1, &count), GD_ERR_ARGUMENT, "bifurcations is NULL");
  assert_fails(bifurcation_at(s, origin, "x", all, 1, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT, "low < high");
  assert_fails(bifurcation_at(s, origin, "x", all, 0, 1, 0, &bifurcation, 1, &count), GD_ERR_ARGUMENT, "samples is 0");
  assert_fails(bifurcation_at(s, origin, "x", all, 0, 1, 1, &bifurcation, 1, &count), GD_ERR_NAME, "step_size");
  assert_fails(bifurcation_at(s, origin, "turn", all, 0, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT, "turn");
  assert_fails(bifurcation_at(s, origin, GD_STEP_SIZE, 2, 0, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT,
               "player is 2");
  assert_fails(bifurcation_at(s, origin, GD_STEP_SIZE, 0, -1, 1, 1, &bifurcation, 1, &count), GD_ERR_ARGUMENT, "-1");
  ck_assert_uint_eq(count, 7);
  ck_assert_str_eq(gd_bifurcation_kind_text((gd_bifurcation_kind)99), "unknown");
  ck_assert_str_eq(gd_bifurcation_kind_text(GD_BIFURCATION_FOLD), "fold");
  ck_assert_str_eq(gd_bifurcation_kind_text(GD_BIFURCATION_FLIP), "flip");
  ck_assert_str_eq(gd_bifurcation_kind_text(GD_BIFURCATION_NEIMARK_SACKER), "Neimark-Sacker");
  ck_assert_str_eq(gd_bifurcation_kind_text(GD_BIFURCATION_UNKNOWN), "unknown");
  gd_stepper_destroy(s);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("bifurcation", is_right_near_the_imaginary_axis, says_how_well_a_differenced_bifurcation_is_known,
           turns_where_lemma_4_says, flips_where_steps_overshoot, knows_bilinear_games, varies_one_players_step_size,
           folds_where_looking_ahead_turns_the_step_round, finds_where_stability_begins_and_ends,
           is_not_hidden_by_what_never_moves, leaves_the_stepper_as_it_was_and_counts_what_does_not_fit,
           says_where_no_step_can_be_taken, survives_every_refused_allocation, says_which_argument_is_wrong)
