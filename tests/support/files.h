/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that a test writes, damages and removes. */
#ifndef TEST_FILES_H
#define TEST_FILES_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_PATH_SIZE 64

/* The path of a fresh, empty file. */
static inline void file_make(char path[FILE_PATH_SIZE]) {
  snprintf(path, FILE_PATH_SIZE, "%s/gamedyn-test-XXXXXX", P_tmpdir);
  const int descriptor = mkstemp(path);
  ck_assert_int_ge(descriptor, 0);
  close(descriptor);
}

static inline void file_write(const char *path, const void *bytes, size_t count) {
  FILE *file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(bytes, 1, count, file), count);
  ck_assert_int_eq(fclose(file), 0);
}

/* At most `most` bytes; how many there were. */
static inline size_t file_read(const char *path, void *bytes, size_t most) {
  FILE *file = fopen(path, "rb");
  ck_assert_ptr_nonnull(file);
  const size_t count = fread(bytes, 1, most, file);
  fclose(file);
  return count;
}

#endif
