/* SPDX-License-Identifier: BSD-3-Clause */
/* facts.c -- class and singular values of a game's equilibrium. */
#include "support/facts.h"

#include <gamedyn/spectrum.h>
#include <stdlib.h>

#include "support/die.h"

game_facts facts_find(const game_problem *problem, bool of_jacobian) {
  game_facts facts = {.sigma_of = of_jacobian || gd_game_players(problem->game) != 2 ? "J" : "C"};
  gd_operator *op = NULL;
  must(gd_classify(problem->game, problem->equilibrium, 1e-8, &facts.kind));
  must(*facts.sigma_of == 'J' ? gd_operator_jacobian(&op, problem->game, problem->equilibrium)
                              : gd_operator_block(&op, problem->game, 0, 1, problem->equilibrium));
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op), count = rows < columns ? rows : columns;
  double *values = new_numbers(count);
  must(gd_singular_values(op, NULL, values, NULL));
  facts.sigma_max = values[0];
  facts.sigma_min = values[count - 1];
  free(values);
  gd_operator_destroy(op);
  return facts;
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
