/* SPDX-License-Identifier: BSD-3-Clause */
/* training_state.c -- NAME.csv, whose first line holds the settings, NAME.checkpoint, and NAME.STEP.checkpoint where
 * points are kept.
 *
 * The table is written first, to a file beside it that takes its name once it is complete, then the checkpoint.  If
 * that is all there was time for, the table has a row more than the checkpoint knows of, which is dropped. */
#include "support/training_state.h"

#include <errno.h>
#include <gamedyn/checkpoint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/die.h"

typedef struct state_path {
  char text[4096];
} state_path;

static state_path path_of(const training_plan *plan, const training_run *it, const char *ending) {
  state_path path;
  const int length = snprintf(path.text, sizeof path.text, "%s/%s.%s", plan->state, it->name, ending);
  if (length < 0 || (size_t)length >= sizeof path.text) die("--state: the name of the folder is too long");
  return path;
}

void training_state_prepare(const training_plan *plan) {
  struct stat what;
  if (mkdir(plan->state, 0777) == 0) return;
  if (errno != EEXIST) die("--state %s: %s", plan->state, strerror(errno));
  if (stat(plan->state, &what) != 0 || !S_ISDIR(what.st_mode)) die("--state %s: not a folder", plan->state);
}

/* ---- the table ---- */

static void check_settings(const training_plan *plan, const char *path, FILE *file) {
  char *line = NULL;
  size_t room = 0;
  const ssize_t length = getline(&line, &room, file);
  if (length > 0 && line[length - 1] == '\n') line[length - 1] = '\0';
  if (length < 2 || strncmp(line, "# ", 2) != 0) die("%s: not a file of a run's state", path);
  if (strcmp(line + 2, plan->settings) != 0)
    die("--state: %s is of other settings: \"%s\", expected \"%s\"", path, line + 2, plan->settings);
  free(line);
}

/* The numbers of one line after its step; false at the end of the file. */
static bool read_row(FILE *file, size_t columns, double *row) {
  if (fscanf(file, "%*u") == EOF) return false;
  for (size_t j = 0; j < columns; j++)
    if (fscanf(file, ",%lf", row + j) != 1) return false;
  return true;
}

static size_t load_table(const training_plan *plan, const char *path, double *rows) {
  FILE *file = fopen(path, "r");
  if (!file && errno == ENOENT) return 0;
  if (!file) die("%s: %s", path, strerror(errno));
  const size_t columns = training_columns(plan), most = training_rows(plan);
  size_t count = 0;
  check_settings(plan, path, file);
  if (fscanf(file, "%*[^\n]") == EOF) die("%s: ends before its head", path);
  while (count < most && read_row(file, columns, rows + count * columns)) count++;
  fclose(file);
  return count;
}

static void write_table(const training_plan *plan, FILE *file, const double *rows, size_t count) {
  const size_t columns = training_columns(plan);
  fprintf(file, "# %s\nstep,%s\n", plan->settings, plan->columns);
  for (size_t k = 0; k < count; k++) {
    fprintf(file, "%llu", (unsigned long long)training_step(plan, k));
    for (size_t j = 0; j < columns; j++) fprintf(file, ",%.17g", rows[k * columns + j]);
    fputc('\n', file);
  }
}

/* ---- both ---- */

/* The row that was measured at this step; SIZE_MAX if none was. */
static size_t row_at(const training_plan *plan, uint64_t step) {
  for (size_t k = 0; k < training_rows(plan); k++)
    if (training_step(plan, k) == step) return k;
  return SIZE_MAX;
}

bool training_is_kept(const training_plan *plan, uint64_t step) {
  for (size_t k = 0; k < plan->n_kept; k++)
    if (plan->kept[k] == step) return true;
  return false;
}

static state_path path_of_kept(const training_plan *plan, const training_run *it, uint64_t step) {
  char ending[64];
  snprintf(ending, sizeof ending, "%llu.checkpoint", (unsigned long long)step);
  return path_of(plan, it, ending);
}

void training_state_keep(const training_plan *plan, const training_run *it, uint64_t step) {
  must(gd_checkpoint_write(path_of_kept(plan, it, step).text, it->stepper, it->x));
}

/* Visit the points that were kept, up to the run's last row. */
static void keep_again(const training_plan *plan, size_t run, training_run *it, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const uint64_t step = training_step(plan, k);
    if (!training_is_kept(plan, step)) continue;
    must(gd_checkpoint_read(path_of_kept(plan, it, step).text, it->stepper, it->x));
    plan->keep(plan->program, run, it, step);
  }
}

size_t training_state_load(const training_plan *plan, size_t run, training_run *it, double *rows) {
  const state_path table = path_of(plan, it, "csv"), checkpoint = path_of(plan, it, "checkpoint");
  const size_t count = load_table(plan, table.text, rows);
  if (count == 0 || access(checkpoint.text, F_OK) != 0) return 0;
  must(gd_checkpoint_read(checkpoint.text, it->stepper, it->x));
  const uint64_t step = gd_stepper_steps(it->stepper);
  const size_t row = row_at(plan, step);
  if (row >= count)
    die("--state: %s is at step %llu, of which %s has no row", checkpoint.text, (unsigned long long)step, table.text);
  if (plan->n_kept == 0) return row + 1;
  keep_again(plan, run, it, row + 1);
  must(gd_checkpoint_read(checkpoint.text, it->stepper, it->x));
  return row + 1;
}

void training_state_save(const training_plan *plan, const training_run *it, const double *rows, size_t count) {
  const state_path table = path_of(plan, it, "csv"), fresh = path_of(plan, it, "csv.new");
  FILE *file = open_output("--state", fresh.text);
  write_table(plan, file, rows, count);
  close_output("--state", fresh.text, file);
  if (rename(fresh.text, table.text) != 0) die("--state %s: %s", table.text, strerror(errno));
  must(gd_checkpoint_write(path_of(plan, it, "checkpoint").text, it->stepper, it->x));
}
