/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks: nodes that tell whether another node's entries are where an operation is defined, or has a derivative.  A
 * program whose check fails has no result. */
#ifndef GDI_GRAPH_CHECKS_H
#define GDI_GRAPH_CHECKS_H

#include "graph/graph.h"

/* What each entry has to be. */
typedef enum gdi_requirement {
  GDI_ANYTHING,
  GDI_POSITIVE,
  GDI_NOT_NEGATIVE,
  GDI_FINITE_NOT_NEGATIVE,
  GDI_NOT_ZERO,
  GDI_NO_KINK, /* not 0, where what is differentiated has a kink or a jump */
  GDI_REQUIREMENTS
} gdi_requirement;

/* Checks of what the operations require that y[count] are made of; added to the list of gdi_index. */
gd_status gdi_checks_of_domain(gd_graph *graph, size_t count, const gdi_index *y, gdi_list *checks);
/* Checks that y[count] have a derivative, `moves` telling of each node whether it depends on what moves; added to the
 * list.  NULL: none are wanted. */
gd_status gdi_checks_of_kinks(gd_graph *graph, size_t count, const gdi_index *y, const bool *moves, gdi_list *kinks);
/* The node a, whose programs also pass the checks. */
gdi_index gdi_build_checked(gd_graph *graph, gdi_index a, const gdi_list *checks);

/* GD_ERR_DOMAIN with words for a check that found entry number `at`. */
gd_status gdi_check_fail(const gd_graph *graph, gdi_index check, size_t at);

#endif
