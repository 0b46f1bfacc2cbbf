/* SPDX-License-Identifier: BSD-3-Clause */
/* Scalar factors of nodes: p a as p and a, and whether p may be applied later. */
#ifndef GDI_GRAPH_FACTOR_H
#define GDI_GRAPH_FACTOR_H

#include "graph/graph.h"

/* A node as a multiple of another node; if it is no scaling, 1 times itself. */
typedef struct gdi_factored {
  double factor;
  gdi_index of;
} gdi_factored;
gdi_factored gdi_factor_of(const gd_graph *graph, gdi_index a);

/* Whether a value may be computed without this factor, which is then applied to a later value. */
bool gdi_factor_may_move(double p);
/* Whether p (q a) may be computed as (p q) a; whether (a + q) + p may be as a + (p + q). */
bool gdi_factors_combine(double p, double q);
bool gdi_terms_combine(double p, double q);

#endif
