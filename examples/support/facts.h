/* SPDX-License-Identifier: BSD-3-Clause */
/* Facts: what is to be said of a game at its point before any method. */
#ifndef SUPPORT_FACTS_H
#define SUPPORT_FACTS_H

#include <gamedyn/classify.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/rates.h>
#include <gamedyn/spectrum.h>

#include "support/problem.h"

typedef struct game_facts {
  gd_classification kind;
  const char *sigma_of;        /* whose singular values: "C", the interaction of two players, or "J" */
  double sigma_min, sigma_max; /* of a large game the smallest but zeros */
  gd_spectrum *spectrum;       /* of J */
  gd_spectrum *consensus;      /* of the Jacobian of the consensus field v - gamma J'v */
  bool has_constants;          /* those that the theorems of Liang & Stokes ask for */
  gd_game_constants constants;
  bool large;     /* found from products alone: both spectra have their ends only, */
  bool turning;   /* of which the rates of an antisymmetric J, such as a bilinear game's, do not need more */
  bool converged; /* everything that was looked for */
  bool decisive;  /* what converges at the eigenvalues at hand does so at all of them, zeros left out */
} game_facts;

/* Above dense_limit variables without any matrix n by n. */
game_facts facts_find(const game_problem *problem, const common_options *common, bool of_jacobian);
void facts_destroy(game_facts *facts);

/* A word for what it is to the players and the flow, such as "hurwitz"; one for its kind, such as "saddle"; and one for
 * whether it is a Nash point, such as "weakly". */
const char *facts_class_name(const gd_classification *kind);
const char *facts_kind_name(const gd_classification *kind);
const char *facts_nash_name(const gd_classification *kind);

/* Room for gd_classification_text(). */
enum { FACTS_WORDS = 500 };

#endif
