/* SPDX-License-Identifier: BSD-3-Clause */
/* figure1_eigenvalues.c -- why rotation forces tiny steps, and what consensus does about it.
 *
 * Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs", Figure 1 and Corollary 5: a simultaneous step of size h
 * contracts exactly when the eigenvalues of I + h A are in the unit disc, A the field's Jacobian.  Smaller h draws
 * them towards 1; where |Im/Re| is large they come inside only at last, for h < 2 |Re| / |lambda|^2.  The
 * consensus field's Jacobian A = J - gamma J'J has its eigenvalues turned to the left and allows longer steps.
 *
 * The game is min over theta, max over omega of theta' C omega + a (|theta|^2 - |omega|^2) / 2, C standard normal, or
 * one from files.
 * Tested: one step's spectral radius, from the derivative of the step itself, is below 1 at the step sizes that the
 * corollary allows and not below 1 at those it does not; and the bound of Lemma 9 on |Im/Re|. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/problem.h"
#include "support/rates_of.h"
#include "support/table.h"

enum { STEP_SIZES = 4, FIELDS = 2 };
/* Multiples of the longest step that the consensus field allows. */
static const double SHARES[STEP_SIZES] = {1.05, 0.6, 0.3, 0.1};

typedef struct field_steps {
  const char *name, *title;
  gd_game *game;
  gd_spectrum *eigenvalues;       /* of A */
  double largest_step;            /* by Corollary 5 */
  double ratio;                   /* largest |Im/Re| */
  gd_spectrum *steps[STEP_SIZES]; /* eigenvalues of one step, I + h A */
} field_steps;

static double largest_ratio(const gd_spectrum *spectrum) {
  double ratio = 0.0;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    ratio = fmax(ratio, fabs(gd_spectrum_imaginary(spectrum)[k] / gd_spectrum_real(spectrum)[k]));
  }
  return ratio;
}

static gd_spectrum *spectrum_of(gd_operator *op) {
  gd_spectrum *spectrum = NULL;
  must(gd_spectrum_compute(&spectrum, op, NULL));
  gd_operator_destroy(op);
  return spectrum;
}

static void look_at(field_steps *field, const double *x) {
  gd_operator *jacobian = NULL;
  must(gd_operator_jacobian(&jacobian, field->game, x));
  field->eigenvalues = spectrum_of(jacobian);
  field->ratio = largest_ratio(field->eigenvalues);
  must(gd_spectrum_largest_euler_step(field->eigenvalues, &field->largest_step));
}

static void take_steps(field_steps *field, const double *x, const double *step_sizes) {
  gd_stepper *stepper = NULL;
  must(gd_stepper_create_named(&stepper, field->game, GD_SIMULTANEOUS));
  for (size_t k = 0; k < STEP_SIZES; k++) {
    gd_operator *map = NULL;
    must(gd_stepper_set(stepper, GD_STEP_SIZE, step_sizes[k]));
    must(gd_stepper_map(&map, stepper, x));
    field->steps[k] = spectrum_of(map);
  }
  gd_stepper_destroy(stepper);
}

/* --step is the longest one; else that lies a little above what either field allows, or moves modes about as far as
 * they are away if neither allows any. */
static void choose_steps(const common_options *common, const field_steps *fields, double *step_sizes) {
  const double allowed = fmax(fields[1].largest_step, fields[0].largest_step);
  const double unit = allowed > 0 ? allowed : 1.0 / gd_spectrum_radius(fields[0].eigenvalues);
  for (size_t k = 0; k < STEP_SIZES; k++) {
    step_sizes[k] = common->step > 0 ? common->step * SHARES[k] / SHARES[0] : unit * SHARES[k];
  }
}

static void field_destroy(field_steps *field) {
  for (size_t k = 0; k < STEP_SIZES; k++) gd_spectrum_destroy(field->steps[k]);
  gd_spectrum_destroy(field->eigenvalues);
}

/* Does the step contract exactly when Corollary 5 says so?  Within rounding of the border nothing is claimed. */
static bool step_agrees(const field_steps *field, size_t k, double step_size) {
  const double radius = gd_spectrum_radius(field->steps[k]);
  return fabs(radius - 1.0) < 1e-12 || (radius < 1.0) == (step_size < field->largest_step);
}

static void print_field(const field_steps *field) {
  printf("%s:\n", field->title);
  printf("  ratio            %.8g, the largest |Im/Re| of its eigenvalues\n", field->ratio);
  printf("  largest_step     %.8g, by Corollary 5\n\n", field->largest_step);
}

static bool print_steps(const field_steps *fields, const double *step_sizes) {
  bool all = true;
  text_table *table = table_create("field|h|radius of I + h A|contracts|by Corollary 5");
  for (size_t j = 0; j < FIELDS; j++) {
    for (size_t k = 0; k < STEP_SIZES; k++) {
      const double radius = gd_spectrum_radius(fields[j].steps[k]);
      table_cell(table, "%s", fields[j].name);
      table_number(table, step_sizes[k]);
      table_cell(table, "%.8f", radius);
      table_cell(table, radius < 1.0 ? "yes" : "no");
      table_cell(table, step_sizes[k] < fields[j].largest_step ? "yes" : "no");
      all = all && step_agrees(&fields[j], k, step_sizes[k]);
    }
  }
  table_print(table, stdout);
  return all;
}

static void write_csv(const char *path, const field_steps *fields, const double *step_sizes) {
  FILE *file = open_output("--csv", path);
  fputs("field,step_size,re,im\n", file);
  for (size_t j = 0; j < FIELDS; j++) {
    for (size_t k = 0; k < STEP_SIZES; k++) {
      const gd_spectrum *step = fields[j].steps[k];
      for (size_t i = 0; i < gd_spectrum_count(step); i++) {
        fprintf(file, "%s,%.17g,%.17g,%.17g\n", fields[j].name, step_sizes[k], gd_spectrum_real(step)[i],
                gd_spectrum_imaginary(step)[i]);
      }
    }
  }
  close_output("--csv", path, file);
}

/* The farthest point of both panels from 1 along either axis, so that they have one scale. */
static double half_width(const field_steps *fields) {
  double half = 1.2;
  for (size_t j = 0; j < FIELDS; j++) {
    const gd_spectrum *step = fields[j].steps[0];
    for (size_t i = 0; i < gd_spectrum_count(step); i++) {
      half = fmax(half, 1.1 * fmax(fabs(gd_spectrum_real(step)[i]), fabs(gd_spectrum_imaginary(step)[i])));
    }
  }
  return half;
}

/* Lines "re im" and the way from there to 1. */
static void draw_points(FILE *script, const field_steps *field, size_t k) {
  fprintf(script, "$%s%zu << EOD\n", field->name, k);
  for (size_t i = 0; i < gd_spectrum_count(field->steps[k]); i++) {
    const double re = gd_spectrum_real(field->steps[k])[i], im = gd_spectrum_imaginary(field->steps[k])[i];
    fprintf(script, "%.9g %.9g %.9g %.9g\n", re, im, 1.0 - re, -im);
  }
  fprintf(script, "EOD\n");
}

static void draw_panel(FILE *script, const field_steps *field, const double *step_sizes) {
  for (size_t k = 0; k < STEP_SIZES; k++) draw_points(script, field, k);
  char stable[40] = "no step is stable";
  if (field->largest_step > 0) snprintf(stable, sizeof stable, "stable for h < %.3g", field->largest_step);
  fprintf(script, "set title \"%s\\nlargest |Im/Re| %.3g, %s\" font ',13'\n", field->title, field->ratio, stable);
  fprintf(script,
          "plot cos(t), sin(t) with lines linetype 7 linewidth 1.5 notitle, "
          "$%s0 using 1:2:3:4 with vectors nohead linewidth 0.7 linecolor rgb '#aaaaaa' notitle",
          field->name);
  for (size_t k = 0; k < STEP_SIZES; k++) {
    fprintf(script, ", $%s%zu using 1:2 with points pointtype 7 pointsize 0.9 linetype %zu title 'h = %.3g, %s'",
            field->name, k, k + 1, step_sizes[k],
            gd_spectrum_radius(field->steps[k]) < 1.0 ? "contracts" : "does not contract");
  }
  fprintf(script, "\n");
}

static void draw(const char *path, const field_steps *fields, const double *step_sizes) {
  gnuplot *picture = plot_open(path, 1200, 730);
  FILE *script = plot_script(picture);
  const double half = half_width(fields);
  fprintf(script,
          "set multiplot layout 1,2 title 'Eigenvalues of I + h A, and the unit circle' font ',14'\n"
          "set parametric\nset trange [-pi:pi]\nset samples 400\nset size ratio -1\nset xrange [%g:%g]\nset yrange "
          "[%g:%g]\nset xlabel 'Re'\nset ylabel 'Im'\n"
          "set key outside bottom center vertical maxcols 1 height 0.7 reverse Left samplen 1 spacing 1.2\n",
          -half, half, -half, half);
  for (size_t j = 0; j < FIELDS; j++) draw_panel(script, &fields[j], step_sizes);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

static common_options read_options(int argc, char **argv, double *curvature) {
  common_options common = options_default();
  *curvature = -1.0;
  const option_row rows[] = {
      {"curvature", "A", "added to the curvature of both players (default 0.1, with files 0)", OPTION_NONNEGATIVE,
       curvature, 0, 0},
      {"gamma", "G", "how much consensus", OPTION_NONNEGATIVE, &common.gamma, 0, 0},
      {"step", "H", "the longest of the four step sizes, in place of the program's", OPTION_POSITIVE, &common.step, 0,
       0},
      {"csv", "FILE", "write the eigenvalues: field,step_size,re,im", OPTION_OUTPUT, &common.csv, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Figure 1 of Mescheder, Nowozin & Geiger 2017: the eigenvalues of a step and the unit circle, without and\n"
          "with consensus.",
      .details =
          "Without files the game is theta' C omega + a (|theta|^2 - |omega|^2) / 2, C standard normal.  Idle\n"
          "directions are left out.  Tested: a step contracts exactly when Corollary 5 says so, and the bound of\n"
          "Lemma 9 on |Im/Re|.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .common = "matrix matrix-a matrix-b size seed plot"};
  options_parse(&common, &usage, argc, argv);
  if (*curvature < 0) *curvature = problem_has_files(&common) ? 0.0 : 0.1;
  return common;
}

static void print_verdict(bool agree, bool turned, const gd_consensus_report *report) {
  printf("\nCorollary 5 %s; ", agree ? "holds at every step size" : "FAILS");
  if (report->hypothesis) {
    printf("the ratio with consensus is %s the bound of Lemma 9, %.8g.\n", turned ? "within" : "NOT within",
           report->ratio_bound);
  } else {
    printf("Lemma 9 says nothing here, for J is not negative semidefinite and invertible.\n");
  }
}

int main(int argc, char **argv) {
  double curvature, step_sizes[STEP_SIZES];
  const common_options common = read_options(argc, argv, &curvature);
  game_problem problem = problem_curved(&common, curvature);
  gd_game *moving = new_reduced_game(problem.game, problem.equilibrium);
  double *origin = new_numbers(gd_game_size(moving));
  field_steps fields[FIELDS] = {{.name = "plain", .title = "without consensus", .game = moving},
                                {.name = "consensus", .title = "with consensus"}};
  gd_consensus_report report;
  must_for("--gamma, --curvature", gd_derive_consensus(&fields[1].game, fields[0].game, common.gamma));
  gd_linearisation *at = new_linearisation(fields[0].game, origin);
  must_for("--gamma, --curvature", gd_consensus_report_compute(at, common.gamma, &report));
  gd_linearisation_destroy(at);
  for (size_t j = 0; j < FIELDS; j++) look_at(&fields[j], origin);
  choose_steps(&common, fields, step_sizes);
  for (size_t j = 0; j < FIELDS; j++) take_steps(&fields[j], origin, step_sizes);

  printf("Figure 1 of Mescheder et al.: %s, curvature + %g, gamma = %g.\n\n", problem.words, curvature, common.gamma);
  for (size_t j = 0; j < FIELDS; j++) print_field(&fields[j]);
  const bool agree = print_steps(fields, step_sizes);
  const bool turned = fields[1].ratio <= report.ratio_bound * (1.0 + 1e-9);
  print_verdict(agree, turned, &report);
  if (common.csv) write_csv(common.csv, fields, step_sizes);
  if (common.plot) draw(common.plot, fields, step_sizes);
  for (size_t j = FIELDS; j-- > 0;) field_destroy(&fields[j]);
  gd_game_destroy(fields[1].game);
  free(origin);
  gd_game_destroy(moving);
  problem_destroy(&problem);
  return agree && turned ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
