/* SPDX-License-Identifier: BSD-3-Clause */
/* corollary1_lower_bound.c -- how fast simultaneous gradients can be at best, whatever the step size.
 *
 * Liang & Stokes 2019, "Interaction Matters", Corollary 1: on min over theta, max over omega of
 * |theta|^2 / 2 - |omega|^2 / 2 + theta' C omega, C square of full rank, every step of every size h has
 *
 *     |x'| >= sqrt(s / (1 + s)) |x|,   s = least eigenvalue of C C',
 *
 * from every x.  The step multiplies a pair of directions with singular value sigma by
 * sqrt((1 - h)^2 + h^2 sigma^2), least at h = 1 / (1 + sigma^2); so the bound is reached at h = 1 / (1 + s).
 * This program sweeps h from 0 to 2 / (1 + s), with that h in the middle: the least factor over all x, and the rate,
 * which is the greatest. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/problem.h"
#include "support/rates_of.h"
#include "support/trial.h"

enum { SWEEP = 400 };

/* One step size of the sweep. */
typedef struct sweep_row {
  double step_size;
  double least;    /* min |x'| / |x| over all x */
  double rate;     /* max |x'| / |x|, factor of the slowest mode */
  double measured; /* of one step from the random start */
} sweep_row;

/* The least singular value of one step, I + h J. */
static double least_factor(gd_stepper *stepper, const game_problem *problem) {
  const size_t n = problem->n;
  gd_operator *map = NULL;
  must(gd_stepper_map(&map, stepper, problem->equilibrium));
  double *values = new_numbers(n);
  must(gd_singular_values(map, NULL, values, NULL));
  const double least = values[n - 1];
  free(values);
  gd_operator_destroy(map);
  return least;
}

static sweep_row look_at(double step_size, gd_stepper *stepper, gd_linearisation *at, const game_problem *problem) {
  sweep_row row = {.step_size = step_size};
  const trial_plan plan = {problem->start, problem->equilibrium, 0.0, 1, false};
  trial one = trial_run(stepper, step_size, &plan);
  row.measured = one.history.last_distance / problem->radius;
  row.least = least_factor(stepper, problem);
  must(gd_rate(stepper, at, step_size, &row.rate));
  trial_destroy(&one);
  return row;
}

static void write_sweep(const char *path, const sweep_row *rows) {
  FILE *file = open_output("--sweep", path);
  fputs("step_size,least_factor,rate,measured_factor\n", file);
  for (size_t k = 0; k < SWEEP; k++) {
    fprintf(file, "%.17g,%.17g,%.17g,%.17g\n", rows[k].step_size, rows[k].least, rows[k].rate, rows[k].measured);
  }
  close_output("--sweep", path, file);
}

static void draw(const char *path, const sweep_row *rows, double bound, double s) {
  gnuplot *picture = plot_open(path, 900, 560);
  FILE *script = plot_script(picture);
  fprintf(script, "$sweep << EOD\n");
  for (size_t k = 0; k < SWEEP; k++) {
    fprintf(script, "%.9g %.9g %.9g\n", rows[k].step_size, rows[k].least, rows[k].rate);
  }
  fprintf(script,
          "EOD\nset title 'Corollary 1: no step size beats the bound' font ',14'\n"
          "set xlabel 'step size h'\nset ylabel 'factor per step'\nset xrange [0:%.9g]\nset yrange [0:1.25]\n"
          "set key outside bottom center horizontal height 0.7 reverse Left samplen 2.5 spacing 1.2\n"
          "plot $sweep using 1:3 with lines linetype 2 title 'slowest mode: the rate', "
          "$sweep using 1:2 with lines linetype 1 title 'fastest direction', "
          "%.9g with lines linetype 7 dashtype 2 title 'bound, sqrt(s / (1 + s))', "
          "'-' with points pointtype 7 pointsize 1.2 linetype 1 title 'h = 1 / (1 + s)'\n%.9g %.9g\ne\n",
          2.0 / (1.0 + s), bound, 1.0 / (1.0 + s), bound);
  plot_close(picture);
}

/* A run at the fastest step, for --csv and to be compared with the bound on the steps. */
static double run_fastest(const common_options *common, gd_stepper *stepper, gd_linearisation *at,
                          const game_problem *problem) {
  double step_size = common->step, rate = NAN;
  if (!(step_size > 0)) must(gd_fastest_step(stepper, at, &step_size, &rate));
  must(gd_rate(stepper, at, step_size, &rate));
  const trial_plan plan = {problem->start, problem->equilibrium, common->epsilon, common->steps, true};
  trial run = trial_run(stepper, step_size, &plan);
  const double steps = trial_steps(&run);
  printf("  run at h = %.8g, rate %.8g: %g steps from distance %g to %g\n", step_size, rate, steps, problem->radius,
         common->epsilon);
  trial_write_csv(&run, common->csv);
  trial_destroy(&run);
  return steps;
}

int main(int argc, char **argv) {
  common_options common = options_default();
  const char *sweep = NULL;
  const option_row own[] = {
      {"sweep", "FILE", "write the sweep: step_size,least_factor,rate,measured_factor", OPTION_OUTPUT, &sweep, 0, 0}};
  const usage_text usage = {
      .purpose = "Corollary 1 of Liang & Stokes 2019: no step size of simultaneous gradients beats the bound.",
      .details = "A and B are the identity; without --matrix C is random, uniform on [0, 1).\n"
                 "--csv is of a run at the fastest step, or at --step.",
      .rows = own,
      .n_rows = 1};
  options_parse(&common, &usage, argc, argv);

  game_problem problem = problem_unit_curvature(&common);
  gd_game_constants constants;
  gd_linearisation *at = new_linearisation(problem.game, problem.equilibrium);
  must(gd_game_constants_compute(at, 0.0, 0, 0, &constants));
  double bound = 0.0, fewest = 0.0;
  must_for("--matrix", gd_lower_bound_simultaneous(constants.lambda_min, &bound));
  must(gd_lower_bound_steps(constants.lambda_min, problem.radius, common.epsilon, &fewest));
  gd_stepper *stepper = new_stepper(problem.game, GD_SIMULTANEOUS, common.gamma);

  const double end = 2.0 / (1.0 + constants.lambda_min);
  sweep_row rows[SWEEP];
  size_t best = 0, beaten = 0;
  for (size_t k = 0; k < SWEEP; k++) {
    rows[k] = look_at(end * (double)(k + 1) / SWEEP, stepper, at, &problem);
    if (rows[k].least < rows[best].least) best = k;
    if (fmin(rows[k].least, rows[k].measured) < bound * (1.0 - 1e-12)) beaten++;
  }
  printf("Corollary 1, simultaneous, on a %s\n", problem.words);
  printf("  s                %.8g, the least eigenvalue of C C'\n", constants.lambda_min);
  printf("  bound            %.8g per step, sqrt(s / (1 + s)); reached at h = %.8g\n", bound,
         1.0 / (1.0 + constants.lambda_min));
  printf("  best of sweep    %.8g per step, at h = %g of %d from 0 to %.4g\n", rows[best].least, rows[best].step_size,
         SWEEP, end);
  const double steps = run_fastest(&common, stepper, at, &problem);
  printf("  fewest steps     %g, by the bound\n", ceil(fewest));
  const bool broken = beaten > 0 || steps < fewest * (1.0 - 1e-12);
  printf("The bound %s.\n", broken ? "is BEATEN" : "holds at every step size");
  if (sweep) write_sweep(sweep, rows);
  if (common.plot) draw(common.plot, rows, bound, constants.lambda_min);

  gd_linearisation_destroy(at);
  gd_stepper_destroy(stepper);
  problem_destroy(&problem);
  return broken ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
