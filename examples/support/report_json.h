/* SPDX-License-Identifier: BSD-3-Clause */
/* A report as JSON, for other programs: 17 significant digits, null where there is no number. */
#ifndef SUPPORT_REPORT_JSON_H
#define SUPPORT_REPORT_JSON_H

#include "support/evidence.h"
#include "support/facts.h"
#include "support/report.h"

/* The evidence may be NULL. */
void report_write_json(const char *path, const game_problem *problem, const game_facts *facts,
                       const game_report *report, const point_evidence *evidence);

#endif
