/* SPDX-License-Identifier: BSD-3-Clause */
/* csv.c -- any bytes as a table, unless their first says that they are another kind of file. */
#include "fuzz/samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  fuzz_samples(bytes, count);
  return 0;
}
