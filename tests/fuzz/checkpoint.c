/* SPDX-License-Identifier: BSD-3-Clause */
/* checkpoint.c -- any bytes as a checkpoint, as they are and with lengths and checksums made right: loaded, or refused
 * and neither stepper nor point changed. */
#include "fuzz/stepping.h"

#include <gamedyn/checkpoint.h>

enum { HEAD = 32, POINT = STEPPING_SIZE * sizeof(double), SUM = sizeof(uint32_t) };

/* Head: magic, version and byte order, length, variables; then the point, the stepper, and the checksum of all that. */
static void seal(uint8_t *bytes, size_t count) {
  if (count < HEAD + POINT + SUM) return;
  const uint64_t length = count;
  memcpy(bytes + 16, &length, sizeof length);
  stepping_seal(bytes + HEAD + POINT, count - HEAD - POINT - SUM);
  const uint32_t sum = (uint32_t)crc32(0, bytes, (uInt)(count - SUM));
  memcpy(bytes + count - SUM, &sum, sizeof sum);
}

static void try(const uint8_t *bytes, size_t count, int seals) {
  static uint8_t own[1 << 16];
  static saved_bytes before;
  double x[STEPPING_SIZE] = {1, 2, 3, 4};
  if (count > sizeof own) return;
  if (count) memcpy(own, bytes, count);
  if (seals) seal(own, count);
  gd_stepper *stepper = stepping_create();
  before.count = 0;
  FUZZ_CHECK(gd_stepper_save(stepper, saved_write, &before) == GD_OK);
  const gd_status status = gd_checkpoint_read(fuzz_file(own, count), stepper, x);
  FUZZ_CHECK(status >= 0 || (x[0] == 1 && x[1] == 2 && x[2] == 3 && x[3] == 4));
  stepping_check(stepper, status, &before);
  stepping_destroy(stepper);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  try(bytes, count, 0);
  try(bytes, count, 1);
  return 0;
}
