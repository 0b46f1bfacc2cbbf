/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of one run's state: for training.c alone. */
#ifndef SUPPORT_TRAINING_STATE_H
#define SUPPORT_TRAINING_STATE_H

#include "support/training.h"

/* Make the folder if it is not there. */
void training_state_prepare(const training_plan *plan);

/* Take up a run from its files, if there are any: stepper, x and rows [rows][columns] are what they were.  Returns how
 * many rows there are, 0 if the run has to begin. */
size_t training_state_load(const training_plan *plan, training_run *it, double *rows);

/* Write the files anew, with so many rows. */
void training_state_save(const training_plan *plan, const training_run *it, const double *rows, size_t count);

#endif
