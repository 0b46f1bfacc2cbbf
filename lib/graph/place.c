/* SPDX-License-Identifier: BSD-3-Clause */
/* place.c -- assigns memory to nodes; nodes that are not needed at the same time share it. */
#include "graph/compiler.h"

#include "base/error.h"

#include <string.h>

#define NODE(index) (own->schedule.part.nodes + (index))
enum { ALIGNED = 16 /* floats: a cache line */ };

static size_t length_of(const gdi_node *node) { return node->rows * node->columns; }

static size_t aligned(size_t count) { return (count + ALIGNED - 1) / ALIGNED * ALIGNED; }

size_t gdi_inputs_length(const gd_graph *graph) {
  if (!graph->inputs.count) return 0;
  const gdi_input *last = gdi_input_at(graph, graph->inputs.count - 1);
  return last->first + aligned(last->rows * last->columns);
}

/* ---- when ---- */

/* Record the last use of an operand.  Values of the direction-free part that later instructions read must be kept for
 * every direction; outputs must be kept to the end. */
static void note_use(gdi_compiler *own, gdi_index operand, size_t instruction) {
  if (!operand) return;
  const bool outlives = instruction >= own->program->shared && !own->schedule.moves[operand];
  uint32_t *last = own->schedule.last + operand;
  if (*last != GDI_NEVER) *last = outlives ? GDI_NEVER : (uint32_t)instruction;
}

static void note_uses(gdi_compiler *own) {
  const gdi_part *part = &own->schedule.part;
  for (size_t k = 0; k < part->n_wanted; k++) own->schedule.last[part->wanted[k].node] = GDI_NEVER;
  for (gdi_index k = 1; k < part->count; k++)
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

/* ---- the arena ---- */

typedef struct gap {
  size_t start, length;
} gap;

/* Memory up to `high` is in use, but for the gaps.  The nodes whose memory is free after an instruction are a chain:
 * ends[instruction], next[node], ... */
typedef struct arena {
  gap *gaps; /* in the order of their starts; no two touch */
  size_t count, high;
  gdi_index *ends, *next;
} arena;

static void remove_gap(arena *own, size_t k) {
  memmove(own->gaps + k, own->gaps + k + 1, (--own->count - k) * sizeof *own->gaps);
}

/* The first gap that is long enough, or the end of the arena. */
static size_t take(arena *own, size_t length) {
  for (size_t k = 0; k < own->count; k++) {
    gap *at = own->gaps + k;
    const bool last = at->start + at->length == own->high;
    if (at->length < length && !last) continue;
    const size_t start = at->start;
    if (at->length <= length) {
      if (start + length > own->high) own->high = start + length;
      remove_gap(own, k);
    } else {
      at->start += length, at->length -= length;
    }
    return start;
  }
  own->high += length;
  return own->high - length;
}

static size_t first_gap_after(const arena *own, size_t start) {
  size_t low = 0, high = own->count;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (own->gaps[middle].start < start)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool touches(const arena *own, size_t k, size_t start) {
  return own->gaps[k].start + own->gaps[k].length == start;
}

static void give_back(arena *own, size_t start, size_t length) {
  const size_t k = first_gap_after(own, start);
  const bool before = k > 0 && touches(own, k - 1, start),
             after = k < own->count && start + length == own->gaps[k].start;
  if (before && after) {
    own->gaps[k - 1].length += length + own->gaps[k].length;
    remove_gap(own, k);
  } else if (before) {
    own->gaps[k - 1].length += length;
  } else if (after) {
    own->gaps[k].start = start, own->gaps[k].length += length;
  } else {
    memmove(own->gaps + k + 1, own->gaps + k, (own->count++ - k) * sizeof *own->gaps);
    own->gaps[k] = (gap){start, length};
  }
}

/* Give back the memory that the instruction was the last to read. */
static void expire(gdi_compiler *own, arena *memory, uint32_t instruction) {
  for (gdi_index k = memory->ends[instruction]; k; k = memory->next[k])
    if (own->schedule.last[k] == instruction) give_back(memory, own->schedule.place[k].at, aligned(length_of(NODE(k))));
}

/* The node's memory is in use from the instruction to the node's last use. */
static void occupy(gdi_compiler *own, arena *memory, gdi_index k, size_t start, uint32_t instruction) {
  uint32_t *last = own->schedule.last + k;
  own->schedule.place[k] = (gdi_place){GDI_IN_ARENA, start, NULL};
  if (*last < instruction) *last = instruction; /* nothing reads it */
  if (*last == GDI_NEVER) return;
  memory->next[k] = memory->ends[*last];
  memory->ends[*last] = k;
}

static void place_node(gdi_compiler *own, arena *memory, gdi_index k, uint32_t instruction) {
  if (own->schedule.stored[k]) occupy(own, memory, k, take(memory, aligned(length_of(NODE(k)))), instruction);
}

/* ---- over operands ---- */

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
static void place_member(gdi_compiler *own, arena *memory, const gdi_member *m, uint32_t instruction) {
  gdi_schedule *schedule = &own->schedule;
  const gdi_index operand = schedule->stored[m->node] ? replaceable(own, m, instruction) : 0;
  if (!operand) {
    place_node(own, memory, m->node, instruction);
    return;
  }
  schedule->last[operand] = GDI_NEVER; /* taken */
  occupy(own, memory, m->node, schedule->place[operand].at, instruction);
}

/* ---- leaves and results ---- */

/* The graph's constant number k, in the engine's precision. */
static const void *constant_at(gdi_compiler *own, size_t k, size_t length) {
  gdi_program *program = own->program;
  const double *values = ((double *const *)program->graph->constants.items)[k];
  if (program->engine == &gdi_graph_engine) return values;
  if (!program->constants[k]) program->constants[k] = gdi_allocate(program->env, length, program->engine->number);
  if (program->constants[k]) program->engine->from_doubles(length, values, program->constants[k]);
  return program->constants[k];
}

static gd_status place_leaves(gdi_compiler *own) {
  const gd_graph *graph = own->program->graph;
  for (gdi_index k = 1; k < own->schedule.part.count; k++) {
    const gdi_node *node = NODE(k);
    gdi_place *place = own->schedule.place + k;
    if (node->op == GDI_VARIABLE)
      *place = (gdi_place){node->row == GDI_POINT ? GDI_IN_POINT : GDI_IN_DIRECTION,
                           gdi_parameter_start(graph, node->column), NULL};
    if (node->op == GDI_INPUT) *place = (gdi_place){GDI_IN_ARENA, gdi_input_at(graph, node->column)->first, NULL};
    if (node->op != GDI_CONSTANT) continue;
    *place = (gdi_place){GDI_IN_CONSTANT, 0, constant_at(own, node->column, length_of(node))};
    if (!place->constant) return GD_ERR_MEMORY;
  }
  return GD_OK;
}

static void place_unit(gdi_compiler *own, arena *memory, uint32_t instruction) {
  const gdi_index node = own->units[instruction].node;
  const uint32_t group = own->schedule.group[node];
  if (!group) place_node(own, memory, node, instruction);
  for (const gdi_member *m = gdi_members_of(own, node); group && gdi_is_member(own, m, node); m++)
    place_member(own, memory, m, instruction);
}

static gd_status place_results(gdi_compiler *own) {
  const gdi_program *program = own->program;
  const size_t nodes = own->schedule.part.count, units = own->n_units;
  arena memory = {.gaps = gdi_allocate(program->env, nodes, sizeof(gap)),
                  .high = gdi_inputs_length(program->graph),
                  .ends = gdi_allocate(program->env, units, sizeof(gdi_index)),
                  .next = gdi_allocate(program->env, nodes, sizeof(gdi_index))};
  const bool have = memory.gaps && memory.ends && memory.next;
  for (uint32_t i = 0; have && i < units; i++) {
    if (i > 0) expire(own, &memory, i - 1);
    place_unit(own, &memory, i);
  }
  own->program->arena = memory.high;
  gdi_release(program->env, memory.gaps);
  gdi_release(program->env, memory.ends);
  gdi_release(program->env, memory.next);
  return have ? GD_OK : GD_ERR_MEMORY;
}

gd_status gdi_compiler_place(gdi_compiler *own) {
  note_uses(own);
  GD_TRY(place_leaves(own));
  return place_results(own);
}
