/* SPDX-License-Identifier: BSD-3-Clause */
/* place.c -- assigns memory to nodes; nodes that are not needed at the same time share it. */
#include "graph/compiler.h"

#include "base/error.h"

#include <string.h>

#define NODE(index) (gdi_node_at(own->schedule.graph, index))
enum { ALIGNED = 16 /* floats: a cache line */ };

static size_t length_of(const gdi_node *node) { return node->rows * node->columns; }

static size_t aligned(size_t count) { return (count + ALIGNED - 1) / ALIGNED * ALIGNED; }

size_t gdi_input_start(const gd_graph *graph, size_t input) {
  size_t start = 0;
  for (size_t k = 0; k < input; k++) start += aligned(length_of(gdi_node_at(graph, gdi_input_at(graph, k)->node)));
  return start;
}

/* Record the last use of an operand.  Values of the direction-free part that later instructions read must be kept for
 * every direction; outputs must be kept to the end. */
static void note_use(gdi_compiler *own, gdi_index operand, size_t instruction) {
  if (!operand) return;
  const bool outlives = instruction >= own->program->shared && !own->schedule.moves[operand];
  uint32_t *last = own->schedule.last + operand;
  if (*last != GDI_NEVER) *last = outlives ? GDI_NEVER : (uint32_t)instruction;
}

static void note_uses(gdi_compiler *own, size_t count, const gdi_wanted *wanted) {
  for (size_t k = 0; k < count; k++) own->schedule.last[wanted[k].node] = GDI_NEVER;
  for (gdi_index k = 1; k < own->schedule.count; k++)
    if (NODE(k)->op == GDI_CHECK) own->schedule.last[k] = GDI_NEVER;
  for (size_t i = 0; i < own->n_units; i++) {
    const gdi_index node = own->units[i].node;
    if (!own->schedule.group[node]) {
      note_use(own, NODE(node)->a, i);
      note_use(own, NODE(node)->b, i);
      continue;
    }
    for (const gdi_member *m = gdi_members_of(own, node); gdi_is_member(own, m, node); m++) {
      note_use(own, NODE(m->node)->a, i);
      note_use(own, NODE(m->node)->b, i);
    }
  }
}

/* A block of the arena that is in use until the last instruction that reads it. */
typedef struct alive {
  size_t start, length;
  uint32_t last;
} alive;

typedef struct arena {
  alive *blocks; /* in the order of their starts */
  size_t count, first, high;
} arena;

static void expire(arena *own, size_t instruction) {
  size_t kept = 0;
  for (size_t k = 0; k < own->count; k++)
    if (own->blocks[k].last >= instruction) own->blocks[kept++] = own->blocks[k];
  own->count = kept;
}

/* The first gap that is long enough. */
static size_t take(arena *own, size_t length, uint32_t last) {
  size_t start = own->first, k = 0;
  while (k < own->count && own->blocks[k].start < start + length) {
    start = own->blocks[k].start + own->blocks[k].length;
    k++;
  }
  memmove(own->blocks + k + 1, own->blocks + k, (own->count - k) * sizeof *own->blocks);
  own->blocks[k] = (alive){start, length, last};
  own->count++;
  if (start + length > own->high) own->high = start + length;
  return start;
}

static void place_node(gdi_compiler *own, arena *memory, gdi_index k) {
  if (!own->schedule.stored[k]) return;
  own->schedule.place[k] =
      (gdi_place){GDI_IN_ARENA, take(memory, aligned(length_of(NODE(k))), own->schedule.last[k]), NULL};
}

/* True if the node is a factor of the product with which the group begins: it is read until the whole result is
 * computed. */
static bool is_factor(const gdi_compiler *own, uint32_t group, gdi_index node) {
  const gdi_node *first = NODE(group);
  return first->op == GDI_PRODUCT && (first->a == node || first->b == node);
}

/* True if a member's result can overwrite this operand of it, or of a member before it, because it is not read any
 * more. */
static bool may_replace(const gdi_compiler *own, const gdi_member *m, gdi_index operand, size_t instruction) {
  const gdi_node *node = NODE(operand), *result = NODE(m->node);
  if (node->op <= GDI_CONSTANT || own->schedule.group[operand] == m->group) return false;
  if (is_factor(own, m->group, operand)) return false;
  return own->schedule.last[operand] == instruction && node->rows == result->rows && node->columns == result->columns &&
         !gdi_is_read_later(own, m + 1, m->group, operand);
}

/* The operand that a member's result can overwrite; 0: none. */
static gdi_index replaceable(const gdi_compiler *own, const gdi_member *m, size_t instruction) {
  for (const gdi_member *k = gdi_members_of(own, m->group); k <= m; k++) {
    if (may_replace(own, m, NODE(k->node)->a, instruction)) return NODE(k->node)->a;
    if (may_replace(own, m, NODE(k->node)->b, instruction)) return NODE(k->node)->b;
  }
  return 0;
}

/* Place a member's result over an operand that is not read again, if there is one: this memory is in the cache
 * already. */
static void place_member(gdi_compiler *own, arena *memory, const gdi_member *m, size_t instruction) {
  gdi_schedule *schedule = &own->schedule;
  const gdi_index operand = schedule->stored[m->node] ? replaceable(own, m, instruction) : 0;
  if (!operand) {
    place_node(own, memory, m->node);
    return;
  }
  schedule->place[m->node] = schedule->place[operand];
  schedule->last[operand] = GDI_NEVER; /* taken */
  for (size_t k = 0; k < memory->count; k++)
    if (memory->blocks[k].start == schedule->place[operand].at) memory->blocks[k].last = schedule->last[m->node];
}

/* The graph's constant number k, in the engine's precision. */
static const void *constant_at(gdi_compiler *own, size_t k, size_t length) {
  gdi_program *program = own->program;
  const double *values = ((double *const *)own->schedule.graph->constants.items)[k];
  if (program->engine == &gdi_graph_engine) return values;
  if (!program->constants[k]) program->constants[k] = gdi_allocate(program->env, length, program->engine->number);
  if (program->constants[k]) program->engine->from_doubles(length, values, program->constants[k]);
  return program->constants[k];
}

static gd_status place_leaves(gdi_compiler *own) {
  const gd_graph *graph = own->schedule.graph;
  for (gdi_index k = 1; k < own->schedule.count; k++) {
    const gdi_node *node = NODE(k);
    gdi_place *place = own->schedule.place + k;
    if (node->op == GDI_VARIABLE)
      *place = (gdi_place){node->row == GDI_POINT ? GDI_IN_POINT : GDI_IN_DIRECTION,
                           gdi_parameter_start(graph, node->column), NULL};
    if (node->op == GDI_INPUT) *place = (gdi_place){GDI_IN_ARENA, gdi_input_start(graph, node->column), NULL};
    if (node->op != GDI_CONSTANT || !own->schedule.needed[k]) continue;
    *place = (gdi_place){GDI_IN_CONSTANT, 0, constant_at(own, node->column, length_of(node))};
    if (!place->constant) return GD_ERR_MEMORY;
  }
  return GD_OK;
}

static gd_status place_results(gdi_compiler *own) {
  const size_t first = gdi_input_start(own->schedule.graph, own->schedule.graph->inputs.count);
  arena memory = {gdi_allocate(own->program->env, own->schedule.count + 1, sizeof(alive)), 0, first, first};
  if (!memory.blocks) return GD_ERR_MEMORY;
  for (size_t i = 0; i < own->n_units; i++) {
    const gdi_index node = own->units[i].node;
    expire(&memory, i);
    if (!own->schedule.group[node]) place_node(own, &memory, node);
    for (const gdi_member *m = gdi_members_of(own, node); own->schedule.group[node] && gdi_is_member(own, m, node); m++)
      place_member(own, &memory, m, i);
  }
  own->program->arena = memory.high;
  gdi_release(own->program->env, memory.blocks);
  return GD_OK;
}

gd_status gdi_compiler_place(gdi_compiler *own, size_t count, const gdi_wanted *wanted) {
  note_uses(own, count, wanted);
  GD_TRY(place_leaves(own));
  return place_results(own);
}
