/* SPDX-License-Identifier: BSD-3-Clause */
/* facts.c -- class, singular values and spectra of a game at its point. */
#include "support/facts.h"

#include <gamedyn/derive.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <stdlib.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/rates_of.h"
#include "support/spectrum_ends.h"

static const double SAMPLES = 200, OPERATIONS = 1e9; /* of a ball; spent on them at most */

static gd_operator *singular_operator(const game_facts *facts, const game_problem *problem) {
  gd_operator *op = NULL;
  must(*facts->sigma_of == 'J' ? gd_operator_jacobian(&op, problem->game, problem->equilibrium)
                               : gd_operator_block(&op, problem->game, 0, 1, problem->equilibrium));
  return op;
}

static void find_singular_values(game_facts *facts, const game_problem *problem) {
  gd_operator *op = singular_operator(facts, problem);
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op), count = rows < columns ? rows : columns;
  double *values = new_numbers(count);
  must(gd_singular_values(op, NULL, values, NULL));
  facts->sigma_max = values[0];
  facts->sigma_min = values[count - 1];
  free(values);
  gd_operator_destroy(op);
}

static gd_game *consensus_field(const game_problem *problem, double gamma) {
  gd_game *field = NULL;
  must_for("--gamma", gd_derive_consensus(&field, problem->game, gamma));
  return field;
}

static void find_spectra(game_facts *facts, const game_problem *problem, double gamma) {
  gd_game *field = consensus_field(problem, gamma);
  facts->spectrum = new_spectrum(problem->game, problem->equilibrium);
  facts->consensus = new_spectrum(field, problem->equilibrium);
  gd_game_destroy(field);
}

static gd_spectrum *ends_of(gd_game *game, const double *x, double norm, bool *converged) {
  gd_operator *jacobian = NULL;
  must(gd_operator_jacobian(&jacobian, game, x));
  gd_spectrum *spectrum = spectrum_ends_find(jacobian, norm, converged);
  gd_operator_destroy(jacobian);
  return spectrum;
}

/* Of random u, J u + J'u is 0 to rounding: but for a null set of them only if J + J' is. */
static bool is_antisymmetric(const game_problem *problem) {
  enum { TRIES = 3 };
  const size_t n = problem->n;
  double *u = new_numbers(n), *Ju = new_numbers(n), *Jtu = new_numbers(n);
  gd_rng rng = gd_rng_make(0, 0);
  bool all = true;
  for (int k = 0; k < TRIES && all; k++) {
    gd_rng_fill_normal(&rng, n, u);
    must(gd_game_jvp(problem->game, problem->equilibrium, u, Ju));
    must(gd_game_vjp(problem->game, problem->equilibrium, u, Jtu));
    const double size = norm(n, Ju);
    for (size_t i = 0; i < n; i++) Ju[i] += Jtu[i];
    all = norm(n, Ju) <= 1e-13 * size;
  }
  free(u);
  free(Ju);
  free(Jtu);
  return all;
}

/* An antisymmetric J, such as a bilinear game's, has the eigenvalues +- i times its singular values, in a bilinear game
 * those of C, which is also why the ends are enough there.  The factor of a mode, over the sizes of its eigenvalue,
 * first falls and then grows or does one of both, in every method of the library, and so is largest at an end. */
static void find_ends(game_facts *facts, const game_problem *problem, double gamma) {
  gd_operator *op = singular_operator(facts, problem);
  const singular_ends ends = singular_ends_find(op);
  gd_operator_destroy(op);
  if (ends.n_largest == 0) die("the Jacobian is zero: every point is an equilibrium and nothing moves");
  facts->converged = ends.converged;
  facts->sigma_max = ends.largest[0];
  facts->sigma_min = ends.n_smallest > 0 ? ends.smallest[0] : ends.largest[ends.n_largest - 1];
  facts->turning = facts->kind.stationary && is_antisymmetric(problem);
  if (facts->turning) {
    facts->spectrum = spectrum_ends_bilinear(&ends, 0.0);
    facts->consensus = spectrum_ends_bilinear(&ends, gamma);
  } else {
    gd_game *field = consensus_field(problem, gamma);
    const double size = facts->kind.gradient_scale / fmax(1.0, norm(problem->n, problem->equilibrium));
    facts->spectrum = ends_of(problem->game, problem->equilibrium, size, &facts->converged);
    facts->consensus = ends_of(field, problem->equilibrium, size + gamma * size * size, &facts->converged);
    gd_game_destroy(field);
  }
  facts->decisive =
      facts->turning ? ends.converged : facts->kind.hurwitz && !(facts->kind.undecided & GD_UNDECIDED_PRODUCTS);
}

/* Of an affine game exactly; of others the worst of points in the ball where the runs start, if that is affordable,
 * else at the point alone, which no theorem is content with. */
static bool find_constants(const game_problem *problem, uint64_t seed, gd_game_constants *constants) {
  const double operations = 20.0 * (double)problem->n * (double)problem->n * (double)problem->n;
  const double samples = fmin(SAMPLES, floor(OPERATIONS / operations));
  return gd_game_constants_at(problem->game, problem->equilibrium, samples >= 1 ? problem->radius : 0.0,
                              (size_t)samples, seed, constants) >= 0;
}

game_facts facts_find(const game_problem *problem, const common_options *common, bool of_jacobian) {
  game_facts facts = {.sigma_of = of_jacobian || gd_game_players(problem->game) != 2 ? "J" : "C",
                      .large = problem->n > common->dense_limit,
                      .converged = true,
                      .decisive = true};
  gd_eval_options evaluation;
  gd_eval_options_init(&evaluation);
  evaluation.dense_limit = common->dense_limit;
  must(gd_game_configure(problem->game, &evaluation));
  must(gd_classify(problem->game, problem->equilibrium, NULL, &facts.kind));
  facts.has_constants = find_constants(problem, common->seed, &facts.constants);
  if (facts.large) {
    find_ends(&facts, problem, common->gamma);
  } else {
    find_singular_values(&facts, problem);
    find_spectra(&facts, problem, common->gamma);
  }
  return facts;
}

void facts_destroy(game_facts *facts) {
  gd_spectrum_destroy(facts->spectrum);
  gd_spectrum_destroy(facts->consensus);
}

const char *facts_class_name(const gd_classification *kind) {
  if (!kind->stationary) return "not_stationary";
  if (kind->kind == GD_POINT_STABLE_NASH) return "stable_nash";
  if (kind->hurwitz) return "hurwitz";
  return kind->nash >= GD_HOLDS_WEAKLY ? "local_nash" : "stationary";
}

const char *facts_kind_name(const gd_classification *kind) {
  static const char *const names[] = {
      [GD_POINT_UNDECIDED] = "undecided",     [GD_POINT_NOT_STATIONARY] = "not_stationary",
      [GD_POINT_SADDLE] = "saddle",           [GD_POINT_REPELLER] = "repeller",
      [GD_POINT_CENTRE] = "centre",           [GD_POINT_MANIFOLD] = "manifold",
      [GD_POINT_STABLE_NASH] = "stable_nash", [GD_POINT_LOCAL_MINIMAX] = "local_minimax",
      [GD_POINT_ATTRACTOR] = "attractor",     [GD_POINT_UNSTABLE] = "unstable"};
  return names[kind->kind];
}

const char *facts_nash_name(const gd_classification *kind) {
  static const char *const names[] = {[GD_HOLDS_UNDECIDED] = "undecided",
                                      [GD_HOLDS_NOT] = "no",
                                      [GD_HOLDS_WEAKLY] = "weakly",
                                      [GD_HOLDS_STRICTLY] = "strictly"};
  return names[kind->nash];
}
