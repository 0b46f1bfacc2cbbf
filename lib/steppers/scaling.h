/* SPDX-License-Identifier: BSD-3-Clause */
/* Scaling: an elementwise change of metric, shared by every method.
 *
 * A scaling is a constant table.  gdi_scaling is a scaling in use: it has moment vectors of length n in two
 * generations, that of the last completed step and that of the current step.  So a step that fails does not change the
 * kept generation, at no cost. */
#ifndef GDI_STEPPERS_SCALING_H
#define GDI_STEPPERS_SCALING_H

#include "kernels/scale.h"
#include "steppers/params.h"

enum { GDI_MOMENTS_MAX = 3 };

/* One player's block at work: moments [n_moments][n] before and after (they may be the same vectors). */
typedef struct gdi_scaling_block {
  size_t n;
  uint64_t count; /* number of scalings of this block so far, this one included: 1, 2, ... */
  const double *direction;
  gdi_scale_target to;
  const double *before[GDI_MOMENTS_MAX];
  double *after[GDI_MOMENTS_MAX];
} gdi_scaling_block;

typedef void gdi_scale_fn(const void *params, const gdi_scaling_block *block);

/* At an equilibrium directions are 0, and steps with direction 0 lead the moments to their rest values: means and mean
 * squares are 0.  There a scaling is linear to first order in the direction and in the means.  Mean squares change in
 * second order only, so they are parameters of the linear map and not part of its state. */
typedef struct gdi_scaling_method {
  const char *name, *summary;
  const gd_param *params;
  size_t n_params, params_size;
  size_t n_moments, n_means; /* means of directions come first, then moments that are never negative */
  gdi_scale_fn *scale;       /* NULL: leaves directions alone */
  gdi_scale_fn *linearised;  /* its linear part at rest, written to to.out; copies the moments after the means */
} gdi_scaling_method;

extern const gdi_scaling_method gdi_scaling_none, gdi_scaling_rmsprop, gdi_scaling_adam, gdi_scaling_amsgrad;

const gdi_scaling_method *gdi_scaling_find(const char *name); /* NULL: unknown */
const gdi_scaling_method *gdi_scaling_at(size_t index);       /* NULL past the last */

typedef struct gdi_scaling_player {
  uint64_t kept_count, count; /* scalings: as of the last completed step; now */
  unsigned kept;              /* which generation is kept: 0 or 1 */
  bool touched;               /* in this step */
} gdi_scaling_player;

typedef struct gdi_scaling {
  const gdi_scaling_method *method;
  gdi_params params;
  size_t n, n_players;
  double *moments[GDI_MOMENTS_MAX][2]; /* [n] each */
  gdi_scaling_player *players;         /* [n_players] */
  bool at_rest;                        /* apply `linearised` in place of `scale` */
} gdi_scaling;

gd_status gdi_scaling_create(gdi_scaling *scaling, const gdi_env *env, const gdi_scaling_method *method, size_t n,
                             size_t n_players);
void gdi_scaling_destroy(gdi_scaling *scaling, const gdi_env *env);
void gdi_scaling_reset(gdi_scaling *scaling);
/* Scale direction[start, start + size), the block of `player`, in place. */
void gdi_scaling_apply(gdi_scaling *scaling, size_t player, size_t start, size_t size, double *direction);
/* x += h times the scaled direction, in the same block.  Nothing can fail after it in this step, so the kept moments
 * are overwritten, which saves memory traffic.  Not at rest. */
void gdi_scaling_move(gdi_scaling *scaling, size_t player, size_t start, size_t size, const double *direction, double h,
                      double *x);
/* Keep the moments of this step, after success; or discard them, after a failure. */
void gdi_scaling_keep(gdi_scaling *scaling);
void gdi_scaling_forget(gdi_scaling *scaling);
/* The kept moment k of a player's block, for saving and for the derivative of a step. */
double *gdi_scaling_kept(const gdi_scaling *scaling, size_t moment, size_t player);

#endif
