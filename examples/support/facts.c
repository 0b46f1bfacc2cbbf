/* SPDX-License-Identifier: BSD-3-Clause */
/* facts.c -- class, singular values and spectra of a game at its point. */
#include "support/facts.h"

#include <gamedyn/derive.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/rates_of.h"

static void find_singular_values(game_facts *facts, const game_problem *problem) {
  gd_operator *op = NULL;
  must(*facts->sigma_of == 'J' ? gd_operator_jacobian(&op, problem->game, problem->equilibrium)
                               : gd_operator_block(&op, problem->game, 0, 1, problem->equilibrium));
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op), count = rows < columns ? rows : columns;
  double *values = new_numbers(count);
  must(gd_singular_values(op, NULL, values, NULL));
  facts->sigma_max = values[0];
  facts->sigma_min = values[count - 1];
  free(values);
  gd_operator_destroy(op);
}

static gd_spectrum *consensus_spectrum(const game_problem *problem, double gamma) {
  gd_game *field = NULL;
  must_for("--gamma", gd_derive_consensus(&field, problem->game, gamma));
  gd_spectrum *spectrum = new_spectrum(field, problem->equilibrium);
  gd_game_destroy(field);
  return spectrum;
}

game_facts facts_find(const game_problem *problem, double gamma, bool of_jacobian) {
  game_facts facts = {.sigma_of = of_jacobian || gd_game_players(problem->game) != 2 ? "J" : "C"};
  must(gd_classify(problem->game, problem->equilibrium, POINT_STATIONARY, &facts.kind));
  find_singular_values(&facts, problem);
  facts.spectrum = new_spectrum(problem->game, problem->equilibrium);
  facts.consensus = consensus_spectrum(problem, gamma);
  return facts;
}

void facts_destroy(game_facts *facts) {
  gd_spectrum_destroy(facts->spectrum);
  gd_spectrum_destroy(facts->consensus);
}

const char *facts_class_name(const gd_classification *kind) {
  if (!kind->stationary) return "not_stationary";
  if (kind->stable_nash) return "stable_nash";
  if (kind->hurwitz) return "hurwitz";
  return kind->local_nash ? "local_nash" : "stationary";
}

const char *facts_class_words(const gd_classification *kind) {
  if (!kind->stationary) return "no stationary point";
  if (kind->stable_nash) return "stable Nash: no player gains by moving alone, and the flow returns";
  if (kind->hurwitz) return "stable for the flow, but not a local Nash point";
  return kind->local_nash ? "local Nash, but the flow does not return: it cycles or leaves"
                          : "stationary; neither a local Nash point nor stable for the flow";
}
