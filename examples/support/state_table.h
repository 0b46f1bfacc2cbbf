/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of one run's state: for training_state.c alone. */
#ifndef SUPPORT_STATE_TABLE_H
#define SUPPORT_STATE_TABLE_H

#include "support/training.h"

/* Read rows [rows][columns]; returns how many.  Dies, naming the file and the line, unless it is a table that
 * state_table_write() wrote for a plan of these settings, columns and steps. */
size_t state_table_read(const training_plan *plan, const char *path, double *rows);

/* Replace the table by one of so many rows. */
void state_table_write(const training_plan *plan, const char *path, const double *rows, size_t count);

#endif
