/* SPDX-License-Identifier: BSD-3-Clause */
/* Facts: what is to be said of a game at its point before any method. */
#ifndef SUPPORT_FACTS_H
#define SUPPORT_FACTS_H

#include <gamedyn/rates.h>
#include <gamedyn/spectrum.h>

#include "support/problem.h"

typedef struct game_facts {
  gd_classification kind;
  const char *sigma_of; /* whose singular values: "C", the interaction of two players, or "J" */
  double sigma_min, sigma_max;
  gd_spectrum *spectrum;  /* of J */
  gd_spectrum *consensus; /* of the Jacobian of the consensus field v - gamma J'v */
} game_facts;

game_facts facts_find(const game_problem *problem, double gamma, bool of_jacobian);
void facts_destroy(game_facts *facts);

/* One word, such as "stable_nash", and a clause. */
const char *facts_class_name(const gd_classification *kind);
const char *facts_class_words(const gd_classification *kind);

#endif
