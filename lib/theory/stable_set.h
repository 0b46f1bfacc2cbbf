/* SPDX-License-Identifier: BSD-3-Clause */
/* Stable set: the step sizes at which all of several moduli are below 1, as a list of windows. */
#ifndef GDI_THEORY_STABLE_SET_H
#define GDI_THEORY_STABLE_SET_H

#include "theory/step_search.h"

#include <math.h>
#include <stdbool.h>

enum { GDI_WINDOWS_MAX = 64 };

/* Stable for low < h < high; low may be 0 and high INFINITY. */
typedef struct gdi_window {
  double low, high;
} gdi_window;

typedef struct gdi_stable_set {
  size_t count; /* number of windows, in increasing order */
  gdi_window windows[GDI_WINDOWS_MAX];
} gdi_stable_set;

#define GDI_ALL_STEPS                                                                                                  \
  (gdi_stable_set) {                                                                                                   \
    .count = 1, .windows = { {0, INFINITY} }                                                                           \
  }

/* Replace the windows in *set by their stable parts; or, if `first_only`, by the stable window that begins at 0, if
 * there is one.  GD_NOT_CONVERGED if the limit of evaluations per curve, or of windows, was reached: narrow windows may
 * then be missing, but the edges of the windows found are right. */
gd_status gdi_stable_set_find(const gdi_step_curves *curves, bool first_only, gdi_stable_set *set);

#endif
