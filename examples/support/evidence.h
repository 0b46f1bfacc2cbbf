/* SPDX-License-Identifier: BSD-3-Clause */
/* Evidence: what the verdict on a point rests on, and what its eigenvalues do not say. */
#ifndef SUPPORT_EVIDENCE_H
#define SUPPORT_EVIDENCE_H

#include <gamedyn/nonnormal.h>

#include "support/facts.h"
#include "support/json.h"
#include "support/report.h"

enum {
  EVIDENCE_GROWTH_LIMIT = 400
}; /* variables up to which growth is looked for: it takes many products of matrices */

/* Of the flow and of each method's step.  NaN where it was not looked for. */
typedef struct point_evidence {
  gd_nonnormality nonnormality;
  gd_growth flow;
  gd_growth *steps; /* [report->count], at the step sizes of the runs */
} point_evidence;

point_evidence evidence_find(const game_problem *problem, const game_facts *facts, const game_report *report);
void evidence_destroy(point_evidence *it);

void evidence_print(const point_evidence *it, const game_facts *facts, const game_report *report);

/* As a member "evidence" of the object that is being written. */
void evidence_write_json(const point_evidence *it, const game_facts *facts, json_writer *json);

#endif
