/* SPDX-License-Identifier: BSD-3-Clause */
/* state_table.c -- a run's measurements so far, as text:
 *
 *     # the settings
 *     step,the columns
 *     0,number,number,...         the steps of the plan in their order; finite numbers
 *
 * The table is written to PATH.new, which takes its place once it is complete and on disk; the folder's lock sees to it
 * that nobody else writes one. */
#include "support/state_table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/die.h"
#include "support/output.h"

static void write_rows(const training_plan *plan, FILE *file, const double *rows, size_t count) {
  const size_t columns = training_columns(plan);
  fprintf(file, "# %s\nstep,%s\n", plan->settings, plan->columns);
  for (size_t k = 0; k < count; k++) {
    fprintf(file, "%" PRIu64, training_step(plan, k));
    for (size_t j = 0; j < columns; j++) fprintf(file, ",%.17g", rows[k * columns + j]);
    fputc('\n', file);
  }
}

/* What a program that was killed has left is in the way and is removed. */
static FILE *open_fresh(const char *path) {
  if (unlink(path) != 0 && errno != ENOENT) die("--state: %s: %s", path, strerror(errno));
  const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
  if (!file) die("--state: cannot write %s: %s", path, strerror(errno));
  return file;
}

static void sync_folder(const char *folder) {
  const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 || (fsync(descriptor) != 0 && errno != EINVAL))
    fprintf(stderr, "%s: --state %s cannot be synced: %s\n", program_name(), folder, strerror(errno));
  if (descriptor >= 0) close(descriptor);
}

void state_table_write(const training_plan *plan, const char *path, const double *rows, size_t count) {
  char *fresh = new_array(NULL, strlen(path) + sizeof ".new", 1);
  sprintf(fresh, "%s.new", path);
  FILE *file = open_fresh(fresh);
  write_rows(plan, file, rows, count);
  if (fflush(file) != 0 || fsync(fileno(file)) != 0) die("--state: cannot write %s: %s", fresh, strerror(errno));
  close_output("--state", fresh, file);
  if (rename(fresh, path) != 0) die("--state: %s: %s", path, strerror(errno));
  sync_folder(plan->state);
  free(fresh);
}
