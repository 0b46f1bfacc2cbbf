/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes in memory that a stepper is saved to and loaded from.  Loops over all methods call these: they speak to Check
 * only when something is wrong. */
#ifndef TEST_BYTES_H
#define TEST_BYTES_H

#include "support/suite.h"

#include <gamedyn/stepper.h>

enum { BYTES_MAX = 1 << 15 };

typedef struct bytes {
  unsigned char data[BYTES_MAX];
  size_t size, read;  /* read so far */
  int calls, fail_at; /* the write or read that fails, from 1; 0: none */
} bytes;

static inline int bytes_write(void *context, const void *data, size_t count) {
  bytes *b = context;
  if (++b->calls == b->fail_at || count > BYTES_MAX - b->size) return -1;
  memcpy(b->data + b->size, data, count);
  b->size += count;
  return 0;
}

static inline int bytes_read(void *context, void *data, size_t count) {
  bytes *b = context;
  if (++b->calls == b->fail_at || count > b->size - b->read) return 1;
  memcpy(data, b->data + b->read, count);
  b->read += count;
  return 0;
}

static inline void bytes_save(bytes *b, const gd_stepper *stepper) {
  b->size = b->read = 0;
  b->calls = b->fail_at = 0;
  if (gd_stepper_save(stepper, bytes_write, b) != GD_OK) ck_abort_msg("cannot be saved: %s", gd_last_error());
}

static inline gd_status bytes_load(bytes *b, gd_stepper *stepper) {
  b->read = 0;
  b->calls = 0;
  return gd_stepper_load(stepper, bytes_read, b);
}

/* The stepper's whole future is what was saved. */
static inline void assert_saved_as(const bytes *b, const gd_stepper *stepper) {
  static bytes now;
  bytes_save(&now, stepper);
  if (now.size != b->size || memcmp(now.data, b->data, b->size) != 0) ck_abort_msg("saved otherwise than before");
}

#endif
