/* SPDX-License-Identifier: BSD-3-Clause */
/* schedule.c -- decides which nodes are needed, which are fused, and their order.
 *
 * The stage of a node is the greatest stage of its operands, plus one for operands that cannot be fused with it.  Nodes
 * of one stage that are connected by operations on entries of one shape form a group.  All other operands of a group
 * are complete in an earlier stage, so no two groups wait for each other.
 *
 * Operations on the entries of a product form a group with it if the engine can apply them within the product and no
 * other node needs the unfinished product.  The sums over the columns of its first factor, which it reads anyway, can
 * join the group, too. */
#include "graph/program.h"

#include "base/error.h"
#include "dense/small_product.h"

#define NODE(index) (schedule->part.nodes + (index))

static bool is_leaf(const gdi_node *node) { return node->op <= GDI_CONSTANT; }

static bool is_like(const gdi_node *node, const gdi_node *operand) {
  return operand->rows == node->rows && operand->columns == node->columns;
}

/* The product that a node is, or is computed with; 0: none. */
static gdi_index product_of(const gdi_schedule *schedule, gdi_index k) {
  if (NODE(k)->op == GDI_PRODUCT) return k;
  const gdi_index group = schedule->group[k];
  return group && NODE(group)->op == GDI_PRODUCT ? group : 0;
}

static bool may_fuse(const gdi_schedule *schedule, gdi_index k, gdi_index operand) {
  return gdi_op_is_elementwise(NODE(operand)->op) && gdi_op_is_elementwise(NODE(k)->op) &&
         is_like(NODE(k), NODE(operand)) && !product_of(schedule, operand);
}

static uint32_t stage_after(const gdi_schedule *schedule, gdi_index k, gdi_index operand) {
  return operand ? schedule->stage[operand] + !may_fuse(schedule, k, operand) : 0;
}

static bool joins(const gdi_schedule *schedule, gdi_index k, gdi_index operand) {
  return operand && may_fuse(schedule, k, operand) && schedule->stage[operand] == schedule->stage[k] &&
         schedule->moves[operand] == schedule->moves[k];
}

static size_t joined_size(const gdi_schedule *schedule, const uint32_t *size, gdi_index k) {
  const gdi_node *node = NODE(k);
  const uint32_t a = joins(schedule, k, node->a) ? schedule->group[node->a] : 0;
  const uint32_t b = joins(schedule, k, node->b) ? schedule->group[node->b] : 0;
  return (size_t)1 + (a ? size[a] : 0) + (b && b != a ? size[b] : 0);
}

/* Sizes of groups, and their members as chains, by their node; the number of uses of each node; and the node that sums
 * its columns. */
typedef struct counts {
  uint32_t *size, *next, *last, *readers, *sum;
} counts;

/* Append the chain that begins at node k to the group. */
static void append(const counts *own, gdi_index k, uint32_t group) {
  own->next[own->last[group]] = k;
  own->last[group] = own->last[k];
}

/* All of group `from` go to group `to`. */
static void merge(gdi_schedule *schedule, const counts *own, uint32_t from, uint32_t to) {
  for (gdi_index k = from; k; k = own->next[k]) schedule->group[k] = to;
  append(own, from, to);
  own->size[to] += own->size[from];
}

static void enter_group(gdi_schedule *schedule, const counts *own, gdi_index k) {
  const gdi_node *node = NODE(k);
  if (joined_size(schedule, own->size, k) > GDI_MOST_STEPS) schedule->stage[k]++; /* alone, later */
  const uint32_t a = joins(schedule, k, node->a) ? schedule->group[node->a] : 0;
  const uint32_t b = joins(schedule, k, node->b) ? schedule->group[node->b] : 0;
  uint32_t group = k;
  if (a && (!b || a < b)) group = a;
  if (b && (!a || b < a)) group = b;
  if (a && b && a == b) group = a;
  schedule->group[k] = group;
  own->last[k] = k;
  if (group != k) append(own, k, group);
  if (a && a != group) merge(schedule, own, a, group);
  if (b && b != group && b != a) merge(schedule, own, b, group);
  own->size[group]++;
}

/* ---- operations after a product ---- */

/* True if k's other operand should be read from memory instead of computed with k, after the product. */
static bool is_in_memory(const gdi_schedule *schedule, const counts *own, gdi_index k, gdi_index other,
                         gdi_index product) {
  const gdi_node *node = NODE(other);
  if (!is_like(NODE(k), node)) return node->rows == NODE(k)->rows && node->columns == 1;
  const bool is_there = schedule->stage[other] <= schedule->stage[product];
  return is_there || own->readers[other] > 1 || !may_fuse(schedule, k, other);
}

static gdi_product shape_of(const gdi_schedule *schedule, gdi_index product) {
  const gdi_node *node = NODE(product);
  return gdi_product_of_node(node, NODE(node->a), NODE(node->b));
}

/* True if k can be a finishing operation of a product through this operand, which nothing else reads. */
static bool may_follow(const gdi_schedule *schedule, const counts *own, gdi_index k, gdi_index operand,
                       gdi_index other) {
  const gdi_index product = operand ? product_of(schedule, operand) : 0;
  if (!product || own->readers[operand] > 1 || !is_like(NODE(k), NODE(operand))) return false;
  if (schedule->moves[product] != schedule->moves[k] || own->size[product] == GDI_MOST_FINISHES) return false;
  if (other && !is_in_memory(schedule, own, k, other, product)) return false;
  const gdi_product shape = shape_of(schedule, product);
  return gdi_engine_of(schedule->part.graph)->finishes(&shape, NODE(k)->op, operand == NODE(k)->b);
}

/* If k can follow two products, it follows the later. */
static bool follow_product(gdi_schedule *schedule, const counts *own, gdi_index k) {
  const gdi_index a = NODE(k)->a, b = NODE(k)->b;
  const bool after_a = may_follow(schedule, own, k, a, b), after_b = may_follow(schedule, own, k, b, a);
  if (!after_a && !after_b) return false;
  const bool first = after_a && (!after_b || schedule->stage[a] >= schedule->stage[b]);
  const gdi_index product = product_of(schedule, first ? a : b), other = first ? b : a;
  const uint32_t earliest = other ? schedule->stage[other] + 1 : 0;
  if (schedule->stage[product] < earliest) schedule->stage[product] = earliest;
  schedule->stage[k] = schedule->stage[product];
  schedule->group[k] = schedule->group[product] = product;
  own->size[product]++;
  return true;
}

/* Let the product k also sum the columns of its first factor, if this sum has the same stage. */
static void take_sums(gdi_schedule *schedule, const counts *own, gdi_index k) {
  const gdi_index sum = NODE(k)->row ? 0 : own->sum[NODE(k)->a];
  if (!sum || schedule->stage[sum] != schedule->stage[k] || schedule->moves[sum] != schedule->moves[k]) return;
  const gdi_product shape = shape_of(schedule, k);
  if (gdi_engine_of(schedule->part.graph)->sums(&shape)) schedule->group[sum] = schedule->group[k] = k;
}

static void take_all_sums(gdi_schedule *schedule, const counts *own) {
  for (gdi_index k = 1; k < schedule->part.count; k++)
    if (NODE(k)->op == GDI_SUM_COLUMNS) own->sum[NODE(k)->a] = k;
  for (gdi_index k = 1; k < schedule->part.count; k++)
    if (NODE(k)->op == GDI_PRODUCT) take_sums(schedule, own, k);
}

static void order_nodes(gdi_schedule *schedule, const counts *own) {
  for (gdi_index k = 1; k < schedule->part.count; k++) {
    const gdi_node *node = NODE(k);
    schedule->moves[k] = (node->op == GDI_VARIABLE && node->row == GDI_DIRECTION) || schedule->moves[node->a] ||
                         schedule->moves[node->b];
    if (is_leaf(node)) continue;
    const uint32_t a = stage_after(schedule, k, node->a), b = stage_after(schedule, k, node->b);
    schedule->stage[k] = a > b ? a : b;
    if (gdi_op_is_elementwise(node->op) && !follow_product(schedule, own, k)) enter_group(schedule, own, k);
  }
}

static void count_readers(const gdi_schedule *schedule, const counts *own) {
  const gdi_part *part = &schedule->part;
  for (size_t k = 0; k < part->n_wanted; k++) own->readers[part->wanted[k].node]++;
  for (gdi_index k = 1; k < part->count; k++) own->readers[NODE(k)->a]++, own->readers[NODE(k)->b]++;
}

/* Outputs, and what is read from outside its group, are in memory. */
static void store_what_is_read(gdi_schedule *schedule) {
  const gdi_part *part = &schedule->part;
  for (size_t k = 0; k < part->n_wanted; k++) schedule->stored[part->wanted[k].node] = true;
  for (gdi_index k = 1; k < part->count; k++) {
    const gdi_index operands[] = {NODE(k)->a, NODE(k)->b};
    if (!schedule->group[k]) schedule->stored[k] = true;
    for (size_t j = 0; j < 2; j++)
      if (operands[j] && (!schedule->group[k] || schedule->group[operands[j]] != schedule->group[k]))
        schedule->stored[operands[j]] = true;
  }
}

static void fill(gdi_schedule *schedule, const counts *own) {
  count_readers(schedule, own);
  order_nodes(schedule, own);
  take_all_sums(schedule, own);
  store_what_is_read(schedule);
}

gd_status gdi_schedule_create(gdi_schedule *schedule, const gd_graph *graph, size_t count, const gdi_wanted *wanted,
                              const gdi_list *checks) {
  const gdi_env *env = &graph->env;
  *schedule = (gdi_schedule){0};
  GD_TRY(gdi_part_extract(&schedule->part, graph, count, wanted, checks));
  const size_t nodes = schedule->part.count;
  schedule->moves = gdi_allocate(env, nodes, sizeof *schedule->moves);
  schedule->stored = gdi_allocate(env, nodes, sizeof *schedule->stored);
  schedule->stage = gdi_allocate(env, nodes, sizeof *schedule->stage);
  schedule->group = gdi_allocate(env, nodes, sizeof *schedule->group);
  schedule->place = gdi_allocate(env, nodes, sizeof *schedule->place);
  schedule->last = gdi_allocate(env, nodes, sizeof *schedule->last);
  uint32_t *counted = gdi_allocate(env, nodes, 5 * sizeof *counted);
  const bool have = schedule->moves && schedule->stored && schedule->stage && schedule->group && schedule->place &&
                    schedule->last && counted;
  if (have)
    fill(schedule, &(counts){.size = counted,
                             .next = counted + nodes,
                             .last = counted + 2 * nodes,
                             .readers = counted + 3 * nodes,
                             .sum = counted + 4 * nodes});
  gdi_release(env, counted);
  return have ? GD_OK : GD_ERR_MEMORY;
}

void gdi_schedule_release(gdi_schedule *schedule) {
  if (!schedule->part.graph) return;
  void *parts[] = {schedule->moves, schedule->stored, schedule->stage,
                   schedule->group, schedule->place,  schedule->last};
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) gdi_release(&schedule->part.graph->env, parts[k]);
  gdi_part_release(&schedule->part);
}
