/* SPDX-License-Identifier: BSD-3-Clause */
/* atomic_file.c -- write beside the target, sync, rename, sync the directory.
 *
 * POSIX makes rename() atomic for all readers of the directory.  The first sync ensures that the name does not reach
 * the disk before the contents, the second that it reaches the disk. */
#include "files/atomic_file.h"

#include "base/error.h"
#include "files/links.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static gd_status fail(const char *path, int reason) {
  return gdi_fail(GD_ERR_IO, "%s: cannot be written: %s", gdi_short_path(path), strerror(reason));
}

/* ---- names ---- */

enum {
  ENDING = 16,           /* room for what is appended to the target's name */
  MOST_WRITERS = 1000,   /* writers of one target at the same time */
  MOST_MISSING_NAMES = 8 /* in a row, before no further leftovers are looked for */
};

static void name_temporary(gdi_atomic_file *replacement, unsigned attempt) {
  snprintf(replacement->temporary, strlen(replacement->target) + ENDING, "%s.gdnew%u", replacement->target, attempt);
}

/* Lock the file of a descriptor, and check that the name still refers to it: another process that found it without a
 * lock may have removed it.  Returns 0 or the reason. */
static int lock_named(int descriptor, const char *name) {
  struct stat own, named;
  if (flock(descriptor, LOCK_EX | LOCK_NB) || fstat(descriptor, &own) || lstat(name, &named)) return errno;
  return own.st_dev == named.st_dev && own.st_ino == named.st_ino ? 0 : ENOENT;
}

/* Remove the file of this name if it was left behind; false if there is none. */
static bool remove_leftover(const char *name) {
  const int descriptor = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return errno != ENOENT;
  struct stat facts;
  if (fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) && lock_named(descriptor, name) == 0) unlink(name);
  close(descriptor);
  return true;
}

static void remove_leftovers(gdi_atomic_file *replacement) {
  for (unsigned k = 0, missing = 0; missing < MOST_MISSING_NAMES; k++) {
    name_temporary(replacement, k);
    missing = remove_leftover(replacement->temporary) ? 0 : missing + 1;
  }
}

/* ---- opening ---- */

/* Create a new file with an unused name, locked.  -1 and errno on failure. */
static int open_unused(gdi_atomic_file *replacement, mode_t mode) {
  for (unsigned attempt = 0; attempt < MOST_WRITERS; attempt++) {
    name_temporary(replacement, attempt);
    const int descriptor = open(replacement->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0 && errno != EEXIST) return -1;
    if (descriptor < 0) continue;
    const int reason = lock_named(descriptor, replacement->temporary);
    if (reason != EWOULDBLOCK && reason != ENOENT) return descriptor; /* if files cannot be locked, none is removed */
    close(descriptor); /* another writer took it for a leftover before it was locked, and removes it */
  }
  errno = EEXIST;
  return -1;
}

/* Set owner, group and mode of the old file.  If the group cannot be set, the group of the new file gets no rights.
 * The file was opened with the rights that both the mode and the umask allow, so it never has more than the old one. */
static void keep_access(int descriptor, const struct stat *old) {
  mode_t mode = old->st_mode & 0777;
  if (fchown(descriptor, old->st_uid, old->st_gid) && fchown(descriptor, (uid_t)-1, old->st_gid)) mode &= 0707;
  (void)fchmod(descriptor, mode);
}

static gd_status open_temporary(gdi_atomic_file *replacement) {
  struct stat old;
  const bool exists = stat(replacement->target, &old) == 0;
  if (!exists && errno != ENOENT) return fail(replacement->path, errno);
  if (exists && !S_ISREG(old.st_mode))
    return gdi_fail(GD_ERR_IO, "%s: is no regular file", gdi_short_path(replacement->path));
  replacement->temporary = gdi_allocate(replacement->env, strlen(replacement->target) + ENDING, 1);
  if (!replacement->temporary) return GD_ERR_MEMORY;
  remove_leftovers(replacement);
  const int descriptor = open_unused(replacement, exists ? old.st_mode & 0777 : 0666);
  if (descriptor < 0) return fail(replacement->path, errno);
  if (exists) keep_access(descriptor, &old);
  replacement->file = fdopen(descriptor, "wb");
  if (replacement->file) return GD_OK;
  const int reason = errno;
  unlink(replacement->temporary);
  close(descriptor);
  return fail(replacement->path, reason);
}

static void release(gdi_atomic_file *replacement) {
  gdi_release(replacement->env, replacement->temporary);
  gdi_release(replacement->env, replacement->target);
}

gd_status gdi_atomic_file_open(gdi_atomic_file *replacement, const char *path, const gdi_env *env) {
  *replacement = (gdi_atomic_file){.env = env, .path = path};
  GD_TRY(gdi_follow_links(&replacement->target, path, env));
  const gd_status status = open_temporary(replacement);
  if (status < 0) release(replacement);
  return status;
}

void gdi_atomic_file_write(gdi_atomic_file *replacement, const void *bytes, size_t count) {
  if (fwrite(bytes, 1, count, replacement->file) != count && !replacement->reason) replacement->reason = errno;
}

/* ---- closing ---- */

/* The name is removed before the lock, so no process takes the file for a leftover in between. */
void gdi_atomic_file_discard(gdi_atomic_file *replacement) {
  unlink(replacement->temporary);
  fclose(replacement->file);
  release(replacement);
}

/* Sync the target's directory; returns 0 or the reason.  Some file systems cannot sync directories and return EINVAL;
 * this is no failure. */
static int sync_directory(gdi_atomic_file *replacement) {
  char *name = strrchr(replacement->target, '/');
  if (name) name[1] = 0; /* the slash stays: the directory may be the root */
  const int directory = open(name ? replacement->target : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return errno;
  const int reason = fsync(directory) && errno != EINVAL ? errno : 0;
  close(directory);
  return reason;
}

/* Put all bytes on disk, under the target's name; returns 0 or the first reason. */
static int put_in_place(gdi_atomic_file *replacement) {
  if (replacement->reason) return replacement->reason;
  if (fflush(replacement->file) || fsync(fileno(replacement->file))) return errno;
  return rename(replacement->temporary, replacement->target) ? errno : 0;
}

gd_status gdi_atomic_file_commit(gdi_atomic_file *replacement) {
  int reason = put_in_place(replacement);
  if (reason) {
    gdi_atomic_file_discard(replacement);
    return fail(replacement->path, reason);
  }
  fclose(replacement->file); /* which has nothing left to write */
  reason = sync_directory(replacement);
  release(replacement);
  if (!reason) return GD_OK;
  return gdi_fail(GD_NOT_SYNCED, "%s: written, but its directory cannot be synced: %s",
                  gdi_short_path(replacement->path), strerror(reason));
}
