/* SPDX-License-Identifier: BSD-3-Clause */
/* What the laws run over: every game there is to test with, under every method with every scaling, with parameters
 * as they come and with all of them changed. */
#ifndef TEST_EVERY_H
#define TEST_EVERY_H

#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/derivation.h>
#include <gamedyn/derive.h>
#include <gamedyn/models.h>
#include <gamedyn/neural.h>
#include <gamedyn/stepper.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EVERY_N = 24 }; /* the most variables a game here has */

/* ---- games ---- */

typedef struct every_game {
  gd_game *base, *game; /* base: what a derived game is made from, else NULL */
} every_game;

/* Those defined everywhere: a method may look far ahead. */
typedef test_game every_kind(void);

static every_kind *const every_kinds[] = {rotation_game, curved_game, general_game, boxed_game, noisy_game};
enum { EVERY_KINDS = sizeof every_kinds / sizeof *every_kinds };

static inline void every_game_destroy(every_game *it) {
  gd_game_destroy(it->game);
  gd_game_destroy(it->base);
  *it = (every_game){0};
}

/* A GAN of two perceptrons of two tanh units without biases, on batches of three numbers, with a slope penalty: 8
 * variables. */
static inline gd_status every_network(gd_network **network, gd_graph *graph, size_t player) {
  const size_t widths[] = {1, 2, 1};
  const gd_mlp mlp = {.struct_size = sizeof mlp,
                      .player = player,
                      .layers = 2,
                      .widths = widths,
                      .activation = GD_ACTIVATION_TANH,
                      .without_biases = true};
  return gd_network_create(network, graph, &mlp);
}

static inline gd_status every_neural_utilities(gd_graph *graph, gd_network *const networks[2], const gd_env *env,
                                               gd_node u[2]) {
  gd_sampler samplers[2] = {{0}, {0}};
  gd_node inputs[2];
  for (size_t k = 0; k < 2; k++) {
    GD_TRY(gd_sampler_normal(samplers + k, k, env));
    inputs[k] = gd_graph_input(graph, k ? "data" : "latent", 1, 3, samplers + k);
  }
  const gd_node fake = gd_network_apply(networks[0], inputs[0]);
  GD_TRY(gd_gan_utilities(gd_network_apply(networks[1], inputs[1]), gd_network_apply(networks[1], fake),
                          GD_FAMILY_NON_SATURATING, u));
  u[1] = gd_node_subtract(u[1], gd_node_scale(gd_gan_zero_centred_penalty(networks[1], inputs[1]), 0.5));
  return gd_graph_status(graph);
}

static inline gd_status every_neural_game(gd_game **game, const gd_env *env) {
  gd_graph *graph = NULL;
  gd_network *networks[2] = {NULL, NULL};
  gd_node u[2];
  gd_status status = gd_graph_create(&graph, env);
  for (size_t k = 0; k < 2 && status == GD_OK; k++) status = every_network(networks + k, graph, k);
  if (status == GD_OK) status = every_neural_utilities(graph, networks, env, u);
  if (status == GD_OK) status = gd_game_from_graph(game, graph, 2, u, "small GAN");
  for (size_t k = 0; k < 2; k++) gd_network_destroy(networks[k]);
  gd_graph_destroy(graph);
  return status;
}

/* Number `index` of the plain games: a neural one, those made by hand, then each model with one and with three
 * variables a player. */
static inline gd_status every_plain_game(gd_game **game, size_t index, const gd_env *env, bool *past) {
  *past = false;
  if (index-- == 0) return every_neural_game(game, env);
  if (index < EVERY_KINDS) {
    const test_game kind = every_kinds[index]();
    const gd_game_spec spec = test_game_spec(&kind, env);
    return gd_game_create(game, &spec);
  }
  const gd_model *model = gd_model_at((index - EVERY_KINDS) / 2);
  *past = !model;
  return model ? model->create_random(game, (index - EVERY_KINDS) % 2 ? 3 : 1, 11 + index, env) : GD_OK;
}

/* ---- games made from games ---- */

/* Laws about runs of many steps define EVERY_TAME: these fields are cubic or steeper where v is quadratic, too steep for
 * the steps that suit all the others. */
static inline bool every_derivation_is_steep(const gd_derivation *derivation) {
  static const char *const steep[] = {"gradient_penalty", "symplectic", "unrolled", "unrolled_first_order"};
  for (size_t k = 0; k < sizeof steep / sizeof *steep; k++)
    if (!strcmp(derivation->name, steep[k])) return true;
  return false;
}

/* Those of the registry that have an example, but for the one that cuts minibatches: laws draw none. */
static inline bool every_derivation_is_meant(const gd_derivation *derivation) {
#ifdef EVERY_TAME
  if (every_derivation_is_steep(derivation)) return false;
#endif
  return derivation->example && strcmp(derivation->name, "debiased_consensus") != 0;
}

/* NULL beyond the last */
static inline const gd_derivation *every_derivation(size_t index) {
  const gd_derivation *derivation;
  for (size_t k = 0; (derivation = gd_derivation_at(k)); k++)
    if (every_derivation_is_meant(derivation) && index-- == 0) return derivation;
  return NULL;
}

static inline size_t every_derivations(void) {
  size_t count = 0;
  while (every_derivation(count)) count++;
  return count;
}

/* Some derivations are refused on a feasible set, or without utilities: there are copies instead, and of a game that is
 * too large for two, one. */
static inline gd_status every_derived(gd_game **game, gd_game *base, const gd_derivation *derivation, size_t copies) {
  const bool copies_are_meant = gd_game_projects(base) || !strcmp(derivation->name, "copies");
  gd_status status = copies_are_meant ? GD_ERR_UNSUPPORTED : gd_derive(game, base, derivation, NULL);
  if (status != GD_ERR_UNSUPPORTED) return status;
  while (copies > 1 && copies * gd_game_size(base) > EVERY_N) copies--;
  return gd_derive_copies(game, base, copies);
}

/* Each plain game, then each derivation of it.  *past beyond the last. */
static inline gd_status every_game_create(every_game *it, size_t index, const gd_env *env, bool *past) {
  const size_t kinds = every_derivations() + 1, how = index % kinds;
  *it = (every_game){0};
  gd_game *plain = NULL;
  const gd_status status = every_plain_game(&plain, index / kinds, env, past);
  if (status < 0 || *past) return status;
  if (how == 0) {
    it->game = plain;
    return GD_OK;
  }
  it->base = plain;
  return every_derived(&it->game, plain, every_derivation(how - 1), how + 1);
}

/* for (EVERY_GAME(it)) ... */
static inline bool every_game_next(every_game *it, size_t index) {
  bool past;
  every_game_destroy(it);
  assert_ok(every_game_create(it, index, NULL, &past));
  if (past) return false;
  ck_assert_uint_le(gd_game_size(it->game), EVERY_N);
  return true;
}

#define EVERY_GAME(it)                                                                                                 \
  size_t it##_index = 0;                                                                                               \
  every_game_next(&(it), it##_index);                                                                                  \
  it##_index++

/* Around the stated solution (or 0), normals of this size; the same for the same seed.  GD_OK, but for GD_ERR_MEMORY.
 */
static inline gd_status every_point(gd_game *game, double distance, uint64_t seed, double *x) {
  double away[EVERY_N];
  const gd_status status = gd_game_solution(game, x);
  if (status == GD_ERR_MEMORY) return status;
  if (status < 0) memset(x, 0, gd_game_size(game) * sizeof *x);
  gd_rng rng = gd_rng_make(seed, 5);
  gd_rng_fill_normal(&rng, gd_game_size(game), away);
  for (size_t k = 0; k < gd_game_size(game); k++) x[k] += distance * fmax(-2, fmin(2, away[k]));
  return GD_OK;
}

/* ---- steppers ---- */

typedef struct every_way {
  const gd_method *method;
  const char *scaling;
  bool varied; /* parameters other than step_size away from their defaults */
} every_way;

static inline size_t every_scaling_count(void) {
  size_t count = 0;
  while (gd_scaling_at(count)) count++;
  return count;
}

/* Number `index` of the ways to step; false past the last. */
static inline bool every_way_at(every_way *way, size_t index) {
  const size_t n_scalings = every_scaling_count();
  way->varied = index % 2;
  way->scaling = gd_scaling_at(index / 2 % n_scalings);
  way->method = gd_method_at(index / 2 / n_scalings);
  return way->method != NULL;
}

/* The method rests elsewhere on a feasible set, and says so: sets.c. */
static inline bool every_refuses(const gd_game *game, const every_way *way) {
  return gd_game_projects(game) && (way->method->traits & GD_METHOD_UNCONSTRAINED);
}

/* Flags the other way, counts one more or one less, reals halved. */
static inline double every_other_value(const gd_param *row) {
  if (row->kind == GD_KIND_FLAG) return 1 - row->initial;
  if (row->kind == GD_KIND_COUNT || row->kind == GD_KIND_COUNT_PER_PLAYER)
    return row->initial + 1 <= row->upper ? row->initial + 1 : row->initial - 1;
  return fmax(row->lower, row->initial / 2);
}

static inline void every_parameter_varied(gd_stepper *stepper) {
  const gd_param *row;
  const char *scaling = gd_stepper_scaling(stepper);
  for (size_t k = 0; (row = gd_method_param(gd_stepper_method(stepper), k)); k++)
    if (strcmp(row->name, GD_STEP_SIZE) != 0) assert_ok(gd_stepper_set(stepper, row->name, every_other_value(row)));
  for (size_t k = 0; (row = gd_scaling_param(scaling, k)); k++) {
    char name[96];
    snprintf(name, sizeof name, "%s.%s", scaling, row->name);
    assert_ok(gd_stepper_set(stepper, name, every_other_value(row)));
  }
}

static inline gd_stepper *every_stepper(gd_game *game, const every_way *way, double step_size) {
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create(&stepper, game, way->method));
  assert_ok(gd_stepper_set_scaling(stepper, way->scaling));
  if (way->varied) every_parameter_varied(stepper);
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, step_size));
  return stepper;
}

/* For the messages of failing laws. */
static inline const char *every_label(const gd_game *game, const every_way *way) {
  static char text[200];
  snprintf(text, sizeof text, "%s%s with scaling %s on %s", way->method->name, way->varied ? " (varied)" : "",
           way->scaling, gd_game_name(game));
  return text;
}

/* Check notes every assertion it sees; these loops see many. */
#define assert_step(stepper, x, label)                                                                                 \
  do {                                                                                                                 \
    const gd_status step_status_ = gd_stepper_step(stepper, x);                                                        \
    if (step_status_ < 0) ck_abort_msg("%s: %s (%s)", label, gd_status_name(step_status_), gd_last_error());           \
  } while (0)

#define assert_bits(n, actual, expected, label)                                                                        \
  do {                                                                                                                 \
    if (memcmp(actual, expected, (n) * sizeof(double)) != 0) ck_abort_msg("%s: other bits", label);                    \
  } while (0)

#endif
