/* SPDX-License-Identifier: BSD-3-Clause */
/* Engines: shared by the files that are compiled for doubles and for floats, execute.c and multiply.c. */
#ifndef GDI_GRAPH_ENGINE_H
#define GDI_GRAPH_ENGINE_H

#include "dense/small_product.h"
#include "graph/program.h"
#include "kernels/real.h"

static inline size_t least(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t ceiling(size_t a, size_t b) { return (a + b - 1) / b; }

static inline const gdi_real *read_from(const gdi_frame *frame, gdi_place place) {
  return (const gdi_real *)(place.base == GDI_IN_CONSTANT ? place.constant : frame->base[place.base]) + place.at;
}

static inline gdi_real *write_to(const gdi_frame *frame, gdi_place place) {
  return (gdi_real *)frame->arena + place.at;
}

/* Products, as gdi_engine has the same of all instructions. */
bool GDI_REAL(gdi_multiply_finishes)(const gdi_product *shape, gdi_op op, bool reversed);
bool GDI_REAL(gdi_multiply_sums)(const gdi_product *shape);
size_t GDI_REAL(gdi_multiply_scratch)(const gdi_instruction *in);
size_t GDI_REAL(gdi_multiply_units)(const gdi_instruction *in);
void GDI_REAL(gdi_multiply)(const gdi_program *program, const gdi_instruction *in, const gdi_frame *frame,
                            void *scratch, size_t first, size_t last);

#endif
