/* SPDX-License-Identifier: BSD-3-Clause */
/* run.c -- runs a program, on one thread or several.
 *
 * All threads work on the same instruction.  Each thread takes its own share first, and then shares that others have
 * not begun.  The next instruction begins when all shares are done.  A thread that comes late finds nothing left to do,
 * and a thread that never comes is not needed.  So any executor works, also one that runs task after task. */
#include "graph/team.h"

#include "graph/checks.h"

#include "threads/spin.h"
#include "threads/tasks.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

enum {
  MOST_MEMBERS = 8,
  SPINS = 2000,
  LITTLE = 2048 /* entries, or eight multiplications each: no work to share */
};

/* ---- who ---- */

size_t gdi_team_size(const gdi_env *env) {
  if (!env->executor.run_all) return 1;
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return processors < 2 ? 1 : processors < MOST_MEMBERS ? (size_t)processors : MOST_MEMBERS;
}

/* ---- what ---- */

static size_t work_of(const gdi_instruction *in) {
  const size_t entries = in->rows * in->columns;
  if (in->op == GDI_NONE) return entries * in->steps;
  if (in->op == GDI_PRODUCT) return entries * gdi_instruction_product(in).inner / 8;
  return in->left.rows * in->left.columns;
}

bool gdi_instruction_is_shared(const gdi_instruction *in) { return in->units > 1 && work_of(in) > LITTLE; }

static const gdi_instruction *instruction_at(const gdi_program *program, size_t i) {
  return (const gdi_instruction *)program->instructions.items + i;
}

/* ---- together ---- */

static size_t shares_of(const gdi_team *team, const gdi_instruction *in) {
  if (!in->shared) return 1;
  return in->units < team->members ? in->units : team->members;
}

static void do_share(const gdi_team *team, const gdi_instruction *in, size_t me, size_t share, size_t shares) {
  const gdi_engine *engine = team->program->engine;
  void *scratch = gdi_number_at(engine, team->frame->scratch, me * team->program->scratch);
  engine->run(team->program, in, team->frame, scratch, in->units * share / shares, in->units * (share + 1) / shares);
}

static void wait_for(gdi_barrier *barrier, size_t shares) {
  for (size_t spins = 0; atomic_load_explicit(&barrier->done, memory_order_acquire) < shares; spins++) {
    gdi_spin_pause();
    if (spins > SPINS) sched_yield(); /* more threads than processors */
  }
}

static void pass(gdi_team *team, size_t i, size_t me) {
  const gdi_instruction *in = instruction_at(team->program, i);
  gdi_barrier *barrier = team->stations + i;
  const size_t shares = shares_of(team, in);
  for (size_t k = 0; k < shares; k++) {
    const size_t share = (me + k) % shares;
    if (atomic_fetch_or_explicit(&barrier->begun, 1u << share, memory_order_relaxed) >> share & 1) continue;
    do_share(team, in, me, share, shares);
    atomic_fetch_add_explicit(&barrier->done, 1, memory_order_release);
  }
  wait_for(barrier, shares);
}

static gd_status take_part(void *context, size_t me) {
  gdi_team *team = context;
  for (size_t i = team->from; i < team->to; i++) pass(team, i, me);
  return GD_OK;
}

static bool is_worth_it(const gdi_program *program, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    if (instruction_at(program, i)->shared) return true;
  return false;
}

static gd_status run_some(const gdi_program *program, const gdi_frame *frame, size_t from, size_t to) {
  gdi_team *team = frame->team;
  if (!team || !is_worth_it(program, from, to)) {
    for (size_t i = from; i < to; i++) {
      const gdi_instruction *in = instruction_at(program, i);
      program->engine->run(program, in, frame, frame->scratch, 0, in->units);
    }
    return GD_OK;
  }
  team->program = program, team->frame = frame, team->from = from, team->to = to;
  memset(team->stations + from, 0, (to - from) * sizeof *team->stations);
  return gdi_tasks_run(program->env, team->members, take_part, team);
}

/* ---- a program's parts ---- */

gd_status gdi_program_run_shared(const gdi_program *program, const gdi_frame *frame) {
  return run_some(program, frame, 0, program->shared);
}

gd_status gdi_program_verdict(const gdi_program *program, const gdi_frame *frame) {
  const gdi_watched *watched = program->watched.items;
  for (size_t k = 0; k < program->watched.count; k++) {
    double found;
    program->engine->to_doubles(1, gdi_number_at(program->engine, frame->arena, watched[k].place.at), &found);
    if (found == 0) continue;
    pthread_mutex_lock(&program->graph->lock);
    const gd_status status = gdi_check_fail(program->graph, watched[k].check, (size_t)found - 1);
    pthread_mutex_unlock(&program->graph->lock);
    return status;
  }
  return GD_OK;
}

void gdi_program_copy(const gdi_program *program, const gdi_frame *frame, size_t first, size_t count, double *result) {
  const gdi_output *outputs = program->outputs.items;
  for (size_t k = first; k < first + count; k++) {
    const gdi_place from = outputs[k].from;
    const void *base = from.base == GDI_IN_CONSTANT ? from.constant : frame->base[from.base];
    program->engine->to_doubles(outputs[k].count, gdi_number_at(program->engine, base, from.at),
                                result + outputs[k].to);
  }
}

gd_status gdi_program_run_rest(const gdi_program *program, const gdi_frame *frame, double *result) {
  GD_TRY(run_some(program, frame, program->shared, program->instructions.count));
  GD_TRY(gdi_program_verdict(program, frame));
  gdi_program_copy(program, frame, 0, program->outputs.count, result);
  return GD_OK;
}
