/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of one run's state: for training_state.c alone. */
#ifndef SUPPORT_STATE_TABLE_H
#define SUPPORT_STATE_TABLE_H

#include <stdbool.h>

#include "support/training.h"

/* What is wrong with a table, in one line. */
typedef struct table_complaint {
  char text[512];
} table_complaint;

/* Read rows [rows][columns], and how many there are.  False, with a complaint that names the file and the line, unless
 * it is a table that state_table_write() wrote for a plan of these settings, columns and steps; rows is scratch then.
 */
bool state_table_read(const training_plan *plan, const char *path, double *rows, size_t *count,
                      table_complaint *complaint);

/* Replace the table by one of so many rows. */
void state_table_write(const training_plan *plan, const char *path, const double *rows, size_t count);

#endif
