/* SPDX-License-Identifier: BSD-3-Clause */
/* implicit_krylov.c -- (I - H J) s = b by GMRES on products with J, for games too large for a matrix.
 *
 * On a bilinear game with h times the largest singular value at most 1 the eigenvalues of I - H J lie on the segment
 * from 1 - i to 1 + i, and the residual falls by 1 + sqrt 2 per product: 32 of them for twelve digits (Eiermann 1989).
 */
#include "steppers/implicit_krylov.h"

#include "base/error.h"
#include "game/limits.h"
#include "kernels/vector.h"
#include "linear/gmres.h"
#include "linear/operator.h"

#include <string.h>

enum { RESTART = 60, PRODUCTS_MAX = 3000 };

struct gdi_implicit_krylov {
  gdi_env env;
  gd_game *game;
  const double *step_size; /* step sizes of the current solve */
  gd_operator *jacobian, *system;
  gdi_gmres gmres;
};

void gdi_implicit_times_step(const gd_game *game, const double *step_size, const double *from, double *to) {
  for (size_t i = 0; i < gd_game_players(game); i++) {
    const size_t start = gd_game_block_start(game, i), end = start + gd_game_block_size(game, i);
    for (size_t k = start; k < end; k++) to[k] = step_size[i] * from[k];
  }
}

/* out = u - H J u */
static gd_status apply(void *context, const double *u, double *out) {
  const gdi_implicit_krylov *krylov = context;
  GD_TRY(gd_operator_apply(krylov->jacobian, u, out));
  gdi_implicit_times_step(krylov->game, krylov->step_size, out, out);
  for (size_t k = 0; k < gd_game_size(krylov->game); k++) out[k] = u[k] - out[k];
  return GD_OK;
}

/* The operator does not own its context. */
static void leave(void *context) { (void)context; }

static const gdi_operator_table table = {apply, NULL, leave};

void gdi_implicit_krylov_destroy(gdi_implicit_krylov *krylov) {
  if (!krylov) return;
  gdi_gmres_destroy(&krylov->env, &krylov->gmres);
  gd_operator_destroy(krylov->system);
  gd_operator_destroy(krylov->jacobian);
  gdi_destroy(krylov, offsetof(gdi_implicit_krylov, env));
}

/* Set up all members; `origin` is any point, for the creation of the operator. */
static gd_status fill(gdi_implicit_krylov *krylov, const double *origin) {
  const size_t n = gd_game_size(krylov->game);
  const gd_env *env = gd_game_env(krylov->game);
  GD_TRY(gd_operator_jacobian(&krylov->jacobian, krylov->game, origin));
  GD_TRY(gdi_operator_create(&krylov->system, n, n, &table, krylov, env));
  return gdi_gmres_create(&krylov->env, &krylov->gmres, n, RESTART, false);
}

gd_status gdi_implicit_krylov_create(gdi_implicit_krylov **krylov, gd_game *game) {
  GD_TRY(gdi_game_check_whole(game, "implicit"));
  GD_TRY(gd_game_prepare(game, 1u << GD_JVP));
  gd_status status;
  gdi_implicit_krylov *made = gdi_create(gd_game_env(game), sizeof *made, offsetof(gdi_implicit_krylov, env), &status);
  if (!made) return status;
  made->game = game;
  double *origin = gdi_allocate(&made->env, gd_game_size(game), sizeof *origin);
  status = origin ? fill(made, origin) : GD_ERR_MEMORY;
  gdi_release(&made->env, origin);
  if (status < 0)
    gdi_implicit_krylov_destroy(made);
  else
    *krylov = made;
  return status;
}

gd_status gdi_implicit_krylov_solve(gdi_implicit_krylov *krylov, const double *step_size, const double *point,
                                    const double *b, double goal, double *out) {
  krylov->step_size = step_size;
  gdi_operator_move(krylov->jacobian, point);
  memset(out, 0, gd_game_size(krylov->game) * sizeof *out);
  const gdi_system system = {krylov->system, NULL, b, goal, PRODUCTS_MAX};
  gd_solve_result result;
  GD_TRY(gdi_gmres_run(&krylov->gmres, &system, out, &result));
  return result.residual <= 0.5 * gdi_vector_norm(gd_game_size(krylov->game), b) ? GD_OK : GD_NOT_CONVERGED;
}
