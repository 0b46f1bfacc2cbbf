/* SPDX-License-Identifier: BSD-3-Clause */
/* output.c -- a full disk is noticed: in files when they are closed, in what was printed when the program ends. */
#include "support/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/die.h"

/* Called by exit(), which die() goes round. */
static void check_printed(void) {
  const bool failed = ferror(stdout);
  errno = 0;
  if (fflush(stdout) == 0 && !failed) return;
  die("what was printed was not written in full: %s", strerror(errno ? errno : EIO));
}

/* A stream that was closed by whoever started the program would be the first file that is opened, and receive what is
 * printed.  It becomes a file that cannot be written instead. */
static void fill_closed_streams(void) {
  int descriptor;
  do descriptor = open("/dev/null", O_RDONLY);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) close(descriptor);
}

void watch_output(void) {
  fill_closed_streams();
  if (atexit(check_printed) != 0) die("the program cannot watch what it prints");
}

/* ---- before any work is done ---- */

enum { MOST_OUTPUTS = 32 };

/* Files that looking has made. */
static const char *made[MOST_OUTPUTS];
static size_t n_made;

void forget_outputs(void) {
  struct stat facts;
  for (size_t k = 0; k < n_made; k++)
    if (stat(made[k], &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size == 0) unlink(made[k]);
  n_made = 0;
}

static _Noreturn void refuse_output(const char *option, const char *path) {
  const int reason = errno;
  forget_outputs();
  die("%s: cannot write %s: %s", option, path, strerror(reason));
}

/* A pipe is not opened for a look: its reader would take that for the whole. */
void check_output(const char *option, const char *path) {
  struct stat facts;
  const bool is_there = stat(path, &facts) == 0;
  if (is_there && !S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode)) {
    if (access(path, W_OK) != 0) refuse_output(option, path);
    return;
  }
  FILE *file = fopen(path, "a");
  if (!file) refuse_output(option, path);
  fclose(file);
  if (!is_there && n_made < MOST_OUTPUTS) made[n_made++] = path;
}

/* By what the file is and not by its name; devices and pipes may be written to twice. */
void check_distinct(const char *option, const char *path, const char *other_option, const char *other_path) {
  struct stat one, other;
  if (stat(path, &one) != 0 || stat(other_path, &other) != 0 || !S_ISREG(one.st_mode)) return;
  if (one.st_dev != other.st_dev || one.st_ino != other.st_ino) return;
  forget_outputs();
  die("%s: %s is the file of %s too; two files were expected", option, path, other_option);
}

/* ---- writing ---- */

FILE *open_output(const char *option, const char *path) {
  FILE *file = fopen(path, "w");
  if (!file) die("%s: cannot write %s: %s", option, path, strerror(errno));
  return file;
}

void close_output(const char *option, const char *path, FILE *file) {
  const int failed = ferror(file);
  if (fclose(file) != 0 || failed) die("%s: %s was not written in full: %s", option, path, strerror(errno));
}
