/* SPDX-License-Identifier: BSD-3-Clause */
/* iteration.c -- powers of the one-step map by repeated squaring: 10^10 steps cost 34 products. */
#include "support/iteration.h"

#include <gamedyn/operator.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"

enum { MOST_SQUARINGS = 53 };

bool iteration_create(iteration_matrix *it, gd_stepper *stepper, const double *x) {
  gd_game *game = gd_stepper_game(stepper);
  gd_operator *op = NULL;
  must(gd_stepper_map(&op, stepper, x));
  const size_t n = gd_game_size(game), m = gd_operator_columns(op);
  const bool fits = m <= ITERATION_LIMIT && (m == n || m == 2 * n);
  if (fits) {
    *it = (iteration_matrix){.n = n, .m = m, .map = new_matrix(m, m), .lift = new_matrix(m, n)};
    must(gd_operator_assemble(op, it->map, m));
    if (m > n) must(gd_game_jacobian(game, x, it->lift + n, m));
    for (size_t k = 0; k < n; k++) it->lift[k * (m + 1)] = 1.0;
  }
  gd_operator_destroy(op);
  return fits;
}

/* The norm of the x rows of an [m by n] block. */
static double top_norm(const iteration_matrix *it, const double *block) {
  double *top = new_matrix(it->n, it->n);
  for (size_t j = 0; j < it->n; j++) memcpy(top + j * it->n, block + j * it->m, it->n * sizeof *top);
  const double factor = operator_norm(it->n, it->n, top);
  free(top);
  return factor;
}

/* in := power in; `spare` is scratch of the same shape. */
static void advance(const iteration_matrix *it, const double *power, double **in, double **spare) {
  multiply(it->m, it->m, it->n, power, *in, *spare);
  double *result = *spare;
  *spare = *in;
  *in = result;
}

static double *square(const iteration_matrix *it, const double *power) {
  double *result = new_matrix(it->m, it->m);
  multiply(it->m, it->m, it->m, power, power, result);
  return result;
}

static double *copy(size_t count, const double *values) {
  double *result = new_numbers(count);
  memcpy(result, values, count * sizeof *values);
  return result;
}

double iteration_worst(const iteration_matrix *it, uint64_t steps) {
  double *power = copy(it->m * it->m, it->map);
  double *block = copy(it->m * it->n, it->lift), *spare = new_matrix(it->m, it->n);
  for (; steps; steps >>= 1) {
    if (steps & 1) advance(it, power, &block, &spare);
    double *next = steps > 1 ? square(it, power) : NULL;
    free(power);
    power = next;
  }
  const double factor = top_norm(it, block);
  free(power);
  free(block);
  free(spare);
  return factor;
}

/* Walk down the powers: take every stride of 2^k steps after which the factor is still above. */
static uint64_t descend(const iteration_matrix *it, double **powers, size_t count, double factor) {
  double *block = copy(it->m * it->n, it->lift), *spare = new_matrix(it->m, it->n), *tried = NULL;
  uint64_t steps = 0;
  for (size_t k = count; k-- > 0;) {
    tried = copy(it->m * it->n, block);
    advance(it, powers[k], &tried, &spare);
    if (top_norm(it, tried) > factor) {
      double *old = block;
      block = tried;
      tried = old;
      steps += UINT64_C(1) << k;
    }
    free(tried);
  }
  free(block);
  free(spare);
  return steps + 1;
}

uint64_t iteration_steps(const iteration_matrix *it, double factor) {
  double *powers[MOST_SQUARINGS], *block = new_matrix(it->m, it->n);
  size_t count = 0;
  bool reached = false;
  for (double worst = 0; !reached && count < MOST_SQUARINGS && worst < INFINITY; count++) {
    powers[count] = count ? square(it, powers[count - 1]) : copy(it->m * it->m, it->map);
    multiply(it->m, it->m, it->n, powers[count], it->lift, block);
    worst = top_norm(it, block);
    reached = worst <= factor;
  }
  const uint64_t steps = reached ? descend(it, powers, count, factor) : 0;
  while (count > 0) free(powers[--count]);
  free(block);
  return steps;
}

void iteration_destroy(iteration_matrix *it) {
  free(it->map);
  free(it->lift);
}
