/* SPDX-License-Identifier: BSD-3-Clause */
/* npy.c -- any bytes as a NumPy file: its magic word, and whatever follows. */
#include "fuzz/samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  fuzz_samples_of(bytes, count, "\x93NUMPY", 6);
  return 0;
}
