/* SPDX-License-Identifier: BSD-3-Clause */
/* part.c -- extracts the nodes that a program needs. */
#include "graph/part.h"

#include "base/error.h"

#include <string.h>

static gdi_index last_of(size_t count, const gdi_wanted *wanted, const gdi_list *checks) {
  const gdi_index *check = checks ? checks->items : NULL;
  gdi_index last = 0;
  for (size_t k = 0; k < count; k++)
    if (wanted[k].node > last) last = wanted[k].node;
  for (size_t k = 0; checks && k < checks->count; k++)
    if (check[k] > last) last = check[k];
  return last;
}

/* Set number[k] to 1 for each node k that is needed; returns how many there are. */
static size_t mark(const gdi_part *part, gdi_index last, const gdi_list *checks, gdi_index *number) {
  size_t needed = 0;
  for (size_t k = 0; checks && k < checks->count; k++) number[((const gdi_index *)checks->items)[k]] = 1;
  for (size_t k = 0; k < part->n_wanted; k++) number[part->wanted[k].node] = 1;
  for (gdi_index k = last; k > 0; k--) {
    if (!number[k]) continue;
    const gdi_node *node = gdi_node_at(part->graph, k);
    number[node->a] = number[node->b] = 1;
    needed++;
  }
  number[0] = 0;
  return needed;
}

/* Operands come before the nodes that they are operands of, so their numbers are known. */
static void renumber(gdi_part *part, gdi_index last, gdi_index *number) {
  part->count = 1;
  for (gdi_index k = 1; k <= last; k++) {
    if (!number[k]) continue;
    gdi_node *node = part->nodes + part->count;
    *node = *gdi_node_at(part->graph, k);
    node->a = number[node->a], node->b = number[node->b];
    part->of_graph[part->count] = k;
    number[k] = (gdi_index)part->count++;
  }
  for (size_t k = 0; k < part->n_wanted; k++) part->wanted[k].node = number[part->wanted[k].node];
}

static gd_status extract(gdi_part *part, gdi_index last, const gdi_list *checks, gdi_index *number) {
  const gdi_env *env = &part->graph->env;
  const size_t needed = mark(part, last, checks, number);
  part->nodes = gdi_allocate(env, needed + 1, sizeof *part->nodes);
  part->of_graph = gdi_allocate(env, needed + 1, sizeof *part->of_graph);
  if (!part->nodes || !part->of_graph) return GD_ERR_MEMORY;
  renumber(part, last, number);
  return GD_OK;
}

gd_status gdi_part_extract(gdi_part *part, const gd_graph *graph, size_t count, const gdi_wanted *wanted,
                           const gdi_list *checks) {
  const gdi_env *env = &graph->env;
  const gdi_index last = last_of(count, wanted, checks);
  gdi_index *number = gdi_allocate(env, (size_t)last + 1, sizeof *number);
  *part = (gdi_part){.graph = graph, .n_wanted = count, .wanted = gdi_allocate(env, count, sizeof *wanted)};
  if (part->wanted) memcpy(part->wanted, wanted, count * sizeof *wanted);
  const gd_status status = number && part->wanted ? extract(part, last, checks, number) : GD_ERR_MEMORY;
  gdi_release(env, number);
  return status;
}

void gdi_part_release(gdi_part *part) {
  if (!part->graph) return;
  gdi_release(&part->graph->env, part->nodes);
  gdi_release(&part->graph->env, part->of_graph);
  gdi_release(&part->graph->env, part->wanted);
}
