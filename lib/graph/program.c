/* SPDX-License-Identifier: BSD-3-Clause */
/* program.c -- turns a schedule into instructions with operands, ordered by (depends on the direction, stage, node). */
#include "graph/compiler.h"

#include "base/error.h"

#include <stdlib.h>

#define NODE(index) (own->schedule.part.nodes + (index))

/* ---- the order ---- */

static int compare_units(const void *one, const void *other) {
  const gdi_unit *a = one, *b = other;
  if (a->moves != b->moves) return a->moves ? 1 : -1;
  if (a->stage != b->stage) return a->stage < b->stage ? -1 : 1;
  return a->node < b->node ? -1 : a->node > b->node;
}

static int compare_members(const void *one, const void *other) {
  const gdi_member *a = one, *b = other;
  if (a->group != b->group) return a->group < b->group ? -1 : 1;
  return a->node < b->node ? -1 : a->node > b->node;
}

static void collect(gdi_compiler *own) {
  const gdi_schedule *schedule = &own->schedule;
  for (gdi_index k = 1; k < schedule->part.count; k++) {
    if (NODE(k)->op <= GDI_CONSTANT) continue;
    if (schedule->group[k]) own->members[own->n_members++] = (gdi_member){schedule->group[k], k};
    if (!schedule->group[k] || schedule->group[k] == k)
      own->units[own->n_units++] = (gdi_unit){schedule->moves[k], schedule->stage[k], k};
  }
  qsort(own->units, own->n_units, sizeof *own->units, compare_units);
  qsort(own->members, own->n_members, sizeof *own->members, compare_members);
  while (own->program->shared < own->n_units && !own->units[own->program->shared].moves) own->program->shared++;
}

const gdi_member *gdi_members_of(const gdi_compiler *own, uint32_t group) {
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

bool gdi_is_member(const gdi_compiler *own, const gdi_member *at, uint32_t group) {
  return at < own->members + own->n_members && at->group == group;
}

bool gdi_is_read_later(const gdi_compiler *own, const gdi_member *at, uint32_t group, gdi_index node) {
  for (; gdi_is_member(own, at, group); at++)
    if (NODE(at->node)->a == node || NODE(at->node)->b == node) return true;
  return false;
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

static gd_status add_operand(gdi_compiler *own, gdi_instruction *in, gdi_operand operand, gdi_index node) {
  gdi_operand *added = gdi_list_add(&own->program->operands, own->program->env, sizeof *added);
  if (!added) return GD_ERR_MEMORY;
  *added = operand;
  own->operand_of[node] = (uint16_t)++in->operands;
  return GD_OK;
}

/* An operand that a member reads from memory.  Narrow operands are spread to tiles before the first step and keep these
 * tiles while the instruction runs.  So they get their tiles first, before any tile is reused. */
static gd_status read_operand(gdi_compiler *own, gdi_instruction *in, slots *free, gdi_index node) {
  if (!node || own->operand_of[node] || own->schedule.group[node] == in->group) return GD_OK;
  gdi_operand operand = {.spread = spread_of(NODE(node), in), .place = own->schedule.place[node]};
  if (operand.spread != GDI_WHOLE) operand.slot = take_slot(free, in);
  return add_operand(own, in, operand, node);
}

static gd_status define(gdi_compiler *own, gdi_instruction *in, slots *free, gdi_index node) {
  gdi_operand operand = {.spread = GDI_WHOLE, .place = own->schedule.place[node]};
  if (!own->schedule.stored[node]) operand = (gdi_operand){.spread = GDI_SLOT, .slot = take_slot(free, in)};
  return add_operand(own, in, operand, node);
}

static void free_slot(gdi_compiler *own, const gdi_instruction *in, slots *free, gdi_index node) {
  if (!node || !own->operand_of[node]) return;
  const gdi_operand *operand =
      (const gdi_operand *)own->program->operands.items + in->first_operand + own->operand_of[node] - 1;
  if (operand->spread == GDI_SLOT) free->taken[operand->slot] = false;
}

static gd_status add_step(gdi_compiler *own, gdi_instruction *in, slots *free, const gdi_member *m) {
  const gdi_node node = *NODE(m->node);
  if (!gdi_is_read_later(own, m + 1, m->group, node.a)) free_slot(own, in, free, node.a);
  if (!gdi_is_read_later(own, m + 1, m->group, node.b)) free_slot(own, in, free, node.b);
  GD_TRY(define(own, in, free, m->node));
  gdi_step *step = gdi_list_add(&own->program->steps, own->program->env, sizeof *step);
  if (!step) return GD_ERR_MEMORY;
  const uint16_t a = node.a ? own->operand_of[node.a] : 1, b = node.b ? own->operand_of[node.b] : 1;
  *step = (gdi_step){node.op, node.p, a - 1, b - 1, own->operand_of[m->node] - 1};
  in->steps++;
  return GD_OK;
}

static gd_status fuse(gdi_compiler *own, gdi_instruction *in, uint32_t group) {
  const gdi_member *first = gdi_members_of(own, group);
  slots free = {0};
  in->op = GDI_NONE, in->group = group;
  in->rows = NODE(group)->rows, in->columns = NODE(group)->columns;
  in->first_step = own->program->steps.count;
  in->first_operand = own->program->operands.count;
  for (const gdi_member *m = first; gdi_is_member(own, m, group); m++) {
    GD_TRY(read_operand(own, in, &free, NODE(m->node)->a));
    GD_TRY(read_operand(own, in, &free, NODE(m->node)->b));
  }
  for (const gdi_member *m = first; gdi_is_member(own, m, group); m++) GD_TRY(add_step(own, in, &free, m));
  reserve(own->program, in->slots * GDI_TILE);
  return GD_OK;
}

/* The next instruction numbers its operands anew. */
static void forget_operands(gdi_compiler *own, uint32_t group) {
  for (const gdi_member *m = gdi_members_of(own, group); gdi_is_member(own, m, group); m++)
    own->operand_of[m->node] = own->operand_of[NODE(m->node)->a] = own->operand_of[NODE(m->node)->b] = 0;
}

/* ---- instructions ---- */

gdi_product gdi_product_of_node(const gdi_node *node, const gdi_node *left, const gdi_node *right) {
  return (gdi_product){.transpose_a = node->row,
                       .transpose_b = node->column,
                       .rows = node->rows,
                       .columns = node->columns,
                       .inner = node->row ? left->rows : left->columns,
                       .lda = left->rows,
                       .ldb = right->rows};
}

gdi_product gdi_instruction_product(const gdi_instruction *in) {
  return gdi_product_of_node(&in->node, &in->left, &in->right);
}

static void single(gdi_compiler *own, gdi_instruction *in, gdi_index k) {
  in->node = *NODE(k);
  in->op = in->node.op;
  in->rows = in->node.rows, in->columns = in->node.columns;
  in->left = *NODE(in->node.a), in->right = *NODE(in->node.b);
  in->a = own->schedule.place[in->node.a], in->b = own->schedule.place[in->node.b];
  in->out = own->schedule.place[k];
  reserve(own->program, own->program->engine->scratch(in));
}

/* Add one operation on the entries of a product; before it they were node `before`. */
static gd_status add_finish(gdi_compiler *own, gdi_instruction *in, const gdi_node *node, gdi_index before) {
  const bool reversed = node->b == before;
  const gdi_index other = reversed ? node->a : node->b;
  const gdi_operand operand = {.spread = spread_of(NODE(other), in), .place = own->schedule.place[other]};
  const uint16_t at = other ? (uint16_t)in->operands : 0;
  if (other) GD_TRY(add_operand(own, in, operand, other));
  gdi_step *step = gdi_list_add(&own->program->steps, own->program->env, sizeof *step);
  if (!step) return GD_ERR_MEMORY;
  *step = (gdi_step){node->op, node->p, reversed ? at : 0, reversed ? 0 : at, 0};
  in->steps++;
  return GD_OK;
}

static gd_status finish(gdi_compiler *own, gdi_instruction *in, uint32_t product) {
  single(own, in, product);
  in->group = product;
  in->first_step = own->program->steps.count;
  in->first_operand = own->program->operands.count;
  GD_TRY(add_operand(own, in, (gdi_operand){.spread = GDI_SLOT}, product));
  gdi_index before = product;
  for (const gdi_member *m = gdi_members_of(own, product); gdi_is_member(own, m, product); m++) {
    if (NODE(m->node)->op == GDI_SUM_COLUMNS) {
      in->sums = own->schedule.place[m->node], in->has_sums = true;
    } else if (m->node != product) {
      GD_TRY(add_finish(own, in, NODE(m->node), before));
      before = m->node;
    }
  }
  in->out = own->schedule.place[before];
  return GD_OK;
}

static gd_status emit(gdi_compiler *own) {
  for (size_t i = 0; i < own->n_units; i++) {
    gdi_instruction in = {0};
    const gdi_index node = own->units[i].node;
    if (own->schedule.group[node] && NODE(node)->op == GDI_PRODUCT)
      GD_TRY(finish(own, &in, node));
    else if (own->schedule.group[node])
      GD_TRY(fuse(own, &in, node));
    else
      single(own, &in, node);
    if (own->schedule.group[node]) forget_operands(own, node);
    gdi_instruction *added = gdi_list_add(&own->program->instructions, own->program->env, sizeof *added);
    if (!added) return GD_ERR_MEMORY;
    in.units = own->program->engine->units(&in);
    in.shared = gdi_instruction_is_shared(&in);
    *added = in;
  }
  return GD_OK;
}

static gd_status put_out(gdi_compiler *own) {
  const gdi_part *part = &own->schedule.part;
  for (size_t k = 0; k < part->n_wanted; k++) {
    gdi_output *added = gdi_list_add(&own->program->outputs, own->program->env, sizeof *added);
    if (!added) return GD_ERR_MEMORY;
    const gdi_node *node = NODE(part->wanted[k].node);
    *added = (gdi_output){own->schedule.place[part->wanted[k].node], part->wanted[k].to, node->rows * node->columns};
  }
  return GD_OK;
}

static gd_status watch(gdi_compiler *own) {
  for (gdi_index k = 1; k < own->schedule.part.count; k++) {
    if (NODE(k)->op != GDI_CHECK) continue;
    gdi_watched *added = gdi_list_add(&own->program->watched, own->program->env, sizeof *added);
    if (!added) return GD_ERR_MEMORY;
    *added = (gdi_watched){own->schedule.part.of_graph[k], own->schedule.place[k]};
  }
  return GD_OK;
}

static gd_status compile(gdi_compiler *own, size_t count, const gdi_wanted *wanted, const gdi_list *checks) {
  const gd_graph *graph = own->program->graph;
  const gdi_env *env = own->program->env;
  GD_TRY(gdi_schedule_create(&own->schedule, graph, count, wanted, checks));
  const size_t nodes = own->schedule.part.count;
  own->units = gdi_allocate(env, nodes, sizeof *own->units);
  own->members = gdi_allocate(env, nodes, sizeof *own->members);
  own->operand_of = gdi_allocate(env, nodes, sizeof *own->operand_of);
  own->program->n_constants = graph->constants.count;
  own->program->constants = gdi_allocate(env, own->program->n_constants, sizeof(void *));
  if (!own->units || !own->members || !own->operand_of || !own->program->constants) return GD_ERR_MEMORY;
  collect(own);
  GD_TRY(gdi_compiler_place(own));
  GD_TRY(emit(own));
  GD_TRY(watch(own));
  return put_out(own);
}

gd_status gdi_program_compile(gdi_program *program, gd_graph *graph, size_t count, const gdi_wanted *wanted,
                              const gdi_list *checks) {
  *program = (gdi_program){.graph = graph, .env = &graph->env, .engine = gdi_engine_of(graph)};
  gdi_compiler own = {.program = program};
  const gd_status status = compile(&own, count, wanted, checks);
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
  gdi_list *lists[] = {&program->instructions, &program->steps, &program->operands, &program->outputs,
                       &program->watched};
  for (size_t k = 0; program->env && k < sizeof lists / sizeof *lists; k++) gdi_release(program->env, lists[k]->items);
}
