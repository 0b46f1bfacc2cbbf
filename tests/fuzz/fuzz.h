/* SPDX-License-Identifier: BSD-3-Clause */
/* What every fuzz target shares: its entry point, bytes as a file, and memory with a limit. */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <gamedyn/env.h>
#include <stddef.h>
#include <stdint.h>

/* The target: one file per target defines it.  It returns 0, and aborts where a promise is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Abort with words unless the condition holds. */
#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #condition))
void fuzz_broken(const char *file, int line, const char *condition) __attribute__((noreturn));

/* A path that opens as a regular file with these bytes; valid until the next call. */
const char *fuzz_file(const uint8_t *bytes, size_t count);

/* An environment whose allocator refuses more than 64 MiB in all, so that a size in a file cannot fill the machine. */
const gd_env *fuzz_env(void);

/* Bytes that are allocated from fuzz_env() now. */
size_t fuzz_allocated(void);

#endif
