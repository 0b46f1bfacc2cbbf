/* SPDX-License-Identifier: BSD-3-Clause */
/* role.c -- samplers that are independent whatever their streams: each calls another sampler with a draw of its own. */
#include "neural/neural.h"

typedef struct role {
  gdi_env env;
  gd_sampler sampler; /* owned */
  uint64_t role;
} role;

static void destroy(void *context) {
  role *own = context;
  gd_sampler_destroy(&own->sampler);
  gdi_destroy(own, offsetof(role, env));
}

static int fill(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  static const gd_draw zeros = {0};
  const role *own = context;
  const gd_rng parent = gd_draw_rng(draw ? draw : &zeros), child = gd_rng_split(&parent, own->role);
  const gd_draw of_role = {child.seed, child.stream, 0, draw ? draw->batch_size : 0};
  return own->sampler.fill(own->sampler.context, &of_role, rows, columns, out);
}

gd_status gdi_sampler_for_role(gd_sampler *made, const gd_sampler *sampler, uint64_t number, const gd_env *env) {
  gd_status status;
  role *own = gdi_create(env, sizeof *own, offsetof(role, env), &status);
  if (!own) {
    gd_sampler lost = *sampler;
    gd_sampler_destroy(&lost);
    return status;
  }
  own->sampler = *sampler;
  own->role = number;
  *made = (gd_sampler){
      .struct_size = sizeof *made, .context = own, .fill = fill, .destroy = destroy, .rows = sampler->rows};
  return GD_OK;
}
