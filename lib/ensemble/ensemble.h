/* SPDX-License-Identifier: BSD-3-Clause */
/* The ensemble inside lib/ensemble: the data kept for each member. */
#ifndef GDI_ENSEMBLE_ENSEMBLE_H
#define GDI_ENSEMBLE_ENSEMBLE_H

#include "base/memory.h"

#include <gamedyn/ensemble.h>

typedef struct gdi_member {
  gd_run_result result;
  gd_status status;
  char *words; /* why it failed; NULL if it did not */
} gdi_member;

struct gd_ensemble {
  gdi_env env;
  size_t n, count;
  double *points;      /* [n by count] */
  gdi_member *members; /* [count] */
};

/* A member that never began. */
gdi_member gdi_member_absent(void);
/* The member counts as a trial: it ended by itself or failed. */
bool gdi_member_was_tried(const gdi_member *member);

#endif
