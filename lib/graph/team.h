/* SPDX-License-Identifier: BSD-3-Clause */
/* Teams: threads that run a program together (run.c). */
#ifndef GDI_GRAPH_TEAM_H
#define GDI_GRAPH_TEAM_H

#include "graph/program.h"

#include <stdatomic.h>

/* How far they are with an instruction: shares that somebody has begun, a bit each, and how many are done. */
typedef struct gdi_barrier {
  atomic_uint begun, done;
} gdi_barrier;

/* The threads of one evaluation, in its workspace. */
typedef struct gdi_team {
  size_t members;        /* 2 or more; as many stretches of scratch are in the frame */
  gdi_barrier *stations; /* by instruction */
  /* what they are doing */
  const gdi_program *program;
  const gdi_frame *frame;
  size_t from, to;
} gdi_team;

/* The number of threads to ask the environment's executor for; 1 without an executor. */
size_t gdi_team_size(const gdi_env *env);

#endif
