/* SPDX-License-Identifier: BSD-3-Clause */
/* The derivative of a round of alternating moves, unchecked. */
#ifndef GDI_THEORY_ITERATION_H
#define GDI_THEORY_ITERATION_H

#include "theory/linearisation.h"

#include <gamedyn/stability.h>

/* gd_alternating_matrix() without its checks. */
gd_status gdi_alternating_matrix(gd_linearisation *at, const gd_alternation *turns, double *M, size_t ldm);

#endif
