/* SPDX-License-Identifier: BSD-3-Clause */
/* idx.c -- any bytes as an IDX file: two zero bytes, and whatever follows. */
#include "fuzz/samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  fuzz_samples_of(bytes, count, "\0\0", 2);
  return 0;
}
