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

#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>

gd_status gdi_consensus_field(gd_game *game, double gamma, const double *x, double *pull, double *field) {
  GD_TRY(gd_game_gradient_vjp(game, x, field, pull));
  gdi_vector_axpy(gd_game_size(game), -gamma, pull, field);
  return GD_OK;
}

static double gamma_of(const gd_derived *at) { return *(const double *)at->params; }

static gd_status gradient(const gd_derived *at, const double *x, double *v) {
  return gdi_consensus_field(at->base, gamma_of(at), x, at->scratch, v);
}

/* J u - gamma J'(J u) */
static gd_status jvp(const gd_derived *at, const double *x, const double *u, double *Ju) {
  GD_TRY(gd_game_jvp(at->base, x, u, Ju));
  GD_TRY(gd_game_vjp(at->base, x, Ju, at->scratch));
  gdi_vector_axpy(gd_game_size(at->base), -gamma_of(at), at->scratch, Ju);
  return GD_OK;
}

/* J'w - gamma J'(J w) = J'(w - gamma J w), one transposed product in all */
static gd_status vjp(const gd_derived *at, const double *x, const double *w, double *Jtw) {
  GD_TRY(gd_game_jvp(at->base, x, w, Jtw));
  gdi_vector_move(gd_game_size(at->base), -gamma_of(at), w, Jtw, at->scratch);
  return gd_game_vjp(at->base, x, at->scratch, Jtw);
}

static gd_status plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  GD_TRY(gdi_derived_check_weight("gamma", *(const double *)params));
  plan->needs = 1u << GD_VJP;
  plan->scratch = gd_game_size(base);
  plan->traits &= ~(uint32_t)GD_ZERO_SUM;
  gdi_derived_offer_products(plan, base);
  return GD_OK;
}

static const double example = 0.25;
const gd_derivation gdi_derivation_consensus = {.struct_size = sizeof(gd_derivation),
                                                .name = "consensus",
                                                .text = "v - gamma J'v: every player also descends |v|^2 / 2",
                                                .params_size = sizeof example,
                                                .example = &example,
                                                .corrects = true,
                                                .plan = plan,
                                                .gradient = gradient,
                                                .jvp = jvp,
                                                .vjp = vjp};

gd_status gd_derive_consensus(gd_game **game, gd_game *base, double gamma) {
  return gd_derive(game, base, &gdi_derivation_consensus, &gamma);
}
