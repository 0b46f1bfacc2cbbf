/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks: nodes that test whether the entries of another node are in the domain of an operation, or at points where it
 * has a derivative.  A program whose check fails has no result. */
#ifndef GDI_GRAPH_CHECKS_H
#define GDI_GRAPH_CHECKS_H

#include "graph/graph.h"

/* The requirement for each entry. */
typedef enum gdi_requirement {
  GDI_ANYTHING,
  GDI_POSITIVE,
  GDI_NOT_NEGATIVE,
  GDI_FINITE_NOT_NEGATIVE,
  GDI_NOT_ZERO,
  GDI_NO_KINK, /* not 0, where what is differentiated has a kink or a jump */
  GDI_REQUIREMENTS
} gdi_requirement;

/* Add the domain checks of all operations that y[count] consist of to the list of gdi_index. */
gd_status gdi_checks_of_domain(gd_graph *graph, size_t count, const gdi_index *y, gdi_list *checks);
/* Add checks to the list that y[count] have a derivative.  moves[k] says whether node k depends on the variable of
 * differentiation.  NULL: no checks. */
gd_status gdi_checks_of_kinks(gd_graph *graph, size_t count, const gdi_index *y, const bool *moves, gdi_list *kinks);
/* The node a, with the condition that its programs pass the checks. */
gdi_index gdi_build_checked(gd_graph *graph, gdi_index a, const gdi_list *checks);

/* GD_ERR_DOMAIN with a message for a check that failed at entry number `at`. */
gd_status gdi_check_fail(const gd_graph *graph, gdi_index check, size_t at);

#endif
