/* SPDX-License-Identifier: BSD-3-Clause */
/* links.c -- follows symbolic links one after the other, as the kernel does. */
#include "files/links.h"

#include "base/error.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LINKS = 40 }; /* as Linux has it */

static gd_status fail(const char *path, int reason) {
  return gdi_fail(GD_ERR_IO, "%s: cannot be written: %s", gdi_short_path(path), strerror(reason));
}

/* The contents of a link, `length` bytes, appended to the link's directory unless they begin at the root. */
static gd_status read_link(char **next, const char *link, size_t length, const gdi_env *env) {
  const char *slash = strrchr(link, '/');
  const size_t folder = slash ? (size_t)(slash - link) + 1 : 0;
  char *text = gdi_allocate(env, folder + length + 2, 1);
  if (!text) return GD_ERR_MEMORY;
  memcpy(text, link, folder);
  const ssize_t count = readlink(link, text + folder, length + 1);
  if (count < 0 || (size_t)count > length) { /* longer now than it was */
    const int reason = count < 0 ? errno : EAGAIN;
    gdi_release(env, text);
    return fail(link, reason);
  }
  text[folder + (size_t)count] = 0;
  if (text[folder] == '/') memmove(text, text + folder, (size_t)count + 1);
  *next = text;
  return GD_OK;
}

/* Follow the link that *path is, or set *is_end. */
static gd_status follow(char **path, bool *is_end, const gdi_env *env) {
  struct stat facts;
  char *next = NULL;
  *is_end = lstat(*path, &facts) || !S_ISLNK(facts.st_mode);
  if (*is_end) return GD_OK;
  GD_TRY(read_link(&next, *path, facts.st_size > 0 ? (size_t)facts.st_size : 4096, env));
  gdi_release(env, *path);
  *path = next;
  return GD_OK;
}

gd_status gdi_follow_links(char **target, const char *path, const gdi_env *env) {
  char *own = gdi_allocate(env, strlen(path) + 1, 1);
  if (!own) return GD_ERR_MEMORY;
  strcpy(own, path);
  bool is_end = false;
  gd_status status = GD_OK;
  for (unsigned k = 0; !is_end && status == GD_OK && k <= MOST_LINKS; k++) status = follow(&own, &is_end, env);
  if (status == GD_OK && !is_end) status = fail(path, ELOOP);
  if (status == GD_OK)
    *target = own;
  else
    gdi_release(env, own);
  return status;
}
