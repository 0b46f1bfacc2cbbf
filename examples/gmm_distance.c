/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_distance.c -- how far two Gaussian mixtures are apart, and how the best discriminator tells them apart.
 *
 * Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order Approximation in GAN Dynamics", Eqs. 3 and 4:
 * generator and target are two Gaussians each, of variance 1 and equal weights.  The difference of their densities,
 *
 *     F(x) = target(x) - generator(x),
 *
 * has up to three zeros; the best discriminator answers 1 where F > 0, on up to two intervals with ends at zeros or at
 * infinity; and total variation is the probability that the target has more than the generator there.
 *
 * One claim is tested: the intervals' probabilities, from the cumulative functions, add up to total variation. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/options.h"
#include "support/output.h"
#include "support/plot.h"

enum { MEANS = 2, MOST_ZEROS = 3, MOST_INTERVALS = 2 };
static const double ROUNDING = 1e-14; /* of a sum of eight probabilities */

typedef struct mixture_pair {
  gd_mixture target, generator;
  double distance;
  size_t n_zeros, n_intervals;
  double zeros[MOST_ZEROS];
  gd_interval intervals[MOST_INTERVALS];
} mixture_pair;

static gd_mixture mixture_of(const double *means) {
  return (gd_mixture){.struct_size = sizeof(gd_mixture), .count = MEANS, .means = means};
}

static mixture_pair compare(const double *mu, const double *target) {
  mixture_pair pair = {.target = mixture_of(target), .generator = mixture_of(mu)};
  must(gd_mixture_total_variation(&pair.target, &pair.generator, &pair.distance));
  must(gd_mixture_zeros(&pair.target, &pair.generator, pair.zeros, &pair.n_zeros));
  must(gd_mixture_excess(&pair.target, &pair.generator, pair.intervals, &pair.n_intervals));
  return pair;
}

static double probability(const gd_mixture *mixture, gd_interval of) {
  double left = NAN, right = NAN;
  must(gd_mixture_evaluate(mixture, of.left, NULL, &left));
  must(gd_mixture_evaluate(mixture, of.right, NULL, &right));
  return right - left;
}

/* What the discriminator that answers 1 on these intervals makes of the two. */
static double excess(const mixture_pair *pair) {
  double sum = 0.0;
  for (size_t k = 0; k < pair->n_intervals; k++) {
    sum += probability(&pair->target, pair->intervals[k]) - probability(&pair->generator, pair->intervals[k]);
  }
  return sum;
}

static void print_pair(const mixture_pair *pair) {
  const double *mu = pair->generator.means, *target = pair->target.means;
  printf("Generator with means %.17g, %.17g and target with means %.17g, %.17g, variance 1, weights 1/2:\n\n", mu[0],
         mu[1], target[0], target[1]);
  printf("  distance    %.17g, total variation\n", pair->distance);
  for (size_t k = 0; k < pair->n_zeros; k++) printf("  zero        %.17g\n", pair->zeros[k]);
  for (size_t k = 0; k < pair->n_intervals; k++) {
    printf("  interval    %.17g, %.17g\n", pair->intervals[k].left, pair->intervals[k].right);
  }
  if (pair->n_intervals == 0) printf("\nThe two are one: there is nothing to tell apart.\n");
}

/* ---- densities ---- */

enum { AROUND = 161, EVENLY = 801, POINTS = 2 * MEANS * AROUND + EVENLY };
static const double REACH = 4.0; /* standard deviations around each mean that the picture shows */

static int increasing(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Evenly over everything, and densely around each mean however far it is from the others. */
static void place_points(const mixture_pair *pair, double *x) {
  double means[2 * MEANS];
  for (size_t j = 0; j < MEANS; j++) {
    means[j] = pair->target.means[j];
    means[MEANS + j] = pair->generator.means[j];
  }
  qsort(means, 2 * MEANS, sizeof *means, increasing);
  const double first = means[0] - REACH, last = means[2 * MEANS - 1] + REACH;
  for (size_t k = 0; k < EVENLY; k++) *x++ = first + (last - first) * (double)k / (EVENLY - 1);
  for (size_t k = 0; k < 2 * MEANS * AROUND; k++) {
    *x++ = means[k / AROUND] + REACH * (2.0 * (double)(k % AROUND) / (AROUND - 1) - 1.0);
  }
  qsort(x - POINTS, POINTS, sizeof *x, increasing);
}

static double density(const gd_mixture *mixture, double x) {
  double p = NAN;
  must(gd_mixture_evaluate(mixture, x, &p, NULL));
  return p;
}

static void write_csv(const char *path, const mixture_pair *pair, const double *x) {
  FILE *file = open_output("--csv", path);
  fputs("x,target,generator\n", file);
  for (size_t k = 0; k < POINTS; k++) {
    fprintf(file, "%.17g,%.17g,%.17g\n", x[k], density(&pair->target, x[k]), density(&pair->generator, x[k]));
  }
  close_output("--csv", path, file);
}

/* Lines "x target generator", also at each zero, so that what is shaded ends there. */
static void draw_data(FILE *script, const mixture_pair *pair, const double *x) {
  double points[POINTS + MOST_ZEROS];
  const size_t count = POINTS + pair->n_zeros;
  for (size_t k = 0; k < count; k++) points[k] = k < POINTS ? x[k] : pair->zeros[k - POINTS];
  qsort(points, count, sizeof *points, increasing);
  fprintf(script, "$densities << EOD\n");
  for (size_t k = 0; k < count; k++) {
    if (points[k] < x[0] || points[k] > x[POINTS - 1]) continue;
    fprintf(script, "%.9g %.9g %.9g\n", points[k], density(&pair->target, points[k]),
            density(&pair->generator, points[k]));
  }
  fprintf(script, "EOD\n$zeros << EOD\nNaN NaN\n");
  for (size_t k = 0; k < pair->n_zeros; k++) {
    fprintf(script, "%.9g %.9g\n", pair->zeros[k], density(&pair->target, pair->zeros[k]));
  }
  fprintf(script, "EOD\n");
}

static void draw(const char *path, const mixture_pair *pair, const double *x) {
  gnuplot *picture = plot_open(path, 900, 560);
  FILE *script = plot_script(picture);
  const double *mu = pair->generator.means, *target = pair->target.means;
  draw_data(script, pair, x);
  fprintf(script,
          "set title 'Total variation %.6g: what the target has and the generator has not' font ',14'\n"
          "set xlabel 'x'\nset ylabel 'density'\nset xrange [%.9g:%.9g]\nset yrange [0:*]\n"
          "set key outside bottom center horizontal maxcols 2 height 0.7 reverse Left samplen 2.5 spacing 1.2\n"
          "plot $densities using 1:3:($2 > $3 ? $2 : $3) with filledcurves fillcolor rgb '#cfe3f1' "
          "title 'where the best discriminator answers 1', "
          "$densities using 1:2 with lines linetype 7 title 'target, means %g and %g', "
          "$densities using 1:3 with lines linetype 2 title 'generator, means %g and %g', "
          "$zeros with points pointtype 7 pointsize 0.9 linetype 1 title 'zeros of the difference'\n",
          pair->distance, x[0], x[POINTS - 1], target[0], target[1], mu[0], mu[1]);
  plot_close(picture);
}

int main(int argc, char **argv) {
  double mu[MEANS], target[MEANS], x[POINTS];
  const char *csv = NULL, *plot = NULL;
  const option_row words[] = {{"MU1", "", "mean of the generator's first Gaussian", OPTION_REAL, &mu[0], 0, 0},
                              {"MU2", "", "of its second", OPTION_REAL, &mu[1], 0, 0},
                              {"TARGET1", "", "mean of the target's first Gaussian", OPTION_REAL, &target[0], 0, 0},
                              {"TARGET2", "", "of its second", OPTION_REAL, &target[1], 0, 0}};
  const option_row rows[] = {
      {"csv", "FILE", "write the densities: x,target,generator", OPTION_OUTPUT, &csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &plot, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Total variation between two mixtures of two Gaussians, the zeros of the difference of their densities, and\n"
          "the intervals on which the best discriminator answers 1 (Li, Madry, Peebles & Schmidt 2018).",
      .details = "All variances are 1 and all weights 1/2.  Numbers are printed with 17 significant digits.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .words = words,
      .n_words = sizeof words / sizeof *words};
  options_parse(NULL, &usage, argc, argv);

  const mixture_pair pair = compare(mu, target);
  print_pair(&pair);
  const double found = excess(&pair);
  const bool holds = fabs(found - pair.distance) <= ROUNDING;
  if (!holds) printf("\nThe intervals' probabilities add up to %.17g, which is NOT the distance.\n", found);
  place_points(&pair, x);
  if (csv) write_csv(csv, &pair, x);
  if (plot) draw(plot, &pair, x);
  return holds ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
