/* SPDX-License-Identifier: BSD-3-Clause */
/* stepper.c -- any bytes as a saved stepper, as they are and with length and checksum made right: loaded, or refused
 * and nothing changed. */
#include "fuzz/stepping.h"

static void try(const uint8_t *bytes, size_t count, int seals) {
  static saved_bytes input, before;
  if (count > sizeof input.bytes) return;
  input.count = count, input.taken = before.count = 0;
  if (count) memcpy(input.bytes, bytes, count);
  if (seals) stepping_seal(input.bytes, count);
  gd_stepper *stepper = stepping_create();
  FUZZ_CHECK(gd_stepper_save(stepper, saved_write, &before) == GD_OK);
  stepping_check(stepper, gd_stepper_load(stepper, saved_read, &input), &before);
  stepping_destroy(stepper);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  try(bytes, count, 0);
  try(bytes, count, 1);
  return 0;
}
