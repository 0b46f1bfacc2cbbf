/* SPDX-License-Identifier: BSD-3-Clause */
/* Portrait: a game's eigenvalues over the stability region of every method, and the distances of the runs. */
#ifndef SUPPORT_PORTRAIT_H
#define SUPPORT_PORTRAIT_H

#include <gamedyn/analysis.h>

/* words: what the game is, for the title. */
void portrait_draw(const char *path, const char *words, const gd_analysis *analysis,
                   const gd_analysis_options *options);

#endif
