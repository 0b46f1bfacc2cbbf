/* SPDX-License-Identifier: BSD-3-Clause */
/* Verdicts: an analysis as text, for a reader at a terminal. */
#ifndef SUPPORT_VERDICTS_H
#define SUPPORT_VERDICTS_H

#include <gamedyn/analysis.h>

/* The point: its kind, eigenvalues and singular values. */
void verdicts_print_point(const gd_analysis *analysis);
/* One row for each method, and what the table cannot say. */
void verdicts_print_methods(const gd_analysis *analysis, const gd_analysis_options *options);
/* What the verdict on the point rests on, and what eigenvalues do not say. */
void verdicts_print_evidence(const gd_analysis *analysis);

/* All runs to --csv as columns step,distance,method. */
void verdicts_write_csv(const gd_analysis *analysis, const char *path);
void verdicts_write_json(const gd_analysis *analysis, const char *path);

#endif
