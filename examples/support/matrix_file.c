/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_file.c -- which of the formats a file has, and whether a name is that of a file or of an archive's member. */
#include "support/matrix_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/die.h"
#include "support/npz.h"

/* Only of regular files: bytes taken from a pipe could not be given back. */
static bool is_regular(const char *path) {
  struct stat facts;
  return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

static bool begins_with(const char *path, const char *bytes, size_t count) {
  char first[8] = "";
  FILE *file = is_regular(path) ? fopen(path, "rb") : NULL;
  const size_t got = file ? fread(first, 1, count, file) : 0;
  if (file) fclose(file);
  return got == count && memcmp(first, bytes, count) == 0;
}

/* `name` is NULL for an archive's only member. */
static gd_matrix *read_member(const char *option, const char *path, const char *archive, const char *name) {
  gd_matrix *matrix = NULL;
  size_t size = 0;
  unsigned char *bytes = npz_read(option, archive, name, &size);
  must_for(option, gd_matrix_parse_npy(&matrix, path, bytes, size, NULL));
  free(bytes);
  return matrix;
}

/* Where the name of a member begins in ARCHIVE:NAME; the shortest file that there is counts.  NULL: there is none. */
static char *split(char *path) {
  for (char *colon = strchr(path, ':'); colon; colon = strchr(colon + 1, ':')) {
    *colon = '\0';
    if (is_regular(path)) return colon + 1;
    *colon = ':';
  }
  return NULL;
}

gd_matrix *matrix_file_read(const char *option, const char *path) {
  gd_matrix *matrix = NULL;
  struct stat facts;
  if (stat(path, &facts) != 0) {
    char *archive = new_array(NULL, strlen(path) + 1, 1);
    strcpy(archive, path);
    const char *name = split(archive);
    if (name) matrix = read_member(option, path, archive, name);
    free(archive);
    if (matrix) return matrix;
  }
  if (begins_with(path, "PK\3\4", 4) || begins_with(path, "PK\5\6", 4)) return read_member(option, path, path, NULL);
  const bool is_numpy = begins_with(path, "\x93NUMPY", 6);
  must_for(option, is_numpy ? gd_matrix_read_npy(&matrix, path, NULL) : gd_matrix_read(&matrix, path, NULL));
  return matrix;
}
