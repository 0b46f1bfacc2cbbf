/* SPDX-License-Identifier: BSD-3-Clause */
/* Two ranks in one process: threads that meet in comm->reduce.
 *
 *     static void act(const gd_env *env, void *argument) { ... games made with env ... }
 *     ...
 *     on_two_ranks(act, (void *[2]){&first, &second});
 */
#ifndef TEST_RANKS_H
#define TEST_RANKS_H

#include <gamedyn/env.h>

/* What each rank does; env->comm->rank tells them apart. */
typedef void rank_work(const gd_env *env, void *argument);

/* Run the work on both ranks, each with its own argument, and wait for both.  A rank that makes fewer reductions
 * than the other hangs the test, which its time limit ends. */
void on_two_ranks(rank_work *work, void *const arguments[2]);

#endif
