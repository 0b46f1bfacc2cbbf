/* SPDX-License-Identifier: BSD-3-Clause */
/* evidence.c -- counts of eigenvalues, curvatures, and how much the flow and the steps grow on the way. */
#include "support/evidence.h"

#include <math.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/table.h"

static const gd_growth UNKNOWN = {.largest = NAN, .bound = NAN, .at = NAN};

/* Where the search came to no end, as with eigenvalues on the border of what decays, rounding has grown with the rest.
 */
static gd_growth found(gd_status status, const gd_growth *growth) {
  must(status);
  return status == GD_OK ? *growth : UNKNOWN;
}

static void look_at_flow(point_evidence *it, const game_problem *problem, const game_facts *facts) {
  gd_operator *jacobian = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  if (facts->large) options.dense_limit = problem->n - 1;
  must(gd_operator_jacobian(&jacobian, problem->game, problem->equilibrium));
  must(gd_nonnormality_find(jacobian, &options, &it->nonnormality));
  if (!facts->large && problem->n <= EVIDENCE_GROWTH_LIMIT) {
    gd_growth growth;
    it->flow = found(gd_flow_growth(jacobian, NULL, &growth), &growth);
  }
  gd_operator_destroy(jacobian);
}

/* Of the steps off the idle directions, which move nothing. */
static gd_growth growth_of_step(const method_report *method, const quotient *moving) {
  gd_operator *map = NULL;
  gd_growth growth;
  if (!isfinite(method->run_rate)) return UNKNOWN;
  must(gd_stepper_set(method->linear, GD_STEP_SIZE, method->run_step));
  must(gd_stepper_map(&map, method->linear, moving->equilibrium));
  const gd_growth result = found(gd_step_growth(map, NULL, &growth), &growth);
  gd_operator_destroy(map);
  return result;
}

point_evidence evidence_find(const game_problem *problem, const game_facts *facts, const game_report *report) {
  point_evidence it = {.flow = UNKNOWN, .steps = new_array(NULL, report->count, sizeof *it.steps)};
  const bool affordable = !facts->large && problem->n <= EVIDENCE_GROWTH_LIMIT;
  look_at_flow(&it, problem, facts);
  for (size_t k = 0; k < report->count; k++) {
    it.steps[k] = affordable ? growth_of_step(&report->methods[k], &report->quotient) : UNKNOWN;
  }
  return it;
}

void evidence_destroy(point_evidence *it) { free(it->steps); }

static void print_line(const char *name, double value, const char *meaning) {
  if (isnan(value)) {
    printf("  %-18s  %-14s  %s\n", name, "-", meaning);
  } else {
    printf("  %-18s  %-14.8g  %s\n", name, value, meaning);
  }
}

static void print_count(const char *name, size_t count) {
  if (count == GD_UNKNOWN_COUNT) {
    printf("%s -", name);
  } else {
    printf("%s %zu", name, count);
  }
}

static void print_point(const gd_classification *kind) {
  print_line("gradient scale", kind->gradient_scale, "|J| max(1, |x|): |v| is 0 within 1e-8 of it");
  print_line("|v| is known to", kind->gradient_resolution, "by rounding");
  print_line("J is known to", kind->jacobian_resolution, "by rounding, differencing and the way to the equilibrium");
  print_line("own curvature", kind->own_curvature, "largest of a player's own block: < 0 at a stable Nash point");
  printf("  %-18s  ", "eigenvalues");
  print_count("left", kind->n_left);
  print_count(", zero", kind->n_zero);
  print_count(", imaginary", kind->n_imaginary);
  print_count(", right", kind->n_right);
  printf(", told apart within 1e-8 |J|\n");
  print_line("first leading", kind->leader_curvature[0], "curvature of the first player when the second answers best");
  print_line("second leading", kind->leader_curvature[1], "the other way round: < 0 at a strict local minimax point");
  print_line("manifold residual", kind->manifold_residual, "|v| / (|J| distance) left along null directions of J");
}

static void print_steps(const point_evidence *it, const game_report *report) {
  text_table *table = table_create("method|step size|largest growth|at step");
  for (size_t k = 0; k < report->count; k++) {
    table_cell(table, "%s", gd_stepper_method(report->methods[k].stepper)->name);
    table_number(table, report->methods[k].run_step);
    table_number(table, it->steps[k].largest);
    table_number(table, it->steps[k].at);
  }
  printf("\nThe most that steps make of a distance on the way, from the first one on:\n\n");
  table_print(table, stdout);
}

void evidence_print(const point_evidence *it, const game_facts *facts, const game_report *report) {
  printf("\nEvidence:\n\n");
  print_point(&facts->kind);
  print_line("numerical abscissa", it->nonnormality.numerical_abscissa,
             "> 0: distances may grow at first at this rate");
  print_line("departure", it->nonnormality.departure, "of J from normal, after Henrici");
  print_line("transient growth", it->flow.largest, "largest |exp(t J)|: the most the flow makes of a distance");
  print_line("at time", it->flow.at, "when that is");
  if (report->count > 0 && !facts->large) print_steps(it, report);
}

static void write_count(json_writer *json, const char *key, size_t count) {
  json_number(json, key, count == GD_UNKNOWN_COUNT ? NAN : (double)count);
}

void evidence_write_json(const point_evidence *it, const game_facts *facts, json_writer *json) {
  const gd_classification *kind = &facts->kind;
  json_begin(json, "evidence", '{');
  json_number(json, "gradient_scale", kind->gradient_scale);
  json_number(json, "gradient_resolution", kind->gradient_resolution);
  json_number(json, "jacobian_resolution", kind->jacobian_resolution);
  json_number(json, "own_curvature", kind->own_curvature);
  write_count(json, "n_left", kind->n_left);
  write_count(json, "n_zero", kind->n_zero);
  write_count(json, "n_imaginary", kind->n_imaginary);
  write_count(json, "n_right", kind->n_right);
  write_count(json, "n_still", kind->n_still);
  json_begin(json, "leader_curvature", '[');
  for (size_t k = 0; k < 2; k++) json_number(json, NULL, kind->leader_curvature[k]);
  json_end(json, ']');
  json_number(json, "manifold_residual", kind->manifold_residual);
  json_number(json, "numerical_abscissa", it->nonnormality.numerical_abscissa);
  json_number(json, "departure", it->nonnormality.departure);
  json_number(json, "transient_growth", it->flow.largest);
  json_number(json, "transient_time", it->flow.at);
  json_end(json, '}');
}
