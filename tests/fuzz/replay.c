/* SPDX-License-Identifier: BSD-3-Clause */
/* replay.c -- the ordinary suite's main() of a fuzz target: every file of its corpus, whole and cut off at every
 * length.
 *
 *     replay CORPUS
 *
 * A broken promise aborts, and so does a finding of the sanitizers; what is counted at the end went well. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONGEST = 1 << 20, MOST_CUTS = 512 };

/* The bytes of a file in memory of exactly that size, so that the address sanitizer sees what is read behind them. */
static uint8_t *exactly(const uint8_t *bytes, size_t count) {
  uint8_t *copy = malloc(count ? count : 1);
  FUZZ_CHECK(copy != NULL);
  for (size_t k = 0; k < count; k++) copy[k] = bytes[k];
  return copy;
}

static void try(const uint8_t *bytes, size_t count) {
  uint8_t *copy = exactly(bytes, count);
  FUZZ_CHECK(LLVMFuzzerTestOneInput(copy, count) == 0);
  free(copy);
}

static void replay(const char *folder, const char *name) {
  static uint8_t bytes[LONGEST];
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  FUZZ_CHECK(file != NULL);
  const size_t count = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  try(bytes, count);
  const size_t stride = count / MOST_CUTS + 1;
  for (size_t cut = 0; cut < count; cut += stride) try(bytes, cut);
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: %s CORPUS\n", argv[0]), 2;
  DIR *folder = opendir(argv[1]);
  if (!folder) return perror(argv[1]), 1;
  int files = 0;
  for (const struct dirent *entry; (entry = readdir(folder));)
    if (entry->d_name[0] != '.') replay(argv[1], entry->d_name), files++;
  closedir(folder);
  printf("%d passed, 0 failed\n", files);
  return files ? 0 : 1;
}
