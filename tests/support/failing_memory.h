/* SPDX-License-Identifier: BSD-3-Clause */
/* An allocator for tests: counts what is alive, refuses the allocation it is told to refuse.
 *
 *     static gd_status attempt(const gd_env *env, void *argument) {
 *       gd_game *game = NULL;
 *       gd_status status = gd_model_bilinear(&game, 2, 2, C, 2, env);
 *       if (status == GD_OK) status = gd_game_prepare(game, 1u << GD_VJP);
 *       gd_game_destroy(game);
 *       return status;
 *     }
 *     ...
 *     ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 3);
 */
#ifndef TEST_FAILING_MEMORY_H
#define TEST_FAILING_MEMORY_H

#include <gamedyn/env.h>
#include <stdatomic.h>

typedef struct failing_memory {
  atomic_size_t calls;       /* allocations asked for so far */
  size_t fail_at;            /* the one that fails, counted from 1; 0: none does */
  atomic_size_t live, bytes; /* blocks and bytes not given back */
  gd_allocator allocator;
  gd_env env; /* to be handed to the library */
} failing_memory;

/* Nothing asked for so far; the struct points at itself and must not move.  To fail another
 * allocation later, set calls to 0 and fail_at. */
void failing_memory_init(failing_memory *memory, size_t fail_at);

/* Makes things from `env`, uses them, destroys them, returns the first failure. */
typedef gd_status memory_attempt(const gd_env *env, void *argument);

/* Runs the attempt with its first, second, ... allocation refused until one run needs no more.
 * Asserts that each refused run returns GD_ERR_MEMORY and says so, that the last one returns
 * GD_OK, and that none leaves a block behind.  Returns how many allocations the attempt makes. */
size_t refuse_each_allocation(memory_attempt *attempt, void *argument);

#endif
