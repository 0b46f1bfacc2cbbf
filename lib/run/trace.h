/* SPDX-License-Identifier: BSD-3-Clause */
/* Trace, inside: what its files share. */
#ifndef GDI_RUN_TRACE_H
#define GDI_RUN_TRACE_H

#include "base/memory.h"

#include <gamedyn/run.h>
#include <stdbool.h>

enum { GDI_TRACE_COLUMNS = 8 };

typedef struct gdi_trace_column {
  size_t width; /* numbers in a row; 0: not kept */
  double *rows; /* [capacity * width] */
} gdi_trace_column;

struct gd_trace {
  gdi_env env;
  gd_game *game;     /* a handle of the trace's own */
  double *reference; /* [n], or NULL */
  double *scratch;   /* [n] */
  double *residual;  /* [n], v(x), or with a feasible set P(x + v) - x, at the point of a row */
  bool has_residual; /* it was evaluated for this row, with residual_status and residual_norm */
  gd_status residual_status;
  double residual_norm;
  double gradients_before; /* what the run's game had counted at the first row */
  size_t rows, capacity;
  uint64_t *steps; /* [capacity] */
  gdi_trace_column columns[GDI_TRACE_COLUMNS];
  gd_status status;
  char words[256]; /* why it is negative */
};

/* Column k, of the bit 1 << k. */
typedef struct gdi_trace_kind {
  const char *name;                                                             /* in files */
  enum { GDI_ONE_NUMBER, GDI_ONE_PER_PLAYER, GDI_ONE_PER_VARIABLE } width;      /* of a row */
  gd_status (*fill)(gd_trace *trace, const gd_progress *progress, double *row); /* GD_ERR_NONFINITE: there is none */
} gdi_trace_kind;

extern const gdi_trace_kind gdi_trace_kinds[GDI_TRACE_COLUMNS];

#endif
