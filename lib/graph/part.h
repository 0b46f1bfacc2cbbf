/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of a graph that a program computes.  Its nodes are numbered anew without gaps, in the graph's order, so the
 * work of the compiler depends on this part and not on the graph. */
#ifndef GDI_GRAPH_PART_H
#define GDI_GRAPH_PART_H

#include "graph/graph.h"

/* An output node, and its place in the result. */
typedef struct gdi_wanted {
  gdi_index node;
  size_t to;
} gdi_wanted;

typedef struct gdi_part {
  const gd_graph *graph;
  size_t count;        /* of nodes; the first is no node */
  gdi_node *nodes;     /* [count]; their operands are numbers in this part */
  gdi_index *of_graph; /* [count], the numbers in the graph */
  size_t n_wanted;
  gdi_wanted *wanted; /* [n_wanted], likewise */
} gdi_part;

/* The wanted nodes, the checks (a list of gdi_index; NULL: none), and everything that they are made of.
 * Call gdi_part_release() also after a failure. */
gd_status gdi_part_extract(gdi_part *part, const gd_graph *graph, size_t count, const gdi_wanted *wanted,
                           const gdi_list *checks);
void gdi_part_release(gdi_part *part);

#endif
