/* SPDX-License-Identifier: BSD-3-Clause */
/* training_state.c -- NAME.csv (state_table.c), NAME.checkpoint, and NAME.STEP.checkpoint where points are kept.
 *
 * The table is written first, then the checkpoint.  If that is all there was time for, the table has a row more than
 * the checkpoint knows of, which is dropped.  While a program is at work, it holds a lock on the folder's file `lock`.
 */
#include "support/training_state.h"

#include <errno.h>
#include <fcntl.h>
#include <gamedyn/checkpoint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/die.h"
#include "support/state_table.h"

typedef struct state_path {
  char text[4096];
} state_path;

static state_path path_in(const training_plan *plan, const char *name, const char *ending) {
  state_path path;
  const int length = snprintf(path.text, sizeof path.text, "%s/%s%s", plan->state, name, ending);
  if (length < 0 || (size_t)length >= sizeof path.text) die("--state: the name of the folder is too long");
  return path;
}

static state_path path_of(const training_plan *plan, const training_run *it, const char *ending) {
  return path_in(plan, it->name, ending);
}

/* The lock ends with the program, however that ends. */
static void lock_folder(const training_plan *plan) {
  const state_path path = path_in(plan, "lock", "");
  const int descriptor = open(path.text, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor < 0) die("--state: cannot open %s: %s", path.text, strerror(errno));
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) die("--state %s: another program is at work in this folder", plan->state);
  die("--state: cannot lock %s: %s", path.text, strerror(errno));
}

void training_state_prepare(const training_plan *plan) {
  struct stat what;
  if (mkdir(plan->state, 0777) != 0) {
    if (errno != EEXIST) die("--state %s: %s", plan->state, strerror(errno));
    if (stat(plan->state, &what) != 0 || !S_ISDIR(what.st_mode)) die("--state %s: not a folder", plan->state);
  }
  lock_folder(plan);
}

/* ---- points ---- */

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
  snprintf(ending, sizeof ending, ".%llu.checkpoint", (unsigned long long)step);
  return path_of(plan, it, ending);
}

static void write_point(const char *path, const training_run *it) {
  const gd_status status = gd_checkpoint_write(path, it->stepper, it->x);
  must_for("--state", status);
  if (status > 0) fprintf(stderr, "%s: --state: %s\n", program_name(), gd_last_error());
}

/* A caveat would be a run that goes on in another way. */
static void read_point(const char *path, training_run *it) {
  const gd_status status = gd_checkpoint_read(path, it->stepper, it->x);
  must_for("--state", status);
  if (status > 0) die("--state: %s: %s", path, gd_last_error());
}

void training_state_keep(const training_plan *plan, const training_run *it, uint64_t step) {
  write_point(path_of_kept(plan, it, step).text, it);
}

/* Visit the points that were kept, up to the run's last row. */
static void keep_again(const training_plan *plan, size_t run, training_run *it, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const uint64_t step = training_step(plan, k);
    if (!training_is_kept(plan, step)) continue;
    const state_path path = path_of_kept(plan, it, step);
    read_point(path.text, it);
    if (gd_stepper_steps(it->stepper) != step)
      die("--state: %s is at step %llu", path.text, (unsigned long long)gd_stepper_steps(it->stepper));
    plan->keep(plan->program, run, it, step);
  }
}

/* ---- both ---- */

static bool is_there(const char *path) {
  struct stat facts;
  if (lstat(path, &facts) == 0) return true;
  if (errno != ENOENT) die("--state: %s: %s", path, strerror(errno));
  return false;
}

/* The first row is written before the first checkpoint; whatever else is there without the other was lost, and a run
 * that begins again would write over what was not. */
static bool has_state(const char *table, const char *checkpoint, size_t count) {
  const bool has_checkpoint = is_there(checkpoint);
  if (count > 0 && has_checkpoint) return true;
  if (has_checkpoint) die("--state: %s is there without %s; both or neither were expected", checkpoint, table);
  if (count > 1) die("--state: %s is there without %s; both or neither were expected", table, checkpoint);
  return false;
}

size_t training_state_load(const training_plan *plan, size_t run, training_run *it, double *rows) {
  const state_path table = path_of(plan, it, ".csv"), checkpoint = path_of(plan, it, ".checkpoint");
  table_complaint complaint;
  size_t count = 0;
  if (is_there(table.text) && !state_table_read(plan, table.text, rows, &count, &complaint))
    die("--state: %s", complaint.text);
  if (!has_state(table.text, checkpoint.text, count)) return 0;
  read_point(checkpoint.text, it);
  const uint64_t step = gd_stepper_steps(it->stepper);
  const size_t row = row_at(plan, step);
  if (row >= count)
    die("--state: %s is at step %llu, of which %s has no row", checkpoint.text, (unsigned long long)step, table.text);
  if (plan->n_kept == 0) return row + 1;
  keep_again(plan, run, it, row + 1);
  read_point(checkpoint.text, it);
  return row + 1;
}

void training_state_save(const training_plan *plan, const training_run *it, const double *rows, size_t count) {
  state_table_write(plan, path_of(plan, it, ".csv").text, rows, count);
  write_point(path_of(plan, it, ".checkpoint").text, it);
}
