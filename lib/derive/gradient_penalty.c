/* SPDX-License-Identifier: BSD-3-Clause */
/* gradient_penalty.c -- one player, the leader l, also keeps another's gradient small.
 *
 *     u_l becomes u_l - eta |v_f|^2,   so   field_l = v_l - 2 eta J_fl' v_f,
 *
 * and everybody else's block stays.  Nagarajan & Kolter 2017, Eq. 4, where the generator leads, the
 * discriminator follows, and there is no factor 1/2; they descend V + eta |grad_D V|^2, and v is minus the
 * gradient of what is descended.  With P_i the projection onto block i the field is v - 2 eta P_l J' P_f v.
 * Its Jacobian is
 *
 *     J - 2 eta P_l (J' P_f J + sum over i in block f of v_i Hess v_i).
 *
 * Where v_f = 0, and where J is constant, the sum vanishes; in a zero-sum game with J_ll = 0 what is left is, in
 * blocks (f, l), [[J_ff, J_fl], [-J_fl' (I + 2 eta J_ff), -2 eta J_fl' J_fl]].  On affine games products are exact,
 *
 *     jvp: y - 2 eta P_l J' P_f y with y = J u,    vjp: J'(w - 2 eta P_f J P_l w),
 *
 * elsewhere the game floor differences the field, sum included. */
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>
#include <string.h>

typedef struct penalty {
  double eta;
  size_t leader, follower;
} penalty;

/* The block of a vector [n]. */
typedef struct block {
  size_t start, length;
} block;

static block block_of(const gd_derived *at, size_t player) {
  return (block){gd_game_block_start(at->base, player), gd_game_block_size(at->base, player)};
}

static const penalty *params_of(const gd_derived *at) { return at->params; }

/* The first vector of scratch, zero but for the player's block of `from`. */
static double *project_on(const gd_derived *at, size_t player, const double *from) {
  const block kept = block_of(at, player);
  memset(at->scratch, 0, gd_game_size(at->base) * sizeof *at->scratch);
  memcpy(at->scratch + kept.start, from + kept.start, kept.length * sizeof *from);
  return at->scratch;
}

/* The first vector becomes P_f v. */
static gd_status follow(const gd_derived *at, const double *x) {
  const size_t follower = params_of(at)->follower;
  memset(at->scratch, 0, gd_game_size(at->base) * sizeof *at->scratch);
  return gd_game_player_gradient(at->base, follower, x, at->scratch + block_of(at, follower).start);
}

/* The second vector becomes J' times the first. */
static gd_status pull_back(const gd_derived *at, const double *x, double **pulled) {
  *pulled = at->scratch + gd_game_size(at->base);
  return gd_game_vjp(at->base, x, at->scratch, *pulled);
}

/* out, the leader's block, -= 2 eta times that of `pulled` */
static void penalize(const gd_derived *at, const double *pulled, double *out) {
  const block leaders = block_of(at, params_of(at)->leader);
  gdi_vector_axpy(leaders.length, -2 * params_of(at)->eta, pulled + leaders.start, out);
}

/* y becomes y - 2 eta P_l J' P_f y. */
static gd_status penalize_all(const gd_derived *at, const double *x, double *y) {
  double *pulled;
  project_on(at, params_of(at)->follower, y);
  GD_TRY(pull_back(at, x, &pulled));
  penalize(at, pulled, y + block_of(at, params_of(at)->leader).start);
  return GD_OK;
}

static gd_status gradient(const gd_derived *at, const double *x, double *v) {
  GD_TRY(gd_game_gradient(at->base, x, v));
  return penalize_all(at, x, v);
}

static gd_status jvp(const gd_derived *at, const double *x, const double *u, double *Ju) {
  GD_TRY(gd_game_jvp(at->base, x, u, Ju));
  return penalize_all(at, x, Ju);
}

static gd_status vjp(const gd_derived *at, const double *x, const double *w, double *Jtw) {
  const penalty *own = at->params;
  const size_t n = gd_game_size(at->base);
  const block followers = block_of(at, own->follower);
  double *moved = at->scratch, *answered = moved + n;
  project_on(at, own->leader, w);
  GD_TRY(gd_game_jvp(at->base, x, moved, answered));
  memcpy(moved, w, n * sizeof *moved);
  gdi_vector_axpy(followers.length, -2 * own->eta, answered + followers.start, moved + followers.start);
  return gd_game_vjp(at->base, x, moved, Jtw);
}

static gd_status player_gradient(const gd_derived *at, size_t player, const double *x, double *v_i) {
  double *pulled;
  GD_TRY(gd_game_player_gradient(at->base, player, x, v_i));
  if (player != params_of(at)->leader) return GD_OK;
  GD_TRY(follow(at, x));
  GD_TRY(pull_back(at, x, &pulled));
  penalize(at, pulled, v_i);
  return GD_OK;
}

static gd_status utilities(const gd_derived *at, const double *x, double *u) {
  double square;
  GD_TRY(gd_game_utilities(at->base, x, u));
  GD_TRY(follow(at, x));
  GD_TRY(gd_game_dot(at->base, at->scratch, at->scratch, &square));
  u[params_of(at)->leader] -= params_of(at)->eta * square;
  return GD_OK;
}

/* du_l/dx - 2 eta J' P_f v */
static gd_status utility_gradient(const gd_derived *at, size_t player, const double *x, double *g) {
  double *pulled;
  GD_TRY(gd_game_utility_gradient(at->base, player, x, g));
  if (player != params_of(at)->leader) return GD_OK;
  GD_TRY(follow(at, x));
  GD_TRY(pull_back(at, x, &pulled));
  gdi_vector_axpy(gd_game_size(at->base), -2 * params_of(at)->eta, pulled, g);
  return GD_OK;
}

/* What the base gives exactly the derived game gives exactly; the game floor sees to the rest. */
static gd_status plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  const penalty *own = params;
  GD_TRY(gdi_derived_check_players(base, own->leader, own->follower));
  GD_TRY(gdi_derived_check_weight("eta", own->eta));
  plan->needs = 1u << GD_PLAYER_GRADIENT | 1u << GD_VJP;
  plan->scratch = 2 * gd_game_size(base);
  plan->traits &= ~(uint32_t)(GD_ZERO_SUM | GD_POTENTIAL);
  gdi_derived_offer_products(plan, base);
  if (gd_game_source(base, GD_UTILITIES) == GD_SOURCE_NONE) gdi_derived_withdraw(plan, GD_UTILITIES);
  if (gdi_derived_is_exact(base, GD_UTILITY_GRADIENT))
    plan->needs |= 1u << GD_UTILITY_GRADIENT;
  else
    gdi_derived_withdraw(plan, GD_UTILITY_GRADIENT);
  return GD_OK;
}

static const penalty example = {0.25, 0, 1};
const gd_derivation gdi_derivation_gradient_penalty = {.struct_size = sizeof(gd_derivation),
                                                       .name = "gradient_penalty",
                                                       .text = "the leader also descends eta |v_follower|^2",
                                                       .params_size = sizeof example,
                                                       .example = &example,
                                                       .corrects = true,
                                                       .plan = plan,
                                                       .gradient = gradient,
                                                       .player_gradient = player_gradient,
                                                       .utilities = utilities,
                                                       .utility_gradient = utility_gradient,
                                                       .jvp = jvp,
                                                       .vjp = vjp};

gd_status gd_derive_gradient_penalty(gd_game **game, gd_game *base, size_t leader, size_t follower, double eta) {
  return gd_derive(game, base, &gdi_derivation_gradient_penalty, &(penalty){eta, leader, follower});
}
