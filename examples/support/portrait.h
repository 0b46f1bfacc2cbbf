/* SPDX-License-Identifier: BSD-3-Clause */
/* Portrait: a game's eigenvalues over the stability region of every method, and the distances of the runs. */
#ifndef SUPPORT_PORTRAIT_H
#define SUPPORT_PORTRAIT_H

#include "support/facts.h"
#include "support/report.h"

void portrait_draw(const char *path, const game_problem *problem, const game_facts *facts, const game_report *report);

#endif
