/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks inside lib/neural. */
#ifndef GDI_NEURAL_NEURAL_H
#define GDI_NEURAL_NEURAL_H

#include "base/memory.h"

#include <gamedyn/neural.h>

/* Copy a caller's gd_mlp to `own`, fill in the defaults and check it; messages use `name`. */
gd_status gdi_mlp_read(gd_mlp *own, const gd_mlp *spec, const char *name);

/* Initial weights [widths[layer + 1] by widths[layer]]. */
gd_status gdi_weights_fill(const gdi_env *env, const gd_mlp *spec, size_t layer, double *weights);

/* A sampler that calls `sampler` with the draw of child `role` of the draw's generator.  It owns `sampler` from here
 * on, also after a failure. */
gd_status gdi_sampler_for_role(gd_sampler *made, const gd_sampler *sampler, uint64_t role, const gd_env *env);

#endif
