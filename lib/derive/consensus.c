/* SPDX-License-Identifier: BSD-3-Clause */
/* consensus.c -- the game whose gradient is the consensus field of another.
 *
 *     field(x) = v(x) - gamma J(x)' v(x)
 *
 * Mescheder, Nowozin & Geiger 2017, section 4: J'v is the gradient of |v|^2 / 2, taken over all
 * players and by all.  The field's Jacobian is J - gamma (J'J + sum_i v_i Hess v_i).  On affine
 * games the sum vanishes, and products are exact:
 *
 *     jvp: J u - gamma J'(J u),    vjp: J' w - gamma J'(J w).
 *
 * Elsewhere the derived game has no product callbacks, and the game floor differences the field,
 * sum included.  If J is symmetric so is all of the above, and the game stays a potential game;
 * what it never stays is zero-sum.  A stochastic base uses one draw for v and J. */
#include "derive/consensus.h"

#include "base/error.h"
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>
#include <math.h>

gd_status gdi_consensus_field(gd_game *game, double gamma, const double *x, double *pull, double *field) {
  GD_TRY(gd_game_gradient_vjp(game, x, field, pull));
  gdi_vector_axpy(gd_game_size(game), -gamma, pull, field);
  return GD_OK;
}

static double gamma_of(const gdi_request *asked) { return *(const double *)asked->params; }

static gd_status field(const gdi_handle *lane, const gdi_request *asked) {
  return gdi_consensus_field(lane->base, gamma_of(asked), asked->x, lane->scratch, asked->answer);
}

/* J u - gamma J'(J u) */
static gd_status affine_jvp(const gdi_handle *lane, const gdi_request *asked) {
  GD_TRY(gd_game_jvp(lane->base, asked->x, asked->direction, asked->answer));
  GD_TRY(gd_game_vjp(lane->base, asked->x, asked->answer, lane->scratch));
  gdi_vector_axpy(gd_game_size(lane->base), -gamma_of(asked), lane->scratch, asked->answer);
  return GD_OK;
}

/* J'w - gamma J'(J w) = J'(w - gamma J w), one transposed product in all */
static gd_status affine_vjp(const gdi_handle *lane, const gdi_request *asked) {
  GD_TRY(gd_game_jvp(lane->base, asked->x, asked->direction, asked->answer));
  gdi_vector_move(gd_game_size(lane->base), -gamma_of(asked), asked->direction, asked->answer, lane->scratch);
  return gd_game_vjp(lane->base, asked->x, lane->scratch, asked->answer);
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return gdi_derived_handle(data, draw, field, (gdi_request){.x = x, .answer = v});
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return gdi_derived_handle(data, draw, affine_jvp, (gdi_request){.x = x, .direction = u, .answer = Ju});
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return gdi_derived_handle(data, draw, affine_vjp, (gdi_request){.x = x, .direction = w, .answer = Jtw});
}

gd_status gd_derive_consensus(gd_game **game, gd_game *base, double gamma) {
  GDI_REQUIRE(game && base, "consensus: %s is NULL", game ? "base" : "game");
  GDI_REQUIRE(isfinite(gamma) && gamma >= 0, "gamma is %g, expected a finite number, 0 or more", gamma);
  const bool affine = gdi_derived_is_affine(base);
  const gdi_derivation how = {.name = "consensus",
                              .params = &gamma,
                              .params_size = sizeof gamma,
                              .ops = {.gradient = gradient, .jvp = affine ? jvp : NULL, .vjp = affine ? vjp : NULL},
                              .needs = {.quantities = 1u << GD_VJP | (affine ? 1u << GD_JVP : 0), .vectors = 1},
                              .traits = gd_game_traits(base) & ~(uint32_t)GD_ZERO_SUM,
                              .corrects = true};
  return gdi_derive(game, base, &how);
}
