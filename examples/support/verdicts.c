/* SPDX-License-Identifier: BSD-3-Clause */
/* verdicts.c -- tables and sentences of an analysis. */
#include "support/verdicts.h"

#include <math.h>
#include <string.h>

#include "support/die.h"
#include "support/output.h"
#include "support/screen.h"
#include "support/table.h"

enum { WORDS = 500, INDENT = 22 /* of what is said beside a name */ };

/* ---- the point ---- */

static void print_number(const char *name, double value) {
  if (isnan(value)) {
    printf("  %-18s  not found\n", name);
  } else {
    printf("  %-18s  %.8g\n", name, value);
  }
}

/* What can, and what cannot, be said without all eigenvalues. */
static void print_ends(const gd_analysis *analysis) {
  const gd_analysis_facts *facts = gd_analysis_facts_of(analysis);
  const gd_spectrum *spectrum = gd_analysis_spectrum(analysis);
  const char *more = facts->converged ? "" : "; more did not converge";
  if (spectrum) {
    printf("  eigenvalues         %zu, from products alone%s\n", gd_spectrum_count(spectrum), more);
  } else {
    printf("  eigenvalues         from products alone only 0 was found, up to rounding\n");
  }
  if (facts->turning && facts->converged) {
    printf("                      the extreme singular values decide all rates but those\n"
           "                      of zeros, which are left out\n");
  } else if (spectrum) {
    printf("                      rates are those of these: the true ones are as large\n"
           "                      or larger, and stable steps as short or shorter\n");
  }
  if (!facts->decisive)
    printf("                      they do not tell that a method converges, which is\n"
           "                      \"?\" below\n");
}

void verdicts_print_point(const gd_analysis *analysis) {
  const gd_analysis_facts *facts = gd_analysis_facts_of(analysis);
  char words[WORDS];
  printf("  gradient norm       %.8g\n", facts->kind.gradient_norm);
  must(gd_classification_text(&facts->kind, words, sizeof words));
  printf("  %-18s  ", facts->kind.stationary ? "equilibrium" : "verdict");
  screen_print_words(stdout, INDENT, INDENT, words);
  print_number("spectral abscissa", facts->kind.spectral_abscissa);
  print_number("largest |Im/Re|", facts->kind.largest_imag_real_ratio);
  printf("  singular values     %.8g to %.8g (of %s%s)\n", facts->singular_min, facts->singular_max, facts->singular_of,
         facts->complete ? "" : ", zeros left out");
  if (!facts->complete) print_ends(analysis);
  if (facts->null_directions > 0 && facts->null_directions != GD_UNKNOWN_COUNT)
    printf("  null directions     %zu: nothing moves along them; rates and distances are\n"
           "                      those off them\n",
           facts->null_directions);
}

/* ---- methods ---- */

static const char *answer_of(const gd_analysis_row *row) {
  switch (row->verdict) {
  case GD_VERDICT_CONVERGES:
  case GD_VERDICT_LARGE_STEPS:
    return "yes";
  case GD_VERDICT_NEUTRAL:
  case GD_VERDICT_DOES_NOT:
    return "no";
  default:
    return "?";
  }
}

static void print_rates(const gd_analysis *analysis) {
  text_table *table = table_create("method|converges|stable below|fastest step|rate|predicted|measured");
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    gd_analysis_row row;
    must(gd_analysis_row_at(analysis, k, &row));
    table_cell(table, "%s", row.method);
    table_cell(table, "%s", answer_of(&row));
    table_number(table, row.largest_stable_step);
    table_number(table, row.fastest_step);
    table_rate(table, row.rate);
    table_number(table, row.steps_predicted);
    table_number(table, row.steps_measured);
  }
  table_print(table, stdout);
}

/* What the runs cost, and what theorems promise; only where there is something to be said. */
static bool has_costs(const gd_analysis_row *row) { return !isnan(row->steps_measured) || row->theorem; }

static void print_costs(const gd_analysis *analysis) {
  text_table *table = table_create("method|gradients|products|solves|theorem|its step|promised");
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    gd_analysis_row row;
    must(gd_analysis_row_at(analysis, k, &row));
    if (!has_costs(&row)) continue;
    const char *space = row.theorem ? strrchr(row.theorem, ' ') : NULL;
    table_cell(table, "%s", row.method);
    table_number(table, row.gradients);
    table_number(table, row.products);
    table_number(table, row.solves);
    table_cell(table, "%s%s", space ? space + 1 : "-", row.estimated ? " (estimate)" : "");
    table_number(table, row.theorem_step);
    table_number(table, row.theorem_steps);
  }
  table_print(table, stdout);
}

static void print_winner(const gd_analysis *analysis) {
  gd_analysis_row row;
  size_t best;
  if (gd_analysis_best(analysis, &best) < 0) return;
  must(gd_analysis_row_at(analysis, best, &row));
  printf("\nFewest gradients and products: %s, %g.\n", row.method, row.gradients + row.products);
}

static void print_verdict(const gd_analysis_row *row, const gd_analysis_options *options, bool has_spectrum) {
  const bool by_spectrum = row->route == GD_RATE_BY_MODES || row->route == GD_RATE_BY_FIELD;
  if (row->verdict == GD_VERDICT_UNKNOWN && by_spectrum && !has_spectrum) {
    printf("%s: not rated; all eigenvalues that were found are 0.\n", row->method);
  } else if (row->verdict == GD_VERDICT_UNKNOWN) {
    printf("%s: not rated; %s is looked at up to %zu variables only.\n", row->method,
           row->route == GD_RATE_BY_ALTERNATION ? "a round of moves" : "the derivative of one step",
           options->map_limit * (row->route == GD_RATE_BY_ALTERNATION ? 2 : 1));
  } else if (isinf(row->fastest_step) && !(options->step_size > 0)) {
    printf("%s: the larger the step the faster; steps are counted at h = %g.\n", row->method, row->step_size);
  } else if (row->verdict == GD_VERDICT_NEUTRAL) {
    printf("%s: stable, but its rate cannot be told from 1.\n", row->method);
  } else if (row->verdict == GD_VERDICT_LARGE_STEPS) {
    printf("%s: unstable at small steps, stable at large ones only.\n", row->method);
  }
}

static void print_run(const gd_analysis_row *row, uint64_t limit) {
  if (!(row->step_rate < 1) || !isnan(row->steps_measured)) return;
  if (row->stop == GD_STOP_STALLED) {
    printf("%s: the measured run came to rest elsewhere, at distance %.4g.\n", row->method, row->end_distance);
  } else {
    printf("%s: the measured run was cut at %llu steps.\n", row->method, (unsigned long long)limit);
  }
}

static void print_notes(const gd_analysis *analysis, const gd_analysis_options *options) {
  printf("\n");
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    gd_analysis_row row;
    must(gd_analysis_row_at(analysis, k, &row));
    print_verdict(&row, options, gd_analysis_spectrum(analysis) != NULL);
    print_run(&row, options->max_steps);
    if (row.estimated)
      printf("%s: the theorem's constants are estimates, the worst of points sampled within distance %g.\n", row.method,
             gd_analysis_facts_of(analysis)->radius);
  }
  if (options->step_size > 0) printf("Steps are counted at the step size given, h = %g.\n", options->step_size);
}

void verdicts_print_methods(const gd_analysis *analysis, const gd_analysis_options *options) {
  bool costs = false;
  printf("\nFrom distance %g to %g; gamma = %g where a method has one:\n\n", gd_analysis_facts_of(analysis)->radius,
         options->epsilon, options->gamma);
  print_rates(analysis);
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    gd_analysis_row row;
    must(gd_analysis_row_at(analysis, k, &row));
    costs = costs || has_costs(&row);
  }
  if (costs) {
    printf("\nWhat the measured runs spent, and what theorems promise:\n\n");
    print_costs(analysis);
    print_winner(analysis);
  }
  print_notes(analysis, options);
}

/* ---- evidence ---- */

static void print_line(const char *name, double value, const char *meaning) {
  const int indent = INDENT + 16;
  if (isnan(value)) {
    printf("  %-18s  %-14s  ", name, "-");
  } else {
    printf("  %-18s  %-14.8g  ", name, value);
  }
  screen_print_words(stdout, indent, indent, meaning);
}

static void print_count(const char *name, size_t count) {
  if (count == GD_UNKNOWN_COUNT) {
    printf("%s -", name);
  } else {
    printf("%s %zu", name, count);
  }
}

static void print_kind(const gd_classification *kind) {
  print_line("gradient scale", kind->gradient_scale, "|J| max(1, |x|): |v| is 0 within 1e-8 of it");
  print_line("|v| is known to", kind->gradient_resolution, "by rounding");
  print_line("J is known to", kind->jacobian_resolution, "by rounding and differencing");
  print_line("own curvature", kind->own_curvature, "largest of an own block; < 0: stable Nash");
  printf("  %-18s  ", "eigenvalues");
  print_count("left", kind->n_left);
  print_count(", zero", kind->n_zero);
  print_count(", imaginary", kind->n_imaginary);
  print_count(", right", kind->n_right);
  printf(", told apart within 1e-8 |J|\n");
  print_line("first leading", kind->leader_curvature[0], "its curvature, the second answering");
  print_line("second leading", kind->leader_curvature[1], "the same; < 0: local minimax");
  print_line("manifold residual", kind->manifold_residual, "|v| / (|J| distance) along null directions");
}

static void print_growths(const gd_analysis *analysis) {
  text_table *table = table_create("method|step size|largest growth|at step");
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    gd_analysis_row row;
    must(gd_analysis_row_at(analysis, k, &row));
    table_cell(table, "%s", row.method);
    table_number(table, row.step_size);
    table_number(table, row.growth);
    table_number(table, row.growth_at);
  }
  printf("\nThe most that steps make of a distance on the way, from the first one on:\n\n");
  table_print(table, stdout);
}

void verdicts_print_evidence(const gd_analysis *analysis) {
  const gd_analysis_facts *facts = gd_analysis_facts_of(analysis);
  printf("\nEvidence:\n\n");
  print_kind(&facts->kind);
  print_line("numerical abscissa", facts->nonnormality.numerical_abscissa, "> 0: distances may grow at first");
  print_line("departure", facts->nonnormality.departure, "of J from normal, after Henrici");
  print_line("transient growth", facts->flow.largest, "largest |exp(t J)|");
  print_line("at time", facts->flow.at, "when that is");
  if (gd_analysis_count(analysis) > 0 && facts->complete) print_growths(analysis);
}

/* ---- files ---- */

void verdicts_write_csv(const gd_analysis *analysis, const char *path) {
  if (!path) return;
  FILE *file = open_output("--csv", path);
  fputs("step,distance,method\n", file);
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    const uint64_t *steps = NULL;
    const double *distances = NULL;
    const size_t rows = gd_analysis_history(analysis, k, &steps, &distances);
    const char *method = gd_stepper_method(gd_analysis_stepper(analysis, k))->name;
    for (size_t row = 0; row < rows; row++)
      fprintf(file, "%llu,%.17g,%s\n", (unsigned long long)steps[row], distances[row], method);
  }
  close_output("--csv", path, file);
}

static int write_text(void *context, const void *bytes, size_t count) {
  return fwrite(bytes, 1, count, context) != count;
}

void verdicts_write_json(const gd_analysis *analysis, const char *path) {
  if (!path) return;
  FILE *file = open_output("--json", path);
  const gd_status status = gd_analysis_write_json(analysis, write_text, file);
  close_output("--json", path, file); /* which says what is wrong with the file */
  must_for("--json", status);
}
