/* SPDX-License-Identifier: BSD-3-Clause */
/* program.c -- from a schedule to instructions, in the order (depends on the direction, stage, node), with operands,
 * and memory shared by what is not alive at the same time. */
#include "graph/program.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#define NODE(index) (gdi_node_at(own->schedule.graph, index))
#define NEVER UINT32_MAX /* beyond what an enumerator holds */
enum { ALIGNED = 16 /* floats: a cache line */ };

/* A unit of work before it is an instruction: the node, or the least node of its group. */
typedef struct unit {
  bool moves;
  uint32_t stage;
  gdi_index node;
} unit;

/* Members of groups, in the order (group, node). */
typedef struct member {
  uint32_t group;
  gdi_index node;
} member;

typedef struct compiler {
  gdi_program *program;
  gdi_schedule schedule;
  unit *units;
  member *members;
  size_t n_units, n_members;
  uint16_t *operand_of; /* by node, within the current group, plus 1 */
} compiler;

static size_t length_of(const gdi_node *node) { return node->rows * node->columns; }

static size_t aligned(size_t count) { return (count + ALIGNED - 1) / ALIGNED * ALIGNED; }

size_t gdi_input_start(const gd_graph *graph, size_t input) {
  size_t start = 0;
  for (size_t k = 0; k < input; k++) start += aligned(length_of(gdi_node_at(graph, gdi_input_at(graph, k)->node)));
  return start;
}

/* ---- the order ---- */

static int compare_units(const void *one, const void *other) {
  const unit *a = one, *b = other;
  if (a->moves != b->moves) return a->moves ? 1 : -1;
  if (a->stage != b->stage) return a->stage < b->stage ? -1 : 1;
  return a->node < b->node ? -1 : a->node > b->node;
}

static int compare_members(const void *one, const void *other) {
  const member *a = one, *b = other;
  if (a->group != b->group) return a->group < b->group ? -1 : 1;
  return a->node < b->node ? -1 : a->node > b->node;
}

static void collect(compiler *own) {
  const gdi_schedule *schedule = &own->schedule;
  for (gdi_index k = 1; k < schedule->count; k++) {
    if (!schedule->needed[k] || NODE(k)->op <= GDI_CONSTANT) continue;
    if (schedule->group[k]) own->members[own->n_members++] = (member){schedule->group[k], k};
    if (!schedule->group[k] || schedule->group[k] == k)
      own->units[own->n_units++] = (unit){schedule->moves[k], schedule->stage[k], k};
  }
  qsort(own->units, own->n_units, sizeof *own->units, compare_units);
  qsort(own->members, own->n_members, sizeof *own->members, compare_members);
  while (own->program->shared < own->n_units && !own->units[own->program->shared].moves) own->program->shared++;
}

static const member *members_of(const compiler *own, uint32_t group) {
  size_t low = 0, high = own->n_members;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (own->members[middle].group < group)
      low = middle + 1;
    else
      high = middle;
  }
  return own->members + low;
}

static bool is_member(const compiler *own, const member *at, uint32_t group) {
  return at < own->members + own->n_members && at->group == group;
}

/* ---- memory ---- */

/* What is read after the direction-free part must stay for every direction; what is wanted, to the end. */
static void note_use(compiler *own, gdi_index operand, size_t instruction) {
  if (!operand) return;
  const bool outlives = instruction >= own->program->shared && !own->schedule.moves[operand];
  uint32_t *last = own->schedule.last + operand;
  if (*last != NEVER) *last = outlives ? NEVER : (uint32_t)instruction;
}

static void note_uses(compiler *own, size_t count, const gdi_wanted *wanted) {
  for (size_t k = 0; k < count; k++) own->schedule.last[wanted[k].node] = NEVER;
  for (size_t i = 0; i < own->n_units; i++) {
    const gdi_index node = own->units[i].node;
    if (!own->schedule.group[node]) {
      note_use(own, NODE(node)->a, i);
      note_use(own, NODE(node)->b, i);
      continue;
    }
    for (const member *m = members_of(own, node); is_member(own, m, node); m++) {
      note_use(own, NODE(m->node)->a, i);
      note_use(own, NODE(m->node)->b, i);
    }
  }
}

/* What is alive: a block of the arena until the last instruction that reads it. */
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

static void place_node(compiler *own, arena *memory, gdi_index k) {
  if (!own->schedule.stored[k]) return;
  own->schedule.place[k] =
      (gdi_place){GDI_IN_ARENA, take(memory, aligned(length_of(NODE(k))), own->schedule.last[k]), NULL};
}

/* The graph's constant number k, as the engine wants it. */
static const void *constant_at(compiler *own, size_t k, size_t length) {
  gdi_program *program = own->program;
  const double *values = ((double *const *)own->schedule.graph->constants.items)[k];
  if (program->engine == &gdi_graph_engine) return values;
  if (!program->constants[k]) program->constants[k] = gdi_allocate(program->env, length, program->engine->number);
  if (program->constants[k]) program->engine->from_doubles(length, values, program->constants[k]);
  return program->constants[k];
}

static gd_status place_leaves(compiler *own) {
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

static gd_status place_results(compiler *own) {
  const size_t first = gdi_input_start(own->schedule.graph, own->schedule.graph->inputs.count);
  arena memory = {gdi_allocate(own->program->env, own->schedule.count + 1, sizeof(alive)), 0, first, first};
  if (!memory.blocks) return GD_ERR_MEMORY;
  for (size_t i = 0; i < own->n_units; i++) {
    const gdi_index node = own->units[i].node;
    expire(&memory, i);
    if (!own->schedule.group[node]) place_node(own, &memory, node);
    for (const member *m = members_of(own, node); own->schedule.group[node] && is_member(own, m, node); m++)
      place_node(own, &memory, m->node);
  }
  own->program->arena = memory.high;
  gdi_release(own->program->env, memory.blocks);
  return GD_OK;
}

static void reserve(gdi_program *program, size_t scratch) {
  if (scratch > program->scratch) program->scratch = scratch;
}

/* ---- fused instructions ---- */

static gdi_spread spread_of(const gdi_node *operand, const gdi_instruction *in) {
  if (operand->rows == in->rows && operand->columns == in->columns) return GDI_WHOLE;
  if (operand->rows == 1 && operand->columns == 1) return GDI_NUMBER;
  return operand->rows == in->rows ? GDI_COLUMN : GDI_ROW;
}

/* Tiles of the instruction; those free are a bit each. */
typedef struct slots {
  bool taken[GDI_MOST_OPERANDS];
} slots;

static size_t take_slot(slots *own, gdi_instruction *in) {
  size_t k = 0;
  while (own->taken[k]) k++;
  own->taken[k] = true;
  if (k + 1 > in->slots) in->slots = k + 1;
  return k;
}

static gd_status add_operand(compiler *own, gdi_instruction *in, gdi_operand operand, gdi_index node) {
  gdi_operand *added = gdi_list_add(&own->program->operands, own->program->env, sizeof *added);
  if (!added) return GD_ERR_MEMORY;
  *added = operand;
  own->operand_of[node] = (uint16_t)++in->operands;
  return GD_OK;
}

/* What a member reads from memory.  Narrow operands are spread before the first step, and have their tiles for as long
 * as the instruction runs: those come first, before any tile is used again. */
static gd_status read_operand(compiler *own, gdi_instruction *in, slots *free, gdi_index node) {
  if (!node || own->operand_of[node] || own->schedule.group[node] == in->group) return GD_OK;
  gdi_operand operand = {.spread = spread_of(NODE(node), in), .place = own->schedule.place[node]};
  if (operand.spread != GDI_WHOLE) operand.slot = take_slot(free, in);
  return add_operand(own, in, operand, node);
}

static gd_status define(compiler *own, gdi_instruction *in, slots *free, gdi_index node) {
  gdi_operand operand = {.spread = GDI_WHOLE, .place = own->schedule.place[node]};
  if (!own->schedule.stored[node]) operand = (gdi_operand){.spread = GDI_SLOT, .slot = take_slot(free, in)};
  return add_operand(own, in, operand, node);
}

static bool is_read_later(const compiler *own, const member *after, uint32_t group, gdi_index node) {
  for (const member *m = after; is_member(own, m, group); m++)
    if (NODE(m->node)->a == node || NODE(m->node)->b == node) return true;
  return false;
}

static void free_slot(compiler *own, const gdi_instruction *in, slots *free, gdi_index node) {
  if (!node || !own->operand_of[node]) return;
  const gdi_operand *operand =
      (const gdi_operand *)own->program->operands.items + in->first_operand + own->operand_of[node] - 1;
  if (operand->spread == GDI_SLOT) free->taken[operand->slot] = false;
}

static gd_status add_step(compiler *own, gdi_instruction *in, slots *free, const member *m) {
  const gdi_node node = *NODE(m->node);
  if (!is_read_later(own, m + 1, m->group, node.a)) free_slot(own, in, free, node.a);
  if (!is_read_later(own, m + 1, m->group, node.b)) free_slot(own, in, free, node.b);
  GD_TRY(define(own, in, free, m->node));
  gdi_step *step = gdi_list_add(&own->program->steps, own->program->env, sizeof *step);
  if (!step) return GD_ERR_MEMORY;
  const uint16_t a = node.a ? own->operand_of[node.a] : 1, b = node.b ? own->operand_of[node.b] : 1;
  *step = (gdi_step){node.op, node.p, a - 1, b - 1, own->operand_of[m->node] - 1};
  in->steps++;
  return GD_OK;
}

static gd_status fuse(compiler *own, gdi_instruction *in, uint32_t group) {
  const member *first = members_of(own, group);
  slots free = {0};
  in->op = GDI_NONE, in->group = group;
  in->rows = NODE(group)->rows, in->columns = NODE(group)->columns;
  in->first_step = own->program->steps.count;
  in->first_operand = own->program->operands.count;
  memset(own->operand_of, 0, own->schedule.count * sizeof *own->operand_of);
  for (const member *m = first; is_member(own, m, group); m++) {
    GD_TRY(read_operand(own, in, &free, NODE(m->node)->a));
    GD_TRY(read_operand(own, in, &free, NODE(m->node)->b));
  }
  for (const member *m = first; is_member(own, m, group); m++) GD_TRY(add_step(own, in, &free, m));
  reserve(own->program, in->slots * GDI_TILE);
  return GD_OK;
}

/* ---- instructions ---- */

gdi_product gdi_instruction_product(const gdi_instruction *in) {
  const bool ta = in->node.row, tb = in->node.column;
  return (gdi_product){.transpose_a = ta,
                       .transpose_b = tb,
                       .rows = in->rows,
                       .columns = in->columns,
                       .inner = ta ? in->left.rows : in->left.columns,
                       .lda = in->left.rows,
                       .ldb = in->right.rows};
}

static void single(compiler *own, gdi_instruction *in, gdi_index k) {
  in->node = *NODE(k);
  in->op = in->node.op;
  in->rows = in->node.rows, in->columns = in->node.columns;
  in->left = *NODE(in->node.a), in->right = *NODE(in->node.b);
  in->a = own->schedule.place[in->node.a], in->b = own->schedule.place[in->node.b];
  in->out = own->schedule.place[k];
  reserve(own->program, own->program->engine->scratch(in));
}

static gd_status emit(compiler *own) {
  for (size_t i = 0; i < own->n_units; i++) {
    gdi_instruction in = {0};
    const gdi_index node = own->units[i].node;
    if (own->schedule.group[node])
      GD_TRY(fuse(own, &in, node));
    else
      single(own, &in, node);
    gdi_instruction *added = gdi_list_add(&own->program->instructions, own->program->env, sizeof *added);
    if (!added) return GD_ERR_MEMORY;
    in.units = own->program->engine->units(&in);
    in.shared = gdi_instruction_is_shared(&in);
    *added = in;
  }
  return GD_OK;
}

static gd_status put_out(compiler *own, size_t count, const gdi_wanted *wanted) {
  for (size_t k = 0; k < count; k++) {
    gdi_output *added = gdi_list_add(&own->program->outputs, own->program->env, sizeof *added);
    if (!added) return GD_ERR_MEMORY;
    *added = (gdi_output){own->schedule.place[wanted[k].node], wanted[k].to, length_of(NODE(wanted[k].node))};
  }
  return GD_OK;
}

static gd_status compile(compiler *own, size_t count, const gdi_wanted *wanted) {
  const gdi_env *env = own->program->env;
  GD_TRY(gdi_schedule_create(&own->schedule, own->schedule.graph, count, wanted));
  own->units = gdi_allocate(env, own->schedule.count, sizeof *own->units);
  own->members = gdi_allocate(env, own->schedule.count, sizeof *own->members);
  own->operand_of = gdi_allocate(env, own->schedule.count, sizeof *own->operand_of);
  own->program->n_constants = own->schedule.graph->constants.count;
  own->program->constants = gdi_allocate(env, own->program->n_constants, sizeof(void *));
  if (!own->units || !own->members || !own->operand_of || !own->program->constants) return GD_ERR_MEMORY;
  collect(own);
  note_uses(own, count, wanted);
  GD_TRY(place_leaves(own));
  GD_TRY(place_results(own));
  GD_TRY(emit(own));
  return put_out(own, count, wanted);
}

gd_status gdi_program_compile(gdi_program *program, const gd_graph *graph, size_t count, const gdi_wanted *wanted) {
  *program = (gdi_program){.env = &graph->env, .engine = graph->single ? &gdi_graph_engine_single : &gdi_graph_engine};
  compiler own = {.program = program, .schedule = {.graph = graph}};
  const gd_status status = compile(&own, count, wanted);
  gdi_release(program->env, own.units);
  gdi_release(program->env, own.members);
  gdi_release(program->env, own.operand_of);
  gdi_schedule_release(&own.schedule);
  return status;
}

void gdi_program_release(gdi_program *program) {
  for (size_t k = 0; program->constants && k < program->n_constants; k++)
    gdi_release(program->env, program->constants[k]);
  if (program->env) gdi_release(program->env, program->constants);
  gdi_list *lists[] = {&program->instructions, &program->steps, &program->operands, &program->outputs};
  for (size_t k = 0; program->env && k < sizeof lists / sizeof *lists; k++) gdi_release(program->env, lists[k]->items);
}
