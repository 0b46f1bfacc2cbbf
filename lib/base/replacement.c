/* SPDX-License-Identifier: BSD-3-Clause */
/* replacement.c -- write beside the target, sync, rename, sync the directory.
 *
 * POSIX makes rename() atomic for whoever looks at the directory; the first sync sees to it that the name never
 * gets to the disk before the contents, the second that it gets there at all. */
#include "base/replacement.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gd_status fail(const char *path, int reason) {
  return gdi_fail(GD_ERR_IO, "%s: cannot be written: %s", gdi_short_path(path), strerror(reason));
}

static gd_status expect_regular(const char *path) {
  struct stat facts;
  if (stat(path, &facts)) return errno == ENOENT ? GD_OK : fail(path, errno);
  return S_ISREG(facts.st_mode) ? GD_OK : gdi_fail(GD_ERR_IO, "%s: is no regular file", gdi_short_path(path));
}

/* A name that nobody uses: an interrupted program may have left some behind. */
static int open_unused(gdi_replacement *replacement, size_t size) {
  int descriptor = -1;
  for (unsigned attempt = 0; descriptor < 0 && attempt < 1000; attempt++) {
    snprintf(replacement->temporary, size, "%s.new%u", replacement->path, attempt);
    descriptor = open(replacement->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST) break;
  }
  return descriptor;
}

gd_status gdi_replacement_open(gdi_replacement *replacement, const char *path, const gdi_env *env) {
  const size_t size = strlen(path) + 16;
  *replacement = (gdi_replacement){.env = env, .path = path};
  GD_TRY(expect_regular(path));
  replacement->temporary = gdi_allocate(env, size, 1);
  if (!replacement->temporary) return GD_ERR_MEMORY;
  const int descriptor = open_unused(replacement, size);
  replacement->file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
  if (replacement->file) return GD_OK;
  const int reason = errno;
  if (descriptor >= 0) {
    close(descriptor);
    unlink(replacement->temporary);
  }
  gdi_release(env, replacement->temporary);
  return fail(path, reason);
}

void gdi_replacement_write(gdi_replacement *replacement, const void *bytes, size_t count) {
  if (fwrite(bytes, 1, count, replacement->file) != count && !replacement->reason) replacement->reason = errno;
}

void gdi_replacement_discard(gdi_replacement *replacement) {
  if (replacement->file) fclose(replacement->file);
  unlink(replacement->temporary);
  gdi_release(replacement->env, replacement->temporary);
}

/* Everything on disk, and closed; the first reason why not. */
static int finish_file(gdi_replacement *replacement) {
  int reason = replacement->reason;
  if (!reason && (fflush(replacement->file) || fsync(fileno(replacement->file)))) reason = errno;
  if (fclose(replacement->file) && !reason) reason = errno;
  replacement->file = NULL;
  return reason;
}

/* A descriptor of the directory the file is in; -1 if it cannot be opened. */
static int open_directory(gdi_replacement *replacement) {
  char *name = strrchr(replacement->temporary, '/');
  if (!name) return open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const char first = *++name;
  *name = 0; /* the slash stays: the directory may be the root */
  const int directory = open(replacement->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  *name = first;
  return directory;
}

/* The reason why not, or 0.  Some file systems cannot sync directories, say so with EINVAL, and need not. */
static int put_in_place(gdi_replacement *replacement) {
  int reason = 0;
  const int directory = open_directory(replacement);
  if (directory < 0) return errno;
  if (rename(replacement->temporary, replacement->path) || (fsync(directory) && errno != EINVAL)) reason = errno;
  close(directory);
  return reason;
}

gd_status gdi_replacement_commit(gdi_replacement *replacement) {
  int reason = finish_file(replacement);
  if (!reason) reason = put_in_place(replacement);
  if (reason) {
    gdi_replacement_discard(replacement);
    return fail(replacement->path, reason);
  }
  gdi_release(replacement->env, replacement->temporary);
  return GD_OK;
}
