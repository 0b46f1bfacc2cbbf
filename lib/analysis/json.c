/* SPDX-License-Identifier: BSD-3-Clause */
/* json.c -- an analysis as one JSON object: members in a fixed order, one a line, pairs of numbers side by side. */
#include "analysis/analysis.h"

#include "base/error.h"
#include "theory/linearisation.h"

#include <gamedyn/names.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the writer ---- */

typedef struct json_writer {
  gd_write_fn *write;
  void *context;
  int depth;
  bool first, failed;
} json_writer;

static void put(json_writer *json, const char *text) {
  const size_t length = strlen(text);
  if (json->failed || length == 0) return;
  json->failed = json->write(json->context, text, length) != 0;
}

static void put_quoted(json_writer *json, const char *text) {
  char piece[8];
  put(json, "\"");
  for (; *text; text++) {
    const unsigned char byte = (unsigned char)*text;
    const bool escaped = byte == '"' || byte == '\\';
    snprintf(piece, sizeof piece, byte < 0x20 ? "\\u%04x" : escaped ? "\\%c" : "%c", byte);
    put(json, piece);
  }
  put(json, "\"");
}

/* Comma, line break, indentation, key. */
static void lead(json_writer *json, const char *key) {
  char indentation[64];
  if (json->depth > 0) {
    snprintf(indentation, sizeof indentation, "%s\n%*s", json->first ? "" : ",", 2 * json->depth, "");
    put(json, indentation);
  }
  json->first = false;
  if (!key) return;
  put_quoted(json, key);
  put(json, ": ");
}

static void begin(json_writer *json, const char *key, const char *bracket) {
  lead(json, key);
  put(json, bracket);
  json->depth++;
  json->first = true;
}

static void end(json_writer *json, const char *bracket) {
  char indentation[64];
  json->depth--;
  snprintf(indentation, sizeof indentation, "\n%*s", 2 * json->depth, "");
  if (!json->first) put(json, indentation);
  put(json, bracket);
  json->first = false;
  if (json->depth == 0) put(json, "\n");
}

static void number(json_writer *json, const char *key, double value) {
  char digits[40];
  snprintf(digits, sizeof digits, isfinite(value) ? "%.17g" : "null", value);
  for (char *comma = strchr(digits, ','); comma; comma = NULL) *comma = '.'; /* decimal comma of the locale */
  lead(json, key);
  put(json, digits);
}

static void count(json_writer *json, const char *key, size_t value) {
  number(json, key, value == GD_UNKNOWN_COUNT ? NAN : (double)value);
}

static void flag(json_writer *json, const char *key, bool value) {
  lead(json, key);
  put(json, value ? "true" : "false");
}

static void text(json_writer *json, const char *key, const char *value) {
  lead(json, key);
  if (value)
    put_quoted(json, value);
  else
    put(json, "null");
}

static void numbers(json_writer *json, const char *key, size_t n, const double *values) {
  begin(json, key, "[");
  for (size_t k = 0; k < n; k++) number(json, NULL, values[k]);
  end(json, "]");
}

/* ---- words ---- */

static const char *class_name(const gd_classification *kind) {
  if (!kind->stationary) return "not_stationary";
  if (kind->kind == GD_POINT_STABLE_NASH) return "stable_nash";
  if (kind->hurwitz) return "hurwitz";
  return kind->nash >= GD_HOLDS_WEAKLY ? "local_nash" : "stationary";
}

static const char *nash_name(const gd_classification *kind) {
  static const char *const names[] = {[GD_HOLDS_UNDECIDED] = "undecided",
                                      [GD_HOLDS_NOT] = "no",
                                      [GD_HOLDS_WEAKLY] = "weakly",
                                      [GD_HOLDS_STRICTLY] = "strictly"};
  return names[kind->nash];
}

/* ---- the members ---- */

static void write_method(json_writer *json, const gd_analysis_row *row) {
  const bool told = row->verdict != GD_VERDICT_UNKNOWN && row->verdict != GD_VERDICT_NOT_TOLD;
  begin(json, NULL, "{");
  text(json, "name", row->method);
  text(json, "verdict", gd_enum_name("gd_verdict", (int)row->verdict));
  if (told)
    flag(json, "converges", row->verdict != GD_VERDICT_DOES_NOT && row->verdict != GD_VERDICT_NEUTRAL);
  else
    number(json, "converges", NAN);
  text(json, "route", gd_rate_route_text(row->route));
  number(json, "largest_stable_step", row->largest_stable_step);
  number(json, "fastest_step", row->fastest_step);
  number(json, "rate", row->rate);
  number(json, "run_step", row->step_size);
  number(json, "run_rate", row->step_rate);
  number(json, "steps_predicted", row->steps_predicted);
  number(json, "steps_measured", row->steps_measured);
  number(json, "gradients", row->gradients);
  number(json, "products", row->products);
  number(json, "solves", row->solves);
  text(json, "theorem", row->theorem);
  number(json, "theorem_step", row->theorem_step);
  number(json, "theorem_steps", row->theorem_steps);
  flag(json, "theorem_estimated", row->estimated);
  number(json, "end_distance", row->end_distance);
  number(json, "step_growth", row->growth);
  number(json, "step_growth_at", row->growth_at);
  end(json, "}");
}

static void write_spectrum(json_writer *json, const char *key, const gd_spectrum *spectrum) {
  begin(json, key, "[");
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++)
    numbers(json, NULL, 2, (const double[]){gd_spectrum_real(spectrum)[k], gd_spectrum_imaginary(spectrum)[k]});
  end(json, "]");
}

static void write_evidence(json_writer *json, const gd_analysis_facts *facts) {
  const gd_classification *kind = &facts->kind;
  begin(json, "evidence", "{");
  number(json, "gradient_scale", kind->gradient_scale);
  number(json, "gradient_resolution", kind->gradient_resolution);
  number(json, "jacobian_resolution", kind->jacobian_resolution);
  number(json, "own_curvature", kind->own_curvature);
  count(json, "n_left", kind->n_left);
  count(json, "n_zero", kind->n_zero);
  count(json, "n_imaginary", kind->n_imaginary);
  count(json, "n_right", kind->n_right);
  count(json, "n_still", kind->n_still);
  numbers(json, "leader_curvature", 2, kind->leader_curvature);
  number(json, "manifold_residual", kind->manifold_residual);
  number(json, "numerical_abscissa", facts->nonnormality.numerical_abscissa);
  number(json, "departure", facts->nonnormality.departure);
  number(json, "transient_growth", facts->flow.largest);
  number(json, "transient_time", facts->flow.at);
  end(json, "}");
}

static void write_point(json_writer *json, const gd_analysis *analysis) {
  const gd_analysis_facts *facts = &analysis->facts;
  const gd_game *game = analysis->at->game;
  number(json, "n", (double)analysis->n);
  begin(json, "blocks", "[");
  for (size_t i = 0; i < gd_game_players(game); i++) number(json, NULL, (double)gd_game_block_size(game, i));
  end(json, "]");
  text(json, "class", class_name(&facts->kind));
  text(json, "kind", gd_enum_name("gd_point_kind", (int)facts->kind.kind));
  text(json, "nash", nash_name(&facts->kind));
  count(json, "null_directions", facts->null_directions);
  text(json, "point", analysis->options.origin);
  number(json, "gradient_norm", facts->kind.gradient_norm);
  number(json, "spectral_abscissa", facts->kind.spectral_abscissa);
  number(json, "largest_imag_real_ratio", facts->kind.largest_imag_real_ratio);
  text(json, "sigma_of", facts->singular_of);
  number(json, "sigma_min", facts->singular_min);
  number(json, "sigma_max", facts->singular_max);
  flag(json, "eigenvalues_complete", facts->complete);
  write_spectrum(json, "eigenvalues", analysis->spectrum);
  write_spectrum(json, "consensus_eigenvalues", analysis->consensus);
}

gd_status gd_analysis_write_json(const gd_analysis *analysis, gd_write_fn *write, void *context) {
  GDI_REQUIRE(analysis && write, "gd_analysis_write_json: %s is NULL", analysis ? "write" : "analysis");
  json_writer json = {.write = write, .context = context};
  begin(&json, NULL, "{");
  write_point(&json, analysis);
  if (analysis->options.evidence) write_evidence(&json, &analysis->facts);
  numbers(&json, "x", analysis->n, analysis->at->x);
  begin(&json, "methods", "[");
  for (size_t k = 0; k < analysis->count; k++) write_method(&json, &analysis->methods[k].row);
  end(&json, "]");
  end(&json, "}");
  if (json.failed) return gdi_fail(GD_ERR_IO, "gd_analysis_write_json: the caller's write failed");
  return GD_OK;
}
