/* SPDX-License-Identifier: BSD-3-Clause */
/* A folder of a test's own, removed with all that is in it. */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include "support/files.h"

#include <dirent.h>
#include <ftw.h>
#include <string.h>

enum { FOLDER_PATHS = 2048, FOLDER_PATH_SIZE = 2 * FILE_PATH_SIZE };

typedef struct test_folder {
  char path[FILE_PATH_SIZE];
  char paths[FOLDER_PATHS][FOLDER_PATH_SIZE]; /* handed out */
  size_t used;
} test_folder;

static inline void folder_make(test_folder *folder) {
  folder->used = 0;
  snprintf(folder->path, sizeof folder->path, "%s/gamedyn-test-XXXXXX", P_tmpdir);
  ck_assert_ptr_nonnull(mkdtemp(folder->path));
}

/* The path of a file in it, valid as long as the folder. */
static inline char *folder_path(test_folder *folder, const char *name) {
  ck_assert_uint_lt(folder->used, FOLDER_PATHS);
  char *path = folder->paths[folder->used++];
  strcpy(path, folder->path);
  const size_t length = strlen(path);
  snprintf(path + length, FOLDER_PATH_SIZE - length, "/%s", name);
  return path;
}

/* How many files there are. */
static inline size_t folder_count(const test_folder *folder) {
  size_t count = 0;
  DIR *listing = opendir(folder->path);
  ck_assert_ptr_nonnull(listing);
  for (const struct dirent *entry; (entry = readdir(listing));) count += entry->d_name[0] != '.';
  closedir(listing);
  return count;
}

static inline int folder_forget(const char *path, const struct stat *facts, int kind, struct FTW *place) {
  (void)facts, (void)kind, (void)place;
  return remove(path);
}

static inline void folder_remove(test_folder *folder) {
  ck_assert_int_eq(nftw(folder->path, folder_forget, 8, FTW_DEPTH | FTW_PHYS), 0);
}

#endif
