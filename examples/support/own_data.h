/* SPDX-License-Identifier: BSD-3-Clause */
/* Samples from a file, every coordinate brought to mean 0 and deviation 1; and some of them that stay the same. */
#ifndef SUPPORT_OWN_DATA_H
#define SUPPORT_OWN_DATA_H

#include <gamedyn/data.h>
#include <stdio.h>

typedef struct own_data {
  gd_matrix *all, *fixed;   /* the file's samples, and evenly spaced ones of them */
  double *mean, *deviation; /* [numbers in a sample], as they are in the file */
} own_data;

/* At most `most` samples stay the same. */
own_data own_data_read(const char *path, size_t most);
void own_data_destroy(own_data *data);

/* Samplers that borrow the data: of all rows at random, and of those that stay the same, one after the other. */
gd_sampler own_data_drawn(const own_data *data);
gd_sampler own_data_fixed(const own_data *data);

/* A number that data with other values do not share, but for bad luck. */
uint64_t own_data_print(const own_data *data);

/* Write as many samples as stay the same, in the file's units, a line each. */
void own_data_write(const own_data *data, const double *samples, const char *path);

/* A panel: those that stay the same and as many others, by their first two coordinates, or by their density. */
void own_data_draw(FILE *script, const own_data *data, const double *samples);

#endif
