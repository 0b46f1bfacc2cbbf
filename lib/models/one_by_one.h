/* SPDX-License-Identifier: BSD-3-Clause */
/* gradient_many for games whose gradient is not faster for many points at once. */
#ifndef GDI_MODELS_ONE_BY_ONE_H
#define GDI_MODELS_ONE_BY_ONE_H

#include "base/memory.h"

#include <gamedyn/game.h>

typedef int gdi_gradient_fn(void *data, const gd_draw *draw, const double *x, double *v);

/* A gradient_many that evaluates the k points one by one, through two vectors [n].  Returns a callback's code. */
int gdi_gradient_one_by_one(const gdi_env *env, size_t n, gdi_gradient_fn *gradient, void *data, const gd_draw *draw,
                            size_t k, const double *X, double *V);

#endif
