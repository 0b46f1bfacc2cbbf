/* SPDX-License-Identifier: BSD-3-Clause */
/* Many points for games whose gradient gains nothing from seeing them together. */
#ifndef GDI_MODELS_ONE_BY_ONE_H
#define GDI_MODELS_ONE_BY_ONE_H

#include "base/memory.h"

#include <gamedyn/game.h>

typedef int gdi_gradient_fn(void *data, const gd_draw *draw, const double *x, double *v);

/* A gradient_many: each of k lanes in turn between two vectors [n].  Returns what a callback does. */
int gdi_gradient_one_by_one(const gdi_env *env, size_t n, gdi_gradient_fn *gradient, void *data, const gd_draw *draw,
                            size_t k, const double *X, double *V);

#endif
