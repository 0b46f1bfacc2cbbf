/* SPDX-License-Identifier: BSD-3-Clause */
/* own_data.c -- reading, scaling, and showing samples. */
#include "support/own_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/output.h"

/* ---- reading ---- */

static gd_matrix *read_samples(const char *path) {
  gd_matrix *read = NULL;
  must_for("DATA", gd_matrix_read_samples(&read, path, NULL));
  if (gd_matrix_columns(read) < 2)
    die("DATA: %s has %zu samples, at least 2 were expected", path, gd_matrix_columns(read));
  return read;
}

static void find_moments(own_data *data, const gd_matrix *read, const char *path) {
  const size_t dimension = gd_matrix_rows(read), count = gd_matrix_columns(read);
  const double *values = gd_matrix_values(read);
  data->mean = new_numbers(dimension), data->deviation = new_numbers(dimension);
  for (size_t j = 0; j < count; j++)
    for (size_t i = 0; i < dimension; i++) data->mean[i] += values[i + j * dimension] / (double)count;
  for (size_t j = 0; j < count; j++)
    for (size_t i = 0; i < dimension; i++)
      data->deviation[i] = hypot(data->deviation[i], (values[i + j * dimension] - data->mean[i]) / sqrt((double)count));
  for (size_t i = 0; i < dimension; i++)
    if (!(data->deviation[i] > 0) || !isfinite(data->deviation[i]))
      die("DATA: number %zu of every sample of %s is %g: there is nothing to learn about it", i + 1, path, values[i]);
}

own_data own_data_read(const char *path, size_t most) {
  own_data data = {NULL, NULL, NULL, NULL};
  gd_matrix *read = read_samples(path);
  const size_t dimension = gd_matrix_rows(read), count = gd_matrix_columns(read), kept = count < most ? count : most;
  find_moments(&data, read, path);
  double *scaled = new_matrix(dimension, count), *some = new_matrix(dimension, kept);
  for (size_t k = 0; k < dimension * count; k++)
    scaled[k] = (gd_matrix_values(read)[k] - data.mean[k % dimension]) / data.deviation[k % dimension];
  for (size_t j = 0; j < kept; j++)
    memcpy(some + j * dimension, scaled + j * count / kept * dimension, dimension * sizeof *some);
  must_for("DATA", gd_matrix_create(&data.all, dimension, count, scaled, NULL));
  must_for("DATA", gd_matrix_create(&data.fixed, dimension, kept, some, NULL));
  free(scaled);
  free(some);
  gd_matrix_destroy(read);
  return data;
}

void own_data_destroy(own_data *data) {
  gd_matrix_destroy(data->all);
  gd_matrix_destroy(data->fixed);
  free(data->mean);
  free(data->deviation);
}

/* ---- samplers ---- */

gd_sampler own_data_drawn(const own_data *data) {
  gd_sampler sampler = {0};
  must(gd_sampler_matrix(&sampler, 0, data->all, NULL));
  return sampler;
}

static int fill_fixed(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  (void)draw;
  memcpy(out, gd_matrix_values(context), rows * columns * sizeof *out);
  return 0;
}

gd_sampler own_data_fixed(const own_data *data) {
  return (gd_sampler){.struct_size = sizeof(gd_sampler),
                      .context = data->fixed,
                      .fill = fill_fixed,
                      .rows = gd_matrix_rows(data->fixed)};
}

/* FNV-1a over the bytes of the values as they were scaled, of the means and of the deviations. */
static uint64_t print_of(uint64_t print, size_t count, const double *values) {
  const unsigned char *bytes = (const unsigned char *)values;
  for (size_t k = 0; k < count * sizeof *values; k++) print = (print ^ bytes[k]) * UINT64_C(1099511628211);
  return print;
}

uint64_t own_data_print(const own_data *data) {
  const size_t dimension = gd_matrix_rows(data->all);
  uint64_t print = print_of(UINT64_C(14695981039346656037), dimension, data->mean);
  print = print_of(print, dimension, data->deviation);
  return print_of(print, dimension * gd_matrix_columns(data->all), gd_matrix_values(data->all));
}

/* ---- showing ---- */

static double in_units(const own_data *data, size_t coordinate, double scaled) {
  return data->mean[coordinate] + data->deviation[coordinate] * scaled;
}

void own_data_write(const own_data *data, const double *samples, const char *path) {
  const size_t dimension = gd_matrix_rows(data->fixed);
  FILE *file = open_output("--samples", path);
  for (size_t k = 0; k < dimension * gd_matrix_columns(data->fixed); k++)
    fprintf(file, "%.17g%c", in_units(data, k % dimension, samples[k]), (k + 1) % dimension == 0 ? '\n' : ',');
  close_output("--samples", path, file);
}

static void write_points(FILE *script, const char *name, const own_data *data, const double *samples) {
  const size_t dimension = gd_matrix_rows(data->fixed);
  fprintf(script, "$%s << EOD\n", name);
  for (size_t j = 0; j < gd_matrix_columns(data->fixed); j++)
    fprintf(script, "%.6g %.6g\n", in_units(data, 0, samples[j * dimension]),
            dimension > 1 ? in_units(data, 1, samples[j * dimension + 1])
                          : 1.0 / (double)gd_matrix_columns(data->fixed));
  fprintf(script, "EOD\n");
}

void own_data_draw(FILE *script, const own_data *data, const double *samples) {
  const bool flat = gd_matrix_rows(data->fixed) == 1;
  write_points(script, "real", data, gd_matrix_values(data->fixed));
  write_points(script, "fake", data, samples);
  fprintf(script,
          "set title '%s' font ',13'\nset xlabel 'first coordinate'\nset ylabel '%s'\n"
          "set key bottom left reverse Left box linewidth 0.5 opaque\n",
          flat ? "densities of the samples" : "samples", flat ? "" : "second coordinate");
  fputs(flat ? "plot $real using 1:2 smooth kdensity with lines linetype 7 title 'data', "
               "$fake using 1:2 smooth kdensity with lines linetype 2 title 'generated'\n"
             : "plot $real using 1:2 with points pointtype 7 pointsize 0.6 linecolor rgb '#8a8a8a' title 'data', "
               "$fake using 1:2 with points pointtype 7 pointsize 0.6 linetype 2 title 'generated'\n",
        script);
  fputs("set key default\n", script);
}
