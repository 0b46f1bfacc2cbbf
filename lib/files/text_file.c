/* SPDX-License-Identifier: BSD-3-Clause */
/* text_file.c -- text to a path: in place of a regular file, or into what cannot be replaced. */
#include "files/text_file.h"

#include "base/error.h"
#include "files/atomic_file.h"

#include <errno.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>

/* This thread's locale is set aside meanwhile. */
static bool write_plainly(FILE *file, gdi_write_text_fn *write, const void *what) {
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!plain) return false;
  const locale_t before = uselocale(plain);
  const bool is_good = write(file, what);
  uselocale(before);
  freelocale(plain);
  return is_good;
}

/* A device or a pipe cannot be replaced; a directory is refused by the system. */
static bool is_written_to(const char *path) {
  struct stat facts;
  return stat(path, &facts) == 0 && !S_ISREG(facts.st_mode);
}

static gd_status write_to(const char *path, gdi_write_text_fn *write, const void *what) {
  FILE *file = fopen(path, "w");
  const bool is_good = file && write_plainly(file, write, what);
  const int reason = errno;
  const bool is_closed = !file || fclose(file) == 0;
  if (is_good && is_closed) return GD_OK;
  return gdi_fail(GD_ERR_IO, "%s: cannot be written: %s", gdi_short_path(path), strerror(is_good ? errno : reason));
}

static gd_status replace(const char *path, gdi_write_text_fn *write, const void *what, const gdi_env *env) {
  gdi_atomic_file file;
  GD_TRY(gdi_atomic_file_open(&file, path, env));
  if (!write_plainly(file.file, write, what)) file.reason = errno;
  return gdi_atomic_file_commit(&file);
}

gd_status gdi_text_file_write(const char *path, gdi_write_text_fn *write, const void *what, const gdi_env *env) {
  return is_written_to(path) ? write_to(path, write, what) : replace(path, write, what, env);
}
