/* SPDX-License-Identifier: BSD-3-Clause */
/* report_json.c -- the members and their order. */
#include "support/report_json.h"

#include <math.h>

#include "support/die.h"
#include "support/json.h"
#include "support/output.h"

static void write_method(json_writer *json, const method_report *it, const gd_growth *growth) {
  json_begin(json, NULL, '{');
  json_text(json, "name", gd_stepper_method(it->stepper)->name);
  if (!it->decided) {
    json_number(json, "converges", NAN); /* null: not known */
  } else {
    json_flag(json, "converges", it->converges);
  }
  json_number(json, "largest_stable_step", it->largest_stable_step);
  json_number(json, "fastest_step", it->converges ? it->fastest_step : NAN);
  json_number(json, "rate", it->rate);
  json_number(json, "run_step", it->run_step);
  json_number(json, "steps_predicted", it->steps_predicted);
  json_number(json, "steps_measured", it->steps_measured);
  json_number(json, "gradients", it->gradients);
  json_number(json, "products", it->products);
  json_text(json, "theorem", it->theorem);
  json_number(json, "theorem_step", it->theorem_step);
  json_number(json, "theorem_steps", it->theorem_steps);
  json_number(json, "step_growth", growth ? growth->largest : NAN);
  json_number(json, "step_growth_at", growth ? growth->at : NAN);
  json_end(json, '}');
}

static void write_pair(json_writer *json, double re, double im) {
  json_begin(json, NULL, '[');
  json_number(json, NULL, re);
  json_number(json, NULL, im);
  json_end(json, ']');
}

static void write_spectrum(json_writer *json, const char *key, const gd_spectrum *spectrum) {
  json_begin(json, key, '[');
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    write_pair(json, gd_spectrum_real(spectrum)[k], gd_spectrum_imaginary(spectrum)[k]);
  }
  json_end(json, ']');
}

void report_write_json(const char *path, const game_problem *problem, const game_facts *facts,
                       const game_report *report, const point_evidence *evidence) {
  json_writer json = {.file = open_output("--json", path)};
  json_begin(&json, NULL, '{');
  json_number(&json, "n", (double)problem->n);
  json_begin(&json, "blocks", '[');
  for (size_t i = 0; i < gd_game_players(problem->game); i++) {
    json_number(&json, NULL, (double)gd_game_block_size(problem->game, i));
  }
  json_end(&json, ']');
  json_text(&json, "class", facts_class_name(&facts->kind));
  json_text(&json, "kind", facts_kind_name(&facts->kind));
  json_text(&json, "nash", facts_nash_name(&facts->kind));
  json_number(&json, "null_directions", facts->large ? NAN : (double)gd_spectrum_null_directions(facts->spectrum));
  json_text(&json, "point", problem->point.name);
  json_number(&json, "gradient_norm", facts->kind.gradient_norm);
  json_number(&json, "spectral_abscissa", facts->kind.spectral_abscissa);
  json_number(&json, "largest_imag_real_ratio", facts->kind.largest_imag_real_ratio);
  json_text(&json, "sigma_of", facts->sigma_of);
  json_number(&json, "sigma_min", facts->sigma_min);
  json_number(&json, "sigma_max", facts->sigma_max);
  json_flag(&json, "eigenvalues_complete", !facts->large);
  write_spectrum(&json, "eigenvalues", facts->spectrum);
  write_spectrum(&json, "consensus_eigenvalues", facts->consensus);
  if (evidence) evidence_write_json(evidence, facts, &json);
  json_begin(&json, "x", '[');
  for (size_t k = 0; k < problem->n; k++) json_number(&json, NULL, problem->equilibrium[k]);
  json_end(&json, ']');
  json_begin(&json, "methods", '[');
  for (size_t k = 0; k < report->count; k++) {
    write_method(&json, &report->methods[k], evidence ? &evidence->steps[k] : NULL);
  }
  json_end(&json, ']');
  json_end(&json, '}');
  close_output("--json", path, json.file);
}
