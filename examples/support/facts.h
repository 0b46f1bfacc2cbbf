/* SPDX-License-Identifier: BSD-3-Clause */
/* Facts: what is to be said of a game's equilibrium before any method. */
#ifndef SUPPORT_FACTS_H
#define SUPPORT_FACTS_H

#include <gamedyn/rates.h>

#include "support/problem.h"

typedef struct game_facts {
  gd_classification kind;
  const char *sigma_of; /* whose singular values: "C", the interaction of two players, or "J" */
  double sigma_min, sigma_max;
} game_facts;

game_facts facts_find(const game_problem *problem, bool of_jacobian);

/* One word, such as "stable_nash", and a clause. */
const char *facts_class_name(const gd_classification *kind);
const char *facts_class_words(const gd_classification *kind);

#endif
