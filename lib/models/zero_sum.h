/* SPDX-License-Identifier: BSD-3-Clause */
/* Zero-sum games with a quadratic U: shared by the bilinear and the quadratic model, besides linear.h. */
#ifndef GDI_MODELS_ZERO_SUM_H
#define GDI_MODELS_ZERO_SUM_H

#include <gamedyn/game.h>

/* U = theta' A theta / 2 - omega' B omega / 2 + theta' C omega; an absent matrix is NULL. */
typedef struct gdi_zero_sum {
  size_t p, q;
  const double *A, *B, *C;
  size_t lda, ldb, ldc;
} gdi_zero_sum;

/* Create the game with this name; the matrices must have been checked. */
gd_status gdi_zero_sum_create(gd_game **game, const char *name, const gdi_zero_sum *form, const gd_env *env);

#endif
