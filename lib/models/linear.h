/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear games, for the bilinear, quadratic and affine models: v(x) = J x + b, where J consists of a few matrices.
 * Each matrix is stored once and read once per evaluation. */
#ifndef GDI_MODELS_LINEAR_H
#define GDI_MODELS_LINEAR_H

#include "base/memory.h"
#include "dense/checks.h"
#include "kernels/gemv_pair.h"

#include <gamedyn/game.h>

/* The place of a matrix M [rows by columns] in J: forward M at (row, column), backward M' at (column, row).  A factor 0
 * omits its half. */
typedef struct gdi_linear_place {
  size_t row, rows, column, columns;
  double forward, backward;
} gdi_linear_place;

typedef struct gdi_linear_term {
  gdi_gemv_pair *sweep;
  gdi_linear_place place;
} gdi_linear_term;

typedef struct gdi_linear {
  gdi_env env;
  size_t n, n_players, n_terms;
  size_t *starts; /* first index of each player's block, [n_players + 1] */
  double *b;      /* [n]; NULL: zero */
  gdi_linear_term terms[3];
} gdi_linear;

/* A game without terms. */
gd_status gdi_linear_create(gdi_linear **linear, size_t n_players, const size_t *block_sizes, const gd_env *env);
/* The `destroy` of ops; NULL is a no-op. */
void gdi_linear_destroy(void *linear);

/* Copy M into J. */
gd_status gdi_linear_add(gdi_linear *linear, const gdi_linear_place *place, const double *M, size_t ldm);

/* Create the game, which then owns the data; on failure the data is destroyed. */
gd_status gdi_linear_finish(gd_game **game, gdi_linear *linear, const size_t *block_sizes, const gd_game_ops *ops,
                            uint32_t traits);

/* Callbacks of gd_game_ops.  A half of a term fills whole blocks, or rows of several in full. */
int gdi_linear_gradient(void *data, const gd_draw *draw, const double *x, double *v);
int gdi_linear_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i);
int gdi_linear_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju);
int gdi_linear_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw);
int gdi_linear_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU);
int gdi_linear_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V);
int gdi_linear_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj);
int gdi_linear_solution(void *data, double *x);

#endif
