/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of one run's state: for training.c alone. */
#ifndef SUPPORT_TRAINING_STATE_H
#define SUPPORT_TRAINING_STATE_H

#include <stdbool.h>

#include "support/training.h"

/* Make the folder if it is not there. */
void training_state_prepare(const training_plan *plan);

/* Take up a run from its files, if there are any: stepper, x and rows [rows][columns] are what they were, and what was
 * to be kept is kept again.  Returns how many rows there are, 0 if the run has to begin. */
size_t training_state_load(const training_plan *plan, size_t run, training_run *it, double *rows);

/* Write the files anew, with so many rows. */
void training_state_save(const training_plan *plan, const training_run *it, const double *rows, size_t count);

/* Whether a step's point is to be kept; do so. */
bool training_is_kept(const training_plan *plan, uint64_t step);
void training_state_keep(const training_plan *plan, const training_run *it, uint64_t step);

#endif
