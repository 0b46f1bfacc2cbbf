/* SPDX-License-Identifier: BSD-3-Clause */
/* facts.c -- class, singular values and spectra of a game at its point. */
#include "support/facts.h"

#include <gamedyn/derive.h>
#include <math.h>
#include <stdlib.h>

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

/* The same of a large game: the smallest but zeros. */
static void find_singular_ends(game_facts *facts, const game_problem *problem) {
  gd_operator *op = singular_operator(facts, problem);
  const singular_ends ends = singular_ends_find(op);
  gd_operator_destroy(op);
  if (ends.n_largest == 0) die("the Jacobian is zero: every point is an equilibrium and nothing moves");
  facts->converged = ends.converged;
  facts->sigma_max = ends.largest[0];
  facts->sigma_min = ends.n_smallest > 0 ? ends.smallest[0] : ends.largest[ends.n_largest - 1];
}

/* A bilinear game's J is normal, so that J - gamma J'J has the eigenvalues l - gamma |l|^2. */
static gd_spectrum *consensus_of_bilinear(const gd_spectrum *own, double gamma) {
  const size_t count = gd_spectrum_count(own);
  const double *im = gd_spectrum_imaginary(own);
  double *re = new_numbers(count);
  gd_spectrum *spectrum = NULL;
  for (size_t k = 0; k < count; k++) re[k] = -gamma * im[k] * im[k];
  must(gd_spectrum_from_values(&spectrum, count, re, im, NULL));
  free(re);
  return spectrum;
}

static gd_spectrum *consensus_of_any(game_facts *facts, const game_problem *problem, double gamma) {
  gd_game *field = NULL;
  gd_linearisation *at = NULL;
  const gd_spectrum *found = NULL;
  gd_spectrum *spectrum = NULL;
  must_for("--gamma", gd_derive_consensus(&field, problem->game, gamma));
  at = new_linearisation(field, problem->equilibrium);
  const gd_status status = gd_linearisation_spectrum(at, &found);
  must(status);
  must(gd_spectrum_from_values(&spectrum, gd_spectrum_count(found), gd_spectrum_real(found),
                               gd_spectrum_imaginary(found), NULL));
  facts->converged = facts->converged && status == GD_OK;
  gd_linearisation_destroy(at);
  gd_game_destroy(field);
  return spectrum;
}

static void find_spectra(game_facts *facts, const game_problem *problem, double gamma) {
  const gd_status status = gd_linearisation_spectrum(facts->at, &facts->spectrum);
  must(status);
  facts->converged = facts->converged && status == GD_OK;
  facts->consensus =
      facts->bilinear ? consensus_of_bilinear(facts->spectrum, gamma) : consensus_of_any(facts, problem, gamma);
}

/* Of an affine game exactly; of others the worst of points in the ball where the runs start, if that is affordable,
 * else at the point alone, which no theorem is content with. */
static bool find_constants(const game_facts *facts, const game_problem *problem, uint64_t seed,
                           gd_game_constants *constants) {
  const double operations = 20.0 * (double)problem->n * (double)problem->n * (double)problem->n;
  const double samples = fmin(SAMPLES, floor(OPERATIONS / operations));
  return gd_game_constants_compute(facts->at, samples >= 1 ? problem->radius : 0.0, (size_t)samples, seed, constants) >=
         0;
}

game_facts facts_find(const game_problem *problem, const common_options *common, bool of_jacobian) {
  game_facts facts = {.sigma_of = of_jacobian || gd_game_players(problem->game) != 2 ? "J" : "C",
                      .large = problem->n > common->dense_limit,
                      .converged = true};
  gd_eval_options evaluation;
  gd_eval_options_init(&evaluation);
  evaluation.dense_limit = common->dense_limit;
  must(gd_game_configure(problem->game, &evaluation));
  facts.at = new_linearisation(problem->game, problem->equilibrium);
  must(gd_classify(facts.at, NULL, &facts.kind));
  facts.has_constants = find_constants(&facts, problem, common->seed, &facts.constants);
  facts.bilinear = facts.large && facts.has_constants && facts.constants.flat && facts.kind.stationary;
  if (facts.large) {
    find_singular_ends(&facts, problem);
  } else {
    find_singular_values(&facts, problem);
  }
  find_spectra(&facts, problem, common->gamma);
  return facts;
}

void facts_destroy(game_facts *facts) {
  gd_spectrum_destroy(facts->consensus);
  gd_linearisation_destroy(facts->at);
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
