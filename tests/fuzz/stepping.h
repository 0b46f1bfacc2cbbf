/* SPDX-License-Identifier: BSD-3-Clause */
/* A stepper that files of steppers are read into, and bytes whose checksums are made right, so that what stands behind
 * them is reached. */
#ifndef TEST_FUZZ_STEPPING_H
#define TEST_FUZZ_STEPPING_H

#include "fuzz/fuzz.h"

#include <gamedyn/models.h>
#include <gamedyn/stepper.h>
#include <string.h>
#include <zlib.h>

enum { STEPPING_SIZE = 4, STEPPER_HEAD = 40 };

/* v = (-x2, x1) for two players of two variables each. */
static inline gd_stepper *stepping_create(void) {
  static const double C[] = {1, 0, 0, 1};
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  FUZZ_CHECK(gd_model_bilinear(&game, 2, 2, C, 2, fuzz_env()) == GD_OK);
  FUZZ_CHECK(gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC) == GD_OK);
  FUZZ_CHECK(gd_stepper_set(stepper, GD_STEP_SIZE, 0.125) == GD_OK);
  FUZZ_CHECK(gd_stepper_set_scaling(stepper, GD_SCALING_ADAM) == GD_OK);
  return stepper;
}

static inline void stepping_destroy(gd_stepper *stepper) {
  gd_game *game = gd_stepper_game(stepper);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  FUZZ_CHECK(fuzz_allocated() == 0);
}

typedef struct saved_bytes {
  uint8_t bytes[1 << 16];
  size_t count, taken;
} saved_bytes;

static inline int saved_write(void *context, const void *bytes, size_t count) {
  saved_bytes *saved = context;
  if (count > sizeof saved->bytes - saved->count) return -1;
  memcpy(saved->bytes + saved->count, bytes, count);
  saved->count += count;
  return 0;
}

static inline int saved_read(void *context, void *bytes, size_t count) {
  saved_bytes *saved = context;
  if (count > saved->count - saved->taken) return -1;
  memcpy(bytes, saved->bytes + saved->taken, count);
  saved->taken += count;
  return 0;
}

/* Of a saved stepper: magic, version, byte order, length, checksum, 8 bytes each, and the rest. */
static inline void stepping_seal(uint8_t *bytes, size_t count) {
  if (count < STEPPER_HEAD) return;
  const uint64_t length = count - STEPPER_HEAD, sum = crc32(0, bytes + STEPPER_HEAD, (uInt)length);
  memcpy(bytes + 24, &length, sizeof length);
  memcpy(bytes + 32, &sum, sizeof sum);
}

/* What was loaded can be saved again, and loads; what was refused changed nothing. */
static inline void stepping_check(gd_stepper *stepper, gd_status status, const saved_bytes *before) {
  static saved_bytes after;
  after.count = after.taken = 0;
  FUZZ_CHECK(gd_stepper_save(stepper, saved_write, &after) == GD_OK);
  if (status < 0) {
    FUZZ_CHECK(strlen(gd_last_error()) > 0);
    FUZZ_CHECK(after.count == before->count && memcmp(after.bytes, before->bytes, after.count) == 0);
  } else {
    FUZZ_CHECK(gd_stepper_load(stepper, saved_read, &after) == status);
  }
}

#endif
