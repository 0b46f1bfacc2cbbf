/* SPDX-License-Identifier: BSD-3-Clause */
/* resting.c -- Newton's method, eigenvalues, and the methods' rates along what comes near. */
#include "support/resting.h"

#include <gamedyn/derive.h>
#include <gamedyn/stepper.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/rates_of.h"
#include "support/table.h"

/* Alternating steps do not act mode by mode; implicit ones do, but what a step costs depends on its size. */
static const char *const METHODS[RESTING_METHODS] = {GD_SIMULTANEOUS, GD_OPTIMISTIC,  GD_EXTRAGRADIENT,
                                                     GD_PREDICTIVE,   GD_RUNGE_KUTTA, GD_CONSENSUS};

/* ---- the point ---- */

static void find_point(resting_point *it, gd_game *game, const double *x, uint64_t products) {
  const size_t n = gd_game_size(game);
  gd_newton_options options;
  gd_newton_result result = {.stop = GD_NEWTON_PRODUCTS_SPENT};
  gd_newton_options_init(&options);
  options.tolerance = 1e-10;
  options.max_iterations = products;
  options.max_products = products;
  options.restart = n < 400 ? n : 400;
  it->x = new_numbers(n);
  memcpy(it->x, x, n * sizeof *x);
  must(gd_game_gradient(game, x, it->x));
  it->before = norm(n, it->x);
  memcpy(it->x, x, n * sizeof *x);
  if (products > 0) must_for("--products", gd_newton_solve(game, it->x, &options, &result));
  it->stop = result.stop;
  it->moved = distance(n, it->x, x);
}

static void find_spectrum(resting_point *it, gd_game *game, size_t dense_limit) {
  gd_linearisation *at = NULL;
  const gd_spectrum *ends = NULL;
  it->complete = gd_game_size(game) <= dense_limit;
  if (it->complete) {
    it->spectrum = new_spectrum(game, it->x);
    return;
  }
  at = new_linearisation(game, it->x);
  must(gd_linearisation_spectrum(at, &ends));
  must(gd_spectrum_from_values(&it->spectrum, gd_spectrum_count(ends), gd_spectrum_real(ends),
                               gd_spectrum_imaginary(ends), NULL));
  gd_linearisation_destroy(at);
}

/* ---- methods ---- */

/* How small an eigenvalue of J counts as 0. */
static double zero_of(const gd_spectrum *spectrum) {
  double largest = 0;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++)
    largest = fmax(largest, hypot(gd_spectrum_real(spectrum)[k], gd_spectrum_imaginary(spectrum)[k]));
  return RESTING_TOLERANCE * largest;
}

/* Of what moves, and does not leave: those at 0 and on the right left out. */
static gd_spectrum *spectrum_of_coming(const gd_spectrum *all, double zero) {
  const size_t count = gd_spectrum_count(all);
  const double *re = gd_spectrum_real(all), *im = gd_spectrum_imaginary(all);
  double *values = new_matrix(2, count);
  size_t kept = 0;
  gd_spectrum *spectrum = NULL;
  for (size_t k = 0; k < count; k++)
    if (re[k] <= zero && hypot(re[k], im[k]) > zero) values[kept] = re[k], values[count + kept++] = im[k];
  must(gd_spectrum_from_values(&spectrum, kept, values, values + count, NULL));
  free(values);
  return spectrum;
}

/* Of v and products with J or its transpose, in the second step. */
static double evaluations_of(gd_stepper *stepper, const double *x) {
  gd_game *game = gd_stepper_game(stepper);
  const size_t n = gd_game_size(game);
  double *at = new_numbers(n);
  gd_counts before, after;
  memcpy(at, x, n * sizeof *x);
  must(gd_stepper_step(stepper, at));
  gd_game_counts(game, &before);
  must(gd_stepper_step(stepper, at));
  gd_game_counts(game, &after);
  free(at);
  return (double)(after.gradients - before.gradients + after.jvps - before.jvps + after.vjps - before.vjps);
}

/* Consensus is simultaneous ascent on its own field; others act on the modes of J. */
static void find_steps(resting_method *found, gd_stepper *stepper, const gd_spectrum *spectra[2]) {
  const bool consensus = strcmp(found->name, GD_CONSENSUS) == 0;
  gd_linearisation *at = NULL;
  gd_stepper *modes = NULL;
  must(gd_linearise_spectrum(&at, spectra[consensus], NULL));
  if (consensus) must(gd_stepper_create_named(&modes, gd_stepper_game(stepper), GD_SIMULTANEOUS));
  must(gd_largest_stable_step(consensus ? modes : stepper, at, &found->largest_step));
  must(gd_fastest_step(consensus ? modes : stepper, at, &found->step, &found->rate));
  gd_stepper_destroy(modes);
  gd_linearisation_destroy(at);
}

static resting_method look_at(const char *name, gd_game *game, const resting_point *it, const gd_spectrum *spectra[2],
                              double gamma) {
  resting_method found = {.name = name};
  gd_stepper *stepper = NULL;
  must(gd_stepper_create_named(&stepper, game, name));
  if (strcmp(name, GD_PREDICTIVE) == 0 || strcmp(name, GD_CONSENSUS) == 0)
    must_for("--gamma", gd_stepper_set(stepper, "gamma", gamma));
  find_steps(&found, stepper, spectra);
  found.evaluations = evaluations_of(stepper, it->x);
  found.for_three_digits = found.evaluations * steps_at_rate(found.rate, 1e3, 1);
  gd_stepper_destroy(stepper);
  return found;
}

static int fewer_first(const void *a, const void *b) {
  const double one = ((const resting_method *)a)->for_three_digits,
               other = ((const resting_method *)b)->for_three_digits;
  if (isnan(one) || isnan(other)) return isnan(one) - isnan(other);
  return (one > other) - (one < other);
}

static void compare_methods(resting_point *it, gd_game *game, double gamma) {
  gd_game *field = NULL;
  must_for("--gamma", gd_derive_consensus(&field, game, gamma));
  gd_spectrum *consensus = new_spectrum(field, it->x);
  const double zero = zero_of(it->spectrum);
  gd_spectrum *coming[2] = {spectrum_of_coming(it->spectrum, zero), spectrum_of_coming(consensus, zero)};
  const gd_spectrum *spectra[2] = {coming[0], coming[1]};
  for (size_t k = 0; k < RESTING_METHODS; k++) it->methods[k] = look_at(METHODS[k], game, it, spectra, gamma);
  qsort(it->methods, RESTING_METHODS, sizeof *it->methods, fewer_first);
  for (size_t k = 0; k < 2; k++) gd_spectrum_destroy(coming[k]);
  gd_spectrum_destroy(consensus);
  gd_game_destroy(field);
}

resting_point resting_find(gd_game *game, const double *x, const resting_options *options) {
  resting_point it = {.n = gd_game_size(game)};
  gd_eval_options evaluation;
  gd_eval_options_init(&evaluation);
  evaluation.dense_limit = options->dense_limit;
  must(gd_game_configure(game, &evaluation));
  find_point(&it, game, x, options->products);
  gd_classify_options told;
  gd_classify_options_init(&told);
  told.gradient_tolerance = told.eigenvalue_tolerance = RESTING_TOLERANCE;
  gd_linearisation *at = new_linearisation(game, it.x);
  must(gd_classify(at, &told, &it.kind));
  gd_linearisation_destroy(at);
  find_spectrum(&it, game, options->dense_limit);
  it.compared = it.complete && it.kind.stationary && it.kind.n_left + it.kind.n_imaginary > 0;
  if (it.compared) compare_methods(&it, game, options->gamma);
  return it;
}

void resting_destroy(resting_point *it) {
  free(it->x);
  gd_spectrum_destroy(it->spectrum);
}

/* ---- in words ---- */

static const char *stop_words(const resting_point *it) {
  static const char *const words[] = {[GD_NEWTON_CONVERGED] = "v vanishes there",
                                      [GD_NEWTON_ITERATIONS] = "Newton's method ran out of products",
                                      [GD_NEWTON_PRODUCTS_SPENT] = "Newton's method ran out of products",
                                      [GD_NEWTON_ROUNDING] = "as small as rounding lets it be",
                                      [GD_NEWTON_LINE_SEARCH] = "Newton's method makes it no smaller",
                                      [GD_NEWTON_SMALL_FIELD] = "the field is as small farther on"};
  return it->moved > 0 || it->stop == GD_NEWTON_CONVERGED || it->stop == GD_NEWTON_SMALL_FIELD ? words[it->stop]
                                                                                               : "where training ended";
}

/* Which directions are compared along. */
static void print_directions(const resting_point *it, double gamma) {
  const size_t leaving = it->kind.n_right;
  printf("\nNear there, off the %zu idle directions", it->kind.n_zero);
  if (leaving > 0)
    printf(" and the %zu along which every small step leaves, e times farther in a time of %.4g", leaving,
           1 / it->kind.spectral_abscissa);
  printf(" (gamma %g):\n\n", gamma);
}

static void print_methods(const resting_point *it, double gamma) {
  text_table *table =
      table_create("method|largest stable step|fastest step|factor in a step|evaluations in a step|for three digits");
  for (size_t k = 0; k < RESTING_METHODS; k++) {
    const resting_method *method = &it->methods[k];
    table_cell(table, "%s", method->name);
    table_number(table, method->largest_step);
    table_number(table, method->step);
    table_rate(table, method->rate);
    table_number(table, method->evaluations);
    table_number(table, method->for_three_digits);
  }
  print_directions(it, gamma);
  table_print(table, stdout);
  if (isnan(it->methods->for_three_digits)) {
    printf("\nNo step of these methods converges there.\n");
  } else {
    printf("\nThe fastest is %s with step size %.4g: %.4g evaluations bring it 1000 times closer.\n", it->methods->name,
           it->methods->step, it->methods->for_three_digits);
  }
}

static void print_counts(const gd_classification *kind) {
  if (kind->n_left == GD_UNKNOWN_COUNT || kind->n_right == GD_UNKNOWN_COUNT || kind->n_zero == GD_UNKNOWN_COUNT) return;
  printf("  eigenvalues       left %zu, zero %zu, imaginary %zu, right %zu, told apart within %g |J|\n", kind->n_left,
         kind->n_zero, kind->n_imaginary, kind->n_right, RESTING_TOLERANCE);
}

void resting_print(const resting_point *it, const resting_options *options) {
  char text[500];
  printf("  gradient_norm     %.3g where training ended, %.3g at the point looked at, %s\n", it->before,
         it->kind.gradient_norm, stop_words(it));
  printf("  moved             %.3g from the one to the other\n", it->moved);
  must(gd_classification_text(&it->kind, text, sizeof text));
  printf("  kind              %s\n", text);
  print_counts(&it->kind);
  printf("  spectral_abscissa %.6g, largest real part%s\n", it->kind.spectral_abscissa,
         it->complete ? "" : " (from products alone)");
  if (it->compared) {
    print_methods(it, options->gamma);
  } else if (!it->kind.stationary) {
    printf("\nRates are about points where v vanishes: methods are not compared.\n");
  } else {
    printf("\n%s: methods are not compared.\n",
           it->complete ? "Nothing comes near" : "Rates need all eigenvalues, and there are more than are computed");
  }
}

/* ---- as a picture ---- */

void resting_draw(FILE *script, const resting_point *it) {
  const double *re = gd_spectrum_real(it->spectrum), *im = gd_spectrum_imaginary(it->spectrum);
  double left = 0, right = 0, top = 0;
  fprintf(script, "$eigenvalues << EOD\n");
  for (size_t k = 0; k < gd_spectrum_count(it->spectrum); k++) {
    fprintf(script, "%.9g %.9g\n", re[k], im[k]);
    left = fmin(left, re[k]), right = fmax(right, re[k]), top = fmax(top, fabs(im[k]));
  }
  const double width = right > left ? right - left : 1, height = fmax(1.1 * top, 0.1 * width),
               edge = RESTING_TOLERANCE * width;
  fprintf(script,
          "EOD\nset title 'eigenvalues of J where it comes to rest' font ',13'\nset xrange [%.9g:%.9g]\n"
          "set yrange [%.9g:%.9g]\nset xlabel 'Re'\nset ylabel 'Im' offset 1.5,0\nset format xy '%%g'\n"
          "set xtics autofreq\nset object 1 rectangle from graph 0, graph 0 to first 0, graph 1 behind fillstyle solid "
          "noborder fillcolor rgb '#e6f1f9'\nset key top left reverse Left\n"
          "plot $eigenvalues using ($1 <= %.9g ? $1 : NaN):2 with points pointtype 7 pointsize 0.8 linetype 1 notitle, "
          "$eigenvalues using ($1 > %.9g ? $1 : NaN):2 with points pointtype 7 pointsize 0.8 linetype 2 title 'on the "
          "right'\nunset object 1\n",
          left - 0.06 * width, right + 0.06 * width, -height, height, edge, edge);
}
