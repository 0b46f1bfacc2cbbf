/* SPDX-License-Identifier: BSD-3-Clause */
/* The compiler: shared by the creation of instructions (program.c) and the planning of memory (place.c). */
#ifndef GDI_GRAPH_COMPILER_H
#define GDI_GRAPH_COMPILER_H

#include "graph/program.h"

#define GDI_NEVER UINT32_MAX /* beyond what an enumerator holds */

/* A unit of work before it is an instruction: the node, or the least node of its group. */
typedef struct gdi_unit {
  bool moves;
  uint32_t stage;
  gdi_index node;
} gdi_unit;

/* Members of groups, in the order (group, node). */
typedef struct gdi_member {
  uint32_t group;
  gdi_index node;
} gdi_member;

typedef struct gdi_compiler {
  gdi_program *program;
  gdi_schedule schedule;
  gdi_unit *units;
  gdi_member *members;
  size_t n_units, n_members;
  uint16_t *operand_of; /* by node, within the current group, plus 1 */
} gdi_compiler;

/* The first member of a group; whether there is one there; whether it or one that follows reads the node. */
const gdi_member *gdi_members_of(const gdi_compiler *own, uint32_t group);
bool gdi_is_member(const gdi_compiler *own, const gdi_member *at, uint32_t group);
bool gdi_is_read_later(const gdi_compiler *own, const gdi_member *at, uint32_t group, gdi_index node);

/* Where every node is; the units must be in order.  Sets the program's arena and constants. */
gd_status gdi_compiler_place(gdi_compiler *own);

#endif
