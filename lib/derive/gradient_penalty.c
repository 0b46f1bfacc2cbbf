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
#include "base/error.h"
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>
#include <math.h>
#include <string.h>

typedef struct penalty {
  double eta;
  size_t leader, follower;
} penalty;

/* The block of a vector [n]. */
typedef struct block {
  size_t start, length;
} block;

static block block_of(const gdi_handle *lane, size_t player) {
  return (block){gd_game_block_start(lane->base, player), gd_game_block_size(lane->base, player)};
}

/* The lane's first vector, zero but for the player's block of `from`. */
static double *project_on(const gdi_handle *lane, size_t player, const double *from) {
  const block kept = block_of(lane, player);
  memset(lane->scratch, 0, gd_game_size(lane->base) * sizeof *lane->scratch);
  memcpy(lane->scratch + kept.start, from + kept.start, kept.length * sizeof *from);
  return lane->scratch;
}

/* The lane's first vector becomes P_f v. */
static gd_status follow(const gdi_handle *lane, const gdi_request *asked) {
  const size_t follower = ((const penalty *)asked->params)->follower;
  memset(lane->scratch, 0, gd_game_size(lane->base) * sizeof *lane->scratch);
  return gd_game_player_gradient(lane->base, follower, asked->x, lane->scratch + block_of(lane, follower).start);
}

/* The lane's second vector becomes J' times its first. */
static gd_status pull_back(const gdi_handle *lane, const gdi_request *asked, double **pulled) {
  *pulled = lane->scratch + gd_game_size(lane->base);
  return gd_game_vjp(lane->base, asked->x, lane->scratch, *pulled);
}

/* out, the leader's block, -= 2 eta times that of `pulled` */
static void penalize(const gdi_handle *lane, const gdi_request *asked, const double *pulled, double *out) {
  const penalty *own = asked->params;
  const block leaders = block_of(lane, own->leader);
  gdi_vector_axpy(leaders.length, -2 * own->eta, pulled + leaders.start, out);
}

/* The answer y becomes y - 2 eta P_l J' P_f y. */
static gd_status penalize_answer(const gdi_handle *lane, const gdi_request *asked) {
  const penalty *own = asked->params;
  double *pulled;
  project_on(lane, own->follower, asked->answer);
  GD_TRY(pull_back(lane, asked, &pulled));
  penalize(lane, asked, pulled, asked->answer + block_of(lane, own->leader).start);
  return GD_OK;
}

static gd_status field(const gdi_handle *lane, const gdi_request *asked) {
  GD_TRY(gd_game_gradient(lane->base, asked->x, asked->answer));
  return penalize_answer(lane, asked);
}

static gd_status affine_jvp(const gdi_handle *lane, const gdi_request *asked) {
  GD_TRY(gd_game_jvp(lane->base, asked->x, asked->direction, asked->answer));
  return penalize_answer(lane, asked);
}

static gd_status affine_vjp(const gdi_handle *lane, const gdi_request *asked) {
  const penalty *own = asked->params;
  const size_t n = gd_game_size(lane->base);
  const block followers = block_of(lane, own->follower);
  double *moved = lane->scratch, *answered = moved + n;
  project_on(lane, own->leader, asked->direction);
  GD_TRY(gd_game_jvp(lane->base, asked->x, moved, answered));
  memcpy(moved, asked->direction, n * sizeof *moved);
  gdi_vector_axpy(followers.length, -2 * own->eta, answered + followers.start, moved + followers.start);
  return gd_game_vjp(lane->base, asked->x, moved, asked->answer);
}

static gd_status own_block(const gdi_handle *lane, const gdi_request *asked) {
  double *pulled;
  GD_TRY(gd_game_player_gradient(lane->base, asked->player, asked->x, asked->answer));
  if (asked->player != ((const penalty *)asked->params)->leader) return GD_OK;
  GD_TRY(follow(lane, asked));
  GD_TRY(pull_back(lane, asked, &pulled));
  penalize(lane, asked, pulled, asked->answer);
  return GD_OK;
}

static gd_status all_utilities(const gdi_handle *lane, const gdi_request *asked) {
  const penalty *own = asked->params;
  double square;
  GD_TRY(gd_game_utilities(lane->base, asked->x, asked->answer));
  GD_TRY(follow(lane, asked));
  GD_TRY(gd_game_dot(lane->base, lane->scratch, lane->scratch, &square));
  asked->answer[own->leader] -= own->eta * square;
  return GD_OK;
}

/* du_l/dx - 2 eta J' P_f v */
static gd_status one_utility_gradient(const gdi_handle *lane, const gdi_request *asked) {
  const penalty *own = asked->params;
  double *pulled;
  GD_TRY(gd_game_utility_gradient(lane->base, asked->player, asked->x, asked->answer));
  if (asked->player != own->leader) return GD_OK;
  GD_TRY(follow(lane, asked));
  GD_TRY(pull_back(lane, asked, &pulled));
  gdi_vector_axpy(gd_game_size(lane->base), -2 * own->eta, pulled, asked->answer);
  return GD_OK;
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return gdi_derived_handle(data, draw, field, (gdi_request){.x = x, .answer = v});
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  return gdi_derived_handle(data, draw, own_block, (gdi_request){.player = player, .x = x, .answer = v_i});
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  return gdi_derived_handle(data, draw, all_utilities, (gdi_request){.x = x, .answer = u});
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  return gdi_derived_handle(data, draw, one_utility_gradient, (gdi_request){.player = player, .x = x, .answer = g});
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return gdi_derived_handle(data, draw, affine_jvp, (gdi_request){.x = x, .direction = u, .answer = Ju});
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return gdi_derived_handle(data, draw, affine_vjp, (gdi_request){.x = x, .direction = w, .answer = Jtw});
}

static bool is_exact(gd_source source) { return source == GD_SOURCE_NATIVE || source == GD_SOURCE_DERIVED; }

/* What the base gives exactly the derived game gives exactly; the game floor sees to the rest. */
static gdi_derivation plan(const gd_game *base, const penalty *own) {
  gdi_derivation how = {.name = "gradient_penalty",
                        .params = own,
                        .params_size = sizeof *own,
                        .ops = {.gradient = gradient, .player_gradient = player_gradient},
                        .needs = {.quantities = 1u << GD_PLAYER_GRADIENT | 1u << GD_VJP, .vectors = 2},
                        .traits = gd_game_traits(base) & ~(uint32_t)(GD_ZERO_SUM | GD_POTENTIAL),
                        .corrects = true};
  if (gd_game_source(base, GD_UTILITIES) != GD_SOURCE_NONE) how.ops.utilities = utilities;
  if (is_exact(gd_game_source(base, GD_UTILITY_GRADIENT))) {
    how.ops.utility_gradient = utility_gradient;
    how.needs.quantities |= 1u << GD_UTILITY_GRADIENT;
  }
  if (gdi_derived_is_affine(base)) {
    how.ops.jvp = jvp;
    how.ops.vjp = vjp;
    how.needs.quantities |= 1u << GD_JVP;
  }
  return how;
}

gd_status gd_derive_gradient_penalty(gd_game **game, gd_game *base, size_t leader, size_t follower, double eta) {
  GDI_REQUIRE(game && base, "gradient_penalty: %s is NULL", game ? "base" : "game");
  const size_t players = gd_game_players(base);
  GDI_REQUIRE(leader < players, "leader is %zu, but the game has %zu players", leader, players);
  GDI_REQUIRE(follower < players, "follower is %zu, but the game has %zu players", follower, players);
  GDI_REQUIRE(leader != follower, "leader and follower are both %zu, expected two players", leader);
  GDI_REQUIRE(isfinite(eta) && eta >= 0, "eta is %g, expected a finite number, 0 or more", eta);
  const penalty own = {eta, leader, follower};
  const gdi_derivation how = plan(base, &own);
  return gdi_derive(game, base, &how);
}
