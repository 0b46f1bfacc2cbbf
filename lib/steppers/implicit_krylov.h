/* SPDX-License-Identifier: BSD-3-Clause */
/* The implicit method's linear systems without a matrix. */
#ifndef GDI_STEPPERS_IMPLICIT_KRYLOV_H
#define GDI_STEPPERS_IMPLICIT_KRYLOV_H

#include <gamedyn/game.h>

typedef struct gdi_implicit_krylov gdi_implicit_krylov;

gd_status gdi_implicit_krylov_create(gdi_implicit_krylov **krylov, gd_game *game);
void gdi_implicit_krylov_destroy(gdi_implicit_krylov *krylov); /* NULL is a no-op */

/* Compute out [n] with |b - (I - H J(point)) out| <= goal, or with the smallest residual GMRES reaches.  Allocates
 * nothing. @param step_size the h of H = diag(h), [n_players]. @return GD_NOT_CONVERGED if the residual is more than
 * |b| / 2, for example if the matrix is singular. */
gd_status gdi_implicit_krylov_solve(gdi_implicit_krylov *krylov, const double *step_size, const double *point,
                                    const double *b, double goal, double *out);

/* to_i = h_i from_i for each player's block; `to` may be `from`. */
void gdi_implicit_times_step(const gd_game *game, const double *step_size, const double *from, double *to);

#endif
