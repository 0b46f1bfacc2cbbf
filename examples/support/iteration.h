/* SPDX-License-Identifier: BSD-3-Clause */
/* A method on an affine game as a matrix: with y = x - equilibrium,
 *
 *     y_T = [I 0] M^T [I; J] y_0,
 *
 * M the derivative of one step in (x, memory) and J y the previous gradient that an optimistic method
 * starts with (without memory the J is left out).  The norm of that matrix is the worst case over all
 * starts, exact where a run shows only one of them. */
#ifndef SUPPORT_ITERATION_H
#define SUPPORT_ITERATION_H

#include <gamedyn/stepper.h>
#include <stdint.h>

enum { ITERATION_LIMIT = 300 }; /* largest size of M that is raised to powers */

typedef struct iteration_matrix {
  size_t n, m;  /* of x; of (x, memory) */
  double *map;  /* M [m by m] */
  double *lift; /* [I; J], [m by n] */
} iteration_matrix;

/* False, with nothing to destroy, if M is larger than ITERATION_LIMIT or the memory is of another kind. */
bool iteration_create(iteration_matrix *it, gd_stepper *stepper, const double *x);

/* Largest |y_steps| over all |y_0| = 1. */
double iteration_worst(const iteration_matrix *it, uint64_t steps);

/* A number of steps T at which that factor falls to `factor`: it is above at T - 1.  0 if it never does
 * within 2^53 steps. */
uint64_t iteration_steps(const iteration_matrix *it, double factor);

void iteration_destroy(iteration_matrix *it);

#endif
