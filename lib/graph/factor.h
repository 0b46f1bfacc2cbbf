/* SPDX-License-Identifier: BSD-3-Clause */
/* Factors of nodes: p a as p and a, and whether p may be left to the end. */
#ifndef GDI_GRAPH_FACTOR_H
#define GDI_GRAPH_FACTOR_H

#include "graph/graph.h"

/* A node as a multiple of another; of itself by 1 where it is no scaling. */
typedef struct gdi_factored {
  double factor;
  gdi_index of;
} gdi_factored;
gdi_factored gdi_factor_of(const gd_graph *graph, gdi_index a);

/* Whether a value may be computed without this factor, which is applied to a later one. */
bool gdi_factor_may_move(double p);
/* Whether p (q a) may be computed as (p q) a; whether (a + q) + p may be as a + (p + q). */
bool gdi_factors_combine(double p, double q);
bool gdi_terms_combine(double p, double q);

#endif
