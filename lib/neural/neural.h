/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks, seen from inside. */
#ifndef GDI_NEURAL_NEURAL_H
#define GDI_NEURAL_NEURAL_H

#include "base/memory.h"

#include <gamedyn/neural.h>

/* Copy a caller's gd_mlp over `own`, defaults put in, and check it; `name` is what to call it by in messages. */
gd_status gdi_mlp_read(gd_mlp *own, const gd_mlp *spec, const char *name);

/* Initial weights [widths[layer + 1] by widths[layer]]. */
gd_status gdi_weights_fill(const gdi_env *env, const gd_mlp *spec, size_t layer, double *weights);

/* A sampler that asks `sampler` under child `role` of the draw's generator; owns it from here on, also after a failure.
 */
gd_status gdi_sampler_for_role(gd_sampler *made, const gd_sampler *sampler, uint64_t role, const gd_env *env);

#endif
