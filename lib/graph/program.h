/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs evaluate graphs.  A program computes some nodes by a list of instructions.  An instruction is a fused chain
 * of operations on entries, or one operation on matrices.  Instructions that do not depend on the direction come first,
 * so many directions share their results.
 *
 * If the library's own kernel computes a product, the operations on entries that follow are part of the product's
 * instruction: the entries are still in registers then.  Other fused instructions process their matrices tile by tile.
 * A tile has at most GDI_TILE entries, part of a column or several whole columns, which stay in the first-level cache;
 * each operation on a tile is one loop of tile_kernels.c.
 *
 * Numbers in memory are doubles or floats, depending on the program's engine.  Inputs and results are doubles. */
#ifndef GDI_GRAPH_PROGRAM_H
#define GDI_GRAPH_PROGRAM_H

#include "dense/algebra.h"
#include "graph/part.h"

enum { GDI_TILE = 512, GDI_MOST_STEPS = 32, GDI_MOST_OPERANDS = 3 * GDI_MOST_STEPS };

/* The place of numbers: offset `at` in the point, the direction or the arena, or a constant. */
typedef enum gdi_base { GDI_IN_POINT, GDI_IN_DIRECTION, GDI_IN_ARENA, GDI_BASES, GDI_IN_CONSTANT } gdi_base;
typedef struct gdi_place {
  gdi_base base;
  size_t at;
  const void *constant;
} gdi_place;

/* The way in which an operand of a fused instruction is read. */
typedef enum gdi_spread {
  GDI_WHOLE,  /* in memory, as large as the result */
  GDI_SLOT,   /* in a tile only */
  GDI_COLUMN, /* one column in memory, repeated in a tile */
  GDI_ROW,
  GDI_NUMBER
} gdi_spread;

typedef struct gdi_operand {
  gdi_spread spread;
  gdi_place place; /* unless GDI_SLOT */
  size_t slot;     /* unless GDI_WHOLE */
} gdi_operand;

/* One operation on tiles; a, b and out are operands of the instruction.  After a product, operand 0 is the product's
 * entry, and each step replaces it. */
typedef struct gdi_step {
  gdi_op op;
  double p;
  uint16_t a, b, out;
} gdi_step;

typedef struct gdi_instruction {
  gdi_op op; /* GDI_NONE: fused */
  size_t rows, columns;
  /* one operation on matrices */
  gdi_node node, left, right;
  gdi_place a, b, out;
  gdi_place sums; /* for a product with `has_sums`: the sums over its first factor's columns */
  bool has_sums;
  /* fused, or what follows a product */
  uint32_t group;
  size_t first_step, steps, first_operand, operands, slots;
  size_t units; /* pieces that can be done in any order */
  bool shared;  /* true: it has work for several threads */
} gdi_instruction;

/* An output of a program: the place of its numbers in memory and in the result. */
typedef struct gdi_output {
  gdi_place from;
  size_t to, count;
} gdi_output;

typedef struct gdi_program {
  gd_graph *graph; /* for words */
  const gdi_env *env;
  const struct gdi_engine *engine;
  gdi_list instructions, steps, operands, outputs; /* lists of the types above */
  gdi_list watched;                                /* list of gdi_watched: checks of each run */
  size_t shared;                                   /* number of instructions that do not depend on the direction */
  size_t arena, scratch; /* numbers; the latter, of each thread, for tiles, or to rearrange a factor */
  void **constants;      /* [n_constants] by the graph's number, as the engine has them; NULL: the graph's own */
  size_t n_constants;
} gdi_program;

/* A check, and the place of its result. */
typedef struct gdi_watched {
  gdi_index check;
  gdi_place place;
} gdi_watched;

/* Compile.  The checks are a list of gdi_index; these nodes are evaluated, too.  NULL: no checks.  The graph must
 * outlive the program, but may grow.  Call gdi_program_release() also after a failure. */
gd_status gdi_program_compile(gdi_program *program, gd_graph *graph, size_t count, const gdi_wanted *wanted,
                              const gdi_list *checks);
/* The shape of a matrix product for dense/algebra.h, without the matrices. */
gdi_product gdi_product_of_node(const gdi_node *node, const gdi_node *left, const gdi_node *right);
gdi_product gdi_instruction_product(const gdi_instruction *in);
void gdi_program_release(gdi_program *program);

/* ---- Evaluating. ---- */

typedef struct gdi_frame {
  const void *base[GDI_BASES]; /* the arena is written to, too */
  void *arena, *scratch;
  struct gdi_team *team; /* the threads that share the work; NULL: none */
} gdi_frame;

/* Run the part that does not depend on the direction; run the rest and, if all checks pass, write the result
 * (run.c). */
gd_status gdi_program_run_shared(const gdi_program *program, const gdi_frame *frame);
gd_status gdi_program_run_rest(const gdi_program *program, const gdi_frame *frame, double *result);
/* Copy outputs first, first + 1, ..., `count` of them, to their places in the result.  For a program without
 * directions, after its shared part. */
void gdi_program_copy(const gdi_program *program, const gdi_frame *frame, size_t first, size_t count, double *result);

/* GD_OK, or GD_ERR_DOMAIN with the message of the first check that failed. */
gd_status gdi_program_verdict(const gdi_program *program, const gdi_frame *frame);

/* Whether an instruction has work for several threads (run.c). */
bool gdi_instruction_is_shared(const gdi_instruction *in);

/* How instructions are run in one precision (execute.c). */
typedef struct gdi_engine {
  size_t number; /* bytes of one */
  /* whether an operation on entries can be part of the product's instruction, whose entry is its first operand or,
   * reversed, its second */
  bool (*finishes)(const gdi_product *shape, gdi_op op, bool reversed);
  bool (*sums)(const gdi_product *shape); /* true: the sums over its first factor's columns can be part of it */
  /* numbers of scratch that a thread needs for a product; 0 for others */
  size_t (*scratch)(const gdi_instruction *in);
  /* The number of pieces of an instruction, which depends only on its shapes.  And: run pieces first, first + 1, ... up
   * to `last`, with the thread's own scratch.  The bits do not depend on the distribution of pieces over threads. */
  size_t (*units)(const gdi_instruction *in);
  void (*run)(const gdi_program *program, const gdi_instruction *in, const gdi_frame *frame, void *scratch,
              size_t first, size_t last);
  void (*from_doubles)(size_t n, const double *from, void *to);
  void (*to_doubles)(size_t n, const void *from, double *to);
} gdi_engine;
extern const gdi_engine gdi_graph_engine, gdi_graph_engine_single;

static inline const gdi_engine *gdi_engine_of(const gd_graph *graph) {
  return graph->single ? &gdi_graph_engine_single : &gdi_graph_engine;
}

/* The address of number `at` of an array in the engine's precision. */
static inline void *gdi_number_at(const gdi_engine *engine, const void *numbers, size_t at) {
  return (char *)numbers + at * engine->number;
}

/* ---- What scheduling leaves to planning (schedule.c, place.c). ---- */

/* By node of the part. */
typedef struct gdi_schedule {
  gdi_part part;
  bool *moves;     /* depends on the direction */
  bool *stored;    /* has a place in memory of its own */
  uint32_t *stage; /* operands that must be complete are in an earlier stage */
  uint32_t *group; /* nodes of equal group are one instruction: number of its product, or of its least node; 0: none */
  gdi_place *place;
  uint32_t *last; /* the last instruction that reads it */
} gdi_schedule;

gd_status gdi_schedule_create(gdi_schedule *schedule, const gd_graph *graph, size_t count, const gdi_wanted *wanted,
                              const gdi_list *checks);
void gdi_schedule_release(gdi_schedule *schedule);

#endif
